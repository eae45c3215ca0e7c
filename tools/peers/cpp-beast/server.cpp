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

constexpr std::size_t kMessageSizeMax = 128U << 20;  // far above what any scenario sends

static void echo(Socket socket) {
    // Beast's accept() takes the head as octets, together with frames that came right behind it;
    // the parser only looks.
    asio::streambuf head;
    asio::read_until(socket, head, "\r\n\r\n");
    http::request_parser<http::empty_body> parser;
    beast::error_code ignored;
    parser.put(head.data(), ignored);
    const bool offers_echo =
        http::token_list(parser.get()[http::field::sec_websocket_protocol]).exists("echo");
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
    stream.accept(head.data());
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
