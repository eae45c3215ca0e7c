#include "deflate_stream.hpp"

#include <algorithm>
#include <vector>

#include "wire/deflate_writer.hpp"

namespace wsproof::fuzz {

namespace wire = conformance::wire;

namespace {

constexpr std::size_t kBlocksMax = 12;
constexpr std::size_t kContentMax = 20'000;  // bytes

class Maker {
  public:
    Maker(Input& recipe, Bytes history, std::size_t window)
        : recipe_(recipe), history_(history), window_(window) {}

    // block: the first byte says the kind (0, 1 stored, 2 to 4 fixed, 5 to 7 dynamic), the next how
    // many tokens or bytes.
    void block(bool reaches_too_far) {
        const std::uint8_t what = recipe_.byte();
        const bool is_final = (what & 0x88U) == 0x88U;
        const unsigned kind = what & 7U;
        const std::size_t count = recipe_.byte();
        if (kind < 2) {
            const Bytes data = recipe_.take(count % 64);
            writer_.stored(data, is_final);
            content_.insert(content_.end(), data.begin(), data.end());
            align_if(is_final);
            return;
        }
        auto tokens = make_tokens(count % 24);
        if (reaches_too_far) {
            tokens.push_back({3, static_cast<std::uint16_t>(std::min<std::size_t>(
                                     32768, history_.size() + content_.size() + 1))});
        }
        if (kind < 5) {
            writer_.fixed(tokens, is_final);
        } else {
            writer_.dynamic(tokens, is_final);
        }
        align_if(is_final);
    }
    // end adds the empty stored block whose last four bytes the sender takes off.
    void end() { writer_.stored({}, false); }
    [[nodiscard]] Buffer take() {
        writer_.align();
        return writer_.take();
    }
    [[nodiscard]] Buffer& content() noexcept { return content_; }

  private:
    // align_if: what follows a final block begins with a new byte (RFC 7692 §7.2.3.4).
    void align_if(bool is_final) {
        if (is_final) {
            writer_.align();
        }
    }
    // make_tokens: an odd byte is a literal, an even one begins a reference.
    std::vector<wire::Token> make_tokens(std::size_t count) {
        std::vector<wire::Token> tokens;
        for (; count > 0 && content_.size() < kContentMax; --count) {
            const std::uint8_t what = recipe_.byte();
            const std::size_t known = std::min(window_, history_.size() + content_.size());
            if ((what & 1U) != 0 || known == 0) {
                const auto literal = static_cast<std::uint16_t>(what >> 1);
                tokens.push_back({literal, 0});
                content_.push_back(static_cast<std::byte>(literal));
                continue;
            }
            const std::size_t choice = static_cast<std::size_t>(recipe_.number(2));
            const std::size_t distance = (what & 2U) != 0
                                             ? known - choice % std::min(known, std::size_t{8})
                                             : 1 + choice % known;
            const std::size_t size = what >= 0xF0 ? 258 : 3 + (what >> 2);
            tokens.push_back(
                {static_cast<std::uint16_t>(size), static_cast<std::uint16_t>(distance)});
            copy(distance, size);
        }
        return tokens;
    }
    void copy(std::size_t distance, std::size_t size) {
        for (; size > 0; --size) {
            const std::size_t made = content_.size();
            content_.push_back(distance <= made ? content_[made - distance]
                                                : history_[history_.size() - (distance - made)]);
        }
    }

    Input& recipe_;
    Bytes history_;
    std::size_t window_;
    wire::DeflateWriter writer_;
    Buffer content_;
};

// spoil: 3 to 8; the others are for make_stream.
void spoil(Buffer& bytes, unsigned damage, std::uint8_t where) {
    if (bytes.empty()) {
        return;
    }
    const std::size_t at = where % bytes.size();
    switch (damage) {
        case 3:
            bytes[at] ^= std::byte{static_cast<unsigned char>(1U << (where & 7U))};
            return;
        case 4:
            bytes.resize(at);
            return;
        case 5:
            bytes[0] |= std::byte{6};  // a reserved block type
            return;
        case 6:
            bytes.insert(bytes.end(),
                         {std::byte{0}, std::byte{0}, std::byte{0xFF}, std::byte{0xFF}});
            return;
        case 7:
            bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), std::byte{where});
            return;
        default:
            bytes.pop_back();
            return;
    }
}

}  // namespace

DeflateStream make_stream(Input& recipe, Bytes history, std::size_t window, unsigned damage) {
    const std::uint8_t where = damage != 0 ? recipe.byte() : std::uint8_t{0};
    Maker maker(recipe, history, window);
    for (std::size_t i = 0; i < kBlocksMax && !recipe.empty(); ++i) {
        maker.block(damage == 1 && i == 0);
    }
    DeflateStream stream;
    if (damage != 2) {  // 2: no block for the tail to complete
        maker.end();
    }
    stream.bytes = maker.take();
    if (damage != 2 && stream.bytes.size() >= 4) {
        stream.bytes.resize(stream.bytes.size() - 4);
    }
    stream.content = std::move(maker.content());
    stream.is_valid = damage == 0;
    if (damage > 2) {
        spoil(stream.bytes, damage, where);
    }
    return stream;
}

}  // namespace wsproof::fuzz
