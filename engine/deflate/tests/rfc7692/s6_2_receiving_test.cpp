// RFC 7692 §6 and §7.2.2: messages that come compressed.
#include "support/deflated_connection.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("RFC 7692 §7.2.3: the examples say Hello") {
    const auto role = GENERATE(Role::client, Role::server);
    const auto message = GENERATE(
        // §7.2.3.1 one block; its fragments; §7.2.3.3 stored; §7.2.3.4 BFINAL; §7.2.3.5 two blocks
        "c1 07 f2 48 cd c9 c9 07 00"_hex, "41 03 f2 48 cd 80 04 c9 c9 07 00"_hex,
        "c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00"_hex, "c1 08 f3 48 cd c9 c9 07 00 00"_hex,
        "c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00"_hex);
    Buffer bytes = message;
    bytes[0] |= std::byte{0x40};
    Buffer input;
    if (to_hex(Bytes(bytes).first(2)) == "41 03") {
        input = to(role, Buffer(bytes.begin(), bytes.begin() + 5)) +
                to(role, Buffer(bytes.begin() + 5, bytes.end()));
    } else {
        input = to(role, bytes);
    }
    const Heard heard = feed(agreed(role), input);
    CHECK(heard.events == Lines{"[text 'Hello']"});
    CHECK(heard.state == State::open);
}

TEST_CASE("RFC 7692 §7.2.3.2: a second message refers to the first") {
    const auto role = GENERATE(Role::client, Role::server);
    const Buffer input = to(role, frame(0xC1, "f2 48 cd c9 c9 07 00"_hex)) +
                         to(role, frame(0xC1, "f2 00 11 00 00"_hex));
    const auto twice = Lines{"[text 'Hello']", "[text 'Hello']"};
    CHECK(feed(agreed(role), input).events == twice);
    // Without context takeover there is no first.
    DeflateParameters alone;
    (role == Role::client ? alone.server_no_context_takeover : alone.client_no_context_takeover) =
        true;
    const Heard heard = feed(agreed(role, alone), input);
    CHECK(heard.events.back().starts_with("failed bad_deflate"));
    CHECK(says_close(heard, role, 1007));
}

TEST_CASE("RFC 7692 §7.2.3: uncompressed messages in between leave the window alone") {
    const Buffer input = frame(0xC1, "f2 48 cd c9 c9 07 00"_hex) + "81 02 6e 6f"_hex +
                         frame(0xC1, "f2 00 11 00 00"_hex);
    CHECK(feed(agreed(Role::client), input).events ==
          Lines{"[text 'Hello']", "[text 'no']", "[text 'Hello']"});
}

TEST_CASE("RFC 7692 §6.1: fragments cut anywhere, with control frames in between") {
    const auto role = GENERATE(Role::client, Role::server);
    const Buffer payload = compressed(to_bytes("a text, and a text"));
    for (std::size_t cut = 0; cut <= payload.size(); ++cut) {
        const auto middle = payload.begin() + static_cast<std::ptrdiff_t>(cut);
        const Buffer input = to(role, frame(0x41, {payload.begin(), middle})) +
                             to(role, "89 01 70"_hex) + to(role, "00 00"_hex) +
                             to(role, frame(0x80, {middle, payload.end()}));
        const auto heard = feed(agreed(role), input);
        INFO("cut at " << cut);
        std::string text;
        for (const std::string& line : heard.events) {
            text += line;
        }
        CHECK(text.find("ping 'p'") != std::string::npos);
        CHECK(heard.state == State::open);
    }
}

TEST_CASE("RFC 7692 §7.2.3.6: a message without bytes, and one without even its block") {
    const auto payload = GENERATE(""_hex, "00"_hex, "02 00"_hex);
    const Buffer input = frame(0xC1, payload) + frame(0xC1, "f2 48 cd c9 c9 07 00"_hex) +
                         frame(0xC1, payload) + frame(0xC1, "f2 00 11 00 00"_hex);
    CHECK(feed(agreed(Role::client), input).events ==
          Lines{"[text '']", "[text 'Hello']", "[text '']", "[text 'Hello']"});
}

TEST_CASE("RFC 7692 §7.2.3.4: BFINAL ends a block, not a message") {
    // Also without the empty block that should follow it, and with another block in its place.
    CHECK(feed(agreed(Role::client),
               frame(0xC1, "f3 48 cd c9 c9 07 00"_hex) + frame(0xC1, "f2 00 11 00 00"_hex))
              .events == Lines{"[text 'Hello']", "[text 'Hello']"});
    CHECK(
        feed(agreed(Role::client), frame(0xC1, "f3 48 cd c9 c9 07 00 f2 00 11 00 00"_hex)).events ==
        Lines{"[text 'HelloHello']"});
}

TEST_CASE("RFC 7692 §6: RSV1 is for the first frame of a message, and only if agreed") {
    const auto role = GENERATE(Role::client, Role::server);
    const auto offence = GENERATE("c9 00"_hex, "ca 00"_hex, "c8 00"_hex, "a1 00"_hex, "91 00"_hex);
    const Heard heard = feed(agreed(role), to(role, offence));
    CHECK(heard.events == Lines{"failed reserved_bits at 2"});
    CHECK(says_close(heard, role, 1002));
    const Heard later = feed(agreed(role), to(role, "41 00"_hex) + to(role, "c0 01 00"_hex));
    CHECK(later.events.back().starts_with("failed reserved_bits"));
    const Heard plain = feed(opened(role), to(role, frame(0xC1, "00"_hex)));
    CHECK(plain.events == Lines{"failed reserved_bits at 2"});
}

