#include <array>
#include <wsproof/frame.hpp>
#include <wsproof/prepared_message.hpp>

#include "utf8.hpp"

namespace wsproof {

PreparedMessage::PreparedMessage(MessageType type, Bytes payload) {
    if (type == MessageType::text && !is_utf8(payload)) {
        error_ = Error::invalid_utf8_argument;
        return;
    }
    const FrameHeader header{.opcode = static_cast<Opcode>(type),
                             .length_form = shortest_form(payload.size()),
                             .payload_size = payload.size()};
    std::array<std::byte, kHeaderSizeMax> bytes{};
    header_size_ = encode(header, bytes);
    frame_.reserve(header_size_ + payload.size());
    frame_.insert(frame_.end(), bytes.data(), bytes.data() + header_size_);
    frame_.insert(frame_.end(), payload.begin(), payload.end());
}

}  // namespace wsproof
