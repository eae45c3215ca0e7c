#include "utf8.hpp"

#include <algorithm>

namespace wsproof::conformance::wire {

bool Utf8::feed(ByteView text) noexcept {
    valid_ = valid_ && std::all_of(text.begin(), text.end(), [this](std::byte octet) {
                 return step(std::to_integer<std::uint8_t>(octet));
             });
    return valid_;
}

// RFC 3629 §4: the second octet's range depends on the first; that is what keeps out overlong
// forms, surrogates and what lies above U+10FFFF.
bool Utf8::step(std::uint8_t octet) noexcept {
    if (pending_ > 0) {
        if (octet < lowest_ || octet > highest_) {
            return false;
        }
        --pending_;
        lowest_ = 0x80;
        highest_ = 0xBF;
        return true;
    }
    if (octet < 0x80) {
        return true;
    }
    if (octet < 0xC2 || octet > 0xF4) {
        return false;
    }
    pending_ = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
    lowest_ = octet == 0xE0 ? 0xA0 : octet == 0xF0 ? 0x90 : 0x80;
    highest_ = octet == 0xED ? 0x9F : octet == 0xF4 ? 0x8F : 0xBF;
    return true;
}

bool is_utf8(ByteView text) noexcept {
    Utf8 utf8;
    return utf8.feed(text) && utf8.is_complete();
}

}  // namespace wsproof::conformance::wire
