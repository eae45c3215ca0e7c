#include "accept_key.hpp"

// RFC 6455 asks for SHA-1 over 60 bytes. The low-level calls do it without an allocation, which
// OpenSSL 3's one-shot call does not.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace wsproof {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 §1.3
constexpr std::size_t kNonceSize = 16;

// N bytes as base64, with its padding. EVP_EncodeBlock adds a NUL.
template <std::size_t N>
std::array<char, (N + 2) / 3 * 4> to_base64(const std::array<unsigned char, N>& bytes) noexcept {
    std::array<unsigned char, (N + 2) / 3 * 4 + 1> encoded{};
    EVP_EncodeBlock(encoded.data(), bytes.data(), static_cast<int>(N));
    std::array<char, (N + 2) / 3 * 4> text{};
    std::transform(encoded.begin(), encoded.end() - 1, text.begin(),
                   [](unsigned char c) { return static_cast<char>(c); });
    return text;
}

bool is_base64_char(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

}  // namespace

AcceptKey accept_key(std::string_view key) noexcept {
    SHA_CTX context;
    SHA1_Init(&context);
    SHA1_Update(&context, key.data(), key.size());
    SHA1_Update(&context, kGuid.data(), kGuid.size());
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1_Final(digest.data(), &context);
    return to_base64(digest);
}

HandshakeKey make_key(Entropy& entropy) noexcept {
    std::array<unsigned char, kNonceSize> nonce{};
    entropy.fill(std::as_writable_bytes(std::span(nonce)));
    return to_base64(nonce);
}

bool is_key(std::string_view text) noexcept {
    return text.size() == HandshakeKey{}.size() && text.ends_with("==") &&
           std::all_of(text.begin(), text.end() - 2, is_base64_char);
}

}  // namespace wsproof
