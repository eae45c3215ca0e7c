#include "limits_link.hpp"

#include <algorithm>
#include <array>

#include "report_format.hpp"
#include "wire/digest.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::size_t kReadSize = 64 << 10;  // bytes
constexpr int kRounds = 16;                  // reads or writes in a row, so that no link starves
constexpr std::size_t kSeenMax = 1'000;      // Pings, messages: of a server that does not stop
constexpr std::size_t kUnsentMax = 100;      // Pongs to one that reads nothing
constexpr std::size_t kShown = 60;           // characters of a reason

net::Stream connected(const Stage& stage, net::Deadline deadline) {
    const Target& target = stage.target;
    net::Connected connected = net::connect(target.endpoints, deadline, &stage.interrupt);
    if (connected.result.status == net::Status::interrupted) {
        throw Interrupted{};
    }
    if (connected.result.status == net::Status::refused) {
        throw Gone("connection refused");
    }
    if (connected.result.status != net::Status::ok) {
        throw Overloaded("cannot connect: " + std::string(net::name(connected.result.status)));
    }
    if (!target.is_secure) {
        return net::Stream(std::move(connected.socket));
    }
    net::Stream stream(std::move(connected.socket), target.tls, target.host);
    const net::Result result = stream.handshake(deadline, &stage.interrupt);
    if (result.status == net::Status::interrupted) {
        throw Interrupted{};
    }
    if (result.status != net::Status::ok) {
        throw Overloaded("no TLS: " + std::string(net::name(result.status)));
    }
    return stream;
}

std::string new_key() {
    std::array<std::byte, 16> nonce;
    net::fill_random(nonce);
    return wire::base64(nonce);
}

std::string describe_close(wire::ByteView body) {
    const auto code = close_code(body);
    if (!code) {
        return "Close without a code";
    }
    const auto* reason = reinterpret_cast<const char*>(body.data() + 2);
    const std::string text = printable({reason, body.size() - 2}, Charset::utf8, kShown);
    return "Close " + std::to_string(*code) + (text.empty() ? "" : " \"" + text + '"');
}

}  // namespace

wire::ByteString request_head(const Target& target, const HeadFields& more) {
    std::string head = "GET " + target.resource + " HTTP/1.1\r\n";
    const auto add = [&head](const std::string& name, const std::string& value) {
        head.append(name).append(": ").append(value).append("\r\n");
    };
    add("Host", target.host_field);
    add("Upgrade", "websocket");
    add("Connection", "Upgrade");
    add("Sec-WebSocket-Key", new_key());
    add("Sec-WebSocket-Version", "13");
    if (!target.origin.empty()) {
        add("Origin", target.origin);
    }
    std::string subprotocols;
    for (const std::string& subprotocol : target.subprotocols) {
        subprotocols += (subprotocols.empty() ? "" : ", ") + subprotocol;
    }
    if (!subprotocols.empty()) {
        add("Sec-WebSocket-Protocol", subprotocols);
    }
    for (const HeadFields& fields : {target.fields, more}) {
        for (const auto& [name, value] : fields) {
            add(name, value);
        }
    }
    head += "\r\n";
    const auto bytes = std::as_bytes(std::span(head));
    return {bytes.begin(), bytes.end()};
}

LimitLink::LimitLink(const Stage& stage, net::Deadline deadline)
    : interrupt_(stage.interrupt), stream_(connected(stage, deadline)) {}

void LimitLink::say(Script script) {
    for (Piece& piece : script) {
        script_.push_back(std::move(piece));
    }
}

bool LimitLink::opened(wire::ByteString head, net::Deadline deadline) {
    say(once(std::move(head)));
    LimitLink* const self = this;
    while (!is_open_ && !is_refused_ && !has_ended() && net::Clock::now() < deadline) {
        pump({&self, 1}, interrupt_, deadline);
    }
    return is_open_;
}

bool LimitLink::poke() {
    const std::array<std::byte, 1> octet{};
    const net::Status status = stream_.try_write(octet).status;
    return status == net::Status::ok || status == net::Status::timed_out;
}

std::string LimitLink::how() const {
    std::string text;
    const auto add = [&text](const std::string& what) {
        text += (text.empty() ? "" : ", ") + what;
    };
    if (seen_.answer && !is_open_) {
        add("HTTP " + std::to_string(seen_.answer->status));
    } else if (is_refused_) {
        add("an answer that is not HTTP");
    }
    if (!seen_.close.empty()) {
        add(seen_.close);
    }
    if (has_ended()) {
        add(seen_.end);
    }
    return text;
}

