#include "page_request.hpp"

#include <algorithm>
#include <charconv>

#include "query.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::size_t kNameMax = 64;
constexpr std::size_t kWhyMax = 300;

PageRequest refused(int status, std::string why) {
    return {.status = status, .refusal = std::move(why)};
}

std::optional<std::uint64_t> number_of(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = error == std::errc{} && end == text.data() + text.size();
    return is_number ? std::optional(number) : std::nullopt;
}

// take puts a parameter where it belongs; false: there is none of this name and form.
bool take(const std::string& name, const std::string& value, PageRequest& request) {
    if (name == "page") {
        request.page = value;
        return !value.empty() && value.size() <= kNameMax;
    }
    if (name == "why") {
        request.why = value.substr(0, kWhyMax);
        return true;
    }
    const auto number = number_of(value);
    if (name == "since") {
        request.since = static_cast<std::size_t>(number.value_or(0));
    } else if (name == "refused") {
        request.refused = number;
    } else if (name == "lost") {
        request.lost = number;
    } else {
        return false;
    }
    return number.has_value();
}

}  // namespace

PageRequest read_page_request(std::string_view method, std::string_view target) {
    constexpr int kBadRequest = 400;
    constexpr int kNotFound = 404;
    constexpr int kMethodNotAllowed = 405;
    const std::string_view path = target.substr(0, target.find('?'));
    if (path != "/" && path != "/wsproof/next") {
        return refused(kNotFound, "there is nothing here; the page is at /");
    }
    if (method != "GET") {
        return refused(kMethodNotAllowed, "GET alone is answered");
    }
    PageRequest request;
    if (path == "/") {
        return request;
    }
    request.what = PageRequest::What::next;
    const std::string_view query = target.substr(std::min(target.size(), path.size() + 1));
    for (const auto& [name, value] : query_of(query)) {
        if (!take(name, value, request)) {
            return refused(kBadRequest, "not understood: " + name);
        }
    }
    if (request.page.empty()) {
        return refused(kBadRequest, "needs the name of the page: page=NAME");
    }
    return request;
}

std::string why_no_page_can(const ClientWishes& wishes) {
    if (!wishes.headers.empty()) {
        return "a page cannot add fields to the request of its browser";
    }
    if (wishes.action.starts_with("ping")) {
        return "a page cannot send a Ping";
    }
    return {};
}

Json order_json(std::uint64_t number, const ClientWishes& wishes) {
    return {{"number", number},
            {"path", wishes.resource},
            {"subprotocols", wishes.subprotocols},
            {"action", wishes.action}};
}

}  // namespace wsproof::conformance
