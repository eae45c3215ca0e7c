#include "wire/digest.hpp"

#include "support/bytes.hpp"

namespace wsproof::conformance::test {

TEST_CASE("Accept key: the example of RFC 6455 §1.3") {
    CHECK(wire::accept_key("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("Accept key: the key is text, not decoded, and every character counts") {
    CHECK(wire::accept_key("").size() == 28);
    CHECK(wire::accept_key("AQIDBAUGBwgJCgsMDQ4PEC==") !=
          wire::accept_key("AQIDBAUGBwgJCgsMDQ4PEA=="));
}

TEST_CASE("Base64: the vectors of RFC 4648 §10") {
    CHECK(wire::base64({}).empty());
    CHECK(wire::base64(to_bytes("f")) == "Zg==");
    CHECK(wire::base64(to_bytes("fo")) == "Zm8=");
    CHECK(wire::base64(to_bytes("foo")) == "Zm9v");
    CHECK(wire::base64(to_bytes("foobar")) == "Zm9vYmFy");
    CHECK(wire::base64("fb ff"_hex) == "+/8=");
}

TEST_CASE("Base64: back, and nothing that is not written so") {
    for (const std::string_view text : {"", "f", "fo", "foo", "foob", "foobar"}) {
        CHECK(wire::from_base64(wire::base64(to_bytes(text))) == to_bytes(text));
    }
    for (const char* text :
         {"Zg=", "Zg", "Zh==", "=", "====", "Zm9v ", " Zm9v", "Z-9v", "Zg==Zg==", "Zm9v\n"}) {
        INFO(text);
        CHECK(wire::from_base64(text).empty());
    }
}

TEST_CASE("SHA-256: of nothing, and of abc (FIPS 180-2, B.1)") {
    CHECK(wire::sha256({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(wire::sha256(to_bytes("abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace wsproof::conformance::test
