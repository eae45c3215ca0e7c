#include "session.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <limits>
#include <variant>

namespace wsproof::runtime {

namespace {

net::Deadline clock_time(Time time) {
    return net::Deadline(std::chrono::duration_cast<net::Clock::duration>(time.time_since_epoch()));
}

std::size_t message_size_max(const Limits& limits) {
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(limits.message, std::numeric_limits<std::size_t>::max()));
}

Options with_codecs(Options options, Codecs* codecs) {
    options.deflate.codecs = codecs;
    return options;
}

}  // namespace

Session::Session(net::Socket socket, const ServerOptions& options, const Handler& handler,
                 const net::Interrupt& stop)
    : stream_(options.tls ? net::Stream(std::move(socket), options.tls)
                          : net::Stream(std::move(socket))),
      options_(options),
      handler_(handler),
      stop_(stop),
      codecs_(options.make_codecs ? options.make_codecs() : nullptr),
      connection_(Connection::server(with_codecs(options.engine, codecs_.get()), entropy_, now())),
      reader_(message_size_max(options.engine.limits)) {}

void Session::run() {
    if (!secure()) {
        stream_.close();
        return;  // nobody was told of it: it has not been open
    }
    do {
        connection_.tick(now());
        take_events();
        write_output();
    } while (follow_transport() && wait());
    finish();
}

bool Session::secure() {
    return stream_.handshake(deadline(), &stop_).status == net::Status::ok;
}

// is_paused: an open connection whose peer does not take what it is sent is not listened to. Once
// there is nothing more to say (RFC 6455 §5.5.1) input costs no memory, and is read to its end.
bool Session::is_paused() const noexcept {
    return connection_.state() == State::open &&
           connection_.queued() >= options_.engine.limits.output_queue;
}

// take_events stops in the middle of the input where an answer would be refused.
void Session::take_events() {
    while (!is_paused()) {
        const auto event = connection_.next(input_);
        if (!event) {
            return;
        }
        try {
            take_event(*event);
        } catch (const std::exception&) {
            connection_.abort(CloseCode::internal_error);
        }
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
        if (was_open_ && handler_.on_close) {
            handler_.on_close(*closed);
        }
    }
}

void Session::answer(const UpgradeRequest& request) {
    if (handler_.on_request) {
        handler_.on_request(connection_, request);
    }
    if (connection_.state() == State::connecting) {
        static_cast<void>(connection_.accept());  // no arguments, hence no error
    }
}

void Session::take(const MessageData& piece) {
    if (reader_.add(piece) != Error::none) {
        connection_.abort(CloseCode::message_too_big);
    } else if (reader_.message() && handler_.on_message) {
        handler_.on_message(connection_, *reader_.message());
    }
}

// write_output writes what the socket takes without waiting.
void Session::write_output() {
    while (!output_has_ended_ && connection_.queued() > 0) {
        const net::Result result = stream_.write(connection_.output(), net::Deadline::min());
        if (result.status == net::Status::timed_out && result.error == 0) {
            if (write_by_ == net::Deadline::max()) {
                write_by_ = net::Clock::now() + options_.write;
            }
            return;
        }
        // Nobody will read this, but what the peer has said before may still be in the socket.
        output_has_ended_ = result.status != net::Status::ok;
        connection_.consume(result.size);
        write_by_ = net::Deadline::max();
    }
    discard_output();
    write_by_ = net::Deadline::max();
}

void Session::discard_output() {
    while (output_has_ended_ && connection_.queued() > 0) {
        std::size_t size = 0;
        for (const Bytes piece : connection_.output()) {
            size += piece.size();
        }
        connection_.consume(size);
    }
}

// follow_transport does what the engine wants done to TCP.
bool Session::follow_transport() {
    if (connection_.queued() > 0 || connection_.transport() == Transport::keep) {
        return true;
    }
    if (connection_.transport() == Transport::close) {
        return false;
    }
    // RFC 6455 §7.1.1: the server ends TCP first, and reads on: closed with unread input, TCP would
    // send a RST, which can destroy the Close on its way.
    if (!output_has_ended_) {
        stream_.shut_down_write();
        output_has_ended_ = true;
    }
    return true;
}

net::Deadline Session::deadline() const {
    const auto engine = connection_.deadline();
    return std::min({engine ? clock_time(*engine) : net::Deadline::max(), stop_by_, write_by_});
}

bool Session::wait() {
    if (!input_.empty() && !is_paused()) {
        return true;  // the output that was in the way has gone
    }
    net::Interest interest{.stream = &stream_,
                           .read = !input_has_ended_ && input_.empty() && !is_paused(),
                           .write = connection_.queued() > 0};
    const net::Status ready =
        net::wait(std::span(&interest, 1), deadline(), is_stopping_ ? nullptr : &stop_);
    if (ready == net::Status::interrupted) {
        begin_stopping();
    }
    if (interest.readable) {
        read_input();
    }
    const net::Deadline time = net::Clock::now();
    return time < stop_by_ && (time < write_by_ || interest.writable);
}

void Session::read_input() {
    const net::Result result = stream_.try_read(buffer_);
    if (result.status == net::Status::ok) {
        input_ = MutableBytes(buffer_).first(result.size);
    } else if (result.status != net::Status::timed_out || result.error != EAGAIN) {
        end_input();
    }
}

void Session::end_input() {
    input_has_ended_ = true;
    connection_.end_of_input();
}

void Session::begin_stopping() {
    is_stopping_ = true;
    const bool is_connecting = connection_.state() == State::connecting;
    stop_by_ = net::Clock::now() + (is_connecting ? std::chrono::milliseconds(0) : options_.stop);
    static_cast<void>(connection_.close(CloseCode::going_away));  // unless it is closing already
}

// finish tells the handler how it ended, if the engine was not the one to say so.
void Session::finish() {
    input_ = {};
    end_input();
    take_events();
    stream_.close();
}

}  // namespace wsproof::runtime
