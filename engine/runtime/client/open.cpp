// Client::open: the opening handshake on a stream that was reached.
#include <utility>

#include "client_impl.hpp"
#include "reach.hpp"

namespace wsproof::runtime {

namespace {

// why tells the failure of an opening handshake.
std::string why(Outcome outcome, int refusal, const std::optional<CloseInfo>& closed) {
    if (refusal != 0) {
        return "the server answers " + std::to_string(refusal);
    }
    if (outcome == Outcome::closed && closed) {
        const ErrorInfo& error = info(closed->error);
        return std::string(error.text) + " (" + std::string(error.citation) + ")";
    }
    return outcome == Outcome::timed_out ? "no answer to the opening handshake in time"
                                         : "interrupted";
}

}  // namespace

OpenResult Client::open(std::string_view url_text, const ClientOptions& options) {
    const net::Deadline deadline = net::Clock::now() + options.timeout;
    std::string error;
    const auto url = parse_url(url_text, error);
    if (!url) {
        return failure(OpenStage::arguments, error);
    }
    Reached reached = reach(*url, options, deadline);
    if (reached.failure.error.empty()) {
        secure(reached, *url, options, deadline);
    }
    if (!reached.failure.error.empty()) {
        return std::move(reached.failure);
    }
    std::vector<Field> fields;
    fields.reserve(options.headers.size());
    for (const auto& [name, value] : options.headers) {
        fields.push_back({.name = name, .value = value});
    }
    const Request request{.host = url->host_field,
                          .target = url->target,
                          .origin = options.origin,
                          .subprotocols = options.subprotocols,
                          .fields = fields};
    auto impl = std::make_unique<Impl>(std::move(reached.stream), request, options);
    const bool is_refused_request = impl->pump.connection().state() == State::closed;
    const Outcome outcome = impl->drive(deadline, [&] { return impl->is_open; });
    if (outcome != Outcome::ok) {
        OpenResult result =
            failure(is_refused_request ? OpenStage::arguments : OpenStage::handshake,
                    url->host_field + ": " + why(outcome, impl->refusal, impl->closed));
        result.status = impl->refusal;
        return result;
    }
    OpenResult result;
    result.client = Client(std::move(impl));
    result.stage = OpenStage::open;
    return result;
}

}  // namespace wsproof::runtime
