// The connection of a driver to a fuzzingserver: its request is read before anybody knows whether
// it is there to be judged, and answered here if it is not.
#pragma once

#include <string>
#include <string_view>
#include <wsproof/net/socket.hpp>

#include "offer.hpp"
#include "wire/http_request.hpp"

namespace wsproof::conformance {

class DriverConnection {
  public:
    // `interrupt` outlives it.
    DriverConnection(net::Socket socket, const net::Interrupt& interrupt)
        : socket_(std::move(socket)), interrupt_(interrupt) {}

    // read_request waits for the head of a request. False: none came in time.
    [[nodiscard]] bool read_request();
    [[nodiscard]] const wire::HttpRequest& request() const noexcept { return request_; }
    [[nodiscard]] Offer offer() const;
    // why_no_upgrade says what a request for a WebSocket has and this has not; empty if it is one.
    [[nodiscard]] std::string why_no_upgrade() const;

    // refuse answers with an HTTP status and a line of text, and ends the connection.
    void refuse(int status, std::string_view why);
    // answer opens the WebSocket, sends one text message unless it is empty, and closes.
    void answer(std::string_view message);

    // give_up hands over the socket, and all that was read of it.
    [[nodiscard]] net::Socket give_up(wire::ByteString& read);

  private:
    void send(wire::ByteView bytes);
    void see_out(bool awaits_close);

    net::Socket socket_;
    const net::Interrupt& interrupt_;
    wire::HttpRequest request_;
    wire::ByteString rest_;  // what came behind the head
};

}  // namespace wsproof::conformance
