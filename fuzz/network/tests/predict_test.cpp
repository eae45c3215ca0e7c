// Programs and what is predicted of them.
#include "predict.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "arena.hpp"
#include "catalogue.hpp"
#include "clauses.hpp"
#include "finding.hpp"
#include "generator.hpp"
#include "reference_peer.hpp"
#include "scenario_load.hpp"

namespace wsproof::netfuzz {
namespace {

const Setting kServer{.deflates = true};
const Setting kClient{.peer = conformance::Role::client, .deflates = true};

Program sends(std::vector<Json> items) {
    return {{{.kind = Act::Kind::send, .items = std::move(items)}}};
}

// expectations are the `expect` steps in order.
std::vector<Json> expectations(const Prediction& prediction) {
    std::vector<Json> found;
    for (const Json& step : prediction.steps) {
        if (step.contains("expect")) {
            found.push_back(step);
        }
    }
    return found;
}

bool has_offence(const Prediction& prediction) {
    return prediction.steps.dump().find("\"offence\":true") != std::string::npos;
}

}  // namespace

TEST_CASE("Predict: a message comes back as it is") {
    const auto expected =
        expectations(predict(sends({{{"message", "text"}, {"payload", "Hello"}}}), kServer));
    REQUIRE(expected.size() == 1);
    CHECK(expected[0]["expect"] == Json({{"message", "text"}, {"payload", "Hello"}}));
    CHECK(expected[0]["requires"] == "6455-5.6-3");
}

TEST_CASE("Predict: fragments are one message, and the Pong between them waits for its end") {
    const auto first =
        expectations(predict(sends({{{"frame", "text"}, {"fin", false}, {"payload", "Hel"}},
                                    {{"frame", "ping"}, {"payload", "hi"}}}),
                             kServer));
    CHECK(first.empty());
    const auto whole =
        expectations(predict(sends({{{"frame", "text"}, {"fin", false}, {"payload", "Hel"}},
                                    {{"frame", "ping"}, {"payload", "hi"}},
                                    {{"frame", "continuation"}, {"payload", "lo"}}}),
                             kServer));
    REQUIRE(whole.size() == 1);
    CHECK(whole[0]["expect"]["unordered"] ==
          Json::array({{{"message", "text"}, {"payload", "Hello"}}, {{"pongs", {"hi"}}}}));
    CHECK(whole[0]["requires"] == "6455-5.4-8");
}

TEST_CASE("Predict: an offence ends what is said, and what was sent before may still come") {
    const Prediction prediction = predict(sends({{{"message", "text"}, {"payload", "before"}},
                                                 {{"frame", 3}, {"payload", "x"}},
                                                 {{"frame", "close"}, {"code", 1000}}}),
                                          kServer);
    REQUIRE(prediction.steps.size() == 2);
    CHECK(prediction.steps[0]["send"].size() == 2);
    CHECK(prediction.steps[0]["send"][1]["offence"] == true);
    CHECK(prediction.steps[1]["expect"]["failure"].is_array());
    CHECK(prediction.steps[1]["expect"]["allow"][0]["payload"] == "before");
    CHECK(prediction.steps[1]["requires"] == "6455-5.2-4");
}

TEST_CASE("Predict: the mask depends on the role") {
    CHECK(has_offence(
        predict(sends({{{"frame", "text"}, {"mask", false}, {"payload", "x"}}}), kServer)));
    CHECK_FALSE(has_offence(
        predict(sends({{{"frame", "text"}, {"mask", false}, {"payload", "x"}}}), kClient)));
    CHECK(has_offence(
        predict(sends({{{"frame", "text"}, {"mask", true}, {"payload", "x"}}}), kClient)));
}

TEST_CASE("Predict: invalid text in a first fragment is followed by the last one") {
    // A16: who checks whole messages only must be given one.
    const Prediction prediction = predict(
        sends({{{"frame", "text"}, {"fin", false}, {"payload", {{"hex", "ff"}}}}}), kServer);
    REQUIRE(prediction.steps[0]["send"].size() == 2);
    CHECK(prediction.steps[0]["send"][1]["frame"] == "continuation");
}

TEST_CASE("Predict: what the RFC leaves open is no failure") {
    // A20: a length that is too long may be taken; what comes of it is then the message.
    const auto length = expectations(
        predict(sends({{{"frame", "text"}, {"length", "64"}, {"payload", "x"}}}), kServer));
    REQUIRE(length.size() == 1);
    CHECK(length[0]["expect"]["any"][1]["verdict"] == "non-strict");
    // A12, A14, A15: a bad Close may be taken for a good one.
    for (const Json& close :
         {Json({{"frame", "close"}, {"code", 2000}}),
          Json({{"frame", "close"}, {"payload", {{"hex", "03"}}}}),
          Json({{"frame", "close"}, {"code", 1000}, {"reason", {{"hex", "ff"}}}})}) {
        const auto expected = expectations(predict(sends({close}), kServer));
        REQUIRE(expected.size() == 1);
        CHECK(expected[0]["expect"]["any"].dump().find("non-strict") != std::string::npos);
    }
    // A25: nobody has to take an enormous frame.
    CHECK(expectations(predict(sends({{{"frame", "binary"},
                                       {"length", "64"},
                                       {"declared", "0x0000000080000000"},
                                       {"payload", ""}}}),
                               kServer))
              .empty());
}

TEST_CASE("Predict: a length in too long a form is one, on control frames too") {
    const auto expected = expectations(
        predict(sends({{{"frame", "ping"}, {"length", "16"}, {"payload", "x"}}}), kServer));
    REQUIRE(expected.size() == 1);
    CHECK(expected[0]["requires"] == "6455-5.2-8");
    CHECK(expected[0]["expect"]["any"][1] ==
          Json({{"pong", "x"}, {"verdict", "non-strict"}, {"because", "A20"}}));
}

TEST_CASE("Predict: the Pong of a good Ping is not taken for that of a bad one like it") {
    const Program twice = sends({{{"frame", "ping"}, {"payload", "same"}},
                                 {{"frame", "ping"}, {"rsv", 4}, {"payload", "same"}}});
    CHECK(expectations(predict(twice, {})).empty());
}

TEST_CASE("Predict: a compressed message of no bytes may be none") {
    // A36.
    const Program opened{{{.kind = Act::Kind::open,
                           .opening = {.name = "deflate",
                                       .step = {{"deflate", "permessage-deflate"}},
                                       .deflates = true}},
                          {.items = {{{"frame", "text"}, {"rsv", 4}, {"payload", ""}}}}}};
    CHECK(expectations(predict(opened, kServer)).empty());
}

TEST_CASE("Predict: a Pong that may have come while an echo was awaited is not awaited") {
    const Program program{{{.items = {{{"message", "text"}, {"payload", "one"}},
                                      {{"frame", "text"}, {"fin", false}, {"payload", "t"}},
                                      {{"frame", "ping"}, {"payload", "early"}}}},
                           {.items = {{{"frame", "continuation"}, {"payload", "wo"}}}}}};
    for (const Json& each : expectations(predict(program, kServer))) {
        CHECK(each.dump().find("early") == std::string::npos);
    }
}

TEST_CASE("Predict: a stream is corrupt only if nothing could make it whole") {
    const auto of = [](std::vector<Json> items) {
        Program opened{{{.kind = Act::Kind::open,
                         .opening = {.name = "deflate",
                                     .step = {{"deflate", "permessage-deflate"}},
                                     .deflates = true}},
                        {.items = std::move(items)}}};
        return expectations(predict(opened, kServer));
    };
    const auto frame = [](Json payload) {
        return Json({{"frame", "binary"}, {"rsv", 4}, {"payload", std::move(payload)}});
    };
    const Json back = {{"distance", 3}, {"length", 5}};
    const Json far = {{"deflate", Json::array({{{"block", "fixed"}, {"tokens", {"ab", back}}}})}};
    CHECK(of({frame({{"hex", "07"}})}).size() == 1);  // a reserved kind of block
    CHECK(of({frame({{"hex", "f2"}})}).empty());      // cut
    CHECK(of({frame(far)}).size() == 1);
    // After another message it depends on what was agreed.
    const Json first = {{"message", "text"}, {"payload", "abc"}, {"compress", true}};
    const auto later = of({first, frame(far)});
    CHECK(std::none_of(later.begin(), later.end(), [](const Json& each) {
        return each.dump().find("failure") != std::string::npos;
    }));
}

TEST_CASE("Predict: nothing is expected of a frame that does not end") {
    // Who gathers a frame before it looks at it waits for the rest.
    const auto of = [](std::vector<Json> items) {
        return expectations(predict(sends(std::move(items)), kServer));
    };
    CHECK(of({{{"frame", 3}, {"declared", 9}, {"payload", "begins"}}}).empty());
    CHECK(of({{{"raw", {{"hex", "c1"}}}}, {{"frame", "ping"}, {"payload", "be"}}}).empty());
    CHECK(of({{{"frame", "text"},
               {"length", "64"},
               {"declared", "0x8000000000000000"},
               {"payload", ""}}})
              .size() == 1);
}

TEST_CASE("Predict: a large message may meet a limit") {
    const auto expected = expectations(predict(
        sends({{{"message", "binary"}, {"payload", {{"fill", "x"}, {"size", 70000}}}}}), kServer));
    REQUIRE(expected.size() == 1);
    CHECK(expected[0]["expect"]["any"][1]["verdict"] == "unsupported");
}

TEST_CASE("Predict: nothing is echoed by who does not echo") {
    Setting silent = kServer;
    silent.echoes = false;
    CHECK(expectations(predict(sends({{{"message", "text"}, {"payload", "Hello"}}}), silent))
              .empty());
    CHECK(
        expectations(predict(sends({{{"frame", "ping"}, {"payload", "Hello"}}}), silent)).size() ==
        1);
}

TEST_CASE("Generator: every valid dialogue is accepted by the reference engine") {
    for (const Setting& setting : {kServer, kClient}) {
        Random random(7);
        std::size_t messages = 0;
        for (int i = 0; i < 500; ++i) {
            const Program program = valid_program(random, setting);
            const Prediction prediction = predict(program, setting);
            if (has_offence(prediction)) {
                FAIL_CHECK(prediction.steps.dump());
            }
            messages += expectations(prediction).size();
        }
        CHECK(messages > 500);
    }
}

TEST_CASE("Generator: the same seed makes the same programs") {
    Random one(11);
    Random two(11);
    for (int i = 0; i < 50; ++i) {
        CHECK(predict(make_program(one, kServer), kServer).steps ==
              predict(make_program(two, kServer), kServer).steps);
    }
}

TEST_CASE("Generator: every kind of violation is made") {
    Random random(3);
    std::set<std::string> seen;
    for (int i = 0; i < 1500; ++i) {
        const Prediction prediction = predict(make_program(random, kServer), kServer);
        for (const std::string& tag : prediction.tags) {
            if (tag.starts_with("offence:")) {
                seen.insert(tag.substr(8, tag.find(':', 8) - 8));
            }
        }
    }
    for (const char* error :
         {"reserved_bits", "reserved_opcode", "missing_mask", "length_not_minimal",
          "length_msb_set", "fragmented_control", "long_control", "orphan_continuation",
          "interrupted_message", "invalid_utf8", "bad_deflate", "one_byte_close",
          "invalid_close_code"}) {
        INFO(error);
        CHECK(seen.contains(error));
    }
}

TEST_CASE("Findings: what is made, mutated and written down is a valid scenario file") {
    const conformance::Catalogue catalogue(conformance::data_directory());
    for (const Setting& setting : {kServer, kClient}) {
        Random random(5);
        Finding finding{.cause = {.what = "expected a failure, got text", .row = "6455-5.2-4"},
                        .name = "many"};
        Program last;
        for (int i = 0; i < 26; ++i) {
            Program program = make_program(random, setting);
            for (int k = 0; k < 20; ++k) {
                mutate(program, last, random, setting);
            }
            last = program;
            Trial trial = trial_of(std::move(program), setting);
            if (!trial.played.steps.empty()) {
                finding.trials.push_back(std::move(trial));
            }
        }
        const auto path = std::filesystem::temp_directory_path() / "wsproof-netfuzz-test.json";
        std::ofstream(path) << suite_of(finding, catalogue, setting.peer).dump();
        const std::vector<std::filesystem::path> paths = {path};
        const conformance::Library library = load(paths, catalogue);
        std::filesystem::remove(path);
        for (const conformance::LoadError& error : library.errors) {
            FAIL_CHECK(error.to_string());
        }
        CHECK(library.cases.size() == finding.trials.size());
    }
}

TEST_CASE("Clauses: every row that is cited is in the catalogue") {
    const conformance::Catalogue catalogue(conformance::data_directory());
    Random random(9);
    std::set<std::string> cited;
    for (const Setting& setting : {kServer, kClient}) {
        for (int i = 0; i < 500; ++i) {
            const Prediction prediction = predict(make_program(random, setting), setting);
            cited.insert(prediction.rows.begin(), prediction.rows.end());
        }
    }
    CHECK(cited.size() > 20);
    for (const std::string& row : cited) {
        INFO(row);
        CHECK(catalogue.requirement(row) != nullptr);
    }
}

}  // namespace wsproof::netfuzz
