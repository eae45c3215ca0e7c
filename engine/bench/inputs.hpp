// What the engines are fed: messages, masked frames around them, upgrade requests. The same bytes
// in every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wsproof::bench {

enum class Content : std::uint8_t {
    binary,
    ascii,
    mixed,  // UTF-8 of one to four bytes, a word in each
};

[[nodiscard]] std::string_view name_of(Content content) noexcept;

// make_message returns exactly `size` bytes, valid UTF-8 if it is text.
[[nodiscard]] std::string make_message(Content content, std::size_t size);

// Image is what a client sends: `count` messages, all alike but for their masks.
struct Image {
    std::string bytes;
    std::size_t count = 0;
    std::size_t message_size = 0;
};

// make_image frames the message as often as it fits into one read, at least once, in `fragments`
// frames each.
[[nodiscard]] Image make_image(Content content, std::string_view message,
                               std::size_t fragments = 1);

// make_frame is one such message.
[[nodiscard]] std::string make_frame(Content content, std::string_view message);

// make_request returns an upgrade request of exactly `size` bytes: at 157 and 614 the like of a
// library's and of a browser's, beyond that a browser's with more fields of 64 bytes each.
[[nodiscard]] std::string make_request(std::size_t size);
// accept_of is the Sec-WebSocket-Accept that belongs to these requests.
[[nodiscard]] std::string_view accept_of_requests() noexcept;

// make_records returns text as APIs send it, records of named values, no two messages alike.
[[nodiscard]] std::vector<std::string> make_records(std::size_t size, std::size_t count);

// make_deflated_image compresses the messages by zlib's level 6 (RFC 7692 §7.2.1), with or without
// context takeover.
[[nodiscard]] Image make_deflated_image(const std::vector<std::string>& messages, bool takeover);

// Unframed is what a wire holds, read by a parser that knows nothing but well-formed frames.
struct Unframed {
    std::vector<std::string> payloads;  // a message each
    bool is_whole = false;              // nothing was left over
};
[[nodiscard]] Unframed unframe(std::string_view wire);

}  // namespace wsproof::bench
