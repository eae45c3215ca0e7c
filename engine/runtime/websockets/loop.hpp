// The transports of a Hub, and the loop around them.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/runtime/system.hpp>
#include <wsproof/runtime/websockets.hpp>

namespace wsproof::runtime {

// raise throws what the package raises as an error.
[[noreturn]] void raise(const HubError& error);

// end_of reads what net calls an end: "127.0.0.1:80", "[::1]:80".
[[nodiscard]] End end_of(const std::string& text);

struct WebSockets::Loop {
    Loop(const Options& options, HubLog* log, const WebSocketsBounds& chosen);

    struct Transported {
        net::Stream stream;
        bool is_attached = false;  // only: nothing is read from it yet
        bool is_served = false;    // counts for connections_max
        std::vector<std::byte> buffer{};
        MutableBytes input{};  // what the Hub has not taken of it
        bool input_has_ended = false;
        bool output_has_ended = false;
        net::Deadline write_by = net::Deadline::max();  // while something cannot be written
    };
    struct Listening {
        net::Listener listener;
        std::shared_ptr<const net::TlsContext> tls;
        net::Deadline pause = net::Deadline::min();  // while descriptors lack
    };

    SocketId attach(net::Stream stream);
    void begin(SocketId socket, Bytes already_read);  // reading
    void poll(net::Deadline deadline, const net::Interrupt* interrupt);
    [[nodiscard]] bool has_work() const noexcept;
    void stop(net::Deadline deadline);

    void accept_from(SocketId server, Listening& listening);
    [[nodiscard]] HandlerId keep(Handler handler);
    bool serve_ready();
    void serve(SocketId socket);
    void take_events(SocketId socket, MutableBytes& input);
    void dispatch(const HubEvent& event);
    void write_output(SocketId socket, Transported& transported);
    [[nodiscard]] bool follow_transport(SocketId socket, Transported& transported);
    void end_input(SocketId socket, Transported& transported, net::Status status);
    void read_input(SocketId socket, Transported& transported);
    void finish(SocketId socket);
    [[nodiscard]] bool is_paused(SocketId socket) const noexcept;
    [[nodiscard]] Transported* find(SocketId socket) noexcept;
    [[nodiscard]] net::Deadline earliest(net::Deadline deadline) const;
    void wait(net::Deadline deadline, const net::Interrupt* interrupt);

    WebSocketsBounds bounds;
    std::size_t output_queue;  // bytes
    SystemEntropy entropy;
    Hub hub;
    std::map<SocketId, Transported> transports;
    std::map<SocketId, Listening> servers;
    std::size_t served_count = 0;
    bool is_stopping = false;  // nothing new begins
    HandlerId last_handler = 0;
    std::map<HandlerId, Handler> handlers;
    std::map<SocketId, HandlerId> own_handlers;  // of sockets whose handler is theirs alone
};

}  // namespace wsproof::runtime
