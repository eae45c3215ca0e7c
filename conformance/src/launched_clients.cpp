#include "launched_clients.hpp"

#include <algorithm>

#include "player.hpp"

namespace wsproof::conformance {

namespace {

constexpr milliseconds kArrival{20'000};  // a JVM on a busy machine takes its time
constexpr milliseconds kSlice{20};        // between two looks at the process
constexpr milliseconds kGrace{1'000};     // to end by itself
constexpr milliseconds kBrief{50};        // once several did not
constexpr milliseconds kTerm{200};        // between SIGTERM and SIGKILL
constexpr int kLingerMax = 3;
constexpr int kBacklog = 16;
constexpr int kExtraMax = 100;

std::string joined(const std::vector<std::string>& values, const char* word) {
    std::string text;
    for (const std::string& value : values) {
        text += (text.empty() ? "" : word) + value;
    }
    return text;
}

Process::Variables variables_of(const ClientWishes& wishes) {
    return {{"WSPROOF_ACTION", wishes.action},
            {"WSPROOF_SUBPROTOCOLS", joined(wishes.subprotocols, ",")},
            {"WSPROOF_DEFLATE", !wishes.deflate   ? ""
                                : *wishes.deflate ? "1"
                                                  : "0"},
            {"WSPROOF_HEADERS", joined(wishes.headers, "\n")}};
}

class LaunchedVisit final : public Visit {
  public:
    LaunchedVisit(net::Listener listener, std::unique_ptr<Process> process,
                  std::atomic<int>& lingered)
        : listener_(std::move(listener)), process_(std::move(process)), lingered_(lingered) {}

    Arrival arrive(const net::Interrupt& interrupt) override {
        const auto last = net::Clock::now() + kArrival;
        while (net::Clock::now() < last && !interrupt.is_triggered()) {
            const auto exit = process_->exit();  // asked first: it may connect and end
            if (net::Socket socket = take(kSlice, &interrupt); socket.is_open()) {
                return {.socket = std::move(socket)};
            }
            if (exit) {
                return {.exit = exit};
            }
        }
        return {.why = "the client did not connect within " +
                       std::to_string(kArrival.count() / 1000) + " s"};
    }

    [[nodiscard]] std::string host_field() const override {
        return "127.0.0.1:" + std::to_string(listener_.port());
    }

    std::optional<Exit> end() override {
        const bool is_known_to_linger = lingered_.load() >= kLingerMax;
        const auto last = net::Clock::now() + (is_known_to_linger ? kBrief : kGrace);
        while (!process_->exit() && net::Clock::now() < last && extra_ < kExtraMax) {
            extra_ += take(kSlice, nullptr).is_open() ? 1 : 0;
        }
        const auto exit = process_->exit();
        lingered_ += exit ? 0 : 1;
        process_->end(kTerm);
        return exit;
    }

    int extra() override {
        while (extra_ < kExtraMax && take(milliseconds(0), nullptr).is_open()) {
            ++extra_;
        }
        return extra_;
    }
    [[nodiscard]] std::string output() const override { return process_->output(); }

  private:
    net::Socket take(milliseconds time, const net::Interrupt* interrupt) {
        return listener_.accept(net::Clock::now() + time, interrupt).socket;
    }

    net::Listener listener_;
    std::unique_ptr<Process> process_;
    std::atomic<int>& lingered_;
    int extra_ = 0;
};

}  // namespace

std::unique_ptr<Visit> LaunchedClients::visit(const ClientWishes& wishes) {
    const auto loopback = net::resolve("127.0.0.1", 0, net::Clock::now() + kGrace);
    std::string error = loopback.error;
    std::optional<net::Listener> listener;
    if (!loopback.endpoints.empty()) {
        listener = net::Listener::listen(loopback.endpoints.front(), kBacklog, error);
    }
    if (!listener) {
        throw Vanished("no port can be had: " + error);
    }
    std::size_t found = 0;
    const std::string url = "ws://127.0.0.1:" + std::to_string(listener->port()) + wishes.resource;
    auto process = Process::start(fill(words_, "{url}", url, found), variables_of(wishes), error);
    if (process == nullptr) {
        throw Vanished(error);
    }
    return std::make_unique<LaunchedVisit>(std::move(*listener), std::move(process), lingered_);
}

}  // namespace wsproof::conformance
