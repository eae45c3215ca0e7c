// An echo server on Boost.Beast, a thread for each connection: server PORT.
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <cstdlib>
#include <exception>
#include <thread>
#include <utility>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using Socket = asio::ip::tcp::socket;
using Request = http::request<http::string_body>;

constexpr std::size_t kMessageSizeMax = 128U << 20;  // far above what any scenario sends

static void echo(Socket socket) {
    beast::flat_buffer head;
    Request request;
    http::read(socket, head, request);
    const bool offers_echo =
        http::token_list(request[http::field::sec_websocket_protocol]).exists("echo");
    websocket::stream<Socket> stream(std::move(socket));
    websocket::permessage_deflate deflate;
    deflate.server_enable = true;
    stream.set_option(deflate);
    stream.set_option(websocket::stream_base::decorator([=](websocket::response_type& response) {
        if (offers_echo) {
            response.set(http::field::sec_websocket_protocol, "echo");
        }
    }));
    stream.read_message_max(kMessageSizeMax);
    stream.auto_fragment(false);
    stream.accept(request, head.data());
    for (;;) {
        beast::flat_buffer message;
        stream.read(message);
        stream.text(stream.got_text());
        stream.write(message.data());
    }
}

int main(int, char** argv) {
    asio::io_context context;
    const auto port = static_cast<unsigned short>(std::atoi(argv[1]));
    asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
    for (;;) {
        Socket socket(context);
        acceptor.accept(socket);
        std::thread([socket = std::move(socket)]() mutable {
            try {
                echo(std::move(socket));
            } catch (const std::exception&) {
                // The connection is over, one way or the other.
            }
        }).detach();
    }
}
