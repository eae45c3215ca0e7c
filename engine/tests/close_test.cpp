#include "close.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "support/bytes.hpp"

namespace wsproof {
namespace {

using namespace test;

TEST_CASE("close: an empty body has no status") {
    const ParsedClose close = parse_close({});
    CHECK(close.error == Error::none);
    CHECK(close.code == CloseCode::no_status);
    CHECK(close.reason.empty());
}

TEST_CASE("close: code and reason") {
    const Buffer body = "03 e9"_hex + to_bytes("bye \xE2\x82\xAC");
    const ParsedClose close = parse_close(body);
    CHECK(close.error == Error::none);
    CHECK(close.code == CloseCode::going_away);
    CHECK(close.reason == "bye \xE2\x82\xAC");
}

TEST_CASE("close: bodies that break a rule") {
    CHECK(parse_close("03"_hex).error == Error::one_byte_close);
    CHECK(parse_close("03 ed"_hex).error == Error::invalid_close_code);  // 1005
    CHECK(parse_close("00 00"_hex).error == Error::invalid_close_code);
    CHECK(parse_close("03 e8 c3"_hex).error == Error::invalid_utf8);
    CHECK(parse_close("03 e8 c3 28"_hex).error == Error::invalid_utf8);
    CHECK(parse_close("03 ed c3 28"_hex).error == Error::invalid_close_code);  // the code is first
}

TEST_CASE("close: what is made can be parsed") {
    const std::string longest(kCloseReasonMax, 'x');
    const CloseBody body = make_close(CloseCode::normal, longest);
    REQUIRE(body.error == Error::none);
    CHECK(body.bytes().size() == 125);
    const ParsedClose close = parse_close(body.bytes());
    CHECK(close.code == CloseCode::normal);
    CHECK(close.reason == longest);
}

TEST_CASE("close: nothing is substituted or truncated") {
    CHECK(make_close(CloseCode::abnormal, "").error == Error::unsendable_close_code);
    CHECK(make_close(static_cast<CloseCode>(1015), "").error == Error::unsendable_close_code);
    CHECK(make_close(static_cast<CloseCode>(0), "").error == Error::unsendable_close_code);
    CHECK(make_close(static_cast<CloseCode>(5000), "").error == Error::unsendable_close_code);
    CHECK(make_close(CloseCode::normal, std::string(124, 'x')).error == Error::control_too_long);
    CHECK(make_close(CloseCode::normal, "\xC3").error == Error::invalid_utf8_argument);
}

TEST_CASE("close: no_status makes an empty body, without room for a reason") {
    CHECK(make_close(CloseCode::no_status, "").error == Error::none);
    CHECK(make_close(CloseCode::no_status, "").bytes().empty());
    CHECK(make_close(CloseCode::no_status, "why").error == Error::invalid_argument);
}

}  // namespace
}  // namespace wsproof
