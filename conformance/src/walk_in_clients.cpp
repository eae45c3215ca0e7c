#include "walk_in_clients.hpp"

#include "player.hpp"

namespace wsproof::conformance {

namespace {

class WalkIn final : public Visit {
  public:
    explicit WalkIn(net::Socket socket) : socket_(std::move(socket)) {}

    Arrival arrive(const net::Interrupt&) override { return {.socket = std::move(socket_)}; }
    [[nodiscard]] std::string host_field() const override { return {}; }  // it may know us by name
    std::optional<Exit> end() override { return std::nullopt; }

  private:
    net::Socket socket_;
};

}  // namespace

std::unique_ptr<Visit> WalkInClients::visit(const ClientWishes& wishes) {
    if (!wishes.action.empty() || !wishes.subprotocols.empty() || !wishes.headers.empty() ||
        wishes.resource != "/") {
        throw Declined("a client that connects by itself cannot be asked for this");
    }
    net::Connected arrival = listener_.accept(net::Clock::now() + patience_, &interrupt_);
    if (arrival.result.status == net::Status::interrupted) {
        throw Interrupted{};
    }
    if (!arrival.socket.is_open()) {
        throw OutOfTime{};
    }
    return std::make_unique<WalkIn>(std::move(arrival.socket));
}

}  // namespace wsproof::conformance
