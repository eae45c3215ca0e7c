#include "mask_keys.hpp"

#include <cmath>

namespace wsproof::conformance {

namespace {

// Keys that a linear rule must have explained before it is called one. Random keys fit each further
// one with a chance of about 2^-32.
constexpr std::size_t kLinearMin = 6;
constexpr double kChance = 1e-9;

std::uint32_t number(const wire::Key& key, bool big) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < key.size(); ++i) {
        value = value << 8 | std::to_integer<std::uint32_t>(key[big ? i : key.size() - 1 - i]);
    }
    return value;
}

// are_unlikely: that many repeats among `count` random keys. The number of equal pairs is nearly
// Poisson, and the chance of r or more of them is at most mean^r / r!.
bool are_unlikely(std::size_t repeats, std::size_t count) {
    const auto n = static_cast<double>(count);
    const auto r = static_cast<double>(repeats);
    const double mean = n * (n - 1) / 2 / 4294967296.0;
    return repeats > 0 && r > mean && r * std::log(mean) - std::lgamma(r + 1) < std::log(kChance);
}

}  // namespace

// The differences d of k' = a k + c grow by the factor a, hence d'' d = d'^2 (mod 2^32), which
// needs neither a nor c. A counter has a = 1. It is checked from pair to pair.
void MaskKeys::Sequence::add(std::uint32_t key, std::size_t before) {
    const std::uint32_t next = key - last;
    if (before >= 3) {
        is_linear = is_linear && next * previous == step * step;
    }
    previous = step;
    step = next;
    last = key;
}

void MaskKeys::add(const wire::Key& key) {
    const std::uint32_t value = number(key, true);
    big_.add(value, count_);
    little_.add(number(key, false), count_);
    distinct_.insert(value);
    ++count_;
}

std::string MaskKeys::repetition() const {
    if (!are_unlikely(count_ - distinct_.size(), count_)) {
        return {};
    }
    return std::to_string(count_) + " keys, of which " + std::to_string(distinct_.size()) +
           (distinct_.size() == 1 ? " is" : " are") + " distinct";
}

std::string MaskKeys::pattern() const {
    const std::string seen = std::to_string(count_) + " keys";
    if (std::string repeated = repetition(); !repeated.empty()) {
        return repeated;
    }
    if (count_ >= kLinearMin && (big_.is_linear || little_.is_linear)) {
        return seen + " in a linear sequence";
    }
    return {};
}

}  // namespace wsproof::conformance
