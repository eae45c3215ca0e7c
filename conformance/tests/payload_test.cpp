#include "payload.hpp"

#include "support/bytes.hpp"
#include "wire/digest.hpp"
#include "wire/utf8.hpp"

namespace wsproof::conformance::test {

namespace {

PayloadSpec spec(const char* recipe) {
    return {nlohmann::json::parse(recipe)};
}

ByteString make(const char* recipe, std::uint64_t seed = 1) {
    const ByteString bytes = make_payload(spec(recipe), seed);
    CHECK(size_of(spec(recipe)) == bytes.size());
    return bytes;
}

// refused: the reason, or "" if the recipe can be made.
std::string refused(const char* recipe) {
    try {
        check_payload(spec(recipe));
    } catch (const BadRecipe& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("Payload: text, hex, fill") {
    CHECK(make(R"("")").empty());
    CHECK(make(R"("\u00e9")") == "c3 a9"_hex);
    CHECK(make(R"({"hex": "00ff 8A"})") == "00 ff 8a"_hex);
    CHECK(make(R"({"hex": ""})").empty());
    CHECK(to_text(make(R"({"fill": "x", "size": 3})")) == "xxx");
    CHECK(make(R"({"fill": "x", "size": 0})").empty());
}

TEST_CASE("Payload: concat, repeat, slice") {
    CHECK(make(R"({"concat": ["a", {"hex": "62"}, {"fill": "c", "size": 2}]})") ==
          to_bytes("abcc"));
    CHECK(make(R"({"concat": []})").empty());
    CHECK(make(R"({"repeat": "ab", "times": 3})") == to_bytes("ababab"));
    CHECK(make(R"({"repeat": "", "times": 1000000000})").empty());
    CHECK(make(R"({"slice": "hello", "offset": 1, "size": 3})") == to_bytes("ell"));
    CHECK(make(R"({"slice": "hello", "offset": 5, "size": 0})").empty());
    CHECK(make(R"({"slice": {"generate": "counter", "size": 300}, "offset": 255, "size": 3})") ==
          "ff 00 01"_hex);
}

TEST_CASE("Payload: text is UTF-8 of mixed width and exactly as long as asked") {
    for (int size = 0; size <= 300; ++size) {
        const std::string recipe = R"({"generate": "text", "size": )" + std::to_string(size) + "}";
        const ByteString text = make(recipe.c_str(), static_cast<std::uint64_t>(size));
        CAPTURE(size);
        REQUIRE(text.size() == static_cast<std::size_t>(size));
        REQUIRE(wire::is_utf8(text));
    }
    const ByteString text = make(R"({"generate": "text", "size": 300})");
    for (const int lead : {0xC3, 0xE2, 0xF0}) {  // characters of two, three and four octets
        CHECK(std::count(text.begin(), text.end(), static_cast<std::byte>(lead)) > 0);
    }
}

TEST_CASE("Payload: what generators make") {
    CHECK(make(R"({"generate": "zero", "size": 2})") == "00 00"_hex);
    CHECK(make(R"({"generate": "counter", "size": 3})") == "00 01 02"_hex);
    for (const std::byte octet : make(R"({"generate": "ascii", "size": 2000})")) {
        REQUIRE(std::to_integer<int>(octet) >= 0x20);
        REQUIRE(std::to_integer<int>(octet) <= 0x7E);
    }
    CHECK_FALSE(wire::is_utf8(make(R"({"generate": "bytes", "size": 100})")));
}

TEST_CASE("Payload: generated texts have the size asked for, and characters are whole") {
    for (const char* kind : {"json", "html", "prose", "text"}) {
        for (std::size_t size = 0; size < 300; ++size) {
            const std::string recipe = R"({"generate": ")" + std::string(kind) + R"(", "size": )" +
                                       std::to_string(size) + "}";
            const wire::ByteString text = make(recipe.c_str());
            REQUIRE(text.size() == size);
            REQUIRE(wire::is_utf8(text));
        }
    }
    CHECK(make(R"({"generate": "picture", "size": 70001})").size() == 70001);
    CHECK(make(R"({"generate": "document", "size": 70001})").size() == 70001);
}

TEST_CASE("Payload: the case and the label seed a generator") {
    const char* plain = R"({"generate": "bytes", "size": 16})";
    const char* labelled = R"({"generate": "bytes", "size": 16, "seed": "a"})";
    CHECK(make(plain, 1) == make(plain, 1));
    CHECK(make(plain, 1) != make(plain, 2));
    CHECK(make(plain, 1) != make(labelled, 1));
    CHECK(make(labelled, 1) == make(labelled, 1));
}

TEST_CASE("Payload: the same for ever") {
    // The first three of splitmix64 for seed 1234567, as its reference code prints them.
    Random random(1234567);
    CHECK(random.next() == 6457827717110365317U);
    CHECK(random.next() == 3203168211198807973U);
    CHECK(random.next() == 9817491932198370423U);
    CHECK(seed_of(0, "") == 14087677454934409008U);
    CHECK(seed_of(7, "rfc6455/5.4-fragmentation/x") == 2832179202081922503U);
    const auto hash = [](const char* recipe) {
        return wire::sha256(make(recipe, 42)).substr(0, 16);
    };
    CHECK(hash(R"({"generate": "text", "size": 1000})") == "586a3282467c8201");
    CHECK(hash(R"({"generate": "bytes", "size": 1000})") == "9f37e33822e0fa92");
    CHECK(hash(R"({"generate": "ascii", "size": 1000})") == "c7b6a5d929a574df");
}

TEST_CASE("Payload: recipes that cannot be made say why") {
    CHECK(refused("5") == "a payload is a string or an object, not number");
    CHECK(refused("{}") ==
          "a payload is a string, or an object with hex, fill, generate, concat, repeat, "
          "slice or deflate");
    CHECK(refused(R"({"hex": "0"})") == "an odd number of hex digits");
    CHECK(refused(R"({"hex": "0g"})") == "'g' is not a hex digit");
    CHECK(refused(R"({"fill": "ab", "size": 1})") == "\"fill\" must be one ASCII character");
    CHECK(refused(R"({"fill": "\u00e9", "size": 1})") == "\"fill\" must be one ASCII character");
    CHECK(refused(R"({"fill": "a"})") == "\"size\" must be a number from 0 up");
    CHECK(refused(R"({"fill": "a", "size": -1})") == "\"size\" must be a number from 0 up");
    CHECK(refused(R"({"fill": "a", "size": 1.5})") == "\"size\" must be a number from 0 up");
    CHECK(refused(R"({"fill": "a", "size": 1073741825})") == "\"size\" is above 1073741824");
    CHECK(refused(R"({"generate": "noise", "size": 1})") ==
          "unknown generator \"noise\": bytes, ascii, text, counter, zero, json, html, prose, "
          "picture, "
          "document");
    CHECK(refused(R"({"generate": "text", "size": 1, "seed": 5})") ==
          "\"seed\" must be a label in quotes");
    CHECK(refused(R"({"slice": "abc", "offset": 2, "size": 2})") ==
          "\"slice\" ends at 4 of 3 bytes");
    CHECK(refused(R"({"concat": "ab"})") == "\"concat\" must be a list of payloads");
    CHECK(refused(R"({"concat": ["a", 1]})") == "a payload is a string or an object, not number");
    const char* too_large = R"({"repeat": {"fill": "a", "size": 1073741824}, "times": 1073741824})";
    CHECK(refused(too_large) == "it makes more than 1073741824 bytes");
    CHECK_FALSE(refused(R"({"hex": 5})").empty());
    CHECK_THROWS_AS(make_payload(spec("5"), 1), BadRecipe);
    CHECK_THROWS_AS(size_of(spec(R"({"fill": 1, "size": 1})")), BadRecipe);
}

TEST_CASE("Payload: nesting is bounded") {
    std::string recipe = "\"a\"";
    for (int i = 0; i < 8; ++i) {
        recipe = "{\"concat\": [" + recipe + "]}";
    }
    CHECK(refused(recipe.c_str()).empty());
    CHECK(refused(("{\"concat\": [" + recipe + "]}").c_str()) == "payloads nested deeper than 8");
}

TEST_CASE("Payload: checking a large recipe makes nothing") {
    CHECK(
        refused(R"({"concat": [{"repeat": {"generate": "text", "size": 1048576}, "times": 1023}]})")
            .empty());
    CHECK(size_of(spec(R"({"generate": "bytes", "size": 1073741824})")) == 1073741824);
}

TEST_CASE("Payload: in words") {
    CHECK(describe(spec(R"("Hello")")) == "\"Hello\"");
    CHECK(describe(spec(R"({"hex": "00ff"})")) == "hex 00ff");
    CHECK(describe(spec(R"({"fill": "x", "size": 125})")) == "125 bytes of 'x'");
    CHECK(describe(spec(R"({"generate": "text", "size": 9})")) == "9 bytes of text");
    CHECK(describe(spec(R"({"generate": "text", "size": 9, "seed": "a"})")) ==
          "9 bytes of text, seed \"a\"");
}

}  // namespace wsproof::conformance::test
