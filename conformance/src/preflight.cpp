#include "preflight.hpp"

#include <algorithm>

#include "launched_server.hpp"
#include "port_probe.hpp"
#include "preflight_probe.hpp"
#include "selection.hpp"

namespace wsproof::conformance {

namespace {

constexpr unsigned kDepartures = 2;

const Case& no_case() {
    static const Case none = [] {
        Case made;
        made.id = "preflight";
        return made;
    }();
    return none;
}

std::string hint_for(const std::string& what) {
    if (what.find(" 404") != std::string::npos) {
        return "is the path right?";
    }
    if (what.find(" 401") != std::string::npos || what.find(" 403") != std::string::npos) {
        return "does it want an Origin (--origin), a token (-H 'Authorization: …') or a "
               "subprotocol (--subprotocol)?";
    }
    if (what.find("not HTTP") != std::string::npos) {
        return "is this port a WebSocket server's?";
    }
    return "is this the WebSocket endpoint? A server may want --subprotocol, --origin or -H "
           "fields.";
}

// advice on a failure before the first frame: what the port speaks, if it is the other thing, or
// what the failure suggests.
std::string advice(const Stage& stage, const std::string& what) {
    if (!stage.target.is_secure) {
        return speaks_tls(stage.target.endpoints, stage.interrupt)
                   ? "the port speaks TLS: try wss://"
                   : hint_for(what);
    }
    return hint_for(what);
}

std::string advice(const Stage& stage, const TlsRefused& error) {
    const std::string what = error.what();
    if (error.fault == net::TlsFault::certificate) {
        return certificate_advice(what);
    }
    if (error.fault == net::TlsFault::protocol) {
        return "is this the WebSocket server's port?";
    }
    return speaks_http(stage.target.endpoints, stage.interrupt)
               ? "the port does not speak TLS: try ws://"
               : "does the port speak TLS?";
}

// stand_by starts a server of ours again that did not survive what it was asked so far; which case
// ends it is for the cases to find.
void stand_by(Stage& stage) {
    if (stage.server != nullptr && stage.server->exit()) {
        static_cast<void>(stage.server->start(stage.interrupt));
    }
}

// try_probe asks on a connection of its own; a server may close for a frame that it does not like.
Answer try_probe(Stage& stage, std::uint8_t opcode) {
    stand_by(stage);
    try {
        Player player(stage, no_case());
        return probe(player, player.open("preflight"), opcode, nullptr);
    } catch (const std::runtime_error&) {
        return Answer::none;
    }
}

// deflate_facts: does an offer of permessage-deflate find favour, with which parameters, and do
// messages come back compressed?
std::string deflate_facts(Stage& stage) {
    std::string refusal;
    for (const char* offer : {"permessage-deflate", "permessage-deflate; client_max_window_bits"}) {
        RequestStep request;
        stand_by(stage);
        request.set.emplace_back("Sec-WebSocket-Extensions", PayloadSpec{offer});
        try {
            Player player(stage, no_case());
            Link& link = player.open("preflight", request);
            const auto& agreed = link.monitor().deflate();
            if (!agreed) {
                continue;
            }
            stage.deflates = true;
            std::string facts = "accepted as \"" + agreed->answer.text + "\"";
            FrameSpec frame{.opcode = 1, .rsv = 4};
            frame.payload.recipe = {{"deflate", {{"fill", "w"}, {"size", 2000}}}};
            player.send_frame(link, frame);
            while (const auto event = player.next_event(link, kProbeAnswer)) {
                if (event->kind == Event::Kind::message && event->payload.size() == 2000) {
                    return facts +
                           (event->compressed ? ", echoes compressed" : ", echoes in clear");
                }
                if (event->kind != Event::Kind::message && event->kind != Event::Kind::pong) {
                    break;
                }
            }
            return facts;
        } catch (const std::runtime_error& error) {
            refusal = error.what();
        }
    }
    return refusal.empty() ? "declined" : "refused: " + refusal;
}

milliseconds round_trip(Stage& stage) {
    std::vector<milliseconds> times;
    stand_by(stage);
    try {
        Player player(stage, no_case());
        Link& link = player.open("preflight");
        for (int i = 0; i < 5; ++i) {
            const auto began = net::Clock::now();
            if (!player.answers(link, kProbeAnswer)) {
                break;
            }
            times.push_back(std::chrono::ceil<milliseconds>(net::Clock::now() - began));
        }
    } catch (const std::runtime_error&) {
        times.clear();
    }
    std::sort(times.begin(), times.end());
    return times.empty() ? milliseconds(100) : times[times.size() / 2];
}

// greetings_vary: another connection is greeted with other words.
bool greetings_vary(Stage& stage) {
    std::vector<wire::ByteString> again;
    stand_by(stage);
    try {
        Player player(stage, no_case());
        greet(player, player.open("preflight"), again);
    } catch (const std::runtime_error&) {
        return false;
    }
    return again.size() == stage.greetings.size() && again != stage.greetings;
}

bool opens_another(Stage& stage) {
    stand_by(stage);
    try {
        Player first(stage, no_case());
        Link& held = first.open("held");
        Player second(stage, no_case());
        Link& other = second.open("other");
        return !stage.can_answer() ||
               (second.answers(other, kProbeAnswer) && first.answers(held, kProbeAnswer));
    } catch (const std::runtime_error&) {
        return false;
    }
}

// probe_trouble says why the probe of a server that does not echo is none.
std::string probe_trouble(Stage& stage) {
    stand_by(stage);
    std::string got;
    try {
        Player player(stage, no_case());
        Link& link = player.open("preflight");
        FrameSpec frame{.opcode = 1};
        frame.payload.recipe = stage.target.probe->request;
        player.send_frame(link, frame);
        const auto last = net::Clock::now() + kProbeAnswer;
        while (const auto event = player.next_event_by(link, last)) {
            if (event->kind == Event::Kind::message &&
                matches_glob(
                    {reinterpret_cast<const char*>(event->payload.data()), event->payload.size()},
                    stage.target.probe->reply)) {
                return {};
            }
            got = event->describe();
            if (event->kind != Event::Kind::message && event->kind != Event::Kind::pong) {
                break;
            }
        }
    } catch (const std::runtime_error& error) {
        got = error.what();
    }
    return "--probe: \"" + stage.target.probe->request + "\" drew no message like \"" +
           stage.target.probe->reply + "\" within " + std::to_string(kProbeAnswer.count()) +
           " ms; the last that came was " + (got.empty() ? "nothing" : got);
}

// exit_trouble: a server of ours that ends in good order with its connection, again and again,
// cannot be judged.
std::string exit_trouble(const Stage& stage) {
    if (stage.server == nullptr) {
        return {};
    }
    if (stage.server->departures() >= kDepartures) {
        return "the server ended (exit code 0) after each connection: it has to stay for more" +
               stage.server->last_words();
    }
    const auto exit = stage.server->wait_for_exit(kProbeGreeting);
    return !exit || exit->by_signal || exit->number != 0
               ? ""
               : "the server ended (" + exit->describe() +
                     ") after one connection: it has to stay for more" + stage.server->last_words();
}

}  // namespace

Preflight preflight(Stage& stage) {
    Preflight result;
    const std::string where = stage.target.url;
    Answer text = Answer::none;
    try {
        Player player(stage, no_case());
        Link& link = player.open("preflight");
        std::vector<wire::ByteString> greetings;
        greet(player, link, greetings);
        stage.greetings = greetings;
        text = probe(player, link, 1, &greetings);
        if (text != Answer::none) {
            stage.greetings = greetings;
        }
    } catch (const Gone&) {
        result.error = "nobody listens at " + where +
                       " (connection refused): start the server, or correct the port";
        return result;
    } catch (const TlsRefused& error) {
        result.error = where + ": " + error.what() + "; " + advice(stage, error);
        return result;
    } catch (const Overloaded& error) {
        result.error = where + ": " + error.what() + "; " + advice(stage, error.what());
        return result;
    } catch (const BadOpening& error) {
        result.error = where + ": " + error.what() + "; " + advice(stage, error.what());
        return result;
    }
    if (result.error = exit_trouble(stage); !result.error.empty()) {
        return result;
    }
    // Who has a probe says that the target does not echo: an answer that holds the question is
    // none.
    const auto is_echo = [&](Answer answer) {
        return answer == Answer::same || (answer == Answer::damaged && !stage.target.probe);
    };
    const Answer binary = text == Answer::same ? Answer::none : try_probe(stage, 2);
    stage.echoes = is_echo(text) || is_echo(binary);
    if (stage.target.probe && !stage.echoes) {
        if (result.error = probe_trouble(stage); !result.error.empty()) {
            return result;
        }
    }
    stage.pongs = try_probe(stage, 9) == Answer::same;
    stage.sign_of_life = text == Answer::same     ? 1
                         : binary == Answer::same ? 2
                         : stage.pongs            ? 9
                                                  : 1;
    if (result.error = exit_trouble(stage); !result.error.empty()) {
        return result;
    }
    stage.greetings_vary = !stage.greetings.empty() && greetings_vary(stage);
    result.many_connections = opens_another(stage);
    const milliseconds trip = round_trip(stage);
    stage.patience.set_round_trip(trip);
    if (!stage.can_answer()) {
        stage.patience.expect_silence();
    }
    const std::string deflate = deflate_facts(stage);
    stand_by(stage);
    const auto yes = [](bool holds) { return std::string(holds ? "yes" : "no"); };
    result.facts = {{"echo", yes(stage.echoes)},
                    {"answers pings", yes(stage.pongs)},
                    {"permessage-deflate", deflate},
                    {"connections at a time", result.many_connections ? "many" : "one"},
                    {"greetings", std::to_string(stage.greetings.size())},
                    {"round trip", std::to_string(trip.count()) + " ms"}};
    if (const std::size_t steps = stage.target.prologue.size(); steps > 0) {
        result.facts.emplace_back("prologue", std::to_string(steps) + " steps played");
    }
    if (stage.target.probe) {
        result.facts.emplace_back("probe",
                                  stage.echoes ? "not needed: the target echoes" : "answered");
    }
    return result;
}

}  // namespace wsproof::conformance
