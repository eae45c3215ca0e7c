#include "autobahn_plan.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace wsproof::conformance {

namespace {

bool is_for(const Case& played, Role peer) {
    return played.under_test != (peer == Role::server ? UnderTest::client : UnderTest::server);
}

const wire::Extension* deflate_of(const Offer& offer) {
    const auto found =
        std::find_if(offer.extensions.begin(), offer.extensions.end(),
                     [](const wire::Extension& each) { return each.name == "permessage-deflate"; });
    return found == offer.extensions.end() ? nullptr : &*found;
}

}  // namespace

bool takes_one_connection(const Case& played) {
    const ClientWishes& wishes = played.client;  // but for compression, which its offer tells
    return wishes.action.empty() && wishes.subprotocols.empty() && wishes.headers.empty() &&
           wishes.resource == "/" &&
           std::all_of(played.steps.begin(), played.steps.end(), [](const Step& step) {
               return step.on == "main" && !std::holds_alternative<CanaryStep>(step.action) &&
                      !std::holds_alternative<ConnectStep>(step.action);
           });
}

std::vector<std::string> numbers_of(const Catalogue& catalogue) {
    std::vector<std::string> numbers;
    for (const AutobahnCase& each : catalogue.autobahn()) {
        numbers.push_back(each.id);
    }
    return numbers;
}

std::vector<AutobahnNumber> plan_autobahn(const Catalogue& catalogue,
                                          const std::vector<Case>& library,
                                          const std::vector<std::string>& numbers, Role peer) {
    std::map<std::string_view, const Case*> by_id;
    for (const Case& each : library) {
        by_id.emplace(each.id, &each);
    }
    std::vector<AutobahnNumber> plan;
    const std::vector<AutobahnCase>& rows = catalogue.autobahn();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (std::find(numbers.begin(), numbers.end(), rows[i].id) == numbers.end()) {
            continue;
        }
        AutobahnNumber number{.row = &rows[i], .index = i + 1, .cases = {}};
        for (const std::string& id : rows[i].play) {
            const auto found = by_id.find(id);
            if (found == by_id.end()) {
                throw std::runtime_error("autobahn.json: " + rows[i].id + ": there is no case " +
                                         id);
            }
            if (is_for(*found->second, peer) &&
                (peer == Role::server || takes_one_connection(*found->second))) {
                number.cases.push_back(found->second);
            }
        }
        if (number.cases.empty()) {
            throw std::runtime_error("autobahn.json: " + rows[i].id + ": no case can be played");
        }
        plan.push_back(std::move(number));
    }
    return plan;
}

bool admits(const Offer& offer, const Case& played) {
    return std::all_of(played.steps.begin(), played.steps.end(), [&](const Step& step) {
        const auto* deflate = std::get_if<DeflateStep>(&step.action);
        if (deflate == nullptr) {
            return true;
        }
        const wire::Extension* offered = deflate_of(offer);
        // What the scenario would ask of a server in its own name, it asks of a client. A window
        // can be given only to one that says it can take it (RFC 7692 §7.1.2.2).
        return offered != nullptr &&
               std::all_of(deflate->parameters.begin(), deflate->parameters.end(),
                           [&](const auto& parameter) {
                               return parameter.first != "server_max_window_bits" ||
                                      !parameter.second ||
                                      offered->find("client_max_window_bits") != nullptr;
                           });
    });
}

const Case& first_admitted(const AutobahnNumber& number, const Offer& offer) {
    const auto found = std::find_if(number.cases.begin(), number.cases.end(),
                                    [&](const Case* each) { return admits(offer, *each); });
    return found == number.cases.end() ? *number.cases.back() : **found;
}

}  // namespace wsproof::conformance
