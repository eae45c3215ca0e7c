// websocketpp 0.8.2 over its iostream transport, logs off. C++17: g++ refuses its constructors in
// C++20.
#include <cstdio>
#include <cstdlib>
#include <websocketpp/client.hpp>
#include <websocketpp/config/core.hpp>
#include <websocketpp/config/core_client.hpp>
#include <websocketpp/extensions/permessage_deflate/enabled.hpp>
#include <websocketpp/server.hpp>

#include "../subject.hpp"

namespace wsproof::bench {

namespace {

struct DeflateConfig : websocketpp::config::core {
    using type = DeflateConfig;
    using permessage_deflate_type =
        websocketpp::extensions::permessage_deflate::enabled<permessage_deflate_config>;
};

using PlainServer = websocketpp::server<websocketpp::config::core>;
using DeflateServer = websocketpp::server<DeflateConfig>;
using Client = websocketpp::client<websocketpp::config::core_client>;

constexpr std::string_view kRequestBegin =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

void require(bool is_so, const char* what) {
    if (!is_so) {
        std::fprintf(stderr, "websocketpp: %s\n", what);
        std::abort();
    }
}

template <class Endpoint>
void make_silent(Endpoint& endpoint) {
    endpoint.clear_access_channels(websocketpp::log::alevel::all);
    endpoint.clear_error_channels(websocketpp::log::elevel::all);
}

// server is shared by all connections of its kind.
template <class Server>
Server& server() {
    static Server* instance = [] {
        auto* made = new Server;  // lives as long as the program
        make_silent(*made);
        return made;
    }();
    return *instance;
}

template <class Connection>
void write_to(Connection& connection, Wire* wire) {
    connection.set_write_handler(
        [wire](websocketpp::connection_hdl, const char* data, std::size_t size) {
            if (wire != nullptr) {
                wire->write(data, size);
            }
            return websocketpp::lib::error_code();
        });
    connection.set_vector_write_handler(
        [wire](websocketpp::connection_hdl,
               const std::vector<websocketpp::transport::buffer>& buffers) {
            for (const auto& buffer : buffers) {
                if (wire != nullptr) {
                    wire->write(buffer.buf, buffer.len);
                }
            }
            return websocketpp::lib::error_code();
        });
}

template <class Server>
typename Server::connection_ptr open_server(Wire* wire, std::string_view request) {
    auto connection = server<Server>().get_connection();
    write_to(*connection, wire);
    connection->start();
    require(connection->read_all(request.data(), request.size()) == request.size(), "no handshake");
    require(connection->get_state() == websocketpp::session::state::open, "not open");
    return connection;
}

std::string make_request(std::string_view extensions) {
    std::string request(kRequestBegin);
    if (!extensions.empty()) {
        request.append("Sec-WebSocket-Extensions: ").append(extensions).append("\r\n");
    }
    return request.append("\r\n");
}

// read_all hands over reads of the source's size; websocketpp makes the copy itself.
template <class Connection>
void read_all(Connection& connection, Source source) {
    while (!source.rest.empty()) {
        const std::string_view piece = source.take(kReadSize);
        require(connection.read_all(piece.data(), piece.size()) == piece.size(), "input refused");
    }
}

class WebsocketppDecoder final : public Decoder {
  public:
    explicit WebsocketppDecoder(Sink& sink)
        : connection_(open_server<PlainServer>(nullptr, make_request({}))) {
        connection_->set_message_handler(
            [&sink](websocketpp::connection_hdl, const PlainServer::message_ptr& message) {
                sink.take(message->get_payload().data(), message->get_payload().size());
            });
    }
    ~WebsocketppDecoder() override { connection_->eof(); }
    void decode(Source source, std::size_t /*count*/) override { read_all(*connection_, source); }

