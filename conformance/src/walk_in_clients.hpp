// Clients that connect by themselves, to one port, one case each.
#pragma once

#include <memory>

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

}  // namespace wsproof::conformance
