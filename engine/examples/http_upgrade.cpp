// The engine behind somebody else's HTTP server: a request that is parsed already is judged by
// Negotiation, which makes the response too; Connection::adopt() goes on from there. GET /echo is
// a WebSocket, everything else a page.
#include <array>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>
#include <wsproof/connection.hpp>
#include <wsproof/handshake.hpp>
#include <wsproof/message_reader.hpp>
#include <wsproof/net/socket.hpp>
#include <wsproof/runtime/system.hpp>

using namespace wsproof;

net::Deadline soon() {
    return net::Clock::now() + std::chrono::seconds(10);
}

bool write_all(net::Socket& socket, std::string_view text) {
    auto left = std::as_bytes(std::span(text));
    while (!left.empty()) {
        const net::Result result = socket.write(left, soon());
        if (result.status != net::Status::ok) {
            return false;
        }
        left = left.subspan(result.size);
    }
    return true;
}

// ---- What stands for your HTTP server -----------------------------------------------------------

struct ParsedRequest {
    std::string head;
    std::vector<std::byte> body;  // what came behind the head: frames, perhaps
    std::string_view method, target, version;
    std::vector<Field> fields;
};

std::string_view take_until(std::string_view& text, std::string_view end) {
    const std::string_view front = text.substr(0, text.find(end));
    text.remove_prefix(std::min(text.size(), front.size() + end.size()));
    return front;
}

bool read_request(net::Socket& socket, ParsedRequest& request) {
    std::string in;
    std::array<char, 4096> buffer;
    const net::Deadline deadline = soon();
    while (in.find("\r\n\r\n") == std::string::npos) {
        const net::Result result = socket.read(std::as_writable_bytes(std::span(buffer)), deadline);
        if (result.status != net::Status::ok || in.size() > 16'384) {
            return false;
        }
        in.append(buffer.data(), result.size);
    }
    const std::size_t end = in.find("\r\n\r\n") + 4;
    const auto rest = std::as_bytes(std::span(in)).subspan(end);
    request.body.assign(rest.begin(), rest.end());
    request.head = in.substr(0, end);
    std::string_view left = request.head;
    std::string_view line = take_until(left, "\r\n");
    request.method = take_until(line, " ");
    request.target = take_until(line, " ");
    request.version = line;
    while (!(line = take_until(left, "\r\n")).empty()) {
        const std::string_view name = take_until(line, ":");
        line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ')));
        request.fields.push_back({.name = name, .value = line});
    }
    return true;
}

bool respond(net::Socket& socket, int status, std::span<const Field> fields,
             std::string_view body = {}) {
    std::string head = "HTTP/1.1 " + std::to_string(status) + " \r\n";
    for (const Field& field : fields) {
        head += std::string(field.name) + ": " + std::string(field.value) + "\r\n";
    }
    return write_all(socket, head + "\r\n" + std::string(body));
}

// ---- The WebSocket ------------------------------------------------------------------------------

void take_events(Connection& connection, MessageReader& reader, MutableBytes in) {
    while (const auto event = connection.next(in)) {
        if (const auto* piece = std::get_if<MessageData>(&*event)) {
            if (reader.add(*piece) != Error::none) {
                connection.abort(CloseCode::message_too_big);
            } else if (const auto& message = reader.message()) {
                // Refused only once a Close is on its way: then nobody waits for an echo.
                (void)connection.send(message->type, Payload::copy(message->payload));
            }
        }
    }
}

// echo drives an open connection to its end. `early` was read with the request.
void echo(net::Socket& socket, Connection connection, MutableBytes early) {
    MessageReader reader(16U << 20);
    std::array<std::byte, 16'384> buffer;
    MutableBytes in = early;
    while (true) {
        connection.tick(runtime::now());
        take_events(connection, reader, in);
        while (connection.queued() > 0) {
            const net::Result result = socket.write(connection.output(), soon());
            if (result.status != net::Status::ok) {
                return;
            }
            connection.consume(result.size);
        }
        if (connection.transport() == Transport::close) {
            return;
        }
        if (connection.transport() == Transport::shut_down_write) {
            socket.shut_down_write();  // RFC 6455 §7.1.1: and then reading to the peer's FIN
        }
        const auto due = connection.deadline();
        const net::Result result = socket.read(
            buffer, due ? net::Deadline(due->time_since_epoch()) : net::Deadline::max());
        in = MutableBytes(buffer).first(result.size);
        if (result.status != net::Status::ok && result.status != net::Status::timed_out) {
            connection.end_of_input();
        }
    }
}

void serve(net::Socket socket) {
    ParsedRequest request;
    if (!read_request(socket, request)) {
        return;
    }
    if (request.target != "/echo") {
        constexpr std::array kFields = {Field{"Content-Length", "6"}, Field{"Connection", "close"}};
        (void)respond(socket, 200, kFields, "hello\n");
        return;
    }
    Negotiation negotiation;
    const bool is_good = negotiation.judge({.method = request.method,
                                            .target = request.target,
                                            .version = request.version,
                                            .fields = request.fields}) == Error::none &&
                         negotiation.accept() == Error::none;
    // Good or not: the response says so.
    if (respond(socket, negotiation.status(), negotiation.response()) && is_good) {
        runtime::SystemEntropy entropy;
        Opened agreed{};
        agreed.subprotocol = negotiation.subprotocol();
        echo(socket, Connection::adopt(Role::server, agreed, {}, entropy, runtime::now()),
             request.body);
    }
}

int main() {
    std::string error;
    const auto local = net::resolve("127.0.0.1", 0, net::Deadline::max());
    auto listener = net::Listener::listen(local.endpoints.at(0), 512, error);
    if (!listener) {
        std::cerr << "http_upgrade: " << error << '\n';
        return 1;
    }
    std::cout << "listening on ws://" << listener->endpoint().to_string() << "/echo\n"
              << std::flush;
    while (true) {
        net::Connected accepted = listener->accept(net::Deadline::max());
        if (accepted.result.status != net::Status::ok) {
            std::cerr << "http_upgrade: " << net::name(accepted.result.status) << '\n';
            return 1;
        }
        std::thread(serve, std::move(accepted.socket)).detach();
    }
}
