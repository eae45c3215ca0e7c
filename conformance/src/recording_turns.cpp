#include "recording_turns.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace wsproof::conformance {

namespace {

using Kind = Said::Kind;

bool is(const Said& said, Role by, Kind kind) {
    return said.by == by && said.kind == kind;
}

// in_order_of_play moves the client's Close behind the messages that crossed it.
std::vector<const Said*> in_order_of_play(std::span<const Said> said) {
    std::vector<const Said*> order;
    const Said* close = nullptr;
    for (const Said& each : said) {
        const bool crosses =
            is(each, Role::server, Kind::message) || is(each, Role::server, Kind::pong);
        if (close != nullptr && !crosses) {
            order.push_back(std::exchange(close, nullptr));
        }
        if (is(each, Role::client, Kind::close)) {
            close = &each;
        } else {
            order.push_back(&each);
        }
    }
    if (close != nullptr) {
        order.push_back(close);
    }
    return order;
}

// answers_ping: a Ping of the server's before it had this payload.
bool answers_ping(std::span<const Said> said, const Said& pong) {
    return std::any_of(said.data(), &pong, [&](const Said& each) {
        return is(each, Role::server, Kind::ping) && each.payload == pong.payload;
    });
}

// give_pong hands a Pong to the last Ping that it can answer; one that answers none is passed over
// in any case.
void give_pong(std::vector<Turn>& turns, const Said& pong) {
    for (auto turn = turns.rbegin(); turn != turns.rend(); ++turn) {
        const bool has_ping =
            std::any_of(turn->said.begin(), turn->said.end(), [&](const Said* each) {
                return each->kind == Kind::ping && each->payload == pong.payload;
            });
        if (has_ping) {
            turn->pongs.push_back(&pong);
            return;
        }
    }
}

}  // namespace

std::vector<Turn> turns_of(std::span<const Said> said) {
    std::vector<Turn> turns(1);
    std::ptrdiff_t owed = 0;  // answers, at one for each message of the client's
    for (const Said* each : in_order_of_play(said)) {
        Turn* turn = &turns.back();
        if (each->by == Role::client) {
            if (each->kind == Kind::pong && answers_ping(said, *each)) {
                continue;
            }
            if (!turn->answers.empty() || turn->closed != nullptr || each->kind == Kind::close) {
                turn = &turns.emplace_back();
            }
            turn->said.push_back(each);
            turn->asked_ms = each->ms;
            if (each->kind == Kind::message) {
                owed = std::max<std::ptrdiff_t>(owed, 0) + 1;
            }
        } else if (each->kind == Kind::pong) {
            give_pong(turns, *each);
        } else if (each->kind == Kind::close) {
            turn->closed = each;
        } else if (each->kind == Kind::message) {
            turn->answers.push_back(each);
            --owed;
            turn->is_pushed = turn->is_pushed || owed < 0;
        }
    }
    return turns;
}

}  // namespace wsproof::conformance
