// The monitor's eye on the opening handshake of a client (RFC 6455 §4.1), which every scenario
// sees.
#include <algorithm>
#include <set>

#include "monitor.hpp"

namespace wsproof::conformance {

using wire::HttpRequest;

namespace {

using Values = std::vector<std::string_view>;

std::string in_quotes(std::string_view text) {
    return "\"" + std::string(text.substr(0, 120)) + "\"";
}

std::string joined(const Values& values) {
    std::string text;
    for (const std::string_view value : values) {
        text += (text.empty() ? "" : " and ") + in_quotes(value);
    }
    return text.empty() ? "no such field" : text;
}

bool lists(const Values& values, std::string_view wanted) {
    return std::any_of(values.begin(), values.end(), [&](std::string_view value) {
        const auto tokens = wire::tokens_of(value);
        return std::any_of(tokens.begin(), tokens.end(), [&](std::string_view token) {
            return wire::equal_ignoring_case(token, wanted);
        });
    });
}

// is_nonce: the base64 of 16 bytes; by erratum 3150 the four bits that pad it are zero.
bool is_nonce(std::string_view key) {
    constexpr std::size_t kSize = 24;
    constexpr std::string_view kLast = "AQgw";
    const auto is_digit = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '/';
    };
    return key.size() == kSize && key.ends_with("==") &&
           std::all_of(key.begin(), key.begin() + 21, is_digit) &&
           kLast.find(key[21]) != std::string_view::npos;
}

// is_origin: RFC 6454 §6.2, scheme "://" host [ ":" port ], or null. Several origins may stand in a
// list (§7.1).
bool is_origin(std::string_view text) {
    if (text == "null") {
        return true;
    }
    const std::size_t scheme = text.find("://");
    return scheme != 0 && scheme != std::string_view::npos && scheme + 3 < text.size() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; }) &&
           text.find_first_of("/?#", scheme + 3) == std::string_view::npos;
}

// is_malformed: an element that RFC 6455 §9.1 has no room for.
bool is_malformed(const wire::Extension& element) {
    const auto quotes = std::count(element.text.begin(), element.text.end(), '"');
    return !wire::is_token(element.name) || quotes % 2 != 0 || element.text.ends_with(';') ||
           std::any_of(element.parameters.begin(), element.parameters.end(),
                       [](const wire::ExtensionParameter& parameter) {
                           return !wire::is_token(parameter.name) ||
                                  (parameter.value && !wire::is_token(*parameter.value));
                       });
}

}  // namespace

void Monitor::expect_target(std::string host_field, std::string resource) {
    host_field_ = std::move(host_field);
    resource_ = std::move(resource);
}

void Monitor::spoke_early(wire::ByteView bytes) {
    report(Behaviour::fail, "6455-4.1-36",
           "A client sends nothing before its opening handshake is answered",
           std::to_string(bytes.size()) + " bytes behind the request");
}

void Monitor::request(const HttpRequest& request) {
    if (!request.deviations.empty()) {
        report(Behaviour::fail, "6455-4.1-19", "The opening handshake is a valid HTTP request",
               request.deviations.front());
    }
    const auto length = request.values("Content-Length");
    if (!request.values("Transfer-Encoding").empty() ||
        (!length.empty() && length != Values{"0"})) {
        report(Behaviour::fail, "6455-4.1-19", "The opening handshake has no body",
               "a body is announced");
    }
    judge_request_line(request);
    judge_host(request);
    judge_upgrade_offer(request);
    judge_key(request);
    judge_version(request);
    judge_origin(request);
    judge_subprotocol_offer(request);
    judge_extension_offer(request);
}

void Monitor::judge_request_line(const HttpRequest& request) {
    const std::string_view version = request.version;
    const bool is_new_enough = version.size() == 8 && version.starts_with("HTTP/") &&
                               version[6] == '.' && version.substr(5) >= "1.1";
    if (request.method != "GET" || !is_new_enough) {
        report(Behaviour::fail, "6455-4.1-20", "The request is a GET of HTTP/1.1 or later",
               in_quotes(request.start_line));
    }
    // A33: what must not stand in a request target is a fail, whatever else the URL says.
    const bool is_plain = std::all_of(request.target.begin(), request.target.end(), [](char c) {
        return c > ' ' && static_cast<unsigned char>(c) < 0x7F && c != '#';
    });
    if (!is_plain) {
        report(Behaviour::fail,
               request.target.find('#') == std::string::npos ? "6455-11.1.1-2" : "6455-3-7",
               "The request target is without fragment, blanks and non-ASCII characters",
               in_quotes(request.target), "A33");
    }
    std::string_view target = request.target;
    for (const std::string& scheme : {"http://" + host_field_, "https://" + host_field_}) {
        if (!host_field_.empty() && target.starts_with(scheme)) {
            target.remove_prefix(scheme.size());
        }
    }
    if (!resource_.empty() && target != resource_) {
        report(Behaviour::fail, "6455-4.1-21", "The request target is " + resource_,
               in_quotes(request.target));
    }
}

