// The frame that a spec of the scenario language asks for, but for its mask key.
#pragma once

#include "scenario_sends.hpp"

namespace wsproof::conformance {

// body_of is what the frame carries: the code of a Close (RFC 6455 §5.5.1), then `payload`, which
// the spec's recipe has made.
[[nodiscard]] wire::ByteString body_of(const FrameSpec& frame, wire::ByteView payload);

// raw_frame has no key, and views `body`.
[[nodiscard]] wire::RawFrame raw_frame(const FrameSpec& frame, wire::ByteView body);

}  // namespace wsproof::conformance
