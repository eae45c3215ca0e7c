// From a URL to a stream: name, TCP, TLS. Each failure says where it was.
#pragma once

#include <string>
#include <wsproof/runtime/client.hpp>

#include "url.hpp"

namespace wsproof::runtime {

// failure is the result of an open() that came as far as `stage`.
[[nodiscard]] OpenResult failure(OpenStage stage, std::string error);

// Reached is a stream to the server, or why there is none.
struct Reached {
    net::Stream stream;
    OpenResult failure{};
};

// reach resolves the name and connects; TLS is to be agreed on yet. It gives up at `deadline`, or
// on ClientOptions::interrupt.
[[nodiscard]] Reached reach(const Url& url, const ClientOptions& options, net::Deadline deadline);

// secure waits for TLS, if the stream is for it.
void secure(Reached& reached, const Url& url, const ClientOptions& options, net::Deadline deadline);

}  // namespace wsproof::runtime
