// How the player ends a connection, and what it sees of the end.
#include "player.hpp"
#include "unmet.hpp"

namespace wsproof::conformance {

namespace {

constexpr milliseconds kMoment{500};

}  // namespace

void Player::act(const CloseStep& step, const Step& at) {
    sent_.push_back(describe_step(at));
    close_politely(link(at.on), step);
}

void Player::close_politely(Link& with, const CloseStep& close) {
    FrameSpec frame{.opcode = 8};
    frame.close_code = close.code;
    frame.payload = close.reason;
    if (!with.is_done() && !with.has_said_close()) {
        send_frame(with, frame);
    }
    take_closing(with);
}

// The closing handshake, RFC 6455 §7.1, judged on the close axis alone: two Closes and then the end
// of TCP, which the server brings about. A message that nobody waited for is judged as such.
void Player::take_closing(Link& with) {
    // What is still on its way may take its time; once the Close is here, only the end may come.
    std::optional<net::Deadline> last;
    while (true) {
        if (with.saw_close() && !last) {
            last = net::Clock::now() + stage_.patience.close();
        }
        const auto event =
            last ? next_event_by(with, *last) : next_event(with, stage_.patience.close());
        if (!event) {
            if (!with.is_done() && with.saw_close() && stage_.peer == Role::client) {
                note_lingering(nullptr);
            } else if (!with.is_done()) {
                closing_ = Closing::not_closed;
                stage_.patience.saw_not_closed();
            }
            return;
        }
        switch (event->kind) {
            case Event::Kind::message:
                if (!eat_greeting(with, *event) && stage_.echoes) {
                    report(behaviour_of(case_.level), "", case_.title,
                           {"no message that nothing asked for"}, event->describe(), nullptr);
                    throw Unmet{};
                }
                break;
            case Event::Kind::eof:
                closing_ = !with.saw_close()     ? Closing::no_close_frame
                           : with.is_truncated() ? Closing::unclean
                                                 : Closing::clean;
                return;
            case Event::Kind::reset:
                closing_ = Closing::unclean;
                return;
            case Event::Kind::flood:
                closing_ = Closing::not_closed;
                return;
            case Event::Kind::request:
            case Event::Kind::response:
            case Event::Kind::garbage:
            case Event::Kind::pong:
            case Event::Kind::close:
                break;
        }
    }
}

// note_lingering: the closing handshake is over and we, the server, have ended TCP, but the client
// keeps its end open. Nothing says how long it may (A17).
void Player::note_lingering(const Step* at) {
    closing_ = Closing::unclean;
    stage_.patience.saw_not_closed();
    report(Behaviour::non_strict, at == nullptr ? "6455-5.5.1-13" : "6455-7.1.7-1",
           "A client ends TCP once the server has", {"the end of the TCP connection"},
           "TCP still open after " + std::to_string(stage_.patience.close().count() / 1000) + " s",
           at, "A17");
}

// What a scenario left open is closed as a live peer would; only the first connection's end is
// judged.
void Player::close_all() {
    const Closing judged = closing_;
    for (Link& link : links_) {
        if (!link.is_open_websocket() || link.is_done() || link.has_offended() ||
            link.has_half_closed() || link.has_said_close()) {
            continue;
        }
        close_politely(link, CloseStep{.code = 1000});
        if (link.name() != "main" || judged != Closing::not_judged) {
            closing_ = judged;
        }
    }
}

void Player::act(const AssertStep& step, const Step& at) {
    Link& judged = link(at.on);
    if (step.what == AssertStep::What::back_pressure) {
        if (!judged.has_unwritten()) {
            report(step.otherwise.value_or(behaviour_of(case_.level)), "", case_.title,
                   {"the peer stops taking what it cannot answer, or closes"},
                   "it took all that was sent and holds the answers", &at);
        }
        return;
    }
    const bool is_client = stage_.peer == Role::client;
    const bool is_peer_first = step.what == AssertStep::What::peer_closed_first;
    // The end is waited for; what comes before it is for other steps. A client that shall wait for
    // ours gets a moment in which it could end TCP.
    const auto last =
        net::Clock::now() + (is_client && !is_peer_first ? kMoment : stage_.patience.close());
    while (!judged.is_done()) {
        if (!next_event_by(judged, last)) {
            break;
        }
    }
    const char* peer = is_client ? "the client" : "the server";
    const bool ended = judged.has_ended() && judged.ending().kind != Event::Kind::flood;
    if (ended != is_peer_first) {
        report(step.otherwise.value_or(behaviour_of(case_.level)), "", case_.title,
               {std::string(is_peer_first ? peer : "the player") + " ends TCP first"},
               ended ? std::string(peer) + " did"
                     : "TCP still open after " +
                           std::to_string(stage_.patience.close().count() / 1000) + " s",
               &at);
        throw Unmet{};
    }
    judged.release_fin();
}

}  // namespace wsproof::conformance
