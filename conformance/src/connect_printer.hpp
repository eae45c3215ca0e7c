// Shows a conversation as it goes: each frame both ways, and what in it breaks the RFC.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "catalogue.hpp"
#include "report_format.hpp"
#include "verdict.hpp"

namespace wsproof::conformance {

// close_code_name: "going away"; empty if nothing is known of the code.
[[nodiscard]] std::string close_code_name(std::uint16_t code);

class ConnectPrinter {
  public:
    struct Looks {
        Charset charset = Charset::utf8;
        bool color = false;
        std::size_t shown = 4'096;  // bytes of a payload
    };
    // `write` takes whole lines. It and the catalogue outlive the printer.
    ConnectPrinter(std::function<void(const std::string&)> write, const Catalogue& catalogue,
                   Looks looks);

    void print(const Entry& entry) const;
    void print(const Finding& finding) const;
    // say prints words of our own, which may quote the server.
    void say(const std::string& words) const;
    // print_head prints the lines of an HTTP head.
    void print_head(const char* arrow, const std::vector<std::byte>& head) const;

    [[nodiscard]] const Looks& looks() const noexcept { return looks_; }

  private:
    [[nodiscard]] std::string content(const Entry& entry) const;
    [[nodiscard]] std::string text_of(std::span<const std::byte> bytes, std::uint64_t size) const;
    [[nodiscard]] std::string bytes_of(std::span<const std::byte> bytes, std::uint64_t size) const;
    [[nodiscard]] std::string painted(const char* color, const std::string& text) const;

    std::function<void(const std::string&)> write_;
    const Catalogue& catalogue_;
    Looks looks_;
};

}  // namespace wsproof::conformance
