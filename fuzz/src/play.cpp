#include "play.hpp"

#include <algorithm>
#include <variant>

#include "require.hpp"

namespace wsproof::fuzz {
namespace {

void note(Connection& connection, const Event& event, Heard& heard) {
    require(!heard.log.find(Happening::Kind::closed), "Closed is the last event");
    heard.log.add(event);
    if (std::holds_alternative<UpgradeRequest>(event)) {
        require(connection.accept() == Error::none, "a request that is reported can be accepted");
    } else if (const auto* opened = std::get_if<Opened>(&event)) {
        heard.open_at = connection.stats().bytes_received;
        heard.deflate = opened->deflate;
    }
}

}  // namespace

std::size_t Cutter::next(std::size_t left) noexcept {
    if (kind_ == 0) {
        return left;
    }
    return std::min(left, kind_ == 1 ? 1 : 1 + draws_.below(kind_));
}

Heard play(Connection& connection, Bytes input, std::uint8_t cuts) {
    Heard heard;
    heard.deflate.reset();
    Buffer bytes(input.begin(), input.end());
    heard.output.reserve(256);
    Cutter cutter(cuts);
    std::size_t begin = 0;
    do {
        MutableBytes in = MutableBytes(bytes).subspan(begin);
        in = in.first(cutter.next(in.size()));
        begin += in.size();
        while (const auto event = connection.next(in)) {
            note(connection, *event, heard);
        }
        require(in.empty(), "next() takes all bytes");
    } while (begin < bytes.size());
    take_output(connection, heard.output, cuts == 1);
    heard.state = connection.state();
    heard.transport = connection.transport();
    heard.error = connection.error();
    heard.bytes_received = connection.stats().bytes_received;
    heard.frames_received = connection.stats().frames_received;
    require(heard.bytes_received == input.size(), "every byte is counted");
    require(connection.stats().bytes_sent == heard.output.size(), "every byte sent is counted");
    return heard;
}

void take_output(Connection& connection, Buffer& out, bool is_slow) {
    for (;;) {
        const auto pieces = connection.output();
        require(pieces.empty() == (connection.queued() == 0), "what is queued is shown");
        if (pieces.empty()) {
            return;
        }
        std::size_t taken = 0;
        for (const Bytes piece : pieces) {
            require(!piece.empty(), "no piece of the output is empty");
            const Bytes part = is_slow ? piece.first(1) : piece;
            out.insert(out.end(), part.begin(), part.end());
            taken += part.size();
            if (is_slow) {
                break;
            }
        }
        connection.consume(taken);
    }
}

}  // namespace wsproof::fuzz
