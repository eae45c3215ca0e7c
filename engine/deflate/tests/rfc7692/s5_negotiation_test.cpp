// RFC 7692 §5 and §7.1: agreed in the opening handshake, and kept to afterwards.
#include <wsproof/handshake.hpp>

#include "support/deflated_connection.hpp"
#include "support/head_feed.hpp"

namespace wsproof::test {
namespace {

// Outcome is what a client and a server came to.
struct Outcome {
    std::optional<DeflateParameters> client;
    std::optional<DeflateParameters> server;
    Error error = Error::none;
};

void move(Connection& from, Connection& to_it, Outcome& outcome) {
    Buffer bytes = take_output(from);
    MutableBytes in(bytes);
    while (const auto event = to_it.next(in)) {
        if (std::holds_alternative<UpgradeRequest>(*event)) {
            CHECK(to_it.accept() == Error::none);
        } else if (const auto* opened = std::get_if<Opened>(&*event)) {
            (to_it.role() == Role::client ? outcome.client : outcome.server) = opened->deflate;
        } else if (const auto* failed = std::get_if<Failed>(&*event)) {
            outcome.error = failed->error;
        }
    }
}

Outcome shake_hands(const Deflate& client_wants, const Deflate& server_wants) {
    SampleEntropy entropy;
    Options client_options;
    client_options.deflate = client_wants;
    Options server_options;
    server_options.deflate = server_wants;
    Connection client =
        Connection::client({.host = "example.com"}, client_options, entropy, Time{});
    Connection server = Connection::server(server_options, entropy, Time{});
    Outcome outcome;
    move(client, server, outcome);
    move(server, client, outcome);
    move(client, server, outcome);
    return outcome;
}

TEST_CASE("RFC 7692 §5: two engines agree, on the smaller windows of the two") {
    const Deflate plain{.codecs = &codecs()};
    const Outcome both = shake_hands(plain, plain);
    CHECK(both.client == DeflateParameters{});
    CHECK(both.server == DeflateParameters{});
    const Deflate small{.codecs = &codecs(),
                        .server_max_window_bits = 10,
                        .client_max_window_bits = 9,
                        .client_no_context_takeover = true};
    const DeflateParameters expected{10, 9, false, true};
    CHECK(shake_hands(small, plain).client == expected);
    CHECK(shake_hands(small, plain).server == expected);
    CHECK(shake_hands(plain, small).client == expected);
    CHECK(shake_hands(plain, small).server == expected);
}

TEST_CASE("RFC 7692 §5: without codecs on one side there is no compression") {
    const Deflate plain{.codecs = &codecs()};
    for (const Outcome& outcome : {shake_hands(plain, {}), shake_hands({}, plain)}) {
        CHECK_FALSE(outcome.client);
        CHECK_FALSE(outcome.server);
        CHECK(outcome.error == Error::none);
    }
}

TEST_CASE("RFC 7692 §5: compressed frames may come right behind the head") {
    SampleEntropy entropy;
    const auto client = [&](Entropy& unused) {
        static_cast<void>(unused);
        return Connection::client({.host = "server.example.com"}, deflating(), entropy, Time{});
    };
    const Buffer input =
        to_bytes(good_response().plus("Sec-WebSocket-Extensions", "permessage-deflate").text()) +
        frame(0xC1, "f2 48 cd c9 c9 07 00"_hex);
    CHECK(feed(client, input).events == Lines{"opened ''", "[text 'Hello']"});
}

TEST_CASE("RFC 7692 §5.1: an answer that does not fit fails the client's handshake") {
    SampleEntropy entropy;
    const auto client = [&](Entropy& unused) {
        static_cast<void>(unused);
        return Connection::client({.host = "server.example.com"}, deflating(), entropy, Time{});
    };
    const Buffer input = to_bytes(
        good_response()
            .plus("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=16")
            .text());
    const Heard heard = feed(client, input);
    REQUIRE_FALSE(heard.events.empty());
    CHECK(heard.events.front().starts_with("failed bad_extension"));
}

TEST_CASE("RFC 7692 §5: Negotiation answers for HTTP servers of others") {
    const std::array<Field, 6> fields{
        {{"Host", "server.example.com"},
         {"Upgrade", "websocket"},
         {"Connection", "Upgrade"},
         {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
         {"Sec-WebSocket-Version", "13"},
         {"Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=10"}}};
    Negotiation negotiation({.codecs = &codecs()});
    REQUIRE(negotiation.judge({"GET", "/", "HTTP/1.1", fields}) == Error::none);
    REQUIRE(negotiation.accept() == Error::none);
    CHECK(negotiation.deflate() == DeflateParameters{10, 15, false, false});
    const auto answer =
        std::find_if(negotiation.response().begin(), negotiation.response().end(),
                     [](const Field& field) { return field.name == "Sec-WebSocket-Extensions"; });
    REQUIRE(answer != negotiation.response().end());
    CHECK(answer->value == "permessage-deflate; server_max_window_bits=10");
    // Judged again, it has forgotten.
    REQUIRE(negotiation.judge({"GET", "/", "HTTP/1.1", std::span(fields).first(5)}) == Error::none);
    REQUIRE(negotiation.accept() == Error::none);
    CHECK_FALSE(negotiation.deflate());
}

}  // namespace
}  // namespace wsproof::test
