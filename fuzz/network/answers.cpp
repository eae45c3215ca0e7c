// Answers to the opening handshake of clients.
#include <array>

#include "openings.hpp"

namespace wsproof::netfuzz {

namespace {

constexpr std::uint64_t kHeadSize = 120;

Opening opens(std::string name, Json answer, std::string row) {
    return {.name = std::move(name),
            .step = {{"respond", std::move(answer)}},
            .requires_row = std::move(row),
            .head_size = kHeadSize};
}

// refused: the client has to end TCP, whatever comes behind the answer.
Opening refused(std::string name, Json answer, std::string row) {
    answer["offence"] = true;
    return {.name = std::move(name),
            .step = {{"respond", std::move(answer)}},
            .expect = {{"expect", {{"eof", true}}}},
            .requires_row = std::move(row),
            .opens = false,
            .head_size = kHeadSize};
}

Json set(const char* name, Json value) {
    return {{"set", {{name, std::move(value)}}}};
}

}  // namespace

Opening odd_answer(Random& random) {
    constexpr std::array<const char*, 4> kUpgrades = {"WebSocket", "WEBSOCKET", "wEbSoCkEt",
                                                      " websocket "};
    constexpr std::array<const char*, 3> kConnections = {"upgrade", "UPGRADE", "Upgrade"};
    switch (random.below(5)) {
        case 0:
            return opens("upgrade-in-case", set("Upgrade", one_of(random, kUpgrades)),
                         "6455-4.1-39");
        case 1:
            return opens("connection-in-case", set("Connection", one_of(random, kConnections)),
                         "6455-4.1-40");
        case 2:
            return opens("names-in-case", {{"names", chance(random, 2) ? "lower" : "upper"}},
                         "6455-4.1-45");
        case 3:
            return opens("unknown-fields",
                         {{"add", Json::array({Json::array({"X-Unknown", "a, b"}),
                                               Json::array({"Date", "now"})})}},
                         "6455-4.1-46");
        default:
            return opens("reversed", {{"order", "reversed"}}, "6455-4.1-46");
    }
}

Opening faulty_answer(Random& random) {
    constexpr std::array<const char*, 4> kAccepts = {
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "${miscased_accept}", "${cut_accept}", "${key}"};
    constexpr std::array<const char*, 3> kUpgrades = {"h2c", "web socket", "websock"};
    constexpr std::array<const char*, 3> kConnections = {"keep-alive", "close", ""};
    constexpr std::array<const char*, 3> kExtensions = {"x-wsproof", "x-wsproof; a=b",
                                                        "deflate-frame"};
    switch (random.below(8)) {
        case 0:
            return refused("no-accept", {{"remove", {"Sec-WebSocket-Accept"}}}, "6455-4.1-41");
        case 1:
        case 2:
            return refused("wrong-accept", set("Sec-WebSocket-Accept", one_of(random, kAccepts)),
                           "6455-4.1-41");
        case 3:
            return refused("no-upgrade", {{"remove", {"Upgrade"}}}, "6455-4.1-39");
        case 4:
            return refused("other-upgrade", set("Upgrade", one_of(random, kUpgrades)),
                           "6455-4.1-39");
        case 5:
            return refused("no-connection", {{"remove", {"Connection"}}}, "6455-4.1-40");
        case 6:
            return refused("other-connection", set("Connection", one_of(random, kConnections)),
                           "6455-4.1-40");
        default:
            return refused("unasked-extension", {{"extensions", one_of(random, kExtensions)}},
                           "6455-4.1-42");
    }
}

}  // namespace wsproof::netfuzz
