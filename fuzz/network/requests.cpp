// Opening handshakes for servers.
#include <array>

#include "openings.hpp"

namespace wsproof::netfuzz {

namespace {

constexpr std::uint64_t kHeadSize = 160;

using Maker = Opening (*)(Random&);

std::string token(Random& random) {
    std::string text = "x";
    for (std::uint64_t i = random.below(10); i > 0; --i) {
        text += static_cast<char>('a' + random.below(26));
    }
    return text;
}

std::string any_case(Random& random, std::string text) {
    for (char& each : text) {
        if (each >= 'a' && each <= 'z' && chance(random, 2)) {
            each = static_cast<char>(each - 'a' + 'A');
        }
    }
    return text;
}

Opening accepted(std::string name, Json request, std::string row) {
    return {.name = std::move(name),
            .step = {{"request", std::move(request)}},
            .expect = {{"expect", {{"opened", true}}}},
            .requires_row = std::move(row),
            .head_size = kHeadSize};
}

// answered is for what may be answered in several ways, none of which is followed by frames.
Opening answered(std::string name, Json request, std::string row, Json any, const char* because) {
    return {.name = std::move(name),
            .step = {{"request", std::move(request)}},
            .expect = {{"expect", {{"any", std::move(any)}}},
                       {"otherwise", "info"},
                       {"because", because}},
            .requires_row = std::move(row),
            .opens = false,
            .head_size = kHeadSize};
}

const Json kRefused = {{"refused", true}};

Json opened_is(const char* verdict, const char* because) {
    return {{"response", {{"status", {101}}}}, {"verdict", verdict}, {"because", because}};
}

Json field(const char* name, Json value) {
    return {{"remove", {name}}, {"add", Json::array({Json::array({name, std::move(value)})})}};
}

// What a server has to understand.

Opening names_in_case(Random& random) {
    return accepted("names-in-case", {{"names", chance(random, 2) ? "lower" : "upper"}},
                    "6455-4.1-45");
}

Opening reversed(Random&) {
    return accepted("reversed", {{"order", "reversed"}}, "6455-4.2.1-10");
}

Opening connection_list(Random& random) {
    std::string list;
    const std::uint64_t place = random.below(3);
    for (std::uint64_t i = 0; i < 3; ++i) {
        const std::string blank = chance(random, 2) ? ", " : chance(random, 3) ? " , " : ",";
        list += (i == 0 ? "" : blank) + (i == place          ? any_case(random, "upgrade")
                                         : chance(random, 2) ? "keep-alive"
                                                             : token(random));
    }
    return accepted("connection-list", {{"set", {{"Connection", list}}}}, "6455-4.2.1-7");
}

Opening connection_lines(Random& random) {
    const bool is_first = chance(random, 2);
    return accepted(
        "connection-in-two-lines",
        {{"set", {{"Connection", is_first ? "Upgrade" : "keep-alive"}}},
         {"add", Json::array({Json::array({"Connection", is_first ? "keep-alive" : "Upgrade"})})}},
        "6455-4.2.1-7");
}

Opening tokens_in_case(Random& random) {
    return accepted("tokens-in-case",
                    {{"set",
                      {{"Upgrade", any_case(random, "websocket")},
                       {"Connection", any_case(random, "upgrade")}}}},
                    "6455-4.2.1-6");
}

Opening unknown_fields(Random& random) {
    constexpr std::array<const char*, 6> kValues = {
        "1", "bar", "", "a, b; c=\"d\"", "x:y: z", "gzip, deflate, br"};
    Json add = Json::array();
    for (std::uint64_t i = 1 + random.below(5); i > 0; --i) {
        add.push_back({"X-" + token(random), one_of(random, kValues)});
    }
    return accepted("unknown-fields", {{"add", std::move(add)}}, "6455-4.2.1-15");
}

Opening blanks_around_key(Random& random) {
    const Json key = {
        {"concat",
         {std::string(random.below(4), ' '), "${key}", std::string(1 + random.below(3), ' ')}}};
    return accepted("blanks-around-key", {{"set", {{"Sec-WebSocket-Key", key}}}}, "6455-4.2.2-8");
}

Opening plain_by_step(Random&) {
    return accepted("plain-request", Json::object(), "6455-4.2.1-1");
}

Opening early_ping(Random&) {
    Opening opening =
        accepted("early-ping", {{"then", Json::array({{{"frame", "ping"}, {"payload", "early"}}})}},
                 "6455-4.2.2-25");
    opening.expect["otherwise"] = "info";
    opening.expect["because"] = "A42";
    opening.opens = false;  // what became of the ping is open (A42)
    return opening;
}

Json deflate_answers(Json first) {
    Json answers = Json::array({std::move(first)});
    answers.push_back({{"refused", {{"status", {400, 403, 404, 426}}}},
                       {"verdict", "non-strict"},
                       {"note", "the whole handshake is refused, not the offer declined"}});
    answers.push_back({{"refused", true},
                       {"verdict", "fail"},
                       {"because", "A37"},
                       {"note", "an offer that could be declined is an error"}});
    return answers;
}

Opening good_offer(Random& random) {
    constexpr std::array<const char*, 4> kFlags = {"; server_no_context_takeover",
                                                   "; client_no_context_takeover",
                                                   "; client_max_window_bits", ""};
    std::string offer = "permessage-deflate" + std::string(one_of(random, kFlags));
    if (chance(random, 2)) {
        offer += "; server_max_window_bits=" + std::to_string(8 + random.below(8));
    }
    if (chance(random, 4)) {
        offer = "permessage-deflate; " + token(random) + ", " + offer;
    }
    Opening opening = answered("good-offer", {{"extensions", offer}}, "7692-5-6",
                               deflate_answers({{"opened", true}}), "A37");
    return opening;
}

// two_deflates: both want RSV1, so that at most one can be agreed to (RFC 7692 §5).
Opening two_deflates(Random&) {
    Json any = deflate_answers(
        {{"opened",
          {{"headers", {{"Sec-WebSocket-Extensions", {{"token", "x-webkit-deflate-frame"}}}}},
           {"deflate", true}}},
         {"verdict", "fail"},
         {"because", "A21"}});
    any.insert(any.begin() + 1, Json({{"opened", true}}));
    return answered("two-deflates", {{"extensions", "permessage-deflate, x-webkit-deflate-frame"}},
                    "7692-5-9", std::move(any), "A21");
}

// declined: what was not agreed is an offence later.
Opening declined(Random& random) {
    Opening opening = accepted(
        "declined-deflate", {{"extensions", "permessage-deflate; " + token(random)}}, "7692-5-14");
    const auto unsupported = [](const char* what) {
        return Json({{what, true}, {"verdict", "unsupported"}});
    };
    opening.expect = {{"expect",
                       {{"any", Json::array({{{"opened", {{"deflate", false}}}},
                                             unsupported("opened"),
                                             unsupported("refused")})}}}};
    return opening;
}

Opening unknown_subprotocol(Random& random) {
    const std::string one = token(random) + "-one";
    const std::string two = token(random) + "-two";
    Json request = field("Sec-WebSocket-Protocol", one + (chance(random, 2) ? ", " : ",") + two);
    if (chance(random, 3)) {
        request["add"] = Json::array({Json::array({"Sec-WebSocket-Protocol", one}),
                                      Json::array({"Sec-WebSocket-Protocol", two})});
    } else if (chance(random, 3)) {
        request = field("Sec-WebSocket-Protocol", one);
    }
    const Json any = Json::array(
        {{{"opened", {{"headers", {{"Sec-WebSocket-Protocol", "absent"}}}}}},
         kRefused,
         {{"opened", {{"headers", {{"Sec-WebSocket-Protocol", {{"one_of", {one, two}}}}}}}},
          {"verdict", "non-strict"},
          {"because", "A28"}},
         opened_is("fail", "A28")});
    return answered("unknown-subprotocol", std::move(request), "6455-4.2.2-11", any, "A28");
}

Opening unknown_extension(Random& random) {
    constexpr std::array<const char*, 4> kMore = {"", "; a; b=1", "; c=\"d\"", ", x-wsproof-two"};
    return answered(
        "unknown-extension", {{"extensions", "x-" + token(random) + one_of(random, kMore)}},
        "6455-9.1-10",
        Json::array({{{"opened", true}}, {{"refused", true}, {"verdict", "non-strict"}}}), "A5");
}

// What it has to refuse.

Opening refused(std::string name, Json request, std::string row, const char* because = "A1") {
    return answered(std::move(name), std::move(request), std::move(row),
                    Json::array({kRefused, opened_is("fail", because)}), because);
}

Opening other_method(Random& random) {
    constexpr std::array<const char*, 7> kMethods = {"POST", "HEAD", "OPTIONS", "PUT",
                                                     "get",  "GETX", "DELETE"};
    return refused("method", {{"method", one_of(random, kMethods)}}, "6455-4.2.1-2");
}

Opening other_http(Random& random) {
    return refused("http-version", {{"version", chance(random, 2) ? "HTTP/1.0" : "HTTP/0.9"}},
                   "6455-4.2.1-3");
}

Opening field_missing(Random& random) {
    constexpr std::array<std::pair<const char*, const char*>, 5> kFields = {
        {{"Host", "6455-4.2.1-5"},
         {"Upgrade", "6455-4.2.1-6"},
         {"Connection", "6455-4.2.1-7"},
         {"Sec-WebSocket-Key", "6455-4.2.1-8"},
         {"Sec-WebSocket-Version", "6455-4.2.1-9"}}};
    const auto& [name, row] = one_of(random, kFields);
    return refused("no-" + std::string(name), {{"remove", {name}}}, row);
}

Opening other_upgrade(Random& random) {
    constexpr std::array<const char*, 5> kValues = {"h2c", "foo", "", "TLS/1.0, HTTP/1.1", "web"};
    if (chance(random, 4)) {  // U+212A, which case folding of more than ASCII takes for a k
        return refused("upgrade-with-kelvin-sign",
                       {{"set", {{"Upgrade", {{"hex", "776562736f63e284aa6574"}}}}}}, "6455-2.1-2");
    }
    return refused("other-upgrade", {{"set", {{"Upgrade", one_of(random, kValues)}}}},
                   "6455-4.2.1-6");
}

Opening other_connection(Random& random) {
    constexpr std::array<const char*, 4> kValues = {"keep-alive", "close", "", "websocket"};
    return refused("other-connection", {{"set", {{"Connection", one_of(random, kValues)}}}},
                   "6455-4.2.1-7");
}

Opening empty_key(Random&) {
    return refused("empty-key", {{"set", {{"Sec-WebSocket-Key", ""}}}}, "6455-4.2.1-8", "A8");
}

Opening other_version(Random& random) {
    std::uint64_t version = 14 + random.below(242);
    const Json any =
        Json::array({{{"refused", {{"headers", {{"Sec-WebSocket-Version", {{"token", "13"}}}}}}}},
                     opened_is("fail", "A2")});
    Opening opening = answered("unsupported-version",
                               {{"set", {{"Sec-WebSocket-Version", std::to_string(version)}}}},
                               "6455-4.2.2-9", any, "A2");
    opening.expect.erase("otherwise");
    return opening;
}

Opening malformed_version(Random& random) {
    constexpr std::array<const char*, 9> kValues = {"",    "013", "+13", "-13", "13.0",
                                                    "256", "1 3", "0xd", "13x"};
    return refused("malformed-version",
                   {{"set", {{"Sec-WebSocket-Version", one_of(random, kValues)}}}}, "6455-4.2.1-9",
                   "A2");
}

Opening bad_offer(Random& random) {
    constexpr std::array<const char*, 14> kOffers = {
        "permessage-deflate; x-unknown",
        "permessage-deflate; x-unknown=1",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=1",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=abc",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "permessage-deflate2",
        "permessage-defl"};
    Json any = deflate_answers({{"opened", {{"deflate", false}}}});
    any.push_back(opened_is("fail", "A37"));
    return answered("invalid-offer", {{"extensions", one_of(random, kOffers)}}, "7692-7-1",
                    std::move(any), "A37");
}

Opening malformed_extensions(Random& random) {
    constexpr std::array<const char*, 8> kOffers = {
        ";permessage-deflate",
        "=1",
        "permessage-deflate; =10",
        "permessage-deflate; a=b=c",
        "permessage-deflate; server_max_window_bits=\"10",
        "permessage-deflate; a=\"b\\",
        "per message-deflate",
        "permessage-deflate x"};
    const Json any =
        Json::array({kRefused,
                     {{"opened", {{"headers", {{"Sec-WebSocket-Extensions", "absent"}}}}},
                      {"verdict", "non-strict"},
                      {"because", "A5"}},
                     opened_is("fail", "A5")});
    return answered("malformed-extensions",
                    field("Sec-WebSocket-Extensions", one_of(random, kOffers)), "6455-9.1-1", any,
                    "A5");
}

// Bytes that are no request: the server has to live.
Opening half_a_head(Random& random) {
    constexpr std::array<const char*, 4> kHeads = {
        "G", "GET / HTTP", "GET ${target} HTTP/1.1\r\nHost: ${host}\r\n",
        "GET ${target} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n"};
    return {.name = "half-a-head",
            .step = {{"request", {{"raw", one_of(random, kHeads)}}}},
            .requires_row = "6455-4.2.1-1",
            .opens = false};
}

}  // namespace

Opening odd_request(Random& random) {
    constexpr std::array<Maker, 16> kMakers = {
        names_in_case,       reversed,          connection_list,   connection_lines,
        tokens_in_case,      unknown_fields,    blanks_around_key, plain_by_step,
        plain_by_step,       early_ping,        good_offer,        good_offer,
        unknown_subprotocol, unknown_extension, two_deflates,      declined};
    return one_of(random, kMakers)(random);
}

Opening faulty_request(Random& random) {
    constexpr std::array<Maker, 13> kMakers = {other_method,  other_http,    field_missing,
                                               field_missing, other_upgrade, other_connection,
                                               empty_key,     other_version, malformed_version,
                                               bad_offer,     bad_offer,     malformed_extensions,
                                               half_a_head};
    return one_of(random, kMakers)(random);
}

}  // namespace wsproof::netfuzz
