// conninfo, find, loglevel.
#include <array>

#include "glob.hpp"
#include "hub_impl.hpp"

namespace wsproof {
namespace {

constexpr std::array<std::string_view, 5> kLevels = {"debug", "info", "notice", "warn", "error"};

constexpr std::string_view kKeys =
    "peername, sockname, name, closed, client, server, type, handler, state, subprotocol, "
    "extensions, bytes_in, bytes_out, frames_in, frames_out, close_code, close_reason, latency";

std::string_view name_of(const End& end) noexcept {
    return end.name.empty() ? end.address : end.name;
}

std::string_view state_of(const HubSocket& socket) noexcept {
    if (socket.is_closed) {
        return "CLOSED";
    }
    if (!socket.connection) {
        return "CONNECTING";
    }
    switch (socket.connection->state()) {
        case State::connecting:
            return "CONNECTING";
        case State::open:
            return "CONNECTED";
        case State::closing_local:
        case State::closing_remote:
        case State::draining:
        case State::closed:
            return "CLOSED";
    }
    return "CLOSED";
}

// documented: the package's keys; nullopt for others.
std::optional<std::string> documented(const HubSocket& socket, std::string_view what) {
    const bool is_server = socket.kind == HubSocket::Kind::served;
    const auto truth = [](bool value) { return std::string(value ? "1" : "0"); };
    if (what == "peername") {
        return std::string(name_of(socket.remote));
    }
    if (what == "sockname" || what == "name") {
        return std::string(name_of(socket.local));
    }
    if (what == "closed") {
        return truth(state_of(socket) == "CLOSED");
    }
    if (what == "client") {
        return truth(!is_server);
    }
    if (what == "server") {
        return truth(is_server);
    }
    if (what == "type") {
        return is_server ? "server" : "client";
    }
    if (what == "handler") {
        return std::to_string(socket.handler);
    }
    if (what == "state") {
        return std::string(state_of(socket));
    }
    return std::nullopt;
}

// added: what the package does not know.
std::optional<std::string> added(const HubSocket& socket, std::string_view what) {
    const Stats stats = socket.connection ? socket.connection->stats() : Stats{};
    if (what == "subprotocol") {
        return socket.subprotocol;
    }
    if (what == "extensions") {
        return socket.has_deflate ? "permessage-deflate" : "";
    }
    if (what == "bytes_in") {
        return std::to_string(stats.bytes_received);
    }
    if (what == "bytes_out") {
        return std::to_string(stats.bytes_sent);
    }
    if (what == "frames_in") {
        return std::to_string(stats.frames_received);
    }
    if (what == "frames_out") {
        return std::to_string(stats.frames_sent);
    }
    if (what == "close_code") {
        return std::to_string(static_cast<unsigned>(socket.close_code));
    }
    if (what == "close_reason") {
        return socket.close_reason;
    }
    if (what == "latency") {
        return socket.latency ? std::to_string(socket.latency->count() / 1000) : "";
    }
    return std::nullopt;
}

}  // namespace

HubResult<std::string> Hub::Impl::conninfo(SocketId id, std::string_view what) const {
    HubError error;
    const HubSocket* socket = find_known(id, error);
    if (socket == nullptr) {
        return {{}, error};
    }
    auto value = documented(*socket, what);
    if (!value) {
        value = added(*socket, what);
    }
    if (!value) {
        return {
            {},
            hub_error(HubErrorKind::unknown_name,
                      std::string("no key ").append(what).append("; there are ").append(kKeys))};
    }
    return {std::move(*value), {}};
}

HubResult<std::vector<SocketId>> Hub::Impl::find(std::string_view host,
                                                 std::string_view port) const {
    std::vector<SocketId> found;
    for (const auto& [id, socket] : sockets) {
        const bool is_websocket =
            socket->kind == HubSocket::Kind::client || socket->kind == HubSocket::Kind::served;
        if (!is_websocket || socket->is_gone) {
            continue;
        }
        const End& remote = socket->remote;
        const bool matches_host =
            matches_glob(host, remote.name) || matches_glob(host, remote.address);
        if (matches_host && matches_glob(port, std::to_string(remote.port))) {
            found.push_back(id);
        }
    }
    return {std::move(found), {}};
}

HubResult<std::string> Hub::Impl::loglevel(std::string_view name) {
    if (!name.empty()) {
        std::size_t index = 0;
        while (index < kLevels.size() && kLevels[index] != name) {
            ++index;
        }
        if (index == kLevels.size()) {
            return {{},
                    hub_error(HubErrorKind::unknown_name,
                              std::string("no level ")
                                  .append(name)
                                  .append("; there are debug, info, notice, warn, error"))};
        }
        level = static_cast<LogLevel>(index);
    }
    return {std::string(kLevels[static_cast<std::size_t>(level)]), {}};
}

}  // namespace wsproof
