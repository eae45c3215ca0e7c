// Client::open: name, TCP, TLS, opening handshake; each failure says where it was.
#include <utility>

#include "client_impl.hpp"
#include "url.hpp"

namespace wsproof::runtime {

namespace {

OpenResult failure(OpenStage stage, std::string error) {
    OpenResult result;
    result.stage = stage;
    result.error = std::move(error);
    return result;
}

std::string of_status(const std::string& where, net::Status status) {
    return where + ": " + std::string(net::name(status));
}

// Reached is a stream to the server, or why there is none.
struct Reached {
    net::Stream stream;
    OpenResult failure{};
};

// local_of resolves the address to connect from; false: `error` is set.
bool local_of(const ClientOptions& options, net::Deadline deadline,
              std::optional<net::Endpoint>& local, std::string& error) {
    if (options.local_address.empty()) {
        return true;
    }
    net::Resolved resolved = net::resolve(options.local_address, 0, deadline);
    if (resolved.endpoints.empty()) {
        error = "local address " + options.local_address + ": " + resolved.error;
        return false;
    }
    local = std::move(resolved.endpoints.front());
    return true;
}

Reached secure(net::Socket socket, const Url& url,
               const std::shared_ptr<const net::TlsContext>& tls, const ClientOptions& options,
               net::Deadline deadline) {
    Reached reached{.stream = net::Stream(std::move(socket), tls, url.host)};
    const net::Result result = reached.stream.handshake(deadline, options.interrupt);
    if (result.status == net::Status::tls_failed) {
        reached.failure =
            failure(OpenStage::tls, url.host_field + ": " + reached.stream.tls_error());
        reached.failure.tls_fault = reached.stream.tls_fault();
    } else if (result.status != net::Status::ok) {
        reached.failure =
            failure(OpenStage::tls, of_status(url.host_field + ": TLS handshake", result.status));
    }
    return reached;
}

Reached reach(const Url& url, const ClientOptions& options, net::Deadline deadline) {
    std::string error;
    std::shared_ptr<const net::TlsContext> tls;
    if (url.is_secure && (tls = net::TlsContext::client(options.tls, error)) == nullptr) {
        return {.stream = {}, .failure = failure(OpenStage::arguments, error)};
    }
    std::optional<net::Endpoint> local;
    if (!local_of(options, deadline, local, error)) {
        return {.stream = {}, .failure = failure(OpenStage::arguments, error)};
    }
    const net::Resolved resolved = net::resolve(url.host, url.port, deadline);
    if (resolved.endpoints.empty()) {
        return {.stream = {},
                .failure = failure(OpenStage::name, url.host + ": " + resolved.error)};
    }
    net::Connected connected =
        net::connect(resolved.endpoints, deadline, options.interrupt, local ? &*local : nullptr);
    if (connected.result.status != net::Status::ok) {
        return {.stream = {},
                .failure = failure(OpenStage::connect,
                                   of_status(url.host_field, connected.result.status))};
    }
    if (!url.is_secure) {
        return {.stream = net::Stream(std::move(connected.socket))};
    }
    return secure(std::move(connected.socket), url, tls, options, deadline);
}

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
    if (!reached.failure.error.empty()) {
        return std::move(reached.failure);
    }
    std::vector<Field> fields;
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
