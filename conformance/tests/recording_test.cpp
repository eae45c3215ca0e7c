// What a recorded connection becomes: the steps of a scenario.
#include "recording.hpp"

#include <catch2/catch.hpp>

#include "payload.hpp"
#include "payload_spelling.hpp"
#include "recording_scenario.hpp"
#include "support/bytes.hpp"
#include "wire/digest.hpp"

namespace wsproof::conformance::test {

namespace {

constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";

// Line is a connection that a test speaks on; frames of the client are masked with keys of their
// own.
class Line {
  public:
    explicit Line(const std::string& fields = "", const std::string& target = "/") {
        const ByteString head =
            to_bytes("GET " + target +
                     " HTTP/1.1\r\nHost: here:1\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Key: " +
                     std::string(kKey) + "\r\nSec-WebSocket-Version: 13\r\n" + fields + "\r\n");
        ByteView rest(head);
        wire::HttpRequestReader reader;
        recording.request(reader.next(rest).value());
    }

    Line& answer(const std::string& fields = "") {
        return server(
            to_bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
                     wire::accept_key(kKey) + "\r\n" + fields + "\r\n"));
    }
    Line& server(const ByteString& bytes) {
        recording.take(Role::server, bytes, now);
        return *this;
    }
    Line& server(std::uint8_t opcode, std::string_view text) {
        const ByteString payload = to_bytes(text);
        ByteString out;
        wire::append_frame(out, {.opcode = opcode, .payload = payload});
        return server(out);
    }
    Line& client(wire::RawFrame frame, std::string_view text) {
        const ByteString payload = to_bytes(text);
        frame.payload = payload;
        ++frames_;
        frame.key = wire::Key{std::byte{0x5a}, static_cast<std::byte>(frames_ * 37),
                              static_cast<std::byte>(frames_ * 101), std::byte{0x13}};
        ByteString out;
        wire::append_frame(out, frame);
        recording.take(Role::client, out, now);
        return *this;
    }
    Line& client(std::uint8_t opcode, std::string_view text) {
        return client(wire::RawFrame{.opcode = opcode}, text);
    }
    Line& after(double ms) {
        now += ms;
        return *this;
    }

    Json steps(const RecordingOptions& options = {}) const {
        const Recording* one[] = {&recording};
        const Json suite = suite_of(one, "/", options);
        return suite["scenarios"].empty() ? Json() : suite["scenarios"][0]["steps"];
    }
    // said: the steps behind the opening handshake, without the rows that they cite.
    Json said(const RecordingOptions& options = {}) const {
        Json steps = this->steps(options);
        steps.erase(0);
        steps.erase(0);
        for (Json& step : steps) {
            step.erase("requires");
        }
        return steps;
    }

    std::atomic<std::int64_t> room{1 << 20};
    Recording recording{room};
    double now = 0;

  private:
    unsigned frames_ = 0;
};

Json json(const char* text) {
    return Json::parse(text);
}

void check_spelling(const ByteString& bytes, const Json& wanted) {
    const Json spelt = Json::parse(spelling_of(bytes).dump());
    CHECK(spelt == wanted);
    CHECK(make_payload({.recipe = nlohmann::json::parse(spelt.dump())}, 1) == bytes);
}

}  // namespace

TEST_CASE("Spelling: text as text, what repeats itself as a recipe, else hex") {
    check_spelling({}, "");
    check_spelling(to_bytes("Gr\u00fc\u00dfe\n"), "Gr\u00fc\u00dfe\n");
    check_spelling("ff00"_hex, json(R"({"hex": "ff00"})"));
    check_spelling(to_bytes("a ${name} b"), json(R"({"hex": "6120247b6e616d657d2062"})"));
    check_spelling(to_bytes(std::string(65, 'x')), json(R"({"fill": "x", "size": 65})"));
    check_spelling(to_bytes(std::string(64, 'x')), std::string(64, 'x'));
    check_spelling(ByteString(100, std::byte{0}), json(R"({"repeat": "\u0000", "times": 100})"));
    std::string text;
    for (int i = 0; i < 33; ++i) {
        text += "abc";
    }
    check_spelling(to_bytes(text), json(R"({"repeat": "abc", "times": 33})"));
    check_spelling(to_bytes(text + "ab"),
                   json(R"({"concat": [{"repeat": "abc", "times": 33}, "ab"]})"));
}

TEST_CASE("Recording: a message, its answer, and a close by the client") {
    Line line;
    line.answer().client(1, "hi").server(1, "hi").client(8, "\x03\xe8").server(8, "\x03\xe8");
    line.recording.ended(Role::server, false);
    CHECK(line.said() == json(R"([
        {"send": {"message": "text", "payload": "hi"}},
        {"expect": {"message": "text", "payload": "hi"}},
        {"send": {"frame": "close", "code": 1000}},
        {"expect": {"close": 1000}},
        {"expect": {"eof": true}}])"));
    CHECK(line.steps()[0] == json(R"({"request": {}})"));
    CHECK(line.steps()[1] == json(R"({"expect": {"opened": true}, "requires": "6455-4.2.2-17"})"));
}

