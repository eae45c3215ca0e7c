// RFC 6455 §5.5.1: two bytes of code, then a reason in UTF-8.
#include "close.hpp"

#include <cstring>
#include <span>

#include "utf8.hpp"

namespace wsproof {

namespace {

constexpr std::size_t kCodeSize = 2;

std::string_view as_text(Bytes bytes) noexcept {
    const void* const begin = bytes.data();
    return {static_cast<const char*>(begin), bytes.size()};
}

}  // namespace

ParsedClose parse_close(Bytes body) noexcept {
    if (body.empty()) {
        return {};
    }
    if (body.size() < kCodeSize) {
        return {.error = Error::one_byte_close};
    }
    const auto code = static_cast<CloseCode>(std::to_integer<unsigned>(body[0]) << 8 |
                                             std::to_integer<unsigned>(body[1]));
    // RFC 6455 §7.4 forbids these codes to the sender. One who sends them is not to be trusted with
    // the rest of the protocol, and echoing the code would make the offence ours.
    if (!is_sendable(code)) {
        return {.error = Error::invalid_close_code, .code = code};
    }
    const Bytes reason = body.subspan(kCodeSize);
    if (!is_utf8(reason)) {
        return {.error = Error::invalid_utf8, .code = code};  // RFC 6455 §5.5.1 and §8.1
    }
    return {Error::none, code, as_text(reason)};
}

CloseBody make_close(CloseCode code, std::string_view reason) noexcept {
    CloseBody body;
    if (code == CloseCode::no_status) {
        // RFC 6455 §7.1.5: 1005 says that there is no code, hence no body to put a reason in.
        body.error = reason.empty() ? Error::none : Error::invalid_argument;
        return body;
    }
    if (!is_sendable(code)) {
        body.error = Error::unsendable_close_code;
    } else if (reason.size() > kCloseReasonMax) {
        body.error = Error::control_too_long;
    } else if (!is_utf8(std::as_bytes(std::span(reason)))) {
        body.error = Error::invalid_utf8_argument;
    }
    if (body.error != Error::none) {
        return body;
    }
    body.storage[0] = static_cast<std::byte>(static_cast<unsigned>(code) >> 8);
    body.storage[1] = static_cast<std::byte>(static_cast<unsigned>(code) & 0xFFU);
    if (!reason.empty()) {
        std::memcpy(body.storage.data() + kCodeSize, reason.data(), reason.size());
    }
    body.size = kCodeSize + reason.size();
    return body;
}

}  // namespace wsproof
