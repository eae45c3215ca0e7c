#include "autobahn_driver.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "wire/digest.hpp"
#include "wire/frame_reader.hpp"

namespace wsproof::conformance {

namespace {

using std::chrono::seconds;

constexpr seconds kRequestTime{10};
constexpr seconds kCloseTime{5};  // for the driver to close its end
constexpr std::uint8_t kText = 1;
constexpr std::uint8_t kClose = 8;

wire::ByteView bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

bool has_token(const wire::HttpRequest& request, std::string_view field, std::string_view token) {
    for (const std::string_view value : request.values(field)) {
        const auto tokens = wire::tokens_of(value);
        if (std::any_of(tokens.begin(), tokens.end(), [&](std::string_view each) {
                return wire::equal_ignoring_case(each, token);
            })) {
            return true;
        }
    }
    return false;
}

std::string_view reason_of(int status) {
    constexpr std::array kReasons = {
        std::pair{200, "OK"},
        std::pair{404, "Not Found"},
        std::pair{405, "Method Not Allowed"},
        std::pair{426, "Upgrade Required"},
        std::pair{503, "Service Unavailable"},
    };
    const auto* found = std::find_if(kReasons.begin(), kReasons.end(),
                                     [&](const auto& each) { return each.first == status; });
    return found == kReasons.end() ? "Bad Request" : found->second;
}

}  // namespace

bool DriverConnection::read_request() {
    wire::HttpRequestReader reader;
    const net::Deadline deadline = net::Clock::now() + kRequestTime;
    std::array<std::byte, 4096> buffer;
    while (true) {
        const net::Result result = socket_.read(buffer, deadline, &interrupt_);
        if (result.status != net::Status::ok) {
            rest_ = reader.received();
            return false;
        }
        wire::ByteView in = std::span(buffer).first(result.size);
        if (auto request = reader.next(in)) {
            request_ = std::move(*request);
            rest_.assign(in.begin(), in.end());
            return true;
        }
        if (reader.is_hopeless()) {
            rest_ = reader.received();
            rest_.insert(rest_.end(), in.begin(), in.end());
            return false;
        }
    }
}

Offer DriverConnection::offer() const {
    return offer_of({reinterpret_cast<const char*>(request_.head.data()), request_.head.size()});
}

std::string DriverConnection::why_no_upgrade() const {
    if (!has_token(request_, "Upgrade", "websocket") ||
        !has_token(request_, "Connection", "Upgrade")) {
        return "Upgrade: websocket and Connection: Upgrade";
    }
    return offer().key.empty() ? "Sec-WebSocket-Key" : "";
}

bool DriverConnection::wants_websocket() const {
    return has_token(request_, "Connection", "Upgrade") || !request_.values("Upgrade").empty() ||
           !request_.values("Sec-WebSocket-Key").empty() ||
           !request_.values("Sec-WebSocket-Version").empty();
}

void DriverConnection::reply(int status, std::string_view type, std::string_view body) {
    const std::string head =
        "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_of(status)) +
        (status == 426 ? "\r\nUpgrade: websocket" : "") + "\r\nContent-Type: " + std::string(type) +
        "\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff"
        "\r\nConnection: close\r\n\r\n";
    send(bytes_of(head + std::string(body)));
    see_out(false);
}

void DriverConnection::refuse(int status, std::string_view why) {
    reply(status, "text/plain; charset=utf-8", std::string(why) + "\n");
}

void DriverConnection::answer(std::string_view message) {
    const std::string head =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\nSec-WebSocket-Accept: " +
        wire::accept_key(offer().key) + "\r\n\r\n";
    const auto head_bytes = bytes_of(head);
    wire::ByteString out(head_bytes.begin(), head_bytes.end());
    if (!message.empty()) {
        wire::append_frame(out, {.opcode = kText, .payload = bytes_of(message)});
    }
    wire::append_frame(out, {.opcode = kClose});
    send(out);
    see_out(true);
}

net::Socket DriverConnection::give_up(wire::ByteString& read) {
    read = request_.head;
    read.insert(read.end(), rest_.begin(), rest_.end());
    return std::move(socket_);
}

void DriverConnection::send(wire::ByteView bytes) {
    const net::Deadline deadline = net::Clock::now() + kCloseTime;
    while (!bytes.empty()) {
        const net::Result result = socket_.write(bytes, deadline, &interrupt_);
        if (result.status != net::Status::ok) {
            return;
        }
        bytes = bytes.subspan(result.size);
    }
}

// see_out ends TCP once the driver's Close is here (RFC 6455 §7.1.1: the server ends it first), and
// reads to the end: what is unread at the end would make the kernel send a reset.
void DriverConnection::see_out(bool awaits_close) {
    const net::Deadline deadline = net::Clock::now() + kCloseTime;
    wire::FrameReader frames(0);
    bool has_ended = !awaits_close;
    if (has_ended) {
        socket_.shut_down_write();
    }
    std::array<std::byte, 4096> buffer;
    while (true) {
        const net::Result result = socket_.read(buffer, deadline, &interrupt_);
        if (result.status != net::Status::ok) {
            return;
        }
        wire::ByteView in = std::span(buffer).first(result.size);
        while (!has_ended && !in.empty()) {
            const auto frame = frames.next(in);
            if (frame && frame->opcode == kClose) {
                has_ended = true;
                socket_.shut_down_write();
            }
        }
    }
}

}  // namespace wsproof::conformance
