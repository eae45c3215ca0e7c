#include <catch2/catch.hpp>
#include <set>
#include <string_view>
#include <wsproof/error.hpp>

namespace wsproof {
namespace {

TEST_CASE("error: every row has a name of its own, a clause and a sentence") {
    std::set<std::string_view> names;
    for (unsigned i = 0; i < kErrorCount; ++i) {
        const ErrorInfo& row = info(static_cast<Error>(i));
        INFO(row.name);
        CHECK(names.insert(row.name).second);
        CHECK_FALSE(row.text.empty());
        CHECK(row.text.size() <= 123);  // it goes out as the reason of a Close
        const bool is_cited = row.citation.starts_with("RFC ");
        CHECK(is_cited == (i != 0));
    }
}

TEST_CASE("error: rows are found by their enumerator") {
    CHECK(info(Error::none).name == "none");
    CHECK(info(Error::orphan_continuation).name == "orphan_continuation");
    CHECK(info(Error::orphan_continuation).kind == ErrorKind::protocol);
    CHECK(info(Error::aborted).name == "aborted");
    CHECK(info(static_cast<Error>(255)).name == "none");
}

TEST_CASE("error: the close code of every row may appear on the wire, or there is none") {
    for (unsigned i = 0; i < kErrorCount; ++i) {
        const CloseCode code = info(static_cast<Error>(i)).close_code;
        CHECK((code == CloseCode::no_status || is_sendable(code)));
    }
    CHECK(info(Error::reserved_bits).close_code == CloseCode::protocol_error);
    CHECK(info(Error::invalid_utf8).close_code == CloseCode::invalid_payload);
    CHECK(info(Error::frame_too_big).close_code == CloseCode::message_too_big);
    CHECK(info(Error::message_too_big).close_code == CloseCode::message_too_big);
}

TEST_CASE("error: codes that may be sent are those of the registry, all 65536 of them") {
    for (unsigned value = 0; value <= 0xFFFF; ++value) {
        const bool expected = (value >= 1000 && value <= 1003) ||
                              (value >= 1007 && value <= 1014) || (value >= 3000 && value <= 4999);
        if (is_sendable(static_cast<CloseCode>(value)) != expected) {
            FAIL(value);
        }
    }
}

}  // namespace
}  // namespace wsproof
