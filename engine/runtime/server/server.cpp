// Accepting, and what is done about a connection too many.
#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>
#include <wsproof/runtime/server.hpp>

#include "session.hpp"
#include "threads.hpp"

namespace wsproof::runtime {

namespace {

using std::chrono::milliseconds;

// As many connections are turned away at a time; more wait in the listener's backlog.
constexpr std::size_t kTurnedAwayMax = 16;
constexpr milliseconds kTurnedAwayTime{1'000};  // in which they send a request and close
constexpr milliseconds kPause{20};              // until threads are looked at again

// Turning away is a connection like any other, with a short time and one answer: the request is
// read, for a response to it to be read, and closing waits for the peer (RFC 6455 §7.1.1).
ServerOptions brief(ServerOptions options) {
    for (auto* timer : {&options.engine.timers.handshake, &options.engine.timers.close}) {
        *timer = std::min<Duration>(timer->value_or(kTurnedAwayTime), kTurnedAwayTime);
    }
    return options;
}

Live turn_away() {
    return {.handler = {.on_request = [](Connection& connection, const UpgradeRequest&) {
                static constexpr Field kRetry{"Retry-After", "1"};
                static_cast<void>(connection.reject(503, std::span(&kRetry, 1)));
            }}};
}

class Acceptor {
  public:
    Acceptor(net::Listener& listener, const ServerOptions& options, std::span<const Live> lives,
             const net::Interrupt& stop)
        : listener_(listener),
          options_(options),
          lives_(lives),
          stop_(stop),
          served_(options.connections_max) {}

    // accept_all returns when accepting is over, with the threads still at work.
    net::Result accept_all() {
        while (true) {
            if (!served_.has_room() && !turned_away_.has_room()) {
                if (pause()) {
                    return {.status = net::Status::interrupted};
                }
                continue;
            }
            net::Connected accepted = listener_.accept(net::Deadline::max(), &stop_);
            if (accepted.result.status != net::Status::ok) {
                return accepted.result;
            }
            try {
                begin(std::move(accepted.socket));
            } catch (const std::exception&) {
                // No memory, or no thread: that connection is lost, the next may not be.
                pause();
            }
        }
    }

  private:
    void begin(net::Socket socket) {
        const bool is_served = served_.has_room();
        // std::function wants to copy what it holds.
        const auto session =
            std::make_shared<Session>(std::move(socket), is_served ? options_ : brief_options_,
                                      is_served ? lives_ : std::span(&refusal_, 1), stop_);
        (is_served ? served_ : turned_away_).start([session] { session->run(); });
    }

    // pause waits for less than a client notices; true: until `stop` was triggered.
    bool pause() {
        return net::wait({}, net::Clock::now() + kPause, &stop_) == net::Status::interrupted;
    }

    net::Listener& listener_;
    const ServerOptions& options_;
    const ServerOptions brief_options_ = brief(options_);
    std::span<const Live> lives_;
    const Live refusal_ = turn_away();
    const net::Interrupt& stop_;
    Threads served_;
    Threads turned_away_{kTurnedAwayMax};
};

}  // namespace

net::Result serve(net::Listener& listener, const ServerOptions& options, const Handler& handler,
                  net::Interrupt& stop) {
    const Live all{.handler = handler};
    return serve(listener, options, std::span(&all, 1), stop);
}

net::Result serve(net::Listener& listener, const ServerOptions& options,
                  std::span<const Live> lives, net::Interrupt& stop) {
    Acceptor acceptor(listener, options, lives, stop);
    const net::Result result = acceptor.accept_all();
    stop.trigger();  // for the threads, if an error has ended it
    listener.close();
    return result;
}

}  // namespace wsproof::runtime
