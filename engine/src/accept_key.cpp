#include "accept_key.hpp"

// RFC 6455 asks for SHA-1 over 60 bytes. The low-level calls do it without an allocation, which
// OpenSSL 3's one-shot call does not.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "simd/sha1.hpp"

namespace wsproof {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 §1.3
constexpr std::size_t kNonceSize = 16;
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";  // RFC 4648 §4

using Digest = std::array<std::uint8_t, 20>;

// to_base64: N bytes with their padding (RFC 4648 §4).
template <std::size_t N>
std::array<char, (N + 2) / 3 * 4> to_base64(const std::array<std::uint8_t, N>& bytes) noexcept {
    std::array<char, (N + 2) / 3 * 4> text{};
    for (std::size_t i = 0, at = 0; i < N; i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = i; j < i + 3; ++j) {
            group = group << 8 | (j < N ? bytes[j] : 0U);
        }
        for (int shift = 18; shift >= 0; shift -= 6) {
            text[at++] = kAlphabet[group >> shift & 0x3FU];
        }
    }
    std::fill(text.end() - (3 - N % 3) % 3, text.end(), '=');
    return text;
}

using Blocks = std::array<std::byte, 2 * simd::kSha1Block>;

// blocks_without_key: what is hashed if the key is of 24 bytes, 60 together, with FIPS 180-4
// §5.1.1's padding: a bit, zeros, their size.
constexpr Blocks blocks_without_key() noexcept {
    Blocks blocks{};
    for (std::size_t i = 0; i < kGuid.size(); ++i) {
        blocks[HandshakeKey{}.size() + i] = static_cast<std::byte>(kGuid[i]);
    }
    constexpr std::uint32_t kBits = 60 * 8;
    blocks[60] = std::byte{0x80};
    blocks[126] = std::byte{kBits >> 8};
    blocks[127] = std::byte{kBits & 0xFF};
    return blocks;
}

// fast_digest: the SHA-1 of a key and the GUID where the processor knows how.
Digest fast_digest(simd::Sha1 sha1, std::string_view key) noexcept {
    static constexpr Blocks kBlocks = blocks_without_key();
    Blocks blocks = kBlocks;
    std::memcpy(blocks.data(), key.data(), HandshakeKey{}.size());
    std::uint32_t state[5];
    std::copy(std::begin(simd::kSha1Begin), std::end(simd::kSha1Begin), state);
    sha1(state, blocks.data(), 2);
    Digest digest;
    for (std::size_t i = 0; i < 5; ++i) {
        digest[4 * i] = static_cast<std::uint8_t>(state[i] >> 24);
        digest[4 * i + 1] = static_cast<std::uint8_t>(state[i] >> 16 & 0xFFU);
        digest[4 * i + 2] = static_cast<std::uint8_t>(state[i] >> 8 & 0xFFU);
        digest[4 * i + 3] = static_cast<std::uint8_t>(state[i] & 0xFFU);
    }
    return digest;
}

Digest digest_of(std::string_view key) noexcept {
    const simd::Sha1 sha1 = simd::fast_sha1();
    if (sha1 != nullptr && key.size() == HandshakeKey{}.size()) {
        return fast_digest(sha1, key);
    }
    SHA_CTX context;
    SHA1_Init(&context);
    SHA1_Update(&context, key.data(), key.size());
    SHA1_Update(&context, kGuid.data(), kGuid.size());
    Digest digest{};
    SHA1_Final(digest.data(), &context);
    return digest;
}

constexpr std::array<bool, 256> base64_chars() noexcept {
    std::array<bool, 256> is_base64{};
    for (const char c : kAlphabet) {
        is_base64[static_cast<unsigned char>(c)] = true;
    }
    return is_base64;
}

}  // namespace

AcceptKey accept_key(std::string_view key) noexcept {
    return to_base64(digest_of(key));
}

HandshakeKey make_key(Entropy& entropy) noexcept {
    std::array<std::uint8_t, kNonceSize> nonce{};
    entropy.fill(std::as_writable_bytes(std::span(nonce)));
    return to_base64(nonce);
}

bool is_key(std::string_view text) noexcept {
    static constexpr std::array<bool, 256> kIsBase64 = base64_chars();
    if (text.size() != HandshakeKey{}.size() || !text.ends_with("==")) {
        return false;
    }
    bool is_good = true;
    for (const char c : text.substr(0, HandshakeKey{}.size() - 2)) {
        is_good &= kIsBase64[static_cast<unsigned char>(c)];  // all of them: no branch to guess
    }
    return is_good;
}

}  // namespace wsproof
