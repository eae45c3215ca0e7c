// RFC 6455 §5.5.1, §7.1 and §7.4: the closing handshake, its codes, and who ends the transport.
#include <catch2/catch.hpp>

#include "../support/feed.hpp"
#include "../support/pair.hpp"

namespace wsproof::test {
namespace {

using Lines = std::vector<std::string>;

Buffer close_with(unsigned code, std::string_view reason = {}) {
    Buffer frame = "88"_hex;
    frame.push_back(static_cast<std::byte>(2 + reason.size()));
    frame.push_back(static_cast<std::byte>(code >> 8));
    frame.push_back(static_cast<std::byte>(code & 0xFFU));
    return frame + to_bytes(reason);
}

TEST_CASE("§5.5.1: a Close is answered with a Close of the same code") {
    const auto role = GENERATE(Role::client, Role::server);
    const auto code = GENERATE(1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 1012U,
                               1013U, 1014U, 3000U, 3999U, 4000U, 4999U);
    const Heard heard = feed(opened(role), to(role, close_with(code, "bye")));
    CHECK(heard.events == Lines{"close " + std::to_string(code) + " 'bye'"});
    CHECK(heard.output == sent_by(role, close_with(code)));
    CHECK(heard.state == State::draining);
    CHECK(heard.transport == (role == Role::server ? Transport::shut_down_write : Transport::keep));
}

TEST_CASE("§5.5.1: an empty Close is answered with an empty Close") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard = feed(opened(role), to(role, "88 00"_hex));
    CHECK(heard.events == Lines{"close 1005 ''"});
    CHECK(heard.output == sent_by(role, "88 00"_hex));
}

TEST_CASE("§7.4: codes that may not appear on the wire") {
    const auto role = GENERATE(Role::client, Role::server);
    const auto code = GENERATE(0U, 1U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U,
                               5000U, 65535U);
    const Buffer frame = to(role, close_with(code));
    const Heard heard = feed(opened(role), frame);
    CHECK(heard.events == Lines{"failed invalid_close_code at " + std::to_string(frame.size())});
    CHECK(says_close(heard, role, 1002));
}

TEST_CASE("§5.5.1: a Close of one byte") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard = feed(opened(role), to(role, "88 01 03"_hex));
    CHECK(heard.events == Lines{"failed one_byte_close at 2"});
    CHECK(says_close(heard, role, 1002));
}

TEST_CASE("§5.5.1: a reason that is not UTF-8") {
    const auto role = GENERATE(Role::client, Role::server);
    for (const std::string_view reason : {"\xC3\x28", "abc\xE2\x82", "\xFF"}) {
        const Buffer frame = to(role, close_with(1000, reason));
        const Heard heard = feed(opened(role), frame);
        CHECK(heard.events == Lines{"failed invalid_utf8 at " + std::to_string(frame.size())});
        CHECK(says_close(heard, role, 1007));
    }
}

TEST_CASE("§5.5.1: the longest reason") {
    const auto role = GENERATE(Role::client, Role::server);
    const std::string reason(123, 'r');
    CHECK(feed(opened(role), to(role, close_with(1000, reason))).events ==
          Lines{"close 1000 '" + reason + "'"});
}

TEST_CASE("§5.5.1: after the peer's Close nothing is looked at") {
    const auto role = GENERATE(Role::client, Role::server);
    const Buffer input = to(role, close_with(1000)) + to(role, "89 00"_hex) + "ff ff ff"_hex;
    const Heard heard = feed(opened(role), input);
    CHECK(heard.events == Lines{"close 1000 ''"});
    CHECK(heard.output == sent_by(role, close_with(1000)));
    CHECK(heard.bytes_received == input.size());
}

TEST_CASE("§5.5.1: by hand, if automation is off") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role, {.automation = {.close = false}})(entropy);
    Log log;
    drain_events(connection, to(role, close_with(1001)) + to(role, "89 00"_hex), log);
    CHECK(log.lines() == Lines{"close 1001 ''"});
    CHECK(connection.state() == State::closing_remote);
    CHECK(connection.transport() == Transport::keep);
    CHECK(connection.send(MessageType::text, Payload::copy("last words")) == Error::none);
    CHECK(connection.close(CloseCode::normal) == Error::none);
    CHECK(connection.state() == State::draining);
    CHECK(connection.send(MessageType::text, Payload::copy("x")) == Error::wrong_state);
    CHECK(feed(opened(other(role)), take_output(connection)).events ==
          Lines{"[text 'last words']", "close 1000 ''"});
}

TEST_CASE("§5.5.1: after our Close nothing of ours follows, not even a Pong") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role)(entropy);
    REQUIRE(connection.send(MessageType::text, Payload::copy("a")) == Error::none);
    REQUIRE(connection.close(CloseCode::going_away, "bye") == Error::none);
    CHECK(connection.state() == State::closing_local);
    const std::size_t queued = connection.queued();
    CHECK(connection.send(MessageType::text, Payload::copy("b")) == Error::wrong_state);
    CHECK(connection.begin(MessageType::text) == Error::wrong_state);
    CHECK(connection.ping() == Error::wrong_state);
    CHECK(connection.pong() == Error::wrong_state);
    CHECK(connection.close() == Error::wrong_state);
    Log log;
    drain_events(connection, to(role, "89 01 70"_hex) + to(role, "81 01 62"_hex), log);
    CHECK(log.lines() == Lines{"ping 'p'", "[text 'b']"});  // the peer has not read our Close yet
    CHECK(connection.queued() == queued);
}

