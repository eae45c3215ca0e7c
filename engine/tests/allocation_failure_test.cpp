// Memory runs out at every allocation in turn: nothing leaks, nothing crashes, tokens come back,
// and the owner is told.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <functional>
#include <new>
#include <span>
#include <utility>
#include <wsproof/handshake.hpp>
#include <wsproof/message_reader.hpp>
#include <wsproof/prepared_message.hpp>

#include "support/allocations.hpp"
#include "support/feed.hpp"
#include "support/head_feed.hpp"

namespace wsproof::test {
namespace {

// Session uses a connection as owners do and notes what it is told. It goes on after an error. Its
// own memory is there beforehand.
class Session {
  public:
    explicit Session(Connection connection) : connection_(std::move(connection)) {}

    void check(Error error) { is_told_ = is_told_ || error == Error::out_of_memory; }
    void feed(Buffer& bytes) {
        MutableBytes in(bytes);
        while (const auto event = connection_.next(in)) {
            const auto* failed = std::get_if<Failed>(&*event);
            check(failed != nullptr ? failed->error : Error::none);
            const auto* closed = std::get_if<Closed>(&*event);
            check(closed != nullptr ? closed->error : Error::none);
            if (std::holds_alternative<UpgradeRequest>(*event)) {
                check(connection_.accept("chat"));
            }
            if (const auto* piece = std::get_if<MessageData>(&*event)) {
                check(reader_.add(*piece));
            }
        }
    }
    // lend sends `bytes` under the next token.
    void lend(Bytes bytes) {
        const Error error =
            connection_.send(MessageType::binary, Payload::borrow(bytes, tokens_ + 1));
        check(error);
        tokens_ += error == Error::none ? 1 : 0;
    }
    void lend(const PreparedMessage& message) {
        const Error error = connection_.send(message, tokens_ + 1);
        check(error);
        tokens_ += error == Error::none ? 1 : 0;
    }
    void take(std::size_t most) {
        std::size_t size = 0;
        for (const Bytes piece : connection_.output()) {
            size += piece.size();
        }
        connection_.consume(std::min(size, most));
    }
    void finish() {
        connection_.end_of_input();
        Buffer nothing;
        feed(nothing);
        while (connection_.queued() > 0) {
            take(SIZE_MAX);
        }
        while (connection_.next_released()) {
            --tokens_;
        }
    }

    [[nodiscard]] Connection& connection() { return connection_; }
    [[nodiscard]] bool is_told() const {
        return is_told_ || connection_.error() == Error::out_of_memory;
    }
    [[nodiscard]] bool has_all_tokens() const { return tokens_ == 0; }

  private:
    Connection connection_;
    MessageReader reader_{1 << 20};
    std::uint64_t tokens_ = 0;  // that the connection has taken
    bool is_told_ = false;
};

struct Input {
    Buffer head;
    Buffer frames;
    Buffer lent = Buffer(40000, std::byte{'x'});

