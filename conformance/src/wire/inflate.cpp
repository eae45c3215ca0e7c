#include "inflate.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "deflate_tables.hpp"

namespace wsproof::conformance::wire {

namespace {

constexpr std::array<std::byte, 4> kTail = {std::byte{0}, std::byte{0}, std::byte{0xFF},
                                            std::byte{0xFF}};

// Bits reads the payload and the tail behind it, least significant bit first. Past the end
// it gives zeros and says so.
class Bits {
  public:
    Bits(ByteView payload, ByteView tail) : payload_(payload), tail_(tail) {}

    unsigned take(int count) {
        while (held_ < count) {
            buffer_ |= static_cast<std::uint64_t>(next_octet()) << held_;
            held_ += 8;
        }
        const auto value = static_cast<unsigned>(buffer_ & ((std::uint64_t{1} << count) - 1));
        buffer_ >>= count;
        held_ -= count;
        position_ += static_cast<std::uint64_t>(count);
        return value;
    }
    // align skips to the next octet and says whether the bits passed over are zero.
    bool align() { return take(static_cast<int>(-position_ & 7)) == 0; }

    [[nodiscard]] std::uint64_t position() const noexcept { return position_; }
    [[nodiscard]] std::uint64_t payload_end() const noexcept { return payload_.size() * 8; }
    [[nodiscard]] std::uint64_t end() const noexcept { return payload_end() + tail_.size() * 8; }
    [[nodiscard]] bool is_past_end() const noexcept { return position_ > end(); }

  private:
    unsigned next_octet() {
        const std::size_t at = read_++;
        if (at < payload_.size()) {
            return std::to_integer<unsigned>(payload_[at]);
        }
        const std::size_t behind = at - payload_.size();
        return behind < tail_.size() ? std::to_integer<unsigned>(tail_[behind]) : 0;
    }

