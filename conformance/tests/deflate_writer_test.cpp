// Streams as asked for: the walk and zlib read back what was written.
#include "wire/deflate_writer.hpp"

#include "deflate_recipe.hpp"
#include "payload.hpp"
#include "support/bytes.hpp"
#include "support/zlib_stream.hpp"
#include "wire/inflate.hpp"

namespace wsproof::conformance::test {

namespace {

using nlohmann::json;
constexpr std::size_t kLimit = 4 << 20;

ByteString made(const std::string& recipe) {
    return make_payload(PayloadSpec{json::parse(recipe)}, 1);
}

ByteString deflated(const ByteString& data, const std::string& how, ByteView history = {}) {
    return compress(data, history, recipe_of(json::parse(how)));
}

}  // namespace

TEST_CASE("DeflateWriter: the examples of RFC 7692") {
    CHECK(made(R"({"deflate": "Hello", "block": "fixed"})") == "f2 48 cd c9 c9 07 00"_hex);
    CHECK(made(R"({"deflate": "Hello", "block": "stored"})") ==
          "00 05 00 fa ff 48 65 6c 6c 6f 00"_hex);
    CHECK(made(R"({"deflate": "Hello", "block": "fixed", "final": true})") ==
          "f3 48 cd c9 c9 07 00 00"_hex);
    CHECK(made(R"({"deflate": [{"block": "fixed", "tokens": ["H",
                     {"distance": 5, "length": 4}]}]})") == "f2 00 11 00 00"_hex);
    CHECK(made(R"({"deflate": [{"block": "fixed", "tokens": "He"}, {"block": "stored"},
                               {"block": "fixed", "tokens": "llo"}]})") ==
          "f2 48 05 00 00 00 ff ff ca c9 c9 07 00"_hex);
    CHECK(made(R"({"deflate": ""})") == "00"_hex);
    CHECK(made(R"({"deflate": "Hello", "block": "fixed", "history": "Hello"})") ==
          "02 13 00 00"_hex);
}

TEST_CASE("DeflateWriter: tails") {
    CHECK(made(R"({"deflate": "Hello", "block": "fixed", "tail": "kept"})") ==
          "f2 48 cd c9 c9 07 00 00 00 ff ff"_hex);
    CHECK(made(R"({"deflate": "Hello", "block": "fixed", "tail": "missing"})") ==
          "f2 48 cd c9 c9 07 00"_hex);
    CHECK(made(R"({"deflate": "Hello", "block": "fixed", "drop": 4})") == "f2 48 cd"_hex);
    CHECK(made(R"({"deflate": "Hello", "drop": 4000})").empty());
}

TEST_CASE("DeflateWriter: whatever it writes is read back, by zlib too") {
    for (const char* data :
         {R"("")", R"("a")", R"({"fill": "a", "size": 100000})",
          R"({"generate": "text", "size": 70000})", R"({"generate": "bytes", "size": 70000})",
          R"({"generate": "counter", "size": 66000})",
          R"({"repeat": {"generate": "ascii", "size": 300}, "times": 300})"}) {
        const ByteString wanted = made(data);
        for (const char* how : {R"("stored")", R"("fixed")", R"("dynamic")", R"({"blocks": 7})",
                                R"({"block": "fixed", "blocks": 3, "refers": false})",
                                R"({"block": "stored", "blocks": 5})", R"({"window": 9})"}) {
            INFO(data << how);
            const ByteString payload = deflated(wanted, how);
            const wire::Inflated message = wire::inflate(payload, {}, kLimit);
            REQUIRE(message.is_whole());
            CHECK(message.ending == wire::Ending::proper);
            CHECK(message.data == wanted);
            const auto zlib = ZlibInflate().message(payload);
            REQUIRE(zlib);
            CHECK(*zlib == wanted);
        }
        const wire::Inflated ended =
            wire::inflate(deflated(wanted, R"({"final": true, "blocks": 3})"), {}, kLimit);
        CHECK(ended.data == wanted);
        CHECK(ended.padding_is_zero);
        CHECK(ended.ending == wire::Ending::proper);
    }
}

