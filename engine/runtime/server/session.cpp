#include "session.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <string>
#include <utility>
#include <variant>

#include "live.hpp"

namespace wsproof::runtime {

namespace {

std::size_t message_size_max(const Limits& limits) {
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(limits.message, std::numeric_limits<std::size_t>::max()));
}

Options with_codecs(Options options, Codecs* codecs) {
    options.deflate.codecs = codecs;
    return options;
}

net::Stream stream_of(net::Socket socket, const ServerOptions& options) {
    return options.tls ? net::Stream(std::move(socket), options.tls)
                       : net::Stream(std::move(socket));
}

}  // namespace

Session::Session(net::Socket socket, const ServerOptions& options, std::span<const Live> lives,
                 const net::Interrupt& stop)
    : options_(options),
      lives_(lives),
      stop_(stop),
      codecs_(options.make_codecs ? options.make_codecs() : nullptr),
      pump_(stream_of(std::move(socket), options),
            Connection::server(with_codecs(options.engine, codecs_.get()), entropy_, now()),
            options.write),
      connection_(pump_.connection()),
      reader_(message_size_max(options.engine.limits)) {}

void Session::run() {
    if (!secure()) {
        pump_.stream().close();
        return;  // nobody was told of it: it has not been open
    }
    do {
        connection_.tick(now());
        take_events();
        pump_.write_output();
    } while (pump_.follow_transport() && wait());
    finish();
}

bool Session::secure() {
    return pump_.stream().handshake(pump_.deadline(), &stop_).status == net::Status::ok;
}

// is_paused: an open connection whose peer does not take what it is sent is not listened to. Once
// there is nothing more to say (RFC 6455 §5.5.1) input costs no memory, and is read to its end.
bool Session::is_paused() const noexcept {
    return connection_.state() == State::open &&
           connection_.queued() >= options_.engine.limits.output_queue;
}

// guarded: what a handler throws is logged, and is no reason to end the connection. False: it did.
template <class Call>
bool Session::guarded(Call&& call) {
    std::string what;
    try {
        call();
        return true;
    } catch (const std::exception& error) {
        what = error.what();
    } catch (...) {
        what = "something that is no std::exception";
    }
    if (options_.on_handler_error) {
        options_.on_handler_error(what);
    }
    return false;
}

// take_events stops in the middle of the input where an answer would be refused.
void Session::take_events() {
    while (!is_paused()) {
        const auto event = pump_.next();
        if (!event) {
            return;
        }
        take_event(*event);
    }
}

void Session::take_event(const Event& event) {
    if (const auto* request = std::get_if<UpgradeRequest>(&event)) {
        answer(*request);
    } else if (std::holds_alternative<Opened>(event)) {
        was_open_ = true;
    } else if (const auto* piece = std::get_if<MessageData>(&event)) {
        take(*piece);
    } else if (const auto* closed = std::get_if<Closed>(&event)) {
        if (was_open_ && handler_->on_close) {
            guarded([&] { handler_->on_close(*closed); });
        }
    }
}

void Session::answer(const UpgradeRequest& request) {
    const Route route = find_route(lives_, request);
    if (route.live == nullptr) {
        static_cast<void>(connection_.reject(404));  // no fields, hence no error
        return;
    }
    handler_ = &route.live->handler;
    if (handler_->on_request && !guarded([&] { handler_->on_request(connection_, request); }) &&
        connection_.state() == State::connecting) {
        static_cast<void>(connection_.reject(500));
        return;
    }
    if (connection_.state() == State::connecting) {
        // wrong_state if the handler has rejected it; it was offered, hence no other error.
        static_cast<void>(connection_.accept(route.subprotocol));
    }
}

void Session::take(const MessageData& piece) {
    if (reader_.add(piece) != Error::none) {
        connection_.abort(CloseCode::message_too_big);
    } else if (reader_.message() && handler_->on_message) {
        guarded([&] { handler_->on_message(connection_, *reader_.message()); });
    }
}

bool Session::wait() {
    if (pump_.has_input() && !is_paused()) {
        return true;  // the output that was in the way has gone
    }
    const net::Status ready = pump_.wait(stop_by_, is_stopping_ ? nullptr : &stop_, !is_paused());
    if (ready == net::Status::interrupted) {
        begin_stopping();
    }
    return net::Clock::now() < stop_by_ && !pump_.is_stuck();
}

void Session::begin_stopping() {
    is_stopping_ = true;
    const bool is_connecting = connection_.state() == State::connecting;
    stop_by_ = net::Clock::now() + (is_connecting ? std::chrono::milliseconds(0) : options_.stop);
    static_cast<void>(connection_.close(CloseCode::going_away));  // unless it is closing already
}

// finish tells the handler how it ended, if the engine was not the one to say so.
void Session::finish() {
    pump_.end();
    take_events();
    pump_.stream().close();
}

}  // namespace wsproof::runtime
