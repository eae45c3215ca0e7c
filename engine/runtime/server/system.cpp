#include <openssl/rand.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <wsproof/net/socket.hpp>
#include <wsproof/runtime/system.hpp>

namespace wsproof::runtime {

namespace {

constexpr std::size_t kKeySize = 4;  // bytes of a mask, RFC 6455 §5.3

// A key costs 8.6 ns if getrandom() fills 1 KiB at a time, 2.9 if libcrypto's generator does (it is
// seeded by the system), and 1.1 if that fills 4 KiB; the other work for a short message of a
// client takes 20.
struct Pool {
    std::array<std::byte, 4096> bytes{};
    std::size_t left = 0;  // bytes that nobody has got, at the end
    unsigned fork = 0;     // in which they were drawn
};
thread_local constinit Pool pool;

// forks: how many there have been from the first process to this one. What a parent has drawn is
// not for its child, which would mask with its keys.
std::atomic<unsigned> forks{0};

void refill() noexcept {
    static const int watches = ::pthread_atfork(nullptr, nullptr, [] { ++forks; });
    static_cast<void>(watches);  // it fails only where there is no memory to begin with
    auto* const bytes = reinterpret_cast<unsigned char*>(pool.bytes.data());
    if (::RAND_bytes(bytes, static_cast<int>(pool.bytes.size())) != 1) {
        net::fill_random(pool.bytes);
    }
    pool.left = pool.bytes.size();
    pool.fork = forks.load(std::memory_order_relaxed);
}

// take moves bytes out of the pool: what has been a key must not be found in memory later.
void take(std::byte* to, std::byte* from, std::size_t size) noexcept {
    std::memcpy(to, from, size);
    std::memset(from, 0, size);
}

}  // namespace

Time now() noexcept {
    return Time(std::chrono::duration_cast<Duration>(net::Clock::now().time_since_epoch()));
}

void SystemEntropy::fill(MutableBytes out) noexcept {
    while (!out.empty()) {
        if (pool.left == 0 || pool.fork != forks.load(std::memory_order_relaxed)) {
            refill();
        }
        std::byte* const from = pool.bytes.data() + pool.bytes.size() - pool.left;
        const std::size_t size = std::min(out.size(), pool.left);
        if (size == kKeySize) {
            take(out.data(), from, kKeySize);  // mostly: a size that the compiler knows
        } else {
            take(out.data(), from, size);
        }
        pool.left -= size;
        out = out.subspan(size);
    }
}

}  // namespace wsproof::runtime