TEST_CASE("DeflateWriter: references keep to the window") {
    const ByteString data = made(R"({"repeat": {"generate": "bytes", "size": 700}, "times": 60})");
    CHECK(wire::inflate(deflated(data, R"({"window": 15})"), {}, kLimit).distance == 700);
    CHECK(wire::inflate(deflated(data, R"({"window": 10})"), {}, kLimit).distance == 700);
    CHECK(wire::inflate(deflated(data, R"({"window": 9})"), {}, kLimit).distance <= 512);
    CHECK(wire::inflate(deflated(data, R"({"refers": false})"), {}, kLimit).distance == 0);
}

TEST_CASE("DeflateWriter: references into history") {
    const ByteString data = made(R"({"generate": "bytes", "size": 32768})");
    const ByteString payload = deflated(data, "true", data);
    CHECK(payload.size() < 1'000);
    const wire::Inflated message = wire::inflate(payload, data, kLimit);
    CHECK(message.data == data);
    CHECK(message.distance == 32'768);
    CHECK(message.reach == 32'768);
    ZlibInflate zlib;
    REQUIRE(zlib.message(deflated(data, R"("stored")")));
    CHECK(zlib.message(payload) == data);
}

TEST_CASE("DeflateWriter: every length and many distances") {
    for (int length = 3; length <= 258; ++length) {
        const std::string tokens =
            R"(["abcdefg", {"distance": 7, "length": )" + std::to_string(length) + "}]";
        for (const char* kind : {"fixed", "dynamic"}) {
            const ByteString payload = made(R"({"deflate": [{"block": ")" + std::string(kind) +
                                            R"(", "tokens": )" + tokens + "}]}");
            const auto message = wire::inflate(payload, {}, kLimit);
            CHECK(message.data.size() == 7U + static_cast<std::size_t>(length));
            CHECK(ZlibInflate().message(payload) == message.data);
        }
    }
    const ByteString history = made(R"({"generate": "bytes", "size": 32768})");
    for (std::size_t distance = 1; distance <= 32'768; distance += distance < 600 ? 1 : 509) {
        wire::DeflateWriter writer;
        const wire::Token token{3, static_cast<std::uint16_t>(distance)};
        writer.fixed(std::span(&token, 1), false);
        writer.stored({}, false);
        ByteString payload = writer.take();
        payload.resize(payload.size() - 4);
        const auto message = wire::inflate(payload, history, kLimit);
        REQUIRE(message.is_whole());
        CHECK(message.distance == distance);
        CHECK(message.data.front() == history[history.size() - distance]);
    }
}

TEST_CASE("DeflateWriter: a bomb") {
    const ByteString payload = made(R"({"deflate": [{"block": "dynamic", "tokens": ["a",
                {"distance": 1, "length": 258, "times": 4000}]}]})");
    CHECK(payload.size() < 1'100);
    CHECK(wire::inflate(payload, {}, kLimit).data.size() == 1'032'001);
    CHECK(ZlibInflate().message(payload, 2 << 20)->size() == 1'032'001);
}

TEST_CASE("DeflateWriter: recipes that cannot be made are refused") {
    const auto refused = [](const std::string& recipe) {
        try {
            check_payload(PayloadSpec{json::parse(recipe)});
        } catch (const BadRecipe&) {
            return true;
        }
        return false;
    };
    CHECK(refused(R"({"deflate": "a", "block": "zip"})"));
    CHECK(refused(R"({"deflate": "a", "window": 7})"));
    CHECK(refused(R"({"deflate": "a", "tail": "odd"})"));
    CHECK(refused(R"({"deflate": "a", "blocks": 0})"));
    CHECK(refused(R"({"deflate": "a", "final": 1})"));
    CHECK(refused(R"({"deflate": 1})"));
    CHECK(refused(R"({"deflate": [{"tokens": "a"}]})"));
    CHECK(refused(R"({"deflate": [{"block": "fixed", "tokens": {"distance": 0, "length": 3}}]})"));
    CHECK(refused(R"({"deflate": [{"block": "fixed", "tokens": {"distance": 1, "length": 2}}]})"));
    CHECK(refused(R"({"deflate": [{"block": "stored", "tokens": {"distance": 1, "length": 3}}]})"));
    CHECK(refused(R"({"deflate": [{"block": "fixed", "final": 1}]})"));
    CHECK(refused(R"({"slice": {"deflate": "abc"}, "offset": 0, "size": 1})"));
    CHECK_FALSE(refused(R"({"deflate": [{"block": "dynamic", "final": true, "tokens": "abc"}]})"));
}

}  // namespace wsproof::conformance::test
