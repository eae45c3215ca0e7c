#include "deflate_negotiation.hpp"

#include <algorithm>
#include <string_view>

namespace wsproof {
namespace {

constexpr std::string_view kName = "permessage-deflate";

// Names are tokens, which RFC 6455 §9.1 does not say to be compared in any case: as they are.
constexpr std::string_view kServerNoTakeover = "server_no_context_takeover";
constexpr std::string_view kClientNoTakeover = "client_no_context_takeover";
constexpr std::string_view kServerBits = "server_max_window_bits";
constexpr std::string_view kClientBits = "client_max_window_bits";

// Element is one permessage-deflate of an offer or an answer.
struct Element {
    bool is_valid = true;
    bool server_no_takeover = false;
    bool client_no_takeover = false;
    bool has_server_bits = false;
    bool has_client_bits = false;
    std::optional<int> server_bits;
    std::optional<int> client_bits;
};

// RFC 7692 §7.1.2.1: 8 to 15, decimal, without leading zeros.
std::optional<int> read_bits(std::string_view text) noexcept {
    if (text == "8" || text == "9") {
        return text.front() - '0';
    }
    const bool is_teen = text.size() == 2 && text[0] == '1' && text[1] >= '0' && text[1] <= '5';
    return is_teen ? std::optional(10 + (text[1] - '0')) : std::nullopt;
}

// take_flag reads a parameter that has no value (RFC 7692 §7.1.1) and stands there once.
bool take_flag(const ExtensionParameter& parameter, bool& flag) noexcept {
    const bool is_good = !flag && !parameter.value;
    flag = true;
    return is_good;
}

// take_bits reads a parameter that stands there once, with a window (RFC 7692 §7.1.2) or, where it
// may, without.
bool take_bits(const ExtensionParameter& parameter, bool& has, std::optional<int>& bits,
               bool may_lack_value) noexcept {
    if (has) {
        return false;
    }
    has = true;
    if (!parameter.value) {
        return may_lack_value;
    }
    bits = read_bits(*parameter.value);
    return bits.has_value();
}

Element read_element(const Extension& extension, bool is_offer) noexcept {
    Element element;
    for (const ExtensionParameter& parameter : extension.parameters) {
        bool is_good = false;
        if (parameter.name == kServerNoTakeover) {
            is_good = take_flag(parameter, element.server_no_takeover);
        } else if (parameter.name == kClientNoTakeover) {
            is_good = take_flag(parameter, element.client_no_takeover);
        } else if (parameter.name == kServerBits) {
            is_good = take_bits(parameter, element.has_server_bits, element.server_bits, false);
        } else if (parameter.name == kClientBits) {
            // RFC 7692 §7.1.2.2: only an offer may leave the value out.
            is_good = take_bits(parameter, element.has_client_bits, element.client_bits, is_offer);
        }
        element.is_valid = element.is_valid && is_good;
    }
    return element;
}

void append_bits(std::string& text, std::string_view name, int bits) {
    text.append("; ").append(name).append("=");
    if (bits >= 10) {
        text.push_back('1');
    }
    text.push_back(static_cast<char>('0' + bits % 10));
}

void append_flag(std::string& text, std::string_view name, bool is_set) {
    if (is_set) {
        text.append("; ").append(name);
    }
}

DeflateAgreement agree(const Element& offer, const Deflate& deflate) {
    DeflateAgreement agreed;
    DeflateParameters& parameters = agreed.parameters;
    parameters.server_max_window_bits =
        std::min(deflate.server_max_window_bits, offer.server_bits.value_or(kWindowBitsMax));
    // RFC 7692 §7.1.2.2: no answer limits a client that has not offered to be limited.
    if (offer.has_client_bits) {
        parameters.client_max_window_bits =
            std::min(deflate.client_max_window_bits, offer.client_bits.value_or(kWindowBitsMax));
    }
    parameters.server_no_context_takeover =
        deflate.server_no_context_takeover || offer.server_no_takeover;
    // A client that hints that it will not take its context over spares us keeping it (§7.1.1.2).
    parameters.client_no_context_takeover =
        deflate.client_no_context_takeover || offer.client_no_takeover;

    agreed.response = kName;
    append_flag(agreed.response, kServerNoTakeover, parameters.server_no_context_takeover);
    append_flag(agreed.response, kClientNoTakeover, parameters.client_no_context_takeover);
    if (offer.has_server_bits || parameters.server_max_window_bits < kWindowBitsMax) {
        append_bits(agreed.response, kServerBits, parameters.server_max_window_bits);
    }
    if (parameters.client_max_window_bits < kWindowBitsMax) {
        append_bits(agreed.response, kClientBits, parameters.client_max_window_bits);
    }
    return agreed;
}

}  // namespace

std::string make_deflate_offer(const Deflate& deflate) {
    std::string offer(kName);
    append_flag(offer, kServerNoTakeover, deflate.server_no_context_takeover);
    append_flag(offer, kClientNoTakeover, deflate.client_no_context_takeover);
    if (deflate.server_max_window_bits < kWindowBitsMax) {
        append_bits(offer, kServerBits, deflate.server_max_window_bits);
    }
    if (deflate.client_max_window_bits < kWindowBitsMax) {
        append_bits(offer, kClientBits, deflate.client_max_window_bits);
    } else {
        offer.append("; ").append(kClientBits);
    }
    return offer;
}

std::optional<DeflateAgreement> choose_deflate(const std::vector<Extension>& offers,
                                               const Deflate& deflate) {
    for (const Extension& extension : offers) {
        if (extension.name != kName) {
            continue;
        }
        const Element offer = read_element(extension, true);
        if (offer.is_valid) {
            return agree(offer, deflate);
        }
    }
    return std::nullopt;
}

DeflateAnswer judge_deflate(const std::vector<Extension>& answer, const Deflate& deflate) {
    if (answer.empty()) {
        return {};
    }
    // RFC 6455 §9.1: nothing that was not offered. RFC 7692 §5.1: two would want the same bit.
    if (deflate.codecs == nullptr || answer.size() != 1 || answer.front().name != kName) {
        return {Error::bad_extension, {}};
    }
    const Element element = read_element(answer.front(), false);
    const bool asked_for_bits = deflate.server_max_window_bits < kWindowBitsMax;
    const int server_bits = element.server_bits.value_or(kWindowBitsMax);
    // RFC 7692 §7.1.1.1 and §7.1.2.1: a server that accepts an offer repeats what it asks for.
    const bool fits = element.is_valid &&
                      (element.server_no_takeover || !deflate.server_no_context_takeover) &&
                      (!asked_for_bits || server_bits <= deflate.server_max_window_bits);
    if (!fits) {
        return {Error::bad_extension, {}};
    }
    return {Error::none,
            DeflateParameters{server_bits, element.client_bits.value_or(kWindowBitsMax),
                              element.server_no_takeover, element.client_no_takeover}};
}

}  // namespace wsproof
