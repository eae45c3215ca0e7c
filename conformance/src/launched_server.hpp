// A server under test that we start: waited for until it listens, started again when it has ended,
// and ended with all of its process group.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "process.hpp"
#include "target.hpp"

namespace wsproof::conformance {

class LaunchedServer {
  public:
    // `words` is the command and `url` where it listens. {port} in them stands for a port that is
    // free at each start; without it the port of `url` is the server's own. `target` is the one
    // that `url` says: each start gives it the port that is taken, and it outlives this.
    LaunchedServer(std::vector<std::string> words, std::string url, Target& target);
    // Ends it, with a little time for itself.
    ~LaunchedServer();
    LaunchedServer(const LaunchedServer&) = delete;
    LaunchedServer& operator=(const LaunchedServer&) = delete;

    // start ends what runs of it, starts it, and waits until it accepts connections; half a minute
    // at most. No player may be at work meanwhile. Empty, or why it could not be done, for people.
    [[nodiscard]] std::string start(const net::Interrupt& interrupt);
    // exit: how it ended of itself; nullopt while it runs. wait_for_exit waits for that.
    [[nodiscard]] std::optional<Exit> exit() const;
    std::optional<Exit> wait_for_exit(std::chrono::milliseconds time) const;
    // last_words is the last line that it wrote, in front of it "; its last line: "; empty if it
    // wrote none.
    [[nodiscard]] std::string last_words() const;
    // departures counts how often it had ended of itself, and with exit code 0, when it was started
    // again.
    [[nodiscard]] unsigned departures() const noexcept { return departures_; }

  private:
    enum class Outcome : std::uint8_t {
        listens,
        ended,  // before it listened
        failed,
    };
    Outcome try_to_start(const net::Interrupt& interrupt, std::string& why);
    Outcome await_listening(const net::Interrupt& interrupt, std::string& why);
    [[nodiscard]] std::string choose_port(std::uint16_t& port) const;
    [[nodiscard]] bool is_listening(const net::Interrupt& interrupt) const;

    const std::vector<std::string> words_;
    const std::string url_;
    Target& target_;
    std::unique_ptr<Process> process_;
    unsigned departures_ = 0;
};

// kPortPlace stands in commands and URLs where the port goes.
inline constexpr std::string_view kPortPlace = "{port}";

// with_port puts `port` wherever {port} stands.
[[nodiscard]] std::string with_port(std::string text, std::uint16_t port);

}  // namespace wsproof::conformance
