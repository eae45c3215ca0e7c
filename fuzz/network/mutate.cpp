// Changes programs a little: one frame, one cut, the order of things, a piece of another program.
#include <algorithm>
#include <array>

#include "generator.hpp"
#include "openings.hpp"

namespace wsproof::netfuzz {

namespace {

constexpr std::size_t kActsMax = 12;
constexpr std::size_t kItemsMax = 12;

Act* some_send(Program& program, Random& random) {
    std::vector<Act*> sends;
    for (Act& act : program.acts) {
        if (act.kind == Act::Kind::send && !act.items.empty()) {
            sends.push_back(&act);
        }
    }
    return sends.empty() ? nullptr : one_of(random, sends);
}

void change_frame(Json& item, Random& random, const Setting& setting) {
    constexpr std::array<const char*, 6> kFrames = {"text", "binary", "continuation",
                                                    "ping", "pong",   "close"};
    if (item.contains("message")) {
        switch (random.below(4)) {
            case 0:
                item["fragment_size"] = 1 + random.below(200);
                item.erase("fragments");
                break;
            case 1:
                item["payload"] =
                    item["message"] == "text" ? text_payload(random) : binary_payload(random);
                item.erase("fragment_size");
                break;
            case 2:
                item.erase("compress");
                break;
            default:
                item = {{"frame", item["message"]}, {"fin", false}, {"payload", item["payload"]}};
                break;
        }
        return;
    }
    if (!item.contains("frame")) {
        return;
    }
    switch (random.below(8)) {
        case 0:
            item["rsv"] = random.below(8);
            break;
        case 1:
            item["fin"] = !item.value("fin", true);
            break;
        case 2:
            item["frame"] = one_of(random, kFrames);
            item.erase("code");
            item.erase("reason");
            break;
        case 3:
            item["frame"] = random.below(16);
            item.erase("code");
            item.erase("reason");
            break;
        case 4:
            item["mask"] = chance(random, 3) ? setting.peer != conformance::Role::server
                                             : setting.peer == conformance::Role::server;
            break;
        case 5:
            item["length"] = chance(random, 2) ? "16" : "64";
            break;
        default:
            item["payload"] = chance(random, 2) ? control_payload(random) : text_payload(random);
            item.erase("code");
            item.erase("reason");
            break;
    }
}

void mutate_items(Act& act, Random& random, const Setting& setting) {
    const std::size_t at = random.below(act.items.size());
    const auto place = act.items.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.below(6)) {
        case 0:
            act.items.erase(place);
            break;
        case 1: {
            const Json copy = act.items[at];
            act.items.insert(place, copy);
            break;
        }
        case 2:
            std::swap(act.items[at], act.items[random.below(act.items.size())]);
            break;
        case 3: {
            const std::vector<Json> more =
                chance(random, 2) ? valid_items(random, false) : violation(random, setting, false);
            act.items.insert(place, more.begin(), more.end());
            break;
        }
        default:
            change_frame(act.items[at], random, setting);
            break;
    }
    if (act.items.size() > kItemsMax) {
        act.items.resize(kItemsMax);
    }
}

void mutate_cut(Act& act, Random& random) {
    act.pause_ms = static_cast<unsigned>(1 + random.below(5));
    switch (random.below(4)) {
        case 0:
            act.cut = Json();
            act.pause_ms = 0;
            break;
        case 1:
            act.cut = "frames";
            break;
        case 2:
            act.cut = {{"at", Json::array({1 + random.below(16)})}};
            break;
        default:
            act.cut = {{"every", 1 + random.below(20)}};
            break;
    }
}

void mutate_acts(Program& program, const Program& other, Random& random, const Setting& setting) {
    std::vector<Act>& acts = program.acts;
    const std::size_t at = acts.empty() ? 0 : random.below(acts.size());
    const auto place = acts.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.below(5)) {
        case 0:
            if (acts.size() > 1) {
                acts.erase(place);
            }
            break;
        case 1:
            if (!other.acts.empty()) {
                Act lent = one_of(random, other.acts);
                lent.on = acts.empty() ? "main" : acts[at].on;
                acts.insert(lent.kind == Act::Kind::open ? acts.begin() : acts.end(),
                            std::move(lent));
            }
            break;
        case 2: {
            Act act{.kind = Act::Kind::send, .on = acts.empty() ? "main" : acts[at].on};
            act.items =
                chance(random, 2) ? valid_items(random, false) : violation(random, setting, false);
            acts.push_back(std::move(act));
            break;
        }
        case 3: {
            // Two writes become one.
            const auto next = std::find_if(acts.begin(), acts.end(), [&](const Act& each) {
                return &each > acts.data() + at && each.kind == Act::Kind::send &&
                       each.on == acts[at].on;
            });
            if (!acts.empty() && acts[at].kind == Act::Kind::send && next != acts.end()) {
                acts[at].items.insert(acts[at].items.end(), next->items.begin(), next->items.end());
                acts.erase(next);
            }
            break;
        }
        default:
            if (setting.many_connections && chance(random, 3)) {
                acts.push_back({.kind = Act::Kind::canary});
            } else if (!acts.empty()) {
                acts[at].waits = !acts[at].waits;
            }
            break;
    }
    if (acts.size() > kActsMax) {
        acts.resize(kActsMax);
    }
}

// What costs time and says nothing new does not pile up.
void tidy(Program& program) {
    std::size_t canaries = 0;
    std::erase_if(program.acts, [&](const Act& act) {
        return (act.kind == Act::Kind::canary && ++canaries > 1) ||
               (act.kind == Act::Kind::send && act.items.empty());
    });
}

}  // namespace

void mutate(Program& program, const Program& other, Random& random, const Setting& setting) {
    for (std::uint64_t left = 1 + random.below(3); left > 0; --left) {
        Act* act = some_send(program, random);
        if (act == nullptr || chance(random, 3)) {
            mutate_acts(program, other, random, setting);
        } else if (chance(random, 4)) {
            mutate_cut(*act, random);
        } else {
            mutate_items(*act, random, setting);
        }
    }
    tidy(program);
}

}  // namespace wsproof::netfuzz
