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
    // may_fail: the last message is one of which RFC 7692 does not say that it must be refused.
    bool may_fail = false;
    std::uint64_t offset = 0;  // of Failed
    std::uint64_t frame_count = 0;
};

[[nodiscard]] Prophecy foretell(Bytes stream, const Receiver& receiver);

// check requires that `heard`, from the first frame on, is what was foretold.
void check(const EventLog& heard, const Prophecy& prophecy);

}  // namespace wsproof::fuzz
