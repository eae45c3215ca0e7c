#include "deflate_judge.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "wire/http_head.hpp"
#include "wire/http_response.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::string_view kServerNoTakeover = "server_no_context_takeover";
constexpr std::string_view kClientNoTakeover = "client_no_context_takeover";
constexpr std::string_view kServerBits = "server_max_window_bits";
constexpr std::string_view kClientBits = "client_max_window_bits";

// Rule is what RFC 7692 §7.1 says of a parameter in a response.
struct Rule {
    std::string_view name;
    bool has_value;
    std::string_view row;  // of a value that may not stand there
};
constexpr std::array<Rule, 4> kRules = {{{kServerNoTakeover, false, "7692-7.1.1.1-5"},
                                         {kClientNoTakeover, false, "7692-7.1.1.2-2"},
                                         {kServerBits, true, "7692-7.1.2.1-6"},
                                         {kClientBits, true, "7692-7.1.2.2-5"}}};

std::string in_quotes(std::string_view text) {
    return "\"" + std::string(text.substr(0, 160)) + "\"";
}

void add(std::vector<Departure>& out, std::string_view row, std::string text, std::string got,
         Behaviour verdict = Behaviour::fail, std::string_view because = {}) {
    out.push_back(
        {verdict, std::string(row), std::move(text), std::move(got), std::string(because)});
}

const Rule* rule_of(std::string_view name) {
    const auto found = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& rule) {
        return wire::equal_ignoring_case(rule.name, name);
    });
    return found == kRules.end() ? nullptr : &*found;
}

// judge_parameters: what no offer can excuse.
void judge_parameters(const wire::Extension& answer, std::vector<Departure>& out) {
    std::set<std::string_view> seen;
    for (const wire::ExtensionParameter& parameter : answer.parameters) {
        const Rule* rule = rule_of(parameter.name);
        if (rule == nullptr) {
            add(out, "7692-7-7", "Only parameters that are defined for it stand in a response",
                in_quotes(answer.text));
            continue;
        }
        if (rule->name != parameter.name) {
            add(out, "7692-7-7", "Parameters are written in small letters", in_quotes(answer.text),
                Behaviour::info, "A10");
        }
        if (!seen.insert(rule->name).second) {
            add(out, "7692-7-9", "A parameter appears once in a response", in_quotes(answer.text));
        }
        if (!rule->has_value && parameter.value) {
            add(out, rule->row, std::string(rule->name) + " takes no value",
                in_quotes(answer.text));
        } else if (rule->has_value && !window_bits_of(parameter.value)) {
            add(out, rule->row,
                std::string(rule->name) + " has a value from 8 to 15 without a leading zero",
                in_quotes(answer.text), Behaviour::fail, "A37");
        }
    }
}

// find_in_any_case: whether a name in other letters is the same one is left open (A10).
const wire::ExtensionParameter* find_in_any_case(const wire::Extension& offer,
                                                 std::string_view name) {
    const auto found = std::find_if(offer.parameters.begin(), offer.parameters.end(),
                                    [&](const wire::ExtensionParameter& each) {
                                        return wire::equal_ignoring_case(each.name, name);
                                    });
    return found == offer.parameters.end() ? nullptr : &*found;
}

// judge_by_offer: what this offer demands of a response that accepts it.
std::vector<Departure> judge_by_offer(const wire::Extension& answer, const wire::Extension& offer) {
    std::vector<Departure> out;
    const std::string got = in_quotes(answer.text) + " to the offer " + in_quotes(offer.text);
    if (offer.find(kServerNoTakeover) != nullptr && answer.find(kServerNoTakeover) == nullptr) {
        add(out, "7692-7.1.1.1-4",
            "server_no_context_takeover is accepted by repeating it in the response", got,
            Behaviour::fail, "A38");
    }
    // What is no window asks for nothing: that it is not declined is another row's matter.
    const auto* asked = offer.find(kServerBits);
    if (const auto most = asked == nullptr ? std::nullopt : window_bits_of(asked->value)) {
        const auto* given = answer.find(kServerBits);
        const auto bits = given == nullptr ? std::nullopt : window_bits_of(given->value);
        if (given == nullptr || (bits && *bits > *most)) {
            // No value means 15: who asked for 15 gets that, if not by the word.
            const bool is_what_was_asked = given == nullptr && *most == 15;
            add(out, "7692-7.1.2.1-5",
                "server_max_window_bits is accepted with the same or a smaller value", got,
                is_what_was_asked ? Behaviour::non_strict : Behaviour::fail, "A38");
        }
    }
    if (const auto* given = answer.find(kClientBits)) {
        const auto* hint = find_in_any_case(offer, kClientBits);
        if (hint == nullptr) {
            add(out, "7692-7.1.2.2-6",
                "client_max_window_bits stands in a response only if the client offered it", got);
        } else if (const auto most = window_bits_of(hint->value),
                   bits = window_bits_of(given->value);
                   most && bits && *bits > *most) {
            add(out, "7692-7.1.2.2-4", "A hint of the client's window is taken", got,
                Behaviour::info, "A38");
        }
    }
    return out;
}

