// The header fields that the opening handshakes look at, found in one walk through a head.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <wsproof/options.hpp>

namespace wsproof {

enum class KnownField : std::uint8_t {
    host,
    origin,
    upgrade,
    connection,
    content_length,
    transfer_encoding,
    key,
    accept,
    version,
    protocol,
    extensions,
    other,  // all that is not one of those
};

// known_field: ASCII case ignored (RFC 9110 §5.1).
[[nodiscard]] KnownField known_field(std::string_view name) noexcept;

// KnownFields is a view of `fields`: those of each name can be counted and found at once.
class KnownFields {
  public:
    explicit KnownFields(std::span<const Field> fields) noexcept;

    [[nodiscard]] std::size_t count(KnownField name) const noexcept { return row(name).count; }
    // first: the value of the first field of that name; empty if there is none.
    [[nodiscard]] std::string_view first(KnownField name) const noexcept {
        return count(name) == 0 ? std::string_view{} : fields_[row(name).first].value;
    }
    // from: the fields from the first of that name on; empty if there is none.
    [[nodiscard]] std::span<const Field> from(KnownField name) const noexcept {
        return count(name) == 0 ? std::span<const Field>{} : fields_.subspan(row(name).first);
    }

  private:
    struct Row {
        std::uint32_t first = 0;  // an index
        std::uint32_t count = 0;
    };
    [[nodiscard]] const Row& row(KnownField name) const noexcept {
        return rows_[static_cast<std::size_t>(name)];
    }

    std::span<const Field> fields_;
    std::array<Row, static_cast<std::size_t>(KnownField::other) + 1> rows_{};
};

// has_list_token says whether the comma-separated lists of all fields called `name`, taken
// together, hold `token`, ASCII case ignored.
[[nodiscard]] bool has_list_token(const KnownFields& fields, KnownField name,
                                  std::string_view token) noexcept;

}  // namespace wsproof
