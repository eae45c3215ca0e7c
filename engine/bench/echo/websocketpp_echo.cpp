// An echo server on websocketpp over Asio, one thread. C++17: see engines/websocketpp.cpp.
#include <iostream>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/server.hpp>

using Server = websocketpp::server<websocketpp::config::asio>;

int main() {
    Server server;
    server.clear_access_channels(websocketpp::log::alevel::all);
    server.clear_error_channels(websocketpp::log::elevel::all);
    server.init_asio();
    server.set_message_handler(
        [&](websocketpp::connection_hdl handle, const Server::message_ptr& message) {
            websocketpp::lib::error_code error;
            server.send(handle, message->get_payload(), message->get_opcode(), error);
        });
    server.listen({boost::asio::ip::address_v4::loopback(), 0});
    server.start_accept();
    websocketpp::lib::asio::error_code error;
    std::cout << "listening on ws://127.0.0.1:" << server.get_local_endpoint(error).port() << "/\n"
              << std::flush;
    server.run();
}
