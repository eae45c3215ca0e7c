// What OpenSSL's error queue says, for people.
#pragma once

#include <openssl/err.h>

#include <cstring>
#include <string>

namespace wsproof::net {

// take_tls_reason empties the thread's error queue; its first entry, the cause, is returned.
[[nodiscard]] inline std::string take_tls_reason() {
    const unsigned long code = ERR_get_error();  // NOLINT(google-runtime-int): OpenSSL's type
    ERR_clear_error();
    if (code == 0) {
        return "unknown reason";
    }
    if (ERR_SYSTEM_ERROR(code)) {
        return std::strerror(ERR_GET_REASON(code));
    }
    const char* reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : "error " + std::to_string(code);
}

}  // namespace wsproof::net
