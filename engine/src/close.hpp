// The body of a Close frame, RFC 6455 §5.5.1 and §7.4: a code and a reason, or nothing.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <wsproof/error.hpp>
#include <wsproof/types.hpp>

namespace wsproof {

inline constexpr std::size_t kCloseReasonMax = 123;  // bytes: 125 less the code

struct ParsedClose {
    Error error = Error::none;              // one_byte_close, invalid_close_code or invalid_utf8
    CloseCode code = CloseCode::no_status;  // no_status: the body was empty
    std::string_view reason{};              // inside the body
};
[[nodiscard]] ParsedClose parse_close(Bytes body) noexcept;

struct CloseBody {
    Error error = Error::none;  // unsendable_close_code, control_too_long, invalid_utf8_argument
    std::array<std::byte, 2 + kCloseReasonMax> storage{};
    std::size_t size = 0;
    [[nodiscard]] Bytes bytes() const noexcept { return {storage.data(), size}; }
};
// make_close: no_status makes an empty body, which has no room for a reason.
[[nodiscard]] CloseBody make_close(CloseCode code, std::string_view reason) noexcept;

}  // namespace wsproof
