// The kernels that everything uses: the best of this processor.
#pragma once

#include "kernels.hpp"

namespace wsproof::simd {

// choose_kernels: the last of available_kernels().
[[nodiscard]] const Kernels& choose_kernels() noexcept;

// best_kernels asks once. Inline: a call for it costs a short message as much as its mask.
[[nodiscard]] inline const Kernels& best_kernels() noexcept {
    static const Kernels& best = choose_kernels();
    return best;
}

}  // namespace wsproof::simd
