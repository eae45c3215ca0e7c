#include "wire/http_response.hpp"

#include "support/bytes.hpp"

namespace wsproof::conformance::test {

namespace {

using wire::HttpResponse;
using wire::HttpResponseReader;

// read_head: the first response of `text`, the same under every cut.
HttpResponse read_head(const std::string& text) {
    std::optional<HttpResponse> first;
    for_each_cut(to_bytes(text), [&](const std::vector<ByteView>& pieces) {
        HttpResponseReader reader;
        std::optional<HttpResponse> response;
        for (ByteView piece : pieces) {
            if (!response) {
                response = reader.next(piece);
            }
        }
        REQUIRE(response);
        if (first) {
            REQUIRE(response->head == first->head);
            REQUIRE(response->deviations == first->deviations);
            REQUIRE(response->fields.size() == first->fields.size());
        }
        first = std::move(response);
    });
    return *first;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("HTTP: a response by the grammar has no deviation") {
    const HttpResponse response = read_head(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nX-A:\t 1, 2 \r\nx-a:3\r\n\r\n");
    CHECK(response.deviations.empty());
    CHECK(response.status == 101);
    CHECK(response.version == "HTTP/1.1");
    CHECK(response.start_line == "HTTP/1.1 101 Switching Protocols");
    REQUIRE(response.fields.size() == 3);
    CHECK(response.fields[1].name == "X-A");
    CHECK(response.fields[1].value == "1, 2");
    CHECK(response.values("X-a").size() == 2);
    CHECK(response.values("X-a").back() == "3");
    CHECK(response.values("upgrade").front() == "websocket");
    CHECK(response.values("absent").empty());
}

TEST_CASE("HTTP: odd versions and empty reasons are read") {
    CHECK(read_head("HTTP/1.0 404 \r\n\r\n").status == 404);
    CHECK(read_head("HTTP/2 200\r\n\r\n").version == "HTTP/2");
    CHECK(read_head("HTTP/1.1 101\r\n\r\n").status == 101);
    CHECK(read_head("HTTP/1.1 101\r\n\r\n").deviations.empty());
}

TEST_CASE("HTTP: each deviation is noted with its line") {
    const auto deviations = [](const std::string& text) { return read_head(text).deviations; };
    const std::string ok = "HTTP/1.1 101 x\r\n";
    CHECK(deviations("HTTP/1.1 101 x\nA: b\r\n\r\n") == Texts{"line 1: ends without CR"});
    CHECK(deviations(ok + "A: b\r\n\n") == Texts{"line 3: ends without CR"});
    CHECK(deviations(ok + "A : b\r\n\r\n") == Texts{"line 2: blanks before the colon of A"});
    CHECK(deviations(ok + "A: b\r\n c\r\n\r\n") ==
          Texts{"line 3: folded (obsolete since RFC 7230)"});
    CHECK(deviations(ok + "nothing\r\n\r\n") == Texts{"line 2: no header field: \"nothing\""});
    CHECK(deviations(ok + "a b: c\r\n\r\n") == Texts{"line 2: no header field: \"a b: c\""});
    CHECK(deviations(ok + ": c\r\n\r\n") == Texts{"line 2: no header field: \": c\""});
    CHECK(deviations(ok + "A: b\rc\r\n\r\n") == Texts{"line 2: a control character"});
    CHECK(deviations(ok + std::string("A: \0b\r\n\r\n", 9)) ==
          Texts{"line 2: a control character"});
    CHECK(deviations("HTTP/1.1 1x1 x\r\n\r\n") ==
          Texts{"line 1: the status code is not three digits"});
    CHECK(deviations("HTTP/1.1 1010 x\r\n\r\n") ==
          Texts{"line 1: the status code is not three digits"});
    CHECK(deviations("HTTP/1.1  101 x\r\n\r\n") ==
          Texts{"line 1: the status code is not three digits"});
    CHECK(deviations("HTTP/1.1\r\n\r\n") == Texts{"line 1: not a status line"});
}

TEST_CASE("HTTP: near misses are no deviations") {
    const auto deviations = [](const std::string& field) {
        return read_head("HTTP/1.1 101 \xE9\t!\r\n" + field + "\r\n\r\n").deviations;
    };
    CHECK(deviations("A:").empty());
    CHECK(deviations("A:b").empty());
    CHECK(deviations("!#$%&'*+-.^_`|~09aZ: b").empty());
    CHECK(deviations("A: b\tc").empty());
    CHECK(deviations("A: caf\xC3\xA9").empty());  // obs-text
    CHECK(deviations("A: : \"").empty());
}

TEST_CASE("HTTP: a folded line continues the value") {
    const HttpResponse response = read_head("HTTP/1.1 101 x\r\nA: b\r\n\tc \r\n\r\n");
    CHECK(response.values("A").front() == "b c");
}

TEST_CASE("HTTP: the notes on a hostile head are bounded") {
    std::string text = "HTTP/1.1 101 x\n";
    for (int i = 0; i < 100; ++i) {
        text += "?\n";
    }
    HttpResponseReader reader;
    const ByteString bytes = to_bytes(text + "\n");
    ByteView in(bytes);
    const auto response = reader.next(in);
    REQUIRE(response);
    CHECK(response->deviations.size() == 16);
}

TEST_CASE("HTTP: what follows the head is left alone, and the next head is read afresh") {
    const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
    const std::string final = "HTTP/1.1 101 x\r\nA: b\r\n\r\n";
    for_each_cut(to_bytes(interim + final + "\x81\x01"), [&](const std::vector<ByteView>& pieces) {
        HttpResponseReader reader;
        std::vector<HttpResponse> responses;
        std::size_t left = 0;
        for (ByteView piece : pieces) {
            while (!piece.empty() && responses.size() < 2) {
                if (auto response = reader.next(piece)) {
                    responses.push_back(std::move(*response));
                }
            }
            left += piece.size();
        }
        REQUIRE(responses.size() == 2);
        REQUIRE(to_text(responses[0].head) == interim);
        REQUIRE(to_text(responses[1].head) == final);
        REQUIRE(responses[1].deviations.empty());
        REQUIRE(left == 2);
    });
}

TEST_CASE("HTTP: what is no HTTP is known at the first octet that differs") {
    const auto is_hopeless = [](const std::string& text) {
        HttpResponseReader reader;
        const ByteString bytes = to_bytes(text);
        ByteView in(bytes);
        static_cast<void>(reader.next(in));
        return reader.is_hopeless();
    };
    CHECK_FALSE(is_hopeless(""));
    CHECK_FALSE(is_hopeless("HTT"));
    CHECK_FALSE(is_hopeless("HTTP/1.1 101 x\r\nA: b\r\n"));
    CHECK(is_hopeless("SSH-2.0"));
    CHECK(is_hopeless("HTTX"));
    CHECK(is_hopeless("\x81\x05Hello"));
}

TEST_CASE("HTTP: a head without end is given up at 256 KiB") {
    HttpResponseReader reader;
    const ByteString bytes = to_bytes("HTTP/1.1 101 x\r\nA: " + std::string(300 << 10, 'a'));
    ByteView in(bytes);
    CHECK_FALSE(reader.next(in));
    CHECK(reader.is_hopeless());
    CHECK(reader.received().size() == wire::HeadReader::kHeadMax);
    CHECK_FALSE(in.empty());
}

TEST_CASE("Lists: elements, empty ones and quoted commas") {
    using Views = std::vector<std::string_view>;
    CHECK(wire::tokens_of("").empty());
    CHECK(wire::tokens_of(" , ,").empty());
    CHECK(wire::tokens_of("a") == Views{"a"});
    CHECK(wire::tokens_of(" keep-alive ,\tUpgrade, ") == Views{"keep-alive", "Upgrade"});
    CHECK(wire::tokens_of("x; a=\"b,c\", y") == Views{"x; a=\"b,c\"", "y"});
    CHECK(wire::tokens_of("x; a=\"b\\\",c\", y") == Views{"x; a=\"b\\\",c\"", "y"});
    CHECK(wire::tokens_of("x; a=\"b, c") == Views{"x; a=\"b, c"});
    CHECK(wire::tokens_of("\"\\") == Views{"\"\\"});
}

TEST_CASE("Tokens, case and blanks") {
    CHECK(wire::is_token("permessage-deflate"));
    CHECK_FALSE(wire::is_token(""));
    CHECK_FALSE(wire::is_token("a b"));
    CHECK_FALSE(wire::is_token("a,b"));
    CHECK_FALSE(wire::is_token("caf\xC3\xA9"));
    CHECK(wire::equal_ignoring_case("WebSocket", "websocket"));
    CHECK_FALSE(wire::equal_ignoring_case("websocket", "websockets"));
    CHECK_FALSE(wire::equal_ignoring_case("@", "`"));  // 32 apart, and no letters
    CHECK(wire::trim(" \ta b\t ") == "a b");
    CHECK(wire::trim(" \t").empty());
}

}  // namespace wsproof::conformance::test
