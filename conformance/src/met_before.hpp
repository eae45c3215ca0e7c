// What a client under test must not do twice in a run: draw the same nonce (RFC 6455 §4.1), or mask
// keys that repeat beyond chance (§5.3).
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "mask_keys.hpp"

namespace wsproof::conformance {

// For any thread.
class MetBefore {
  public:
    // has_nonce tells whether this Sec-WebSocket-Key came before, and remembers it.
    [[nodiscard]] bool has_nonce(const std::string& nonce) {
        const std::lock_guard lock(mutex_);
        return !nonces_.insert(nonce).second;
    }
    // repeats takes the mask keys of one connection, and says what makes those of all connections
    // predictable; empty if nothing does. The order of connections means nothing.
    [[nodiscard]] std::string repeats(const std::vector<wire::Key>& keys) {
        const std::lock_guard lock(mutex_);
        for (const wire::Key& key : keys) {
            keys_.add(key);
        }
        return keys_.repetition();
    }

  private:
    std::mutex mutex_;
    std::set<std::string> nonces_;
    MaskKeys keys_;
};

}  // namespace wsproof::conformance
