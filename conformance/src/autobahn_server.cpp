#include "autobahn_server.hpp"

#include <nlohmann/json.hpp>

#include "player.hpp"
#include "report_format.hpp"

namespace wsproof::conformance {

namespace {

using std::chrono::seconds;

constexpr seconds kCaseTime{150};  // a case that is being played has ended by then

}  // namespace

AutobahnServer::AutobahnServer(const AutobahnSpec& spec, const std::vector<AutobahnNumber>& plan,
                               const Catalogue& catalogue, const net::Interrupt& interrupt,
                               Options options)
    : spec_(spec),
      plan_(plan),
      interrupt_(interrupt),
      options_(std::move(options)),
      agents_(catalogue, interrupt, options_.seed),
      workers_([this](net::Socket socket) { serve(std::move(socket)); }) {}

AutobahnServer::Outcome AutobahnServer::run(net::Listener& listener) {
    port_ = std::to_string(listener.port());
    workers_.receive(listener, interrupt_, [this] { return stops_.load(); });
    Outcome outcome{.sum = agents_.sum()};
    if (outcome.sum.has_news) {
        outcome.error = agents_.write(options_.outdir, port_);
    }
    return outcome;
}

void AutobahnServer::serve(net::Socket socket) {
    DriverConnection driver(std::move(socket), interrupt_);
    if (!driver.read_request()) {
        return;
    }
    std::vector<std::string> numbers;
    for (const AutobahnNumber& each : plan_) {
        numbers.push_back(each.row->id);
    }
    DriverRequest request = read_driver_request(driver.request().target, numbers);
    // A client whose request is wrong is judged for it, once it is in a case.
    if (const std::string missing = driver.why_no_upgrade();
        !missing.empty() && request.status == 0 && request.what != DriverRequest::What::run_case) {
        constexpr int kUpgradeRequired = 426;
        request.status = kUpgradeRequired;
        request.refusal = "this is for WebSocket clients; the request has no " + missing;
    }
    if (request.status != 0) {
        options_.say("refused " + driver.request().target + ": " + request.refusal);
        driver.refuse(request.status, "wsproof: " + request.refusal);
        return;
    }
    obey(driver, request);
}

void AutobahnServer::obey(DriverConnection& driver, const DriverRequest& request) {
    using What = DriverRequest::What;
    switch (request.what) {
        case What::case_count:
            driver.answer(std::to_string(plan_.size()));
            return;
        case What::case_info: {
            const AutobahnCase& row = *plan_[*request.index].row;
            const nlohmann::json info = {{"id", row.id}, {"description", row.does}};
            driver.answer(info.dump());
            return;
        }
        case What::case_status:
            tell_status(driver, request);
            return;
        case What::run_case:
            run_case(driver, request);
            return;
        case What::update_reports:
            update_reports(driver, request);
            return;
        case What::stop_server:
            driver.answer({});
            stops_ = true;
            return;
    }
}

void AutobahnServer::run_case(DriverConnection& driver, const DriverRequest& request) {
    const AutobahnNumber& number = plan_[*request.index];
    if (spec_.is_excluded(request.agent, number.row->id)) {
        options_.say(request.agent + ": " + number.row->id + " is excluded by the spec");
        driver.answer({});
        return;
    }
    AutobahnAgent& agent = agents_.begin(request.agent, number);
    const Case& played = first_admitted(number, driver.offer());
    const std::string started = utc_now();
    CaseResult result{.id = played.id, .behaviour = Behaviour::blocked};
    wire::ByteString read;
    net::Socket socket = driver.give_up(read);
    agent.clients.hand_over(std::move(socket), std::move(read));
    try {
        result = Player(agent.stage, played).play();
    } catch (const Interrupted&) {
        return;  // the agent stays in its case: it is not finished
    } catch (const std::exception& error) {
        result.reason = error.what();
    }
    const AutobahnResult told{.number = number.row,
                              .index = number.index,
                              .agent = request.agent,
                              .started = started,
                              .peer = Role::client,
                              .plays = {{&played, &result}}};
    options_.say(request.agent + ": " + number.row->id + " " + summary_of(told));
    agents_.end(agent, number, played, std::move(result), started);
}

void AutobahnServer::tell_status(DriverConnection& driver, const DriverRequest& request) {
    const AutobahnNumber& number = plan_[*request.index];
    const auto behavior = agents_.behavior_of(request.agent, number, kCaseTime);
    if (!behavior) {
        constexpr int kNotFound = 404;
        const std::string why = number.row->id + " has not been played by " + request.agent;
        options_.say("refused " + driver.request().target + ": " + why);
        driver.refuse(kNotFound, "wsproof: " + why);
        return;
    }
    driver.answer(nlohmann::json{{"behavior", *behavior}}.dump());
}

void AutobahnServer::update_reports(DriverConnection& driver, const DriverRequest& request) {
    agents_.settle(request.agent, kCaseTime);
    const std::string error = agents_.write(options_.outdir, port_);
    options_.say(error.empty() ? request.agent + ": the reports are in " + options_.outdir : error);
    driver.answer({});
    if (options_.once || request.shuts_down) {
        stops_ = true;
    }
}

}  // namespace wsproof::conformance
