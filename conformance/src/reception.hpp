// Receives whoever connects to `wsproof serve`: who asks for a WebSocket goes to the desk, who asks
// for a page or for news of one is answered in HTTP.
#pragma once

#include <string>
#include <thread>
#include <wsproof/net/socket.hpp>

#include "autobahn_driver.hpp"
#include "client_desk.hpp"
#include "workers.hpp"

namespace wsproof::conformance {

class Reception {
  public:
    // Receives from now on, until its end. `listener` and `desk` outlive it; `page` is HTML.
    Reception(net::Listener& listener, ClientDesk& desk, std::string page);
    ~Reception();
    Reception(const Reception&) = delete;
    Reception& operator=(const Reception&) = delete;

  private:
    void serve(net::Socket socket);
    void answer(DriverConnection& caller);

    ClientDesk& desk_;
    const std::string page_;
    net::Interrupt stop_;
    Workers workers_;
    std::thread thread_;
};

}  // namespace wsproof::conformance
