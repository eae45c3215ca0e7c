// The peer's operations, and what is checked after each. The owner's are in script_owner.cpp.
#include "script_player.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "reference.hpp"
#include "require.hpp"

namespace wsproof::fuzz {
namespace {

constexpr std::size_t kStreamMax = std::size_t{80} << 10;  // bytes fed to one connection
constexpr unsigned kTicksMax = 8;

Role role_of(const Script& script) {
    return (std::to_integer<unsigned>(script.head[0]) & 1U) != 0 ? Role::client : Role::server;
}

bool bit_of(const Script& script, unsigned bit) {
    return (std::to_integer<unsigned>(script.head[0]) >> bit & 1U) != 0;
}

Options options_of(const Script& script, Codecs& codecs) {
    Input input(Bytes(script.head).subspan(1));
    return make_options(input, codecs);
}

}  // namespace

ScriptPlayer::ScriptPlayer(const Script& script, std::uint8_t cuts, bool ignores_cuts)
    : script_(script),
      ignores_cuts_(ignores_cuts),
      cuts_(cuts),
      role_(role_of(script)),
      with_handshake_(bit_of(script, 1)),
      decides_itself_(bit_of(script, 2)),
      options_(options_of(script, codecs_)),
      connection_(make()),
      peer_(role_),
      judge_(role_, !with_handshake_) {
    if (!with_handshake_) {
        is_open_ = true;
        deflate_ = make_agreement(options_);
        peer_.agree(deflate_);
        judge_.agree(deflate_);
    }
}

Connection ScriptPlayer::make() {
    if (!with_handshake_) {
        return Connection::adopt(role_, {{}, make_agreement(options_), {}}, options_, entropy_,
                                 now_);
    }
    return role_ == Role::server
               ? Connection::server(options_, entropy_, now_)
               : Connection::client({.host = "example.com", .subprotocols = {"chat", "echo"}},
                                    options_, entropy_, now_);
}

Outcome ScriptPlayer::run() {
    for (const Op& op : script_.ops) {
        perform(op);
        drain();
        check_state();
    }
    finish();
    check_messages();
    check_reference();
    return std::move(outcome_);
}

void ScriptPlayer::perform(const Op& op) {
    if (op.kind <= OpKind::raw) {
        perform_peers(op);
    } else {
        perform_owners(op);
    }
}

void ScriptPlayer::perform_peers(const Op& op) {
    Buffer bytes;
    if (op.kind == OpKind::frame) {
        peer_.frame(op, bytes);
    } else if (op.kind == OpKind::message) {
        peer_.message(op, bytes);
    } else if (op.kind == OpKind::compressed) {
        peer_.compressed(op, bytes);
    } else if (op.kind == OpKind::close) {
        peer_.close(op, bytes);
    } else if (op.kind == OpKind::handshake) {
        take_output(0);
        peer_.handshake(op, outcome_.output, bytes);
    } else {
        bytes = op.data;
    }
    feed(bytes);
    last_ = std::move(bytes);
}

void ScriptPlayer::feed(Bytes bytes) {
    if (stream_.size() + bytes.size() > kStreamMax) {
        return;
    }
    if (!has_ended_) {
        stream_.insert(stream_.end(), bytes.begin(), bytes.end());
    }
    const State before = connection_.state();
    const auto deadline = connection_.deadline();
    const bool is_heard = !bytes.empty() && !has_ended_ && !is_deciding_;
    Cutter cutter(bytes.size() > 4000 && cuts_ > 0 ? std::uint8_t{255} : cuts_);
    while (!bytes.empty()) {
        const std::size_t size = cutter.next(bytes.size());
        unread_.insert(unread_.end(), bytes.begin(),
                       bytes.begin() + static_cast<std::ptrdiff_t>(size));
        bytes = bytes.subspan(size);
        drain();
    }
    if (connection_.state() != before || !is_heard) {
        return;
    }
    if (before == State::closing_local || before == State::draining) {
        require(connection_.deadline() == deadline, "a peer that talks on does not delay the end");
    } else if (before == State::open && options_.timers.ping_after_idle) {
        require(connection_.deadline() == now_ + *options_.timers.ping_after_idle,
                "whoever talks is not idle");
    }
}

void ScriptPlayer::drain() {
    MutableBytes in(unread_);
    while (const auto event = connection_.next(in)) {
        note(*event);
    }
    require(in.empty() || is_deciding_, "next() takes all bytes, unless it awaits a decision");
    unread_.erase(unread_.begin(), unread_.end() - static_cast<std::ptrdiff_t>(in.size()));
}

void ScriptPlayer::note(const Event& event) {
    require(!is_closed_, "Closed is the last event");
    outcome_.log.add(event);
    if (std::holds_alternative<UpgradeRequest>(event)) {
        is_deciding_ = decides_itself_;
        require(is_deciding_ || connection_.accept() == Error::none,
                "a request that is reported can be accepted");
    } else if (const auto* opened = std::get_if<Opened>(&event)) {
        require(!is_open_, "a connection opens once");
        is_open_ = true;
        open_at_ = connection_.stats().bytes_received;
        deflate_ = opened->deflate;
        peer_.agree(deflate_);
        judge_.agree(deflate_);
    } else if (const auto* piece = std::get_if<MessageData>(&event)) {
        require(is_open_, "messages come when the connection is open");
        if (reader_.add(*piece) == Error::none && reader_.message()) {
            ++messages_received_;
            echo(*reader_.message());
        }
    } else if (const auto* failed = std::get_if<Failed>(&event)) {
        require(connection_.error() == failed->error, "error() is what Failed said");
    } else if (const auto* closed = std::get_if<Closed>(&event)) {
        is_closed_ = true;
        is_deciding_ = false;
        require(connection_.state() == State::closed, "Closed comes in State::closed");
        require(closed->clean == (closed->error == Error::none), "a clean end has no error");
    }
}

void ScriptPlayer::tick(std::uint8_t how) {
    const auto deadline = connection_.deadline();
    if (how >= 128 && deadline) {
        now_ = std::max(now_, *deadline);
    } else {
        now_ += std::chrono::milliseconds(10) * how;
    }
    const std::size_t queued = connection_.queued();
    connection_.tick(now_);
    drain();
    unsigned ticks = 0;
    while (connection_.deadline() && *connection_.deadline() <= now_) {
        require(++ticks < kTicksMax, "a deadline that has come does not come again");
        connection_.tick(now_);
        drain();
    }
    was_cleared_ = was_cleared_ || (queued > 0 && connection_.queued() == 0);
}

void ScriptPlayer::take_output(std::uint8_t how) {
    Buffer taken;
    if ((how & 3U) == 0) {
        fuzz::take_output(connection_, taken);
    } else if ((how & 3U) == 1) {
        fuzz::take_output(connection_, taken, connection_.queued() < 2000);
    } else if ((how & 3U) == 2) {
        taken.resize(how);
        const std::size_t queued = connection_.queued();
        taken.resize(connection_.write(taken));
        require(taken.size() == std::min<std::size_t>(how, queued), "write() fills its memory");
    } else {
        for (const Bytes piece : connection_.output()) {
            const std::size_t size = std::min(piece.size(), how - taken.size());
            taken.insert(taken.end(), piece.begin(),
                         piece.begin() + static_cast<std::ptrdiff_t>(size));
        }
        connection_.consume(taken.size());
    }
    judge_.feed(taken);
    outcome_.output.insert(outcome_.output.end(), taken.begin(), taken.end());
    release_tokens();
}

void ScriptPlayer::release_tokens() {
    while (const auto token = connection_.next_released()) {
        require(*token < is_lent_.size() && is_lent_[*token], "a token is released once");
        is_lent_[*token] = false;
        Buffer().swap(lent_[*token]);  // whoever still shows it reads freed memory
    }
}

void ScriptPlayer::check_state() {
    const State state = connection_.state();
    require(state >= state_, "states go forward");
    state_ = state;
    require((connection_.transport() == Transport::close) == (state == State::closed),
            "a closed connection closes its transport");
    require(is_closed_ == (state == State::closed), "Closed is reported");
    check_deadline();
    require(connection_.stats().messages_sent == sent_.size(), "messages sent are counted");
    require(connection_.stats().bytes_sent == outcome_.output.size(), "bytes sent are counted");
}

// check_deadline: nobody is waited for without an end, as far as the timers say so.
void ScriptPlayer::check_deadline() {
    const Timers& timers = options_.timers;
    const bool is_closing = state_ == State::closing_local || state_ == State::draining;
    const bool is_watched = timers.ping_after_idle && timers.pong;
    const bool has_deadline = connection_.deadline().has_value();
    require(!is_closing || !timers.close || has_deadline, "a closing handshake has an end");
    require(state_ != State::open || !is_watched || has_deadline, "a dead peer is noticed");
    require(state_ != State::connecting || !timers.handshake || has_deadline,
            "an opening handshake has an end");
}

// check_close: what close() was told is what is said.
void ScriptPlayer::check_close() {
    if (has_said_close_ && judge_.has_closed()) {
        require(judge_.close_code() == said_code_ && judge_.close_reason() == said_reason_,
                "a Close says what it was told to");
    }
}

void ScriptPlayer::finish() {
    take_output(0);
    connection_.end_of_input();
    drain();
    take_output(0);
    require(is_closed_ && connection_.state() == State::closed, "the end of input is the end");
    require(outcome_.log.count(Happening::Kind::closed) == 1, "Closed comes once");
    require(std::find(is_lent_.begin(), is_lent_.end(), true) == is_lent_.end(),
            "each token is released in the end");
    check_close();
    outcome_.error = connection_.error();
}

void ScriptPlayer::check_messages() {
    const auto& arrived = judge_.messages();
    require(
        arrived.size() <= sent_.size() && std::equal(arrived.begin(), arrived.end(), sent_.begin()),
        "messages arrive as they were sent, in order");
    require(was_cleared_ || arrived.size() == sent_.size(), "all messages arrive");
}

void ScriptPlayer::check_reference() {
    const Happening* failed = outcome_.log.find(Happening::Kind::failed);
    const ErrorKind kind = info(outcome_.error).kind;
    const bool is_own_doing = kind == ErrorKind::timeout || kind == ErrorKind::application;
    if (!is_open_ || is_own_doing || (failed != nullptr && failed->error != outcome_.error)) {
        return;
    }
    const Bytes stream = Bytes(stream_).subspan(static_cast<std::size_t>(open_at_));
    check(outcome_.log, foretell(stream, {role_, options_.limits, deflate_, open_at_}));
}

std::size_t check_script(const Script& script) {
    ScriptPlayer whole(script, 0, true);
    const Outcome expected = whole.run();
    ScriptPlayer cut(script, 1, false);
    const Outcome outcome = cut.run();
    if (!(outcome.log == expected.log)) {
        broken("how the input is cut does not change the events\ncut:\n" + outcome.log.to_string() +
               "whole:\n" + expected.log.to_string());
    }
    require(outcome.results == expected.results, "nor what the owner may do");
    if (outcome.output != expected.output) {
        const auto [a, b] = std::mismatch(outcome.output.begin(), outcome.output.end(),
                                          expected.output.begin(), expected.output.end());
        broken("nor what is said, from byte " + std::to_string(a - outcome.output.begin()) +
               " of " + std::to_string(outcome.output.size()) + " or " +
               std::to_string(expected.output.size()));
    }
    require(outcome.error == expected.error, "nor how it ends");
    return whole.message_count();
}

}  // namespace wsproof::fuzz
