// What is behind Connection. The rules are in the files it includes; here they meet:
//   connection.cpp            what is said in public, and the moves between states
//   connection_input.cpp      bytes -> frame -> rule -> state -> event
//   connection_whole.cpp      the same for the usual case, in fewer steps
//   connection_output.cpp     what the owner wants to send
//   connection_handshake.cpp  RFC 6455 §4, until the connection is open
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <wsproof/connection.hpp>

#include "client_handshake.hpp"
#include "compression.hpp"
#include "frame_decoder.hpp"
#include "frame_rules.hpp"
#include "frame_writer.hpp"
#include "memory_guard.hpp"
#include "output_queue.hpp"
#include "server_handshake.hpp"
#include "state.hpp"
#include "timers.hpp"
#include "utf8.hpp"

namespace wsproof {

struct Connection::Impl {
    Impl(Role own_role, const Options& chosen, Entropy& entropy, Time start);

    // State.
    void move(Signal signal) noexcept;
    void fail(Error why, std::uint64_t offset, CloseCode code);
    void fail(Error why, std::uint64_t offset);
    void tick(Time time);
    void release_idle_memory() noexcept;
    void end_of_input() noexcept;
    [[nodiscard]] Transport transport() const noexcept;
    // run_out_of_memory ends the connection: half a frame may be queued, which nothing can follow.
    Error run_out_of_memory() noexcept;
    // or_out_of_memory: what a call of the owner's comes to.
    template <typename Call>
    [[nodiscard]] Error or_out_of_memory(Call call) noexcept {
        return guarded(call, [this] { return run_out_of_memory(); });
    }

    // Handshake.
    void start_client(const Request& request, Entropy& entropy);
    void start_compression(const std::optional<DeflateParameters>& agreed);
    [[nodiscard]] std::optional<Event> read_handshake(MutableBytes& in);
    [[nodiscard]] std::optional<Event> read_response(MutableBytes& in);
    [[nodiscard]] std::optional<Event> read_request(MutableBytes& in);
    [[nodiscard]] Error accept(std::string_view subprotocol, std::span<const Field> fields);
    [[nodiscard]] Error reject(int status, std::span<const Field> fields, Bytes body);

    // Input.
    [[nodiscard]] std::optional<Event> next(MutableBytes& in);
    [[nodiscard]] std::optional<Event> next_by_steps(MutableBytes& in);
    [[nodiscard]] std::optional<Event> next_guarded(MutableBytes& in) noexcept;
    struct WholeFrame {
        std::byte* payload = nullptr;
        std::size_t size = 0;  // bytes
    };
    struct Piece {  // plain, so that it comes back in registers
        const std::byte* data = nullptr;
        std::size_t size = 0;
    };
    [[nodiscard]] WholeFrame find_whole(MutableBytes in) const noexcept;
    [[nodiscard]] WholeFrame find_longer(MutableBytes in, std::size_t key_size) const noexcept;
    void unmask_whole(WholeFrame frame) const noexcept;
    [[nodiscard]] bool read_whole_text(WholeFrame frame) const noexcept;
    void take_whole(MutableBytes& in, WholeFrame frame) noexcept;
    [[nodiscard]] Piece read_binary(MutableBytes& in) noexcept;
    enum class Path : std::uint8_t {
        steps,   // anything can come
        whole,   // between messages, with nothing to report: find_whole() may do
        binary,  // within a frame that is not compressed
        text,    // likewise
    };
    [[nodiscard]] Path find_path() const noexcept;
    [[nodiscard]] std::optional<Event> next_on_path(MutableBytes& in);
    [[nodiscard]] std::optional<Event> next_in_text(MutableBytes& in);
    // read_open: once the handshake is over, for better or worse.
    [[nodiscard]] std::optional<Event> read_open(MutableBytes& in);
    [[nodiscard]] bool has_pending_event() const noexcept;
    [[nodiscard]] std::optional<Event> pending_event() noexcept;
    [[nodiscard]] std::optional<Event> read_frames(MutableBytes& in);
    [[nodiscard]] bool read_header(MutableBytes& in);
    [[nodiscard]] std::optional<Event> read_data(MutableBytes& in);
    [[nodiscard]] std::optional<Event> read_compressed(MutableBytes& in);
    [[nodiscard]] std::size_t unmask_text(MutableBytes piece) noexcept;
    [[nodiscard]] std::optional<Event> deliver(Bytes piece, std::size_t valid, bool is_last);
    [[nodiscard]] std::size_t valid_prefix(Bytes piece, std::size_t valid, bool is_last);
    [[nodiscard]] std::optional<Event> read_control(MutableBytes& in);
    using ControlPayload = std::array<std::byte, kControlPayloadMax>;
    [[nodiscard]] std::optional<MutableBytes> read_control_payload(MutableBytes& in);
    [[nodiscard]] std::optional<Event> receive_close(Bytes body);
    // payload_begin: offset of the payload of the frame being received.
    [[nodiscard]] std::uint64_t payload_begin() const noexcept {
        return frame_begin + header_size(decoder.header());
    }
    [[nodiscard]] MutableBytes take(MutableBytes& in, std::size_t size) noexcept;
    void note_activity() noexcept {
        if (options.timers.ping_after_idle && state == State::open) {
            timers.start(Timer::idle, now, options.timers.ping_after_idle);
            timers.stop(Timer::pong);
        }
    }

