// The client's side of the opening handshake, RFC 6455 §4.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/event.hpp>
#include <wsproof/handshake.hpp>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

#include "accept_key.hpp"
#include "http_head.hpp"
#include "known_fields.hpp"
#include "step.hpp"

namespace wsproof {

// ClientHandshake makes the request and judges the response. Views point into it, hence no copies.
class ClientHandshake {
  public:
    enum class Outcome : std::uint8_t {
        pending,
        opened,
        refused,
    };

    // The request is made at once. If it cannot be sent (a value with CR or LF, a reserved field, a
    // bad or repeated subprotocol, …) error() is invalid_argument and request_text() is empty.
    ClientHandshake(const Request& request, Entropy& entropy, const Options& options);
    ClientHandshake(const ClientHandshake&) = delete;
    ClientHandshake& operator=(const ClientHandshake&) = delete;

    [[nodiscard]] const std::string& request_text() const noexcept { return request_; }

    // feed takes bytes off the front of `in`, up to and including the end of the response's head.
    // done: see outcome(). violation: see error(); the connection fails (RFC 6455 §4.1). Interim
    // responses (1xx other than 101) are passed over.
    [[nodiscard]] Step feed(MutableBytes& in);
    [[nodiscard]] Outcome outcome() const noexcept { return outcome_; }
    [[nodiscard]] Error error() const noexcept { return error_; }  // upgrade_refused if refused

    // Views last as long as this object.
    [[nodiscard]] Opened opened() const noexcept;
    [[nodiscard]] Refused refused() const noexcept;

  private:
    [[nodiscard]] static Error check_arguments(const Request& request) noexcept;
    void write_request(const Request& request);
    [[nodiscard]] Step judge();
    [[nodiscard]] Error check_status() noexcept;
    [[nodiscard]] Error check_upgrade(const KnownFields& fields) const noexcept;
    [[nodiscard]] Error check_connection(const KnownFields& fields) const noexcept;
    [[nodiscard]] Error check_accept(const KnownFields& fields) const noexcept;
    [[nodiscard]] Error check_extensions(const KnownFields& fields);
    [[nodiscard]] Error check_subprotocol(const KnownFields& fields) noexcept;

    std::string request_;
    HandshakeKey key_{};
    std::vector<std::string> subprotocols_;  // offered
    Deflate deflate_;                        // offered if it has codecs
    std::optional<DeflateParameters> agreed_;
    HttpHead head_;
    Outcome outcome_ = Outcome::pending;
    Error error_ = Error::none;
    int status_ = 0;
    std::string_view subprotocol_;
};

}  // namespace wsproof
