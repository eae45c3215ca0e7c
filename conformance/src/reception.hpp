// Receives whoever connects to `wsproof serve`: who asks for a WebSocket goes to the desk, who asks
// for a page or for news of one is answered in HTTP.
#pragma once

#include <atomic>
#include <list>
#include <string>
#include <thread>
#include <wsproof/net/socket.hpp>

#include "autobahn_driver.hpp"
#include "client_desk.hpp"

namespace wsproof::conformance {

class Reception {
  public:
    // Receives from now on, until its end. `listener` and `desk` outlive it; `page` is HTML.
    Reception(net::Listener& listener, ClientDesk& desk, std::string page);
    ~Reception();
    Reception(const Reception&) = delete;
    Reception& operator=(const Reception&) = delete;

  private:
    struct Worker {
        std::thread thread{};
        std::atomic<bool> is_done{false};
    };

    void receive();
    void reap(bool all);
    void serve(net::Socket socket);
    void answer(DriverConnection& caller);

    net::Listener& listener_;
    ClientDesk& desk_;
    const std::string page_;
    net::Interrupt stop_;
    std::list<Worker> workers_;
    std::thread thread_;
};

}  // namespace wsproof::conformance
