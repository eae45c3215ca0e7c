// The heads that the player sends: a correct one, and what a scenario changes in it.
#include <algorithm>

#include "player.hpp"
#include "wire/digest.hpp"

namespace wsproof::conformance {

namespace {

using wire::ByteString;

std::string_view text_of(const ByteString& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ByteString bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

void rename(std::string& name, HeadSpec::Names names) {
    for (char& c : name) {
        if (names == HeadSpec::Names::lower && c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c + 32);
        } else if (names == HeadSpec::Names::upper && c >= 'a' && c <= 'z') {
            c = static_cast<char>(c - 32);
        }
    }
}

std::string joined(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) {
        list += (list.empty() ? "" : ", ") + name;
    }
    return list;
}

// in_other_case: small letters for capitals and the reverse.
std::string in_other_case(std::string text) {
    for (char& c : text) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        c = is_letter ? static_cast<char>(c ^ 0x20) : c;
    }
    return text;
}

// reason_of a status that scenarios answer with (RFC 9110 §15).
std::string_view reason_of(int status) {
    switch (status) {
        case 101:
            return "Switching Protocols";
        case 200:
            return "OK";
        case 301:
        case 302:
        case 307:
            return "Redirect";
        case 401:
            return "Unauthorized";
        case 404:
            return "Not Found";
        case 426:
            return "Upgrade Required";
        case 503:
            return "Service Unavailable";
        default:
            return status < 200 ? "Continue" : status < 300 ? "Fine" : "Error";
    }
}

}  // namespace

std::string Player::filled(const PayloadSpec& spec, const Names& names) const {
    const ByteString bytes = payload(spec);
    std::string text(text_of(bytes));
    for (const auto& [name, value] : names) {
        replace_all(text, name, value);
    }
    return text;
}

// edited makes the changes of a scenario to the fields of a correct head.
ByteString Player::edited(const std::string& start_line, Fields fields, const HeadSpec& spec,
                          const Names& names) const {
    const auto named = [](const std::string& name) {
        return [&name](const wire::HttpField& field) {
            return wire::equal_ignoring_case(field.name, name);
        };
    };
    for (const auto& [name, value] : spec.set) {
        const auto found = std::find_if(fields.begin(), fields.end(), named(name));
        if (found == fields.end()) {
            fields.push_back({name, filled(value, names)});
        } else {
            *found = {name, filled(value, names)};
        }
    }
    for (const std::string& name : spec.remove) {
        std::erase_if(fields, named(name));
    }
    for (const auto& [name, value] : spec.add) {
        fields.push_back({name, filled(value, names)});
    }
    if (spec.reversed) {
        std::reverse(fields.begin(), fields.end());
    }
    std::string head = start_line + "\r\n";
    for (wire::HttpField& field : fields) {
        rename(field.name, spec.names);
        head += field.name + ": " + field.value + "\r\n";
    }
    return bytes_of(head + "\r\n");
}

ByteString Player::head_of(const RequestStep& request, const std::string& key) const {
    const Target& target = stage_.target;
    const Names names = {
        {"${key}", key}, {"${host}", target.host_field}, {"${target}", target.resource}};
    if (request.raw) {
        return bytes_of(filled(*request.raw, names));
    }
    Fields fields = {{"Host", target.host_field},
                     {"Upgrade", "websocket"},
                     {"Connection", "Upgrade"},
                     {"Sec-WebSocket-Key", key},
                     {"Sec-WebSocket-Version", "13"}};
    if (!target.origin.empty()) {
        fields.push_back({"Origin", target.origin});
    }
    if (!target.subprotocols.empty()) {
        fields.push_back({"Sec-WebSocket-Protocol", joined(target.subprotocols)});
    }
    for (const auto& [name, text] : target.fields) {
        fields.push_back({name, text});
    }
    const std::string resource =
        request.target ? filled(PayloadSpec{*request.target}, names) : target.resource;
    return edited(request.method + " " + resource + " " + request.version, std::move(fields),
                  request, names);
}

ByteString Player::head_of(const RespondStep& response, const Link& link) const {
    const Offer& offer = link.offer();
    const std::string chosen = offer.subprotocols.empty() ? "" : offer.subprotocols.front();
    const Names names = {{"${accept}", wire::accept_key(offer.key)},
                         {"${key}", offer.key},
                         {"${cut_accept}", wire::accept_key(offer.key).substr(0, 20)},
                         {"${miscased_accept}", in_other_case(wire::accept_key(offer.key))},
                         {"${subprotocol}", chosen},
                         {"${deflate}", all_granted(offer)}};
    ByteString before;
    if (response.before) {
        before = bytes_of(filled(*response.before, names));
    }
    Fields fields;
    if (response.status == 101) {
        fields = {{"Upgrade", "websocket"},
                  {"Connection", "Upgrade"},
                  {"Sec-WebSocket-Accept", wire::accept_key(offer.key)}};
        if (!chosen.empty()) {
            fields.push_back({"Sec-WebSocket-Protocol", chosen});
        }
    } else {
        fields = {{"Content-Length", "0"}, {"Connection", "close"}};
    }
    const ByteString head =
        response.raw ? bytes_of(filled(*response.raw, names))
                     : edited(response.version + " " + std::to_string(response.status) + " " +
                                  response.reason.value_or(std::string(reason_of(response.status))),
                              std::move(fields), response, names);
    before.insert(before.end(), head.begin(), head.end());
    return before;
}

}  // namespace wsproof::conformance
