// Clients that connect by themselves, to one port, one case each.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "client.hpp"

namespace wsproof::conformance {

class WalkInClients final : public Clients {
  public:
    // A visit waits so long for the next client. Both outlive this.
    WalkInClients(net::Listener& listener, std::chrono::seconds patience,
                  const net::Interrupt& interrupt)
        : listener_(listener), patience_(patience), interrupt_(interrupt) {}

    [[nodiscard]] std::unique_ptr<Visit> visit(const ClientWishes& wishes) override;
    [[nodiscard]] bool listens() const noexcept override { return false; }

  private:
    net::Listener& listener_;
    std::chrono::seconds patience_;
    const net::Interrupt& interrupt_;
};

// HandedOver are clients whose request somebody else has read, to see what they came for.
class HandedOver final : public Clients {
  public:
    // hand_over: the next visit of this thread is that of this client, of which `read` has been
    // read.
    void hand_over(net::Socket socket, wire::ByteString read);

    [[nodiscard]] std::unique_ptr<Visit> visit(const ClientWishes& wishes) override;
    [[nodiscard]] bool listens() const noexcept override { return false; }

  private:
    std::mutex mutex_;
    std::map<std::thread::id, std::unique_ptr<Visit>> waiting_;
};

}  // namespace wsproof::conformance
