#include "inputs.hpp"

#include <algorithm>
#include <array>

#include "deflated.hpp"
#include "subject.hpp"

namespace wsproof::bench {

namespace {

// Random is xorshift32: the same numbers in every run.
class Random {
  public:
    std::uint32_t next() noexcept {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 17U;
        state_ ^= state_ << 5U;
        return state_;
    }
    std::uint32_t below(std::uint32_t bound) noexcept { return next() % bound; }

  private:
    std::uint32_t state_ = 2463534242U;
};

constexpr std::array<std::string_view, 6> kWords = {
    "frame ",
    "\xC3\xA9t\xC3\xA9 ",                    // two bytes
    "\xD0\xBA\xD0\xB0\xD0\xB4\xD1\x80 ",     // two bytes
    "\xE6\x9E\xA0\xE7\xB5\x84\xE3\x81\xBF",  // three bytes
    "\xF0\x9F\x99\x82\xF0\x9F\x8E\xB2",      // four bytes
    "payload of a message, "};

void append_mixed(std::string& text, std::size_t size, Random& random) {
    while (text.size() < size) {
        const std::string_view word =
            kWords.at(random.below(static_cast<std::uint32_t>(kWords.size())));
        text.append(text.size() + word.size() <= size ? word : ".");
    }
}

void append_length(std::string& frame, std::size_t size, bool masked) {
    const unsigned mask_bit = masked ? 0x80U : 0U;
    const unsigned form = size < 126 ? static_cast<unsigned>(size) : size < 65536 ? 126U : 127U;
    frame.push_back(static_cast<char>(mask_bit | form));
    const unsigned length_size = form < 126 ? 0 : form == 126 ? 2 : 8;
    for (unsigned i = length_size; i > 0; --i) {
        frame.push_back(static_cast<char>(static_cast<std::uint64_t>(size) >> (8 * (i - 1))));
    }
}

void append_frame(std::string& image, unsigned first_byte, std::string_view payload,
                  Random& random) {
    image.push_back(static_cast<char>(first_byte));
    append_length(image, payload.size(), true);
    std::array<char, 4> key{};
    for (char& byte : key) {
        byte = static_cast<char>(random.next() >> 8U);
        image.push_back(byte);
    }
    const std::size_t begin = image.size();
    image.append(payload);
    for (std::size_t i = 0; i < payload.size(); ++i) {
        image[begin + i] = static_cast<char>(image[begin + i] ^ key[i % 4]);
    }
}

void append_fragments(Image& image, unsigned opcode, std::string_view message,
                      std::size_t fragments, Random& random) {
    const std::size_t step = std::max<std::size_t>(message.size() / fragments, 1);
    for (std::size_t i = 0; i < fragments; ++i) {
        const bool is_last = i + 1 == fragments;
        const std::size_t begin = std::min(i * step, message.size());
        append_frame(image.bytes, (is_last ? 0x80U : 0U) | (i == 0 ? opcode : 0U),
                     message.substr(begin, is_last ? std::string_view::npos : step), random);
    }
    ++image.count;
}

}  // namespace

std::string_view name_of(Content content) noexcept {
    switch (content) {
        case Content::binary:
            return "binary";
        case Content::ascii:
            return "ascii";
        case Content::mixed:
            return "mixed";
    }
    return {};
}

std::string make_message(Content content, std::size_t size) {
    Random random;
    std::string message;
    message.reserve(size);
    if (content == Content::mixed) {
        append_mixed(message, size, random);
        return message;
    }
    while (message.size() < size) {
        const std::uint32_t number = random.next() >> 8U;
        message.push_back(
            static_cast<char>(content == Content::ascii ? ' ' + number % 95 : number));
    }
    return message;
}

Image make_image(Content content, std::string_view message, std::size_t fragments) {
    Random random;
    Image image;
    image.message_size = message.size();
    const unsigned opcode = content == Content::binary ? 2 : 1;
    std::size_t size = 0;
    do {
        const std::size_t begin = image.bytes.size();
        append_fragments(image, opcode, message, fragments, random);
        size = image.bytes.size() - begin;
    } while (image.bytes.size() + size <= kReadSize);
    return image;
}

std::string make_frame(Content content, std::string_view message) {
    Random random;
    Image image;
    append_fragments(image, content == Content::binary ? 2 : 1, message, 1, random);
    return image.bytes;
}

std::string make_request(std::size_t size) {
    constexpr std::string_view kLibrary =
        "Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
    constexpr std::string_view kBrowser =
        "Pragma: no-cache\r\nCache-Control: no-cache\r\nOrigin: https://app.example.com\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Safari/537.36\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
        "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    constexpr std::size_t kBrowserMin = 600;
    std::string fields(kLibrary);
    if (size >= kBrowserMin) {
        fields.append(kBrowser);
    }
    constexpr std::string_view kMethod = "GET /";
    constexpr std::string_view kVersion = " HTTP/1.1\r\n";
    const auto total = [&] { return kMethod.size() + kVersion.size() + fields.size() + 2; };
    while (total() + 100 < size) {
        fields.append("X-Forwarded-Something: ").append(std::string(39, 'v')).append("\r\n");
    }
    const std::string target(size > total() ? size - total() : 0, 'p');
    return std::string(kMethod).append(target).append(kVersion).append(fields).append("\r\n");
}

std::string_view accept_of_requests() noexcept {
    return "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";  // RFC 6455 §1.3
}

std::vector<std::string> make_records(std::size_t size, std::size_t count) {
    constexpr std::array<std::string_view, 5> kNames = {"alpha", "bravo", "charlie", "delta",
                                                        "echo"};
    Random random;
    std::vector<std::string> messages(count);
    for (std::string& message : messages) {
        while (message.size() < size) {
            message.append("{\"id\":").append(std::to_string(random.below(100000)));
            message.append(",\"symbol\":\"").append(kNames.at(random.below(5)));
            message.append("\",\"price\":").append(std::to_string(random.below(1000000)));
            message.append(",\"side\":\"").append(random.below(2) == 0 ? "buy" : "sell");
            message.append("\",\"open\":true},");
        }
        message.resize(size);
    }
    return messages;
}

Image make_deflated_image(const std::vector<std::string>& messages, bool takeover) {
    Random random;
    Image image;
    image.message_size = messages.front().size();
    for (const std::string& compressed : deflate(messages, takeover)) {
        constexpr unsigned kFinTextRsv1 = 0x80U | 0x40U | 0x1U;
        append_frame(image.bytes, kFinTextRsv1, compressed, random);
        ++image.count;
    }
    return image;
}

Unframed unframe(std::string_view wire) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(wire[i]); };
    Unframed all;
    std::string message;
    while (wire.size() >= 2) {
        const std::size_t form = byte(1) & 0x7FU;
        const std::size_t length_size = form < 126 ? 0 : form == 126 ? 2 : 8;
        const bool is_masked = (byte(1) & 0x80U) != 0;
        const std::size_t header_size = 2 + length_size + (is_masked ? 4 : 0);
        if (wire.size() < header_size) {
            return all;
        }
        std::size_t size = length_size == 0 ? form : 0;
        for (std::size_t i = 0; i < length_size; ++i) {
            size = size << 8U | byte(2 + i);
        }
        if (wire.size() - header_size < size) {
            return all;
        }
        const std::string_view key = is_masked ? wire.substr(header_size - 4, 4) : "";
        for (std::size_t i = 0; i < size; ++i) {
            const char masked = wire[header_size + i];
            message.push_back(is_masked ? static_cast<char>(masked ^ key[i % 4]) : masked);
        }
        if ((byte(0) & 0x80U) != 0) {
            all.payloads.push_back(std::move(message));
            message.clear();
        }
        wire.remove_prefix(header_size + size);
    }
    all.is_whole = wire.empty() && message.empty();
    return all;
}

}  // namespace wsproof::bench
