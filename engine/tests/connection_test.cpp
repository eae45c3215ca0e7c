// Connection as its owner sees it: time, transport, numbers, and calls in any order.
#include <catch2/catch.hpp>
#include <wsproof/observer.hpp>

#include "support/feed.hpp"
#include "support/pair.hpp"

namespace wsproof::test {
namespace {

using Lines = std::vector<std::string>;
using std::chrono::seconds;

Time at(int second) {
    return Time{seconds(second)};
}

Lines events_of(Connection& connection, const Buffer& input = {}) {
    Log log;
    drain_events(connection, input, log);
    return log.lines();
}

TEST_CASE("Connection: adopted, it is open and silent") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role)(entropy);
    CHECK(connection.role() == role);
    CHECK(connection.state() == State::open);
    CHECK(connection.error() == Error::none);
    CHECK(connection.transport() == Transport::keep);
    CHECK_FALSE(connection.deadline());
    CHECK(connection.output().empty());
    CHECK(events_of(connection).empty());
    CHECK(connection.accept() == Error::wrong_state);
    CHECK(connection.reject(404) == Error::wrong_state);
}

TEST_CASE("Connection: moved, it goes on") {
    FakeEntropy entropy;
    Connection first = opened(Role::server)(entropy);
    REQUIRE(first.send(MessageType::text, Payload::copy("a")) == Error::none);
    Connection second = std::move(first);
    REQUIRE(second.send(MessageType::text, Payload::copy("b")) == Error::none);
    CHECK(to_hex(take_output(second)) == "81 01 61 81 01 62");
}

TEST_CASE("Connection: payloads are in the caller's buffer") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    Buffer bytes = to(Role::server, "82 03 01 02 03"_hex);
    MutableBytes in(bytes);
    const auto event = server.next(in);
    REQUIRE(event);
    const auto* piece = std::get_if<MessageData>(&*event);
    REQUIRE(piece != nullptr);
    CHECK(piece->payload.data() == bytes.data() + 6);
    CHECK(in.empty());
}

TEST_CASE("Connection: output byte by byte, and through write()") {
    const auto role = GENERATE(Role::client, Role::server);
    const auto fill = [](Connection& connection) {
        const Buffer lent(5000, std::byte{'l'});
        REQUIRE(connection.send(MessageType::text, Payload::copy("Hello")) == Error::none);
        REQUIRE(connection.send(MessageType::binary, Payload::copy(lent), {.fragment_at = 999}) ==
                Error::none);
        REQUIRE(connection.ping(to_bytes("p")) == Error::none);
        REQUIRE(connection.close() == Error::none);
    };
    FakeEntropy entropies[3];
    Connection whole = opened(role)(entropies[0]);
    Connection bytewise = opened(role)(entropies[1]);
    Connection written = opened(role)(entropies[2]);
    fill(whole);
    fill(bytewise);
    fill(written);
    const std::size_t queued = whole.queued();
    const Buffer expected = take_output(whole);
    CHECK(expected.size() == queued);
    CHECK((take_output(bytewise, 1) == expected));
    Buffer all;
    for (Buffer part(77);;) {
        const std::size_t size = written.write(part);
        if (size == 0) {
            break;
        }
        all.insert(all.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(size));
    }
    CHECK((all == expected));
    CHECK(whole.queued() == 0);
    CHECK(whole.stats().bytes_sent == queued);
    CHECK(written.stats().bytes_sent == queued);
}

TEST_CASE("Connection: borrowed payloads are not copied and come back") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    const Buffer payload(100, std::byte{'x'});
    REQUIRE(server.send(MessageType::binary, Payload::borrow(payload, 42)) == Error::none);
    const auto pieces = server.output();
    REQUIRE(pieces.size() == 2);
    CHECK(pieces[1].data() == payload.data());
    CHECK_FALSE(server.next_released());
    static_cast<void>(take_output(server));
    CHECK(server.next_released() == Token{42});
    CHECK_FALSE(server.next_released());
}

TEST_CASE("Connection: a token comes back if the send was refused: not at all") {
    FakeEntropy entropy;
    Connection server = opened(Role::server, {.limits = {.output_queue = 0}})(entropy);
    const Buffer payload(1);
    CHECK(server.send(MessageType::binary, Payload::borrow(payload, 1)) == Error::output_full);
    CHECK_FALSE(server.next_released());
}

TEST_CASE("Connection: the output queue is full once it holds its limit") {
    FakeEntropy entropy;
    Connection server = opened(Role::server, {.limits = {.output_queue = 10}})(entropy);
    CHECK(server.send(MessageType::binary, Payload::copy(Buffer(7))) == Error::none);  // 9 bytes
    CHECK(server.begin(MessageType::binary) == Error::none);
    CHECK(server.append(Payload::copy(Buffer(1))) == Error::none);  // now 12
    CHECK(server.append(Payload::copy(Buffer(1))) == Error::output_full);
    CHECK(server.ping() == Error::output_full);
    CHECK(server.pong() == Error::output_full);
    CHECK(server.finish() == Error::none);
    CHECK(events_of(server, to(Role::server, "89 00"_hex)) == Lines{"ping ''"});  // is answered
    CHECK(server.close() == Error::none);
    CHECK(to_hex(take_output(server)).ends_with("80 00 88 02 03 e8"));
}

