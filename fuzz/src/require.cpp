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
