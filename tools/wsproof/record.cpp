// wsproof record: stand between a client and a server, and write what passes as a scenario.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <thread>

#include "commands.hpp"
#include "interrupt.hpp"
#include "pcap_option.hpp"
#include "recording_scenario.hpp"
#include "relay.hpp"
#include "report_format.hpp"
#include "report_json.hpp"
#include "target_options.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

constexpr int kBacklog = 64;
constexpr std::ptrdiff_t kAtATime = 256;  // connections
constexpr auto kResolveTime = std::chrono::seconds(5);
constexpr auto kTick = std::chrono::milliseconds(200);

struct Options {
    std::string listen = "127.0.0.1:9100";
    std::string upstream;
    std::string file = "recording.json";
    std::size_t connections = 1'000;
    unsigned seconds = 0;  // 0: until Ctrl-C
    bool in_order = false;
    TargetOptions trust;
    std::string pcap;
};

int usage(const std::string& reason) {
    std::cerr << "wsproof record: " << reason << '\n';
    return kUsage;
}

// listen_at reads HOST:PORT, where the host may be left out: 127.0.0.1.
std::optional<net::Listener> listen_at(const std::string& where, std::string& error) {
    const std::size_t colon = where.find_last_of(':');
    std::string host = colon == std::string::npos ? "" : where.substr(0, colon);
    const std::string digits = colon == std::string::npos ? where : where.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    std::uint16_t port = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (fault != std::errc{} || end != digits.data() + digits.size()) {
        error = "HOST:PORT is wanted";
        return std::nullopt;
    }
    const net::Resolved resolved =
        net::resolve(host.empty() ? "127.0.0.1" : host, port, net::Clock::now() + kResolveTime);
    error = resolved.error;
    return resolved.endpoints.empty()
               ? std::nullopt
               : net::Listener::listen(resolved.endpoints.front(), kBacklog, error);
}

// Session is one run: the relays in their threads, and what they have recorded.
class Session {
  public:
    Session(const Options& options, const Target& target, net::Interrupt& interrupt,
            Capture* capture)
        : options_(options), target_(target), interrupt_(interrupt), capture_(capture) {}

