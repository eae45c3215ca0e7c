// What breaks the RFC: frames that no peer may take. Whether they do in the place where they stand
// is for the reference to say.
#include <array>

#include "generator.hpp"

namespace wsproof::netfuzz {

namespace {

using Items = std::vector<Json>;

constexpr std::array<const char*, 4> kFrames = {"text", "binary", "ping", "pong"};
constexpr std::array<const char*, 2> kData = {"text", "binary"};
constexpr std::array<const char*, 2> kControls = {"ping", "pong"};

Json small(Random& random) {
    return chance(random, 4) ? Json("") : Json("offence");
}

Items reserved_bits(Random& random, const Setting&, bool deflates) {
    const auto bits = 1 + random.below(deflates && chance(random, 2) ? 3 : 7);
    if (chance(random, 5)) {
        return {
            {{"frame", one_of(random, kData)}, {"fin", false}, {"payload", "Hel"}},
            {{"frame", "continuation"}, {"rsv", chance(random, 2) ? 4 : bits}, {"payload", "lo"}}};
    }
    const char* frame =
        deflates && chance(random, 2) ? one_of(random, kControls) : one_of(random, kFrames);
    return {{{"frame", frame},
             {"rsv", deflates && chance(random, 2) ? 4 : bits},
             {"payload", small(random)}}};
}

Items reserved_opcode(Random& random, const Setting&, bool) {
    constexpr std::array<int, 10> kReserved = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15};
    return {{{"frame", one_of(random, kReserved)},
             {"fin", !chance(random, 6)},
             {"payload", small(random)}}};
}

Items wrong_mask(Random& random, const Setting& setting, bool) {
    Json frame = {{"frame", one_of(random, kFrames)},
                  {"mask", setting.peer != conformance::Role::server},
                  {"payload", small(random)}};
    if (chance(random, 5)) {
        frame["frame"] = "binary";
        frame["payload"] = {{"fill", "x"}, {"size", 126 + random.below(4) * 1000}};
    }
    return {std::move(frame)};
}

Items long_length(Random& random, const Setting&, bool) {
    const bool is_long = chance(random, 2);
    return {{{"frame", one_of(random, kFrames)},
             {"length", is_long ? "64" : "16"},
             {"payload", {{"fill", "x"}, {"size", random.below(126)}}}}};
}

Items top_bit(Random& random, const Setting&, bool) {
    constexpr std::array<const char*, 8> kLengths = {
        "0x8000000000000000", "0x8000000000000005", "0xffffffffffffffff", "0xfffffffffffffff8",
        "0xc000000000000000", "0xffffffff00000000", "0x80000000ffffffff", "0x8000000000000007"};
    return {{{"frame", one_of(random, kData)},
             {"length", "64"},
             {"declared", one_of(random, kLengths)},
             {"payload", chance(random, 2) ? "" : "offence"}}};
}

Items fragmented_control(Random& random, const Setting&, bool) {
    return {{{"frame", one_of(random, kControls)}, {"fin", false}, {"payload", small(random)}}};
}

Items long_control(Random& random, const Setting&, bool) {
    constexpr std::array<int, 6> kSizes = {126, 127, 128, 200, 1000, 65536};
    return {{{"frame", one_of(random, kControls)},
             {"payload", {{"fill", "x"}, {"size", one_of(random, kSizes)}}}}};
}

Items orphan(Random& random, const Setting&, bool) {
    return {{{"frame", "continuation"}, {"fin", !chance(random, 2)}, {"payload", small(random)}}};
}

Items interruption(Random& random, const Setting&, bool) {
    Items items = {{{"frame", one_of(random, kData)}, {"fin", false}, {"payload", small(random)}}};
    if (chance(random, 3)) {
        items.push_back({{"frame", "continuation"}, {"fin", false}, {"payload", "more"}});
    }
    items.push_back({{"frame", one_of(random, kData)},
                     {"fin", !chance(random, 3)},
                     {"payload", small(random)}});
    return items;
}

Items bad_text(Random& random, const Setting&, bool deflates) {
    const std::string text = invalid_text(random);
    const auto size = static_cast<std::uint64_t>(text.size());
    Json message = {{"message", "text"}, {"payload", {{"hex", hex_of(text)}}}};
    switch (random.below(4)) {
        case 0:
            message["fragment_size"] = 1 + random.below(3);
            break;
        case 1:
            message["fragments"] = Json::array({random.below(size + 1)});
            break;
        default:
            break;
    }
    if (deflates && chance(random, 2)) {
        message["compress"] = chance(random, 2) ? "stored" : "fixed";
    }
    return {std::move(message)};
}

Items bad_close(Random& random, const Setting&, bool) {
    constexpr std::array<int, 12> kCodes = {0,    1,    999,  1004, 1005, 1006,
                                            1015, 1016, 2000, 2999, 5000, 65535};
    switch (random.below(4)) {
        case 0:
            return {{{"frame", "close"}, {"payload", {{"hex", "03"}}}}};
        case 1:
            return {{{"frame", "close"},
                     {"code", 1000},
                     {"reason", {{"hex", hex_of(invalid_text(random))}}}}};
        default:
            return {{{"frame", "close"}, {"code", one_of(random, kCodes)}}};
    }
}

Items noise(Random& random, const Setting&, bool) {
    if (chance(random, 3)) {
        return {{{"raw", "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"}}};
    }
    std::string bytes = random_bytes(random, 2 + random.below(12));
    bytes[0] = static_cast<char>(static_cast<unsigned char>(bytes[0]) | 0x80);
    return {{{"raw", {{"hex", hex_of(bytes)}}}}};
}

Items huge_length(Random& random, const Setting&, bool) {
    constexpr std::array<const char*, 8> kLengths = {
        "0x0000000040000000", "0x000000007fffffff", "0x0000000080000000", "0x00000000ffffffff",
        "0x0000000100000000", "0x7fffffffffffffff", "0x7ffffffffffffff0", "0x00007fffffffffff"};
    return {{{"frame", one_of(random, kData)},
             {"length", "64"},
             {"declared", one_of(random, kLengths)},
             {"payload", chance(random, 2) ? "" : "begins"}}};
}

Items behind_close(Random& random, const Setting&, bool) {
    return {{{"frame", "close"}, {"code", 1000}},
            {{"message", one_of(random, kData)}, {"payload", "behind the Close"}}};
}

// A bomb: what it comes to is beyond what anybody has to take.
Items bomb(Random& random, const Setting& setting, bool deflates) {
    if (!deflates || !chance(random, 3)) {
        return huge_length(random, setting, deflates);
    }
    return {{{"frame", "binary"},
             {"rsv", 4},
             {"payload", {{"deflate", {{"fill", "x"}, {"size", 10'000'000}}}}}}};
}

// What is no DEFLATE stream whatever follows: a reserved kind of block, a stored length that is
// not that of its complement, a distance from before the start, code lengths that fit no tree.
Items bad_stream(Random& random, const Setting&, bool deflates) {
    if (!deflates) {
        return {{{"frame", one_of(random, kData)},
                 {"rsv", 4},
                 {"payload", {{"hex", "f248cdc9c90700"}}}}};
    }
    constexpr std::array<const char*, 7> kBad = {"07",
                                                 "ffffffff",
                                                 "000500000048656c6c6f00",
                                                 "fcffff0000000000",
                                                 "04c0810000000000",
                                                 "ecffffffffffffffff",
                                                 "0f00"};
    Json payload = {{"hex", one_of(random, kBad)}};
    if (chance(random, 3)) {
        constexpr std::array<int, 4> kFar = {3, 300, 5000, 32768};
        Json token = {{"distance", one_of(random, kFar)}, {"length", 5}};
        payload = {{"deflate", Json::array({{{"block", chance(random, 2) ? "fixed" : "dynamic"},
                                             {"tokens", Json::array({"ab", std::move(token)})}}})}};
    }
    if (chance(random, 3)) {
        return {{{"frame", "binary"},
                 {"fin", false},
                 {"rsv", 4},
                 {"payload", {{"deflate", "Hello"}, {"tail", "missing"}}}},
                {{"frame", "continuation"}, {"payload", {{"hex", "ffffffffffff"}}}}};
    }
    return {{{"frame", "binary"}, {"rsv", 4}, {"payload", std::move(payload)}}};
}

}  // namespace

std::vector<Json> violation(Random& random, const Setting& setting, bool deflates) {
    using Maker = Items (*)(Random&, const Setting&, bool);
    constexpr std::array<Maker, 19> kMakers = {
        reserved_bits, reserved_bits,      reserved_opcode, wrong_mask, long_length,
        top_bit,       fragmented_control, long_control,    orphan,     interruption,
        bad_text,      bad_text,           bad_text,        bad_close,  noise,
        huge_length,   behind_close,       bad_stream,      bomb};
    Items items = one_of(random, kMakers)(random, setting, deflates);
    if (chance(random, 5) && !items.front().contains("message") && !items.front().contains("raw")) {
        // inside a message
        items.insert(items.begin(),
                     Json({{"frame", one_of(random, kData)}, {"fin", false}, {"payload", "Hel"}}));
    }
    if (chance(random, 6)) {  // what comes behind it must not be processed
        items.push_back({{"frame", "ping"}, {"payload", "behind it"}});
        if (chance(random, 2)) {
            items.push_back({{"message", "text"}, {"payload", "behind it"}});
        }
    }
    return items;
}

}  // namespace wsproof::netfuzz
