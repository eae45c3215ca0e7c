// Makes of recordings a scenario file that plays them again as the client, and holds the server to
// what it answered (scenarios/LANGUAGE.md).
#pragma once

#include <span>
#include <string>

#include "recording.hpp"
#include "template.hpp"

namespace wsproof::conformance {

struct RecordingOptions {
    std::string name = "recording";  // of the suite, behind "recorded/"
    bool in_order = false;  // also where the server said more than it was asked: else its messages
                            // of one turn may come in any order
};

// suite_of makes a suite of what was recorded, one scenario a connection. `target` is the request
// target of a URL that the suite is played against; requests for others say so. Recordings to which
// there was no answer are left out. Where nothing is left, the suite has no scenarios, and is none
// that could be loaded.
[[nodiscard]] Json suite_of(std::span<const Recording* const> recordings, const std::string& target,
                            const RecordingOptions& options);

}  // namespace wsproof::conformance
