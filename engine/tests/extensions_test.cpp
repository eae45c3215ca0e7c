#include "extensions.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace wsproof::test {
namespace {

ParsedExtensions parse(const std::vector<std::string_view>& values) {
    std::vector<Field> fields{{"Host", "a"}};
    for (const std::string_view value : values) {
        fields.push_back({"sec-websocket-EXTENSIONS", value});
    }
    return parse_extensions(fields);
}

TEST_CASE("Extensions: none is none") {
    const ParsedExtensions parsed = parse({});
    CHECK(parsed.error == Error::none);
    CHECK(parsed.extensions.empty());
}

TEST_CASE("Extensions: names and parameters, in order, over several lines") {
    const std::string first =
        "permessage-deflate; client_max_window_bits; server_max_window_bits=10";
    const std::string second = "foo, foo;a=1;a=2";
    const ParsedExtensions parsed = parse({first, second});
    REQUIRE(parsed.error == Error::none);
    REQUIRE(parsed.extensions.size() == 3);
    CHECK(parsed.extensions[0].name == "permessage-deflate");
    REQUIRE(parsed.extensions[0].parameters.size() == 2);
    CHECK(parsed.extensions[0].parameters[0].name == "client_max_window_bits");
    CHECK_FALSE(parsed.extensions[0].parameters[0].value.has_value());
    CHECK(parsed.extensions[0].parameters[1].value == "10");
    CHECK(parsed.extensions[1].parameters.empty());
    CHECK(parsed.extensions[2].parameters[1].value == "2");
}

TEST_CASE("Extensions: blanks and empty elements do not count") {
    const std::string value = ",, \tfoo ;\ta = 1 ;b\t, ,bar ,";
    const ParsedExtensions parsed = parse({"", value});
    REQUIRE(parsed.error == Error::none);
    REQUIRE(parsed.extensions.size() == 2);
    CHECK(parsed.extensions[0].name == "foo");
    CHECK(parsed.extensions[0].parameters[0].value == "1");
    CHECK(parsed.extensions[0].parameters[1].name == "b");
    CHECK(parsed.extensions[1].name == "bar");
}

TEST_CASE("Extensions: a quoted value is what it unescapes to") {
    const ParsedExtensions parsed = parse({R"(x; a="10"; b="\1\0" ;c="a")"});
    REQUIRE(parsed.error == Error::none);
    for (const std::size_t i : {0U, 1U}) {
        CHECK(parsed.extensions[0].parameters[i].value == "10");
    }
    CHECK(parsed.extensions[0].parameters[2].value == "a");
}

TEST_CASE("Extensions: what breaks the grammar is refused") {
    for (const std::string value : {"",
                                    ",",
                                    " , ",
                                    ";",
                                    ";x",
                                    "=1",
                                    "x;",
                                    "x;;a",
                                    "x;=1",
                                    "x;a=",
                                    "x;a=b=c",
                                    "x y",
                                    "x;a b",
                                    "x;a=b c",
                                    "x;a=\"",
                                    "x;a=\"b",
                                    "x;a=\"b\\",
                                    "x;a=\"b\\\"",
                                    "x;a=\"\"",
                                    "x;a=\"a b\"",
                                    "x;a=\" 1\"",
                                    "x;a=\"1,2\"",
                                    "x;a=\"1\"2",
                                    "x;a=1\"2\"",
                                    "\"x\"",
                                    "x(y)",
                                    "\xC3\xA4",
                                    "x;a=\xC3\xA4",
                                    "x;\xC3\xA4=1",
                                    "x/y"}) {
        CAPTURE(value);
        CHECK(parse({value}).error == Error::bad_extension);
        const std::string listed = "good, " + value + ", good";
        CHECK(parse({listed}).error == (value.find_first_not_of(" ,") == std::string::npos
                                            ? Error::none
                                            : Error::bad_extension));
    }
}

TEST_CASE("Extensions: quotes that never end take linear time") {
    std::string value = "a; b=\"";
    for (int i = 0; i < 200'000; ++i) {
        value += "\\c";
    }
    const std::string semicolons(200'000, ';');
    const std::string blanks = "a" + std::string(200'000, ' ') + "b";
    CHECK(parse({value}).error == Error::bad_extension);
    CHECK(parse({semicolons}).error == Error::bad_extension);
    CHECK(parse({blanks}).error == Error::bad_extension);
}

}  // namespace
}  // namespace wsproof::test