  private:
    PlainServer::connection_ptr connection_;
};

template <class ConnectionPtr>
class WebsocketppEncoder final : public Encoder {
  public:
    explicit WebsocketppEncoder(ConnectionPtr connection) : connection_(std::move(connection)) {}
    ~WebsocketppEncoder() override { connection_->eof(); }
    void send(std::string_view message, std::size_t count) override {
        for (std::size_t i = 0; i < count; ++i) {
            require(!connection_->send(message.data(), message.size(),
                                       websocketpp::frame::opcode::binary),
                    "not sent");
        }
    }

  private:
    ConnectionPtr connection_;
};

std::unique_ptr<Encoder> make_client_encoder(Wire& wire) {
    static Client* client = [] {
        auto* made = new Client;
        make_silent(*made);
        return made;
    }();
    websocketpp::lib::error_code error;
    auto connection = client->get_connection("ws://a/", error);
    require(!error, "no client connection");
    std::string request;
    Wire request_wire;
    request_wire.record(&request);
    write_to(*connection, &request_wire);
    client->connect(connection);
    std::string response;
    Wire response_wire;
    response_wire.record(&response);
    auto peer = open_server<PlainServer>(&response_wire, request);
    require(connection->read_all(response.data(), response.size()) == response.size(),
            "response refused");
    require(connection->get_state() == websocketpp::session::state::open, "client not open");
    peer->eof();
    write_to(*connection, &wire);
    return std::make_unique<WebsocketppEncoder<Client::connection_ptr>>(std::move(connection));
}

class WebsocketppAcceptor final : public Acceptor {
  public:
    explicit WebsocketppAcceptor(Wire& wire) : wire_(wire) {}
    void accept(std::string_view request) override {
        open_server<PlainServer>(&wire_, request)->eof();
    }

  private:
    Wire& wire_;
};

template <class Server>
class WebsocketppEchoer final : public Echoer {
  public:
    WebsocketppEchoer(const EchoSetup& setup, Wire& wire) {
        const std::string_view extensions = !setup.deflate ? ""
                                            : setup.takeover
                                                ? "permessage-deflate"
                                                : "permessage-deflate; server_no_context_takeover; "
                                                  "client_no_context_takeover";
        connection_ = open_server<Server>(nullptr, make_request(extensions));
        write_to(*connection_, &wire);
        connection_->set_message_handler([this](websocketpp::connection_hdl,
                                                const typename Server::message_ptr& message) {
            require(!connection_->send(message->get_payload(), message->get_opcode()), "not sent");
        });
    }
    ~WebsocketppEchoer() override { connection_->eof(); }
    void echo(Source source, std::size_t /*count*/) override { read_all(*connection_, source); }

  private:
    typename Server::connection_ptr connection_;
};

}  // namespace

Engine websocketpp_engine() {
    Engine engine;
    engine.name = "websocketpp";
    engine.decoder = [](Sink& sink) -> std::unique_ptr<Decoder> {
        return std::make_unique<WebsocketppDecoder>(sink);
    };
    engine.encoder = [](bool is_client, Wire& wire) -> std::unique_ptr<Encoder> {
        if (is_client) {
            return make_client_encoder(wire);
        }
        auto connection = open_server<PlainServer>(nullptr, make_request({}));
        write_to(*connection, &wire);
        return std::make_unique<WebsocketppEncoder<PlainServer::connection_ptr>>(
            std::move(connection));
    };
    engine.acceptor = [](Wire& wire) -> std::unique_ptr<Acceptor> {
        return std::make_unique<WebsocketppAcceptor>(wire);
    };
    engine.echoer = [](const EchoSetup& setup, Wire& wire) -> std::unique_ptr<Echoer> {
        if (setup.deflate) {
            return std::make_unique<WebsocketppEchoer<DeflateServer>>(setup, wire);
        }
        return std::make_unique<WebsocketppEchoer<PlainServer>>(setup, wire);
    };
    engine.has_deflate = true;
    return engine;
}

}  // namespace wsproof::bench
