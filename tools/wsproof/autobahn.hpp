// What the two modes of `wsproof autobahn` share.
#pragma once

#include <cstdint>
#include <string>

#include "autobahn_spec.hpp"
#include "library.hpp"

namespace wsproof::tools {

struct AutobahnArguments {
    std::string mode;
    std::string spec;    // the file
    std::string url;     // -w: of a server, if the spec has none
    std::string outdir;  // in place of the spec's
    unsigned webport = 0;
    std::string key;   // of a server within TLS,
    std::string cert;  // which there is none of
    unsigned jobs = 8;
    unsigned max_time = 3600;  // seconds for each server
    std::uint64_t seed = 1;
    bool once = false;
};

// Both read the spec and give the exit code; `chosen` holds all cases.
[[nodiscard]] int fuzz_servers(const AutobahnArguments& arguments, conformance::AutobahnSpec& spec,
                               const Chosen& chosen);
[[nodiscard]] int fuzz_clients(const AutobahnArguments& arguments,
                               const conformance::AutobahnSpec& spec, const Chosen& chosen);

}  // namespace wsproof::tools
