#include "require.hpp"

#include <cstdio>
#include <cstdlib>

namespace wsproof::fuzz {

void broken(std::string_view what) noexcept {
    std::fprintf(stderr, "broken invariant: %.*s\n", static_cast<int>(what.size()), what.data());
    std::fflush(stderr);
    std::abort();
}

}  // namespace wsproof::fuzz

// Stacks of allocations are what most of the time under AddressSanitizer goes to; two frames tell
// who it was.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
    return "malloc_context_size=2";
}
