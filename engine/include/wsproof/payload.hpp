// Who owns outgoing bytes: visible at the call site.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

namespace wsproof {

using Token = std::uint64_t;

class Payload {
  public:
    // copy: the engine copies `b` before the call returns.
    static Payload copy(Bytes b) { return {b, {}, 0, false}; }
    static Payload copy(std::string_view s) { return {std::as_bytes(std::span(s)), {}, 0, false}; }
    // borrow: keep `b` alive and unchanged until next_released() returns `token`. A client masks it
    // through a scratch chunk.
    static Payload borrow(Bytes b, Token token) { return {b, {}, token, true}; }
    // borrow_mutable lets a client mask in place, which costs no copy and ruins the contents.
    static Payload borrow_mutable(MutableBytes b, Token token) { return {b, b, token, true}; }

  private:
    friend class Connection;
    Payload(Bytes readable, MutableBytes writable, Token token, bool borrowed)
        : bytes_(readable), writable_(writable), token_(token), borrowed_(borrowed) {}

    Bytes bytes_;
    MutableBytes writable_;
    Token token_;
    bool borrowed_;
};

struct SendOptions {
    bool compress = true;  // if negotiated and worth it
    std::uint64_t fragment_at =
        kUnlimited;  // payload bytes a frame, so that control frames can pass (RFC 6455 §5.4)
};

}  // namespace wsproof
