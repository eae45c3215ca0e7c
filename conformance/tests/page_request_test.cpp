// What a page asks, and what it can be asked for.
#include "page_request.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "query.hpp"

namespace wsproof::conformance::test {

namespace {

using Catch::Matchers::Contains;
using What = PageRequest::What;

PageRequest asked(std::string_view target) {
    return read_page_request("GET", target);
}

}  // namespace

TEST_CASE("Page: it is at /, and nowhere else") {
    CHECK(asked("/").what == What::page);
    CHECK(asked("/?reload=1").status == 0);
    CHECK(asked("/favicon.ico").status == 404);
    CHECK(asked("/wsproof/").status == 404);
    CHECK(asked("").status == 404);
    CHECK(read_page_request("POST", "/").status == 405);
    CHECK(read_page_request("HEAD", "/wsproof/next?page=a").status == 405);
}

TEST_CASE("Page: it says who it is, what it knows, and what did not come about") {
    const PageRequest request =
        asked("/wsproof/next?page=ab12&since=7&refused=3&why=SyntaxError%3A+no&lost=4");
    CHECK(request.status == 0);
    CHECK(request.what == What::next);
    CHECK(request.page == "ab12");
    CHECK(request.since == 7);
    CHECK(request.refused == 3U);
    CHECK(request.why == "SyntaxError: no");
    CHECK(request.lost == 4U);
    CHECK_FALSE(asked("/wsproof/next?page=a").refused.has_value());
}

TEST_CASE("Page: a request that is not understood is refused") {
    CHECK_THAT(asked("/wsproof/next").refusal, Contains("page=NAME"));
    for (const char* query : {"page=", "page=a&since=-1", "page=a&since=1x", "page=a&lost=",
                              "page=a&refused=99999999999999999999", "page=a&other=1"}) {
        INFO(query);
        CHECK(asked(std::string("/wsproof/next?") + query).status == 400);
    }
    CHECK(asked("/wsproof/next?page=" + std::string(65, 'a')).status == 400);
    CHECK(asked("/wsproof/next?page=a&why=" + std::string(5000, 'w')).why.size() <= 300);
}

TEST_CASE(
    "Page: it echoes, offers subprotocols, sends and closes; fields and Pings are beyond it") {
    CHECK(why_no_page_can({}).empty());
    CHECK(why_no_page_can({.resource = "/a?b", .subprotocols = {"a"}}).empty());
    CHECK(why_no_page_can({.action = "close:1005"}).empty());  // what comes of it is for the case
    CHECK(why_no_page_can({.action = "text:ping"}).empty());
    CHECK_THAT(why_no_page_can({.action = "ping:x"}), Contains("Ping"));
    CHECK_THAT(why_no_page_can({.headers = {"A: b"}}), Contains("fields"));
}

TEST_CASE("Page: an order says what is to be opened") {
    CHECK(order_json(5, {.resource = "/a", .action = "close", .subprotocols = {"x", "y"}}) ==
          Json{{"number", 5}, {"path", "/a"}, {"subprotocols", {"x", "y"}}, {"action", "close"}});
}

TEST_CASE("Query: pairs are split and decoded; what is no encoding stays") {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    CHECK(query_of("a=1&b=x+y%2Fz&&c") == Pairs{{"a", "1"}, {"b", "x y/z"}, {"c", ""}});
    CHECK(query_of("a=b=c&d=%zz%4") == Pairs{{"a", "b=c"}, {"d", "%zz%4"}});
    CHECK(query_of("").empty());
}

}  // namespace wsproof::conformance::test
