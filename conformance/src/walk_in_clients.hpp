// Clients that connect by themselves, one case each.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "client_desk.hpp"

namespace wsproof::conformance {

// WalkInClients come by themselves; or a page in a browser opens each connection as it is bidden,
// and then it can be asked for what a script can do.
class WalkInClients final : public Clients {
  public:
    // All outlive this.
    WalkInClients(ClientDesk& desk, const net::Interrupt& interrupt)
        : desk_(desk), interrupt_(interrupt) {}

    [[nodiscard]] std::unique_ptr<Visit> visit(const ClientWishes& wishes) override;
    [[nodiscard]] bool listens() const noexcept override;
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> facts() const override;

  private:
    ClientDesk& desk_;
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
