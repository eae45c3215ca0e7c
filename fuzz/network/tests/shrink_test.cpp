// Delta debugging, and what makes two failures one finding.
#include "shrink.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "finding.hpp"
#include "generator.hpp"

namespace wsproof::netfuzz {
namespace {

std::size_t alike_if(const std::vector<Program>& programs,
                     const std::function<bool(const Program&)>& fails) {
    return static_cast<std::size_t>(std::find_if(programs.begin(), programs.end(), fails) -
                                    programs.begin());
}

Program shrunk(const Program& program, const std::function<bool(const Program&)>& fails,
               std::size_t width = 4) {
    return shrink(
        program, [&](const std::vector<Program>& some) { return alike_if(some, fails); },
        [] { return false; }, width);
}

bool has_item(const Program& program, const std::function<bool(const Json&)>& is) {
    return std::any_of(program.acts.begin(), program.acts.end(), [&](const Act& act) {
        return std::any_of(act.items.begin(), act.items.end(), is);
    });
}

}  // namespace

TEST_CASE("Shrink: what the failure needs is left, and nothing else") {
    const Setting setting{.deflates = true};
    const auto fails = [](const Program& program) {
        return has_item(program, [](const Json& item) { return item.contains("rsv"); });
    };
    Random random(1);
    int shrunken = 0;
    for (int i = 0; i < 300; ++i) {
        const Program program = make_program(random, setting);
        if (!fails(program)) {
            continue;
        }
        for (const std::size_t width : {std::size_t{1}, std::size_t{8}}) {
            const Program small = shrunk(program, fails, width);
            CHECK(small.acts.size() == 1);
            CHECK(small.acts[0].items.size() == 1);
            CHECK(small.acts[0].cut.is_null());
            CHECK(small.acts[0].items[0].value("payload", Json("")) == "");
        }
        ++shrunken;
    }
    CHECK(shrunken > 10);
}

TEST_CASE("Shrink: sizes go down to where the failure begins") {
    const Program large{{{.kind = Act::Kind::send,
                          .items = {{{"message", "binary"},
                                     {"payload", {{"generate", "counter"}, {"size", 70000}}}}}}}};
    const Program small = shrunk(large, [](const Program& program) {
        const Json& payload = program.acts[0].items[0]["payload"];
        return payload.is_object() && payload.value("size", 0) >= 126;
    });
    CHECK(small.acts[0].items[0]["payload"]["size"] == 126);
    CHECK(small.acts[0].items[0]["message"] == "text");
}

TEST_CASE("Shrink: a cut that is needed stays, its others go") {
    const Program program{{{.kind = Act::Kind::send,
                            .items = {{{"message", "text"}, {"payload", "Hello"}}},
                            .cut = {{"at", {3, 7}}},
                            .pause_ms = 5}}};
    const Program small = shrunk(program, [](const Program& each) {
        return each.acts[0].cut.is_object() &&
               each.acts[0].cut.dump().find('7') != std::string::npos;
    });
    CHECK(small.acts[0].cut == Json({{"at", {7}}}));
    CHECK(small.acts[0].pause_ms == 0);
}

TEST_CASE("Shrink: each candidate is smaller, so that it ends") {
    Random random(2);
    for (int i = 0; i < 100; ++i) {
        const Program program = make_program(random, {.deflates = true});
        for (const Program& each : smaller(program)) {
            CHECK(size_of(each) < size_of(program));
        }
    }
}

TEST_CASE("Causes: a violation that is passed over is one finding whatever stands around it") {
    const Cause cause{.what = "expected a failure, got text", .row = "6455-5.2-3"};
    Finding finding{.cause = cause};
    finding.trials.emplace_back();
    finding.trials.front().prediction.tags = {"rsv", "text"};
    CHECK(covers(finding, cause, {"rsv"}));
    CHECK_FALSE(covers(finding, {.what = cause.what, .row = "6455-5.2-4"}, {"rsv", "text"}));
}

TEST_CASE("Causes: an echo that does not come is another finding if it takes less to be lost") {
    Finding finding{.cause = {.what = "expected a message, got silence",
                              .row = "6455-5.4-2",
                              .is_exact = false}};
    finding.trials.emplace_back();
    finding.trials.front().prediction.tags = {"fragments", "text"};
    const Cause other{
        .what = "expected a message, got silence", .row = "6455-5.2-6", .is_exact = false};
    CHECK(covers(finding, other, {"fragments", "text", "large"}));
    CHECK_FALSE(covers(finding, other, {"text", "large"}));
}

TEST_CASE("Reactions: a sequence of kinds, repetitions once") {
    conformance::CaseResult result;
    using Kind = conformance::Entry::Kind;
    const auto came = [&](const char* summary) {
        result.transcript.push_back({.kind = Kind::received, .summary = summary});
    };
    came("HTTP: HTTP/1.1 101 Switching Protocols");
    came("Text FIN 5 bytes: \"Hello\"");
    came("Text FIN 7 bytes: \"Goodbye\"");
    result.transcript.push_back(
        {.kind = Kind::sent, .connection = "", .summary = "Text FIN 5 bytes"});
    result.transcript.push_back(
        {.kind = Kind::received,
         .summary = "Close 2 bytes",
         .bytes = {std::byte{0x88}, std::byte{2}, std::byte{3}, std::byte{0xEA}}});
    CHECK(reactions(result) == "101 data Close-1002");
}

}  // namespace wsproof::netfuzz
