#include "digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace wsproof::conformance::wire {

namespace {

ByteString digest(ByteView data, const EVP_MD* type) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    if (EVP_Digest(data.data(), data.size(), out.data(), &size, type, nullptr) != 1) {
        throw std::runtime_error("libcrypto could not hash");
    }
    const auto bytes = std::as_bytes(std::span(out).first(size));
    return {bytes.begin(), bytes.end()};
}

}  // namespace

std::string base64(ByteView data) {
    std::string text(4 * ((data.size() + 2) / 3), '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                    reinterpret_cast<const unsigned char*>(data.data()),
                    static_cast<int>(data.size()));
    return text;
}

ByteString from_base64(std::string_view text) {
    ByteString data(text.size() / 4 * 3);
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(data.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    if (size < 0) {
        return {};
    }
    // It takes blanks around the text, and counts the octets that the padding stands for.
    const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
    data.resize(static_cast<std::size_t>(size) - std::min<std::size_t>(padding, 2));
    return base64(data) == text ? data : ByteString{};
}

std::string accept_key(std::string_view key) {
    const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    return base64(digest(std::as_bytes(std::span(text)), EVP_sha1()));
}

std::string sha256(ByteView data) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::byte octet : digest(data, EVP_sha256())) {
        const auto value = std::to_integer<unsigned>(octet);
        text += kDigits[value >> 4];
        text += kDigits[value & 15];
    }
    return text;
}

}  // namespace wsproof::conformance::wire
