// wslay 1.1: frames and messages, no handshake, no permessage-deflate. A C library: it comes
// compiled, as packaged.
#include <wslay/wslay.h>

#include <cstdio>
#include <cstdlib>

#include "../subject.hpp"

namespace wsproof::bench {

namespace {

constexpr std::uint64_t kMessageMax = std::uint64_t{16} << 20;

void require(int result) {
    if (result != 0) {
        std::fprintf(stderr, "wslay: error %d\n", result);
        std::abort();
    }
}

// Connection is one context, with what its callbacks read from and write to.
class Connection {
  public:
    Connection(bool is_client, Sink* sink, Wire* wire, bool echoes)
        : sink_(sink), wire_(wire), echoes_(echoes) {
        const wslay_event_callbacks callbacks{receive, transmit, make_mask, nullptr,
                                              nullptr, nullptr,  on_message};
        require(is_client ? wslay_event_context_client_init(&context_, &callbacks, this)
                          : wslay_event_context_server_init(&context_, &callbacks, this));
        wslay_event_config_set_max_recv_msg_length(context_, kMessageMax);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { wslay_event_context_free(context_); }

    void receive_all(Source source) {
        source_ = source;
        while (!source_.rest.empty()) {
            require(wslay_event_recv(context_));
        }
    }
    void queue(std::uint8_t opcode, const void* data, std::size_t size) {
        const wslay_event_msg message{opcode, static_cast<const std::uint8_t*>(data), size};
        require(wslay_event_queue_msg(context_, &message));
    }
    void flush() { require(wslay_event_send(context_)); }

  private:
    static Connection& self(void* user_data) { return *static_cast<Connection*>(user_data); }

    static ssize_t receive(wslay_event_context_ptr context, std::uint8_t* buffer, std::size_t size,
                           int /*flags*/, void* user_data) {
        const std::size_t count = self(user_data).source_.read(buffer, size);
        if (count == 0) {
            wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
            return -1;
        }
        return static_cast<ssize_t>(count);
    }
    static ssize_t transmit(wslay_event_context_ptr /*context*/, const std::uint8_t* data,
                            std::size_t size, int /*flags*/, void* user_data) {
        self(user_data).wire_->write(data, size);
        return static_cast<ssize_t>(size);
    }
    // make_mask leaves unpredictability aside, in wslay's favour: a mask is the user's to make.
    static int make_mask(wslay_event_context_ptr /*context*/, std::uint8_t* buffer,
                         std::size_t size, void* user_data) {
        std::uint32_t& state = self(user_data).mask_;
        state ^= state << 13U;
        state ^= state >> 17U;
        state ^= state << 5U;
        std::memcpy(buffer, &state, std::min(size, sizeof state));
        return 0;
    }
    static void on_message(wslay_event_context_ptr /*context*/,
                           const wslay_event_on_msg_recv_arg* message, void* user_data) {
        Connection& connection = self(user_data);
        if (connection.echoes_) {
            connection.queue(message->opcode, message->msg, message->msg_length);
            connection.flush();
        } else {
            connection.sink_->take(message->msg, message->msg_length);
        }
    }

    wslay_event_context_ptr context_ = nullptr;
    Sink* sink_;
    Wire* wire_;
    bool echoes_;
    Source source_;
    std::uint32_t mask_ = 2463534242U;
};

class WslayDecoder final : public Decoder {
  public:
    explicit WslayDecoder(Sink& sink) : connection_(false, &sink, nullptr, false) {}
    void decode(Source source, std::size_t /*count*/) override { connection_.receive_all(source); }

  private:
    Connection connection_;
};

class WslayEncoder final : public Encoder {
  public:
    WslayEncoder(bool is_client, Wire& wire) : connection_(is_client, nullptr, &wire, false) {}
    void send(std::string_view message, std::size_t count) override {
        for (std::size_t i = 0; i < count; ++i) {
            connection_.queue(WSLAY_BINARY_FRAME, message.data(), message.size());
        }
        connection_.flush();
    }

  private:
    Connection connection_;
};

class WslayEchoer final : public Echoer {
  public:
    explicit WslayEchoer(Wire& wire) : connection_(false, nullptr, &wire, true) {}
    void echo(Source source, std::size_t /*count*/) override { connection_.receive_all(source); }

  private:
    Connection connection_;
};

}  // namespace

Engine wslay_engine() {
    Engine engine;
    engine.name = "wslay";
    engine.decoder = [](Sink& sink) -> std::unique_ptr<Decoder> {
        return std::make_unique<WslayDecoder>(sink);
    };
    engine.encoder = [](bool is_client, Wire& wire) -> std::unique_ptr<Encoder> {
        return std::make_unique<WslayEncoder>(is_client, wire);
    };
    engine.echoer = [](const EchoSetup& /*setup*/, Wire& wire) -> std::unique_ptr<Echoer> {
        return std::make_unique<WslayEchoer>(wire);
    };
    return engine;
}

}  // namespace wsproof::bench
