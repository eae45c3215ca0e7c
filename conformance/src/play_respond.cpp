// The player as a server: it takes the client in, reads its request, and answers.
#include <algorithm>

#include "player.hpp"
#include "unmet.hpp"

namespace wsproof::conformance {

namespace {

constexpr int kUnsupported = 89;  // the exit code of a client that cannot do what it is asked for
constexpr int kRetriesMax = 2;    // connections beyond the first that are no loop (§7.2.3)

std::string ending_of(const Exit& exit, const std::string& output) {
    const std::size_t end = output.find_last_not_of(" \n");
    const std::size_t begin = output.find_last_of('\n', end);
    const std::string last =
        end == std::string::npos
            ? ""
            : ": " + output.substr(begin == std::string::npos ? 0 : begin + 1,
                                   end - (begin == std::string::npos ? 0 : begin + 1) + 1);
    return "the client ended (" + exit.describe() + ")" + last;
}

const wire::ExtensionParameter* offered(const wire::Extension* offer, std::string_view name) {
    return offer == nullptr ? nullptr : offer->find(name);
}

// mirrored: what a scenario offers to a server in the name of the client, a client is answered in
// the name of the server.
std::string mirrored(const std::string& parameter) {
    if (parameter.starts_with("client_")) {
        return "server_" + parameter.substr(7);
    }
    return parameter.starts_with("server_") ? "client_" + parameter.substr(7) : parameter;
}

// target_of a URL that ends in `resource` (RFC 6455 §3): without the fragment. Empty: that is no
// URI as it stands, and how it is encoded is open (A33).
std::string target_of(const std::string& resource) {
    const std::string target =
        (resource.starts_with('/') ? "" : "/") + resource.substr(0, resource.find('#'));
    const bool is_uri = std::all_of(target.begin(), target.end(), [](char c) {
        return c > ' ' && static_cast<unsigned char>(c) < 0x7F;
    });
    return is_uri ? target : "";
}

// is_what_was_offered: the client has promised to work with this. One that offers
// client_max_window_bits promises to take a value (RFC 7692 §7.1.2.2), but zlib cannot keep to 8;
// one that offers to drop its context may be able to do nothing else, and so with the rest.
bool is_what_was_offered(const wire::Extension& answer, const wire::Extension& offer) {
    for (const wire::ExtensionParameter& given : answer.parameters) {
        const auto* asked = offer.find(given.name);
        if (given.name == "client_max_window_bits"
                ? given.value == "8"
                : asked == nullptr || asked->value != given.value) {
            return false;
        }
    }
    return std::all_of(offer.parameters.begin(), offer.parameters.end(),
                       [&](const wire::ExtensionParameter& asked) {
                           return asked.name == "client_max_window_bits" ||
                                  answer.find(asked.name) != nullptr;
                       });
}

// is_a_surprise: an answer accepts permessage-deflate otherwise than the client offered it.
bool is_a_surprise(const wire::Extension& answer, const Offer& offer) {
    return std::any_of(offer.extensions.begin(), offer.extensions.end(),
                       [&](const wire::Extension& each) { return each.name == answer.name; }) &&
           std::none_of(offer.extensions.begin(), offer.extensions.end(),
                        [&](const wire::Extension& each) {
                            return each.name == answer.name && is_what_was_offered(answer, each);
                        });
}

}  // namespace

Link& Player::await_client(const std::string& name) {
    recorder_.note(name, "waiting for the client");
    visits_.push_back(stage_.clients->visit(case_.client));
    Visit& visit = *visits_.back();
    Visit::Arrival arrival = visit.arrive(stage_.interrupt);
    check_budget();
    if (arrival.exit && !arrival.exit->by_signal && arrival.exit->number == kUnsupported) {
        throw Declined("the client says that it cannot do this (exit code 89)");
    }
    if (arrival.exit) {
        const std::string how = ending_of(*arrival.exit, visit.output()) + " before it connected";
        if (is_asked_for_more()) {  // whatever its way of refusing: nothing was sent to it yet
            throw Declined(how);
        }
        if (arrival.exit->is_crash() && !case_.steps.empty()) {  // preflight has none
            report(Behaviour::crash, "", "The client lives", {}, how, nullptr);
            throw Unmet{};
        }
        throw Vanished(how);
    }
    if (!arrival.socket.is_open()) {
        throw Vanished(arrival.why);
    }
    links_.emplace_back(name, Role::client, net::Stream(std::move(arrival.socket)), seed_,
                        recorder_);
    Link& link = links_.back();
    link.greetings = stage_.greetings;
    link.capture(open_flow(stage_.capture, link.stream(), false));
    link.monitor().expect_target(
        visit.host_field(), visit.host_field().empty() ? "" : target_of(case_.client.resource));
    if (std::any_of(case_.steps.begin(), case_.steps.end(), [&](const Step& step) {
            const auto* check = std::get_if<AssertStep>(&step.action);
            return check != nullptr && check->what == AssertStep::What::player_closed_first &&
                   step.on == name;
        })) {
        link.hold_fin();
    }
    if (!arrival.read.empty()) {
        link.take_read(arrival.read);
    }
    return link;
}

bool Player::is_asked_for_more() const {
    return case_.client.is_special() || case_.client.resource != "/";
}

// await_request leaves the request in the inbox, for a step that wants to look at it.
void Player::await_request(Link& link) {
    const auto last = net::Clock::now() + Patience::kOpening;
    while (!link.has_request()) {
        if (link.is_done() && is_asked_for_more()) {
            throw Declined("the client ended the connection before its request");
        }
        if (link.is_done() || net::Clock::now() >= last) {
            throw Vanished(link.is_done()
                               ? "the client ended the connection before its request"
                               : "the client sent no request within " +
                                     std::to_string(Patience::kOpening.count() / 1000) + " s");
        }
        pump(last);
    }
    const std::string& nonce = link.offer().key;
    if (nonce.empty()) {
        return;  // its lack is judged with the request
    }
    if (stage_.met_before.has_nonce(nonce)) {
        link.monitor().note(Behaviour::fail, "6455-4.1-26",
                            "The nonce of Sec-WebSocket-Key is drawn anew for each connection",
                            "\"" + nonce + "\", which an earlier connection had too");
    } else if (const std::string flaw = stage_.met_before.flaw(); !flaw.empty()) {
        link.monitor().note(Behaviour::fail, "6455-4.1-26",
                            "The nonce of Sec-WebSocket-Key is drawn anew for each connection",
                            "\"" + nonce + "\", " + flaw);
    }
}

void Player::respond(Link& link, const RespondStep& response) {
    if (!link.has_request()) {
        await_request(link);
    }
    if (visits_.back()->extra() > 0) {
        report(Behaviour::non_strict, "6455-4.1-6",
               "A client opens no second connection while the first is not answered", {},
               "a second connection to the same port", nullptr, "A29");
        if (!case_.steps.empty()) {
            throw Unmet{};  // on which of the two it will go on nobody can tell
        }
    }
    if (!link.inbox().empty() && link.inbox().front().kind == Event::Kind::request) {
        link.inbox().pop_front();
    }
    if (response.offence) {
        link.offended();
    }
    const wire::ByteString head = head_of(response, link);
    std::optional<DeflateAgreement> agreed;
    bool is_surprised = false;
    const std::string text(reinterpret_cast<const char*>(head.data()), head.size());
    for (const wire::Extension& element : offer_of(text).extensions) {
        if (element.name == kDeflateName && !agreed) {
            agreed = agreement_of(element);
            is_surprised = is_a_surprise(element, link.offer());
        }
    }
    Outgoing out{.bytes = head};
    out.boundaries.push_back(head.size());
    if (response.offence) {
        out.offence = 0;
    }
    sent_.push_back(describe(response));
    recorder_.add(Entry::Kind::sent, link.name(), "HTTP: " + describe(response), head, {});
    const bool opens =
        response.raw ? text.find(" 101") != std::string::npos : response.status == 101;
    link.answered(head.size(), opens, std::move(agreed));
    encode(link, response.then, out);
    send_cut(link, out, response.cut);
    if (opens && is_surprised && !response.offence && response.then.empty()) {
        see_whether_it_stays(link);
    }
}

Link& Player::open_to_client(const std::string& name) {
    Link& link = await_client(name);
    await_request(link);
    respond(link, RespondStep{});
    sent_.clear();
    return link;
}

void Player::let_go() {
    if (stage_.peer != Role::client || stage_.clients->listens()) {
        return;
    }
    for (Link& link : links_) {
        if (!link.has_request() || link.is_done()) {
            continue;
        }
        try {
            if (!link.is_open_websocket()) {
                respond(link, RespondStep{});
            }
            close_politely(link, CloseStep{.code = 1000});
        } catch (const Unmet&) {
            // The case was not played: what else comes is not judged.
        }
    }
}

void Player::act(const RespondStep& step, const Step& at) {
    const bool is_there = std::any_of(links_.begin(), links_.end(),
                                      [&](const Link& each) { return each.name() == at.on; });
    respond(is_there ? link(at.on) : await_client(at.on), step);
}

void Player::act(const DeflateStep& step, const Step& at) {
    if (stage_.peer == Role::server) {
        for (const Step& each : step.negotiation) {
            run(each);
        }
        return;
    }
    Link& link = await_client(at.on);
    await_request(link);
    respond(link, accepting(step, link.offer()));
    sent_.clear();
}

// A client fails the connection on a configuration that it does not support (RFC 7692 §7): then the
// case is about something else than it can do. A Ping, which nothing compresses, tells.
void Player::see_whether_it_stays(Link& link) {
    FrameSpec ping{.opcode = 9};
    ping.payload.recipe = "still there";
    send_frame(link, ping);
    const auto event = next_event(link, Patience::kOpening);
    if (!event || event->kind == Event::Kind::pong) {
        return;
    }
    if (event->kind == Event::Kind::close || event->kind == Event::Kind::eof ||
        event->kind == Event::Kind::reset) {
        throw Unsupported{"the client does not take the answer that this is about"};
    }
    link.inbox().push_front(*event);
}

// accepting makes the answer that a server would give that wants what the scenario wants, within
// what the client offered (RFC 7692 §7.1).
RespondStep Player::accepting(const DeflateStep& step, const Offer& offer) const {
    const auto found =
        std::find_if(offer.extensions.begin(), offer.extensions.end(),
                     [](const wire::Extension& each) { return each.name == kDeflateName; });
    if (found == offer.extensions.end()) {
        throw Unsupported{"the client does not offer permessage-deflate"};
    }
    const wire::Extension& offer_element = *found;
    std::vector<std::pair<std::string, std::optional<std::string>>> answer;
    // What a client asks of the server is granted, or the offer had to be declined.
    for (const char* name : {"server_no_context_takeover", "server_max_window_bits"}) {
        if (const auto* asked = offered(&offer_element, name)) {
            answer.emplace_back(name, asked->value);
        }
    }
    for (const auto& [given, value] : step.parameters) {
        const std::string name = mirrored(given);
        if (name == "server_max_window_bits" && !value) {
            continue;  // a hint that only a client gives (RFC 7692 §7.1.2.2); answered, it has a
                       // value
        }
        const auto same = std::find_if(answer.begin(), answer.end(),
                                       [&](const auto& each) { return each.first == name; });
        if (name == "client_max_window_bits" && offered(&offer_element, name) == nullptr) {
            throw Unsupported{"the client does not offer client_max_window_bits"};
        }
        if (same == answer.end()) {
            answer.emplace_back(name, value);
        } else if (value && window_bits_of(same->second) && window_bits_of(value) &&
                   *window_bits_of(value) < *window_bits_of(same->second)) {
            same->second = value;
        }
    }
    for (const HeaderRule& rule : step.agreed) {
        const bool is_there = std::any_of(answer.begin(), answer.end(), [&](const auto& each) {
            return each.first == mirrored(rule.name);
        });
        if (is_there != (rule.kind != HeaderRule::Kind::absent)) {
            throw Unsupported{"the client's offer does not allow for what this is about"};
        }
    }
    std::string text(kDeflateName);
    for (const auto& [name, value] : answer) {
        text += "; " + name + (value ? "=" + *value : "");
    }
    RespondStep response;
    response.add.emplace_back("Sec-WebSocket-Extensions", PayloadSpec{text});
    return response;
}

// end_visits sees the clients out, and what only their end and the whole run can tell.
void Player::end_visits(CaseResult& result) {
    // Keys that come again on another connection are looked for within a case alone: what earlier
    // cases have seen must not decide on this one.
    MaskKeys keys;
    for (Link& link : links_) {
        for (const wire::Key& key : link.monitor().mask_keys()) {
            keys.add(key);
        }
    }
    if (const std::string repeated = keys.repetition(); links_.size() > 1 && !repeated.empty()) {
        links_.back().monitor().note(Behaviour::fail, "6455-5.3-2",
                                     "A fresh mask key is drawn for each frame",
                                     repeated + " over all connections of this case");
    }
    for (const auto& visit : visits_) {
        const auto exit = visit->end();
        if (exit && !exit->by_signal && exit->number == kUnsupported && is_asked_for_more()) {
            result.behaviour = Behaviour::unsupported;
            result.reason = "the client says that it cannot do this (exit code 89)";
            findings_.clear();
        }
        if (exit && exit->is_crash()) {
            result.behaviour = Behaviour::crash;
            result.reason = ending_of(*exit, visit->output());
        }
        if (visit->extra() > kRetriesMax) {
            report(Behaviour::non_strict, "6455-7.2.3-1", "A client that reconnects backs off", {},
                   std::to_string(visit->extra()) + " further connections at once", nullptr);
        }
    }
}

}  // namespace wsproof::conformance
