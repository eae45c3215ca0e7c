#include "preflight_probe.hpp"

#include <algorithm>

#include "echo_likeness.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::size_t kGreetingsMax = 16;

// has_unfinished: what was sent is coming back, in a message or a frame that never ends.
bool has_unfinished(const Link& link, wire::ByteView sent) {
    const wire::ByteString got = link.unfinished();
    return std::search(got.begin(), got.end(), sent.begin(), sent.end()) != got.end() ||
           is_damaged_echo(sent, got);
}

}  // namespace

Answer probe(Player& player, Link& link, std::uint8_t opcode,
             std::vector<wire::ByteString>* greetings) {
    FrameSpec frame{.opcode = opcode};
    const std::string nonce = "wsproof-preflight-" + std::to_string(link.random().next());
    frame.payload.recipe = nonce;
    const auto bytes = std::as_bytes(std::span(nonce));
    player.send_frame(link, frame);
    const auto wanted = opcode == 9 ? Event::Kind::pong : Event::Kind::message;
    const auto deadline = net::Clock::now() + kProbeAnswer;
    while (net::Clock::now() < deadline) {
        const auto event = player.next_event(link, kProbeAnswer);
        if (!event || event->kind == Event::Kind::eof || event->kind == Event::Kind::reset ||
            event->kind == Event::Kind::flood) {
            return opcode != 9 && has_unfinished(link, bytes) ? Answer::damaged : Answer::none;
        }
        const bool is_same =
            std::equal(bytes.begin(), bytes.end(), event->payload.begin(), event->payload.end());
        if (event->kind == wanted && is_same) {
            return Answer::same;
        }
        if (event->kind != Event::Kind::message) {
            continue;
        }
        if (is_same || is_damaged_echo(bytes, event->payload)) {
            return opcode != 9 ? Answer::damaged : Answer::none;
        }
        if (greetings != nullptr && greetings->size() < kGreetingsMax) {
            greetings->push_back(event->payload);
        }
    }
    return Answer::none;
}

void greet(Player& player, Link& link, std::vector<wire::ByteString>& greetings) {
    // Pings of a peer that sends them all the time are no greeting, and do not put the end off.
    auto deadline = net::Clock::now() + kProbeGreeting;
    while (greetings.size() < kGreetingsMax) {
        const auto event = player.next_event_by(link, deadline);
        if (!event || event->kind == Event::Kind::eof || event->kind == Event::Kind::reset ||
            event->kind == Event::Kind::flood) {
            return;
        }
        if (event->kind == Event::Kind::message) {
            greetings.push_back(event->payload);
            deadline = net::Clock::now() + kProbeGreeting;
        }
    }
}

}  // namespace wsproof::conformance
