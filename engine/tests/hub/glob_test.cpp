// Tcl's `string match`, which live() and find() speak.
#include "hub/glob.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace wsproof::test {
namespace {

TEST_CASE("glob: *, ?, [a-z] and \\x as in Tcl") {
    CHECK(matches_glob("*", ""));
    CHECK(matches_glob("", ""));
    CHECK_FALSE(matches_glob("", "a"));
    CHECK(matches_glob("/chat", "/chat"));
    CHECK_FALSE(matches_glob("/chat", "/Chat"));
    CHECK_FALSE(matches_glob("/chat", "/chats"));
    CHECK(matches_glob("/chat/*", "/chat/"));
    CHECK(matches_glob("/*/end", "/a/end/end"));
    CHECK(matches_glob("*a*b*c*", "xaxbxcx"));
    CHECK_FALSE(matches_glob("*a*b*c*", "xaxcxbx"));
    CHECK(matches_glob("**a", "ba"));
    CHECK(matches_glob("v?", "v1"));
    CHECK_FALSE(matches_glob("v?", "v"));
    CHECK(matches_glob("v[0-9]", "v7"));
    CHECK(matches_glob("v[9-0]", "v7"));
    CHECK(matches_glob("[abc]x", "bx"));
    CHECK_FALSE(matches_glob("v[0-9]", "va"));
    CHECK_FALSE(matches_glob("v[0-9", "v7"));
    CHECK_FALSE(matches_glob("[", "["));
    CHECK(matches_glob("[-]", "-"));
    CHECK(matches_glob("\\*", "*"));
    CHECK_FALSE(matches_glob("\\*", "a"));
    CHECK(matches_glob("\\[a]", "[a]"));
    CHECK(matches_glob("a\\", "a\\"));
}

TEST_CASE("glob: many stars cost no more than size times size") {
    const std::string text(2000, 'a');
    std::string pattern;
    for (int i = 0; i < 500; ++i) {
        pattern += "*a";
    }
    CHECK(matches_glob(pattern, text));
    CHECK_FALSE(matches_glob(pattern + "b", text));
}

}  // namespace
}  // namespace wsproof::test
