// Holds a peer to permessage-deflate (RFC 7692): what it agrees to, and each compressed message
// that it sends. What is uncompressed is always legal.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "role.hpp"
#include "verdict.hpp"
#include "wire/extensions.hpp"
#include "wire/inflate.hpp"

namespace wsproof::conformance {

inline constexpr std::string_view kDeflateName = "permessage-deflate";

// Departure is a finding to be: the row that is broken, and how.
struct Departure {
    Behaviour verdict = Behaviour::fail;
    std::string requirement{};
    std::string text{};
    std::string got{};
    std::string because{};
};

// DeflateAgreement is what both sides are bound to.
struct DeflateAgreement {
    bool server_no_takeover = false;
    bool client_no_takeover = false;
    unsigned server_bits = 15;
    unsigned client_bits = 15;
    wire::Extension answer{};  // as it stood in the response

    [[nodiscard]] bool no_takeover(Role sender) const noexcept {
        return sender == Role::server ? server_no_takeover : client_no_takeover;
    }
    [[nodiscard]] unsigned bits(Role sender) const noexcept {
        return sender == Role::server ? server_bits : client_bits;
    }
};

// agreement_of reads an element of a response; what is not legal in it binds nobody.
[[nodiscard]] DeflateAgreement agreement_of(const wire::Extension& answer);

// judge_answer judges an element that accepts one of `offers` (RFC 7692 §7.1). With several offers
// it is held to the one that it fits best: which of them was accepted is not said.
[[nodiscard]] std::vector<Departure> judge_answer(const wire::Extension& answer,
                                                  const std::vector<wire::Extension>& offers);

// window_bits_of reads a window size as it has to be written: 8 to 15, in decimal, without leading
// zero.
[[nodiscard]] std::optional<unsigned> window_bits_of(const std::optional<std::string>& value);

// DeflateStream follows the compressed messages of one sender.
class DeflateStream {
  public:
    static constexpr std::size_t kInflatedMax = std::size_t{256} << 20;  // bytes of a message kept

    DeflateStream(Role sender, DeflateAgreement agreement)
        : sender_(sender), agreement_(std::move(agreement)) {}

    // message takes the payload of one compressed message and gives what it held. Departures are
    // added to `departures`.
    wire::ByteString message(wire::ByteView payload, std::vector<Departure>& departures);
    // lost: a message could not be kept whole; what comes later may refer to it and is not judged.
    void lost() noexcept { is_lost_ = true; }
    [[nodiscard]] bool is_lost() const noexcept { return is_lost_; }

  private:
    void judge(const wire::Inflated& message, std::size_t size, std::vector<Departure>& out) const;

    Role sender_;
    DeflateAgreement agreement_;
    wire::History history_{};
    bool is_lost_ = false;
};

}  // namespace wsproof::conformance
