#include "reception.hpp"

#include <nlohmann/json.hpp>

namespace wsproof::conformance {

namespace {

constexpr std::size_t kWorkersMax = 256;  // connections whose request is being read or answered
constexpr std::chrono::milliseconds kLook{100};  // between two looks at whether to stop
constexpr int kOk = 200;
constexpr int kUnavailable = 503;

std::string first_value(const wire::HttpRequest& request, std::string_view name) {
    const auto values = request.values(name);
    return values.empty() ? "" : std::string(values.front());
}

}  // namespace

Reception::Reception(net::Listener& listener, ClientDesk& desk, std::string page)
    : listener_(listener), desk_(desk), page_(std::move(page)), thread_([this] { receive(); }) {}

Reception::~Reception() {
    stop_.trigger();
    thread_.join();
    reap(true);
}

void Reception::receive() {
    while (!stop_.is_triggered()) {
        reap(false);
        if (workers_.size() >= kWorkersMax) {
            std::this_thread::sleep_for(kLook);
            continue;
        }
        net::Connected arrival = listener_.accept(net::Clock::now() + kLook, &stop_);
        if (arrival.socket.is_open()) {
            Worker& worker = workers_.emplace_back();
            worker.thread = std::thread(
                [this, &worker](net::Socket socket) {
                    serve(std::move(socket));
                    worker.is_done = true;
                },
                std::move(arrival.socket));
        }
    }
}

void Reception::reap(bool all) {
    for (auto worker = workers_.begin(); worker != workers_.end();) {
        if (all || worker->is_done) {
            worker->thread.join();
            worker = workers_.erase(worker);
        } else {
            ++worker;
        }
    }
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
