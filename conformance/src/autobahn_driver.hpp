// The connection of a driver to a fuzzingserver, or of a browser to its page: its request is read
// before anybody knows whether it is there to be judged, and answered here if it is not.
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

    // read_request waits for the head of a request. False: none came in time, or what came is none;
    // give_up() has it.
    [[nodiscard]] bool read_request();
    [[nodiscard]] const wire::HttpRequest& request() const noexcept { return request_; }
    [[nodiscard]] Offer offer() const;
    // why_no_upgrade says what a request for a WebSocket has and this has not; empty if it is one.
    [[nodiscard]] std::string why_no_upgrade() const;

    // wants_websocket: however badly it asks for one.
    [[nodiscard]] bool wants_websocket() const;

    // reply answers in HTTP and ends the connection; refuse does so with a line of text.
    void reply(int status, std::string_view type, std::string_view body);
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
    wire::ByteString rest_;  // what came behind the head, or instead of one
};

}  // namespace wsproof::conformance