TEST_CASE("RFC 7692 §7.2.2: what does not inflate fails the connection with 1007") {
    const auto role = GENERATE(Role::client, Role::server);
    const auto payload = GENERATE("06"_hex, "00 05 00 00 00"_hex, "02 5e 00 00"_hex,
                                  "f2 48 cd"_hex,            // ends within a block
                                  "f2 48 cd c9 c9 07"_hex);  // no block for the tail to end
    const Heard heard = feed(agreed(role), to(role, frame(0xC2, payload)));
    REQUIRE_FALSE(heard.events.empty());
    CHECK(heard.events.back() ==
          "failed bad_deflate at " + std::to_string(role == Role::server ? 6 : 2));
    CHECK(says_close(heard, role, 1007));
}

TEST_CASE("RFC 7692 §6.2, RFC 6455 §8.1: text is judged as it inflates") {
    const auto role = GENERATE(Role::client, Role::server);
    const auto judge = [&](const Buffer& text) {
        return feed(agreed(role), to(role, frame(0xC1, compressed(text))));
    };
    const std::string at = " at " + std::to_string(role == Role::server ? 6 : 2);
    CHECK(judge("e2 82 ac"_hex).events == Lines{"[text '\xe2\x82\xac']"});
    CHECK(judge("61 ff 62"_hex).events == Lines{"[text 'a'", "failed invalid_utf8" + at});
    CHECK(judge("61 e2 82"_hex).events == Lines{"[text 'a\xe2\x82'", "failed invalid_utf8" + at});
    CHECK(says_close(judge("ff"_hex), role, 1007));
    // Cut inside a character, in two fragments.
    const Buffer payload = compressed("f0 9f 98 80"_hex);
    const auto middle = payload.begin() + 3;
    CHECK(feed(agreed(role), to(role, frame(0x41, {payload.begin(), middle})) +
                                 to(role, frame(0x80, {middle, payload.end()})))
              .events == Lines{"[text '\xf0\x9f\x98\x80']"});
}

TEST_CASE("RFC 7692 §8, RFC 6455 §10.4: the limit counts what a message inflates to") {
    const auto role = GENERATE(Role::client, Role::server);
    const std::size_t chunk = GENERATE(std::size_t{1}, std::size_t{100}, std::size_t{16384});
    Options options;
    options.limits.message = 1000;
    options.limits.inflate_chunk = chunk;
    const auto judge = [&](std::size_t size, int level) {
        const Buffer payload = compressed(Buffer(size, std::byte{'x'}), {.level = level});
        return feed(agreed(role, {}, options), to(role, frame(0xC2, payload)));
    };
    for (const int level : {0, 6}) {  // stored, the wire has more bytes than the message
        const Heard exact = judge(1000, level);
        CHECK(exact.events.size() == 1);
        CHECK(exact.state == State::open);
        const Heard above = judge(1001, level);
        CHECK(above.events.back().starts_with("failed message_too_big"));
        CHECK(says_close(above, role, 1009));
    }
    const Heard bomb = judge(10'000'000, 9);
    CHECK(bomb.events.back().starts_with("failed message_too_big"));
    CHECK(bomb.events.front().size() < 3100);  // "binary", and 1000 bytes in hex
}

TEST_CASE("RFC 7692 §8: the limit holds for each message anew, and over fragments") {
    Options options;
    options.limits.message = 5;
    const Buffer hello = "f2 48 cd c9 c9 07 00"_hex;
    CHECK(feed(agreed(Role::client, {}, options), frame(0xC1, hello) + frame(0xC1, hello)).events ==
          Lines{"[text 'Hello']", "[text 'Hello']"});
    const Heard heard =
        feed(agreed(Role::client, {}, options),
             frame(0x41, deflated(to_bytes("Hel"))) + frame(0x80, compressed(to_bytes("lo!"))));
    CHECK(heard.events.back().starts_with("failed message_too_big"));
}

TEST_CASE("inflate: no piece is longer than Limits::inflate_chunk") {
    FakeEntropy entropy;
    Options options;
    options.limits.inflate_chunk = 1000;
    Connection connection = agreed(Role::client, {}, options)(entropy);
    Buffer bytes = frame(0xC2, compressed(Buffer(100'500, std::byte{'x'})));
    MutableBytes in(bytes);
    std::size_t size = 0;
    std::size_t pieces = 0;
    while (const auto event = connection.next(in)) {
        const auto* piece = std::get_if<MessageData>(&*event);
        REQUIRE(piece != nullptr);
        CHECK(piece->payload.size() <= 1000);
        CHECK(piece->first == (pieces == 0));
        size += piece->payload.size();
        CHECK(piece->last == (size == 100'500));
        ++pieces;
    }
    CHECK(size == 100'500);
    CHECK(in.empty());
}

TEST_CASE("inflate: a connection that goes on elsewhere keeps what it was not asked for yet") {
    // The owner moves the rest of the input between two calls, as a ring of buffers does.
    FakeEntropy entropy;
    Options options;
    options.limits.inflate_chunk = 7;
    Connection connection = agreed(Role::server, {}, options)(entropy);
    const Buffer text = random_bytes(5000, 8);
    Buffer bytes = to(Role::server, frame(0xC2, compressed(text)));
    Buffer heard;
    for (bool is_more = true; is_more;) {
        MutableBytes in(bytes);
        const auto event = connection.next(in);
        is_more = event.has_value();
        if (is_more) {
            const auto& piece = std::get<MessageData>(*event);
            heard.insert(heard.end(), piece.payload.begin(), piece.payload.end());
        }
        bytes = Buffer(in.begin(), in.end());
    }
    CHECK(heard == text);
}

}  // namespace
}  // namespace wsproof::test