void LimitLink::pump(std::span<LimitLink* const> links, const net::Interrupt& interrupt,
                     net::Deadline deadline) {
    std::vector<net::Interest> interests;
    std::vector<LimitLink*> polled;
    for (LimitLink* link : links) {
        if (!link->has_ended()) {
            interests.push_back({.stream = &link->stream_,
                                 .read = true,
                                 .write = !link->script_.empty() && !link->write_failed_});
            polled.push_back(link);
        }
    }
    if (net::wait(interests, deadline, &interrupt) == net::Status::interrupted) {
        throw Interrupted{};
    }
    for (std::size_t i = 0; i < polled.size(); ++i) {
        // Reading first: a write to a connection that the peer has ended may draw a reset.
        if (interests[i].readable) {
            polled[i]->read_some();
        }
        if (interests[i].writable && !polled[i]->has_ended()) {
            polled[i]->write_some();
        }
    }
}

void LimitLink::read_some() {
    std::array<std::byte, kReadSize> buffer;
    for (int round = 0; round < kRounds && !has_ended(); ++round) {
        const net::Result result = stream_.try_read(buffer);
        if (result.status == net::Status::timed_out) {
            return;
        }
        if (result.status == net::Status::ok) {
            received_ += result.size;
            take(std::span(buffer).first(result.size));
        } else if (result.status == net::Status::end_of_stream ||
                   result.status == net::Status::truncated) {
            end("FIN");
        } else if (result.status == net::Status::reset) {
            end("RST");
        } else {
            end("broken off: " + std::string(net::name(result.status)));
        }
    }
}

void LimitLink::write_some() {
    for (int round = 0; round < kRounds && !script_.empty(); ++round) {
        const Piece& piece = script_.front();
        const std::size_t at = static_cast<std::size_t>(piece_written_ % piece.bytes.size());
        const auto size = static_cast<std::size_t>(
            std::min<std::uint64_t>(piece.bytes.size() - at, piece.size - piece_written_));
        const net::Result result = stream_.try_write(std::span(piece.bytes).subspan(at, size));
        if (result.status == net::Status::timed_out) {
            return;
        }
        if (result.status != net::Status::ok) {
            write_failed_ = true;  // what the peer said before it went is still to be read
            return;
        }
        written_ += result.size;
        piece_written_ += result.size;
        if (piece_written_ == piece.size) {
            script_.pop_front();
            piece_written_ = 0;
        }
    }
}

void LimitLink::end(std::string how) {
    seen_.ended_at = net::Clock::now();
    seen_.end = std::move(how);
}

void LimitLink::take(wire::ByteView bytes) {
    while (!bytes.empty() && !is_refused_) {
        if (!is_open_) {
            take_answer(bytes);
        } else if (const auto frame = frames_.next(bytes)) {
            take_frame(*frame);
        }
    }
}

void LimitLink::take_answer(wire::ByteView& bytes) {
    auto answer = http_.next(bytes);
    if (!answer) {
        is_refused_ = http_.is_hopeless();
        return;
    }
    if (answer->status >= 100 && answer->status < 200 && answer->status != 101) {
        return;  // RFC 9110 §15.2: interim answers precede the final one
    }
    is_open_ = answer->status == 101;
    is_refused_ = !is_open_;
    seen_.answered_at = net::Clock::now();
    seen_.answer = std::move(answer);
}

void LimitLink::take_frame(const wire::Frame& frame) {
    switch (frame.opcode) {
        case 8:
            if (!seen_.closed_at) {
                seen_.closed_at = net::Clock::now();
                seen_.close = describe_close(frame.payload);
            }
            return;
        case 9:
            if (seen_.pings.size() < kSeenMax) {
                seen_.pings.push_back(net::Clock::now());
            }
            if (!is_mute_ && !seen_.closed_at && script_.size() < kUnsentMax) {
                say(once(control(10, frame.payload)));  // behind whole scripts: it cuts no frame
            }
            return;
        case 10:
            ++seen_.pongs;
            return;
        default:
            break;
    }
    if (frame.opcode != 0) {
        message_ = {.is_compressed = (frame.rsv & 4) != 0};
    }
    message_.size += frame.declared;
    if (frame.fin && seen_.messages.size() < kSeenMax) {
        seen_.messages.push_back(message_);
    }
}

}  // namespace wsproof::conformance
