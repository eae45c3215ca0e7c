// What a client under test must not do twice in a run: draw the same nonce (RFC 6455 §4.1).
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>

namespace wsproof::conformance {

// For any thread.
class MetBefore {
  public:
    // has_nonce tells whether this Sec-WebSocket-Key came before, and remembers it.
    [[nodiscard]] bool has_nonce(const std::string& nonce);

    // flaw says why the nonces so far cannot have been drawn at random from 16 octets; empty if
    // they can. Chance makes none in 10^20 runs of what is looked for:
    // - half of the octets are the same in four and more (a counter, a clock, a constant);
    // - each of two and more is eight octets or fewer, again and again.
    [[nodiscard]] std::string flaw();

  private:
    static constexpr std::size_t kOctets = 16;
    using Nonce = std::array<unsigned char, kOctets>;
    void look_at(const Nonce& nonce);

    std::mutex mutex_;
    std::set<std::string> nonces_;
    std::size_t count_ = 0;  // of those that are 16 octets in base64
    Nonce first_{};
    std::bitset<kOctets> in_common_{};
    bool is_periodic_ = true;
};

}  // namespace wsproof::conformance
