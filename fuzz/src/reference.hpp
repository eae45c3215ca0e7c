// What a receiver must report of a stream of frames, from RFC 6455 §5 and RFC 7692 as directly as
// possible: slow, on whole input, by the judge's wire layer, which shares no code with the engine.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

#include "event_log.hpp"
#include "input.hpp"

namespace wsproof::fuzz {

struct Receiver {
    Role role = Role::server;
    Limits limits{};
    std::optional<DeflateParameters> deflate{};
    std::uint64_t offset = 0;  // bytes of the handshake before the frames
};

struct Prophecy {
    EventLog log;               // all but Failed and Closed
    std::vector<Error> errors;  // one of which is that of Failed; empty: it does not fail
    // may_fail: there is a compressed message of which the RFCs do not say whether, or where, it
    // must be refused.
    bool may_fail = false;
    std::uint64_t offset = 0;  // of Failed
    std::uint64_t frame_count = 0;

    // is_lenient: `failed`, what the engine said or nullptr, may differ for that reason.
    [[nodiscard]] bool is_lenient(const Happening* failed) const noexcept {
        return may_fail && ((failed != nullptr && failed->error == Error::bad_deflate) ||
                            (!errors.empty() && errors.front() == Error::bad_deflate));
    }
};

[[nodiscard]] Prophecy foretell(Bytes stream, const Receiver& receiver);

// check requires that `heard`, from the first frame on, is what was foretold.
void check(const EventLog& heard, const Prophecy& prophecy);

}  // namespace wsproof::fuzz
