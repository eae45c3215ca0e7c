#include "player.hpp"

#include <algorithm>

#include "selection.hpp"
#include "unmet.hpp"

namespace wsproof::conformance {

namespace {

constexpr milliseconds kForever{24 * 3'600'000};
constexpr milliseconds kBackPressure{1'000};
constexpr milliseconds kBystander{10'000};  // of other connections than the one that does harm

// pauses_of: what a scenario waits by its own wish is no part of its time.
milliseconds pauses_of(const Case& played) {
    milliseconds all{0};
    for (const Step& step : played.steps) {
        const auto* pause = std::get_if<PauseStep>(&step.action);
        all += pause == nullptr ? milliseconds(0) : pause->time;
    }
    return all;
}

}  // namespace

Player::Player(Stage& stage, const Case& played)
    : stage_(stage),
      case_(played),
      seed_(seed_of(stage.seed, played.id)),
      ends_(net::Clock::now() + stage.patience.scenario(played.steps.size()) + pauses_of(played)) {}

CaseResult Player::play() {
    CaseResult result{.id = case_.id};
    segmentation_ = stage_.segmentation;
    try {
        const bool has_canary = std::any_of(
            case_.steps.begin(), case_.steps.end(),
            [](const Step& step) { return std::holds_alternative<CanaryStep>(step.action); });
        if (has_canary && we_mask() && !answers(open("canary"), stage_.patience.answer())) {
            throw Overloaded("the canary's connection was not answered");
        }
        for (const Step& step : case_.steps) {
            if (!holds_back(step)) {
                release_held();
            }
            run(step);
        }
        release_held();
        close_all();
    } catch (const Unmet&) {
        failed_ = true;
    } catch (const Unsupported& declined) {
        let_go();
        result.behaviour = Behaviour::unsupported;
        result.reason = declined.reason;
        finish(result);
        return result;
    } catch (const Declined& error) {
        result.behaviour = Behaviour::unsupported;
        result.reason = error.what();
        finish(result);
        return result;
    } catch (const BadOpening& error) {
        result.behaviour = Behaviour::blocked;
        result.reason = error.what();
        finish(result);
        return result;
    }
    result.behaviour = Behaviour::pass;
    finish(result);
    return result;
}

void Player::run(const Step& step) {
    std::visit([&](const auto& action) { act(action, step); }, step.action);
}

void Player::finish(CaseResult& result) {
    if (stage_.peer == Role::client) {
        for (Link& link : links_) {
            link.drop();
        }
        end_visits(result);
    }
    for (Link& link : links_) {
        for (Finding finding : link.monitor().findings()) {
            add(std::move(finding));
        }
        result.was_reset = result.was_reset || link.has_failed_writing() ||
                           (link.has_ended() && link.ending().kind == Event::Kind::reset);
        if (link.name() == "main") {
            result.close_code = link.close_code();
        }
        link.drop();
    }
    for (const Finding& finding : findings_) {
        // What a monitor merely notes is true of the target, not of this case: the run reports it
        // once.
        if (result.behaviour != Behaviour::blocked &&
            (!finding.monitor || finding.verdict >= Behaviour::fail)) {
            result.behaviour = std::max(result.behaviour, finding.verdict);
        }
    }
    result.closing = closing_;
    result.findings = std::move(findings_);
    result.transcript = std::move(recorder_.entries());
    result.pieces = std::move(recorder_.pieces());
    result.ms = recorder_.elapsed_ms();
}

void Player::report(Behaviour verdict, std::string requirement, std::string text,
                    std::vector<std::string> expected, std::string got, const Step* at,
                    std::string because) {
    std::string sent;
    for (const std::string& item : sent_) {
        sent += (sent.empty() ? "" : "; ") + item;
    }
    add({.verdict = verdict,
         .requirement = requirement.empty() && !case_.requirements.empty()
                            ? case_.requirements.front()
                            : std::move(requirement),
         .because = std::move(because),
         .text = std::move(text),
         .sent = std::move(sent),
         .expected = std::move(expected),
         .got = std::move(got),
         .step = at == nullptr ? "" : at->pointer,
         .ms = last_event_ == net::Clock::time_point{} ? recorder_.elapsed_ms()
                                                       : recorder_.ms_of(last_event_)});
}

// add keeps the findings in order, worst first; among equals the first seen comes first.
void Player::add(Finding finding) {
    const auto place =
        std::upper_bound(findings_.begin(), findings_.end(), finding,
                         [](const Finding& a, const Finding& b) { return a.verdict > b.verdict; });
    findings_.insert(place, std::move(finding));
}

void Player::check_budget() const {
    if (stage_.interrupt.is_triggered()) {
        throw Interrupted{};
    }
    if (net::Clock::now() >= stage_.ends) {
        throw OutOfTime{};
    }
}

// pump lets every link of the case read and write, until one of them has done something or
// `deadline` passes.
void Player::pump(net::Deadline deadline) {
    check_budget();
    std::vector<net::Interest> interests;
    std::vector<Link*> polled;
    for (Link& link : links_) {
        if (!link.is_done() && (link.reads() || link.wants_write())) {
            interests.push_back(
                {.stream = &link.stream(), .read = link.reads(), .write = link.wants_write()});
            polled.push_back(&link);
        }
    }
    if (net::wait(interests, std::min(deadline, stage_.ends), &stage_.interrupt) ==
        net::Status::interrupted) {
        throw Interrupted{};
    }
    for (std::size_t i = 0; i < polled.size(); ++i) {
        // Reading first: a write to a connection that the peer has ended may draw a reset.
        if (interests[i].readable && polled[i]->reads()) {
            polled[i]->read_some();
        }
        if (interests[i].writable && !polled[i]->is_done()) {
            polled[i]->write_some();
        }
    }
}

// flush writes all that is queued, reading meanwhile; it gives up on a peer that takes nothing.
void Player::flush(Link& link) {
    link.write_some();
    std::uint64_t seen = link.progress();
    // Who does not read cannot hope for much: the peer's echoes fill TCP both ways.
    const auto limit =
        link.reads() ? stage_.patience.answer() : std::min(kBackPressure, stage_.patience.answer());
    auto deadline = std::min(ends_, net::Clock::now() + limit);
    while (link.wants_write() && !link.is_done() && net::Clock::now() < deadline) {
        pump(deadline);
        if (link.progress() != seen) {
            seen = link.progress();
            deadline = std::min(ends_, net::Clock::now() + limit);
        }
    }
    if (link.wants_write() && !link.is_done()) {
        recorder_.note(link.name(), "the peer does not read: not all could be written");
    }
    last_sent_ = net::Clock::now();
}

// next_event: `limit` starts again whenever bytes arrive, within the scenario's time.
std::optional<Event> Player::next_event(Link& link, milliseconds limit) {
    return await(link, limit, ends_);
}

std::optional<Event> Player::next_event_by(Link& link, net::Deadline deadline) {
    return await(link, kForever, deadline);
}

std::optional<Event> Player::await(Link& link, milliseconds limit, net::Deadline last) {
    auto deadline = net::Clock::now() + limit;
    std::uint64_t seen = link.bytes_received();
    while (link.inbox().empty()) {
        const auto now = net::Clock::now();
        if (link.has_ended()) {
            last_event_ = link.ending().at;
            return link.ending();  // the end stays visible to every step that asks
        }
        if (link.is_done() || now >= deadline || now >= last) {
            last_event_ = now;
            return std::nullopt;
        }
        pump(std::min(deadline, last));
        if (link.bytes_received() != seen) {
            seen = link.bytes_received();
            deadline = net::Clock::now() + limit;
        }
    }
    Event event = std::move(link.inbox().front());
    link.inbox().pop_front();
    last_event_ = event.at;
    return event;
}

bool Player::eat_greeting(Link& link, const Event& event) {
    if (event.kind != Event::Kind::message) {
        return false;
    }
    if (stage_.greetings_vary && !link.greetings.empty()) {
        link.greetings.pop_back();
        return true;
    }
    const auto found = std::find(link.greetings.begin(), link.greetings.end(), event.payload);
    if (found == link.greetings.end()) {
        return false;
    }
    link.greetings.erase(found);
    return true;
}

Link& Player::open(const std::string& name, const RequestStep& request) {
    if (stage_.peer == Role::client) {
        return open_to_client(name);
    }
    stage_.openings.acquire();
    struct Release {
        Stage& stage;
        ~Release() { stage.openings.release(); }
    } const release{stage_};
    Link& link = connect(name);
    const std::string key = new_key(link);
    const wire::ByteString head = head_of(request, key);
    link.begin_handshake(offer_of({reinterpret_cast<const char*>(head.data()), head.size()}));
    recorder_.add(Entry::Kind::sent, name, "HTTP: the opening handshake", head, {});
    send_opening(link, head);
    // A head that drips is as good as none: progress does not prolong this wait.
    const auto event = next_event_by(link, net::Clock::now() + Patience::kOpening);
    if (!event) {
        throw BadOpening("a correct opening handshake was not answered within " +
                         std::to_string(Patience::kOpening.count() / 1000) + " s");
    }
    if (event->kind == Event::Kind::response &&
        (event->response.status == 429 || event->response.status == 503)) {
        throw Overloaded("the target answers " + std::to_string(event->response.status));
    }
    if (event->kind == Event::Kind::eof || event->kind == Event::Kind::reset) {
        const std::string what =
            "the target ended the connection during a correct opening handshake";
        if (cuts_made_ > 0) {
            throw BadOpening(what + " that came in pieces");
        }
        throw Overloaded(what);
    }
    if (event->kind != Event::Kind::response || event->response.status != 101) {
        throw BadOpening("a correct opening handshake drew " + event->describe());
    }
    introduce(link);
    return link;
}

void Player::introduce(Link& link) {
    const std::vector<Step>& prologue = stage_.target.prologue;
    if (prologue.empty() || link.is_introduced || !link.is_open_websocket()) {
        return;
    }
    link.is_introduced = true;
    const std::vector<Finding> findings = std::exchange(findings_, {});
    std::vector<std::string> sent = std::exchange(sent_, {});
    std::string trouble;
    in_prologue_ = true;
    try {
        for (Step step : prologue) {
            step.on = link.name();
            run(step);
            release_held();
        }
    } catch (const Unmet&) {
        const Finding& worst = findings_.front();
        trouble = "the prologue stops at " + worst.step + ": expected";
        for (const std::string& each : worst.expected) {
            trouble += (each == worst.expected.front() ? " " : " or ") + each;
        }
        trouble += ", got " + worst.got;
    }
    in_prologue_ = false;
    findings_ = findings;
    sent_ = std::move(sent);
    if (!trouble.empty()) {
        throw BadOpening(trouble);
    }
}

bool Player::answers(Link& link, milliseconds limit) {
    const Probe* probe = stage_.echoes || !stage_.target.probe ? nullptr : &*stage_.target.probe;
    FrameSpec frame{.opcode = probe != nullptr ? std::uint8_t{1}
                              : stage_.echoes  ? stage_.sign_of_life
                                               : std::uint8_t{9}};
    frame.payload.recipe =
        probe != nullptr
            ? probe->request
            : "wsproof-" + std::to_string(seed_of(seed_, link.name() + std::to_string(++nonces_)));
    const wire::ByteString nonce = payload(frame.payload);
    const auto is_answer = [&](const wire::ByteString& got) {
        return probe == nullptr
                   ? got == nonce
                   : matches_glob({reinterpret_cast<const char*>(got.data()), got.size()},
                                  probe->reply);
    };
    send_frame(link, frame);
    const auto deadline = net::Clock::now() + limit;
    while (net::Clock::now() < deadline) {
        const auto event = next_event_by(link, deadline);
        if (!event || event->kind == Event::Kind::eof || event->kind == Event::Kind::reset ||
            event->kind == Event::Kind::close || event->kind == Event::Kind::flood) {
            return false;
        }
        const auto wanted = frame.opcode == 9 ? Event::Kind::pong : Event::Kind::message;
        if (event->kind == wanted && is_answer(event->payload)) {
            return true;
        }
    }
    return false;
}

void Player::leave() {
    try {
        close_all();
    } catch (const Unmet&) {
        failed_ = true;  // how it ends is for the cases to judge
    }
    CaseResult unread;
    finish(unread);
}

void Player::send_frame(Link& link, const FrameSpec& frame) {
    if (link.has_offended()) {
        link.followed_offence();
    }
    Outgoing& out = held_for(link);
    encode_frame(link, frame, out.bytes);
    out.boundaries.push_back(out.bytes.size());
    release_held();
}

void Player::act(const HalfCloseStep&, const Step& at) {
    link(at.on).half_close();
}

void Player::act(const ReadingStep& step, const Step& at) {
    link(at.on).set_reading(step.reads);
}

void Player::act(const ResetStep&, const Step& at) {
    link(at.on).reset();
}

void Player::act(const DropStep&, const Step& at) {
    link(at.on).drop();
}

void Player::act(const PauseStep& step, const Step& at) {
    Link& paused = link(at.on);
    const auto until = std::min(net::Clock::now() + step.time, ends_);
    while (net::Clock::now() < until) {
        if (paused.is_done()) {
            return;  // nothing more will come
        }
        pump(until);
    }
}

// The canary: an older connection still answers, and a new one opens. A miss is played again alone
// by the run before it is believed.
void Player::act(const CanaryStep&, const Step& at) {
    // A busy server is no dead one, least of all where other cases keep it busy too.
    const milliseconds limit = std::max(kBystander, stage_.patience.canary());
    if (stage_.peer == Role::client) {
        if (!answers(open("canary"), limit)) {
            report(Behaviour::fail, "", "A client that is started again connects and answers",
                   {"an answer on a new connection"}, "none", &at);
            throw Unmet{};
        }
        return;
    }
    Link& old = link("canary");
    // A legal Close, as idle connections get, is no sign of harm; the new connection tells then.
    if (!answers(old, limit) && !old.saw_close()) {
        report(Behaviour::fail, "", "Other connections go on",
               {"an answer on a connection that was there before"},
               "no answer within " + std::to_string(limit.count()) + " ms", &at);
        throw Unmet{};
    }
    if (!answers(open("canary-new"), limit)) {
        report(Behaviour::fail, "", "New connections open", {"an answer on a new connection"},
               "no answer within " + std::to_string(limit.count()) + " ms", &at);
        throw Unmet{};
    }
}

}  // namespace wsproof::conformance
