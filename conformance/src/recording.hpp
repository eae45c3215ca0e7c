// A recording is what two peers said to each other on one connection, as somebody between them saw
// it: messages and not frames, so that it can be said again under other masks, cuts and contexts
// of compression.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "monitor.hpp"
#include "role.hpp"
#include "wire/frame_reader.hpp"
#include "wire/http_request.hpp"
#include "wire/http_response.hpp"

namespace wsproof::conformance {

// Said is one thing that a peer said once the connection was open.
struct Said {
    enum class Kind : std::uint8_t {
        message,
        ping,
        pong,
        close,
        offence,  // of the client: frames that break the RFC; nothing that it said later is kept
    };
    Kind kind = Kind::message;
    Role by = Role::client;
    double ms = 0;            // since the connection was accepted
    std::uint8_t opcode = 1;  // message
    bool is_compressed = false;
    wire::ByteString payload{};              // inflated
    std::vector<std::uint64_t> fragments{};  // of a message: the sizes of all frames but the last
    std::optional<wire::Frame> offending{};  // offence: the frame; payload and fragments are what
                                             // there was of its message before it
};

class Recording {
  public:
    static constexpr std::uint64_t kRoom = std::uint64_t{64} << 20;        // bytes of a run
    static constexpr std::uint64_t kPayloadMax = std::uint64_t{16} << 20;  // bytes of a frame
    static constexpr std::size_t kSaidMax = 20'000;

    // `room` is how many bytes all recordings of a run may still keep; it outlives them.
    explicit Recording(std::atomic<std::int64_t>& room);

    // request is the opening handshake as it goes to the server.
    void request(wire::HttpRequest request);
    // take is told the bytes behind that request, and all of the server's, in the order in which
    // they came.
    void take(Role by, wire::ByteView bytes, double ms);
    // ended: this side has ended TCP. The first one counts.
    void ended(Role by, bool by_reset);
    // stop: nothing that is said from now on is kept. The first reason counts.
    void stop(std::string why);

    [[nodiscard]] const wire::HttpRequest& request() const noexcept { return request_; }
    [[nodiscard]] const std::optional<wire::HttpResponse>& response() const noexcept {
        return response_;
    }
    [[nodiscard]] bool is_open() const noexcept { return is_open_; }  // a 101 came
    [[nodiscard]] bool deflates() const noexcept { return monitors_[0].deflate().has_value(); }
    [[nodiscard]] const std::vector<Said>& said() const noexcept { return said_; }
    // stopped says why the recording is not whole; empty if it is.
    [[nodiscard]] const std::string& stopped() const noexcept { return stopped_; }
    struct End {
        Role by;
        bool by_reset;
    };
    [[nodiscard]] const std::optional<End>& end() const noexcept { return end_; }
    // departures are what the server did against the RFC.
    [[nodiscard]] const std::vector<Finding>& departures() const noexcept {
        return monitors_[0].findings();
    }

  private:
    struct Side {
        wire::FrameReader frames{kPayloadMax};
        Said message{};  // in progress; its payload is as it came
        bool in_message = false;
        bool has_offended = false;
    };
    Monitor& monitor(Role by) noexcept { return monitors_[by == Role::server ? 0 : 1]; }
    void take_response(wire::ByteView& bytes);
    void take_frame(Role by, wire::Frame frame, double ms);
    void take_data(Role by, wire::Frame frame, double ms);
    void take_offence(Side& side, wire::Frame frame, double ms);
    void keep(Said said);

    std::atomic<std::int64_t>& room_;
    wire::HttpRequest request_{};
    wire::HttpResponseReader http_{};
    std::optional<wire::HttpResponse> response_{};
    wire::ByteString early_{};  // what the client said before it was answered
    bool is_open_ = false;
    std::array<Monitor, 2> monitors_{Monitor(Role::server), Monitor(Role::client)};
    std::array<Side, 2> sides_{};
    std::vector<Said> said_;
    std::string stopped_{};
    std::optional<End> end_{};
};

}  // namespace wsproof::conformance
