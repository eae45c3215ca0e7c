#include "deflate_writer.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "deflate_tables.hpp"

namespace wsproof::conformance::wire {

namespace {

constexpr std::size_t kStoredMax = 65535;  // bytes of one stored block

using Lengths = std::vector<std::uint8_t>;

// index_of finds the range that holds `value`.
template <std::size_t kCount>
std::size_t index_of(const std::array<Range, kCount>& ranges, std::size_t value) {
    const auto above = std::upper_bound(
        ranges.begin(), ranges.end(), value,
        [](std::size_t wanted, const Range& range) { return wanted < range.base; });
    return static_cast<std::size_t>(above - ranges.begin()) - 1;
}

// depths_of builds a Huffman tree over the symbols that occur and tells how deep each one lies.
Lengths depths_of(const std::vector<std::uint32_t>& frequency) {
    struct Node {
        std::uint64_t weight;
        std::size_t parent;
    };
    std::vector<Node> nodes;
    std::vector<std::size_t> symbols;
    std::vector<std::size_t> roots;
    for (std::size_t symbol = 0; symbol < frequency.size(); ++symbol) {
        if (frequency[symbol] > 0) {
            roots.push_back(nodes.size());
            symbols.push_back(symbol);
            nodes.push_back({frequency[symbol], 0});
        }
    }
    const auto heavier = [&nodes](std::size_t a, std::size_t b) {
        return nodes[a].weight > nodes[b].weight;
    };
    std::make_heap(roots.begin(), roots.end(), heavier);
    while (roots.size() > 1) {
        std::array<std::size_t, 2> lightest{};
        for (std::size_t& each : lightest) {
            std::pop_heap(roots.begin(), roots.end(), heavier);
            each = roots.back();
            roots.pop_back();
            nodes[each].parent = nodes.size();
        }
        nodes.push_back({nodes[lightest[0]].weight + nodes[lightest[1]].weight, 0});
        roots.push_back(nodes.size() - 1);
        std::push_heap(roots.begin(), roots.end(), heavier);
    }
    // A parent has a higher number than its children.
    std::vector<std::uint8_t> depth(nodes.size(), 0);
    for (std::size_t i = nodes.size() - 1; i-- > 0;) {
        depth[i] = static_cast<std::uint8_t>(depth[nodes[i].parent] + 1);
    }
    Lengths lengths(frequency.size(), 0);
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        lengths[symbols[i]] = depth[i];
    }
    return lengths;
}

// lengths_of makes a complete code in which none is longer than `most`: frequencies are flattened
// until the tree is low enough. Two symbols at least have a code, as zlib's readers are used to.
Lengths lengths_of(std::vector<std::uint32_t> frequency, std::uint8_t most) {
    auto used = frequency.size() -
                static_cast<std::size_t>(std::count(frequency.begin(), frequency.end(), 0U));
    for (std::size_t symbol = 0; used < 2; ++symbol) {
        used += frequency[symbol] == 0 ? 1 : 0;
        frequency[symbol] = std::max(frequency[symbol], 1U);
    }
    while (true) {
        Lengths lengths = depths_of(frequency);
        if (*std::max_element(lengths.begin(), lengths.end()) <= most) {
            return lengths;
        }
        for (std::uint32_t& each : frequency) {
            each = each == 0 ? 0 : each / 2 + 1;
        }
    }
}

// codes_of numbers a canonical code (RFC 1951 §3.2.2).
std::vector<std::uint16_t> codes_of(const Lengths& lengths) {
    std::array<std::uint32_t, 16> count{};
    for (const std::uint8_t length : lengths) {
        count[length] += length > 0 ? 1 : 0;
    }
    std::array<std::uint32_t, 16> next{};
    for (std::size_t length = 1; length < next.size(); ++length) {
        next[length] = (next[length - 1] + count[length - 1]) << 1;
    }
    std::vector<std::uint16_t> codes(lengths.size(), 0);
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
        if (lengths[symbol] > 0) {
            codes[symbol] = static_cast<std::uint16_t>(next[lengths[symbol]]++);
        }
    }
    return codes;
}

// Run is a code length code with the bits behind it (RFC 1951 §3.2.7).
struct Run {
    std::uint8_t symbol = 0;
    std::uint8_t extra = 0;
    std::uint8_t extra_bits = 0;
};

