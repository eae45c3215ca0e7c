// Negotiation as embedders use it; the rules one by one: rfc6455/s4_2_server_requirements_test.cpp.
#include <catch2/catch.hpp>
#include <string>
#include <vector>
#include <wsproof/handshake.hpp>

namespace wsproof::test {
namespace {

std::vector<Field> good_fields() {
    return {{"Host", "a"},
            {"Connection", "keep-alive, Upgrade"},
            {"Upgrade", "websocket"},
            {"Sec-WebSocket-Version", " 13 "},
            {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==\t"},
            {"Sec-WebSocket-Protocol", "chat"}};
}

std::string text(std::span<const Field> fields) {
    std::string text;
    for (const Field& field : fields) {
        text.append(field.name).append("=").append(field.value).append(";");
    }
    return text;
}

TEST_CASE("Negotiation: a parsed request becomes the fields of a response") {
    const std::vector<Field> fields = good_fields();
    const std::vector<Field> cookie = {{"Set-Cookie", "x"}};
    Negotiation negotiation;
    REQUIRE(negotiation.judge({"GET", "/a", "HTTP/1.1", fields}) == Error::none);
    CHECK(negotiation.is_good());
    CHECK(negotiation.status() == 0);
    REQUIRE(negotiation.accept("chat", cookie) == Error::none);
    CHECK(negotiation.status() == 101);
    CHECK(negotiation.subprotocol() == "chat");
    CHECK(text(negotiation.response()) ==
          "Upgrade=websocket;Connection=Upgrade;Sec-WebSocket-Accept=s3pPLMBiTxaQ9kYGzzhZRbK+xOo=;"
          "Sec-WebSocket-Protocol=chat;Set-Cookie=x;");
}

TEST_CASE("Negotiation: one object judges several requests") {
    std::vector<Field> fields = good_fields();
    Negotiation negotiation;
    CHECK(negotiation.judge({"POST", "/", "HTTP/1.1", fields}) == Error::bad_method);
    CHECK(negotiation.status() == 405);
    CHECK(text(negotiation.response()) == "Allow=GET;Connection=close;");
    CHECK(negotiation.accept() == Error::wrong_state);
    fields[3].value = "8";
    CHECK(negotiation.judge({"GET", "/", "HTTP/1.1", fields}) == Error::bad_version);
    CHECK(negotiation.status() == 426);
    CHECK(text(negotiation.response()) ==
          "Upgrade=websocket;Connection=Upgrade, close;Sec-WebSocket-Version=13;");
    fields[3].value = "013";
    CHECK(negotiation.judge({"GET", "/", "HTTP/1.1", fields}) == Error::bad_version);
    CHECK(negotiation.status() == 400);
    CHECK(text(negotiation.response()) == "Connection=close;Sec-WebSocket-Version=13;");
    CHECK(negotiation.judge({"GET", "/", "HTTP/2.0", fields}) == Error::bad_http_version);
    CHECK(negotiation.status() == 505);
    fields[3].value = "13";
    for (int i = 0; i < 2; ++i) {
        REQUIRE(negotiation.judge({"GET", "/", "HTTP/1.1", fields}) == Error::none);
        CHECK(negotiation.request().subprotocols.size() == 1);
    }
    CHECK(negotiation.accept() == Error::none);
    CHECK(negotiation.subprotocol().empty());
}

TEST_CASE("Negotiation: nothing is good before it is judged") {
    Negotiation negotiation;
    CHECK_FALSE(negotiation.is_good());
    CHECK(negotiation.accept() == Error::wrong_state);
    CHECK(negotiation.response().empty());
}

}  // namespace
}  // namespace wsproof::test
