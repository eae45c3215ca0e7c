// An echo server on WebSocket++ with permessage-deflate: server PORT.
#include <cstdlib>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/extensions/permessage_deflate/enabled.hpp>
#include <websocketpp/server.hpp>

struct Config : websocketpp::config::asio {
    using type = Config;
    struct permessage_deflate_config {
        using request_type = Config::request_type;
        static const bool allow_disabling_context_takeover = true;
        static const std::uint8_t minimum_outgoing_window_bits = 8;
    };
    using permessage_deflate_type =
        websocketpp::extensions::permessage_deflate::enabled<permessage_deflate_config>;
    static const std::size_t max_message_size = 128U << 20;  // far above what any scenario sends
};
using Server = websocketpp::server<Config>;

int main(int, char** argv) {
    Server server;
    server.clear_access_channels(websocketpp::log::alevel::all);
    server.clear_error_channels(websocketpp::log::elevel::all);
    server.init_asio();
    server.set_reuse_addr(true);
    server.set_validate_handler([&](websocketpp::connection_hdl handle) {
        const auto connection = server.get_con_from_hdl(handle);
        for (const auto& name : connection->get_requested_subprotocols()) {
            if (name == "echo") {
                connection->select_subprotocol(name);
                break;
            }
        }
        return true;
    });
    server.set_message_handler(
        [&](websocketpp::connection_hdl handle, Server::message_ptr message) {
            websocketpp::lib::error_code error;
            server.send(handle, message->get_payload(), message->get_opcode(), error);
        });
    const auto port = static_cast<unsigned short>(std::atoi(argv[1]));
    server.listen({boost::asio::ip::address_v4::loopback(), port});
    server.start_accept();
    server.run();
}
