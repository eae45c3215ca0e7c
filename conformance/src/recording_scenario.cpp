#include "recording_scenario.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string_view>

#include "payload_spelling.hpp"
#include "recording_turns.hpp"

namespace wsproof::conformance {

namespace {

using Kind = Said::Kind;

constexpr std::size_t kUnorderedMax =
    100;  // a longer turn is a stream, whose order means something
// What comes this much later than the client spoke was not asked for, or takes its time: the player
// waits for it first, since it speaks sooner than whoever was recorded.
constexpr double kPrompt = 1'000;     // ms
constexpr double kWaitedFor = 2'000;  // ms, that a player waits for in any case
constexpr double kPauseMax = 20'000;  // ms of one step

constexpr std::array<std::string_view, 6> kOwnFields = {"Host",
                                                        "Upgrade",
                                                        "Connection",
                                                        "Sec-WebSocket-Key",
                                                        "Sec-WebSocket-Version",
                                                        "Sec-WebSocket-Extensions"};
constexpr std::string_view kProtocol = "Sec-WebSocket-Protocol";
constexpr std::string_view kExtensionsField = "Sec-WebSocket-Extensions";

Json spelt(std::string_view text) {
    return spelling_of(std::as_bytes(std::span(text)));
}

// is_usual: a player sends this by itself. Where the client's handshake departs from that, it is
// part of what was recorded.
bool is_usual(const wire::HttpField& field) {
    const auto named = [&](std::string_view name) {
        return wire::equal_ignoring_case(field.name, name);
    };
    return (named("Upgrade") && wire::equal_ignoring_case(field.value, "websocket")) ||
           (named("Connection") && wire::equal_ignoring_case(field.value, "upgrade")) ||
           (named("Sec-WebSocket-Key") && field.value.size() == 24) ||
           (named("Sec-WebSocket-Version") && field.value == "13") || named("Host") ||
           named(kExtensionsField);
}

Json request_of(const wire::HttpRequest& request, const std::string& target) {
    Json step = Json::object();
    if (request.method != "GET" && wire::is_token(request.method)) {
        step["method"] = request.method;
    }
    if (request.target != target) {
        std::string asked = request.target;
        for (std::size_t at = asked.find("${"); at != std::string::npos; at = asked.find("${")) {
            asked.replace(at, 1, "%24");  // no parameter of ours
        }
        step["target"] = asked;
    }
    Json set = Json::object();
    Json add = Json::array();
    for (const wire::HttpField& field : request.fields) {
        if (!wire::is_token(field.name) || is_usual(field)) {
            continue;
        }
        if (set.contains(field.name)) {
            add.push_back(Json::array({field.name, spelt(field.value)}));
        } else {
            set[field.name] = spelt(field.value);
        }
    }
    Json remove = Json::array();
    for (const std::string_view own : kOwnFields) {
        if (own != kExtensionsField && request.values(own).empty()) {
            remove.push_back(own);
        }
    }
    Json extensions = Json::array();
    for (const std::string_view line : request.values(kExtensionsField)) {
        extensions.push_back(spelt(line));
    }
    for (auto& [key, value] : {std::pair<const char*, Json&>{"set", set},
                               {"remove", remove},
                               {"add", add},
                               {"extensions", extensions}}) {
        if (!value.empty()) {
            step[key] = std::move(value);
        }
    }
    return {{"request", std::move(step)}};
}

Json expect_of(Json what, const char* row) {
    return {{"expect", std::move(what)}, {"requires", row}};
}

Json answer_of(const Recording& recording) {
    if (!recording.response()) {
        return expect_of({{"refused", true}}, "6455-4.2.2-7");
    }
    const wire::HttpResponse& response = *recording.response();
    if (!recording.is_open()) {
        return expect_of({{"refused", {{"status", Json::array({response.status})}}}},
                         "6455-4.2.2-7");
    }
    Json opened = Json::object();
    const auto chosen = response.values(kProtocol);
    if (!chosen.empty()) {
        const bool is_plain = chosen.size() == 1 && wire::is_token(chosen.front());
        opened["headers"] = {
            {kProtocol, is_plain ? Json({{"is", chosen.front()}}) : Json("present")}};
    } else if (!recording.request().values(kProtocol).empty()) {
        opened["headers"] = {{kProtocol, "absent"}};
    }
    if (!recording.request().values(kExtensionsField).empty()) {
        opened["deflate"] = recording.deflates();
    }
    return expect_of({{"opened", opened.empty() ? Json(true) : std::move(opened)}},
                     "6455-4.2.2-17");
}

const char* type_of(std::uint8_t opcode) {
    return opcode == 1 ? "text" : "binary";
}

Json message_of(const Said& said) {
    Json item = {{"message", type_of(said.opcode)}, {"payload", spelling_of(said.payload)}};
    const auto& sizes = said.fragments;
    const bool is_even = !sizes.empty() && sizes.front() > 0 &&
                         std::all_of(sizes.begin(), sizes.end(),
                                     [&](std::uint64_t size) { return size == sizes.front(); });
    const std::uint64_t rest = said.payload.size() - (is_even ? sizes.size() * sizes.front() : 0);
    if (is_even && !said.is_compressed && rest > 0 && rest <= sizes.front()) {
        item["fragment_size"] = sizes.front();
    } else if (!sizes.empty()) {
        item["fragments"] = sizes;  // of what is compressed: as far as it goes
    }
    if (said.is_compressed) {
        item["compress"] = true;
    }
    return item;
}

Json close_of(const Said& said) {
    Json item = {{"frame", "close"}};
    if (const auto code = close_code(said.payload)) {
        item["code"] = *code;
        if (said.payload.size() > 2) {
            item["reason"] = spelling_of(wire::ByteView(said.payload).subspan(2));
        }
    }
    return item;
}

Json frame_of(const wire::Frame& frame) {
    Json item = {{"frame", frame.opcode}, {"fin", frame.fin}};
    if (frame.rsv != 0) {
        item["rsv"] = frame.rsv;
    }
    if (!frame.masked) {
        item["mask"] = false;
    }
    if (frame.length != wire::LengthForm::minimal) {
        item["length"] = frame.length == wire::LengthForm::bits16 ? "16" : "64";
    }
    item["payload"] = spelling_of(frame.payload);
    return item;
}

// frames_of: what breaks the RFC is sent as it was, with what there was of its message.
void append_offence(Json& items, const Said& said) {
    std::size_t offset = 0;
    for (std::size_t i = 0; i < said.fragments.size(); ++i) {
        const wire::ByteView payload(said.payload);
        items.push_back({{"frame", i == 0 ? said.opcode : 0},
                         {"fin", false},
                         {"rsv", i == 0 && said.is_compressed ? 4 : 0},
                         {"payload", spelling_of(payload.subspan(
                                         offset, static_cast<std::size_t>(said.fragments[i])))}});
        offset += static_cast<std::size_t>(said.fragments[i]);
    }
    Json frame = frame_of(*said.offending);
    frame["offence"] = true;
    items.push_back(std::move(frame));
}

Json sent_of(const Turn& turn) {
    Json items = Json::array();
    for (const Said* said : turn.said) {
        switch (said->kind) {
            case Kind::message:
                items.push_back(message_of(*said));
                break;
            case Kind::ping:
            case Kind::pong:
                items.push_back({{"frame", said->kind == Kind::ping ? "ping" : "pong"},
                                 {"payload", spelling_of(said->payload)}});
                break;
            case Kind::close:
                items.push_back(close_of(*said));
                break;
            case Kind::offence:
                append_offence(items, *said);
                break;
        }
    }
    return {{"send", items.size() == 1 ? items[0] : items}};
}

// ScenarioWriter writes the steps of one connection.
class ScenarioWriter {
  public:
    ScenarioWriter(const Recording& recording, const RecordingOptions& options)
        : recording_(recording), options_(options) {}