TEST_CASE("Recording: bytes may come in any pieces") {
    const ByteString said = "81 02 6869"_hex + "01 01 61"_hex + "89 00"_hex + "80 01 62"_hex;
    for_each_cut(said, [](const std::vector<ByteView>& pieces) {
        Line line;
        line.answer();
        for (const ByteView piece : pieces) {
            line.recording.take(Role::server, piece, 0);
        }
        CHECK(line.recording.said().size() == 3);
        CHECK(line.said({.in_order = true}) ==
              json(R"([{"expect": {"message": "text", "payload": "hi"}},
                       {"expect": {"message": "text", "payload": "ab"}}])"));
    });
}

TEST_CASE("Recording: what the client asks for beyond what a player would is part of the request") {
    Line line("Origin: http://a\r\nSec-WebSocket-Protocol: a, b\r\nX: 1\r\nX: 2\r\n", "/chat?x=1");
    line.answer("Sec-WebSocket-Protocol: b\r\n");
    CHECK(line.steps()[0] == json(R"({"request": {"target": "/chat?x=1",
        "set": {"Origin": "http://a", "Sec-WebSocket-Protocol": "a, b", "X": "1"}, "add": [["X", "2"]]}})"));
    CHECK(line.steps()[1]["expect"] ==
          json(R"({"opened": {"headers": {"Sec-WebSocket-Protocol": {"is": "b"}}}})"));
}

TEST_CASE("Recording: a refusal is expected again") {
    Line line;
    line.server(to_bytes("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
    line.recording.ended(Role::server, false);
    CHECK(line.steps()[1]["expect"] == json(R"({"refused": {"status": [403]}})"));
    CHECK(line.said().empty());
}

TEST_CASE("Recording: a connection without an answer that was interrupted is none") {
    Line line;
    line.recording.stop("it was interrupted");
    CHECK(line.steps().is_null());
}

TEST_CASE("Recording: compressed messages are kept as what they held") {
    Line line("Sec-WebSocket-Extensions: permessage-deflate\r\n");
    line.answer("Sec-WebSocket-Extensions: permessage-deflate\r\n");
    const std::string hello = "\xf2\x48\xcd\xc9\xc9\x07";  // RFC 7692 §7.2.3.1
    line.client(wire::RawFrame{.rsv = 4}, hello + std::string(1, '\0'));
    line.server("c1 07 f248cdc9c90700"_hex).server("c1 05 f200110000"_hex);  // §7.2.3.2
    CHECK(line.said({.in_order = true}) == json(R"([
        {"send": {"message": "text", "payload": "Hello", "compress": true}},
        {"expect": {"message": "text", "payload": "Hello"}},
        {"expect": {"message": "text", "payload": "Hello"}}])"));
    CHECK(line.steps()[0] == json(R"({"request": {"extensions": ["permessage-deflate"]}})"));
    CHECK(line.steps()[1]["expect"] == json(R"({"opened": {"deflate": true}})"));
}

TEST_CASE("Recording: the client's fragments are kept by size") {
    Line line;
    line.answer().client({.fin = false, .opcode = 2}, "abc").client({.opcode = 0}, "d");
    line.client({.fin = false, .opcode = 1}, "ab").client({.fin = false, .opcode = 0}, "ab");
    line.client({.opcode = 0}, "c").server(1, "ok");
    CHECK(line.said()[0] == json(R"({"send": [
        {"message": "binary", "payload": "abcd", "fragment_size": 3},
        {"message": "text", "payload": "ababc", "fragment_size": 2}]})"));
    Line other;
    other.answer().client({.fin = false, .opcode = 1}, "a").client({.opcode = 0}, "bcd");
    other.server(1, "ok");
    CHECK(other.said()[0]["send"]["fragments"] == json("[1]"));
}

TEST_CASE("Recording: where the server says more than it was asked, the order is left open") {
    Line line;
    line.answer().client(1, "a").server(1, "news").server(1, "a").client(1, "b").server(1, "b");
    CHECK(line.said() == json(R"([
        {"send": {"message": "text", "payload": "a"}},
        {"expect": {"unordered": [{"message": "text", "payload": "news"},
                                  {"message": "text", "payload": "a"}]}},
        {"send": {"message": "text", "payload": "b"}},
        {"expect": {"message": "text", "payload": "b"}}])"));
    CHECK(line.said({.in_order = true})[1] ==
          json(R"({"expect": {"message": "text", "payload": "news"}})"));
}

TEST_CASE("Recording: answers to as many questions keep their order") {
    Line line;
    line.answer().client(1, "a").client(2, "b").server(1, "a").server(2, "b");
    CHECK(line.said() == json(R"([
        {"send": [{"message": "text", "payload": "a"}, {"message": "binary", "payload": "b"}]},
        {"expect": {"message": "text", "payload": "a"}},
        {"expect": {"message": "binary", "payload": "b"}}])"));
}

TEST_CASE("Recording: a Pong is expected where its Ping was sent") {
    Line line;
    line.answer().client(9, "p").client(1, "a").server(1, "a").client(1, "b").server(10, "p");
    line.server(1, "b");
    CHECK(line.said() == json(R"([
        {"send": [{"frame": "ping", "payload": "p"}, {"message": "text", "payload": "a"}]},
        {"expect": {"unordered": [{"pong": "p"}, {"message": "text", "payload": "a"}]}},
        {"send": {"message": "text", "payload": "b"}},
        {"expect": {"message": "text", "payload": "b"}}])"));
    Line two;
    two.answer().client(9, "p").client(9, "q").server(10, "p").server(10, "q");
    CHECK(two.said()[1] == json(R"({"expect": {"pongs": ["p", "q"]}})"));
}

TEST_CASE("Recording: the client's Pongs are the player's own, unless nothing asked for them") {
    Line line;
    line.answer().server(9, "x").client(10, "x").client(10, "y").client(1, "a").server(1, "a");
    CHECK(line.said()[0] == json(R"({"send": [{"frame": "pong", "payload": "y"},
                                              {"message": "text", "payload": "a"}]})"));
}

