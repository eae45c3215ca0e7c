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

#include "http_scan.hpp"
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

using Block = std::array<std::byte, simd::kSha1Block>;

// What is hashed if the key is of 24 bytes, 60 together with the GUID, is two blocks: the key, the
// GUID and FIPS 180-4 §5.1.1's padding, which is a bit, zeros, and the size.
constexpr Block first_block_without_key() noexcept {
    Block block{};
    for (std::size_t i = 0; i < kGuid.size(); ++i) {
        block[HandshakeKey{}.size() + i] = static_cast<std::byte>(kGuid[i]);
    }
    block[60] = std::byte{0x80};
    return block;
}

constexpr Block second_block() noexcept {
    Block block{};
    constexpr std::uint32_t kBits = 60 * 8;
    block[62] = std::byte{kBits >> 8};
    block[63] = std::byte{kBits & 0xFF};
    return block;
}

void hash_by_libcrypto(simd::Sha1State& state, const Block& block) noexcept {
    SHA_CTX context{};
    context.h0 = state[0];
    context.h1 = state[1];
    context.h2 = state[2];
    context.h3 = state[3];
    context.h4 = state[4];
    SHA1_Transform(&context, reinterpret_cast<const unsigned char*>(block.data()));
    state = {context.h0, context.h1, context.h2, context.h3, context.h4};
}

}  // namespace

AcceptHash begin_accept(std::string_view key) noexcept {
    static constexpr Block kWithoutKey = first_block_without_key();
    AcceptHash hash = simd::kSha1Begin;
    if (const simd::Sha1* const fast = simd::fast_sha1()) {
        static_assert(simd::kSha1FirstPart == HandshakeKey{}.size());
        fast->take_parts(hash, std::as_bytes(std::span(key)).data(),
                         kWithoutKey.data() + simd::kSha1FirstPart);
    } else {
        Block block = kWithoutKey;
        std::memcpy(block.data(), key.data(), HandshakeKey{}.size());
        hash_by_libcrypto(hash, block);
    }
    return hash;
}

void go_on(AcceptHash& hash) noexcept {
    static constexpr Block kSecond = second_block();
    static constexpr simd::Sha1Words kSecondWords = simd::sha1_words(kSecond);
    if (const simd::Sha1* const fast = simd::fast_sha1()) {
        fast->take_words(hash, kSecondWords);
    } else {
        hash_by_libcrypto(hash, kSecond);
    }
}

AcceptKey end_accept(const AcceptHash& hash) noexcept {
    Digest digest{};
    for (std::size_t i = 0; i < hash.size(); ++i) {
        digest[4 * i] = static_cast<std::uint8_t>(hash[i] >> 24);
        digest[4 * i + 1] = static_cast<std::uint8_t>(hash[i] >> 16 & 0xFFU);
        digest[4 * i + 2] = static_cast<std::uint8_t>(hash[i] >> 8 & 0xFFU);
        digest[4 * i + 3] = static_cast<std::uint8_t>(hash[i] & 0xFFU);
    }
    return to_base64(digest);
}

AcceptKey accept_key(std::string_view key) noexcept {
    if (key.size() == HandshakeKey{}.size()) {
        AcceptHash hash = begin_accept(key);
        go_on(hash);
        return end_accept(hash);
    }
    SHA_CTX context;
    SHA1_Init(&context);
    SHA1_Update(&context, key.data(), key.size());
    SHA1_Update(&context, kGuid.data(), kGuid.size());
    Digest digest{};
    SHA1_Final(digest.data(), &context);
    return to_base64(digest);
}

HandshakeKey make_key(Entropy& entropy) noexcept {
    std::array<std::uint8_t, kNonceSize> nonce{};
    entropy.fill(std::as_writable_bytes(std::span(nonce)));
    return to_base64(nonce);
}

bool is_key(std::string_view text) noexcept {
    constexpr std::size_t kDataSize = HandshakeKey{}.size() - 2;
    if (text.size() != HandshakeKey{}.size() || !text.ends_with("==")) {
        return false;
    }
    bool is_good = true;
    for (std::size_t at = 0; at < kDataSize; at += kVector) {
        is_good &= are_base64(text.data() + std::min(at, kDataSize - kVector));
    }
    return is_good;
}

}  // namespace wsproof
