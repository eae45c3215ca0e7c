// Boost.Beast as a client under test. Without TLS here.
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <boost/url.hpp>
#include <boost/url/src.hpp>

#include "../asked.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using Stream = websocket::stream<asio::ip::tcp::socket>;

static void act(Stream& stream, const asked::Action& action) {
    if (action.verb == "text" || action.verb == "binary") {
        stream.text(action.verb == "text");
        stream.write(asio::buffer(action.payload));
    } else if (action.verb == "ping") {
        stream.ping(websocket::ping_data(action.payload));
    } else if (action.verb == "close") {
        websocket::close_reason reason(action.reason);
        reason.code = static_cast<std::uint16_t>(action.code);
        stream.close(reason);
    } else if (action.verb != "echo") {
        asked::unsupported();
    }
}

static void echo(const boost::urls::url_view& url) {
    const std::string path = url.encoded_path().empty() ? "/" : std::string(url.encoded_path());
    const std::string query = url.has_query() ? "?" + std::string(url.encoded_query()) : "";
    asio::io_context context;
    Stream stream(context);
    asio::ip::tcp::resolver resolver(context);
    asio::connect(stream.next_layer(),
                  resolver.resolve(url.host_name(), url.has_port() ? url.port() : "80"));
    websocket::permessage_deflate deflate;
    deflate.client_enable = asked::offers_deflate();
    stream.set_option(deflate);
    stream.set_option(websocket::stream_base::decorator([](websocket::request_type& request) {
        if (const std::string names = asked::subprotocols(); !names.empty()) {
            request.set(http::field::sec_websocket_protocol, names);
        }
        for (const auto& [name, value] : asked::headers()) {
            request.insert(name, value);
        }
    }));
    stream.read_message_max(128U << 20);
    stream.auto_fragment(false);
    stream.handshake(std::string(url.encoded_host_and_port()), path + query);
    act(stream, asked::action());
    for (;;) {
        beast::flat_buffer message;
        stream.read(message);
        stream.text(stream.got_text());
        stream.write(message.data());
    }
}

int main(int, char** argv) {
    const auto url = boost::urls::parse_uri(argv[1]);
    if (!url || url->scheme() != "ws") {
        asked::unsupported();
    }
    try {
        echo(*url);
    } catch (const std::exception&) {
        // The connection is over, one way or the other.
    }
}
