#include "known_fields.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace wsproof::test {
namespace {

TEST_CASE("KnownFields: each name is known in any case, and nothing that is like it") {
    const std::vector<std::string> names = {"host",
                                            "origin",
                                            "upgrade",
                                            "connection",
                                            "content-length",
                                            "transfer-encoding",
                                            "sec-websocket-key",
                                            "sec-websocket-accept",
                                            "sec-websocket-version",
                                            "sec-websocket-protocol",
                                            "sec-websocket-extensions"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto expected = static_cast<KnownField>(i);
        std::string name = names[i];
        CHECK(known_field(name) == expected);
        for (char& c : name) {
            const char lower = c;
            c = lower == '-' ? '-' : static_cast<char>(lower - 'a' + 'A');
            CHECK(known_field(name) == expected);
            c = '_';
            CHECK(known_field(name) == KnownField::other);
            c = lower == '-' ? '-' : static_cast<char>(lower - 'a' + 'A');
        }
        CHECK(known_field(name) == expected);
        CHECK(known_field(name + "x") == KnownField::other);
        CHECK(known_field(name.substr(1)) == KnownField::other);
    }
    CHECK(known_field("") == KnownField::other);
}

TEST_CASE("KnownFields: counted and found, list tokens over several lines") {
    const std::vector<Field> list = {{"Date", "0"},
                                     {"connection", "keep-alive ,\tfoo"},
                                     {"Upgrade", "websocketx"},
                                     {"Keep", "Upgrade"},
                                     {"CONNECTION", ",upGRADE,"}};
    const KnownFields fields(list);
    CHECK(fields.count(KnownField::connection) == 2);
    CHECK(fields.count(KnownField::host) == 0);
    CHECK(fields.first(KnownField::upgrade) == "websocketx");
    CHECK(fields.first(KnownField::host).empty());
    CHECK(fields.from(KnownField::upgrade).size() == 3);
    CHECK(fields.from(KnownField::host).empty());
    CHECK(has_list_token(fields, KnownField::connection, "Upgrade"));
    CHECK(has_list_token(fields, KnownField::connection, "foo"));
    CHECK_FALSE(has_list_token(fields, KnownField::connection, "keep"));
    CHECK_FALSE(has_list_token(fields, KnownField::upgrade, "websocket"));
    CHECK_FALSE(has_list_token(fields, KnownField::host, "Upgrade"));
}

}  // namespace
}  // namespace wsproof::test
