#include "launched_server.hpp"

#include <algorithm>

namespace wsproof::conformance {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kListens{30'000};  // a JVM on a busy machine takes its time
constexpr milliseconds kConnect{1'000};
constexpr milliseconds kSlice{20};     // between two tries to connect
constexpr milliseconds kGrace{1'000};  // between SIGTERM and SIGKILL
constexpr int kStarts = 3;             // somebody else may have taken the port meanwhile
constexpr std::size_t kLineShown = 200;

std::string seconds(milliseconds time) {
    return std::to_string(time.count() / 1000) + " s";
}

}  // namespace

std::string with_port(std::string text, std::uint16_t port) {
    std::size_t found = 0;
    return fill({std::move(text)}, kPortPlace, std::to_string(port), found).front();
}

LaunchedServer::LaunchedServer(std::vector<std::string> words, std::string url, Target& target)
    : words_(std::move(words)), url_(std::move(url)), target_(target) {}

LaunchedServer::~LaunchedServer() {
    if (process_ != nullptr) {
        process_->end(kGrace);
    }
}

std::string LaunchedServer::start(const net::Interrupt& interrupt) {
    std::string why = "interrupted";
    if (const auto ended = exit(); ended && !ended->by_signal && ended->number == 0) {
        ++departures_;
    }
    for (int i = 0; i < kStarts && !interrupt.is_triggered(); ++i) {
        if (process_ != nullptr) {
            process_->end(kGrace);
        }
        const Outcome outcome = try_to_start(interrupt, why);
        if (outcome == Outcome::listens) {
            return {};
        }
        if (outcome == Outcome::failed) {
            break;
        }
    }
    return why;
}

LaunchedServer::Outcome LaunchedServer::try_to_start(const net::Interrupt& interrupt,
                                                     std::string& why) {
    std::uint16_t port = target_.port;
    if (why = choose_port(port); !why.empty()) {
        return Outcome::failed;
    }
    const ParsedTarget at = parse_target(with_port(url_, port));
    target_.url = at.target.url;
    target_.port = at.target.port;
    target_.host_field = at.target.host_field;
    net::Resolved where = net::resolve(target_.host, target_.port, net::Clock::now() + kConnect);
    target_.endpoints = std::move(where.endpoints);
    if (target_.endpoints.empty()) {
        why = "the host of " + target_.url + " cannot be found: " + where.error;
        return Outcome::failed;
    }
    // Whoever listens there now is not the one that is to be judged.
    if (is_listening(interrupt)) {
        why = "somebody else listens at " + target_.url + " already";
        return url_.find(kPortPlace) == std::string::npos ? Outcome::failed : Outcome::ended;
    }
    std::size_t found = 0;
    process_ =
        Process::start(fill(words_, kPortPlace, std::to_string(target_.port), found), {}, why);
    return process_ == nullptr ? Outcome::failed : await_listening(interrupt, why);
}

LaunchedServer::Outcome LaunchedServer::await_listening(const net::Interrupt& interrupt,
                                                        std::string& why) {
    const std::string name = "\"" + words_.front() + "\"";
    const auto last = net::Clock::now() + kListens;
    while (net::Clock::now() < last && !interrupt.is_triggered()) {
        const bool listens = is_listening(interrupt);
        if (const auto ended = process_->exit()) {
            why = name + " ended (" + ended->describe() + ") before it listened at " + target_.url +
                  last_words();
            return Outcome::ended;
        }
        if (listens) {
            return Outcome::listens;
        }
        process_->wait(net::Clock::now() + kSlice, &interrupt);
    }
    why = interrupt.is_triggered() ? "interrupted"
                                   : name + " did not listen at " + target_.url + " within " +
                                         seconds(kListens) + last_words();
    process_->end(kGrace);
    return Outcome::failed;
}

// choose_port takes one that is free on the loopback interface, unless the URL has its own.
std::string LaunchedServer::choose_port(std::uint16_t& port) const {
    if (url_.find(kPortPlace) == std::string::npos) {
        return {};
    }
    const auto loopback = net::resolve("127.0.0.1", 0, net::Clock::now() + kConnect);
    std::string error = loopback.error;
    if (!loopback.endpoints.empty()) {
        if (const auto listener = net::Listener::listen(loopback.endpoints.front(), 1, error)) {
            port = listener->port();
            return {};
        }
    }
    return "no free port can be had: " + error;
}

bool LaunchedServer::is_listening(const net::Interrupt& interrupt) const {
    return net::connect(target_.endpoints, net::Clock::now() + kConnect, &interrupt)
        .socket.is_open();
}

std::optional<Exit> LaunchedServer::exit() const {
    return process_ == nullptr ? std::nullopt : process_->exit();
}

std::optional<Exit> LaunchedServer::wait_for_exit(milliseconds time) const {
    return process_ == nullptr ? std::nullopt : process_->wait(net::Clock::now() + time, nullptr);
}

std::string LaunchedServer::last_words() const {
    std::string text = process_ == nullptr ? "" : process_->output();
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    const std::size_t end_of_line = text.find_last_of('\n');
    std::string line = end_of_line == std::string::npos ? text : text.substr(end_of_line + 1);
    if (line.size() > kLineShown) {
        line.resize(kLineShown);
        line += "…";
    }
    return line.empty() ? "" : "; its last line: " + line;
}

}  // namespace wsproof::conformance
