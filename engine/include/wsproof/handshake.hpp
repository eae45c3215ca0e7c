// The server's side of the opening handshake for embedders whose own HTTP server parses requests
// and writes responses: judge a request, then take the response's status and fields.
//
//   Negotiation n;
//   if (n.judge(request) == Error::none) { … n.accept(subprotocol) … }
//   respond with n.status() and n.response(); on 101 go on with Connection::adopt().
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/event.hpp>
#include <wsproof/options.hpp>

namespace wsproof {

// AcceptKey is the value of Sec-WebSocket-Accept: 28 characters.
using AcceptKey = std::array<char, 28>;

// accept_key answers the value of a Sec-WebSocket-Key, taken as text: base64 of the SHA-1 of the
// key and the GUID (RFC 6455 §4.2.2, step 5.4). It does not judge the key.
[[nodiscard]] AcceptKey accept_key(std::string_view key) noexcept;

class KnownFields;  // the engine's own

// HttpRequest is a request that somebody has parsed; values without the white space around them.
struct HttpRequest {
    std::string_view method;   // "GET"
    std::string_view target;   // "/chat?room=1", as it stood on the request line
    std::string_view version;  // "HTTP/1.1"
    std::span<const Field> fields{};
};

// Negotiation judges one upgrade request and makes the fields of its response. It keeps views of
// the request, which has to outlive it; its own views last until the next non-const call.
class Negotiation {
  public:
    // `deflate` says what accept() may agree to; without codecs it declines every extension.
    explicit Negotiation(const Deflate& deflate = {}) noexcept : deflate_(deflate) {}
    Negotiation(const Negotiation&) = delete;
    Negotiation& operator=(const Negotiation&) = delete;

    // judge walks through RFC 6455 §4.2.1. On `none` request() is valid. On anything else status()
    // and response() refuse the request: 405, 426, 505 or 400, or 500 if memory ran out. Both ways
    // they can be called again for another request.
    [[nodiscard]] Error judge(const HttpRequest& request) noexcept;
    // request: target is the resource name (RFC 6455 §3), also if the request had an absolute URI.
    [[nodiscard]] const UpgradeRequest& request() const noexcept { return request_; }

    // accept makes a 101 of a request judged good (RFC 6455 §4.2.2, step 5). `fields` come after
    // ours and are viewed, not copied. wrong_state: no good request; unoffered_subprotocol:
    // `subprotocol` is not one that the client offered; invalid_argument: a field is not sendable
    // or is one of ours.
    [[nodiscard]] Error accept(std::string_view subprotocol = {},
                               std::span<const Field> fields = {});
    // is_good: judge() answered none.
    [[nodiscard]] bool is_good() const noexcept { return is_good_; }
    [[nodiscard]] int status() const noexcept { return status_; }  // 0 until decided
    [[nodiscard]] std::span<const Field> response() const noexcept { return response_; }
    // subprotocol: the accepted one, or empty.
    [[nodiscard]] std::string_view subprotocol() const noexcept { return subprotocol_; }
    // deflate: what accept() agreed to; for Opened::deflate.
    [[nodiscard]] const std::optional<DeflateParameters>& deflate() const noexcept {
        return agreed_;
    }

  private:
    [[nodiscard]] Error check(const HttpRequest& request);
    [[nodiscard]] Error read_target(std::string_view target);
    [[nodiscard]] Error read_host(const KnownFields& fields) noexcept;
    [[nodiscard]] Error read_key(const KnownFields& fields) noexcept;
    [[nodiscard]] Error read_version(const KnownFields& fields) noexcept;
    [[nodiscard]] Error read_origin(const KnownFields& fields) noexcept;
    [[nodiscard]] Error read_subprotocols(const KnownFields& fields);
    [[nodiscard]] Error read_extensions(const KnownFields& fields);
    void refuse(Error error) noexcept;

    Deflate deflate_;
    UpgradeRequest request_{};
    bool is_good_ = false;
    bool is_other_version_ = false;  // well-formed, but not 13
    int status_ = 0;
    std::string_view subprotocol_;
    std::string resource_name_;  // of an absolute URI without a path
    std::vector<std::string_view> subprotocols_;
    std::optional<DeflateParameters> agreed_;
    std::string extensions_;                      // of the response
    std::array<std::uint32_t, 5> accept_hash_{};  // SHA-1 of the key, on its way to accept_key_
    AcceptKey accept_key_{};
    std::array<Field, 5> own_fields_{};  // of the response, as far as they go
    std::vector<Field> all_fields_;      // those and the caller's, if there are any
    std::span<const Field> response_;    // of the one or the other
};

}  // namespace wsproof
