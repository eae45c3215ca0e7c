#include "own_stream.hpp"

namespace wsproof::conformance {

void OwnStream::frame(std::uint8_t opcode, std::uint8_t rsv, bool fin, wire::ByteView payload) {
    constexpr std::size_t kInflatedMax = std::size_t{64} << 20;  // a bomb leaves no history
    if (opcode > 2) {
        return;
    }
    if (opcode != 0) {
        is_compressed_ = (rsv & 4) != 0;
        message_.clear();
    }
    if (!is_compressed_) {
        return;
    }
    message_.insert(message_.end(), payload.begin(), payload.end());
    if (!fin) {
        return;
    }
    const wire::Inflated inflated = wire::inflate(message_, history_.view(), kInflatedMax);
    if (inflated.fault == wire::InflateFault::over_limit) {
        history_.clear();
    } else {
        history_.append(inflated.data);
    }
    is_compressed_ = false;
    message_.clear();
}

}  // namespace wsproof::conformance
