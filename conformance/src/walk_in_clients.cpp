#include "walk_in_clients.hpp"

#include "player.hpp"

namespace wsproof::conformance {

namespace {

class WalkIn final : public Visit {
  public:
    explicit WalkIn(net::Socket socket, wire::ByteString read = {})
        : socket_(std::move(socket)), read_(std::move(read)) {}

    Arrival arrive(const net::Interrupt&) override {
        return {.socket = std::move(socket_), .read = std::move(read_)};
    }
    [[nodiscard]] std::string host_field() const override { return {}; }  // it may know us by name
    std::optional<Exit> end() override { return std::nullopt; }

  private:
    net::Socket socket_;
    wire::ByteString read_;
};

bool is_special(const ClientWishes& wishes) {
    return !wishes.action.empty() || !wishes.subprotocols.empty() || !wishes.headers.empty() ||
           wishes.resource != "/";
}

}  // namespace

std::unique_ptr<Visit> WalkInClients::visit(const ClientWishes& wishes) {
    if (is_special(wishes)) {
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

void HandedOver::hand_over(net::Socket socket, wire::ByteString read) {
    const std::lock_guard lock(mutex_);
    waiting_[std::this_thread::get_id()] =
        std::make_unique<WalkIn>(std::move(socket), std::move(read));
}

std::unique_ptr<Visit> HandedOver::visit(const ClientWishes& wishes) {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(std::this_thread::get_id());
    if (is_special(wishes) || found == waiting_.end()) {
        throw Declined("a client that connects by itself cannot be asked for this");
    }
    std::unique_ptr<Visit> visit = std::move(found->second);
    waiting_.erase(found);
    return visit;
}

}  // namespace wsproof::conformance
