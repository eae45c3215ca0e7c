// Invariant: the engine's validator, the judge's, and the definition of UTF-8 (RFC 3629 §3) find
// the same first fault, or none, however the text is cut.
#include "utf8.hpp"

#include "input.hpp"
#include "play.hpp"
#include "require.hpp"
#include "wire/utf8.hpp"

namespace {

using namespace wsproof;
using fuzz::require;

unsigned at(Bytes text, std::size_t index) {
    return std::to_integer<unsigned>(text[index]);
}

// character_size: that of the character that `text` begins with; 0 if it begins with none.
std::size_t character_size(Bytes text) {
    const unsigned lead = at(text, 0);
    const std::size_t size = lead < 0x80                    ? 1
                             : lead >= 0xC0 && lead <= 0xDF ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF7 ? 4
                                                            : 0;
    if (size < 2 || text.size() < size) {
        return size == 1 ? 1 : 0;
    }
    unsigned code = lead & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(text, i) & 0xC0U) != 0x80) {
            return 0;
        }
        code = code << 6 | (at(text, i) & 0x3FU);
    }
    constexpr unsigned kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < kLeast[size] || is_surrogate || code > 0x10FFFF ? 0 : size;
}

bool is_text(Bytes text) {
    while (!text.empty()) {
        const std::size_t size = character_size(text);
        if (size == 0) {
            return false;
        }
        text = text.subspan(size);
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    fuzz::Cutter cutter(input.byte());
    const Bytes all = input.rest();
    const bool is_good = is_text(all);
    require(is_utf8(all) == is_good, "the engine knows UTF-8");
    require(conformance::wire::is_utf8(all) == is_good, "the judge knows UTF-8");
    Utf8Validator whole;
    const std::size_t valid = whole.feed(all);
    require(valid <= all.size() && (valid == all.size()) >= is_good, "a fault has a place");
    Utf8Validator cut;
    conformance::wire::Utf8 judge;
    for (Bytes rest = all; !rest.empty();) {
        const Bytes piece = rest.first(cutter.next(rest.size()));
        const std::size_t begin = all.size() - rest.size();
        const std::size_t taken = cut.feed(piece);
        require(judge.feed(piece) == (taken == piece.size()), "engine and judge agree by piece");
        if (taken < piece.size()) {
            require(begin + taken == valid, "a fault is found at its byte, wherever it is cut");
            return 0;
        }
        rest = rest.subspan(piece.size());
    }
    require(valid == all.size(), "a fault is found wherever it is cut");
    require(cut.is_complete() == is_good && whole.is_complete() == is_good,
            "a text is complete at the end of a character");
    return 0;
}
