// The opening handshake of a server: the connection made, the request read and judged, the response
// written.
#include "inputs.hpp"
#include "rows.hpp"

namespace wsproof::bench {

namespace {

bool is_right(std::string_view response) {
    return response.starts_with("HTTP/1.1 101 ") && response.ends_with("\r\n\r\n") &&
           response.find(accept_of_requests()) != std::string_view::npos;
}

void accept(benchmark::State& state, const Engine& engine, std::size_t size) {
    const std::string request = make_request(size);
    Wire wire;
    const auto acceptor = engine.acceptor(wire);
    std::string response;
    wire.record(&response);
    acceptor->accept(request);
    wire.record(nullptr);
    if (request.size() != size || !is_right(response)) {
        state.SkipWithError("wrong handshake");
        return;
    }
    measure(state, 1, [&] { acceptor->accept(request); });
}

}  // namespace

void add_handshake_rows(std::span<const Engine> engines) {
    for (const std::size_t size : {std::size_t{157}, std::size_t{614}}) {
        for (const Engine& engine : engines) {
            if (engine.acceptor != nullptr) {
                const std::string name =
                    "handshake/" + std::to_string(size) + "/" + std::string(engine.name);
                benchmark::RegisterBenchmark(name.c_str(), [engine, size](benchmark::State& state) {
                    accept(state, engine, size);
                });
            }
        }
    }
}

}  // namespace wsproof::bench
