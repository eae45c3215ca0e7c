#include <algorithm>
#include <chrono>
#include <wsproof/net/socket.hpp>
#include <wsproof/runtime/system.hpp>

namespace wsproof::runtime {

Time now() noexcept {
    return Time(std::chrono::duration_cast<Duration>(net::Clock::now().time_since_epoch()));
}

void SystemEntropy::fill(MutableBytes out) noexcept {
    while (!out.empty()) {
        if (used_ == pool_.size()) {
            net::fill_random(pool_);
            used_ = 0;
        }
        const std::size_t size = std::min(out.size(), pool_.size() - used_);
        const auto from = pool_.begin() + static_cast<std::ptrdiff_t>(used_);
        std::copy_n(from, size, out.begin());
        // What has been a key must not be found in memory later.
        std::fill_n(from, size, std::byte{0});
        used_ += size;
        out = out.subspan(size);
    }
}

}  // namespace wsproof::runtime
