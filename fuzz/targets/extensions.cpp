// Invariant: what the engine takes for a list of extensions is what the judge reads, and is the
// same when written again; an offer, an agreement and the judgement on it fit together.
#include "extensions.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "deflate_negotiation.hpp"
#include "input.hpp"
#include "require.hpp"
#include "setting.hpp"
#include "wire/extensions.hpp"

namespace {

using namespace wsproof;
using fuzz::require;

ParsedExtensions parse(std::string_view text) {
    const Field field{"sec-websocket-extensions", text};
    return parse_extensions({&field, 1});
}

std::string write(const std::vector<Extension>& extensions) {
    std::string text;
    for (const Extension& extension : extensions) {
        text.append(text.empty() ? "" : " ,").append(extension.name);
        for (const ExtensionParameter& parameter : extension.parameters) {
            text.append("\t; ").append(parameter.name);
            if (parameter.value) {
                text.append(" = \"\\").append(*parameter.value).append("\"");
            }
        }
    }
    return text;
}

bool are_equal(const std::vector<Extension>& a, const std::vector<Extension>& b) {
    const auto same_parameter = [](const ExtensionParameter& x, const ExtensionParameter& y) {
        return x.name == y.name && x.value == y.value;
    };
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(), [&](const Extension& x, const Extension& y) {
            return x.name == y.name &&
                   std::equal(x.parameters.begin(), x.parameters.end(), y.parameters.begin(),
                              y.parameters.end(), same_parameter);
        });
}

void check_judge(std::string_view text, const std::vector<Extension>& extensions) {
    const auto judged = conformance::wire::extensions_of(text);
    require(judged.size() == extensions.size(), "engine and judge count extensions alike");
    for (std::size_t i = 0; i < judged.size(); ++i) {
        require(judged[i].name == extensions[i].name, "engine and judge read a name alike");
        require(judged[i].parameters.size() == extensions[i].parameters.size(),
                "engine and judge count parameters alike");
        for (std::size_t n = 0; n < judged[i].parameters.size(); ++n) {
            require(judged[i].parameters[n].name == extensions[i].parameters[n].name &&
                        judged[i].parameters[n].value == extensions[i].parameters[n].value,
                    "engine and judge read a parameter alike");
        }
    }
}

bool is_window(const ExtensionParameter& parameter) {
    constexpr std::array<std::string_view, 8> kWindows = {"8",  "9",  "10", "11",
                                                          "12", "13", "14", "15"};
    return parameter.value &&
           std::find(kWindows.begin(), kWindows.end(), *parameter.value) != kWindows.end();
}

// is_legal_offer: RFC 7692 §7.1, and that no parameter stands there twice.
bool is_legal_offer(const Extension& offer) {
    bool is_legal = offer.name == "permessage-deflate";
    std::set<std::string_view> seen;
    for (const ExtensionParameter& parameter : offer.parameters) {
        const std::string_view name = parameter.name;
        const bool is_flag =
            name == "server_no_context_takeover" || name == "client_no_context_takeover";
        const bool is_good = is_flag ? !parameter.value
                             : name == "client_max_window_bits"
                                 ? !parameter.value || is_window(parameter)
                                 : name == "server_max_window_bits" && is_window(parameter);
        is_legal = is_legal && is_good && seen.insert(name).second;
    }
    return is_legal;
}

bool has(const Extension& extension, std::string_view name) {
    return std::any_of(extension.parameters.begin(), extension.parameters.end(),
                       [name](const ExtensionParameter& each) { return each.name == name; });
}

// check_negotiation: what a server agrees to, whatever the offer, is one agreement.
void check_negotiation(const std::vector<Extension>& offers, const Deflate& server) {
    const auto agreement = choose_deflate(offers, server);
    const auto legal = std::find_if(offers.begin(), offers.end(), is_legal_offer);
    require(agreement.has_value() == (legal != offers.end()), "what is agreed to was offered");
    if (!agreement) {
        return;
    }
    const DeflateParameters& agreed = agreement->parameters;
    require(agreed.server_max_window_bits <= server.server_max_window_bits,
            "a server keeps its own promise");
    const ParsedExtensions response = parse(agreement->response);
    require(response.error == Error::none && response.extensions.size() == 1,
            "a response is one extension");
    require(has(*legal, "client_max_window_bits") ||
                !has(response.extensions.front(), "client_max_window_bits"),
            "RFC 7692 §7.1.2.2: nobody is limited who did not offer it");
    // A client that offered all there is accepts it (RFC 7692 §7.1).
    const DeflateAnswer answer = judge_deflate(
        response.extensions,
        {.codecs = server.codecs, .server_max_window_bits = agreed.server_max_window_bits});
    require(answer.error == Error::none && answer.parameters == agreed,
            "a client reads in the response what the server agreed to");
}

// check_answer: a client that asked for less takes no answer that grants more.
void check_answer(const std::vector<Extension>& answers, const Deflate& client) {
    const DeflateAnswer answer = judge_deflate(answers, client);
    if (answer.error != Error::none || !answer.parameters) {
        require(answer.error != Error::none || answers.empty(), "an answer is read or refused");
        return;
    }
    require(client.codecs != nullptr && answers.size() == 1, "RFC 6455 §4.1: it was offered");
    require(
        is_legal_offer(answers.front()) &&
            answer.parameters->server_max_window_bits <= client.server_max_window_bits &&
            (answer.parameters->server_no_context_takeover || !client.server_no_context_takeover),
        "RFC 7692 §7.1: a server grants what was asked for");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    ZlibCodecs codecs(fuzz::kSmallZlib);
    const Options server = fuzz::make_options(input, codecs);
    const Options client = fuzz::make_options(input, codecs);
    const std::string_view text = fuzz::text(input.rest());
    const ParsedExtensions parsed = parse(text);
    require(parsed.error == Error::none || parsed.extensions.empty(), "an error has no list");
    if (parsed.error == Error::none) {
        check_judge(text, parsed.extensions);
        const std::string again = write(parsed.extensions);
        const ParsedExtensions second = parse(again);
        require(second.error == Error::none && are_equal(parsed.extensions, second.extensions),
                "what is written again reads the same");
        if (server.deflate.codecs != nullptr) {  // else nobody asks for an agreement
            check_negotiation(parsed.extensions, server.deflate);
        }
        check_answer(parsed.extensions, client.deflate);
    }
    if (client.deflate.codecs != nullptr && server.deflate.codecs != nullptr) {
        const std::string offer = make_deflate_offer(client.deflate);
        const auto agreement = choose_deflate(parse(offer).extensions, server.deflate);
        require(agreement.has_value(), "a server takes a client's offer");
        const std::string response = agreement->response;
        const auto answer = judge_deflate(parse(response).extensions, client.deflate);
        require(answer.error == Error::none && answer.parameters == agreement->parameters,
                "client and server agree to the same");
    }
    return 0;
}