    // Output.
    [[nodiscard]] Error check_sendable() const noexcept;
    [[nodiscard]] Error send(MessageType type, const Outgoing& payload, const SendOptions& how);
    // can_send_short: nothing but the text can speak against sending a copy of `size` bytes in one
    // short frame.
    [[nodiscard]] bool can_send_short(std::size_t size, const SendOptions& how) const noexcept {
        return state == State::open && !message_is_open && !compression &&
               options.observer == nullptr && size <= FrameWriter::kShortMax &&
               size < how.fragment_at && queue.size() < options.limits.output_queue;
    }
    [[nodiscard]] Error send_short(MessageType type, Bytes payload);
    [[nodiscard]] Error send(const PreparedMessage& message, Token token);
    [[nodiscard]] Error send_compressed(MessageType type, const Outgoing& payload,
                                        const SendOptions& how);
    [[nodiscard]] Error begin(MessageType type, const SendOptions& how);
    [[nodiscard]] Error append(const Outgoing& payload);
    [[nodiscard]] FirstFrame next_frame() const noexcept;
    [[nodiscard]] Error finish();
    [[nodiscard]] Error finish(const Outgoing& payload);
    [[nodiscard]] Error send_control(Opcode opcode, Bytes payload);
    [[nodiscard]] Error close(CloseCode code, std::string_view reason);
    void consume(std::size_t size);

    Role role;
    State state = State::connecting;
    Error error = Error::none;
    // What next() has still to report, and what Closed will say.
    bool opened_is_pending = false;
    bool closed_is_reported = false;
    bool was_open = false;
    bool is_clean = false;                            // RFC 6455 §7.1.4: a Close went each way
    bool decision_is_pending = false;                 // UpgradeRequest awaits its answer
    CloseCode peer_close_code = CloseCode::abnormal;  // RFC 6455 §7.1.5: 1006 if none came

    // Of the frame and the message being received.
    Path path = Path::steps;       // until next() has found another, and again with each move()
    std::uint64_t whole_size_max;  // bytes of a message in one frame, by Limits
    bool is_in_payload = false;
    bool is_first_piece = true;
    bool is_compressed = false;  // the message: RFC 7692 §6
    MessageType received_type = MessageType::binary;
    Utf8Validator received_text;  // complete between messages
    FrameDecoder decoder;
    MessageProgress progress;
    std::uint64_t frame_begin = 0;      // offset of the header
    std::uint64_t payload_read = 0;     // bytes
    std::size_t unmasked_ahead = 0;     // bytes after those, unmasked but not inflated yet
    bool compressed_has_ended = false;  // the inflater's memory is shown until the next call

    // Of the message being sent.
    bool message_is_open = false;
    bool message_is_started = false;  // a frame of it has been queued
    bool message_is_compressed = false;
    MessageType sent_type = MessageType::binary;
    Utf8Validator sent_text;  // complete between messages
    std::uint64_t fragment_at = kUnlimited;
    OutputQueue queue;
    Stats stats;
    FrameWriter writer;

    Options options;
    Time now;
    TimerTable timers;
    std::optional<Failed> failed_is_pending;
    std::unique_ptr<Compression> compression;           // nullptr unless it was agreed to
    std::unique_ptr<ClientHandshake> client_handshake;  // until next() after the event of its end
    std::unique_ptr<ServerHandshake> server_handshake;
    std::unique_ptr<ControlPayload> control_payload;  // of a frame that comes in parts; kept
    std::optional<Time> output_was_sent;  // when last; nullopt once its memory is released
};

}  // namespace wsproof
