// RFC 6455 §4.2.1: what a server accepts from a client. Its pair:
// s4_1_client_requirements_test.cpp.
#include <catch2/catch.hpp>
#include <string>

#include "../support/head_feed.hpp"
#include "server_handshake.hpp"

namespace wsproof::test {
namespace {

struct Judged {
    Error error = Error::none;
    std::string response{};
    std::string target{};
    std::string host{};
};

// judge lets a server judge `text` under every cut, and accept it if it is good.
Judged judge(const std::string& text) {
    Judged first;
    bool is_first = true;
    for (const Pieces& pieces : every_cut(text)) {
        ServerHandshake server(Options{});
        const Fed fed = feed(server, pieces);
        REQUIRE(fed.step != Step::need_more);
        REQUIRE((fed.step == Step::violation) == (server.error() != Error::none));
        Judged judged{server.error(), server.error_text(), {}, {}};
        if (fed.step == Step::done) {
            judged.target = server.request().target;
            judged.host = server.request().host;
            REQUIRE(accept(server, {}, {}, judged.response) == Error::none);
        }
        if (is_first) {
            first = judged;
            is_first = false;
        }
        REQUIRE(judged.error == first.error);
        REQUIRE(judged.response == first.response);
    }
    return first;
}

void check_good(const Head& head) {
    CAPTURE(head.text());
    const Judged judged = judge(head.text());
    CHECK(judged.error == Error::none);
    CHECK(judged.response.starts_with("HTTP/1.1 101 "));
}

void check_refused(const Head& head, Error error, const std::string& response = "400 Bad Request") {
    CAPTURE(head.text());
    const Judged judged = judge(head.text());
    CHECK(judged.error == error);
    CHECK(judged.response.starts_with("HTTP/1.1 " + response + "\r\n"));
    CHECK(judged.response.find("close\r\n") != std::string::npos);
    CHECK(judged.response.ends_with("\r\nContent-Length: 0\r\n\r\n"));
}

TEST_CASE("§4.2.1 server: case, order, blanks and unknown fields do not matter") {
    check_good(good_request());
    check_good({"GET / HTTP/1.1",
                {{"X-Other", "caf\xC3\xA9"},
                 {"SEC-WEBSOCKET-VERSION", "\t13 "},
                 {"sec-websocket-key", "  dGhlIHNhbXBsZSBub25jZQ==  "},
                 {"connection", "keep-alive, uPGRADE"},
                 {"uPGRADE", "h2c, WebSocket"},
                 {"HOST", "a"}}});
    check_good(good_request().with("Connection", "keep-alive").plus("Connection", "Upgrade"));
    check_good(good_request().plus("Content-Length", "0"));
}

TEST_CASE("§4.2.1 server, item 1: GET, HTTP/1.1 or higher") {
    for (const std::string method : {"POST", "get", "HEAD", "OPTIONS", "GETX"}) {
        check_refused(good_request().starting(method + " / HTTP/1.1"), Error::bad_method,
                      "405 Method Not Allowed\r\nAllow: GET");
    }
    for (const std::string version : {"HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/3.1"}) {
        check_refused(good_request().starting("GET / " + version), Error::bad_http_version,
                      "505 HTTP Version Not Supported");
    }
    check_good(good_request().starting("GET / HTTP/1.2"));
}

TEST_CASE("§4.2.1 server, item 1: the target is a resource name or a URI that holds it") {
    const Judged uri = judge(good_request().starting("GET http://b:81/c?d HTTP/1.1").text());
    CHECK(uri.error == Error::none);
    CHECK(uri.target == "/c?d");
    CHECK(uri.host == "b:81");
    CHECK(judge(good_request().starting("GET ws://b HTTP/1.1").text()).target == "/");
    CHECK(judge(good_request().starting("GET wss://b?c HTTP/1.1").text()).target == "/?c");
    CHECK(judge(good_request().starting("GET /?a=/%20 HTTP/1.1").text()).target == "/?a=/%20");
    for (const std::string target : {"chat", "*", "a:80", "/a#b", "http://b/#c", "/\xC3\xA4",
                                     "ftp://b/", "http:///", "http://u@b/"}) {
        check_refused(good_request().starting("GET " + target + " HTTP/1.1"),
                      Error::malformed_head);
    }
}

TEST_CASE("§4.2.1 server, item 2: Host, once and valid") {
    check_refused(good_request().without("Host"), Error::bad_host);
    check_refused(good_request().plus("host", "server.example.com"), Error::bad_host);
    for (const std::string value : {"", "a b", "a, b", "u@a", "a/b", "a:x", "[::1"}) {
        check_refused(good_request().with("Host", value), Error::bad_host);
    }
    check_refused(good_request().without("Host").starting("GET http://a/ HTTP/1.1"),
                  Error::bad_host);
}

TEST_CASE("§4.2.1 server, item 3: Upgrade names websocket") {
    check_refused(good_request().without("Upgrade"), Error::missing_upgrade);
    for (const std::string value :
         {"", "h2c", "websocketx", "xwebsocket", "web socket", "websocket/13", "\"websocket\"",
          "websoc\xE2\x84\xAA"
          "et"}) {
        check_refused(good_request().with("Upgrade", value), Error::missing_upgrade);
    }
}

TEST_CASE("§4.2.1 server, item 4: Connection names Upgrade") {
    check_refused(good_request().without("Connection"), Error::missing_connection_upgrade);
    for (const std::string value : {"", "keep-alive", "Upgraded", "x-upgrade", "up grade"}) {
        check_refused(good_request().with("Connection", value), Error::missing_connection_upgrade);
    }
}

TEST_CASE("§4.2.1 server, item 5: the key, once, base64 of 16 bytes") {
    const std::string_view name = "Sec-WebSocket-Key";
    check_good(good_request().with(name, "AQIDBAUGBwgJCgsMDQ4PEC=="));
    check_refused(good_request().without(name), Error::bad_key);
    check_refused(good_request().plus(name, "dGhlIHNhbXBsZSBub25jZQ=="), Error::bad_key);
    for (const std::string value :
         {"", "AQIDBAUGBwgJCgsMDQ4P", "AQIDBAUGBwgJCgsMDQ4PEBE=", "AQIDBAUGBwgJCgsMDQ4PEA",
          "!!!!!!!!!!!!!!!!!!!!!!==", "AQIDBAUGBwgJCgsMDQ4P-_=="}) {
        check_refused(good_request().with(name, value), Error::bad_key);
    }
}

TEST_CASE("§4.2.1 server, item 7: Origin at most once") {
    check_good(good_request().plus("Origin", "null"));
    check_refused(good_request().plus("Origin", "http://a").plus("Origin", "http://b"),
                  Error::malformed_head);
}

TEST_CASE("§4.2.1 server, item 8: subprotocols are tokens") {
    const std::string_view name = "Sec-WebSocket-Protocol";
    check_good(good_request().plus(name, ",chat, ,superchat,"));
    check_good(good_request().plus(name, "").plus(name, "chat"));
    for (const std::string value : {"", ",", "a b", "a/b", "caf\xC3\xA9", "\xFF", "chat;a=b"}) {
        check_refused(good_request().plus(name, value), Error::malformed_head);
    }
}

TEST_CASE("§4.2.1 server, item 9: extensions follow their grammar and are declined") {
    const std::string_view name = "Sec-WebSocket-Extensions";
    const Judged judged = judge(good_request()
                                    .plus(name, "permessage-deflate; client_max_window_bits")
                                    .plus(name, "constructor, __proto__; toString=\"1\"")
                                    .text());
    CHECK(judged.error == Error::none);
    CHECK(judged.response.find("Extensions") == std::string::npos);
    for (const std::string value : {"", ";x", "x;", "x; a=\"b", "x; a=\"b c\"", "x y"}) {
        check_refused(good_request().plus(name, value), Error::bad_extension);
    }
}

TEST_CASE("§4.2.1 server: an upgrade has no body") {
    check_refused(good_request().plus("Content-Length", "5"), Error::malformed_head);
    check_refused(good_request().plus("Content-Length", "x"), Error::malformed_head);
    check_refused(good_request().plus("Content-Length", ""), Error::malformed_head);
    check_refused(good_request().plus("Content-Length", "0").plus("content-length", "5"),
                  Error::malformed_head);
    check_refused(good_request().plus("Transfer-Encoding", "chunked"), Error::malformed_head);
}

}  // namespace
}  // namespace wsproof::test
