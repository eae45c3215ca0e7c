#include "http_head.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support/head_feed.hpp"

namespace wsproof::test {
namespace {

Error error_of(const std::string& text, const Pieces& pieces, const Limits& limits = {}) {
    HttpHead head(limits);
    const Fed fed = feed(head, pieces);
    CAPTURE(text, pieces.size(), pieces.front().size());
    CHECK(fed.step == Step::violation);
    return head.error();
}

void check_refused(const std::string& text, Error expected = Error::malformed_head,
                   const Limits& limits = {}) {
    for (const Pieces& pieces : every_cut(text)) {
        REQUIRE(error_of(text, pieces, limits) == expected);
    }
}

TEST_CASE("Head: start line and fields come out, what follows stays") {
    const std::string text = "GET / HTTP/1.1\r\nHost: a\r\nX-Odd:\t b  c \t\r\nEmpty:\r\n\r\n";
    for (const Pieces& pieces : every_cut(text + "\x81\x05rest")) {
        HttpHead head(Limits{});
        const Fed fed = feed(head, pieces);
        REQUIRE(fed.step == Step::done);
        CHECK(fed.left == "\x81\x05rest");
        CHECK(head.start_line() == "GET / HTTP/1.1");
        REQUIRE(head.fields().size() == 3);
        CHECK(head.fields()[0].name == "Host");
        CHECK(head.fields()[0].value == "a");
        CHECK(head.fields()[1].value == "b  c");
        CHECK(head.fields()[2].value.empty());
    }
}

TEST_CASE("Head: incomplete is incomplete") {
    const std::string text = good_request().text();
    HttpHead head(Limits{});
    const Fed fed = feed(head, {text.substr(0, text.size() - 1)});
    CHECK(fed.step == Step::need_more);
    CHECK(head.error() == Error::none);
}

TEST_CASE("Head: the line end is CRLF, both of it") {
    check_refused("GET / HTTP/1.1\nHost: a\n\n");
    check_refused("GET / HTTP/1.1\r\nHost: a\n\r\n");
    check_refused("GET / HTTP/1.1\r\nHost: a\r\n\n");
    check_refused("GET / HTTP/1.1\rHost: a\r\n\r\n");
    check_refused("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n");
    check_refused("\r\nGET / HTTP/1.1\r\n\r\n");
    check_refused("\nGET / HTTP/1.1\r\n\r\n");
}

TEST_CASE("Head: folded lines, odd names and control characters are refused") {
    check_refused("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n");
    check_refused("GET / HTTP/1.1\r\nA: b\r\n\tc: d\r\n\r\n");
    check_refused("GET / HTTP/1.1\r\nA : b\r\n\r\n");
    check_refused("GET / HTTP/1.1\r\nA\r\n\r\n");
    check_refused("GET / HTTP/1.1\r\n: b\r\n\r\n");
    check_refused("GET / HTTP/1.1\r\nA(: b\r\n\r\n");
    check_refused("GET / HTTP/1.1\r\n\xC3\xA4: b\r\n\r\n");
    check_refused(std::string("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 26));
    check_refused("GET / HTTP/1.1\r\nA: b\x7F\r\n\r\n");
    check_refused("GET / HTTP/1.1\r\nA: b\x1B\r\n\r\n");
}

TEST_CASE("Head: a peer that speaks TLS is refused by its first byte") {
    HttpHead head(Limits{});
    const Fed fed = feed(head, {"\x16\x03\x01"});
    CHECK(fed.step == Step::violation);
    CHECK(fed.left == "\x03\x01");
}

TEST_CASE("Head: bytes beyond ASCII pass in values") {
    HttpHead head(Limits{});
    REQUIRE(feed(head, {"GET / HTTP/1.1\r\nX: \xC3\xA4\xFF\r\n\r\n"}).step == Step::done);
    CHECK(head.fields()[0].value == "\xC3\xA4\xFF");
}

TEST_CASE("Head: each control character but HTAB is refused at once, wherever it stands") {
    for (int c = 0; c < 256; ++c) {
        const bool is_control = (c < 0x20 || c == 0x7F) && c != '\t';
        for (std::size_t size = 0; size < 20; ++size) {
            const std::string before = "GET / HTTP/1.1\r\nA:" + std::string(size, '\xFF');
            HttpHead head(Limits{});
            const Fed fed = feed(head, {before + static_cast<char>(c) + "12345678"});
            CAPTURE(c, size);
            REQUIRE((fed.step == Step::violation) == is_control);
            if (is_control) {  // CR is refused by what comes after it
                CHECK(fed.left == (c == '\r' ? "2345678" : "12345678"));
            }
        }
    }
}

TEST_CASE("Head: all sizes of lines, fields and heads come out as they went in") {
    Limits limits;
    limits.head = std::size_t{1} << 20;
    limits.fields = 1000;
    for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 15U, 16U, 17U, 1000U, 1024U, 3000U}) {
        std::string text = "GET / HTTP/1.1\r\n";
        for (int i = 0; i < 40; ++i) {
            text += "N" + std::to_string(i) + ": " + std::string(size, 'v') + "\r\n";
        }
        text += "\r\n";
        for (const std::size_t cut : {std::size_t{1}, std::size_t{1000}, text.size()}) {
            Pieces pieces;
            for (std::size_t at = 0; at < text.size(); at += cut) {
                pieces.push_back(text.substr(at, cut));
            }
            HttpHead head(limits);
            REQUIRE(feed(head, pieces).step == Step::done);
            CHECK(head.start_line() == "GET / HTTP/1.1");
            REQUIRE(head.fields().size() == 40);
            for (std::size_t i = 0; i < 40; ++i) {
                REQUIRE(head.fields()[i].name == "N" + std::to_string(i));
                REQUIRE(head.fields()[i].value == std::string(size, 'v'));
            }
        }
    }
}

TEST_CASE("Head: the limits hold to the byte and to the field") {
    const std::string text = "GET / HTTP/1.1\r\nA: b\r\nC: d\r\n\r\n";
    Limits limits;
    limits.head = text.size();
    limits.fields = 2;
    for (const Pieces& pieces : every_cut(text)) {
        HttpHead head(limits);
        REQUIRE(feed(head, pieces).step == Step::done);
    }
    limits.head = text.size() - 1;
    check_refused(text, Error::head_too_big, limits);
    limits.head = text.size();
    limits.fields = 1;
    check_refused(text, Error::too_many_fields, limits);
    limits.head = 0;
    check_refused(text, Error::head_too_big, limits);
}

TEST_CASE("Head: heads in a row share the limits") {
    const std::string text = "HTTP/1.1 100 Continue\r\nA: b\r\n\r\n";
    Limits limits;
    limits.head = text.size() * 2;
    limits.fields = 2;
    HttpHead head(limits);
    for (int i = 0; i < 2; ++i) {
        REQUIRE(feed(head, {text}).step == Step::done);
        CHECK(head.fields().size() == 1);
        head.start_over();
    }
    CHECK(feed(head, {text}).step == Step::violation);
    CHECK(head.error() == Error::head_too_big);
}

TEST_CASE("Head: case folds in ASCII alone") {
    CHECK(equals_ignoring_case("WebSocket", "websOCKET"));
    CHECK_FALSE(
        equals_ignoring_case("websoc\xE2\x84\xAA"
                             "et",
                             "websocket"));
    CHECK_FALSE(equals_ignoring_case("@[`{", "`{@["));
    CHECK_FALSE(equals_ignoring_case("a", "ab"));
}

}  // namespace
}  // namespace wsproof::test
