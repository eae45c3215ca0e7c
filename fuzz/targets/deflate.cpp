// Invariant: the engine inflates what is DEFLATE and refuses what is not, as the judge's own reader
// does, however it is cut; what it deflates, within the window agreed, the judge reads back.
#include "deflate_checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    wsproof::fuzz::Input input(data, size);
    if (input.flag()) {
        wsproof::fuzz::check_deflater(input);
    } else {
        wsproof::fuzz::check_inflater(input);
    }
    return 0;
}
