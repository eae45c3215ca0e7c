// The monitor on frames: each fault it catches, beside the legal peer that comes nearest.
#include <catch2/catch.hpp>

#include "monitor.hpp"
#include "support/bytes.hpp"
#include "support/findings.hpp"

namespace wsproof::conformance::test {

namespace {

// seen_by: what a monitor of `peer` says of these wire bytes.
std::vector<std::string> seen_by(Monitor& monitor, const ByteString& in) {
    wire::FrameReader reader;
    ByteView rest(in);
    while (!rest.empty()) {
        if (const auto frame = reader.next(rest)) {
            monitor.frame(*frame);
        }
    }
    return lines(monitor);
}

std::vector<std::string> seen(const ByteString& in) {
    Monitor monitor;
    return seen_by(monitor, in);
}

ByteString close(std::uint16_t code, std::string_view reason = {}) {
    ByteString body{static_cast<std::byte>(code >> 8), static_cast<std::byte>(code)};
    body = body + to_bytes(reason);
    ByteString out;
    wire::append_frame(out, {.opcode = 8, .payload = body});
    return out;
}

std::vector<std::string> answer(std::uint16_t code, std::string_view reason = {}) {
    return seen(close(code, reason));
}

// echo: what is said of a Close that repeats ours.
std::vector<std::string> echo(const ByteString& frame) {
    Monitor monitor;
    monitor.sent_close(ByteView(frame).subspan(2));
    return seen_by(monitor, frame);
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("Monitor: a server that does all that it may is let pass") {
    CHECK(seen("01 03 48656c"_hex +              // a fragmented echo
               "89 00"_hex + "89 02 6869"_hex +  // Pings between its fragments
               "00 00"_hex +                     // an empty fragment
               "8a 00"_hex +                     // an unsolicited Pong
               "80 02 6c6f"_hex +                // the end
               "02 00"_hex + "80 00"_hex +       // an empty message of empty fragments
               "81 00"_hex + "82 00"_hex +       // empty messages
               close(1001, "bye"))
              .empty());
}

TEST_CASE("Monitor: a server's frame with a mask") {
    const Lines fault{"fail 6455-5.1-4"};
    CHECK(seen("81 80 00000000"_hex) == fault);
    CHECK(seen("89 80 01020304"_hex) == fault);
    CHECK(seen("88 82 00000000 03e8"_hex) == fault);
    CHECK(seen("81 00"_hex).empty());
}

TEST_CASE("Monitor: a client's frame without a mask, and keys that can be guessed") {
    Monitor client(Role::client);
    CHECK(seen_by(client, "81 80 00000000 81 80 9f3c1207"_hex).empty());  // one zero key is legal
    CHECK(seen_by(client, "81 00"_hex) == Lines{"fail 6455-5.1-1"});
    Monitor constant(Role::client);
    CHECK(seen_by(constant, "81 80 01020304 81 80 01020304"_hex) == Lines{"fail 6455-5.3-4"});
}

TEST_CASE("Monitor: reserved bits without an extension") {
    const Lines fault{"fail 6455-5.2-2"};
    CHECK(seen("c1 00"_hex) == fault);
    CHECK(seen("a2 00"_hex) == fault);
    CHECK(seen("9a 00"_hex) == fault);
    CHECK(seen("01 00 c0 00"_hex) == fault);
}

TEST_CASE("Monitor: reserved opcodes") {
    for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
        CAPTURE(opcode);
        CHECK(seen({static_cast<std::byte>(0x80 | opcode), std::byte{0}}) ==
              Lines{"fail 6455-5.8-1"});
    }
}

TEST_CASE("Monitor: lengths longer than they need to be") {
    const auto frame = [](std::size_t size, wire::LengthForm form) {
        const ByteString payload(size);
        ByteString out;
        wire::append_frame(out, {.opcode = 2, .length = form, .payload = payload});
        return seen(out);
    };
    using wire::LengthForm;
    const Lines fault{"fail 6455-5.2-8 A20"};
    CHECK(frame(125, LengthForm::bits16) == fault);
    CHECK(frame(65535, LengthForm::bits64) == fault);
    CHECK(frame(126, LengthForm::bits16).empty());
    CHECK(frame(65536, LengthForm::bits64).empty());
}

TEST_CASE("Monitor: the top bit of a 64-bit length") {
    wire::Frame frame;
    frame.fin = true;
    frame.opcode = 2;
    frame.length = wire::LengthForm::bits64;
    frame.declared = 0x8000000000000000;
    Monitor monitor;
    monitor.frame(frame);
    CHECK(lines(monitor) == Lines{"fail 6455-5.2-7"});
    frame.declared = 0x7FFFFFFFFFFFFFFF;
    Monitor near;
    near.frame(frame);
    CHECK(lines(near).empty());
}

TEST_CASE("Monitor: control frames in fragments, or too large") {
    CHECK(seen("09 00"_hex) == Lines{"fail 6455-5.4-5"});
    CHECK(seen("08 02 03e8"_hex) == Lines{"fail 6455-5.4-5"});
    const auto ping = [](std::size_t size) {
        const ByteString payload(size);
        ByteString out;
        wire::append_frame(out, {.opcode = 9, .payload = payload});
        return seen(out);
    };
    CHECK(ping(126) == Lines{"fail 6455-5.5-1"});
    CHECK(ping(125).empty());
    CHECK(seen("89 7e 0001 61"_hex) == Lines{"fail 6455-5.2-8 A20", "fail 6455-5.5-1"});
}

TEST_CASE("Monitor: continuations and messages out of order") {
    CHECK(seen("80 00"_hex) == Lines{"fail 6455-5.4-1"});
    CHECK(seen("81 00 80 00"_hex) == Lines{"fail 6455-5.4-1"});
    CHECK(seen("01 00 81 00"_hex) == Lines{"fail 6455-5.4-7"});
    CHECK(seen("01 00 02 00"_hex) == Lines{"fail 6455-5.4-7"});
    CHECK(seen("01 00 89 00 80 00 82 00"_hex).empty());
}

TEST_CASE("Monitor: text that is not UTF-8, within a frame and across fragments") {
    const Lines fault{"fail 6455-5.6-1"};
    CHECK(seen("81 01 ff"_hex) == fault);
    CHECK(seen("81 02 c3 28"_hex) == fault);
    CHECK(seen("81 01 c3"_hex) == fault);  // ends inside a character
    CHECK(seen("01 01 c3 80 01 28"_hex) == fault);
    CHECK(seen("01 01 c3 80 00"_hex) == fault);
    CHECK(
        seen("01 01 c3 89 01 ff 80 01 a9"_hex).empty());  // a character cut in two, a Ping between
    CHECK(seen("82 01 ff"_hex).empty());                  // binary is opaque
    CHECK(seen("02 01 ff 80 01 ff"_hex).empty());
    CHECK(seen("01 01 c3 80 01 a9 81 01 61"_hex).empty());
}

TEST_CASE("Monitor: text beyond what the reader keeps is not judged") {
    wire::FrameReader reader(1);
    const ByteString in = "01 02 61c3 80 01 a9 81 01 ff"_hex;
    ByteView rest(in);
    Monitor monitor;
    for (int i = 0; i < 2; ++i) {
        const auto frame = reader.next(rest);
        REQUIRE(frame);
        monitor.frame(*frame);
        CHECK(lines(monitor).empty());
    }
    const auto next = reader.next(rest);
    REQUIRE(next);
    monitor.frame(*next);  // the next message is judged again
    CHECK(lines(monitor) == Lines{"fail 6455-5.6-1"});
}

TEST_CASE("Monitor: a character left open by what was not kept does not spoil the next text") {
    wire::FrameReader reader(1);
    const ByteString in = "01 01 c3 80 02 a962 81 01 61"_hex;
    ByteView rest(in);
    Monitor monitor;
    while (!rest.empty()) {
        if (const auto frame = reader.next(rest)) {
            monitor.frame(*frame);
        }
    }
    CHECK(lines(monitor).empty());
}

TEST_CASE("Monitor: Close codes that may never be sent") {
    CHECK(answer(0) == Lines{"fail 6455-7.4.2-1 A12"});
    CHECK(answer(999) == Lines{"fail 6455-7.4.2-1 A12"});
    CHECK(answer(1005) == Lines{"fail 6455-7.4.1-7 A12"});
    CHECK(answer(1006) == Lines{"fail 6455-7.4.1-8 A12"});
    CHECK(answer(1015) == Lines{"fail 6455-7.4.1-15 A12"});
    CHECK(echo(close(1005)) == Lines{"fail 6455-7.4.1-7 A12"});  // an echo sends it too
}

TEST_CASE("Monitor: Close codes without a meaning, unless they echo ours") {
    CHECK(answer(1004) == Lines{"non-strict 6455-7.4.1-6 A12"});
    for (const std::uint16_t code : std::initializer_list<std::uint16_t>{1016, 1100, 2999}) {
        CHECK(answer(code) == Lines{"non-strict 6455-7.4.2-2 A12"});
        CHECK(echo(close(code)).empty());
    }
    CHECK(answer(5000) == Lines{"non-strict 6455-7.4.2-5 A12"});
    CHECK(answer(65535) == Lines{"non-strict 6455-7.4.2-5 A12"});
    CHECK(echo(close(65535)).empty());
    CHECK(answer(1010) == Lines{"non-strict 6455-7.4.1-13"});
    CHECK(echo(close(1010)).empty());
    Monitor client(Role::client);
    CHECK(seen_by(client, "88 82 00000000 03f2"_hex).empty());  // 1010 is for clients
}

TEST_CASE("Monitor: every Close that may be sent") {
    CHECK(seen("88 00"_hex).empty());
    for (const std::uint16_t code :
         std::initializer_list<std::uint16_t>{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012,
                                              1013, 1014, 3000, 3999, 4000, 4999}) {
        CAPTURE(code);
        CHECK(answer(code).empty());
    }
    CHECK(answer(1000, std::string(123, 'r')).empty());
    CHECK(answer(1000, "caf\u00e9").empty());
}

TEST_CASE("Monitor: a Close body of one byte") {
    CHECK(seen("88 01 03"_hex) == Lines{"fail 6455-5.5.1-2"});
}

TEST_CASE("Monitor: a Close reason that is not UTF-8, and the echo of ours") {
    CHECK(answer(1000, "\xFF") == Lines{"fail 6455-8.1-2 A15"});
    CHECK(echo(close(1000, "\xFF")) == Lines{"non-strict 6455-8.1-2 A15"});
    Monitor monitor;
    monitor.sent_close(to_bytes("\x03\xE8good"));
    CHECK(seen_by(monitor, close(1000, "\xFF")) == Lines{"fail 6455-8.1-2 A15"});
    Monitor second;  // our first Close counts
    second.sent_close(to_bytes("\x03\xE8good"));
    second.sent_close(to_bytes("\x03\xE8\xFF"));
    CHECK(seen_by(second, close(1000, "\xFF")) == Lines{"fail 6455-8.1-2 A15"});
}

TEST_CASE("Monitor: what follows the peer's own Close") {
    CHECK(seen(close(1000) + "81 00"_hex) == Lines{"fail 6455-5.5.1-6 A26"});
    CHECK(seen("01 00"_hex + close(1000) + "80 00"_hex) == Lines{"fail 6455-5.5.1-6 A26"});
    CHECK(seen(close(1000) + close(1000)) == Lines{"non-strict 6455-5.5.1-17 A26"});
    CHECK(seen(close(1000) + "8a 00"_hex) == Lines{"info 6455-5.5.1-12 A26"});
    CHECK(seen("81 00 8a 00"_hex + close(1000)).empty());
    CHECK(seen("01 00"_hex + close(1000)).empty());  // a message left unfinished
}

TEST_CASE("Monitor: a row is reported once, with the worst of it") {
    CHECK(seen("81 80 00000000 81 80 00000000"_hex).size() == 1);
    Monitor monitor;
    monitor.sent_close(to_bytes("\x03\xE8\xFF"));
    CHECK(seen_by(monitor, close(1000, "\xFF") + close(1000, "\xFE")) ==
          Lines{"fail 6455-8.1-2 A15", "non-strict 6455-5.5.1-17 A26"});
}

TEST_CASE("Frames in words") {
    const auto words = [](const ByteString& in) {
        wire::FrameReader reader;
        ByteView rest(in);
        return describe(*reader.next(rest));
    };
    CHECK(words("81 01 61"_hex) == "Text 1 byte");
    CHECK(words("52 00"_hex) == "Binary without FIN RSV1 RSV3 0 bytes");
    CHECK(words("89 fe 0000 01020304"_hex) ==
          "Ping masked with a length that is not minimal 0 bytes");
    CHECK(words("83 00"_hex) == "opcode 3 0 bytes");
}

}  // namespace wsproof::conformance::test
