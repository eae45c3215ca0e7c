// A connection of a measurement: it sends scripts, counts what comes, and keeps none of it. It
// judges nothing.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>
#include <wsproof/net/stream.hpp>

#include "limits_script.hpp"
#include "player.hpp"
#include "wire/frame_reader.hpp"
#include "wire/http_response.hpp"

namespace wsproof::conformance {

using HeadFields = std::vector<std::pair<std::string, std::string>>;

// request_head is a correct opening handshake, with `more` as its last fields.
[[nodiscard]] wire::ByteString request_head(const Target& target, const HeadFields& more);

class LimitLink {
  public:
    struct Message {
        std::uint64_t size = 0;  // payload bytes on the wire
        bool is_compressed = false;
    };
    // Seen is what the peer did.
    struct Seen {
        std::optional<wire::HttpResponse> answer{};  // the final one
        std::deque<Message> messages{};              // whole ones, in order
        std::uint64_t pongs = 0;
        std::vector<net::Clock::time_point> pings{};  // the first 1000
        std::optional<net::Clock::time_point> answered_at{};
        std::optional<net::Clock::time_point> closed_at{};  // the first Close
        std::string close{};                                // "Close 1009 \"too big\""
        std::optional<net::Clock::time_point> ended_at{};   // FIN or RST
        std::string end{};                                  // "FIN", "RST", "TLS broken off"
    };

    // The constructor connects and agrees on TLS, by `deadline`. Throws Interrupted, Gone,
    // Overloaded.
    LimitLink(const Stage& stage, net::Deadline deadline);

    // say appends to what is to be sent.
    void say(Script script);
    // opened sends an opening handshake, waits for its answer until `deadline`, and says whether
    // it was 101. Throws Interrupted.
    [[nodiscard]] bool opened(wire::ByteString head, net::Deadline deadline);
    // poke writes an octet, to see whether somebody is still there; false: nobody is.
    [[nodiscard]] bool poke();
    // keep_mute: Pings are not answered from now on.
    void keep_mute() noexcept { is_mute_ = true; }

    [[nodiscard]] const Seen& seen() const noexcept { return seen_; }
    [[nodiscard]] bool has_ended() const noexcept { return seen_.ended_at.has_value(); }
    [[nodiscard]] bool has_said_all() const noexcept { return script_.empty(); }
    [[nodiscard]] std::uint64_t progress() const noexcept { return received_ + written_; }
    // how says what the peer did that ends things: "HTTP 431, FIN", "Close 1009, FIN", "RST".
    [[nodiscard]] std::string how() const;

    // pump lets each of `links` read and write once, when one of them can or `deadline` has come.
    // Throws Interrupted.
    static void pump(std::span<LimitLink* const> links, const net::Interrupt& interrupt,
                     net::Deadline deadline);

  private:
    void read_some();
    void write_some();
    void take(wire::ByteView bytes);
    void take_answer(wire::ByteView& bytes);
    void take_frame(const wire::Frame& frame);
    void end(std::string how);

    const net::Interrupt& interrupt_;
    net::Stream stream_;
    std::deque<Piece> script_;
    std::uint64_t piece_written_ = 0;
    bool write_failed_ = false;
    bool is_open_ = false;     // a WebSocket
    bool is_refused_ = false;  // by HTTP: what follows is a body
    bool is_mute_ = false;
    wire::HttpResponseReader http_{};
    wire::FrameReader frames_{125};  // payload bytes kept: of control frames
    Message message_{};
    Seen seen_{};
    std::uint64_t received_ = 0;
    std::uint64_t written_ = 0;
};

}  // namespace wsproof::conformance
