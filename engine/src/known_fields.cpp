#include "known_fields.hpp"

#include "http_grammar.hpp"

namespace wsproof {
namespace {

struct Candidate {
    KnownField field;
    std::string_view name;
};

// likeliest: the only known field that can be called `name`, by its size, and by its first letter
// where two are of one size.
Candidate likeliest(std::string_view name) noexcept {
    switch (name.size()) {
        case 4:
            return {KnownField::host, "Host"};
        case 6:
            return {KnownField::origin, "Origin"};
        case 7:
            return {KnownField::upgrade, "Upgrade"};
        case 10:
            return {KnownField::connection, "Connection"};
        case 14:
            return {KnownField::content_length, "Content-Length"};
        case 17:
            return name.front() == 'S' || name.front() == 's'
                       ? Candidate{KnownField::key, "Sec-WebSocket-Key"}
                       : Candidate{KnownField::transfer_encoding, "Transfer-Encoding"};
        case 20:
            return {KnownField::accept, "Sec-WebSocket-Accept"};
        case 21:
            return {KnownField::version, "Sec-WebSocket-Version"};
        case 22:
            return {KnownField::protocol, "Sec-WebSocket-Protocol"};
        case 24:
            return {KnownField::extensions, "Sec-WebSocket-Extensions"};
        default:
            return {KnownField::other, {}};
    }
}

}  // namespace

KnownField known_field(std::string_view name) noexcept {
    const Candidate candidate = likeliest(name);
    return equals_ignoring_case(name, candidate.name) ? candidate.field : KnownField::other;
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
