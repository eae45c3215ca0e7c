// WebSocket++ as a client under test. A client of it offers no permessage-deflate; without TLS
// here.
#include <websocketpp/client.hpp>
#include <websocketpp/config/asio_no_tls_client.hpp>

#include "../asked.hpp"

struct Config : websocketpp::config::asio_client {
    static const std::size_t max_message_size = 128U << 20;  // far above what any scenario sends
};
using Client = websocketpp::client<Config>;
using Handle = websocketpp::connection_hdl;

static void act(Client& client, Handle handle) {
    const asked::Action action = asked::action();
    websocketpp::lib::error_code error;
    if (action.verb == "text" || action.verb == "binary") {
        const auto opcode = action.verb == "text" ? websocketpp::frame::opcode::text
                                                  : websocketpp::frame::opcode::binary;
        client.send(handle, action.payload, opcode, error);
    } else if (action.verb == "ping") {
        client.ping(handle, action.payload, error);
    } else if (action.verb == "close") {
        const auto code = action.code == 0
                              ? websocketpp::close::status::no_status
                              : static_cast<websocketpp::close::status::value>(action.code);
        client.close(handle, code, action.reason, error);
    } else if (action.verb != "echo") {
        asked::unsupported();
    }
    if (error) {
        asked::unsupported();
    }
}

static void run(const char* url) {
    if (asked::variable("WSPROOF_DEFLATE") == "1" || !asked::variable("WSPROOF_CA").empty()) {
        asked::unsupported();
    }
    Client client;
    client.clear_access_channels(websocketpp::log::alevel::all);
    client.clear_error_channels(websocketpp::log::elevel::all);
    client.init_asio();
    client.set_open_handler([&](Handle handle) { act(client, handle); });
    client.set_message_handler([&](Handle handle, Client::message_ptr message) {
        websocketpp::lib::error_code error;
        client.send(handle, message->get_payload(), message->get_opcode(), error);
    });
    websocketpp::lib::error_code error;
    const auto connection = client.get_connection(url, error);
    if (error) {
        asked::unsupported();
    }
    for (const auto& name : asked::pieces(asked::variable("WSPROOF_SUBPROTOCOLS"), ',')) {
        connection->add_subprotocol(name);
    }
    for (const auto& [name, value] : asked::headers()) {
        connection->append_header(name, value);
    }
    client.connect(connection);
    client.run();
}

int main(int, char** argv) {
    try {
        run(argv[1]);
    } catch (const websocketpp::exception&) {
        asked::unsupported();  // a subprotocol or a field that the library does not send
    }
}
