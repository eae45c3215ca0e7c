#include "pair_player.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "require.hpp"
#include "script.hpp"

namespace wsproof::fuzz {
namespace {

constexpr std::size_t kStepsMax = 200;
constexpr std::size_t kRoundsMax = 2000;
constexpr std::size_t kSentMax = std::size_t{40} << 10;  // bytes by each side

bool is_limit_or_timeout(Error error) {
    const ErrorKind kind = info(error).kind;
    return kind == ErrorKind::limit || kind == ErrorKind::timeout;
}

std::uint8_t opcode_of(bool is_text) {
    return is_text ? 1 : 2;
}

}  // namespace

PairPlayer::PairPlayer(Input& input)
    : input_(input),
      may_spoil_((input.byte() & 3U) == 3),
      client_options_(make_options(input, codecs_)),
      server_options_(make_options(input, codecs_)),
      client_{Connection::client({.host = "example.com", .subprotocols = {"chat"}}, client_options_,
                                 entropy_, now_),
              OutputJudge(Role::client, false)},
      server_{Connection::server(server_options_, entropy_, now_),
              OutputJudge(Role::server, false)} {}

void PairPlayer::run() {
    for (std::size_t i = 0; i < kStepsMax && !input_.empty(); ++i) {
        step();
    }
    finish();
    check_side(client_, server_);
    check_side(server_, client_);
    const bool is_undisturbed = !is_spoiled_ && !is_cut_short_ && client_.failure == Error::none &&
                                server_.failure == Error::none;
    require(!is_undisturbed || client_.is_clean == server_.is_clean || !client_.is_open,
            "an undisturbed channel ends for both alike");
}

// step: bit 0 says whose turn it is, the others what happens.
void PairPlayer::step() {
    const std::uint8_t what = input_.byte();
    Side& side = (what & 1U) != 0 ? client_ : server_;
    Side& other = (what & 1U) != 0 ? server_ : client_;
    switch (what >> 1 & 15U) {
        case 0:
        case 1:
        case 2:
            say(side);
            return;
        case 3:
        case 4:
            say_in_parts(side, input_.byte());
            return;
        case 5:
            static_cast<void>(side.connection.ping(input_.take(input_.below(64))));
            return;
        case 6:
            static_cast<void>(side.connection.pong(input_.take(input_.below(64))));
            return;
        case 7:
            static_cast<void>(side.connection.close(
                static_cast<CloseCode>((what & 0x80U) != 0 ? 3000 : 1000), "bye"));
            return;
        case 8:
            tick(input_.byte());
            return;
        case 9:
            if ((what & 0x80U) != 0) {
                side.has_eof = true;
                side.on_the_way.clear();
                is_cut_short_ = true;
                side.connection.end_of_input();
                read(side, 0);
            }
            return;
        case 10:
            if (may_spoil_ && !side.on_the_way.empty()) {
                side.on_the_way[input_.byte() % side.on_the_way.size()] ^= std::byte{input_.byte()};
                is_spoiled_ = true;
            }
            return;
        case 11:
            take(side, other, input_.byte());
            return;
        case 12:
            read(side, input_.byte());
            return;
        default:
            take(side, other, SIZE_MAX);
            read(other, SIZE_MAX);
            return;
    }
}

void PairPlayer::say(Side& side) {
    const std::uint8_t how = input_.byte();
    const std::uint8_t size = input_.byte();
    const bool is_text = (how & 1U) != 0;
    Buffer bytes = fill(input_.take(input_.below(16)), size_of(size), is_text);
    if (side.sent_size + bytes.size() > kSentMax) {
        return;
    }
    side.sent_size += bytes.size();
    const std::uint64_t fragment_at =
        (how & 2U) != 0 ? std::max<std::uint64_t>(1U + (how >> 2), bytes.size() / 50) : kUnlimited;
    const Error result =
        side.connection.send(is_text ? MessageType::text : MessageType::binary,
                             Payload::copy(Bytes(bytes)), {.fragment_at = fragment_at});
    if (result == Error::none) {
        side.sent.push_back({opcode_of(is_text), std::move(bytes)});
    }
}

void PairPlayer::say_in_parts(Side& side, std::uint8_t how) {
    const bool is_text = (how & 1U) != 0;
    if (!side.is_in_parts) {
        side.is_in_parts =
            side.connection.begin(is_text ? MessageType::text : MessageType::binary) == Error::none;
        side.open_message = {opcode_of(is_text), {}};
        return;
    }
    const Buffer bytes = fill({}, how >> 1, side.open_message.opcode == 1);
    const bool is_last = (how & 3U) == 3;
    const Error result = is_last ? side.connection.finish(Payload::copy(Bytes(bytes)))
                                 : side.connection.append(Payload::copy(Bytes(bytes)));
    if (result != Error::none) {
        return;
    }
    side.open_message.payload.insert(side.open_message.payload.end(), bytes.begin(), bytes.end());
    if (is_last) {
        side.is_in_parts = false;
        side.sent.push_back(std::move(side.open_message));
    }
}

void PairPlayer::take(Side& side, Side& other, std::size_t most) {
    Buffer taken;
    for (const Bytes piece : side.connection.output()) {
        const std::size_t size = std::min(piece.size(), most - taken.size());
        taken.insert(taken.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(size));
    }
    side.connection.consume(taken.size());
    side.judge.feed(taken);
    if (!other.has_eof) {
        other.on_the_way.insert(other.on_the_way.end(), taken.begin(), taken.end());
    }
}

void PairPlayer::read(Side& side, std::size_t most) {
    const auto size =
        static_cast<std::ptrdiff_t>(std::min(most, side.has_eof ? 0 : side.on_the_way.size()));
    Buffer bytes(side.on_the_way.begin(), side.on_the_way.begin() + size);
    side.on_the_way.erase(side.on_the_way.begin(), side.on_the_way.begin() + size);
    MutableBytes in(bytes);
    while (const auto event = side.connection.next(in)) {
        note(side, *event);
    }
    require(in.empty(), "next() takes all bytes");
}

void PairPlayer::note(Side& side, const Event& event) {
    if (std::holds_alternative<UpgradeRequest>(event)) {
        require(side.connection.accept("chat") == Error::none || is_spoiled_,
                "a server accepts what a client asks for");
    } else if (const auto* opened = std::get_if<Opened>(&event)) {
        side.is_open = true;
        side.judge.agree(opened->deflate);
    } else if (const auto* piece = std::get_if<MessageData>(&event)) {
        if (side.reader.add(*piece) == Error::none && side.reader.message()) {
            const Message& message = *side.reader.message();
            side.received.push_back({static_cast<std::uint8_t>(message.type),
                                     {message.payload.begin(), message.payload.end()}});
        }
    } else if (const auto* close = std::get_if<CloseReceived>(&event)) {
        side.code_heard = static_cast<std::uint16_t>(close->code);
        if (side.connection.state() == State::closing_remote) {  // no automation
            static_cast<void>(side.connection.close(close->code));
        }
    } else if (const auto* failed = std::get_if<Failed>(&event)) {
        side.failure = failed->error;
        require(is_spoiled_ || is_limit_or_timeout(failed->error) || !side.is_open,
                "what one engine sends, the other accepts");
    } else if (const auto* closed = std::get_if<Closed>(&event)) {
        ++side.closed_count;
        side.is_clean = closed->clean;
    }
}

void PairPlayer::tick(std::uint8_t amount) {
    now_ += std::chrono::milliseconds(amount);
    for (Side* side : {&client_, &server_}) {
        const std::size_t queued = side->connection.queued();
        side->connection.tick(now_);
        is_cut_short_ = is_cut_short_ || side->connection.queued() < queued ||
                        side->connection.error() == Error::close_timeout;
        read(*side, 0);
    }
}

// move_all carries what there is, and the end of the transport: whether anything happened.
bool PairPlayer::move_all(Side& from, Side& to) {
    const bool moves = from.connection.queued() > 0 || !to.on_the_way.empty();
    take(from, to, SIZE_MAX);
    read(to, SIZE_MAX);
    if (from.connection.transport() != Transport::keep && !to.has_eof &&
        from.connection.queued() == 0 && to.on_the_way.empty()) {
        to.has_eof = true;
        to.connection.end_of_input();
        read(to, 0);
        return true;
    }
    return moves;
}

void PairPlayer::exhaust() {
    std::size_t round = 0;
    bool moves = true;
    while (moves) {
        moves = move_all(client_, server_);
        moves = move_all(server_, client_) || moves;
        require(++round < kRoundsMax, "a dialogue comes to its end");
    }
}

void PairPlayer::finish() {
    exhaust();
    if (client_.is_in_parts) {
        say_in_parts(client_, 3);
    }
    static_cast<void>(client_.connection.close());
    exhaust();
    for (Side* side : {&client_, &server_}) {
        if (side->closed_count == 0) {  // whoever still waits for an end that will not come
            require(is_spoiled_ || is_cut_short_ || !side->is_open ||
                        side->failure != Error::none || server_.failure != Error::none ||
                        client_.failure != Error::none || client_.is_in_parts,
                    "both ends come to know that it is over");
            side->connection.end_of_input();
            read(*side, 0);
        }
    }
}

void PairPlayer::check_side(const Side& side, const Side& other) const {
    require(side.closed_count == 1, "each end learns once that it is over");
    if (is_spoiled_) {
        return;
    }
    require(side.received.size() <= other.sent.size() &&
                std::equal(side.received.begin(), side.received.end(), other.sent.begin()),
            "messages arrive as they were sent, in order");
    require(!side.is_clean || side.code_heard == other.judge.close_code(),
            "a close code arrives as it was sent");
    require(!side.is_clean || is_cut_short_ || other.is_in_parts ||
                side.received.size() == other.sent.size(),
            "a clean end has lost nothing");
}

}  // namespace wsproof::fuzz