TEST_CASE("§5.5.1: a Close overtakes nothing that is queued, nor is it overtaken") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    REQUIRE(server.send(MessageType::text, Payload::copy("a")) == Error::none);
    REQUIRE(server.ping() == Error::none);
    REQUIRE(server.close(CloseCode::normal) == Error::none);
    CHECK(to_hex(take_output(server)) == "89 00 81 01 61 88 02 03 e8");
}

TEST_CASE("§5.5.1: a Close inside our unfinished message") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    REQUIRE(server.begin(MessageType::text) == Error::none);
    REQUIRE(server.append(Payload::copy("a")) == Error::none);
    REQUIRE(server.close() == Error::none);
    CHECK(server.append(Payload::copy("b")) == Error::wrong_state);
    CHECK(server.finish() == Error::wrong_state);
    CHECK(to_hex(take_output(server)) == "01 01 61 88 02 03 e8");
}

TEST_CASE("§7.4.1: codes and reasons that close() refuses, with nothing changed") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role)(entropy);
    for (const int code : {0, 999, 1004, 1006, 1015, 1016, 2999, 5000, 65535}) {
        CHECK(connection.close(static_cast<CloseCode>(code)) == Error::unsendable_close_code);
    }
    CHECK(connection.close(CloseCode::normal, std::string(124, 'x')) == Error::control_too_long);
    CHECK(connection.close(CloseCode::normal, "\xFF") == Error::invalid_utf8_argument);
    CHECK(connection.close(CloseCode::no_status, "why") == Error::invalid_argument);
    CHECK(connection.state() == State::open);
    CHECK(connection.queued() == 0);
    CHECK(connection.close(CloseCode::no_status) == Error::none);
    CHECK(to_hex(take_output(connection)) == sent_by(role, "88 00"_hex));
}

TEST_CASE("§7.1.4: a closing handshake from either side is clean for both") {
    const bool client_starts = GENERATE(true, false);
    const auto step = GENERATE(std::size_t{1}, SIZE_MAX);
    Pair pair;
    Connection& starter = client_starts ? pair.client : pair.server;
    REQUIRE(starter.close(CloseCode::going_away, "bye") == Error::none);
    pair.pump(step);
    const Lines starter_heard{"close 1001 ''", "closed clean 1001 none"};
    const Lines other_heard{"close 1001 'bye'", "closed clean 1001 none"};
    CHECK(pair.client_events() == (client_starts ? starter_heard : other_heard));
    CHECK(pair.server_events() == (client_starts ? other_heard : starter_heard));
    CHECK(pair.client.transport() == Transport::close);
    CHECK(pair.server.transport() == Transport::close);
}

TEST_CASE("§7.1.4: Closes that cross are a clean end") {
    Pair pair;
    REQUIRE(pair.client.close(CloseCode::normal) == Error::none);
    REQUIRE(pair.server.close(CloseCode::going_away) == Error::none);
    pair.pump();
    CHECK(pair.client_events() == Lines{"close 1001 ''", "closed clean 1001 none"});
    CHECK(pair.server_events() == Lines{"close 1000 ''", "closed clean 1000 none"});
}

TEST_CASE("§7.1.5: the transport's end without a Close is 1006, in every state") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection open = opened(role)(entropy);
    Connection closing = opened(role)(entropy);
    REQUIRE(closing.close() == Error::none);
    for (Connection* connection : {&open, &closing}) {
        connection->end_of_input();
        CHECK(connection->state() == State::closed);
        connection->end_of_input();  // idempotent
        Log log;
        drain_events(*connection, {}, log);
        drain_events(*connection, "81 00"_hex, log);
        CHECK(log.lines() == Lines{"closed unclean 1006 eof_before_close"});
        CHECK(connection->transport() == Transport::close);
        CHECK(connection->error() == Error::eof_before_close);
    }
}

TEST_CASE("§7.1.5: the peer's Close, then its end before our answer") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role, {.automation = {.close = false}})(entropy);
    Log log;
    drain_events(connection, to(role, close_with(1001)), log);
    connection.end_of_input();
    drain_events(connection, {}, log);
    CHECK(log.lines() == Lines{"close 1001 ''", "closed unclean 1001 eof_before_close"});
}

TEST_CASE("§7.1.7: a failure, then the end of the transport: Failed, then Closed, last") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role)(entropy);
    Log log;
    drain_events(connection, to(role, "83 00"_hex), log);
    CHECK(connection.error() == Error::reserved_opcode);
    drain_events(connection, to(role, close_with(1002)), log);  // not looked at
    connection.end_of_input();
    drain_events(connection, {}, log);
    CHECK(log.lines() ==
          Lines{"failed reserved_opcode at 2", "closed unclean 1006 reserved_opcode"});
}

TEST_CASE("§7.1.7: abort fails the connection with a code of ours") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role)(entropy);
    connection.abort(CloseCode::internal_error);
    CHECK(connection.state() == State::draining);
    connection.abort(CloseCode::internal_error);
    Log log;
    drain_events(connection, {}, log);
    CHECK(log.lines() == Lines{"failed aborted at 0"});
    const Heard heard{{}, to_hex(take_output(connection)), State::draining, Transport::keep, 0};
    CHECK(says_close(heard, role, 1011));
    Connection silent = opened(role)(entropy);
    silent.abort(CloseCode::abnormal);  // not for the wire: then there is no Close
    CHECK(silent.queued() == 0);
    CHECK(silent.state() == State::draining);
}

TEST_CASE("§7.1.7: a failure after our Close says no second one") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role)(entropy);
    REQUIRE(connection.close() == Error::none);
    Log log;
    drain_events(connection, to(role, "83 00"_hex), log);
    CHECK(log.lines() == Lines{"failed reserved_opcode at 2"});
    CHECK(to_hex(take_output(connection)) == sent_by(role, close_with(1000)));
}

}  // namespace
}  // namespace wsproof::test
