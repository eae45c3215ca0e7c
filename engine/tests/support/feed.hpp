// Feeding a connection: every input test runs whole, byte by byte and cut at each offset, and must
// report the same events and say the same bytes each time.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>
#include <wsproof/connection.hpp>

#include "bytes.hpp"
#include "fake_entropy.hpp"

namespace wsproof::test {

template <typename... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

inline std::string code_text(CloseCode code) {
    return std::to_string(static_cast<int>(code));
}

// describe: an event as a line. "[text 'Hel'" starts a message, "text 'lo']" ends one.
inline std::string describe(const Event& event) {
    const auto quoted = [](Bytes bytes) { return "'" + to_text(bytes) + "'"; };
    return std::visit(
        Overloaded{
            [](const UpgradeRequest& e) { return "request " + std::string(e.target); },
            [](const Refused& e) { return "refused " + std::to_string(e.status); },
            [](const Opened& e) { return "opened '" + std::string(e.subprotocol) + "'"; },
            [&](const MessageData& e) {
                const bool is_text = e.type == MessageType::text;
                return std::string(e.first ? "[" : "") + (is_text ? "text " : "binary ") +
                       (is_text ? quoted(e.payload) : to_hex(e.payload)) + (e.last ? "]" : "");
            },
            [&](const Ping& e) { return "ping " + quoted(e.payload); },
            [&](const Pong& e) { return "pong " + quoted(e.payload); },
            [](const CloseReceived& e) {
                return "close " + code_text(e.code) + " '" + std::string(e.reason) + "'";
            },
            [](const Failed& e) {
                return "failed " + std::string(info(e.error).name) + " at " +
                       std::to_string(e.offset);
            },
            [](const Closed& e) {
                return std::string("closed ") + (e.clean ? "clean " : "unclean ") +
                       code_text(e.code) + " " + std::string(info(e.error).name);
            },
        },
        event);
}

// Log collects events as lines; pieces of a message that follow each other become one.
class Log {
  public:
    void add(const Event& event) {
        const auto* piece = std::get_if<MessageData>(&event);
        if (piece == nullptr) {
            flush();
            lines_.push_back(describe(event));
            return;
        }
        if (has_piece_ && piece->first) {
            flush();
        }
        if (!has_piece_) {
            merged_ = *piece;
            payload_.clear();
        }
        has_piece_ = true;
        payload_.insert(payload_.end(), piece->payload.begin(), piece->payload.end());
        merged_.last = piece->last;
    }
    [[nodiscard]] std::vector<std::string> lines() {
        flush();
        return lines_;
    }

  private:
    void flush() {
        if (has_piece_) {
            merged_.payload = payload_;
            lines_.push_back(describe(merged_));
            has_piece_ = false;
        }
    }

    std::vector<std::string> lines_;
    bool has_piece_ = false;
    MessageData merged_{};
    Buffer payload_;
};

// drain_events calls next() until it has nothing more to say about `bytes`.
inline void drain_events(Connection& connection, Buffer bytes, Log& log) {
    MutableBytes in(bytes);
    while (auto event = connection.next(in)) {
        log.add(*event);
    }
}

// take_output takes all output, `step` bytes at a time.
inline Buffer take_output(Connection& connection, std::size_t step = SIZE_MAX) {
    Buffer all;
    for (;;) {
        const auto pieces = connection.output();
        if (pieces.empty()) {
            return all;
        }
        std::size_t taken = 0;
        for (const Bytes piece : pieces) {
            const std::size_t size = std::min(piece.size(), step - taken);
            all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(size));
            taken += size;
        }
        connection.consume(taken);
    }
}

struct Heard {
    std::vector<std::string> events;
    std::string output;  // hex
    State state;
    Transport transport;
    std::uint64_t bytes_received;

    friend bool operator==(const Heard&, const Heard&) = default;
};

using MakeConnection = std::function<Connection(Entropy&)>;

// play feeds `input` in the pieces that `cuts` make of it.
inline Heard play(const MakeConnection& make, const Buffer& input,
                  const std::vector<std::size_t>& cuts) {
    FakeEntropy entropy;
    Connection connection = make(entropy);
    Log log;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
        const std::size_t end = i < cuts.size() ? cuts[i] : input.size();
        drain_events(connection,
                     {input.begin() + static_cast<std::ptrdiff_t>(begin),
                      input.begin() + static_cast<std::ptrdiff_t>(end)},
                     log);
        begin = end;
    }
    const std::string output = to_hex(take_output(connection));
    return {log.lines(), output, connection.state(), connection.transport(),
            connection.stats().bytes_received};
}

// feed plays `input` in all three ways and answers what was heard, the same each time. Inputs over
// 1000 bytes are cut at the first and last 300 offsets only.
inline Heard feed(const MakeConnection& make, const Buffer& input) {
    const Heard whole = play(make, input, {});
    std::vector<std::size_t> every;
    for (std::size_t i = 1; i < input.size(); ++i) {
        every.push_back(i);
    }
    const Heard bytewise = play(make, input, every);
    CHECK(bytewise.events == whole.events);
    CHECK(bytewise.output == whole.output);
    CHECK(bytewise == whole);
    for (const std::size_t cut : every) {
        if (input.size() > 1000 && cut > 300 && cut < input.size() - 300) {
            continue;
        }
        const Heard split = play(make, input, {cut});
        if (split != whole) {
            INFO("cut at " << cut);
            CHECK(split.events == whole.events);
            CHECK(split.output == whole.output);
            CHECK(split == whole);
        }
    }
    return whole;
}

// opened makes open connections of `role`.
inline MakeConnection opened(Role role, const Options& options = {}) {
    return [role, options](Entropy& entropy) {
        return Connection::adopt(role, {}, options, entropy, Time{});
    };
}

inline Role other(Role role) {
    return role == Role::client ? Role::server : Role::client;
}

// to makes of an unmasked frame the bytes that `receiver` may get: a server gets it masked.
inline Buffer to(Role receiver, Buffer frame) {
    if (receiver == Role::client) {
        return frame;
    }
    const auto length = std::to_integer<unsigned>(frame.at(1)) & 0x7FU;
    const std::size_t start = length < 126 ? 2 : length == 126 ? 4 : 10;
    const Buffer key = "37 fa 21 3d"_hex;
    frame[1] |= std::byte{0x80};
    for (std::size_t i = start; i < frame.size(); ++i) {
        frame[i] ^= key[(i - start) % 4];
    }
    frame.insert(frame.begin() + static_cast<std::ptrdiff_t>(start), key.begin(), key.end());
    return frame;
}

// close_frame is what a connection of `role` sends as its first frame with FakeEntropy.
inline std::string sent_by(Role role, const Buffer& frame) {
    return to_hex(to(other(role), frame));
}

// says_close: the output ends with a Close with `code`, of `role`, with some reason.
inline bool says_close(const Heard& heard, Role role, std::uint16_t code) {
    Buffer code_bytes{static_cast<std::byte>(code >> 8), static_cast<std::byte>(code & 0xFF)};
    const std::string& output = heard.output;
    if (role == Role::server) {
        return output.size() >= 11 && output.starts_with("88 ") &&
               output.substr(6, 5) == to_hex(code_bytes);
    }
    code_bytes[0] ^= std::byte{0x37};
    code_bytes[1] ^= std::byte{0xFA};
    return output.size() >= 23 && output.starts_with("88 ") &&
           output.substr(6, 17) == "37 fa 21 3d " + to_hex(code_bytes);
}

}  // namespace wsproof::test
