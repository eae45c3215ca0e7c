// Which cases of ours are played for each of Autobahn's.
#pragma once

#include <string>
#include <vector>

#include "catalogue.hpp"
#include "offer.hpp"
#include "role.hpp"
#include "scenario.hpp"

namespace wsproof::conformance {

// AutobahnNumber is one of Autobahn's cases. A server is played all of `cases`; a client, which
// brings one connection, the first that its offer admits. Both outlive it.
struct AutobahnNumber {
    const AutobahnCase* row = nullptr;
    std::size_t index = 0;  // from 1, among all of Autobahn's cases
    std::vector<const Case*> cases{};
};

// plan_autobahn finds the cases for the numbers that were asked for, in their order; those that are
// for the other role are left out, and for a client those that want more than one connection.
// Throws std::runtime_error for a number without cases.
[[nodiscard]] std::vector<AutobahnNumber> plan_autobahn(const Catalogue& catalogue,
                                                        const std::vector<Case>& library,
                                                        const std::vector<std::string>& numbers,
                                                        Role peer);

// numbers_of names all of Autobahn's cases, in their order.
[[nodiscard]] std::vector<std::string> numbers_of(const Catalogue& catalogue);

// takes_one_connection: a client that connects once, as it likes, can play the case.
[[nodiscard]] bool takes_one_connection(const Case& played);

// admits: a client that offers this can be answered what the case wants of permessage-deflate.
[[nodiscard]] bool admits(const Offer& offer, const Case& played);

// first_admitted is what such a client is played; the last if its offer admits none.
[[nodiscard]] const Case& first_admitted(const AutobahnNumber& number, const Offer& offer);

}  // namespace wsproof::conformance
