#include "output_judge.hpp"

#include <algorithm>
#include <utility>

#include "require.hpp"
#include "wire/utf8.hpp"

namespace wsproof::fuzz {

namespace wire = conformance::wire;

namespace {

constexpr std::size_t kInflatedMax = std::size_t{64} << 20;  // bytes; no target sends more

// is_legal_code: RFC 6455 §7.4, with the codes that IANA has registered since.
bool is_legal_code(unsigned code) {
    return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
           (code >= 3000 && code <= 4999);
}

}  // namespace

void OutputJudge::feed(Bytes bytes) {
    wire::ByteView in = bytes;
    if (!is_open_) {
        feed_head(in);
    }
    if (!is_open_) {
        return;
    }
    while (const auto frame = frames_.next(in)) {
        judge(*frame);
    }
    require(!has_closed_ || frames_.is_at_boundary(), "RFC 6455 §5.5.1: nothing follows a Close");
}

void OutputJudge::feed_head(wire::ByteView& in) {
    if (is_refused_) {
        return;  // a body
    }
    if (sender_ == Role::client) {
        if (const auto request = requests_.next(in)) {
            require(request->deviations.empty(), "a client's request is well-formed");
            require(request->method == "GET" && request->version == "HTTP/1.1",
                    "RFC 6455 §4.1: a client says GET and HTTP/1.1");
            is_open_ = true;
        }
        return;
    }
    if (const auto response = responses_.next(in)) {
        require(response->deviations.empty(), "a server's response is well-formed");
        require(response->status >= 101, "a response has a status");
        status_ = response->status;
        is_open_ = status_ == 101;
        is_refused_ = !is_open_;
    }
}

void OutputJudge::judge(const wire::Frame& frame) {
    ++frame_count_;
    require(!has_closed_, "RFC 6455 §5.5.1: nothing follows a Close");
    require(frame.masked == (sender_ == Role::client), "RFC 6455 §5.1: clients mask, servers not");
    judge_key(frame);
    require(frame.is_minimal(), "RFC 6455 §5.2: the shortest length");
    require((frame.rsv & 3U) == 0, "RFC 6455 §5.2: reserved bits");
    if (!frame.is_control()) {
        judge_data(frame);
        return;
    }
    require(frame.rsv == 0, "RFC 7692 §6.1: control frames are not compressed");
    require(frame.fin && frame.declared <= 125, "RFC 6455 §5.5: control frames");
    require(frame.opcode <= 10, "RFC 6455 §5.2: reserved opcodes");
    pong_count_ += frame.opcode == 10 ? 1 : 0;
    if (frame.opcode == 8) {
        judge_close(frame);
    }
}

// judge_key: the entropy of these targets gives no key twice in a row.
void OutputJudge::judge_key(const wire::Frame& frame) {
    if (frame.masked) {
        require(!last_key_ || *last_key_ != frame.key, "RFC 6455 §5.3: each frame has a new key");
        last_key_ = frame.key;
    }
}

void OutputJudge::judge_data(const wire::Frame& frame) {
    if (in_message_) {
        require(frame.opcode == 0 && frame.rsv == 0, "RFC 6455 §5.4: a message goes on");
    } else {
        require(frame.opcode == 1 || frame.opcode == 2, "RFC 6455 §5.4: a message begins");
        require(frame.rsv == 0 || deflate_, "RFC 7692 §6.1: compression was agreed to");
        message_ = {frame.opcode, {}};
        is_compressed_ = frame.rsv != 0;
    }
    in_message_ = !frame.fin;
    message_.payload.insert(message_.payload.end(), frame.payload.begin(), frame.payload.end());
    if (frame.fin) {
        end_message();
    }
}

void OutputJudge::end_message() {
    if (is_compressed_) {
        const bool is_server = sender_ == Role::server;
        auto inflated = wire::inflate(message_.payload, history_.view(), kInflatedMax);
        require(inflated.is_whole(), "RFC 7692 §7.2.1: a compressed message inflates");
        require(inflated.ending == wire::Ending::proper, "RFC 7692 §7.2.1: a message's tail");
        const int bits =
            is_server ? deflate_->server_max_window_bits : deflate_->client_max_window_bits;
        require(inflated.distance <= 1U << bits, "RFC 7692 §7.1.2: distances fit the window");
        const bool forgets =
            is_server ? deflate_->server_no_context_takeover : deflate_->client_no_context_takeover;
        require(!forgets || inflated.reach == 0, "RFC 7692 §7.1.1: no context is taken over");
        history_.append(inflated.data);
        message_.payload = std::move(inflated.data);
    }
    require(message_.opcode != 1 || wire::is_utf8(message_.payload),
            "RFC 6455 §8.1: a text is UTF-8");
    messages_.push_back(std::move(message_));
}

void OutputJudge::judge_close(const wire::Frame& frame) {
    has_closed_ = true;
    close_code_ = 1005;
    if (frame.payload.empty()) {
        return;
    }
    require(frame.payload.size() >= 2, "RFC 6455 §5.5.1: a code has two bytes");
    close_code_ = static_cast<std::uint16_t>(std::to_integer<unsigned>(frame.payload[0]) << 8 |
                                             std::to_integer<unsigned>(frame.payload[1]));
    require(is_legal_code(close_code_), "RFC 6455 §7.4: codes on the wire");
    close_reason_.assign(frame.payload.begin() + 2, frame.payload.end());
    require(wire::is_utf8(close_reason_), "RFC 6455 §5.5.1: a reason is UTF-8");
}

}  // namespace wsproof::fuzz
