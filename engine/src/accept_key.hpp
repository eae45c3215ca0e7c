// Sec-WebSocket-Key and Sec-WebSocket-Accept, RFC 6455 §4.1 and §4.2.2. accept_key() itself is
// public: wsproof/handshake.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <wsproof/handshake.hpp>
#include <wsproof/options.hpp>

namespace wsproof {

using HandshakeKey = std::array<char, 24>;

// make_key draws a nonce of 16 bytes and writes it as base64.
[[nodiscard]] HandshakeKey make_key(Entropy& entropy) noexcept;

// is_key says whether `text` is base64 of 16 bytes: 22 characters of the alphabet and "==".
// Non-zero pad bits pass: the example in RFC 6455 §4.1 has them (erratum 3150).
[[nodiscard]] bool is_key(std::string_view text) noexcept;

// What accept_key() does, for a key of 24 bytes, in three parts. A hash is one long chain of steps,
// beside which a processor does what stands before and after it: those who begin early and end late
// hardly wait.
using AcceptHash = std::array<std::uint32_t, 5>;
[[nodiscard]] AcceptHash begin_accept(std::string_view key) noexcept;
void go_on(AcceptHash& hash) noexcept;
[[nodiscard]] AcceptKey end_accept(const AcceptHash& hash) noexcept;

}  // namespace wsproof