TEST_CASE("Connection: limits of zero are zero") {
    const auto role = GENERATE(Role::client, Role::server);
    const Options options{.limits = {.frame = 0, .message = 0}};
    CHECK(feed(opened(role, options), to(role, "81 00"_hex)).events == Lines{"[text '']"});
    CHECK(feed(opened(role, options), to(role, "81 01"_hex)).events ==
          Lines{"failed frame_too_big at 2"});
}

TEST_CASE("Connection: fragments of no bytes cannot carry a message") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    CHECK(server.send(MessageType::binary, Payload::copy("x"), {.fragment_at = 0}) ==
          Error::invalid_argument);
    CHECK(server.begin(MessageType::binary, {.fragment_at = 0}) == Error::invalid_argument);
    CHECK(server.queued() == 0);
}

TEST_CASE("Connection: stats and the observer count both directions") {
    struct Seen final : Observer {
        void received(const FrameHeader& header) noexcept override { in += header.payload_size; }
        void sent(const FrameHeader& header) noexcept override { out += header.payload_size; }
        std::uint64_t in = 0;
        std::uint64_t out = 0;
    } seen;
    FakeEntropy entropy;
    Connection server = opened(Role::server, {.observer = &seen})(entropy);
    const Buffer input = to(Role::server, "01 02 61 62"_hex) + to(Role::server, "89 01 70"_hex) +
                         to(Role::server, "80 01 63"_hex);
    static_cast<void>(events_of(server, input));
    REQUIRE(server.send(MessageType::text, Payload::copy("four")) == Error::none);
    CHECK(server.stats().bytes_received == input.size());
    CHECK(server.stats().frames_received == 3);
    CHECK(server.stats().messages_received == 1);
    CHECK(server.stats().frames_sent == 2);
    CHECK(server.stats().messages_sent == 1);
    CHECK(server.stats().bytes_sent == 0);
    CHECK(seen.in == 4);
    CHECK(seen.out == 5);
}

TEST_CASE("Timers: no answer to our Close") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role, {.timers = {.close = seconds(5)}})(entropy);
    connection.tick(at(10));
    REQUIRE(connection.close() == Error::none);
    CHECK(connection.deadline() == at(15));
    static_cast<void>(take_output(connection));
    connection.tick(at(14));
    CHECK(connection.state() == State::closing_local);
    connection.tick(at(15));
    CHECK(connection.state() == State::closed);
    CHECK(connection.transport() == Transport::close);
    CHECK(events_of(connection) == Lines{"closed unclean 1006 close_timeout"});
    CHECK_FALSE(connection.deadline());
}

TEST_CASE("Timers: the transport does not end after the closing handshake, which is clean") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role, {.timers = {.close = seconds(5)}})(entropy);
    CHECK(events_of(connection, to(role, "88 02 03 e8"_hex)) == Lines{"close 1000 ''"});
    static_cast<void>(take_output(connection));
    CHECK(connection.deadline() == at(5));
    connection.tick(at(5));
    CHECK(events_of(connection) == Lines{"closed clean 1000 none"});
    CHECK(connection.transport() == Transport::close);
}

TEST_CASE("Timers: nor after a failure, whatever the peer goes on to send") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role, {.timers = {.close = seconds(5)}})(entropy);
    CHECK(events_of(connection, to(role, "83 00"_hex)) == Lines{"failed reserved_opcode at 2"});
    static_cast<void>(take_output(connection));
    for (int second = 1; second < 5; ++second) {
        connection.tick(at(second));
        CHECK(events_of(connection, "00"_hex).empty());
    }
    CHECK(connection.state() == State::draining);
    connection.tick(at(5));
    CHECK(events_of(connection) == Lines{"closed unclean 1006 reserved_opcode"});
}

TEST_CASE("Timers: a peer that reads slowly what was queued before the Close is not cut off") {
    FakeEntropy entropy;
    Connection server = opened(Role::server, {.timers = {.close = seconds(5)}})(entropy);
    REQUIRE(server.send(MessageType::binary, Payload::copy(Buffer(100))) == Error::none);
    REQUIRE(server.close() == Error::none);
    for (int second = 4; second <= 40; second += 4) {
        server.tick(at(second));
        REQUIRE_FALSE(server.output().empty());
        server.consume(5);
    }
    CHECK(server.state() == State::closing_local);
    server.tick(at(45));
    CHECK(server.state() == State::closed);
}

