#include "link.hpp"

#include <algorithm>
#include <array>

namespace wsproof::conformance {

namespace {

constexpr std::size_t kInboxMax = 100'000;  // events
constexpr std::uint64_t kFloodBytes = 16 << 20;
constexpr std::uint64_t kFloodFrames = 20'000;
constexpr std::size_t kReadSize = 64 << 10;    // bytes a read
constexpr std::size_t kPongsMax = 64;          // Pings that wait for their Pong
constexpr std::size_t kPongBacklog = 1 << 20;  // bytes that the peer does not take

std::string excerpt(wire::ByteView payload, std::size_t most = 40) {
    std::string text;
    for (const std::byte octet : payload.first(std::min(payload.size(), most))) {
        const auto c = std::to_integer<unsigned char>(octet);
        if (c >= 0x20 && c < 0x7F) {
            text += static_cast<char>(c);
        } else {
            constexpr std::string_view kDigits = "0123456789abcdef";
            text += "\\x";
            text += kDigits[c >> 4];
            text += kDigits[c & 15];
        }
    }
    return "\"" + text + (payload.size() > most ? "\"…" : "\"");
}

}  // namespace

std::string Event::describe() const {
    switch (kind) {
        case Kind::request:
            return "the request " + excerpt(std::as_bytes(std::span(request.start_line)), 80);
        case Kind::response:
            return "the answer " + excerpt(std::as_bytes(std::span(response.start_line)), 80);
        case Kind::garbage:
            return "what is not HTTP: " + excerpt(payload);
        case Kind::message:
            return std::string(opcode == 1 ? "a text" : "a binary") + " message of " +
                   std::to_string(payload.size()) + " bytes: " + excerpt(payload);
        case Kind::pong:
            return "a Pong: " + excerpt(payload);
        case Kind::close:
            if (const auto code = conformance::close_code(payload)) {
                return "Close " + std::to_string(*code) +
                       (payload.size() > 2 ? " " + excerpt(std::span(payload).subspan(2)) : "");
            }
            return payload.empty() ? "an empty Close" : "a Close with a body of one byte";
        case Kind::eof:
            return "the end of the TCP connection (FIN)";
        case Kind::reset:
            return "a TCP reset (RST)";
        case Kind::flood:
            return "a flood: more than anything that was sent asks for";
    }
    return "";
}

Link::Link(std::string name, Role peer, net::Stream stream, std::uint64_t seed, Recorder& recorder)
    : name_(std::move(name)),
      peer_(peer),
      stream_(std::move(stream)),
      random_(seed_of(seed, "link " + name_)),
      pong_keys_(seed_of(seed, "pongs " + name_)),
      recorder_(recorder),
      monitor_(peer) {}

void Link::begin_handshake(Offer offer) {
    monitor_.offered(std::move(offer));
    http_.emplace();
}

void Link::answered(std::size_t head_size, bool opens, std::optional<DeflateAgreement> agreed) {
    head_left_ = head_size;
    upgraded_ = opens;
    refused_ = !opens;
    monitor_.agreed(std::move(agreed));
    const wire::ByteString early = std::exchange(early_, {});
    take(early);
}

void Link::queue(wire::ByteView bytes) {
    bytes_sent_ += bytes.size();
    if (write_failed_ || half_closed_ || !stream_.is_open()) {
        return;  // the peer has gone: what it said before is still to be read
    }
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    const std::size_t of_head = std::min(head_left_, bytes.size());
    head_left_ -= of_head;
    bytes = bytes.subspan(of_head);
    if (upgraded_) {
        while (!bytes.empty()) {
            static_cast<void>(own_frames_.next(bytes));
        }
        answer_pings();  // those that came inside our frame
    } else {
        for (const std::byte octet : bytes) {
            head_ending_ = head_ending_ << 8 | std::to_integer<std::uint32_t>(octet);
            head_is_complete_ = head_is_complete_ || head_ending_ == 0x0D0A0D0A ||
                                (head_ending_ & 0xFFFF) == 0x0A0A;
        }
    }
}

void Link::said_close(wire::ByteView body) {
    said_close_ = true;
    monitor_.sent_close(body);
}

void Link::sent_ping(wire::ByteString payload) {
    if (offended_ && !payload.empty()) {
        offending_pings_.push_back(std::move(payload));
    }
}

bool Link::answers_offence(const wire::ByteString& payload) const {
    return std::find(offending_pings_.begin(), offending_pings_.end(), payload) !=
           offending_pings_.end();
}

void Link::half_close() {
    half_closed_ = true;
    stream_.shut_down_write();
    flow_.finish(CaptureFlow::By::us);
    recorder_.note_end(name_, "we shut down writing (FIN)", "player");
}

void Link::release_fin() {
    holds_fin_ = false;
    answer_close();
}

void Link::set_reading(bool reads) {
    reads_ = reads;
    recorder_.note(name_, reads ? "we read on" : "we stop reading");
}

void Link::reset() {
    stream_.reset();
    flow_.reset(CaptureFlow::By::us);
    recorder_.note_end(name_, "we reset the connection (RST)", "player");
}

void Link::drop() {
    if (stream_.is_open()) {
        stream_.close();
        flow_.finish(CaptureFlow::By::us);
        recorder_.note_end(name_, "we close the connection", "player");
    }
}

void Link::write_some() {
    while (wants_write()) {
        const net::Result result = stream_.try_write(std::span(out_).subspan(written_));
        if (result.status == net::Status::timed_out) {
            return;
        }
        if (result.status != net::Status::ok) {
            // Not a verdict: the peer may have said something before it went, and that is still to
            // be read.
            write_failed_ = true;
            recorder_.note(name_, "writing ended: " + std::string(net::name(result.status)));
            return;
        }
        flow_.data(CaptureFlow::By::us, std::span(out_).subspan(written_, result.size));
        written_ += result.size;
        bytes_written_ += result.size;
        recorder_.add_piece(name_, true, result.size);
    }
    if (written_ == out_.size()) {
        out_.clear();
        written_ = 0;
        answer_close();
    }
}

void Link::take_read(wire::ByteView bytes) {
    bytes_received_ += bytes.size();
    flow_.data(CaptureFlow::By::peer, bytes);
    recorder_.add_piece(name_, false, bytes.size());
    monitor_.set_time(recorder_.elapsed_ms());
    take(bytes);
}

void Link::read_some() {
    std::array<std::byte, kReadSize> buffer;
    // A few reads at most, so that a flood on one link does not starve the others or the deadline.
    for (int round = 0; round < 4 && !is_done() && inbox_.size() < kInboxMax; ++round) {
        const net::Result result = stream_.try_read(buffer);
        if (result.status == net::Status::timed_out) {
            return;
        }
        if (result.status != net::Status::ok) {
            end_with(result.status);
            return;
        }
        take_read(std::span(buffer).first(result.size));
        // An echo is as long as what was sent; several times that, on top of a generous greeting,
        // is no answer to it.
        if (has_flood_limit_ && (bytes_received_ > kFloodBytes + 4 * bytes_sent_ ||
                                 frames_received_ > kFloodFrames + bytes_sent_)) {
            end(Event::Kind::flood, "the peer floods; we read no more");
        }
    }
}

void Link::end_with(net::Status status) {
    if (status == net::Status::end_of_stream || status == net::Status::truncated) {
        flow_.finish(CaptureFlow::By::peer);
    } else if (status == net::Status::reset) {
        flow_.reset(CaptureFlow::By::peer);
    }
    if (status == net::Status::end_of_stream) {
        end(Event::Kind::eof, std::string("the peer ends the connection (") +
                                  (stream_.is_tls() ? "close_notify)" : "FIN)"));
    } else if (status == net::Status::truncated) {
        is_truncated_ = true;
        if (saw_close_) {
            monitor_.truncated();
        }
        end(Event::Kind::eof, "the peer ends the connection (FIN, no close_notify)");
    } else if (status == net::Status::tls_failed) {
        end(Event::Kind::reset, "the peer breaks TLS: " + stream_.tls_error());
    } else if (status == net::Status::reset) {
        end(Event::Kind::reset, "the peer resets the connection (RST)");
    } else {
        end(Event::Kind::reset, "reading ended: " + std::string(net::name(status)));
    }
}

void Link::end(Event::Kind kind, const std::string& how) {
    ended_ = true;
    const wire::ByteString& half = http_ ? http_->received() : requests_.received();
    if (!refused_ && !has_request_ && !half.empty()) {
        Event event{.kind = Event::Kind::garbage};
        event.payload = half;
        if (peer_ == Role::server) {
            monitor_.answered_with(half);
        }
        push(std::move(event));
    }
    if (const wire::Frame* partial = frames_.partial(); upgraded_ && partial != nullptr) {
        recorder_.note(name_, "the stream ends inside a frame (" +
                                  (frames_.has_head() ? conformance::describe(*partial)
                                                      : std::string("in its header")) +
                                  ")");
    }
    if (kind == Event::Kind::flood) {
        recorder_.note(name_, how);
    } else {
        recorder_.note_end(name_, how, "peer");
    }
    ending_ = {.kind = kind};
    ending_.at = net::Clock::now();
    push(ending_);
}

wire::ByteString Link::unfinished() const {
    wire::ByteString bytes = in_message_ ? message_.payload : wire::ByteString{};
    if (const wire::Frame* partial = frames_.partial(); upgraded_ && partial != nullptr) {
        bytes.insert(bytes.end(), partial->payload.begin(), partial->payload.end());
    }
    return bytes;
}

void Link::push(Event event) {
    event.at = net::Clock::now();
    inbox_.push_back(std::move(event));
}

void Link::take(wire::ByteView bytes) {
    while (!bytes.empty()) {
        if (peer_ == Role::client && !upgraded_) {
            take_from_client(bytes);
        } else if (refused_) {
            return;  // the body of an HTTP answer is nobody's business here
        } else if (!upgraded_) {
            take_response(bytes);
        } else if (auto frame = frames_.next(bytes)) {
            take_frame(std::move(*frame));
        }
    }
    answer_pings();
    answer_close();
}

// A client that was refused may ask again on the same connection (RFC 9112 §9.3); anything else
// that it says can only be frames.
void Link::take_from_client(wire::ByteView& bytes) {
    const auto is_upper = [](std::byte octet) {
        return octet >= std::byte{'A'} && octet <= std::byte{'Z'};
    };
    if (!has_request_) {
        take_request(bytes);
    } else if (!refused_) {
        monitor_.spoke_early(bytes);
        early_.insert(early_.end(), bytes.begin(), bytes.end());
        bytes = {};
    } else if (!frames_.has_head() && frames_.partial() == nullptr && is_upper(bytes.front())) {
        recorder_.note(name_, "another request on the same connection");
        bytes = {};
    } else if (auto frame = frames_.next(bytes)) {
        take_frame(std::move(*frame));
    }
}

void Link::take_request(wire::ByteView& bytes) {
    auto request = requests_.next(bytes);
    Event event{.kind = Event::Kind::request};
    if (request) {
        recorder_.add(Entry::Kind::received, name_, "HTTP: " + request->start_line, request->head,
                      {});
        monitor_.set_time(recorder_.elapsed_ms());
        offer_ =
            offer_of({reinterpret_cast<const char*>(request->head.data()), request->head.size()});
        monitor_.request(*request);
        event.request = std::move(*request);
    } else if (requests_.is_hopeless()) {
        event.kind = Event::Kind::garbage;
        event.payload = requests_.received();
        recorder_.add(Entry::Kind::received, name_, "not HTTP", {}, event.payload);
        bytes = {};
    } else {
        return;
    }
    has_request_ = true;
    push(std::move(event));
}

void Link::take_response(wire::ByteView& bytes) {
    if (!http_) {
        http_.emplace();  // bytes before any request: an answer nobody asked for
    }
    auto response = http_->next(bytes);
    if (!response) {
        if (http_->is_hopeless()) {
            refused_ = true;
            Event event{.kind = Event::Kind::garbage};
            event.payload = http_->received();
            monitor_.answered_with(event.payload);
            recorder_.add(Entry::Kind::received, name_, "not HTTP", {}, event.payload);
            push(std::move(event));
        }
        return;
    }
    recorder_.add(Entry::Kind::received, name_, "HTTP: " + response->start_line, response->head,
                  {});
    if (response->status >= 100 && response->status < 200 && response->status != 101) {
        return;  // RFC 9110 §15.2: interim answers precede the final one
    }
    monitor_.set_time(recorder_.elapsed_ms());
    monitor_.answered_with(response->head);  // a frame may stand in front of it
    upgraded_ = response->status == 101;
    refused_ = !upgraded_;
    monitor_.response(*response);
    Event event{.kind = Event::Kind::response};
    event.response = std::move(*response);
    push(std::move(event));
}

void Link::take_frame(wire::Frame frame) {
    ++frames_received_;
    recorder_.add(Entry::Kind::received, name_, conformance::describe(frame), frame.head,
                  frame.payload);
    monitor_.set_time(recorder_.elapsed_ms());
    monitor_.frame(frame);
    switch (frame.opcode) {
        case 0:
        case 1:
        case 2:
            take_data(frame);
            return;
        case 8:
            if (!saw_close_) {
                saw_close_ = true;
                close_code_ = conformance::close_code(frame.payload);
            }
            break;
        case 9:
            if (unanswered_.size() == kPongsMax) {
                unanswered_.erase(unanswered_.begin());  // RFC 6455 §5.5.3: the latest will do
            }
            unanswered_.push_back(std::move(frame.payload));
            return;
        case 10:
            break;
        default:
            return;  // the monitor has it
    }
    Event event{.kind = frame.opcode == 8 ? Event::Kind::close : Event::Kind::pong};
    event.payload = std::move(frame.payload);
    push(std::move(event));
}

void Link::take_data(wire::Frame& frame) {
    if (frame.opcode != 0 || !in_message_) {
        message_ = {.kind = Event::Kind::message};
        message_.opcode = frame.opcode;
        message_.compressed = monitor_.deflate() && (frame.rsv & 4) != 0;
        in_message_ = true;
    }
    if (message_.payload.empty()) {
        message_.payload = std::move(frame.payload);
    } else {
        message_.payload.insert(message_.payload.end(), frame.payload.begin(), frame.payload.end());
    }
    if (frame.fin) {
        in_message_ = false;
        if (message_.compressed) {
            message_.payload = monitor_.take_inflated();
            recorder_.mark_inflated(name_, message_.payload);
        }
        push(std::move(message_));
    }
}

// Rule 4 of the false alarms: a live peer answers Pings, outside its own frames; after a Close or
// an offence it says nothing more.
void Link::answer_pings() {
    if (said_close_ || offended_ || half_closed_ || saw_close_ || !answers_) {
        unanswered_.clear();
        return;
    }
    if (!own_frames_.is_at_boundary() || out_.size() - written_ > kPongBacklog) {
        return;
    }
    for (const wire::ByteString& payload : unanswered_) {
        wire::RawFrame pong{.opcode = 10, .payload = payload};
        if (peer_ == Role::server) {
            wire::Key& key = pong.key.emplace();
            for (std::byte& octet : key) {
                octet = static_cast<std::byte>(pong_keys_.next());
            }
        }
        wire::ByteString frame;
        wire::append_frame(frame, pong);
        recorder_.add(Entry::Kind::sent, name_, "Pong (answers the peer's Ping)", frame, {});
        out_.insert(out_.end(), frame.begin(), frame.end());
    }
    unanswered_.clear();
}

// A server answers a Close and ends TCP at once (RFC 6455 §5.5.1, §7.1.1). Towards a server we
// leave that to it.
void Link::answer_close() {
    if (peer_ == Role::server || !saw_close_ || has_finished_ || half_closed_ ||
        !stream_.is_open()) {
        return;
    }
    if (!said_close_ && !offended_ && own_frames_.is_at_boundary()) {
        const std::uint16_t code = close_code_.value_or(1000);
        const wire::ByteString body = {static_cast<std::byte>(code >> 8),
                                       static_cast<std::byte>(code)};
        wire::ByteString frame;
        wire::append_frame(frame, {.opcode = 8, .payload = body});
        recorder_.add(Entry::Kind::sent, name_,
                      "Close " + std::to_string(code) + " (answers the peer's)", frame, {});
        said_close(body);
        out_.insert(out_.end(), frame.begin(), frame.end());
    }
    if (!holds_fin_ && (written_ == out_.size() || write_failed_)) {
        has_finished_ = true;
        stream_.shut_down_write();
        flow_.finish(CaptureFlow::By::us);
        recorder_.note_end(name_, "we end the connection (FIN)", "player");
    }
}

}  // namespace wsproof::conformance
