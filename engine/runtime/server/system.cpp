#include <algorithm>
#include <chrono>
#include <cstring>
#include <wsproof/net/socket.hpp>
#include <wsproof/runtime/system.hpp>

namespace wsproof::runtime {

namespace {

constexpr std::size_t kKeySize = 4;  // bytes of a mask, RFC 6455 §5.3

}  // namespace

Time now() noexcept {
    return Time(std::chrono::duration_cast<Duration>(net::Clock::now().time_since_epoch()));
}

void SystemEntropy::fill(MutableBytes out) noexcept {
    while (!out.empty()) {
        if (used_ == pool_.size()) {
            net::fill_random(pool_);
            used_ = 0;
        }
        // Mostly a key is drawn: a size that the compiler knows.
        const std::size_t left = std::min(out.size(), pool_.size() - used_);
        const std::size_t size = left >= kKeySize ? kKeySize : left;
        std::byte* const from = pool_.data() + used_;
        // What has been a key must not be found in memory later.
        if (size == kKeySize) {
            std::memcpy(out.data(), from, kKeySize);
            std::memset(from, 0, kKeySize);
        } else {
            std::memcpy(out.data(), from, size);
            std::memset(from, 0, size);
        }
        used_ += size;
        out = out.subspan(size);
    }
}

}  // namespace wsproof::runtime
