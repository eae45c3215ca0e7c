#include "offer.hpp"

#include <algorithm>

#include "deflate_judge.hpp"
#include "wire/http_head.hpp"

namespace wsproof::conformance {

Offer offer_of(std::string_view head) {
    Offer offer;
    int keys = 0;
    while (!head.empty()) {
        const std::size_t end = head.find('\n');
        const std::string_view line = head.substr(0, end);
        head = end == std::string_view::npos ? std::string_view{} : head.substr(end + 1);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            continue;
        }
        const std::string_view name = wire::trim(line.substr(0, colon));
        std::string_view value = line.substr(colon + 1);
        value = value.substr(0, value.find_last_not_of("\r") + 1);
        value = wire::trim(value);
        if (wire::equal_ignoring_case(name, "Sec-WebSocket-Key")) {
            offer.key = ++keys == 1 ? value : std::string_view{};
        } else if (wire::equal_ignoring_case(name, "Sec-WebSocket-Protocol")) {
            for (const std::string_view token : wire::tokens_of(value)) {
                offer.subprotocols.emplace_back(token);
            }
        } else if (wire::equal_ignoring_case(name, "Sec-WebSocket-Extensions")) {
            for (wire::Extension& extension : wire::extensions_of(value)) {
                offer.extensions.push_back(std::move(extension));
            }
        }
    }
    return offer;
}

std::string all_granted(const Offer& offer) {
    std::string answer(kDeflateName);
    const auto found =
        std::find_if(offer.extensions.begin(), offer.extensions.end(),
                     [](const wire::Extension& each) { return each.name == kDeflateName; });
    if (found == offer.extensions.end()) {
        return answer;
    }
    for (const wire::ExtensionParameter& asked : found->parameters) {
        if (asked.value || asked.name != "client_max_window_bits") {
            answer += "; " + asked.name + (asked.value ? "=" + *asked.value : "");
        }
    }
    return answer;
}

}  // namespace wsproof::conformance
