// A link is one connection in play: it sends what it is told, however illegal, reads all that
// comes, lets the monitor see it, answers Pings, and keeps what a step may want to look at in an
// inbox.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <wsproof/net/stream.hpp>

#include "capture.hpp"
#include "monitor.hpp"
#include "own_stream.hpp"
#include "payload.hpp"
#include "recorder.hpp"
#include "verdict.hpp"
#include "wire/frame_reader.hpp"
#include "wire/http_request.hpp"
#include "wire/http_response.hpp"

namespace wsproof::conformance {

// Event is something that the peer did.
struct Event {
    enum class Kind : std::uint8_t {
        request,   // of a client
        response,  // an HTTP answer; interim ones are passed over
        garbage,   // an answer or a request that is not HTTP
        message,
        pong,
        close,
        eof,
        reset,
        flood,  // far more than was asked for; the link reads no further
    };
    Kind kind = Kind::eof;
    wire::HttpRequest request{};
    wire::HttpResponse response{};
    std::uint8_t opcode = 0;     // message
    wire::ByteString payload{};  // message, pong, close
    bool compressed = false;     // message: it came compressed; the payload is what it held
    net::Clock::time_point at{};

    [[nodiscard]] std::string describe() const;
};

class Link {
  public:
    Link(std::string name, Role peer, net::Stream stream, std::uint64_t seed, Recorder& recorder);
    ~Link() { flow_.finish(CaptureFlow::By::us); }  // with it, the connection is closed
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    // queue appends bytes to what is to be written; pump() writes them.
    void queue(wire::ByteView bytes);
    // What the player is doing; it decides what the link may send by itself.
    void said_close(wire::ByteView body);
    void offended() { offended_ = true; }
    void followed_offence() { sent_after_offence_ = true; }
    void sent_ping(wire::ByteString payload);
    void begin_handshake(Offer offer);  // an HTTP answer is awaited next
    // answered: the next `head_size` bytes that are queued are our answer to a client; it opens the
    // connection, with this agreement on permessage-deflate, or refuses it.
    void answered(std::size_t head_size, bool opens, std::optional<DeflateAgreement> agreed);

    // capture: what is written and read from now on goes to a file too.
    void capture(CaptureFlow flow) { flow_ = std::move(flow); }
    // take_any_amount: nothing is a flood; the caller sees to the inbox.
    void take_any_amount() noexcept { has_flood_limit_ = false; }
    // set_answering: whether Pings are answered (at the beginning they are).
    void set_answering(bool answers) noexcept { answers_ = answers; }

    // hold_fin: towards a client we end TCP after the closing handshake when release_fin says so.
    void hold_fin() noexcept { holds_fin_ = true; }
    void release_fin();

    void half_close();
    // set_reading(false): what comes stays in TCP, until it is true again.
    void set_reading(bool reads);
    void reset();
    void drop();

    // read_some and write_some move what can be moved without waiting; pump() in player_io calls
    // them.
    void read_some();
    void write_some();
    // take_read takes what somebody else has read of the connection, before read_some.
    void take_read(wire::ByteView bytes);

