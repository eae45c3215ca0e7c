#include "reach.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace wsproof::runtime {

namespace {

std::string of_status(const std::string& where, net::Status status) {
    return where + ": " + std::string(net::name(status));
}

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

}  // namespace

OpenResult failure(OpenStage stage, std::string error) {
    OpenResult result;
    result.stage = stage;
    result.error = std::move(error);
    return result;
}

Reached reach(const Url& url, const ClientOptions& options, net::Deadline deadline) {
    std::string error;
    std::shared_ptr<const net::TlsContext> tls;
    if (url.is_secure) {
        tls = net::TlsContext::client(options.tls, error);
    }
    if (url.is_secure && tls == nullptr) {
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
    return {.stream = net::Stream(std::move(connected.socket), tls, url.host)};
}

void secure(Reached& reached, const Url& url, const ClientOptions& options,
            net::Deadline deadline) {
    const net::Result result = reached.stream.handshake(deadline, options.interrupt);
    if (result.status == net::Status::tls_failed) {
        reached.failure =
            failure(OpenStage::tls, url.host_field + ": " + reached.stream.tls_error());
        reached.failure.tls_fault = reached.stream.tls_fault();
    } else if (result.status != net::Status::ok) {
        reached.failure =
            failure(OpenStage::tls, of_status(url.host_field + ": TLS handshake", result.status));
    }
}

}  // namespace wsproof::runtime
