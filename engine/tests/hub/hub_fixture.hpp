// A Hub with its time, its log, and sockets in the states that tests need.
#pragma once

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wsproof/hub.hpp>

#include "support/feed.hpp"
#include "support/head_feed.hpp"

namespace wsproof::test {

class MemoryLog final : public HubLog {
  public:
    void write(LogLevel level, SocketId socket, std::string_view text) noexcept override {
        lines.push_back(std::to_string(static_cast<int>(level)) + " " + std::to_string(socket) +
                        " " + std::string(text));
    }
    std::vector<std::string> lines;
};

inline std::string name_of(HubEventType type) {
    constexpr std::array<std::string_view, 9> kNames = {
        "text", "binary", "ping", "pong", "connect", "disconnect", "close", "timeout", "error"};
    return std::string(kNames[static_cast<std::size_t>(type)]);
}

// line: an event as text, "7 text 'Hello'" with the handler in front.
inline std::string line(const HubEvent& event) {
    std::string text = std::to_string(event.handler) + " " + name_of(event.type);
    if (!event.message.empty()) {
        text += " '" + to_text(event.message) + "'";
    }
    if (event.type == HubEventType::close) {
        text += " " + code_text(event.code);
    }
    for (const std::string_view part : {event.path, event.query, event.subprotocol, event.text}) {
        if (!part.empty()) {
            text += " " + std::string(part);
        }
    }
    return text;
}

struct HubFixture {
    explicit HubFixture(const Options& options = {}) : hub(options, entropy, Time{}, &log) {}

    // feed: what the handlers of `socket` hear of these bytes, in pieces of `step`.
    std::vector<std::string> feed(SocketId socket, Buffer bytes, std::size_t step = SIZE_MAX) {
        std::vector<std::string> lines;
        std::size_t begin = 0;
        do {
            MutableBytes in =
                MutableBytes(bytes).subspan(begin, std::min(step, bytes.size() - begin));
            begin += in.size();
            while (const auto event = hub.next(socket, in)) {
                CHECK(event->socket == socket);
                lines.push_back(line(*event));
            }
            CHECK(in.empty());
        } while (begin < bytes.size());
        return lines;
    }
    std::vector<std::string> hear(SocketId socket) { return feed(socket, {}); }

    Buffer output(SocketId socket) {
        Buffer all;
        while (!hub.output(socket).empty()) {
            const Bytes piece = hub.output(socket).front();
            all.insert(all.end(), piece.begin(), piece.end());
            hub.consume(socket, piece.size());
        }
        return all;
    }

    // connect opens a client and answers its handshake.
    SocketId connect(HandlerId handler = 7, const OpenOptions& options = {}) {
        const auto opened = hub.open("ws://server.example.com/chat", handler, options);
        REQUIRE(opened);
        CHECK_FALSE(hub.connected(opened.value, {"server.example.com", "192.0.2.1", 80},
                                  {"", "192.0.2.9", 5555}));
        output(opened.value);
        CHECK(feed(opened.value, to_bytes(good_response().text())) ==
              std::vector<std::string>{std::to_string(handler) + " connect"});
        return opened.value;
    }
    // take_over makes a WebSocket of a transport.
    SocketId take_over(bool is_server, HandlerId handler = 7) {
        const auto attached = hub.attach({"peer", "192.0.2.2", 1234}, {"here", "192.0.2.9", 80});
        REQUIRE(attached);
        CHECK_FALSE(hub.takeover(attached.value, handler, is_server));
        return attached.value;
    }
    SocketId attach() {
        const auto attached = hub.attach({"peer", "192.0.2.2", 1234}, {"here", "192.0.2.9", 80});
        REQUIRE(attached);
        return attached.value;
    }
    std::string info(SocketId socket, std::string_view what) {
        const auto result = hub.conninfo(socket, what);
        return result ? result.value : "error: " + result.error.text;
    }
    void pass(Duration time) {
        now += time;
        hub.tick(now);
    }

    SampleEntropy entropy;
    MemoryLog log;
    Time now{};
    Hub hub;
};

using Lines = std::vector<std::string>;
constexpr SocketId kNobody = 4711;

inline Bytes bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

// request_fields are those of the RFC's example, and more.
inline std::vector<Field> request_fields(const std::vector<Field>& more = {}) {
    std::vector<Field> fields = {{"Host", "server.example.com"},
                                 {"Upgrade", "websocket"},
                                 {"Connection", "Upgrade"},
                                 {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                                 {"Sec-WebSocket-Version", "13"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
}

}  // namespace wsproof::test