    [[nodiscard]] net::Stream& stream() noexcept { return stream_; }
    [[nodiscard]] bool wants_write() const noexcept {
        return written_ < out_.size() && !write_failed_;
    }
    [[nodiscard]] bool has_failed_writing() const noexcept { return write_failed_; }
    [[nodiscard]] bool has_ended() const noexcept { return ended_; }  // EOF or RST was read
    // is_truncated: it ended with a FIN, without TLS's close_notify.
    [[nodiscard]] bool is_truncated() const noexcept { return is_truncated_; }
    [[nodiscard]] const Event& ending() const noexcept { return ending_; }  // once it has ended
    [[nodiscard]] bool is_done() const noexcept { return ended_ || !stream_.is_open(); }
    [[nodiscard]] const Offer& offer() const noexcept { return offer_; }  // of a client
    [[nodiscard]] bool has_request() const noexcept { return has_request_; }
    [[nodiscard]] bool is_open_websocket() const noexcept { return upgraded_; }
    [[nodiscard]] bool has_said_close() const noexcept { return said_close_; }
    [[nodiscard]] bool has_half_closed() const noexcept { return half_closed_; }
    [[nodiscard]] bool reads() const noexcept { return reads_; }
    // has_unwritten: the peer has not taken all that was queued.
    [[nodiscard]] bool has_unwritten() const noexcept { return bytes_written_ < bytes_sent_; }
    [[nodiscard]] bool has_offended() const noexcept { return offended_; }
    [[nodiscard]] bool sent_after_offence() const noexcept { return sent_after_offence_; }
    [[nodiscard]] bool head_is_complete() const noexcept { return head_is_complete_; }
    [[nodiscard]] std::optional<std::uint16_t> close_code() const noexcept { return close_code_; }
    [[nodiscard]] bool saw_close() const noexcept { return saw_close_; }
    [[nodiscard]] std::uint64_t bytes_received() const noexcept { return bytes_received_; }
    // progress grows with every byte that is read or written.
    [[nodiscard]] std::uint64_t progress() const noexcept {
        return bytes_received_ + bytes_written_;
    }
    // unfinished is what has come of a data message that has not ended.
    [[nodiscard]] wire::ByteString unfinished() const;
    // answers_offence: this Pong repeats a Ping sent as or after the offence.
    [[nodiscard]] bool answers_offence(const wire::ByteString& payload) const;
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] Monitor& monitor() noexcept { return monitor_; }
    [[nodiscard]] OwnStream& own_stream() noexcept { return own_stream_; }
    [[nodiscard]] Random& random() noexcept { return random_; }
    [[nodiscard]] std::deque<Event>& inbox() noexcept { return inbox_; }

    std::vector<wire::ByteString> greetings{};  // that may still come once each
    bool is_introduced = false;                 // the prologue has been begun on it

  private:
    void take(wire::ByteView bytes);
    void take_from_client(wire::ByteView& bytes);
    void take_request(wire::ByteView& bytes);
    void take_response(wire::ByteView& bytes);
    void take_frame(wire::Frame frame);
    void take_data(wire::Frame& frame);
    void answer_pings();
    void answer_close();
    void end_with(net::Status status);
    void end(Event::Kind kind, const std::string& how);
    void push(Event event);

    std::string name_;
    Role peer_;
    net::Stream stream_;
    Random random_;
    Random pong_keys_;  // their own: when a Ping comes must not change what else is sent
    Recorder& recorder_;
    CaptureFlow flow_{};  // into no file, unless it is asked for
    Monitor monitor_;
    OwnStream own_stream_{};

    wire::ByteString out_;
    std::size_t written_ = 0;
    bool write_failed_ = false;
    wire::FrameReader own_frames_{0};  // where our own output stands: a Pong must not cut a frame
    std::vector<wire::ByteString> unanswered_;
    std::vector<wire::ByteString> offending_pings_;

    std::optional<wire::HttpResponseReader> http_{};
    wire::HttpRequestReader requests_{};  // of a client
    bool has_request_ = false;
    Offer offer_{};
    wire::ByteString early_{};   // what a client said before it was answered
    std::size_t head_left_ = 0;  // bytes of our answer that are still to be queued
    bool holds_fin_ = false;
    bool has_finished_ = false;  // the closing handshake is done, and we have ended TCP
    wire::FrameReader frames_{};
    Event message_{};
    bool in_message_ = false;
    std::deque<Event> inbox_;

    bool upgraded_ = false;
    bool refused_ = false;  // an HTTP answer other than 101: what follows is its body
    bool said_close_ = false;
    bool offended_ = false;
    bool sent_after_offence_ = false;
    bool half_closed_ = false;
    bool reads_ = true;
    bool answers_ = true;
    bool has_flood_limit_ = true;
    bool ended_ = false;
    Event ending_{};
    bool saw_close_ = false;
    bool is_truncated_ = false;
    bool head_is_complete_ = false;
    std::uint32_t head_ending_ = 0;  // last bytes of our request, to see its end
    std::optional<std::uint16_t> close_code_{};
    std::uint64_t bytes_received_ = 0;
    std::uint64_t bytes_sent_ = 0;
    std::uint64_t bytes_written_ = 0;
    std::uint64_t frames_received_ = 0;
};

}  // namespace wsproof::conformance
