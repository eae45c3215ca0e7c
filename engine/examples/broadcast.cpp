// A room: what one says, all hear. A message is framed once, as a PreparedMessage that every
// connection borrows; nothing is copied for each.
#include <algorithm>
#include <array>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>
#include <wsproof/connection.hpp>
#include <wsproof/message_reader.hpp>
#include <wsproof/net/socket.hpp>
#include <wsproof/prepared_message.hpp>
#include <wsproof/runtime/system.hpp>

using namespace wsproof;

constexpr std::size_t kMessageMax = 64U << 10;
constexpr std::size_t kUnsentMax = 4U << 20;  // bytes: who lags farther behind is sent away

Options options() {
    Options chosen;
    chosen.limits.message = kMessageMax;
    chosen.limits.output_queue = kUnsentMax;
    return chosen;
}

struct Guest {
    net::Socket socket;
    // Before the connection, so that they outlive it.
    std::map<Token, std::shared_ptr<const PreparedMessage>> borrowed;
    Connection connection;
    MessageReader reader{kMessageMax};
    bool input_has_ended = false;
    bool is_over = false;
};

class Room {
  public:
    explicit Room(net::Listener& listener) : listener_(listener) {}

    // round waits for something to happen, and does what can be done without waiting.
    void round() {
        std::vector<net::Interest> interests;
        net::Deadline deadline = net::Deadline::max();
        for (Guest& guest : guests_) {
            interests.push_back({.socket = &guest.socket,
                                 .read = !guest.input_has_ended,
                                 .write = guest.connection.queued() > 0});
            if (const auto due = guest.connection.deadline()) {
                deadline = std::min(deadline, net::Deadline(due->time_since_epoch()));
            }
        }
        interests.push_back({.listener = &listener_, .read = true});
        (void)net::wait(interests, deadline);
        auto interest = interests.begin();
        for (Guest& guest : guests_) {
            guest.connection.tick(runtime::now());
            listen_to(guest, (interest++)->readable);
        }
        for (Guest& guest : guests_) {  // after all have been heard: one write each
            write_to(guest);
        }
        guests_.remove_if([](const Guest& guest) { return guest.is_over; });
        if (interest->readable) {
            welcome();
        }
    }

  private:
    void welcome() {
        net::Connected accepted = listener_.accept(net::Deadline::min());
        if (accepted.socket.is_open()) {
            auto connection = Connection::server(options(), entropy_, runtime::now());
            guests_.push_back({.socket = std::move(accepted.socket),
                               .borrowed = {},
                               .connection = std::move(connection)});
        }
    }

    void listen_to(Guest& guest, bool is_readable) {
        MutableBytes in;
        if (is_readable) {
            const net::Result result = guest.socket.try_read(buffer_);
            in = MutableBytes(buffer_).first(result.size);
            if (result.status != net::Status::ok && result.status != net::Status::timed_out) {
                guest.input_has_ended = true;
                guest.connection.end_of_input();
            }
        }
        while (const auto event = guest.connection.next(in)) {
            if (std::holds_alternative<UpgradeRequest>(*event)) {
                (void)guest.connection.accept();
            } else if (const auto* piece = std::get_if<MessageData>(&*event)) {
                if (guest.reader.add(*piece) != Error::none) {
                    guest.connection.abort(CloseCode::message_too_big);
                } else if (const auto& message = guest.reader.message()) {
                    say_to_all(*message);
                }
            }
        }
    }

    void say_to_all(const Message& message) {
        const auto framed = std::make_shared<const PreparedMessage>(message.type, message.payload);
        for (Guest& guest : guests_) {
            const Error error = guest.connection.send(*framed, ++last_token_);
            if (error == Error::none) {
                guest.borrowed.emplace(last_token_, framed);
            } else if (error == Error::output_full) {
                guest.connection.abort(CloseCode::policy_violation);
            }  // else it is not open, or closing: it hears nothing more
        }
    }

    static void write_to(Guest& guest) {
        Connection& connection = guest.connection;
        if (connection.queued() > 0) {
            const net::Result result =
                guest.socket.write(connection.output(), net::Deadline::min());
            connection.consume(result.size);
            guest.is_over =
                result.status != net::Status::ok && result.status != net::Status::timed_out;
        }
        while (const auto token = connection.next_released()) {
            guest.borrowed.erase(*token);
        }
        if (connection.queued() > 0) {
            return;
        }
        if (connection.transport() == Transport::shut_down_write) {
            guest.socket.shut_down_write();  // RFC 6455 §7.1.1: and then reading to the peer's FIN
        }
        guest.is_over = guest.is_over || connection.transport() == Transport::close;
    }

    net::Listener& listener_;
    runtime::SystemEntropy entropy_;
    std::array<std::byte, 64 << 10> buffer_;
    std::list<Guest> guests_;
    Token last_token_ = 0;
};

int main() {
    std::string error;
    const auto local = net::resolve("127.0.0.1", 0, net::Deadline::max());
    auto listener = net::Listener::listen(local.endpoints.at(0), 512, error);
    if (!listener) {
        std::cerr << "broadcast: " << error << '\n';
        return 1;
    }
    std::cout << "listening on ws://" << listener->endpoint().to_string() << "/\n" << std::flush;
    Room room(*listener);
    while (true) {
        room.round();
    }
}