    Json steps(const std::string& target) {
        steps_.push_back(request_of(recording_.request(), target));
        steps_.push_back(answer_of(recording_));
        if (recording_.is_open()) {
            std::vector<Turn> turns = turns_of(recording_.said());
            while (!recording_.stopped().empty() && !turns.empty() &&
                   turns.back().answers.empty() && turns.back().pongs.empty() &&
                   turns.back().closed == nullptr) {
                turns.pop_back();  // whatever the answer was, it was not waited for
            }
            for (const Turn& turn : turns) {
                add_turn(turn);
            }
            add_end();
        }
        return std::move(steps_);
    }

  private:
    void add_turn(const Turn& turn) {
        if (!turn.said.empty()) {
            steps_.push_back(sent_of(turn));
            for (const Said* said : turn.said) {
                we_closed_ = we_closed_ || said->kind == Kind::close;
                offended_ = offended_ || said->kind == Kind::offence;
            }
        }
        const std::size_t count = turn.answers.size() + (turn.pongs.empty() ? 0 : 1);
        const bool is_mixed = turn.is_pushed && !options_.in_order;
        if (count > 1 && count <= kUnorderedMax && (is_mixed || !turn.pongs.empty())) {
            add_unordered(turn);
        } else {
            if (!turn.pongs.empty() && turn.answers.empty()) {
                steps_.push_back(expect_of(pongs_of(turn), "6455-5.5.2-2"));
            }
            for (const Said* answer : turn.answers) {
                wait_for(*answer, turn);
                steps_.push_back(expect_of(expected(*answer), "6455-6.2-4"));
            }
        }
        if (turn.closed != nullptr) {
            wait_for(*turn.closed, turn);
            add_close(*turn.closed);
        }
    }

