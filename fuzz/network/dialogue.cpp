// Valid pieces of a dialogue, and whole ones.
#include <algorithm>
#include <array>

#include "generator.hpp"
#include "openings.hpp"

namespace wsproof::netfuzz {

namespace {

using Items = std::vector<Json>;

Json message(Random& random, bool deflates) {
    const bool is_text = chance(random, 2);
    Json item = {{"message", is_text ? "text" : "binary"},
                 {"payload", is_text ? text_payload(random) : binary_payload(random)}};
    switch (random.below(6)) {
        case 0:
            item["fragments"] = Json::array({random.below(8)});
            break;
        case 1:
            item["fragments"] = Json::array({random.below(4), 0, random.below(200)});
            break;
        case 2: {
            const bool is_short = item["payload"].is_string() || item["payload"].contains("hex");
            item["fragment_size"] = is_short ? 1 + random.below(3) : 4096 + random.below(5000);
            break;
        }
        default:
            break;
    }
    if (deflates && !chance(random, 3)) {
        constexpr std::array<const char*, 3> kBlocks = {"stored", "fixed", "dynamic"};
        item["compress"] = chance(random, 2) ? Json(true) : Json(one_of(random, kBlocks));
        if (chance(random, 5)) {
            item["compress"] = {{"block", one_of(random, kBlocks)},
                                {"blocks", 1 + random.below(4)},
                                {"final", chance(random, 3)}};
        }
    }
    return item;
}

Json frame_with_key(Random& random) {
    constexpr std::array<const char*, 6> kKeys = {"00000000", "ffffffff", "01020304",
                                                  "80000000", "88800000", "89808980"};
    return {
        {"frame", "binary"}, {"key", one_of(random, kKeys)}, {"payload", binary_payload(random)}};
}

Json control(Random& random) {
    return {{"frame", chance(random, 4) ? "pong" : "ping"}, {"payload", control_payload(random)}};
}

// A message written out frame by frame, control frames between them.
Items fragments_with_controls(Random& random) {
    const bool is_text = chance(random, 2);
    const std::string whole = is_text ? code_points(random, 1 + random.below(12))
                                      : random_bytes(random, 1 + random.below(12));
    Items items;
    std::size_t begin = 0;
    const std::uint64_t count = 2 + random.below(6);
    for (std::uint64_t i = 0; i < count; ++i) {
        const bool is_last = i + 1 == count;
        const std::size_t size =
            is_last ? whole.size() - begin : random.below(whole.size() - begin + 1);
        items.push_back({{"frame", i > 0     ? "continuation"
                                   : is_text ? "text"
                                             : "binary"},
                         {"fin", is_last},
                         {"payload", {{"hex", hex_of(whole.substr(begin, size))}}}});
        begin += size;
        if (!is_last && chance(random, 3)) {
            items.push_back(control(random));
        }
    }
    return items;
}

// "Hello", compressed and in two frames, and a Ping between them.
Items compressed_around_ping() {
    return {{{"frame", "text"}, {"fin", false}, {"rsv", 4}, {"payload", {{"hex", "f248cd"}}}},
            {{"frame", "ping"}, {"payload", "between"}},
            {{"frame", "continuation"}, {"payload", {{"hex", "c9c90700"}}}}};
}

// same_twice: a compressor can refer back to the first, as far as its window goes.
Items same_twice(Random& random, bool deflates) {
    Json twice = message(random, deflates);
    if (chance(random, 2)) {
        constexpr std::array<std::uint64_t, 6> kSizes = {300, 600, 1100, 2200, 5000, 20000};
        Json noise = {{"generate", "bytes"}, {"size", one_of(random, kSizes)}, {"seed", "w"}};
        twice = {{"message", "binary"},
                 {"payload", chance(random, 2) ? Json({{"repeat", noise}, {"times", 3}}) : noise}};
        if (chance(random, 2)) {
            twice["compress"] = true;
        }
    }
    if (chance(random, 3)) {  // what is not compressed is no part of the window
        return {twice, {{"message", "text"}, {"payload", "in between, and plain"}}, twice};
    }
    return {twice, twice};
}

}  // namespace

std::vector<Json> valid_items(Random& random, bool deflates) {
    Items items;
    const std::uint64_t count = 1 + (chance(random, 3) ? random.below(4) : 0);
    for (std::uint64_t i = 0; i < count; ++i) {
        Items more;
        switch (random.below(8)) {
            case 0:
            case 1:
                more = {control(random)};
                break;
            case 2:
                more = fragments_with_controls(random);
                break;
            case 3:
                more = {frame_with_key(random)};
                break;
            case 4:
                more = !deflates           ? Items{message(random, deflates)}
                       : chance(random, 5) ? compressed_around_ping()
                                           : same_twice(random, deflates);
                break;
            default:
                more = {message(random, deflates)};
                break;
        }
        items.insert(items.end(), more.begin(), more.end());
    }
    return items;
}

namespace {

Json some_cut(Random& random) {
    switch (random.below(5)) {
        case 0:
            return "bytes";
        case 1:
            return "frames";
        case 2:
            return {{"every", 1 + random.below(40)}};
        default: {
            Json at = Json::array({1 + random.below(14)});
            if (chance(random, 3)) {
                at.push_back(at[0].get<std::uint64_t>() + 1 + random.below(10));
            }
            return {{"at", std::move(at)}};
        }
    }
}

void cut(Act& act, Random& random) {
    act.cut = some_cut(random);
    // A piece that is to be read by itself has to come by itself.
    act.pause_ms = act.cut == "bytes" ? static_cast<unsigned>(random.below(2))
                                      : static_cast<unsigned>(1 + random.below(6));
}

Act send(Random& random, const std::string& on, std::vector<Json> items) {
    Act act{.kind = Act::Kind::send, .on = on, .items = std::move(items)};
    if (chance(random, 4)) {
        cut(act, random);
    }
    act.waits = !chance(random, 6);
    return act;
}

// large_in_pieces cuts a length of 64 bits.
Act large_in_pieces(Random& random, const std::string& on) {
    Json message = {{"message", chance(random, 2) ? "text" : "binary"},
                    {"payload", {{"fill", "x"}, {"size", 65536 + random.below(3)}}}};
    Act act{.kind = Act::Kind::send, .on = on, .items = {std::move(message)}};
    act.cut = {{"at", Json::array({1 + random.below(14)})}};
    act.pause_ms = 4;
    return act;
}

Json good_close(Random& random) {
    constexpr std::array<int, 12> kCodes = {1000, 1000, 1000, 1001, 1002, 1003,
                                            1007, 1008, 1009, 1011, 3000, 4000};
    Json close = {{"frame", "close"}};
    if (!chance(random, 5)) {
        close["code"] = one_of(random, kCodes);
        if (chance(random, 3)) {
            close["reason"] = chance(random, 2)
                                  ? Json("bye")
                                  : Json({{"fill", "r"}, {"size", 100 + random.below(24)}});
        }
    }
    return close;
}

// converse fills in what is said on one connection.
std::vector<Act> converse(Random& random, const Setting& setting, const std::string& on,
                          bool may_offend) {
    std::vector<Act> acts;
    Opening opening = some_opening(random, setting, may_offend);
    if (!opening.step.is_null()) {
        Act act{.kind = Act::Kind::open, .on = on, .opening = opening};
        if (opening.head_size > 0 && chance(random, 8)) {
            cut(act, random);
        }
        acts.push_back(std::move(act));
    }
    if (!opening.opens) {
        if (setting.many_connections && chance(random, 8)) {
            acts.push_back({.kind = Act::Kind::canary});
        }
        return acts;
    }
    const std::uint64_t count = random.below(4) + (may_offend ? 0 : 1);
    for (std::uint64_t i = 0; i < count; ++i) {
        acts.push_back(chance(random, 40)
                           ? large_in_pieces(random, on)
                           : send(random, on, valid_items(random, opening.deflates)));
    }
    if (may_offend && !chance(random, 4)) {
        std::vector<Json> items = violation(random, setting, opening.deflates);
        if (!acts.empty() && acts.back().kind == Act::Kind::send && chance(random, 6)) {
            Act& last = acts.back();
            last.items.insert(last.items.end(), items.begin(), items.end());
        } else {
            acts.push_back(send(random, on, std::move(items)));
        }
        if (setting.many_connections && chance(random, 10)) {
            acts.push_back({.kind = Act::Kind::canary});
        }
    } else if (chance(random, 2)) {
        acts.push_back(send(random, on, {good_close(random)}));
    }
    return acts;
}

}  // namespace

Program valid_program(Random& random, const Setting& setting) {
    return {converse(random, setting, "main", false)};
}

Program make_program(Random& random, const Setting& setting) {
    Program program;
    if (setting.many_connections && chance(random, 10)) {
        std::vector<std::vector<Act>> all;
        const std::uint64_t count = 2 + random.below(2);
        for (std::uint64_t i = 0; i < count; ++i) {
            all.push_back(
                converse(random, setting, i == 0 ? "main" : "other-" + std::to_string(i), true));
        }
        // Interleaved, each in its own order.
        while (!all.empty()) {
            const std::size_t which = random.below(all.size());
            if (all[which].empty()) {
                all.erase(all.begin() + static_cast<std::ptrdiff_t>(which));
                continue;
            }
            program.acts.push_back(std::move(all[which].front()));
            all[which].erase(all[which].begin());
        }
        return program;
    }
    program.acts = converse(random, setting, "main", true);
    return program;
}

}  // namespace wsproof::netfuzz
