// How far a decoder got with the bytes it was given.
#pragma once

#include <cstdint>

namespace wsproof {

enum class Step : std::uint8_t {
    done,
    need_more,
    violation,
};

}  // namespace wsproof
