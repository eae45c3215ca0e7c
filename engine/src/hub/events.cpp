// What handlers are called with.
#include <algorithm>
#include <variant>

#include "hub_impl.hpp"

namespace wsproof {
namespace {

HubEvent make_event(const HubSocket& socket, HubEventType type) noexcept {
    HubEvent event;
    event.socket = socket.id;
    event.handler = socket.handler;
    event.type = type;
    return event;
}

HubEvent with_message(HubEvent event, Bytes message) noexcept {
    event.message = message;
    return event;
}

}  // namespace

HubEvent Hub::Impl::disconnect(HubSocket& socket) {
    socket.is_gone = true;
    socket.is_closed = true;
    log(LogLevel::info, socket.id, "disconnected");
    return make_event(socket, HubEventType::disconnect);
}

// pending_event: what did not come from the connection.
std::optional<HubEvent> Hub::Impl::pending_event(HubSocket& socket) {
    if (socket.connect_is_pending) {
        socket.connect_is_pending = false;
        HubEvent event = make_event(socket, HubEventType::connect);
        event.path = socket.path;
        event.query = socket.query;
        event.subprotocol = socket.subprotocol;
        return event;
    }
    if (!socket.connection && !socket.connect_failure.empty()) {
        socket.text.clear();
        socket.text.swap(socket.connect_failure);
        HubEvent event = make_event(socket, HubEventType::error);
        event.text = socket.text;
        log(LogLevel::warn, socket.id, socket.text);
        return event;
    }
    if (!socket.connection && socket.kind == HubSocket::Kind::client) {
        return disconnect(socket);
    }
    return std::nullopt;
}

std::optional<HubEvent> Hub::Impl::next(SocketId id, MutableBytes& in) {
    HubSocket* socket = find_socket(id);
    if (socket == nullptr || socket->is_gone) {
        in = in.last(0);
        return std::nullopt;
    }
    if (auto event = pending_event(*socket)) {
        return event;
    }
    if (!socket->connection) {
        return std::nullopt;
    }
    if (!in.empty()) {
        note_activity(*socket);
    }
    while (const auto event = socket->connection->next(in)) {
        if (auto told = translate(*socket, *event)) {
            return told;
        }
    }
    return std::nullopt;
}

// translate: nullopt for what handlers are not told.
std::optional<HubEvent> Hub::Impl::translate(HubSocket& socket, const Event& event) {
    if (const auto* request = std::get_if<UpgradeRequest>(&event)) {
        answer(socket, *request);
        return std::nullopt;
    }
    if (const auto* opened = std::get_if<Opened>(&event)) {
        socket.subprotocol = opened->subprotocol;
        socket.has_deflate = opened->deflate.has_value();
        socket.connect_is_pending = true;
        note_activity(socket);
        return pending_event(socket);
    }
    if (const auto* refused = std::get_if<Refused>(&event)) {
        socket.text = "the server answered " + std::to_string(refused->status);
        log(LogLevel::notice, socket.id, socket.text);
        HubEvent told = make_event(socket, HubEventType::error);
        told.text = socket.text;
        return told;
    }
    if (const auto* piece = std::get_if<MessageData>(&event)) {
        if (socket.reader->add(*piece) == Error::out_of_memory) {
            socket.connection->abort(CloseCode::internal_error);
            HubEvent told = make_event(socket, HubEventType::error);
            told.text = info(Error::out_of_memory).text;
            log(LogLevel::error, socket.id, told.text);
            return told;
        }
        if (!socket.reader->message()) {
            return std::nullopt;
        }
        const bool is_text = socket.reader->message()->type == MessageType::text;
        return with_message(make_event(socket, is_text ? HubEventType::text : HubEventType::binary),
                            socket.reader->message()->payload);
    }
    if (const auto* ping = std::get_if<Ping>(&event)) {
        return with_message(make_event(socket, HubEventType::ping), ping->payload);
    }
    if (const auto* pong = std::get_if<Pong>(&event)) {
        const auto asked = std::as_bytes(std::span(socket.pinged_with));
        if (socket.pinged_at &&
            std::equal(pong->payload.begin(), pong->payload.end(), asked.begin(), asked.end())) {
            socket.latency = now - *socket.pinged_at;
            socket.pinged_at.reset();
        }
        return with_message(make_event(socket, HubEventType::pong), pong->payload);
    }
    if (const auto* close = std::get_if<CloseReceived>(&event)) {
        socket.close_code = close->code;
        socket.close_reason = close->reason;
        socket.is_closed = true;
        HubEvent told = make_event(socket, HubEventType::close);
        told.code = close->code;
        told.text = socket.close_reason;
        return told;
    }
    if (const auto* failed = std::get_if<Failed>(&event)) {
        if (failed->error == Error::aborted) {
            return std::nullopt;  // our own doing
        }
        const bool is_timeout = failed->error == Error::handshake_timeout;
        HubEvent told =
            make_event(socket, is_timeout ? HubEventType::timeout : HubEventType::error);
        told.text = info(failed->error).text;
        log(LogLevel::warn, socket.id, told.text);
        return told;
    }
    return disconnect(socket);  // Closed is the last
}

}  // namespace wsproof