std::vector<Run> runs_of(const Lengths& lengths) {
    std::vector<Run> runs;
    for (std::size_t at = 0; at < lengths.size();) {
        const std::uint8_t value = lengths[at];
        std::size_t same = 1;
        while (at + same < lengths.size() && lengths[at + same] == value && same < 138) {
            ++same;
        }
        if (value == 0 && same >= 11) {
            runs.push_back({18, static_cast<std::uint8_t>(same - 11), 7});
        } else if (value == 0 && same >= 3) {
            runs.push_back({17, static_cast<std::uint8_t>(same - 3), 3});
        } else if (same >= 4) {
            same = std::min<std::size_t>(same, 7);
            runs.push_back({value, 0, 0});
            runs.push_back({16, static_cast<std::uint8_t>(same - 4), 2});
        } else {
            same = 1;
            runs.push_back({value, 0, 0});
        }
        at += same;
    }
    return runs;
}

// Finder looks for what was seen before, by its first three octets.
class Finder {
  public:
    Finder(ByteView all, std::size_t distance_max) : all_(all), distance_max_(distance_max) {}

    void remember(std::size_t at) {
        if (at + 3 <= all_.size()) {
            seen_[key(at)].push_back(static_cast<std::uint32_t>(at));
        }
    }

    [[nodiscard]] Token longest(std::size_t at) const {
        constexpr int kTries = 16;
        Token best;
        if (at + 3 > all_.size()) {
            return best;
        }
        const auto found = seen_.find(key(at));
        if (found == seen_.end()) {
            return best;
        }
        const std::size_t most = std::min(kLengthMax, all_.size() - at);
        int tries = 0;
        for (auto from = found->second.rbegin();
             from != found->second.rend() && at - *from <= distance_max_ && tries < kTries;
             ++from, ++tries) {
            std::size_t same = 3;
            while (same < most && all_[*from + same] == all_[at + same]) {
                ++same;
            }
            if (same > best.size) {
                best = {static_cast<std::uint16_t>(same), static_cast<std::uint16_t>(at - *from)};
            }
        }
        return best;
    }

  private:
    [[nodiscard]] std::uint32_t key(std::size_t at) const {
        return std::to_integer<std::uint32_t>(all_[at]) << 16 |
               std::to_integer<std::uint32_t>(all_[at + 1]) << 8 |
               std::to_integer<std::uint32_t>(all_[at + 2]);
    }

    ByteView all_;
    std::size_t distance_max_;
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> seen_;
};

}  // namespace

struct DeflateWriter::Codes {
    Codes(Lengths of_literals, Lengths of_distances)
        : literal_lengths(std::move(of_literals)),
          distance_lengths(std::move(of_distances)),
          literals(codes_of(literal_lengths)),
          distances(codes_of(distance_lengths)) {}

    static Codes fixed() {
        Lengths literals(288);
        for (std::size_t i = 0; i < literals.size(); ++i) {
            literals[i] = fixed_code_length(static_cast<int>(i));
        }
        return {std::move(literals), Lengths(30, 5)};
    }

    static Codes of(std::span<const Token> tokens) {
        std::vector<std::uint32_t> literals(286, 0);
        std::vector<std::uint32_t> distances(30, 0);
        literals[kEndOfBlock] = 1;
        for (const Token& token : tokens) {
            if (token.distance == 0) {
                ++literals[token.size];
            } else {
                ++literals[257 + index_of(kLengths, token.size)];
                ++distances[index_of(kDistances, token.distance)];
            }
        }
        return {lengths_of(std::move(literals), 15), lengths_of(std::move(distances), 15)};
    }

    Lengths literal_lengths;
    Lengths distance_lengths;
    std::vector<std::uint16_t> literals;
    std::vector<std::uint16_t> distances;
};

void DeflateWriter::put(std::uint32_t bits, int count) {
    held_ |= bits << held_bits_;
    held_bits_ += count;
    while (held_bits_ >= 8) {
        out_.push_back(static_cast<std::byte>(held_));
        held_ >>= 8;
        held_bits_ -= 8;
    }
}

