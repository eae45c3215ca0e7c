// Before the first case of a client: does it come, and what can it do?
#include <algorithm>

#include "preflight.hpp"
#include "preflight_probe.hpp"

namespace wsproof::conformance {

namespace {

Case asking(ClientWishes wishes) {
    Case made;
    made.id = "preflight";
    made.client = std::move(wishes);
    return made;
}

// Seen is what one visit shows.
struct Seen {
    std::string deflate = "not offered";
    std::vector<std::string> subprotocols{};
};

// look opens one connection as `wishes` ask; with `learns` it also finds out what the client
// answers.
Seen look(Stage& stage, ClientWishes wishes, bool learns) {
    const Case asked = asking(std::move(wishes));
    Player player(stage, asked);
    Link& link = player.open("preflight");
    Seen seen{.subprotocols = link.offer().subprotocols};
    for (const wire::Extension& extension : link.offer().extensions) {
        if (extension.name == kDeflateName) {
            seen.deflate = "offered as \"" + extension.text + "\"";
        }
    }
    if (!learns) {
        player.leave();
        return seen;
    }
    greet(player, link, stage.greetings);
    const Answer text = probe(player, link, 1, &stage.greetings);
    stage.echoes = text != Answer::none;
    std::vector<milliseconds> times;
    for (int i = 0; i < 5 && text == Answer::same; ++i) {
        const auto began = net::Clock::now();
        if (!player.answers(link, kProbeAnswer)) {
            break;
        }
        times.push_back(std::chrono::ceil<milliseconds>(net::Clock::now() - began));
    }
    std::sort(times.begin(), times.end());
    stage.patience.set_round_trip(times.empty() ? milliseconds(100) : times[times.size() / 2]);
    player.leave();
    return seen;
}

// has_all: in whatever order, and with whatever else; the cases judge that.
bool has_all(const std::vector<std::string>& offered, const std::vector<std::string>& names) {
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        return std::find(offered.begin(), offered.end(), name) != offered.end();
    });
}

// look_again: a client that ends when it is asked for this offers nothing.
Seen look_again(Stage& stage, ClientWishes wishes) {
    try {
        return look(stage, std::move(wishes), false);
    } catch (const std::runtime_error&) {
        return {};
    }
}

// answers_pings asks on a connection of its own, since one that does not echo may have closed.
bool answers_pings(Stage& stage) {
    const bool echoes = std::exchange(stage.echoes, false);
    bool answers = false;
    try {
        const Case asked = asking({});
        Player player(stage, asked);
        answers = player.answers(player.open("preflight"), kProbeAnswer);
        player.leave();
    } catch (const std::runtime_error&) {
        answers = false;
    }
    stage.echoes = echoes;
    return answers;
}

bool acts(Stage& stage) {
    const Case asked = asking({.action = "text:wsproof-preflight"});
    try {
        Player player(stage, asked);
        Link& link = player.open("preflight");
        const auto event = player.next_event(link, kProbeAnswer);
        const bool acted = event && event->kind == Event::Kind::message;
        player.leave();
        return acted;
    } catch (const std::runtime_error&) {
        return false;
    }
}

// find_out throws OutOfTime.
Preflight find_out(Stage& stage) {
    Preflight result;
    Seen first;
    try {
        first = look(stage, {}, true);
    } catch (const std::runtime_error& error) {
        result.error = std::string(error.what()) +
                       "; the command is started without a shell, with the URL where {url} stands";
        return result;
    }
    const bool listens = stage.clients->listens();
    const std::vector<std::string> names = {"wsproof.a", "wsproof.b"};
    if (listens && first.deflate == "not offered") {
        first.deflate = look_again(stage, {.deflate = true}).deflate;
    }
    stage.offers_subprotocols =
        listens && has_all(look_again(stage, {.subprotocols = names}).subprotocols, names);
    stage.deflates = first.deflate != "not offered";
    stage.pongs = answers_pings(stage);
    stage.acts = listens && acts(stage);
    if (!stage.echoes && !stage.pongs) {
        stage.patience.expect_silence();
    }
    const auto yes = [](bool holds) { return std::string(holds ? "yes" : "no"); };
    result.many_connections = listens;
    result.facts = {{"echo", yes(stage.echoes)},
                    {"answers pings", yes(stage.pongs)},
                    {"permessage-deflate", first.deflate},
                    {"subprotocols when asked", yes(stage.offers_subprotocols)},
                    {"actions", yes(stage.acts)},
                    {"greetings", std::to_string(stage.greetings.size())}};
    for (auto& fact : stage.clients->facts()) {
        result.facts.push_back(std::move(fact));
    }
    return result;
}

}  // namespace

Preflight preflight_client(Stage& stage) {
    try {
        return find_out(stage);
    } catch (const OutOfTime& what) {
        Preflight nobody;
        nobody.error = what.why.empty() ? "no client came" : what.why;
        return nobody;
    }
}

}  // namespace wsproof::conformance
