// A fuzzingserver as the drivers of clients know it from Autobahn|Testsuite: they ask how many
// cases there are, run each on a connection of its own, and have the reports written.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>
#include <wsproof/net/socket.hpp>

#include "autobahn_agents.hpp"
#include "autobahn_driver.hpp"
#include "autobahn_request.hpp"
#include "autobahn_spec.hpp"
#include "workers.hpp"

namespace wsproof::conformance {

class AutobahnServer {
  public:
    struct Options {
        std::string outdir{};
        std::uint64_t seed = 1;
        bool once = false;  // ends when the first driver has had its reports written
        std::function<void(const std::string&)> say{};  // for people; from any thread
    };
    struct Outcome {
        AutobahnAgents::Sum sum{};
        std::string error{};  // the reports could not be written
    };

    // All but `options` outlive the server.
    AutobahnServer(const AutobahnSpec& spec, const std::vector<AutobahnNumber>& plan,
                   const Catalogue& catalogue, const net::Interrupt& interrupt, Options options);

    // run serves drivers, several at a time, until one of them ends it or the interrupt is
    // triggered. What is in no report by then is written too.
    [[nodiscard]] Outcome run(net::Listener& listener);

  private:
    void serve(net::Socket socket);
    void obey(DriverConnection& driver, const DriverRequest& request);
    void run_case(DriverConnection& driver, const DriverRequest& request);
    void tell_status(DriverConnection& driver, const DriverRequest& request);
    void update_reports(DriverConnection& driver, const DriverRequest& request);

    const AutobahnSpec& spec_;
    const std::vector<AutobahnNumber>& plan_;
    const net::Interrupt& interrupt_;
    Options options_;
    AutobahnAgents agents_;
    std::string port_{};
    std::atomic<bool> stops_{false};
    Workers workers_;
};

}  // namespace wsproof::conformance
