// What is behind WebSockets: websockets.cpp hands the verbs on, loop.cpp moves the bytes.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <wsproof/runtime/system.hpp>
#include <wsproof/runtime/websockets.hpp>

namespace wsproof::runtime {

struct WebSockets::Impl {
    struct Transport {
        net::Stream stream;
        bool input_has_ended = false;
        bool output_has_ended = false;
    };
    struct Server {
        net::Listener listener;
        std::shared_ptr<const net::TlsContext> tls;
    };

    Impl(const Options& options, HubLog* log) : hub(options, entropy, now(), log) {}

    HandlerId keep(Handler handler);
    void connect(SocketId id, const OpenOptions& options);
    [[nodiscard]] bool has_work() const;
    void wait(net::Deadline deadline, const net::Interrupt* interrupt);
    void accept_all();
    void move(SocketId id);
    void read(SocketId id, Transport& transport);
    void write(SocketId id, Transport& transport);
    void follow(SocketId id);
    void fail(SocketId id, Transport& transport, const net::Result& result);
    void dispatch(SocketId id, MutableBytes in);
    void move_ready();

    SystemEntropy entropy;
    Hub hub;
    HandlerId last_handler = 0;
    std::map<HandlerId, Handler> handlers;
    std::map<SocketId, HandlerId> opened;  // whose handlers are theirs alone
    std::map<SocketId, Transport> transports;
    std::map<SocketId, Server> servers;
    std::array<std::byte, 64 << 10> buffer;
};

[[noreturn]] void raise(const HubError& error);
inline void check(const HubError& error) {
    if (error) {
        raise(error);
    }
}
template <typename T>
T checked(HubResult<T> result) {
    check(result.error);
    return std::move(result.value);
}

}  // namespace wsproof::runtime
