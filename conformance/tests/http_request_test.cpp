#include "wire/http_request.hpp"

#include "support/bytes.hpp"

namespace wsproof::conformance::test {

namespace {

using wire::HttpRequest;
using wire::HttpRequestReader;

// read_head: the first request of `text`, the same under every cut.
HttpRequest read_head(const std::string& text) {
    std::optional<HttpRequest> first;
    for_each_cut(to_bytes(text), [&](const std::vector<ByteView>& pieces) {
        HttpRequestReader reader;
        std::optional<HttpRequest> request;
        for (ByteView piece : pieces) {
            if (!request) {
                request = reader.next(piece);
            }
        }
        REQUIRE(request);
        if (first) {
            REQUIRE(request->head == first->head);
            REQUIRE(request->deviations == first->deviations);
        }
        first = std::move(request);
    });
    return *first;
}

bool is_hopeless(const std::string& text) {
    HttpRequestReader reader;
    const ByteString bytes = to_bytes(text);
    ByteView in(bytes);
    static_cast<void>(reader.next(in));
    return reader.is_hopeless();
}

}  // namespace

TEST_CASE("HTTP request: one by the grammar has no deviation") {
    const HttpRequest request =
        read_head("GET /a?b=c HTTP/1.1\r\nHost: here:9001\r\nX-A:\t1 \r\n\r\n");
    CHECK(request.deviations.empty());
    CHECK(request.method == "GET");
    CHECK(request.target == "/a?b=c");
    CHECK(request.version == "HTTP/1.1");
    CHECK(request.values("host") == std::vector<std::string_view>{"here:9001"});
    CHECK(request.values("x-a").front() == "1");
}

TEST_CASE("HTTP request: what follows the head stays") {
    HttpRequestReader reader;
    const ByteString bytes = to_bytes("GET / HTTP/1.1\r\n\r\nbehind");
    ByteView in(bytes);
    REQUIRE(reader.next(in));
    CHECK(in.size() == 6);
}

TEST_CASE("HTTP request: a start line of other than three words is a deviation") {
    for (const char* line : {"GET /", "GET  / HTTP/1.1", "GET / a HTTP/1.1", ""}) {
        CAPTURE(line);
        CHECK_FALSE(read_head(std::string(line) + "\r\nHost: a\r\n\r\n").deviations.empty());
    }
}

TEST_CASE("HTTP request: folded lines, bare LF and blanks before the colon are deviations") {
    for (const char* field : {"X: 1\r\n 2\r\n", "X: 1\n", "X : 1\r\n", ": 1\r\n", "X\r\n"}) {
        CAPTURE(field);
        const std::string head = "GET / HTTP/1.1\r\n" + std::string(field) + "\r\n";
        CHECK(read_head(head).deviations.size() == 1);
    }
}

TEST_CASE("HTTP request: bytes that no method begins with are hopeless at once") {
    CHECK(is_hopeless("\x16\x03\x01"));  // a TLS record
    CHECK(is_hopeless("\x81\x85"));      // a frame
    CHECK(is_hopeless("GET / HTTP/1.1\r\n" + std::string(wire::HeadReader::kHeadMax, 'x')));
    CHECK_FALSE(is_hopeless("GET / HT"));
    CHECK_FALSE(is_hopeless("M-SEARCH"));
}

}  // namespace wsproof::conformance::test