TEST_CASE("Recording: messages that cross the client's Close come before it") {
    Line line;
    line.answer().client(1, "a").client(8, "").server(1, "a").server(8, "");
    CHECK(line.said() == json(R"([
        {"send": {"message": "text", "payload": "a"}},
        {"expect": {"message": "text", "payload": "a"}},
        {"send": {"frame": "close"}},
        {"expect": {"close": "empty"}}])"));
}

TEST_CASE("Recording: a close by the server, with a reason") {
    Line line;
    line.answer()
        .server(8,
                "\x03\xe9"
                "bye")
        .client(8,
                "\x03\xe9"
                "bye");
    line.recording.ended(Role::client, false);
    CHECK(line.said() == json(R"([{"expect": {"close": 1001}},
        {"send": {"frame": "close", "code": 1001, "reason": "bye"}}])"));
}

TEST_CASE("Recording: a client that goes without a word") {
    Line line;
    line.answer();
    line.recording.ended(Role::client, false);
    CHECK(line.said() == json(R"([{"drop": true}])"));
    Line reset;
    reset.answer();
    reset.recording.ended(Role::client, true);
    CHECK(reset.said() == json(R"([{"reset": true}])"));
}

TEST_CASE("Recording: what breaks the RFC is the client's last word, as it was") {
    Line line;
    line.answer().client({.fin = false, .opcode = 1}, "ab").client(1, "c").client(1, "d");
    line.server(8, "\x03\xea");
    line.recording.ended(Role::server, false);
    CHECK(line.said() == json(R"([
        {"send": [{"frame": 1, "fin": false, "rsv": 0, "payload": "ab"},
                  {"frame": 1, "fin": true, "payload": "c", "offence": true}]},
        {"expect": {"failure": [1002]}}])"));
}

TEST_CASE("Recording: what comes late is waited for") {
    Line line;
    line.answer().client(1, "a").server(1, "a").after(25'000).server(1, "tick");
    line.after(9'000).client(1, "b").after(10).server(1, "b");
    CHECK(line.said({.in_order = true}) == json(R"([
        {"send": {"message": "text", "payload": "a"}},
        {"expect": {"message": "text", "payload": "a"}},
        {"pause_ms": 20000}, {"pause_ms": 4000},
        {"expect": {"message": "text", "payload": "tick"}},
        {"send": {"message": "text", "payload": "b"}},
        {"expect": {"message": "text", "payload": "b"}}])"));
}

TEST_CASE("Recording: questions whose answers were not waited for are left out") {
    Line line;
    line.answer().client(1, "a").server(1, "a").client(1, "b");
    line.recording.stop("it was interrupted");
    CHECK(line.said().size() == 2);
}

TEST_CASE("Recording: its memory is bounded") {
    Line line;
    line.room = 2'000;
    line.answer();
    for (int i = 0; i < 1'000; ++i) {
        line.client(1, "a").server(1, "a");
    }
    CHECK(line.recording.said().size() < 20);
    CHECK(line.recording.stopped().starts_with("no more than"));
    Line large;
    large.answer().server("82 7f 0000000001000001"_hex);
    large.server(ByteString(std::size_t{16} << 20)).server("00"_hex);
    CHECK(large.recording.stopped() == "a frame of 16777217 bytes is more than is kept");
}

}  // namespace wsproof::conformance::test
