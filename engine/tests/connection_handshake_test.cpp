// The wiring of the opening handshake; its rules are tested in the tests named s4_*.
#include <catch2/catch.hpp>
#include <functional>

#include "support/feed.hpp"
#include "support/head_feed.hpp"

namespace wsproof::test {
namespace {

using Lines = std::vector<std::string>;
using std::chrono::seconds;

using Decision = std::function<Error(Connection&)>;

// serve feeds a server, deciding as soon as it is asked, and answers what was heard.
Heard serve(const Buffer& input, const Decision& decide, std::size_t step) {
    FakeEntropy entropy;
    Connection server = Connection::server({}, entropy, Time{});
    Log log;
    Buffer bytes;
    for (std::size_t begin = 0; begin < input.size(); begin += std::min(step, input.size())) {
        const std::size_t size = std::min(step, input.size() - begin);
        Buffer part(input.begin() + static_cast<std::ptrdiff_t>(begin),
                    input.begin() + static_cast<std::ptrdiff_t>(begin + size));
        MutableBytes in(part);
        while (const auto event = server.next(in)) {
            log.add(*event);
            if (std::get_if<UpgradeRequest>(&*event) != nullptr) {
                CHECK(decide(server) == Error::none);
            }
        }
        CHECK(in.empty());
    }
    const std::string output = to_text(take_output(server));
    return {log.lines(), output, server.state(), server.transport(), server.stats().bytes_received};
}

TEST_CASE("Connection: a server accepts, and reads on in the same buffer") {
    const auto step = GENERATE(std::size_t{1}, std::size_t{50}, SIZE_MAX);
    const Buffer input = to_bytes(good_request().text()) + to(Role::server, "81 01 61"_hex);
    const Heard heard = serve(
        input, [](Connection& server) { return server.accept(); }, step);
    CHECK(heard.events == Lines{"request /chat", "opened ''", "[text 'a']"});
    CHECK(heard.output.starts_with("HTTP/1.1 101 "));
    CHECK(heard.output.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);
    CHECK(heard.state == State::open);
    CHECK(heard.bytes_received == input.size());
}

TEST_CASE("Connection: a server rejects, shuts down and drains") {
    const auto step = GENERATE(std::size_t{1}, SIZE_MAX);
    const Buffer input = to_bytes(good_request().text()) + to(Role::server, "81 01 61"_hex);
    const Heard heard = serve(
        input, [](Connection& server) { return server.reject(403, {}, to_bytes("no")); }, step);
    CHECK(heard.events == Lines{"request /chat"});
    CHECK(heard.output.starts_with("HTTP/1.1 403 "));
    CHECK(heard.output.ends_with("no"));
    CHECK(heard.state == State::draining);
    CHECK(heard.transport == Transport::shut_down_write);
}

TEST_CASE("Connection: a bad request is answered before the connection is failed") {
    const auto step = GENERATE(std::size_t{1}, SIZE_MAX);
    const Head bad = good_request().with("Sec-WebSocket-Version", "8");
    const Heard heard = serve(
        to_bytes(bad.text() + "more"), [](Connection&) { return Error::none; }, step);
    CHECK(heard.events == Lines{"failed bad_version at " + std::to_string(bad.text().size())});
    CHECK(heard.output.starts_with("HTTP/1.1 426 "));
    CHECK(heard.transport == Transport::shut_down_write);
    CHECK(heard.bytes_received == bad.text().size() + 4);
}

TEST_CASE("Connection: nothing is read while a decision is pending") {
    FakeEntropy entropy;
    Connection server = Connection::server({}, entropy, Time{});
    CHECK(server.accept() == Error::wrong_state);
    CHECK(server.reject(404) == Error::wrong_state);
    Buffer bytes = to_bytes(good_request().text()) + to(Role::server, "81 01 61"_hex);
    MutableBytes in(bytes);
    REQUIRE(describe(server.next(in).value()) == "request /chat");
    const std::size_t left = in.size();
    CHECK(left == 7);
    CHECK_FALSE(server.next(in));
    CHECK(in.size() == left);
    CHECK(server.state() == State::connecting);
    CHECK(server.send(MessageType::text, Payload::copy("x")) == Error::wrong_state);
    CHECK(server.close() == Error::wrong_state);
    CHECK(server.accept("unoffered") == Error::unoffered_subprotocol);
    REQUIRE(server.accept() == Error::none);
    CHECK(server.accept() == Error::wrong_state);
    CHECK(server.state() == State::open);
    REQUIRE(server.send(MessageType::text, Payload::copy("at once")) == Error::none);
    CHECK(describe(server.next(in).value()) == "opened ''");
    CHECK(describe(server.next(in).value()) == "[text 'a']");
}

TEST_CASE("Connection: client and server, from the first byte to the last") {
    FakeEntropy entropy;
    Connection client =
        Connection::client({.host = "example.com", .target = "/a", .subprotocols = {"one", "two"}},
                           {}, entropy, Time{});
    Connection server = Connection::server({}, entropy, Time{});
    CHECK(client.deadline() == Time{seconds(10)});
    Log client_log;
    Log server_log;
    drain_events(server, take_output(client), server_log);
    REQUIRE(server.accept("two") == Error::none);
    REQUIRE(server.send(MessageType::text, Payload::copy("hi")) == Error::none);
    drain_events(client, take_output(server), client_log);
    CHECK(client.state() == State::open);
    CHECK_FALSE(client.deadline());
    REQUIRE(client.close() == Error::none);
    drain_events(server, take_output(client), server_log);
    drain_events(client, take_output(server), client_log);
    client.end_of_input();
    server.end_of_input();
    drain_events(client, {}, client_log);
    drain_events(server, {}, server_log);
    CHECK(client_log.lines() ==
          Lines{"opened 'two'", "[text 'hi']", "close 1000 ''", "closed clean 1000 none"});
    CHECK(server_log.lines() ==
          Lines{"request /a", "opened 'two'", "close 1000 ''", "closed clean 1000 none"});
}

// A client with the key of the example in RFC 6455 §1.2.
Connection sample_client(Entropy& entropy) {
    return Connection::client({.host = "server.example.com", .target = "/chat"}, {}, entropy,
                              Time{});
}

Heard ask(const Buffer& response) {
    const auto make = [](Entropy&) {
        static SampleEntropy sample;
        sample = {};
        Connection client = sample_client(sample);
        static_cast<void>(take_output(client));
        return client;
    };
    return feed(make, response);
}

TEST_CASE("Connection: a client opens, and reads on in the same buffer") {
    const Heard heard = ask(to_bytes(good_response().text()) + "81 01 61"_hex);
    CHECK(heard.events == Lines{"opened ''", "[text 'a']"});
    CHECK(heard.state == State::open);
}

TEST_CASE("Connection: a client fails on a bad response without a Close") {
    const Head bad = good_response().with("Sec-WebSocket-Accept", "nonsense");
    const Heard heard = ask(to_bytes(bad.text()) + "81 01 61"_hex);
    CHECK(heard.events == Lines{"failed bad_accept at " + std::to_string(bad.text().size())});
    CHECK(heard.output.empty());
    CHECK(heard.transport == Transport::shut_down_write);  // the server believes it is open
}

TEST_CASE("Connection: a refused client finds the body in its buffer") {
    SampleEntropy entropy;
    Connection client = sample_client(entropy);
    static_cast<void>(take_output(client));
    Buffer bytes = to_bytes("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nbody");
    MutableBytes in(bytes);
    REQUIRE(describe(client.next(in).value()) == "refused 404");
    CHECK(to_text(in) == "body");
    CHECK(client.error() == Error::upgrade_refused);
    CHECK(client.transport() == Transport::shut_down_write);
    client.end_of_input();
    CHECK(describe(client.next(in).value()) == "closed unclean 1006 upgrade_refused");
}

TEST_CASE("Connection: a request that cannot be made is told at once, and nothing is sent") {
    FakeEntropy entropy;
    Connection client = Connection::client({.host = "a b\r\n"}, {}, entropy, Time{});
    CHECK(client.state() == State::closed);
    CHECK(client.queued() == 0);
    CHECK(client.transport() == Transport::close);
    Log log;
    drain_events(client, {}, log);
    CHECK(log.lines() ==
          Lines{"failed invalid_argument at 0", "closed unclean 1006 invalid_argument"});
}

TEST_CASE("Timers: an opening handshake that takes too long, for both roles") {
    FakeEntropy entropy;
    const Options options{.timers = {.handshake = seconds(2)}};
    const bool is_client = GENERATE(true, false);
    Connection connection = is_client ? Connection::client({.host = "h"}, options, entropy, Time{})
                                      : Connection::server(options, entropy, Time{});
    static_cast<void>(take_output(connection));
    CHECK(connection.deadline() == Time{seconds(2)});
    Log log;
    drain_events(connection, to_bytes(is_client ? "HTTP/1.1" : "GET /"), log);
    connection.tick(Time{seconds(2)});
    drain_events(connection, {}, log);
    CHECK(log.lines() ==
          Lines{is_client ? "failed handshake_timeout at 8" : "failed handshake_timeout at 5"});
    CHECK(connection.transport() == Transport::shut_down_write);
    CHECK(connection.queued() == 0);
    connection.tick(Time{seconds(7)});
    drain_events(connection, {}, log);
    CHECK(log.lines().back() == "closed unclean 1006 handshake_timeout");
}

TEST_CASE("Connection: the transport ends within the handshake") {
    FakeEntropy entropy;
    Connection server = Connection::server({}, entropy, Time{});
    Log log;
    drain_events(server, to_bytes(good_request().text()), log);
    server.end_of_input();
    CHECK(server.accept() == Error::wrong_state);
    drain_events(server, {}, log);
    CHECK(log.lines() == Lines{"request /chat", "closed unclean 1006 eof_before_close"});
}

TEST_CASE("Connection: accepted and ended before anyone asked, it reports both") {
    FakeEntropy entropy;
    Connection server = Connection::server({}, entropy, Time{});
    Log log;
    drain_events(server, to_bytes(good_request().text()), log);
    REQUIRE(server.accept() == Error::none);
    server.abort(CloseCode::internal_error);
    server.end_of_input();
    drain_events(server, {}, log);
    CHECK(log.lines() == Lines{"request /chat", "opened ''",
                               "failed aborted at " + std::to_string(good_request().text().size()),
                               "closed unclean 1006 aborted"});
}

}  // namespace
}  // namespace wsproof::test
