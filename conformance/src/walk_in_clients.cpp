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

// Ordered is a connection that the page opens.
class Ordered final : public Visit {
  public:
    Ordered(ClientDesk& desk, const ClientWishes& wishes)
        : desk_(desk), number_(desk.order(wishes)) {}
    ~Ordered() override { desk_.cancel(number_); }
    Ordered(const Ordered&) = delete;
    Ordered& operator=(const Ordered&) = delete;

    Arrival arrive(const net::Interrupt& interrupt) override {
        return desk_.await_ordered(number_, interrupt);
    }
    [[nodiscard]] std::string host_field() const override { return desk_.host(); }
    std::optional<Exit> end() override { return std::nullopt; }

  private:
    ClientDesk& desk_;
    std::uint64_t number_;
};

bool is_special(const ClientWishes& wishes) {
    return !wishes.action.empty() || !wishes.subprotocols.empty() || !wishes.headers.empty() ||
           wishes.resource != "/";
}

}  // namespace

std::unique_ptr<Visit> WalkInClients::visit(const ClientWishes& wishes) {
    if (desk_.await_kind(interrupt_) == ClientDesk::Kind::page) {
        if (std::string why = why_no_page_can(wishes); !why.empty()) {
            throw Declined(why);
        }
        return std::make_unique<Ordered>(desk_, wishes);
    }
    if (is_special(wishes)) {
        throw Declined("a client that connects by itself cannot be asked for this");
    }
    Visit::Arrival arrival = desk_.await_walk_in(interrupt_);
    return std::make_unique<WalkIn>(std::move(arrival.socket), std::move(arrival.read));
}

bool WalkInClients::listens() const noexcept {
    return desk_.kind() == ClientDesk::Kind::page;
}

std::vector<std::pair<std::string, std::string>> WalkInClients::facts() const {
    const std::string browser = desk_.browser();
    return browser.empty() ? Clients::facts()
                           : std::vector<std::pair<std::string, std::string>>{{"browser", browser}};
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