std::size_t count_fails(const std::vector<Departure>& departures) {
    return static_cast<std::size_t>(
        std::count_if(departures.begin(), departures.end(),
                      [](const Departure& each) { return each.verdict >= Behaviour::fail; }));
}

}  // namespace

std::optional<unsigned> window_bits_of(const std::optional<std::string>& value) {
    if (value && (*value == "8" || *value == "9")) {
        return static_cast<unsigned>(value->front() - '0');
    }
    if (value && value->size() == 2 && value->front() == '1' && value->back() >= '0' &&
        value->back() <= '5') {
        return 10 + static_cast<unsigned>(value->back() - '0');
    }
    return std::nullopt;
}

DeflateAgreement agreement_of(const wire::Extension& answer) {
    DeflateAgreement agreement;
    agreement.answer = answer;
    for (const wire::ExtensionParameter& parameter : answer.parameters) {
        const Rule* rule = rule_of(parameter.name);
        if (rule == nullptr) {
            continue;
        }
        if (rule->name == kServerNoTakeover) {
            agreement.server_no_takeover = true;
        } else if (rule->name == kClientNoTakeover) {
            agreement.client_no_takeover = true;
        } else if (rule->name == kServerBits) {
            agreement.server_bits = window_bits_of(parameter.value).value_or(15);
        } else {
            agreement.client_bits = window_bits_of(parameter.value).value_or(15);
        }
    }
    return agreement;
}

std::vector<Departure> judge_answer(const wire::Extension& answer,
                                    const std::vector<wire::Extension>& offers) {
    std::vector<Departure> out;
    judge_parameters(answer, out);
    std::optional<std::vector<Departure>> best;
    for (const wire::Extension& offer : offers) {
        if (!wire::equal_ignoring_case(offer.name, kDeflateName)) {
            continue;
        }
        std::vector<Departure> departures = judge_by_offer(answer, offer);
        if (!best || count_fails(departures) < count_fails(*best)) {
            best = std::move(departures);
        }
    }
    if (best) {
        out.insert(out.end(), best->begin(), best->end());
    }
    return out;
}

wire::ByteString DeflateStream::message(wire::ByteView payload,
                                        std::vector<Departure>& departures) {
    if (is_lost_) {
        return {payload.begin(), payload.end()};
    }
    wire::Inflated message = wire::inflate(payload, history_.view(), kInflatedMax);
    if (message.fault == wire::InflateFault::over_limit) {
        is_lost_ = true;
        return std::move(message.data);
    }
    judge(message, payload.size(), departures);
    history_.append(message.data);
    return std::move(message.data);
}

void DeflateStream::judge(const wire::Inflated& message, std::size_t size,
                          std::vector<Departure>& out) const {
    if (size == 0) {
        add(out, "7692-7.2.1-16", "An empty message that is compressed holds an empty block",
            "RSV1 and no payload", Behaviour::non_strict, "A36");
        return;
    }
    if (!message.is_whole() || message.ending != wire::Ending::proper) {
        add(out, "7692-7.2.1-1",
            "A compressed message is a DEFLATE stream that 00 00 FF FF completes",
            describe(message, size));
    }
    if (!message.padding_is_zero) {
        add(out, "7692-7.2.1-5", "The bits behind a final block are zero", "others");
    }
    const bool is_server = sender_ == Role::server;
    const std::string whose = is_server ? "server" : "client";
    if (message.reach > 0 && agreement_.no_takeover(sender_)) {
        add(out, is_server ? "7692-7.2.1-11" : "7692-7.2.1-8",
            whose + "_no_context_takeover: a message refers to nothing before it",
            "a reference to " + std::to_string(message.reach) +
                " bytes before the message, at bit " + std::to_string(message.reach_bit) + " of " +
                std::to_string(size) + " compressed bytes");
    }
    const unsigned bits = agreement_.bits(sender_);
    if (message.distance > (1U << bits)) {
        add(out, is_server ? "7692-7.2.1-15" : "7692-7.2.1-13",
            whose + "_max_window_bits=" + std::to_string(bits) + ": references go back " +
                std::to_string(1U << bits) + " bytes at most",
            "a reference " + std::to_string(message.distance) + " bytes back, at bit " +
                std::to_string(message.distance_bit) + " of " + std::to_string(size) +
                " compressed bytes");
    }
}

}  // namespace wsproof::conformance
