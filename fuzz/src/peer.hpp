// Peer makes the bytes that the other end of a scripted connection sends: legal ones, unless an
// operation damages them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

#include "input.hpp"
#include "script.hpp"
#include "wire/frame_writer.hpp"
#include "wire/inflate.hpp"

namespace wsproof::fuzz {

class Peer {
  public:
    explicit Peer(Role engine) noexcept : engine_(engine) {}
    void agree(const std::optional<DeflateParameters>& deflate) noexcept { deflate_ = deflate; }

    // Each appends to `out`.
    void frame(const Op& op, Buffer& out);
    void message(const Op& op, Buffer& out);
    void compressed(const Op& op, Buffer& out);
    void close(const Op& op, Buffer& out);
    // handshake: a request, or the response to `request`, which is what the engine has sent.
    void handshake(const Op& op, Bytes request, Buffer& out);

  private:
    void put(conformance::wire::RawFrame raw, unsigned damage, Buffer& out);
    void put_fragments(std::uint8_t opcode, std::uint8_t rsv, Bytes payload, std::uint8_t how,
                       Buffer& out);
    [[nodiscard]] std::string request(const Op& op) const;
    [[nodiscard]] static std::string response(const Op& op, Bytes request);

    Role engine_;
    std::optional<DeflateParameters> deflate_;
    bool in_message_ = false;
    bool is_text_ = false;
    std::uint8_t key_ = 0;
    conformance::wire::History history_;
};

// code_of makes a close code of two bytes of an operation: mostly one that may be sent.
[[nodiscard]] std::uint16_t code_of(const Op& op) noexcept;

}  // namespace wsproof::fuzz
