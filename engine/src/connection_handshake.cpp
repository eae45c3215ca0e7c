// The opening handshake, RFC 6455 §4, between the connection and client_handshake or
// server_handshake, which know its rules.
#include <optional>
#include <string>
#include <utility>
#include <wsproof/handshake.hpp>

#include "connection_impl.hpp"

namespace wsproof {

void Connection::Impl::start_client(const Request& request, Entropy& entropy) {
    client_handshake = std::make_unique<ClientHandshake>(request, entropy, options);
    if (client_handshake->error() != Error::none) {
        fail(client_handshake->error(), 0);
        move(Signal::eof);  // nobody has been told anything, hence nobody is waited for
        return;
    }
    queue.put_head(client_handshake->request_text());
}

void Connection::Impl::start_compression(const std::optional<DeflateParameters>& agreed) {
    if (agreed && options.deflate.codecs != nullptr) {
        compression = std::make_unique<Compression>(role, *agreed, options);
    }
}

std::optional<Event> Connection::Impl::read_handshake(MutableBytes& in) {
    if (decision_is_pending) {
        return std::nullopt;
    }
    return role == Role::client ? read_response(in) : read_request(in);
}

std::optional<Event> Connection::Impl::read_response(MutableBytes& in) {
    const std::size_t size_before = in.size();
    const Step step = client_handshake->feed(in);
    stats.bytes_received += size_before - in.size();
    if (step == Step::need_more) {
        return std::nullopt;
    }
    if (step == Step::violation) {
        fail(client_handshake->error(), stats.bytes_received);
        return read_open(in);
    }
    if (client_handshake->outcome() == ClientHandshake::Outcome::opened) {
        start_compression(client_handshake->opened().deflate);
        move(Signal::opened);
        return client_handshake->opened();
    }
    error = Error::upgrade_refused;
    move(Signal::refused);
    return client_handshake->refused();
}

std::optional<Event> Connection::Impl::read_request(MutableBytes& in) {
    const std::size_t size_before = in.size();
    const Step step = server_handshake->feed(in);
    stats.bytes_received += size_before - in.size();
    if (step == Step::need_more) {
        return std::nullopt;
    }
    if (step == Step::violation) {
        queue.put_head(server_handshake->error_text());
        fail(server_handshake->error(), stats.bytes_received);
        return read_open(in);
    }
    decision_is_pending = true;
    return server_handshake->request();
}

Error Connection::Impl::accept(std::string_view subprotocol, std::span<const Field> fields) {
    if (state != State::connecting || !decision_is_pending) {
        return Error::wrong_state;
    }
    auto response = server_handshake->accept(subprotocol, fields);
    if (response.error != Error::none) {
        return response.error;
    }
    start_compression(server_handshake->deflate());
    queue.put_head(std::move(response.memory), response.begin, response.end);
    decision_is_pending = false;
    opened_is_pending = true;
    move(Signal::opened);
    return Error::none;
}

Error Connection::Impl::reject(int status, std::span<const Field> fields, Bytes body) {
    if (state != State::connecting || !decision_is_pending) {
        return Error::wrong_state;
    }
    std::string response;
    if (const Error why = server_handshake->reject(status, fields, body, response);
        why != Error::none) {
        return why;
    }
    queue.put_head(response);
    decision_is_pending = false;
    error = Error::upgrade_refused;
    move(Signal::refused);
    return Error::none;
}

}  // namespace wsproof