    static Json expected(const Said& answer) {
        return {{"message", type_of(answer.opcode)}, {"payload", spelling_of(answer.payload)}};
    }

    // Who gets several Pings may answer the latest alone (RFC 6455 §5.5.3).
    static Json pongs_of(const Turn& turn) {
        if (turn.pongs.size() == 1) {
            return {{"pong", spelling_of(turn.pongs.front()->payload)}};
        }
        Json list = Json::array();
        for (const Said* pong : turn.pongs) {
            list.push_back(spelling_of(pong->payload));
        }
        return {{"pongs", std::move(list)}};
    }

    void add_unordered(const Turn& turn) {
        Json list = Json::array();
        if (!turn.pongs.empty()) {
            list.push_back(pongs_of(turn));
        }
        for (const Said* answer : turn.answers) {
            list.push_back(expected(*answer));
        }
        if (!turn.answers.empty()) {
            wait_for(*turn.answers.back(), turn);
        }
        steps_.push_back(expect_of({{"unordered", std::move(list)}}, "6455-6.2-4"));
    }

    void add_close(const Said& closed) {
        const auto code = close_code(closed.payload);
        const Json said = code ? Json(*code) : Json("empty");
        if (offended_) {
            steps_.push_back(expect_of({{"failure", Json::array({said})}}, "6455-7.1.7-1"));
            they_ended_ = true;
        } else {
            steps_.push_back(expect_of({{"close", said}}, "6455-5.5.1-7"));
        }
        they_closed_ = true;
    }

    void add_end() {
        if (!recording_.stopped().empty() || !recording_.end() || they_ended_) {
            return;
        }
        if (recording_.end()->by == Role::server) {
            steps_.push_back(expect_of({{"eof", true}}, "6455-7.1.1-1"));
        } else if (!we_closed_ || !they_closed_) {
            steps_.push_back(recording_.end()->by_reset ? Json({{"reset", true}})
                                                        : Json({{"drop", true}}));
        }
    }

    void wait_for(const Said& answer, const Turn& turn) {
        if (answer.ms - turn.asked_ms <= kPrompt || answer.ms - waited_ <= kWaitedFor) {
            return;
        }
        double left = std::ceil((answer.ms - waited_ - kPrompt) / 100) * 100;
        waited_ += left;
        for (; left > 0; left -= kPauseMax) {
            steps_.push_back({{"pause_ms", static_cast<int>(std::min(left, kPauseMax))}});
        }
    }

    const Recording& recording_;
    const RecordingOptions& options_;
    Json steps_ = Json::array();
    double waited_ = 0;  // ms of the recording that a replay has waited for at least
    bool we_closed_ = false;
    bool they_closed_ = false;
    bool they_ended_ = false;
    bool offended_ = false;
};

std::string counted(const Recording& recording) {
    std::array<std::size_t, 2> counts{};
    for (const Said& said : recording.said()) {
        counts[said.by == Role::client ? 0 : 1] += said.kind == Kind::message ? 1 : 0;
    }
    return std::to_string(counts[0]) + (counts[0] == 1 ? " message" : " messages") + " to and " +
           std::to_string(counts[1]) + " from the server";
}

}  // namespace

Json suite_of(std::span<const Recording* const> recordings, const std::string& target,
              const RecordingOptions& options) {
    Json scenarios = Json::array();
    std::size_t number = 0;
    for (const Recording* recording : recordings) {
        ++number;
        if (!recording->response() && !recording->end()) {
            continue;
        }
        std::string title = "Connection " + std::to_string(number) + " (" + counted(*recording) +
                            "): the server does again what was recorded";
        Json scenario = {{"id", "connection-" + std::to_string(number)}, {"title", title}};
        if (!recording->stopped().empty()) {
            scenario["why"] = "Recorded in part: " + recording->stopped() + ".";
        }
        scenario["requires"] = Json::array({"6455-6.2-4"});
        scenario["under_test"] = "server";
        scenario["level"] = "must";
        scenario["steps"] = ScenarioWriter(*recording, options).steps(target);
        scenarios.push_back(std::move(scenario));
    }
    std::string name;
    for (const char c : options.name.substr(0, 80)) {
        const bool is_upper = c >= 'A' && c <= 'Z';
        const bool is_kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
        name += is_upper ? static_cast<char>(c + 32) : is_kept ? c : '-';
    }
    return {{"suite", "recorded/" + (name.empty() ? "recording" : name)},
            {"version", 1},
            {"section", "6"},
            {"title", "Recorded"},
            {"scenarios", std::move(scenarios)}};
}

}  // namespace wsproof::conformance
