// The example of the documented API: open a WebSocket, wait for the connection, send a text,
// receive its echo.
//
//   manual ws://host:port/path     without a URL it serves the echo itself
#include <cstdlib>
#include <iostream>
#include <string>
#include <wsproof/runtime/websockets.hpp>

using wsproof::HubEvent;
using wsproof::HubEventType;
using wsproof::SocketId;
using wsproof::runtime::WebSockets;

namespace {

std::string text_of(const HubEvent& event) {
    return {reinterpret_cast<const char*>(event.message.data()), event.message.size()};
}

// serve_echo registers a server that sends every text back, and answers with its URL.
std::string serve_echo(WebSockets& sockets) {
    const SocketId server = sockets.server("127.0.0.1", 0);
    sockets.live(server, "/echo", [&sockets](SocketId socket, const HubEvent& event) {
        if (event.type == HubEventType::text) {
            sockets.send(socket, "text", text_of(event));
        }
    });
    return "ws://127.0.0.1:" + std::to_string(sockets.port(server)) + "/echo";
}

int run(const char* url) {
    WebSockets sockets;
    bool is_echoed = false;
    bool is_over = false;
    const auto handler = [&](SocketId socket, const HubEvent& event) {
        switch (event.type) {
            case HubEventType::connect:
                std::cout << "connected to " << sockets.conninfo(socket, "peername") << '\n';
                sockets.send(socket, "text", "Hello");
                return;
            case HubEventType::text:
                std::cout << "received: " << text_of(event) << '\n';
                is_echoed = text_of(event) == "Hello";
                sockets.close(socket);
                return;
            case HubEventType::timeout:
            case HubEventType::error:
                std::cerr << event.text << '\n';
                return;
            case HubEventType::disconnect:
                std::cout << "disconnected\n";
                is_over = true;
                return;
            case HubEventType::binary:
            case HubEventType::ping:
            case HubEventType::pong:
            case HubEventType::close:
                return;
        }
    };
    sockets.open(url != nullptr ? url : serve_echo(sockets), handler);
    while (!is_over && sockets.poll(wsproof::net::Deadline::max())) {
    }
    return is_echoed ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc > 1 ? argv[1] : nullptr);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
