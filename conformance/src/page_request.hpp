// What the page that makes a browser a client under test asks of `wsproof serve`, over plain HTTP.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scenario.hpp"
#include "template.hpp"

namespace wsproof::conformance {

struct PageRequest {
    enum class What : std::uint8_t {
        page,  // GET /
        next,  // GET /wsproof/next?page=…: what is to be opened next, and what is new
    };
    What what = What::page;
    std::string page{};                      // its own name: one that is loaded anew has another
    std::size_t since = 0;                   // verdicts that it has
    std::optional<std::uint64_t> refused{};  // an order that its WebSocket does not take,
    std::string why{};                       // by these words
    std::optional<std::uint64_t> lost{};     // one whose connection never came about
    std::string host{};                      // the field Host
    std::string browser{};                   // the field User-Agent
    int status = 0;                          // of the HTTP answer that refuses it; 0: understood
    std::string refusal{};                   // for people
};

// read_page_request reads the start line; `host` and `browser` are the caller's.
[[nodiscard]] PageRequest read_page_request(std::string_view method, std::string_view target);

// why_no_page_can says why no script in a browser can do what a case asks of a client; empty if
// one can.
[[nodiscard]] std::string why_no_page_can(const ClientWishes& wishes);

// order_json is what a page is told to open: {"number", "path", "subprotocols", "action"}.
[[nodiscard]] Json order_json(std::uint64_t number, const ClientWishes& wishes);

}  // namespace wsproof::conformance
