// What a Client is made of.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include <wsproof/runtime/client.hpp>
#include <wsproof/runtime/system.hpp>

#include "pump.hpp"

namespace wsproof::runtime {

struct Client::Impl {
    Impl(net::Stream stream, const Request& request, const ClientOptions& options);

    // drive goes round until `is_done` or the connection or time is over.
    Outcome drive(net::Deadline deadline, const std::function<bool()>& is_done);
    Outcome settle(Error error, net::Deadline deadline, const std::function<bool()>& is_done);
    void take_events();
    void take_event(const Event& event);
    void take(const MessageData& piece);
    [[nodiscard]] bool has_room() const noexcept;
    void finish();

    struct Kept {
        MessageType type;
        std::vector<std::byte> payload;
    };

    SystemEntropy entropy;
    const net::Interrupt* interrupt;
    std::uint64_t kept_max;
    Pump pump;
    MessageReader reader;
    std::deque<Kept> inbox;
    std::uint64_t inbox_size = 0;  // bytes
    Kept delivered{.type = MessageType::text, .payload = {}};
    std::optional<std::vector<std::byte>> awaited_pong;
    bool has_pong = false;
    bool is_open = false;
    bool is_closing = false;  // by close(): nobody wants messages any more
    int refusal = 0;          // status of an HTTP answer other than 101
    std::string subprotocol;
    std::string close_reason;
    std::optional<CloseInfo> closed;
};

}  // namespace wsproof::runtime
