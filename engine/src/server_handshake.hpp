// The server's side of the opening handshake, RFC 6455 §4.2, from bytes to bytes. The rules are
// Negotiation's (handshake.hpp); here are the head before it and the response after it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <wsproof/error.hpp>
#include <wsproof/event.hpp>
#include <wsproof/handshake.hpp>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

#include "http_head.hpp"
#include "step.hpp"

namespace wsproof {

// ServerHandshake reads one request and answers it. Views point into it, hence no copies.
class ServerHandshake {
  public:
    explicit ServerHandshake(const Options& options) noexcept;
    ServerHandshake(const ServerHandshake&) = delete;
    ServerHandshake& operator=(const ServerHandshake&) = delete;

    // feed takes bytes off the front of `in`, up to and including the end of the request's head.
    // done: request() awaits accept() or reject(). violation: send error_text(), then fail.
    [[nodiscard]] Step feed(MutableBytes& in);
    [[nodiscard]] Error error() const noexcept { return error_; }
    [[nodiscard]] const std::string& error_text() const noexcept { return error_text_; }

    // request: its views last as long as this object.
    [[nodiscard]] const UpgradeRequest& request() const noexcept { return negotiation_.request(); }

    // Response is the bytes from `begin` to `end`, unless there is an error (those of Negotiation).
    struct Response {
        Error error = Error::none;
        std::unique_ptr<char[]> memory{};
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    // accept makes the 101, reject appends another response to `out`, with `body` and its
    // Content-Length; on an error, nothing. Each good request is answered once: then wrong_state.
    // Views of a request that is accepted die with the response's memory. reject does not add
    // Connection: close if the caller's fields have a Connection.
    [[nodiscard]] Response accept(std::string_view subprotocol, std::span<const Field> fields);
    [[nodiscard]] Error reject(int status, std::span<const Field> fields, Bytes body,
                               std::string& out);
    // subprotocol: the accepted one, or empty; lasts as long as this object.
    [[nodiscard]] std::string_view subprotocol() const noexcept {
        return negotiation_.subprotocol();
    }
    [[nodiscard]] const std::optional<DeflateParameters>& deflate() const noexcept {
        return negotiation_.deflate();
    }

  private:
    [[nodiscard]] Step refuse(Error error);
    [[nodiscard]] Error judge();

    HttpHead head_;
    Negotiation negotiation_;
    Error error_ = Error::none;
    bool is_answered_ = false;
    std::string error_text_;
};

}  // namespace wsproof