    ByteView payload_;
    ByteView tail_;
    std::size_t read_ = 0;
    std::uint64_t buffer_ = 0;
    int held_ = 0;  // bits in buffer_
    std::uint64_t position_ = 0;
};

// Code is a canonical Huffman code (RFC 1951 §3.2.2): how many codes there are of each length, and
// their symbols in order.
class Code {
  public:
    // assign says whether the lengths make a code; one with unused bit patterns is a code too.
    bool assign(std::span<const std::uint8_t> lengths) {
        count_.fill(0);
        for (const std::uint8_t length : lengths) {
            ++count_[length];
        }
        count_[0] = 0;
        int free = 1;
        std::array<std::uint16_t, 16> next{};
        for (std::size_t length = 1; length < count_.size(); ++length) {
            free = 2 * free - count_[length];
            if (free < 0) {
                return false;
            }
            next[length] = static_cast<std::uint16_t>(next[length - 1] + count_[length - 1]);
        }
        for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
            if (lengths[symbol] != 0) {
                symbols_[next[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
            }
        }
        return true;
    }

    // read gives a symbol, or -1 for bits that stand for none.
    int read(Bits& bits) const {
        int code = 0;
        int first = 0;
        int index = 0;
        for (std::size_t length = 1; length < count_.size(); ++length) {
            code |= static_cast<int>(bits.take(1));
            const int count = count_[length];
            if (code - first < count) {
                return symbols_[static_cast<std::size_t>(index + code - first)];
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        return -1;
    }

  private:
    std::array<std::uint16_t, 16> count_{};
    std::array<std::uint16_t, 288> symbols_{};
};

class Walker {
  public:
    Walker(ByteView payload, ByteView tail, ByteView history, std::size_t limit)
        : payload_(payload),
          history_(history.last(std::min(history.size(), kDeflateWindow))),
          bits_(payload, tail),
          limit_(limit) {}

    Inflated walk() {
        // A block begins in the payload; what would begin behind it is not the sender's.
        while (out_.fault == InflateFault::none && bits_.position() + 3 <= bits_.payload_end()) {
            take_block();
        }
        if (out_.fault == InflateFault::none) {
            out_.ending = ending();
        }
        return std::move(out_);
    }

  private:
    void take_block() {
        token_ = bits_.position();
        const bool is_final = bits_.take(1) != 0;
        const unsigned type = bits_.take(2);
        out_.final_blocks += is_final ? 1 : 0;
        last_is_empty_ = false;
        switch (type) {
            case 0:
                ++out_.stored_blocks;
                take_stored();
                break;
            case 1:
                ++out_.fixed_blocks;
                take_fixed();
                break;
            case 2:
                ++out_.dynamic_blocks;
                take_dynamic();
                break;
            default:
                fail(InflateFault::reserved_block);
                break;
        }
        // RFC 7692 §7.2.1: blocks behind a final one begin with a new octet.
        if (is_final && out_.fault == InflateFault::none && !bits_.align()) {
            out_.padding_is_zero = false;
        }
    }

    void take_stored() {
        static_cast<void>(bits_.align());
        const std::uint64_t lengths_at = bits_.position();
        const unsigned length = bits_.take(16);
        const unsigned complement = bits_.take(16);
        if (bits_.is_past_end()) {
            fail(InflateFault::cut_off);
            return;
        }
        if ((length ^ complement) != 0xFFFF) {
            fail(InflateFault::stored_length);
            return;
        }
        for (unsigned i = 0; i < length && out_.fault == InflateFault::none; ++i) {
            const auto octet = static_cast<std::byte>(bits_.take(8));
            if (bits_.is_past_end()) {
                fail(InflateFault::cut_off);
                return;
            }
            put(octet);
        }
        last_is_empty_ = length == 0 && lengths_at == bits_.payload_end();
    }

    void take_fixed() {
        static const std::array<Code, 2> codes = [] {
            std::array<std::uint8_t, 288> lengths{};
            for (std::size_t i = 0; i < lengths.size(); ++i) {
                lengths[i] = fixed_code_length(static_cast<int>(i));
            }
            std::array<std::uint8_t, 32> distances{};
            distances.fill(5);
            std::array<Code, 2> made;
            static_cast<void>(made[0].assign(lengths));
            static_cast<void>(made[1].assign(distances));
            return made;
        }();
        take_tokens(codes[0], codes[1]);
    }

    void take_dynamic() {
        const std::size_t literals = bits_.take(5) + 257;
        const std::size_t distances = bits_.take(5) + 1;
        const std::size_t orders = bits_.take(4) + 4;
        std::array<std::uint8_t, 19> code_lengths{};
        for (std::size_t i = 0; i < orders; ++i) {
            code_lengths[kCodeLengthOrder[i]] = static_cast<std::uint8_t>(bits_.take(3));
        }
        Code code;
        if (literals > 286 || !code.assign(code_lengths)) {
            fail(bits_.is_past_end() ? InflateFault::cut_off : InflateFault::code_lengths);
            return;
        }
        std::array<std::uint8_t, 320> lengths{};
        if (!take_lengths(code, std::span(lengths).first(literals + distances))) {
            return;
        }
        Code literal;
        Code distance;
        if (!literal.assign(std::span(lengths).first(literals)) ||
            !distance.assign(std::span(lengths).subspan(literals, distances))) {
            fail(InflateFault::code_lengths);
            return;
        }
        take_tokens(literal, distance);
    }

    bool take_lengths(const Code& code, std::span<std::uint8_t> lengths) {
        std::size_t filled = 0;
        while (filled < lengths.size()) {
            const int symbol = code.read(bits_);
            std::uint8_t value = 0;
            std::size_t times = 1;
            if (symbol >= 0 && symbol < 16) {
                value = static_cast<std::uint8_t>(symbol);
            } else if (symbol == 16 && filled > 0) {
                value = lengths[filled - 1];
                times = 3 + bits_.take(2);
            } else if (symbol >= 17) {
                times = symbol == 17 ? 3 + bits_.take(3) : 11 + bits_.take(7);
            } else {
                times = lengths.size() + 1;  // no such code, or nothing to repeat
            }
            if (bits_.is_past_end() || times > lengths.size() - filled) {
                fail(bits_.is_past_end() ? InflateFault::cut_off : InflateFault::code_lengths);
                return false;
            }
            std::fill_n(lengths.begin() + static_cast<std::ptrdiff_t>(filled), times, value);
            filled += times;
        }
        return true;
    }

    void take_tokens(const Code& literals, const Code& distances) {
        while (out_.fault == InflateFault::none) {
            token_ = bits_.position();
            const int symbol = literals.read(bits_);
            if (bits_.is_past_end()) {
                fail(InflateFault::cut_off);
            } else if (symbol < 0 || symbol > 285) {
                fail(InflateFault::undefined_code);
            } else if (symbol == kEndOfBlock) {
                return;
            } else if (symbol < kEndOfBlock) {
                put(static_cast<std::byte>(symbol));
            } else {
                take_reference(kLengths[static_cast<std::size_t>(symbol - 257)], distances);
            }
        }
    }

    void take_reference(const Range& range, const Code& distances) {
        const std::size_t length = range.base + bits_.take(range.extra_bits);
        const int symbol = distances.read(bits_);
        if (symbol < 0 || symbol > 29) {
            fail(bits_.is_past_end() ? InflateFault::cut_off
                 : symbol < 0        ? InflateFault::undefined_code
                                     : InflateFault::distance_code);
            return;
        }
        const Range& far = kDistances[static_cast<std::size_t>(symbol)];
        const std::size_t distance = far.base + bits_.take(far.extra_bits);
        if (bits_.is_past_end()) {
            fail(InflateFault::cut_off);
            return;
        }
        if (distance > out_.data.size() + history_.size()) {
            fail(InflateFault::too_far);
            return;
        }
        note(distance);
        for (std::size_t i = 0; i < length && out_.fault == InflateFault::none; ++i) {
            const std::size_t made = out_.data.size();
            put(distance <= made ? out_.data[made - distance]
                                 : history_[history_.size() - (distance - made)]);
        }
    }

    void note(std::size_t distance) {
        if (distance > out_.distance) {
            out_.distance = static_cast<std::uint32_t>(distance);
            out_.distance_bit = token_;
        }
        if (distance > out_.data.size() && distance - out_.data.size() > out_.reach) {
            out_.reach = static_cast<std::uint32_t>(distance - out_.data.size());
            out_.reach_bit = token_;
        }
    }

    void put(std::byte octet) {
        if (out_.data.size() >= limit_) {
            fail(InflateFault::over_limit);
            return;
        }
        out_.data.push_back(octet);
    }

    void fail(InflateFault fault) {
        out_.fault = fault;
        out_.fault_bit = token_;
    }

    [[nodiscard]] Ending ending() const {
        if (last_is_empty_) {
            return Ending::proper;
        }
        if (bits_.position() > bits_.payload_end()) {
            return Ending::swallowed;
        }
        const bool keeps_tail =
            payload_.size() >= kTail.size() &&
            std::equal(kTail.begin(), kTail.end(), payload_.end() - kTail.size());
        return keeps_tail ? Ending::tail_kept : Ending::no_block;
    }

    ByteView payload_;
    ByteView history_;
    Bits bits_;
    std::size_t limit_;
    Inflated out_{};
    std::uint64_t token_ = 0;     // where the token in hand begins
    bool last_is_empty_ = false;  // the last block is empty, stored, and the tail is its lengths
};

const char* name_of(InflateFault fault) {
    switch (fault) {
        case InflateFault::none:
            return "no fault";
        case InflateFault::reserved_block:
            return "a reserved block type";
        case InflateFault::stored_length:
            return "a stored block whose length and its complement disagree";
        case InflateFault::code_lengths:
            return "a dynamic block whose code lengths make no code";
        case InflateFault::undefined_code:
            return "bits that are no code";
        case InflateFault::distance_code:
            return "a distance code above 29";
        case InflateFault::too_far:
            return "a reference to before the first message";
        case InflateFault::cut_off:
            return "the stream is cut off inside a block";
        case InflateFault::over_limit:
            return "more than the judge keeps";
    }
    return "";
}

const char* name_of(Ending ending) {
    switch (ending) {
        case Ending::proper:
            return "it ends properly";
        case Ending::tail_kept:
            return "the payload still ends in 00 00 FF FF";
        case Ending::no_block:
            return "no empty stored block begins at the end of the payload";
        case Ending::swallowed:
            return "the 00 00 FF FF to append fall into a block's data";
    }
    return "";
}

}  // namespace

Inflated inflate(ByteView payload, ByteView history, std::size_t limit) {
    return Walker(payload, kTail, history, limit).walk();
}

Inflated inflate_part(ByteView payload, ByteView history, std::size_t limit) {
    return Walker(payload, {}, history, limit).walk();
}

std::string describe(const Inflated& message, std::size_t payload_size) {
    const std::string of = " of " + std::to_string(payload_size) + " compressed bytes";
    if (message.fault == InflateFault::none) {
        return name_of(message.ending) + of;
    }
    return name_of(message.fault) + (" at bit " + std::to_string(message.fault_bit)) + of;
}

void History::append(ByteView data) {
    if (data.size() >= kDeflateWindow) {
        bytes_.assign(data.end() - static_cast<std::ptrdiff_t>(kDeflateWindow), data.end());
        return;
    }
    bytes_.insert(bytes_.end(), data.begin(), data.end());
    if (bytes_.size() > 2 * kDeflateWindow) {
        bytes_.erase(bytes_.begin(), bytes_.end() - static_cast<std::ptrdiff_t>(kDeflateWindow));
    }
}

ByteView History::view() const noexcept {
    return ByteView(bytes_).last(std::min(bytes_.size(), kDeflateWindow));
}

}  // namespace wsproof::conformance::wire
