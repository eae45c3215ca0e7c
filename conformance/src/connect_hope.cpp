// What a script expects of the server.
#include <algorithm>

#include "connect_session.hpp"
#include "selection.hpp"

namespace wsproof::conformance {

namespace {

using Kind = Event::Kind;
using What = HopeCommand::What;

std::string_view text_of(const wire::ByteString& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_end(const Event& event) {
    return event.kind == Kind::eof || event.kind == Kind::reset;
}

// concerns: the event is what is waited for, or comes in its place. Messages that nobody waited for
// are no matter of a Close, Pongs none of a message.
bool concerns(const HopeCommand& hope, const Event& event) {
    switch (hope.what) {
        case What::text:
        case What::binary:
        case What::like:
        case What::nothing:
            return event.kind != Kind::pong;
        case What::pong:
            return event.kind == Kind::pong || event.kind == Kind::close || is_end(event);
        case What::close:
            return event.kind == Kind::close || is_end(event);
        case What::end:
            return is_end(event);
    }
    return true;
}

bool is_met(const HopeCommand& hope, const Event& event) {
    const bool fits = !hope.payload || event.payload == *hope.payload;
    switch (hope.what) {
        case What::text:
            return event.kind == Kind::message && event.opcode == 1 && fits;
        case What::binary:
            return event.kind == Kind::message && event.opcode == 2 && fits;
        case What::like:
            return event.kind == Kind::message && matches_glob(text_of(event.payload), hope.glob);
        case What::pong:
            return event.kind == Kind::pong && fits;
        case What::close:
            return event.kind == Kind::close &&
                   (!hope.code || close_code(event.payload) == hope.code);
        case What::end:
            return is_end(event);
        case What::nothing:
            return false;
    }
    return false;
}

std::string words_of(const HopeCommand& hope) {
    const auto with = [&](std::string words) {
        return hope.payload ? words + " \"" + std::string(text_of(*hope.payload)) + "\"" : words;
    };
    switch (hope.what) {
        case What::text:
            return with("a text message");
        case What::binary:
            return with("a binary message");
        case What::like:
            return "a message like \"" + hope.glob + "\"";
        case What::pong:
            return with("a Pong");
        case What::close:
            return hope.code ? "Close " + std::to_string(*hope.code) : "a Close";
        case What::end:
            return "the end of the TCP connection";
        case What::nothing:
            return "nothing";
    }
    return "";
}

}  // namespace

// next_event takes the first event that concerns this expectation; what it passes over stays for
// others, but Pongs.
std::optional<Event> ConnectSession::next_event(const HopeCommand& command, net::Deadline last) {
    while (true) {
        std::deque<Event>& inbox = link_->inbox();
        const auto found = std::find_if(inbox.begin(), inbox.end(), [&](const Event& event) {
            return concerns(command, event);
        });
        if (found != inbox.end()) {
            Event event = *found;
            if (!is_end(event)) {  // the end stays for all who ask
                inbox.erase(found);
            }
            return event;
        }
        if (is_over() || is_interrupted() || net::Clock::now() >= last) {
            return std::nullopt;
        }
        pump(last);
    }
}

std::string ConnectSession::act(const HopeCommand& command) {
    const bool wants_nothing = command.what == What::nothing;
    const auto limit = wants_nothing ? command.time : options_.timeout;
    const auto event = next_event(command, net::Clock::now() + limit);
    if (event ? is_met(command, *event) : wants_nothing) {
        return {};
    }
    const std::string got = event       ? event->describe()
                            : is_over() ? "the connection has ended"
                            : is_interrupted()
                                ? "an interrupt"
                                : "nothing within " + std::to_string(limit.count()) + " ms";
    return "expected " + words_of(command) + ", got " + got;
}

}  // namespace wsproof::conformance
