// Where memory can run out under a function that must not throw.
#pragma once

#include <new>

namespace wsproof {

// guarded returns what `call` returns or, if an allocation in it failed, what `otherwise` does. In
// a build without exceptions a failed allocation ends the process instead, as operator new does
// there.
template <typename Call, typename Otherwise>
auto guarded(Call call, Otherwise otherwise) noexcept {
#ifdef __cpp_exceptions
    try {
        return call();
    } catch (const std::bad_alloc&) {
        return otherwise();
    }
#else
    static_cast<void>(otherwise);
    return call();
#endif
}

}  // namespace wsproof