void Monitor::judge_host(const HttpRequest& request) {
    const auto host = request.values("Host");
    const bool is_right =
        host.size() == 1 && !host.front().empty() &&
        (host_field_.empty() || wire::equal_ignoring_case(host.front(), host_field_));
    if (!is_right) {
        report(Behaviour::fail, "6455-4.1-22",
               "There is one Host: " + (host_field_.empty() ? "field" : host_field_), joined(host));
    }
}

void Monitor::judge_upgrade_offer(const HttpRequest& request) {
    const auto upgrade = request.values("Upgrade");
    if (!lists(upgrade, "websocket")) {
        report(Behaviour::fail, "6455-4.1-23", "Upgrade lists websocket", joined(upgrade));
    }
    const auto connection = request.values("Connection");
    if (!lists(connection, "upgrade")) {
        report(Behaviour::fail, "6455-4.1-24", "Connection lists Upgrade", joined(connection));
    }
}

void Monitor::judge_key(const HttpRequest& request) {
    const auto keys = request.values("Sec-WebSocket-Key");
    if (keys.size() > 1) {
        report(Behaviour::fail, "6455-11.3.1-1", "Sec-WebSocket-Key appears once", joined(keys),
               "A3");
    } else if (keys.empty() || !is_nonce(keys.front())) {
        report(Behaviour::fail, "6455-4.1-25", "Sec-WebSocket-Key is the base64 of 16 bytes",
               joined(keys));
    }
}

void Monitor::judge_version(const HttpRequest& request) {
    const auto versions = request.values("Sec-WebSocket-Version");
    if (versions.size() > 1) {
        report(Behaviour::fail, "6455-11.3.5-2", "Sec-WebSocket-Version appears once",
               joined(versions), "A3");
    } else if (versions != Values{"13"}) {
        report(Behaviour::fail, "6455-4.1-30", "Sec-WebSocket-Version is 13", joined(versions));
    }
}

void Monitor::judge_origin(const HttpRequest& request) {
    for (const std::string_view origin : request.values("Origin")) {
        if (!is_origin(origin)) {
            report(Behaviour::fail, "6455-4.1-29", "Origin is the serialisation of an origin",
                   in_quotes(origin));
        }
    }
}

void Monitor::judge_subprotocol_offer(const HttpRequest& request) {
    std::set<std::string_view> seen;
    for (const std::string_view value : request.values("Sec-WebSocket-Protocol")) {
        const auto tokens = wire::tokens_of(value);
        const auto commas = std::count(value.begin(), value.end(), ',');
        if (tokens.size() != static_cast<std::size_t>(commas) + 1) {
            report(Behaviour::fail, "6455-4.1-32", "No element of Sec-WebSocket-Protocol is empty",
                   in_quotes(value));
        }
        for (const std::string_view token : tokens) {
            if (!wire::is_token(token)) {
                report(Behaviour::fail, "6455-4.1-32", "A subprotocol is a token",
                       in_quotes(token));
            } else if (!seen.insert(token).second) {
                report(Behaviour::fail, "6455-4.1-33", "Each subprotocol is listed once",
                       in_quotes(value));
            }
        }
    }
}

void Monitor::judge_extension_offer(const HttpRequest& request) {
    for (const std::string_view value : request.values("Sec-WebSocket-Extensions")) {
        const auto elements = wire::extensions_of(value);
        if (elements.empty() || std::any_of(elements.begin(), elements.end(), is_malformed)) {
            report(Behaviour::fail, "6455-4.3-7", "Extensions are offered as the grammar has them",
                   in_quotes(value));
            continue;
        }
        for (const wire::Extension& element : elements) {
            if (element.name == kDeflateName) {
                judge_deflate_offer(element);
            }
        }
    }
}

void Monitor::judge_deflate_offer(const wire::Extension& offer) {
    const std::string got = in_quotes(offer.text);
    std::set<std::string_view> seen;
    for (const wire::ExtensionParameter& parameter : offer.parameters) {
        const std::string_view name = parameter.name;
        const bool is_takeover =
            name == "server_no_context_takeover" || name == "client_no_context_takeover";
        const bool is_server_window = name == "server_max_window_bits";
        const bool is_client_window = name == "client_max_window_bits";
        if (!is_takeover && !is_server_window && !is_client_window) {
            report(Behaviour::fail, "6455-9.1-5", "The parameters of an offer are defined", got);
        } else if (!seen.insert(name).second) {
            report(Behaviour::fail, "6455-9-4", "No parameter is offered twice", got);
        } else if (is_takeover && parameter.value) {
            report(Behaviour::fail, name.starts_with('s') ? "7692-7.1.1.1-2" : "7692-7.1.1.2-2",
                   std::string(name) + " has no value", got);
        } else if (is_server_window && !window_bits_of(parameter.value)) {
            report(Behaviour::fail, "7692-7.1.2.1-2", "server_max_window_bits is 8 to 15", got,
                   "A37");
        } else if (is_client_window && parameter.value && !window_bits_of(parameter.value)) {
            report(Behaviour::fail, "7692-7.1.2.2-2",
                   "client_max_window_bits has no value, or 8 to 15", got, "A37");
        }
    }
}

}  // namespace wsproof::conformance
