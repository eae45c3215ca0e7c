#include "sha1.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace wsproof::simd {

#if defined(__x86_64__)
namespace {

bool has_instructions() noexcept {
    constexpr unsigned kSha = 1U << 29;  // of EBX, leaf 7
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return __builtin_cpu_supports("sse4.1") != 0 && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 &&
           (b & kSha) != 0;
}

}  // namespace

const Sha1* fast_sha1() noexcept {
    static const Sha1* const fast = has_instructions() ? &kSha1X86 : nullptr;
    return fast;
}
#else
const Sha1* fast_sha1() noexcept {
    return nullptr;
}
#endif

}  // namespace wsproof::simd