    // restore undoes the unmasking in place, without an allocation.
    void restore(const Input& original) {
        std::copy(original.head.begin(), original.head.end(), head.begin());
        std::copy(original.frames.begin(), original.frames.end(), frames.begin());
    }
};

void use(Session& session, Input& input, const PreparedMessage* prepared) {
    Connection& connection = session.connection();
    session.feed(input.head);
    session.take(20);
    session.lend(input.lent);
    session.take(SIZE_MAX);
    for (int i = 0; i < 10; ++i) {
        session.check(connection.send(MessageType::text, Payload::copy("text")));
        session.check(connection.send(MessageType::binary, Payload::copy(Bytes(input.lent)),
                                      {.fragment_at = 1000}));
        session.lend(input.lent);
        session.lend({});
        session.check(connection.ping());
        session.take(700);
    }
    if (prepared != nullptr) {
        session.lend(*prepared);
    }
    session.feed(input.frames);
    session.check(connection.begin(MessageType::text));
    session.check(connection.append(Payload::copy("te")));
    session.check(connection.append(Payload::copy("xt")));
    session.check(connection.finish());
    session.check(connection.pong());
    connection.tick(Time{} + std::chrono::hours(1));
    session.check(connection.close());
    session.finish();
}

// frames: pieces, Pings and what makes the connection fail in the end.
Buffer frames_to(Role role) {
    Buffer frames;
    for (int i = 0; i < 20; ++i) {
        frames = frames + to(role, "89 01 70"_hex) + to(role, "01 02 61 62"_hex) +
                 to(role, "80 02 63 64"_hex);
    }
    return frames + to(role, "88 02 03 E8"_hex);
}

struct Outcome {
    bool is_told = false;  // the owner knows that memory ran out
    bool tokens_came_back = true;
};

// with_each_failure plays until no allocation is left to fail.
void with_each_failure(const std::function<Outcome()>& play) {
    std::size_t failures = 0;
    for (std::size_t passing = 0;; ++passing) {
        const std::size_t held = memory_held();
        Outcome outcome;
        bool failed = false;
        {
            const FailingAllocation failing(passing);
            try {
                outcome = play();
            } catch (const std::bad_alloc&) {
                outcome.is_told = true;  // from what makes objects
            }
            failed = failing.has_failed();
        }
        const bool is_level = memory_held() == held;
        INFO("allocation " << passing);
        CHECK(is_level);
        CHECK(outcome.tokens_came_back);
        if (!failed) {
            break;
        }
        CHECK(outcome.is_told);
        ++failures;
    }
    CHECK(failures > 0);
}

TEST_CASE("allocation failure: in a server's connection") {
    FakeEntropy entropy;
    const PreparedMessage prepared(MessageType::text, to_bytes("prepared"));
    const Input input{
        .head = to_bytes(good_request().plus("Sec-WebSocket-Protocol", "chat").text()),
        .frames = frames_to(Role::server)};
    Input scratch = input;
    Options options;
    options.timers.ping_after_idle = std::chrono::seconds(1);
    with_each_failure([&] {
        scratch.restore(input);
        Session session(Connection::server(options, entropy, Time{}));
        use(session, scratch, &prepared);
        return Outcome{session.is_told(), session.has_all_tokens()};
    });
}

TEST_CASE("allocation failure: in a client's connection") {
    SampleEntropy entropy;
    const Input input{.head = to_bytes(good_response().text()), .frames = frames_to(Role::client)};
    Input scratch = input;
    const std::array<Field, 1> fields{{{"X-Field", "a value that does not fit a short string"}}};
    const Request request{.host = "server.example.com",
                          .target = "/a/resource/name/that/does/not/fit/a/short/string",
                          .fields = fields};
    with_each_failure([&] {
        scratch.restore(input);
        Session session(Connection::client(request, {}, entropy, Time{}));
        use(session, scratch, nullptr);
        return Outcome{session.is_told(), session.has_all_tokens()};
    });
}

TEST_CASE("allocation failure: in a server that refuses") {
    FakeEntropy entropy;
    const Buffer request = to_bytes(good_request().starting("POST /chat HTTP/1.1").text());
    Buffer scratch = request;
    with_each_failure([&] {
        std::copy(request.begin(), request.end(), scratch.begin());
        Session session(Connection::server({}, entropy, Time{}));
        session.feed(scratch);
        session.take(SIZE_MAX);
        session.finish();
        return Outcome{session.is_told()};
    });
}

TEST_CASE("allocation failure: in the negotiation for other HTTP servers") {
    const std::array<Field, 7> fields{{{"Host", "server.example.com"},
                                       {"Upgrade", "websocket"},
                                       {"Connection", "Upgrade"},
                                       {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                                       {"Sec-WebSocket-Version", "13"},
                                       {"Sec-WebSocket-Protocol", "chat, superchat"},
                                       {"Sec-WebSocket-Extensions", "x-one; a=1, x-two"}}};
    const HttpRequest good{"GET", "http://server.example.com?room", "HTTP/1.1", fields};
    const std::array<Field, 1> more{{{"X-Field", "value"}}};
    with_each_failure([&] {
        Negotiation negotiation;
        const bool is_told = negotiation.judge(good) == Error::out_of_memory;
        return Outcome{is_told ? negotiation.status() == 500 && !negotiation.is_good()
                               : negotiation.accept("chat", more) == Error::out_of_memory};
    });
}

TEST_CASE("allocation failure: in a message of several pieces") {
    const Buffer bytes(5000, std::byte{'x'});
    with_each_failure([&] {
        MessageReader reader(10000);
        const Error first = reader.add({MessageType::text, true, false, bytes});
        const Error last = reader.add({MessageType::text, false, true, bytes});
        const bool is_whole = reader.message().has_value() == (last == Error::none);
        return Outcome{is_whole && last != Error::none &&
                       (first == Error::out_of_memory || last == Error::out_of_memory)};
    });
}

TEST_CASE("allocation failure: a payload that was refused keeps its token") {
    FakeEntropy entropy;
    const Buffer bytes(100);
    for (std::size_t passing = 0; passing < 10; ++passing) {
        Connection connection = opened(Role::client)(entropy);
        Error error = Error::none;
        {
            const FailingAllocation failing(passing);
            error = connection.send(MessageType::binary, Payload::borrow(bytes, 7));
        }
        static_cast<void>(connection.output());
        connection.abort(CloseCode::normal);
        connection.end_of_input();
        while (connection.queued() > 0) {
            static_cast<void>(take_output(connection));
        }
        CHECK(connection.next_released().has_value() == (error == Error::none));
    }
}

}  // namespace
}  // namespace wsproof::test
