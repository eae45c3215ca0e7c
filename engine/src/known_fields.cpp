#include "known_fields.hpp"

#include <algorithm>
#include <cstdint>

#include "http_grammar.hpp"
#include "http_scan.hpp"

namespace wsproof {
namespace {

// differs: whether words of as many bytes differ by more than the case of letters. Of `known` a
// compiler knows which bytes are letters, and may differ by one bit.
bool differs(std::uint64_t word, std::uint64_t known) noexcept {
    const std::uint64_t case_bits = within(known | kOnes * 0x20, 'a', 'z') >> 2;
    return ((word ^ known) & ~case_bits) != 0;
}

// is_called: `name`, of as many bytes, is `known`. Read by words, of which the last overlaps.
template <std::size_t kSize>
bool is_called(const char* name, const char (&known)[kSize]) noexcept {
    constexpr std::size_t kLength = kSize - 1;  // without the zero
    if constexpr (kLength < kWord) {
        return !differs(ends({name, kLength}), ends({known, kLength}));
    } else {
        bool is_other = false;
        for (std::size_t at = 0; at < kLength; at += kWord) {
            const std::size_t from = std::min(at, kLength - kWord);
            is_other |= differs(eight(name + from), eight(known + from));
        }
        return !is_other;
    }
}

}  // namespace

// known_field: only one known field can be called `name`, by its size, and by its first letter
// where two are of one size.
KnownField known_field(std::string_view name) noexcept {
    const auto if_it_is = [](KnownField field, bool is_it) {
        return is_it ? field : KnownField::other;
    };
    const char* const text = name.data();
    switch (name.size()) {
        case 4:
            return if_it_is(KnownField::host, is_called(text, "Host"));
        case 6:
            return if_it_is(KnownField::origin, is_called(text, "Origin"));
        case 7:
            return if_it_is(KnownField::upgrade, is_called(text, "Upgrade"));
        case 10:
            return if_it_is(KnownField::connection, is_called(text, "Connection"));
        case 14:
            return if_it_is(KnownField::content_length, is_called(text, "Content-Length"));
        case 17:
            return name.front() == 'S' || name.front() == 's'
                       ? if_it_is(KnownField::key, is_called(text, "Sec-WebSocket-Key"))
                       : if_it_is(KnownField::transfer_encoding,
                                  is_called(text, "Transfer-Encoding"));
        case 20:
            return if_it_is(KnownField::accept, is_called(text, "Sec-WebSocket-Accept"));
        case 21:
            return if_it_is(KnownField::version, is_called(text, "Sec-WebSocket-Version"));
        case 22:
            return if_it_is(KnownField::protocol, is_called(text, "Sec-WebSocket-Protocol"));
        case 24:
            return if_it_is(KnownField::extensions, is_called(text, "Sec-WebSocket-Extensions"));
        default:
            return KnownField::other;
    }
}

KnownFields::KnownFields(std::span<const Field> fields) noexcept : fields_(fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        Row& row = rows_[static_cast<std::size_t>(known_field(fields[i].name))];
        if (row.count == 0) {
            row.first = static_cast<std::uint32_t>(i);
        }
        ++row.count;
    }
}

bool has_list_token(const KnownFields& fields, KnownField name, std::string_view token) noexcept {
    if (equals_ignoring_case(fields.first(name), token)) {
        return true;  // as most lists are
    }
    for (const Field& field : fields.from(name)) {
        std::string_view list = known_field(field.name) == name ? field.value : std::string_view{};
        while (!list.empty()) {
            if (equals_ignoring_case(next_list_element(list), token)) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace wsproof