    // serve accepts connections until it is interrupted, the time is up or there are enough, and
    // returns once they have ended.
    void serve(net::Listener& listener) {
        const auto last = options_.seconds == 0
                              ? net::Deadline::max()
                              : net::Clock::now() + std::chrono::seconds(options_.seconds);
        std::list<std::thread> threads;
        while (!interrupt_.is_triggered() && threads.size() < options_.connections &&
               net::Clock::now() < last) {
            if (!slots_.try_acquire_for(kTick)) {
                continue;
            }
            net::Connected connected = listener.accept(last, &interrupt_);
            if (connected.result.status != net::Status::ok) {
                slots_.release();
                break;
            }
            threads.emplace_back([this, &recording = recordings_.emplace_back(room_),
                                  number = recordings_.size(),
                                  socket = std::move(connected.socket)]() mutable {
                relay(std::move(socket), recording, number);
                slots_.release();
            });
        }
        listener.close();
        std::thread alarm;
        net::Interrupt all_ended;
        if (last != net::Deadline::max()) {
            alarm = std::thread([&] {
                if (net::wait({}, last, &all_ended) == net::Status::timed_out) {
                    interrupt_.trigger();
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        if (alarm.joinable()) {
            all_ended.trigger();
            alarm.join();
        }
    }

    // write makes the file and says what is in it; the result is the exit code.
    int write() const {
        std::vector<const Recording*> recordings;
        for (const Recording& recording : recordings_) {
            if (!recording.request().head.empty()) {
                recordings.push_back(&recording);
            }
        }
        const std::string target = recordings.empty() ? "/" : recordings.front()->request().target;
        const Json suite = suite_of(recordings, target,
                                    {.name = std::filesystem::path(options_.file).stem().string(),
                                     .in_order = options_.in_order});
        const std::size_t count = suite["scenarios"].size();
        if (count == 0) {
            std::cerr << "wsproof record: nothing was recorded, and nothing is written\n";
            return kUnreached;
        }
        if (const std::string error = write_whole(options_.file, suite.dump(2) + '\n');
            !error.empty()) {
            std::cerr << "wsproof record: " << error << '\n';
            return kHarnessFault;
        }
        tell_secrets(recordings);
        const std::string url = (target_.is_secure ? "wss://" : "ws://") + target_.host_field +
                                printable(target, Charset::ascii);
        std::cout << options_.file << ": " << count << (count == 1 ? " connection" : " connections")
                  << "; again: wsproof replay " << shell_quoted(options_.file) << ' '
                  << shell_quoted(url);
        for (const std::string& option : options_to_repeat(options_.trust)) {
            std::cout << ' ' << shell_quoted(option);
        }
        std::cout << std::endl;
        return kConforms;
    }

  private:
    void relay(net::Socket socket, Recording& recording, std::size_t number) {
        Relay relay(std::move(socket), target_, interrupt_, recording);
        if (capture_ != nullptr) {
            relay.capture(*capture_);
        }
        const Relay::Outcome outcome = relay.run();
        const std::lock_guard lock(telling_);
        std::cerr << "wsproof record: connection " << number << ": "
                  << printable(told(outcome, relay, recording)) << std::endl;
        for (const Finding& finding : recording.departures()) {
            if (finding.verdict >= Behaviour::fail) {
                std::cerr << "  the server breaks " << finding.requirement << ": "
                          << printable(finding.text + "; got " + finding.got) << std::endl;
            }
        }
    }

    static std::string told(Relay::Outcome outcome, const Relay& relay,
                            const Recording& recording) {
        switch (outcome) {
            case Relay::Outcome::not_asked:
            case Relay::Outcome::not_reached:
                return relay.why();
            case Relay::Outcome::not_ours:
                return "the request was none for a WebSocket: passed on, not recorded";
            case Relay::Outcome::relayed:
                break;
        }
        if (!recording.is_open()) {
            return recording.response() ? "refused: " + recording.response()->start_line
                                        : "ended without an answer";
        }
        return std::to_string(recording.said().size()) + " messages and control frames" +
               (recording.stopped().empty() ? "" : "; recorded in part: " + recording.stopped());
    }

    // tell_secrets: what opens doors is needed to open them again, but has to be known to be there.
    void tell_secrets(const std::vector<const Recording*>& recordings) const {
        for (const char* name : {"Authorization", "Cookie"}) {
            const bool is_there = std::any_of(
                recordings.begin(), recordings.end(),
                [&](const Recording* each) { return !each->request().values(name).empty(); });
            if (is_there) {
                std::cerr << "wsproof record: " << options_.file << " holds the client's " << name
                          << " field\n";
            }
        }
    }

    const Options& options_;
    const Target& target_;
    net::Interrupt& interrupt_;
    Capture* capture_;
    std::atomic<std::int64_t> room_{static_cast<std::int64_t>(Recording::kRoom)};
    std::list<Recording> recordings_;
    std::counting_semaphore<kAtATime> slots_{kAtATime};
    std::mutex telling_;
};

int record(const Options& options) {
    ParsedTarget parsed = parse_target(options.upstream);
    if (!parsed.error.empty()) {
        return usage("--upstream " + options.upstream + ": " + parsed.error);
    }
    Target& target = parsed.target;
    for (const std::string& error :
         {apply(options.trust, target), why_not_writable(options.file)}) {
        if (!error.empty()) {
            return usage(error);
        }
    }
    if (const std::string error = find_host(target); !error.empty()) {
        std::cerr << "wsproof record: " << error << '\n';
        return kUnreached;
    }
    PcapFile pcap(options.pcap);
    if (!pcap.error().empty()) {
        return usage("--pcap: " + pcap.error());
    }
    std::string error;
    std::optional<net::Listener> listener = listen_at(options.listen, error);
    if (!listener) {
        return usage("--listen " + options.listen + ": " + error);
    }
    net::Interrupt& interrupt = interrupt_on_signals();
    std::cout << "listening on ws://" << listener->endpoint().to_string() << "/\nfor "
              << options.upstream << "; Ctrl-C ends the recording" << std::endl;
    Session session(options, target, interrupt, pcap.get());
    session.serve(*listener);
    return pcap.finish(session.write());
}

}  // namespace

void add_record(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "record", "Pass on what a client and a server say, and write it as a scenario to replay");
    command
        ->add_option("--upstream", options->upstream,
                     "The server: ws://host[:port]/path or wss://…")
        ->required()
        ->type_name("URL");
    command
        ->add_option("--listen", options->listen,
                     "Where the client connects, in clear; port 0: any free one")
        ->type_name("HOST:PORT")
        ->capture_default_str();
    command->add_option("-o,--output", options->file, "The scenario file to write")
        ->type_name("FILE")
        ->capture_default_str();
    command->add_option("--connections", options->connections, "End after so many connections")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    command->add_option("--seconds", options->seconds, "End after so long")
        ->check(CLI::Range(1, 86'400));
    command->add_flag("--in-order", options->in_order,
                      "Expect the server's messages in the order in which they came, also where it "
                      "said more than it was asked");
    command
        ->add_option("--ca", options->trust.ca_file,
                     "Trust this CA's certificates in place of the system's (wss)")
        ->type_name("FILE");
    command->add_flag("--insecure", options->trust.is_insecure, "Check no certificate (wss)");
    add_pcap_option(*command, options->pcap);
    command->footer(
        "The Host field, and the path if --upstream has one, are the server's; all other bytes are "
        "passed on as they are.\n"
        "Exit codes: 0 written; 2 usage; 3 nothing to write; 4 own fault.");
    command->callback([options, &exit_code] { exit_code = record(*options); });
}

}  // namespace wsproof::tools
