#include "pump.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace wsproof::runtime {

namespace {

net::Deadline clock_time(Time time) {
    return net::Deadline(std::chrono::duration_cast<net::Clock::duration>(time.time_since_epoch()));
}

}  // namespace

Pump::Pump(net::Stream stream, Connection connection, std::chrono::milliseconds write_time)
    : stream_(std::move(stream)), connection_(std::move(connection)), write_time_(write_time) {}

void Pump::write_output() {
    while (!output_has_ended_ && connection_.queued() > 0) {
        const net::Result result = stream_.write(connection_.output(), net::Deadline::min());
        if (result.status == net::Status::timed_out && result.error == 0) {
            if (write_by_ == net::Deadline::max()) {
                write_by_ = net::Clock::now() + write_time_;
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

void Pump::discard_output() {
    while (output_has_ended_ && connection_.queued() > 0) {
        std::size_t size = 0;
        for (const Bytes piece : connection_.output()) {
            size += piece.size();
        }
        connection_.consume(size);
    }
}

bool Pump::follow_transport() {
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

net::Deadline Pump::deadline() const {
    const auto engine = connection_.deadline();
    return engine ? clock_time(*engine) : net::Deadline::max();
}

net::Status Pump::wait(net::Deadline deadline, const net::Interrupt* interrupt, bool may_read) {
    net::Interest interest{.stream = &stream_,
                           .read = may_read && !input_has_ended_ && input_.empty(),
                           .write = connection_.queued() > 0};
    const net::Status ready = net::wait(
        std::span(&interest, 1), std::min({deadline, this->deadline(), write_by_}), interrupt);
    is_writable_ = interest.writable;
    if (interest.readable) {
        read_input();
    }
    return ready;
}

bool Pump::is_stuck() const noexcept {
    return net::Clock::now() >= write_by_ && !is_writable_;
}

void Pump::read_input() {
    const net::Result result = stream_.try_read(buffer_);
    if (result.status == net::Status::ok) {
        input_ = MutableBytes(buffer_).first(result.size);
    } else if (result.status != net::Status::timed_out || result.error != EAGAIN) {
        input_has_ended_ = true;
        connection_.end_of_input();
    }
}

void Pump::end() {
    input_ = {};
    input_has_ended_ = true;
    connection_.end_of_input();
}

}  // namespace wsproof::runtime
