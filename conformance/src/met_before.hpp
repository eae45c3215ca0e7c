// What a client under test must not do twice in a run: draw the same nonce (RFC 6455 §4.1).
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>

namespace wsproof::conformance {

// For any thread.
class MetBefore {
  public:
    // has_nonce tells whether this Sec-WebSocket-Key came before, and remembers it.
    [[nodiscard]] bool has_nonce(const std::string& nonce) {
        const std::lock_guard lock(mutex_);
        return !nonces_.insert(nonce).second;
    }
    // has_drawn_nonces: false when four and more have half of their characters in common, place by
    // place, as those of counters and clocks have. Chance does not do that: 2^-60, if they were
    // drawn of letters alone.
    [[nodiscard]] bool has_drawn_nonces() {
        const std::lock_guard lock(mutex_);
        if (nonces_.size() < 4) {
            return true;
        }
        const std::string& first = *nonces_.begin();
        std::size_t in_common = 0;
        for (std::size_t i = 0; i < kNonceLength && i < first.size(); ++i) {
            const auto is_alike = [&](const std::string& each) {
                return i < each.size() && each[i] == first[i];
            };
            in_common += std::all_of(nonces_.begin(), nonces_.end(), is_alike) ? 1U : 0U;
        }
        return in_common <= kNonceLength / 2;
    }

  private:
    static constexpr std::size_t kNonceLength = 21;  // of 16 octets in base64: the last is no whole

    std::mutex mutex_;
    std::set<std::string> nonces_;
};

}  // namespace wsproof::conformance