TEST_CASE("Timers: output that nobody takes is dropped in the end, and its tokens come back") {
    FakeEntropy entropy;
    Connection server = opened(Role::server, {.timers = {.close = seconds(5)}})(entropy);
    const Buffer payload(100);
    REQUIRE(server.send(MessageType::binary, Payload::borrow(payload, 9)) == Error::none);
    server.end_of_input();  // the peer has shut down writing, and may still read
    CHECK(server.transport() == Transport::close);
    CHECK(server.queued() > 0);
    CHECK(server.deadline() == at(5));
    server.tick(at(5));
    CHECK(server.queued() == 0);
    CHECK(server.next_released() == Token{9});
    CHECK_FALSE(server.deadline());
    CHECK(events_of(server) == Lines{"closed unclean 1006 eof_before_close"});
}

TEST_CASE("Timers: a close time-out of zero lets the Close out once") {
    FakeEntropy entropy;
    Connection server = opened(Role::server, {.timers = {.close = Duration::zero()}})(entropy);
    CHECK(events_of(server, to(Role::server, "88 00"_hex)) == Lines{"close 1005 ''"});
    CHECK(to_hex(take_output(server)) == "88 00");
    CHECK(server.deadline() == at(0));
    server.tick(at(0));
    CHECK(server.state() == State::closed);
}

TEST_CASE("Timers: disabled, nobody is hurried") {
    FakeEntropy entropy;
    Connection server = opened(Role::server, {.timers = {.close = std::nullopt}})(entropy);
    REQUIRE(server.close() == Error::none);
    CHECK_FALSE(server.deadline());
    server.tick(Time::max());
    CHECK(server.state() == State::closing_local);
}

TEST_CASE("Timers: a silent peer is pinged once, and failed if it does not stir") {
    const auto role = GENERATE(Role::client, Role::server);
    const Options options{.timers = {.ping_after_idle = seconds(10), .pong = seconds(3)}};
    FakeEntropy entropy;
    Connection connection = opened(role, options)(entropy);
    CHECK(connection.deadline() == at(10));
    connection.tick(at(9));
    CHECK(connection.queued() == 0);
    connection.tick(at(10));
    CHECK(to_hex(take_output(connection)) == sent_by(role, "89 00"_hex));
    CHECK(connection.deadline() == at(13));
    connection.tick(at(13));
    CHECK(events_of(connection) == Lines{"failed pong_timeout at 0"});
    CHECK(connection.state() == State::draining);
    CHECK(connection.queued() > 0);
}

TEST_CASE("Timers: any byte is activity") {
    const Options options{.timers = {.ping_after_idle = seconds(10), .pong = seconds(3)}};
    FakeEntropy entropy;
    Connection server = opened(Role::server, options)(entropy);
    server.tick(at(10));
    static_cast<void>(take_output(server));
    server.tick(at(12));
    CHECK(events_of(server, "82"_hex).empty());
    CHECK(server.deadline() == at(22));
    server.tick(at(13));
    CHECK(server.state() == State::open);
    REQUIRE(server.send(MessageType::text, Payload::copy("ours is none")) == Error::none);
    static_cast<void>(take_output(server));
    CHECK(server.deadline() == at(22));
}

TEST_CASE("Timers: a dead peer gets one Ping, though there is no time-out for its Pong") {
    FakeEntropy entropy;
    Connection server = opened(Role::server, {.timers = {.ping_after_idle = seconds(1)}})(entropy);
    for (int second = 0; second < 100; ++second) {
        server.tick(at(second));
    }
    CHECK(to_hex(take_output(server)) == "89 00");
    CHECK_FALSE(server.deadline());
    CHECK(events_of(server, to(Role::server, "8a 00"_hex)) == Lines{"pong ''"});
    CHECK(server.deadline() == at(100));
}

TEST_CASE("Timers: time that goes back is ignored") {
    FakeEntropy entropy;
    Connection server = opened(Role::server, {.timers = {.close = seconds(5)}})(entropy);
    server.tick(at(100));
    server.tick(at(50));
    REQUIRE(server.close() == Error::none);
    CHECK(server.deadline() == at(105));
}

TEST_CASE("Connection: messages of many sizes, both ways, in pieces of any size") {
    const auto step = GENERATE(std::size_t{1}, std::size_t{7}, std::size_t{1460}, SIZE_MAX);
    Pair pair;
    Lines expected;
    for (const std::size_t size : {0U, 1U, 125U, 126U, 5000U}) {
        const std::string text(size, 't');
        REQUIRE(pair.client.send(MessageType::text, Payload::copy(text), {.fragment_at = 1000}) ==
                Error::none);
        REQUIRE(pair.server.send(MessageType::text, Payload::copy(text)) == Error::none);
        expected.push_back("[text '" + text + "']");
    }
    pair.pump(step);
    CHECK(pair.client_events() == expected);
    CHECK(pair.server_events() == expected);
}

}  // namespace
}  // namespace wsproof::test