// Huffman codes stand with their most significant bit first (RFC 1951 §3.1.1).
void DeflateWriter::put_code(std::uint32_t code, int length) {
    for (int bit = length - 1; bit >= 0; --bit) {
        put(code >> bit & 1, 1);
    }
}

void DeflateWriter::align() {
    if (held_bits_ > 0) {
        put(0, 8 - held_bits_);
    }
}

void DeflateWriter::stored(ByteView data, bool is_final) {
    do {
        const std::size_t size = std::min(data.size(), kStoredMax);
        put(is_final && size == data.size() ? 1 : 0, 3);
        align();
        put(static_cast<std::uint32_t>(size), 16);
        put(static_cast<std::uint32_t>(~size & 0xFFFF), 16);
        out_.insert(out_.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(size));
        data = data.subspan(size);
    } while (!data.empty());
}

void DeflateWriter::put_tokens(std::span<const Token> tokens, const Codes& codes) {
    const auto put_literal = [&](std::size_t symbol) {
        put_code(codes.literals[symbol], codes.literal_lengths[symbol]);
    };
    for (const Token& token : tokens) {
        if (token.distance == 0) {
            put_literal(token.size);
            continue;
        }
        const std::size_t length = index_of(kLengths, token.size);
        put_literal(257 + length);
        put(token.size - kLengths[length].base, kLengths[length].extra_bits);
        const std::size_t distance = index_of(kDistances, token.distance);
        put_code(codes.distances[distance], codes.distance_lengths[distance]);
        put(token.distance - kDistances[distance].base, kDistances[distance].extra_bits);
    }
    put_literal(kEndOfBlock);
}

void DeflateWriter::fixed(std::span<const Token> tokens, bool is_final) {
    put(is_final ? 3 : 2, 3);
    put_tokens(tokens, Codes::fixed());
}

void DeflateWriter::dynamic(std::span<const Token> tokens, bool is_final) {
    put(is_final ? 5 : 4, 3);
    const Codes codes = Codes::of(tokens);
    put_code_lengths(codes);
    put_tokens(tokens, codes);
}

void DeflateWriter::put_code_lengths(const Codes& codes) {
    Lengths all = codes.literal_lengths;
    all.insert(all.end(), codes.distance_lengths.begin(), codes.distance_lengths.end());
    const std::vector<Run> runs = runs_of(all);
    std::vector<std::uint32_t> frequency(kCodeLengthOrder.size(), 0);
    for (const Run& run : runs) {
        ++frequency[run.symbol];
    }
    const Lengths lengths = lengths_of(std::move(frequency), 7);
    const std::vector<std::uint16_t> code = codes_of(lengths);
    put(static_cast<std::uint32_t>(codes.literal_lengths.size() - 257), 5);
    put(static_cast<std::uint32_t>(codes.distance_lengths.size() - 1), 5);
    put(static_cast<std::uint32_t>(kCodeLengthOrder.size() - 4), 4);
    for (const std::uint8_t symbol : kCodeLengthOrder) {
        put(lengths[symbol], 3);
    }
    for (const Run& run : runs) {
        put_code(code[run.symbol], lengths[run.symbol]);
        put(run.extra, run.extra_bits);
    }
}

std::vector<Token> literals_of(ByteView data) {
    std::vector<Token> tokens;
    tokens.reserve(data.size());
    for (const std::byte octet : data) {
        tokens.push_back({std::to_integer<std::uint8_t>(octet), 0});
    }
    return tokens;
}

std::vector<Token> tokens_of(ByteView data, ByteView history, std::size_t distance_max) {
    history = history.last(std::min(history.size(), distance_max));
    ByteString all(history.begin(), history.end());
    all.insert(all.end(), data.begin(), data.end());
    Finder finder(all, distance_max);
    for (std::size_t at = 0; at < history.size(); ++at) {
        finder.remember(at);
    }
    std::vector<Token> tokens;
    for (std::size_t at = history.size(); at < all.size();) {
        Token token = finder.longest(at);
        std::size_t size = token.size;
        if (size == 0) {
            token.size = std::to_integer<std::uint8_t>(all[at]);
            size = 1;
        }
        tokens.push_back(token);
        for (const std::size_t end = at + size; at < end; ++at) {
            finder.remember(at);
        }
    }
    return tokens;
}

}  // namespace wsproof::conformance::wire
