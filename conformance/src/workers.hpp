// Workers serve connections, each in a thread of its own, and are joined once they have ended.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <thread>
#include <wsproof/net/socket.hpp>

namespace wsproof::conformance {

class Workers {
  public:
    using Serve = std::function<void(net::Socket)>;

    // `serve` is called for each connection, for several at a time.
    explicit Workers(Serve serve) : serve_(std::move(serve)) {}

    // receive accepts whoever connects until `interrupt` is triggered or `is_over`, which is asked
    // a few times a second, and returns once all that was accepted has been served.
    void receive(net::Listener& listener, const net::Interrupt& interrupt,
                 const std::function<bool()>& is_over);

  private:
    struct Worker {
        std::thread thread{};
        std::atomic<bool> is_done{false};
    };

    void start(net::Socket socket);
    void join_those_done();

    const Serve serve_;
    std::list<Worker> workers_{};
};

}  // namespace wsproof::conformance
