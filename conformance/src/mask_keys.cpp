#include "mask_keys.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace wsproof::conformance {

namespace {

// Keys that a rule must have explained before it is called one. Random keys fit each further one
// with a chance of about 2^-32.
constexpr std::size_t kRuleMin = 6;
constexpr double kChance = 1e-9;
constexpr double kKeys = 4294967296.0;  // that there are
// Bits that never change and are yet put up with: generators of 31 bits, octets of seven, letters
// and digits mixed.
constexpr std::size_t kFixedMax = 7;
// Keys that must have been seen before bits are said never to change: fewer would do for the
// chance, but the verdict is to be the same in each run.
constexpr std::size_t kStuckMin = 50;

std::uint32_t number(const wire::Key& key, bool big) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < key.size(); ++i) {
        value = value << 8 | std::to_integer<std::uint32_t>(key[big ? i : key.size() - 1 - i]);
    }
    return value;
}

// are_repeats: that so many of `count` random numbers come again is no chance. The number of equal
// pairs is nearly Poisson, and the chance of r or more of them is at most mean^r / r!.
bool are_repeats(std::size_t repeats, std::size_t count) {
    const auto n = static_cast<double>(count);
    const auto r = static_cast<double>(repeats);
    const double mean = n * (n - 1) / 2 / kKeys;
    return repeats > 0 && r > mean && r * std::log(mean) - std::lgamma(r + 1) < std::log(kChance);
}

// are_stuck: so many keys have more bits in common than is put up with. Of random ones, some eight
// bits are alike in all with a chance of C(32, 8) * 2^(-8 * (kStuckMin - 1)), which is 10^-111.
bool are_stuck(std::size_t bits, std::size_t count) {
    return bits > kFixedMax && count >= kStuckMin;
}

std::uint32_t sorted(std::uint32_t key) {
    auto octets = std::bit_cast<std::array<unsigned char, 4>>(key);
    std::sort(octets.begin(), octets.end());
    return std::bit_cast<std::uint32_t>(octets);
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

void MaskKeys::Relations::add(std::uint32_t key, std::uint32_t before) {
    reordered += sorted(key) == sorted(before) ? 1U : 0U;
    steps.insert(key - before);
    switched.insert(key ^ before);
}

void MaskKeys::add(const wire::Key& key) {
    const std::uint32_t value = number(key, true);
    if (count_ > 0) {
        relations_.add(value, big_.last);
    }
    ever_set_ |= value;
    always_set_ &= value;
    big_.add(value, count_);
    little_.add(number(key, false), count_);
    distinct_.insert(value);
    ++count_;
}

std::string MaskKeys::repetition() const {
    if (!are_repeats(count_ - distinct_.size(), count_)) {
        return {};
    }
    return std::to_string(count_) + " keys, of which " + std::to_string(distinct_.size()) +
           (distinct_.size() == 1 ? " is" : " are") + " distinct";
}

std::size_t MaskKeys::fixed_bits() const {
    return static_cast<std::size_t>(std::popcount(always_set_ | ~ever_set_));
}

std::string MaskKeys::relation() const {
    const std::size_t pairs = count_ - 1;
    if (relations_.reordered >= kRuleMin) {
        return "of which " + std::to_string(relations_.reordered) +
               " hold the octets of the one before in another order";
    }
    const std::size_t alike = pairs - std::min(relations_.steps.size(), relations_.switched.size());
    if (alike >= kRuleMin && are_repeats(alike, pairs)) {
        return "that differ from the one before by the same again and again";
    }
    return {};
}

std::string MaskKeys::weakness() const {
    if (!are_stuck(fixed_bits(), count_)) {
        return {};
    }
    return std::to_string(count_) + " keys, in which " + std::to_string(fixed_bits()) +
           " of 32 bits never change";
}

std::string MaskKeys::pattern() const {
    if (count_ == 0) {
        return {};
    }
    const std::string seen = std::to_string(count_) + " keys";
    if (std::string repeated = repetition(); !repeated.empty()) {
        return repeated;
    }
    if (count_ >= kRuleMin && (big_.is_linear || little_.is_linear)) {
        return seen + " in a linear sequence";
    }
    const std::string related = relation();
    return related.empty() ? related : seen + " " + related;
}

}  // namespace wsproof::conformance
