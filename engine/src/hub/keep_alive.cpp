// configure, pings, and what time does.
#include <algorithm>
#include <array>
#include <charconv>

#include "hub_impl.hpp"

namespace wsproof {
namespace {

constexpr std::array<std::string_view, 3> kOptions = {"-keepalive", "-ping", "-timeout"};
constexpr std::size_t kPingMax = 125;  // RFC 6455 §5.5, bytes
// A year is more than anybody keeps alive, and far from what a Duration cannot hold.
constexpr std::int64_t kSecondsMax = 366 * 86'400;

HubError bad(std::string text) {
    return hub_error(HubErrorKind::bad_argument, std::move(text));
}

// full_name: what `name` is short for, if it is short for one thing only.
std::string_view full_name(std::string_view name) noexcept {
    std::string_view found;
    for (const std::string_view option : kOptions) {
        if (name.size() > 1 && option.starts_with(name)) {
            found = found.empty() ? option : std::string_view("?");
        }
    }
    return found == "?" ? std::string_view{} : found;
}

// read_seconds: 0 and less are none.
HubError read_seconds(std::string_view name, std::string_view text, std::optional<Duration>& out) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds > kSecondsMax) {
        return bad(std::string(name).append(" is a number of seconds, at most a year"));
    }
    out = seconds <= 0 ? std::optional<Duration>() : Duration(std::chrono::seconds(seconds));
    return {};
}

}  // namespace

HubError Hub::Impl::configure(SocketId id, std::span<const std::string_view> options_given) {
    HubError error;
    const HubSocket* socket = find_known(id, error);
    if (socket == nullptr) {
        return error;
    }
    KeepAlive wanted = socket->keep_alive;
    for (std::size_t i = 0; i < options_given.size(); i += 2) {
        const std::string_view name = full_name(options_given[i]);
        if (name.empty()) {
            return hub_error(HubErrorKind::unknown_name,
                             std::string("no option, or more than one: ")
                                 .append(options_given[i])
                                 .append("; there are -keepalive, -ping, -timeout"));
        }
        if (i + 1 == options_given.size()) {
            return bad(std::string(name).append(" has no value"));
        }
        const std::string_view value = options_given[i + 1];
        if (name == "-ping") {
            wanted.ping = value;
        } else {
            auto& seconds = name == "-keepalive" ? wanted.interval : wanted.pong_timeout;
            if (HubError why = read_seconds(name, value, seconds)) {
                return why;
            }
        }
    }
    return configure(id, wanted);
}

HubError Hub::Impl::configure(SocketId id, const KeepAlive& keep_alive) {
    HubError error;
    HubSocket* socket = find_known(id, error);
    if (socket == nullptr) {
        return error;
    }
    if (keep_alive.ping.size() > kPingMax) {
        return bad("the text of a ping has at most 125 bytes");
    }
    KeepAlive& chosen = socket->keep_alive;
    chosen = keep_alive;
    for (std::optional<Duration>* time : {&chosen.interval, &chosen.pong_timeout}) {
        if (*time && **time <= Duration::zero()) {
            time->reset();  // it would come again at once, for ever
        }
    }
    note_activity(*socket);
    make_ready(*socket);  // its deadline may be earlier now
    return {};
}

// note_activity: received bytes start the interval anew; what we send does not, so that a dead peer
// is noticed under one-way sending.
void Hub::Impl::note_activity(HubSocket& socket) const {
    socket.pong_by.reset();
    socket.ping_at.reset();
    if (socket.keep_alive.interval) {
        socket.ping_at = now + *socket.keep_alive.interval;
    }
}

void Hub::Impl::tick(Time time) {
    now = std::max(now, time);
    for (auto& [id, socket] : sockets) {
        if (socket->connection) {
            tick(*socket);
        }
    }
}

void Hub::Impl::tick(HubSocket& socket) {
    Connection& connection = *socket.connection;
    const State before = connection.state();
    const std::size_t queued = connection.queued();
    connection.tick(now);
    if (connection.state() == State::open) {
        if (socket.pong_by && *socket.pong_by <= now) {
            socket.pong_by.reset();
            socket.ping_at.reset();
            log(LogLevel::warn, socket.id, "no pong came");
            connection.abort(CloseCode::abnormal);  // which may not be sent: nobody is told
        } else if (socket.ping_at && *socket.ping_at <= now) {
            const auto ping = std::as_bytes(std::span(socket.keep_alive.ping));
            static_cast<void>(connection.ping(ping));
            socket.pinged_at = now;
            socket.pinged_with = socket.keep_alive.ping;
            socket.ping_at = now + *socket.keep_alive.interval;
            if (socket.keep_alive.pong_timeout && !socket.pong_by) {
                socket.pong_by = now + *socket.keep_alive.pong_timeout;
            }
        }
    }
    if (connection.state() != before || connection.queued() != queued) {
        make_ready(socket);
    }
}

std::optional<Time> Hub::Impl::deadline() const noexcept {
    std::optional<Time> earliest;
    const auto consider = [&earliest](const std::optional<Time>& time) {
        if (time && (!earliest || *time < *earliest)) {
            earliest = time;
        }
    };
    for (const auto& [id, socket] : sockets) {
        if (!socket->connection) {
            continue;
        }
        consider(socket->connection->deadline());
        if (socket->connection->state() == State::open) {
            consider(socket->ping_at);
            consider(socket->pong_by);
        }
    }
    return earliest;
}

}  // namespace wsproof
