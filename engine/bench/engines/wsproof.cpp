// wsproof by its public interface, as an embedder would write it around a socket.
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>
#include <wsproof/connection.hpp>
#include <wsproof/deflate/zlib_codecs.hpp>
#include <wsproof/message_reader.hpp>
#include <wsproof/runtime/system.hpp>

#include "../subject.hpp"

namespace wsproof::bench {

namespace {

constexpr std::size_t kMessageMax = std::size_t{16} << 20;
constexpr std::size_t kBorrowMin = std::size_t{4} << 10;  // below, a copy costs less than a piece

runtime::SystemEntropy& entropy() {
    static runtime::SystemEntropy instance;
    return instance;
}

// receive_buffer is shared by all connections, as in any event loop.
MutableBytes receive_buffer() {
    static std::vector<std::byte> buffer(kReadSize);
    return buffer;
}

void require(bool is_so, const char* what) {
    if (!is_so) {
        std::fprintf(stderr, "wsproof: %s\n", what);
        std::abort();
    }
}

MutableBytes read(Source& source) {
    const MutableBytes buffer = receive_buffer();
    return buffer.first(source.read(buffer.data(), buffer.size()));
}

void flush(Connection& connection, Wire& wire) {
    while (connection.queued() > 0) {
        std::size_t size = 0;
        for (const Bytes piece : connection.output()) {
            wire.write(piece.data(), piece.size());
            size += piece.size();
        }
        connection.consume(size);
    }
    while (connection.next_released()) {
    }
}

class WsproofDecoder final : public Decoder {
  public:
    explicit WsproofDecoder(Sink& sink)
        : sink_(sink),
          connection_(Connection::adopt(Role::server, Opened{}, Options{}, entropy(), Time{})) {}

    void decode(Source source, std::size_t /*count*/) override {
        for (;;) {
            MutableBytes in = reader_.room(kReadSize);
            in = in.first(source.read(in.data(), in.size()));
            if (in.empty()) {
                return;
            }
            connection_.tick(Time{});
            while (const auto event = connection_.next(in)) {
                const auto* piece = std::get_if<MessageData>(&*event);
                require(piece != nullptr, "not a message");
                require(reader_.add(*piece) == Error::none, "message not collected");
                if (const auto& message = reader_.message()) {
                    sink_.take(message->payload.data(), message->payload.size());
                }
            }
        }
    }

  private:
    Sink& sink_;
    Connection connection_;
    MessageReader reader_{kMessageMax};
};

class WsproofEncoder final : public Encoder {
  public:
    WsproofEncoder(Role role, Wire& wire)
        : wire_(wire),
          connection_(Connection::adopt(role, Opened{}, Options{}, entropy(), Time{})) {}

    void send(std::string_view message, std::size_t count) override {
        const Bytes bytes = std::as_bytes(std::span(message));
        for (std::size_t i = 0; i < count; ++i) {
            const Error error =
                bytes.size() < kBorrowMin
                    ? connection_.send(MessageType::binary, Payload::copy(bytes))
                    : connection_.send(MessageType::binary, Payload::borrow(bytes, i));
            require(error == Error::none, "not sent");
        }
        flush(connection_, wire_);
    }

  private:
    Wire& wire_;
    Connection connection_;
};

class WsproofAcceptor final : public Acceptor {
  public:
    explicit WsproofAcceptor(Wire& wire) : wire_(wire) {}

    void accept(std::string_view request) override {
        Connection connection = Connection::server(Options{}, entropy(), Time{});
        Source source{request};
        MutableBytes in = read(source);
        while (const auto event = connection.next(in)) {
            if (std::holds_alternative<UpgradeRequest>(*event)) {
                require(connection.accept() == Error::none, "not accepted");
            }
        }
        require(connection.state() == State::open, "not open");
        flush(connection, wire_);
    }

  private:
    Wire& wire_;
};

Opened agreed(const EchoSetup& setup) {
    Opened opened{};
    if (setup.deflate) {
        opened.deflate = DeflateParameters{.server_no_context_takeover = !setup.takeover,
                                           .client_no_context_takeover = !setup.takeover};
    }
    return opened;
}

// codecs_of: one for all connections with the same settings, as a server would have.
Codecs& codecs_of(const EchoSetup& setup) {
    static std::array<std::array<std::unique_ptr<ZlibCodecs>, 10>, 10> all;
    auto& codecs = all.at(static_cast<std::size_t>(setup.level))
                       .at(static_cast<std::size_t>(setup.memory_level));
    if (!codecs) {
        codecs = std::make_unique<ZlibCodecs>(
            ZlibSettings{.level = setup.level, .memory_level = setup.memory_level});
    }
    return *codecs;
}

class WsproofEchoer final : public Echoer {
  public:
    WsproofEchoer(const EchoSetup& setup, Wire& wire)
        : wire_(wire),
          connection_(
              Connection::adopt(Role::server, agreed(setup), options(setup), entropy(), Time{})) {}

    void echo(Source source, std::size_t /*count*/) override {
        for (MutableBytes in = read(source); !in.empty(); in = read(source)) {
            connection_.tick(Time{});
            while (const auto event = connection_.next(in)) {
                const auto* piece = std::get_if<MessageData>(&*event);
                require(piece != nullptr, "not a message");
                require(reader_.add(*piece) == Error::none, "message not collected");
                if (const auto& message = reader_.message()) {
                    require(connection_.send(message->type, Payload::copy(message->payload)) ==
                                Error::none,
                            "not sent");
                    flush(connection_, wire_);
                }
            }
        }
    }

    void fall_silent() override { connection_.tick(Time{} + std::chrono::seconds(2)); }

  private:
    static Options options(const EchoSetup& setup) {
        Options made;
        if (setup.deflate) {
            made.deflate.codecs = &codecs_of(setup);
        }
        return made;
    }

    Wire& wire_;
    Connection connection_;
    MessageReader reader_{kMessageMax};
};

}  // namespace

Engine wsproof_engine() {
    return {.name = "wsproof",
            .decoder = [](Sink& sink) -> std::unique_ptr<Decoder> {
                return std::make_unique<WsproofDecoder>(sink);
            },
            .encoder = [](bool is_client, Wire& wire) -> std::unique_ptr<Encoder> {
                return std::make_unique<WsproofEncoder>(is_client ? Role::client : Role::server,
                                                        wire);
            },
            .acceptor = [](Wire& wire) -> std::unique_ptr<Acceptor> {
                return std::make_unique<WsproofAcceptor>(wire);
            },
            .echoer = [](const EchoSetup& setup, Wire& wire) -> std::unique_ptr<Echoer> {
                return std::make_unique<WsproofEchoer>(setup, wire);
            },
            .has_deflate = true,
            .has_levels = true};
}

}  // namespace wsproof::bench
