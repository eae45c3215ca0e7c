// loglevel: query and set; what the sink gets.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("loglevel: default error; set to any of the five, and queried") {
    HubFixture f;
    CHECK(f.hub.loglevel().value == "error");
    for (const char* level : {"debug", "info", "notice", "warn", "error"}) {
        CHECK(f.hub.loglevel(level).value == level);
        CHECK(f.hub.loglevel().value == level);
    }
}

TEST_CASE("loglevel: an unknown level is an error that lists them, and changes nothing") {
    HubFixture f;
    CHECK(f.hub.loglevel("warn").value == "warn");
    for (const char* level : {"loud", "WARN", "war"}) {
        const auto result = f.hub.loglevel(level);
        CHECK(result.error.kind == HubErrorKind::unknown_name);
        CHECK(result.error.text.find("notice") != std::string::npos);
    }
    CHECK(f.hub.loglevel().value == "warn");
}

TEST_CASE("loglevel: the sink gets that level and those above") {
    HubFixture f;
    f.hub.log(LogLevel::warn, 1, "not yet");
    f.hub.log(LogLevel::error, 1, "a handler threw");
    CHECK(f.log.lines == Lines{"4 1 a handler threw"});
    CHECK(f.hub.loglevel("info"));
    f.hub.log(LogLevel::debug, 2, "too low");
    f.hub.log(LogLevel::info, 2, "told");
    CHECK(f.log.lines.back() == "1 2 told");
    const SocketId socket = f.take_over(true);
    CHECK(f.feed(socket, "81 00"_hex).size() == 1);
    CHECK(f.log.lines.back().starts_with("3 " + std::to_string(socket)));  // warn: it failed
    Hub silent({}, f.entropy, Time{});
    silent.log(LogLevel::error, 0, "nobody hears it");
}

}  // namespace
}  // namespace wsproof::test
