#include "met_before.hpp"

#include <algorithm>

#include "wire/digest.hpp"

namespace wsproof::conformance {

bool MetBefore::has_nonce(const std::string& nonce) {
    const std::lock_guard lock(mutex_);
    if (!nonces_.insert(nonce).second) {
        return true;
    }
    // One that is no base64 of 16 octets is judged with the request.
    const wire::ByteString octets = wire::from_base64(nonce);
    if (octets.size() == kOctets) {
        Nonce drawn{};
        std::transform(octets.begin(), octets.end(), drawn.begin(),
                       [](std::byte octet) { return std::to_integer<unsigned char>(octet); });
        look_at(drawn);
    }
    return false;
}

void MetBefore::look_at(const Nonce& nonce) {
    if (count_ == 0) {
        first_ = nonce;
        in_common_.set();
    }
    ++count_;
    for (std::size_t i = 0; i < kOctets; ++i) {
        in_common_[i] = in_common_[i] && nonce[i] == first_[i];
    }
    // A period of 1, 2 or 4 is one of 8 too.
    is_periodic_ = is_periodic_ && std::equal(nonce.begin() + 8, nonce.end(), nonce.begin());
}

std::string MetBefore::flaw() {
    const std::lock_guard lock(mutex_);
    if (count_ >= 4 && in_common_.count() >= kOctets / 2) {
        return std::to_string(in_common_.count()) +
               " of 16 octets of which are those of all connections so far";
    }
    if (count_ >= 2 && is_periodic_) {
        return "the second half of which is the first again, as on all connections so far";
    }
    return {};
}

}  // namespace wsproof::conformance
