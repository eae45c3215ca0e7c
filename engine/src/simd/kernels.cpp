#include "best_kernels.hpp"

namespace wsproof::simd {

Available available_kernels() noexcept {
    Available found{{&kPortable}, 1};
#if defined(__x86_64__)
    // __builtin_cpu_supports asks the system too, whether it keeps the wide registers.
    if (__builtin_cpu_supports("sse4.1") != 0) {
        found.kernels[found.count++] = &kSse4;
    }
    if (__builtin_cpu_supports("avx2") != 0) {
        found.kernels[found.count++] = &kAvx2;
    }
    if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0) {
        found.kernels[found.count++] = &kAvx512;
    }
#endif
    return found;
}

const Kernels& choose_kernels() noexcept {
    const Available found = available_kernels();
    return *found.kernels[found.count - 1];
}

}  // namespace wsproof::simd
