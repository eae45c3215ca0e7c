#include "reception.hpp"

#include <nlohmann/json.hpp>

namespace wsproof::conformance {

namespace {

constexpr int kOk = 200;
constexpr int kUnavailable = 503;

std::string first_value(const wire::HttpRequest& request, std::string_view name) {
    const auto values = request.values(name);
    return values.empty() ? "" : std::string(values.front());
}

}  // namespace

Reception::Reception(net::Listener& listener, ClientDesk& desk, std::string page)
    : desk_(desk),
      page_(std::move(page)),
      workers_([this](net::Socket socket) { serve(std::move(socket)); }),
      thread_([this, &listener] { workers_.receive(listener, stop_, [] { return false; }); }) {}

Reception::~Reception() {
    stop_.trigger();
    thread_.join();
}

void Reception::serve(net::Socket socket) {
    DriverConnection caller(std::move(socket), stop_);
    const bool is_request = caller.read_request();
    if (stop_.is_triggered()) {
        return;
    }
    if (is_request && !caller.wants_websocket()) {
        answer(caller);
        return;
    }
    if (is_request && !desk_.expects()) {
        caller.refuse(kUnavailable, "wsproof: no case waits for this connection");
        return;
    }
    // Even what is no request is a client's, and judged. A browser also opens connections in
    // advance on which it may never say a word.
    wire::ByteString read;
    net::Socket given = caller.give_up(read);
    if (!read.empty()) {
        desk_.arrive(std::move(given), std::move(read));
    }
}

void Reception::answer(DriverConnection& caller) {
    const wire::HttpRequest& asked = caller.request();
    PageRequest request = read_page_request(asked.method, asked.target);
    request.host = first_value(asked, "Host");
    request.browser = first_value(asked, "User-Agent");
    if (request.status != 0) {
        caller.refuse(request.status, "wsproof: " + request.refusal);
    } else if (request.what == PageRequest::What::page) {
        caller.reply(kOk, "text/html; charset=utf-8", page_);
    } else {
        caller.reply(kOk, "application/json", desk_.next(request).dump());
    }
}

}  // namespace wsproof::conformance
