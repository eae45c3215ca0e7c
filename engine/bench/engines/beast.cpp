// Boost.Beast 1.81: websocket::stream over memory.
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "beast_stream.hpp"

namespace wsproof::bench {

namespace {

namespace websocket = boost::beast::websocket;
using Plain = websocket::stream<MemoryStream, false>;
using Deflating = websocket::stream<MemoryStream, true>;

constexpr std::string_view kRequestBegin =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

// open_server leaves `stream` open; its response is not part of what is measured.
template <class Stream>
void open_server(Stream& stream, std::string_view extensions, Wire* wire) {
    std::string request(kRequestBegin);
    if (!extensions.empty()) {
        request.append("Sec-WebSocket-Extensions: ").append(extensions).append("\r\n");
    }
    request.append("\r\n");
    stream.next_layer().set_source(Source{request});
    stream.accept();
    stream.next_layer().set_wire(wire);
    stream.auto_fragment(false);
    stream.binary(true);
    stream.read_message_max(std::size_t{16} << 20);
}

std::string answer(std::string_view request) {
    Plain server(nullptr);
    server.next_layer().set_source(Source{request});
    server.accept();
    return server.next_layer().written();
}

class BeastDecoder final : public Decoder {
  public:
    explicit BeastDecoder(Sink& sink) : sink_(sink), stream_(nullptr) {
        open_server(stream_, {}, nullptr);
    }
    void decode(Source source, std::size_t count) override {
        stream_.next_layer().set_source(source);
        for (std::size_t i = 0; i < count; ++i) {
            stream_.read(buffer_);
            sink_.take(buffer_.data().data(), buffer_.size());
            buffer_.clear();
        }
    }

  private:
    Sink& sink_;
    Plain stream_;
    boost::beast::flat_buffer buffer_;
};

class BeastEncoder final : public Encoder {
  public:
    BeastEncoder(bool is_client, Wire& wire) : stream_(nullptr) {
        if (!is_client) {
            open_server(stream_, {}, &wire);
            return;
        }
        stream_.next_layer().set_reply(answer);
        stream_.handshake("a", "/");
        stream_.next_layer().set_wire(&wire);
        stream_.auto_fragment(false);
        stream_.binary(true);
    }
    void send(std::string_view message, std::size_t count) override {
        for (std::size_t i = 0; i < count; ++i) {
            stream_.write(boost::asio::buffer(message));
        }
    }

  private:
    Plain stream_;
};

class BeastAcceptor final : public Acceptor {
  public:
    explicit BeastAcceptor(Wire& wire) : wire_(wire) {}
    void accept(std::string_view request) override {
        Plain stream(&wire_);
        stream.next_layer().set_source(Source{request});
        stream.accept();
    }

  private:
    Wire& wire_;
};

template <class Stream>
class BeastEchoer final : public Echoer {
  public:
    BeastEchoer(const EchoSetup& setup, Wire& wire) : stream_(nullptr) {
        if (setup.deflate) {
            websocket::permessage_deflate options;
            options.server_enable = true;
            options.server_no_context_takeover = !setup.takeover;
            options.client_no_context_takeover = !setup.takeover;
            options.compLevel = setup.level;
            options.memLevel = setup.memory_level;
            stream_.set_option(options);
        }
        open_server(stream_, setup.deflate ? "permessage-deflate" : "", &wire);
    }
    void echo(Source source, std::size_t count) override {
        // Shared by all connections: none holds a message between two calls.
        static boost::beast::flat_buffer buffer;
        stream_.next_layer().set_source(source);
        for (std::size_t i = 0; i < count; ++i) {
            stream_.read(buffer);
            stream_.text(stream_.got_text());
            stream_.write(buffer.data());
            buffer.clear();
        }
    }

  private:
    Stream stream_;
};

}  // namespace

Engine beast_engine() {
    Engine engine;
    engine.name = "beast";
    engine.decoder = [](Sink& sink) -> std::unique_ptr<Decoder> {
        return std::make_unique<BeastDecoder>(sink);
    };
    engine.encoder = [](bool is_client, Wire& wire) -> std::unique_ptr<Encoder> {
        return std::make_unique<BeastEncoder>(is_client, wire);
    };
    engine.acceptor = [](Wire& wire) -> std::unique_ptr<Acceptor> {
        return std::make_unique<BeastAcceptor>(wire);
    };
    engine.echoer = [](const EchoSetup& setup, Wire& wire) -> std::unique_ptr<Echoer> {
        if (setup.deflate) {
            return std::make_unique<BeastEchoer<Deflating>>(setup, wire);
        }
        return std::make_unique<BeastEchoer<Plain>>(setup, wire);
    };
    engine.has_deflate = true;
    engine.has_levels = true;
    return engine;
}

}  // namespace wsproof::bench
