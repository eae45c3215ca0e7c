// The monitor watches all that the peer sends, in every scenario, unasked, and cites the row that
// each departure breaks. It never judges what the RFC leaves open (frame sizes, timing, Pings,
// unsolicited Pongs, legal close codes).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deflate_judge.hpp"
#include "mask_keys.hpp"
#include "offer.hpp"
#include "verdict.hpp"
#include "wire/frame_reader.hpp"
#include "wire/http_request.hpp"
#include "wire/http_response.hpp"
#include "wire/utf8.hpp"

namespace wsproof::conformance {

class Monitor {
  public:
    explicit Monitor(Role peer = Role::server) : peer_(peer) {}

    void offered(Offer offer) { offer_ = std::move(offer); }
    // response judges a 101; other answers are for scenarios to judge.
    void response(const wire::HttpResponse& response);
    // answered_with judges what a server said where an HTTP answer was due and none came.
    void answered_with(wire::ByteView bytes);
    // request judges the opening handshake of a client; expect_target says what it has to ask for.
    void request(const wire::HttpRequest& request);
    void expect_target(std::string host_field, std::string resource);
    // spoke_early: a client said this before its opening handshake was answered.
    void spoke_early(wire::ByteView bytes);
    // agreed: what our own answer to a client agrees to.
    void agreed(std::optional<DeflateAgreement> agreement);
    void frame(const wire::Frame& frame);
    // set_time says when, in milliseconds since the case began, what comes next was received.
    void set_time(double ms) noexcept { now_ms_ = ms; }
    // note is for what only the run as a whole can see.
    void note(Behaviour verdict, std::string_view requirement, std::string text, std::string got);
    // sent_close tells the body of a Close of ours; the first counts. An echo of it is judged as an
    // echo, not as the peer's choice.
    void sent_close(wire::ByteView body);

    // truncated: after the peer's Close, TCP ended without TLS's close_notify.
    void truncated();

    // Each requirement is reported once a connection, with the worst that was seen of it.
    [[nodiscard]] const std::vector<Finding>& findings() const noexcept { return findings_; }
    // deflate: what the 101 agreed to of permessage-deflate, so RSV1 has a meaning; nullopt:
    // nothing.
    [[nodiscard]] const std::optional<DeflateAgreement>& deflate() const noexcept {
        return deflate_;
    }
    // take_inflated gives what the compressed message that ended with the last frame held.
    [[nodiscard]] wire::ByteString take_inflated() noexcept { return std::move(inflated_); }
    // mask_keys: those of a client's frames, in order.
    [[nodiscard]] const std::vector<wire::Key>& mask_keys() const noexcept { return mask_keys_; }

  private:
    void report(Behaviour verdict, std::string_view requirement, std::string text, std::string got,
                std::string_view because = {});
    void judge_request_line(const wire::HttpRequest& request);
    void judge_host(const wire::HttpRequest& request);
    void judge_upgrade_offer(const wire::HttpRequest& request);
    void judge_key(const wire::HttpRequest& request);
    void judge_version(const wire::HttpRequest& request);
    void judge_origin(const wire::HttpRequest& request);
    void judge_subprotocol_offer(const wire::HttpRequest& request);
    void judge_extension_offer(const wire::HttpRequest& request);
    void judge_deflate_offer(const wire::Extension& offer);
    void judge_upgrade(const wire::HttpResponse& response);
    void judge_accept(const wire::HttpResponse& response);
    void judge_subprotocol(const wire::HttpResponse& response);
    void judge_extensions(const wire::HttpResponse& response);
    void agree(const wire::Extension& element);
    void judge_header(const wire::Frame& frame);
    void judge_reserved_bits(const wire::Frame& frame);
    void judge_mask(const wire::Frame& frame);
    void judge_order(const wire::Frame& frame);
    void judge_data(const wire::Frame& frame);
    void judge_compressed(const wire::Frame& frame);
    void judge_text(wire::ByteView payload, bool is_last, const wire::Frame& frame);
    void judge_close(const wire::Frame& frame);
    void judge_code(std::uint16_t code, bool is_echo);

    Role peer_;
    double now_ms_ = 0;
    MaskKeys keys_{};  // of a client
    std::vector<wire::Key> mask_keys_{};
    std::string host_field_{};  // that a client has to send; empty: any
    std::string resource_{};
    Offer offer_{};
    std::optional<DeflateAgreement> deflate_{};
    std::optional<DeflateStream> stream_{};       // of the peer's compressed messages
    std::optional<std::uint8_t> open_message_{};  // opcode of the message in progress
    bool open_is_judged_ = false;                 // its payload is seen whole
    bool open_is_compressed_ = false;
    wire::ByteString compressed_{};  // of the message in progress
    wire::ByteString inflated_{};
    wire::Utf8 text_{};
    bool saw_close_ = false;
    std::optional<wire::ByteString> our_close_{};
    std::vector<Finding> findings_;
};

// describe says a frame in a few words: "Text FIN 5 bytes".
[[nodiscard]] std::string describe(const wire::Frame& frame);
[[nodiscard]] std::string opcode_name(std::uint8_t opcode);

// close_code of a Close frame's payload; nullopt if it has none.
[[nodiscard]] std::optional<std::uint16_t> close_code(wire::ByteView payload) noexcept;

enum class CodeClass : std::uint8_t {
    legal,      // may stand in a Close frame (RFC 6455 §7.4, IANA registry of 2026-10-05)
    reserved,   // no meaning yet: 1004, 1016-2999, 5000 and above (A12)
    forbidden,  // MUST NOT be on the wire: 0-999, 1005, 1006, 1015
};
[[nodiscard]] CodeClass classify(std::uint16_t code) noexcept;

}  // namespace wsproof::conformance
