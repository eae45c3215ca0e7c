// What the owner of a scripted connection does, sensible or not.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "require.hpp"
#include "script_player.hpp"
#include "wire/utf8.hpp"

namespace wsproof::fuzz {

namespace {

constexpr std::size_t kSentMax = std::size_t{80} << 10;  // bytes sent by one connection
constexpr unsigned kRepeatMax = 40;

bool is_text_of(std::uint8_t choice) {
    return (choice & 1U) != 0;
}

MessageType type_of(bool is_text) {
    return is_text ? MessageType::text : MessageType::binary;
}

// is_start_of_text: valid UTF-8 as far as it goes.
bool is_start_of_text(Bytes bytes) {
    conformance::wire::Utf8 text;
    return text.feed(bytes);
}

}  // namespace

void ScriptPlayer::perform_owners(const Op& op) {
    switch (op.kind) {
        case OpKind::repeat:
            for (unsigned i = 0; i < op.a % kRepeatMax && last_.size() < 2000; ++i) {
                feed(last_);
            }
            return;
        case OpKind::cut:
            cuts_ = ignores_cuts_ ? cuts_ : op.a;
            return;
        case OpKind::tick:
            tick(op.a);
            return;
        case OpKind::end_of_input:
            connection_.end_of_input();
            has_ended_ = true;
            return;
        case OpKind::take_output:
            take_output(op.a);
            return;
        case OpKind::decide:
            decide(op);
            return;
        case OpKind::send:
            send(op);
            return;
        case OpKind::parts:
            send_parts(op);
            return;
        case OpKind::control:
            send_control(op);
            return;
        case OpKind::say_close:
            say_close(op);
            return;
        case OpKind::abort:
            connection_.abort(static_cast<CloseCode>(code_of(op)));
            return;
        case OpKind::prepared:
            send_prepared(op);
            return;
        case OpKind::echo:
            echoes_ = (op.a & 1U) != 0;
            return;
        case OpKind::move: {
            Connection elsewhere(std::move(connection_));
            connection_ = std::move(elsewhere);
            return;
        }
        case OpKind::frame:
        case OpKind::message:
        case OpKind::compressed:
        case OpKind::close:
        case OpKind::handshake:
        case OpKind::raw:
            return;  // the peer's
    }
}

std::vector<Error> ScriptPlayer::faults_of_sending() const {
    std::vector<Error> faults;
    if (connection_.state() != State::open && connection_.state() != State::closing_remote) {
        faults.push_back(Error::wrong_state);
    }
    if (connection_.queued() >= options_.limits.output_queue) {
        faults.push_back(Error::output_full);
    }
    return faults;
}

void ScriptPlayer::expect(Error result, std::vector<Error> faults, std::size_t queued_before) {
    outcome_.results.push_back(result);
    if (result == Error::none ? !faults.empty()
                              : std::find(faults.begin(), faults.end(), result) == faults.end()) {
        std::string what = "a call is refused for what is wrong, not: ";
        what += info(result).name;
        for (const Error fault : faults) {
            what += std::string(", but: ") + std::string(info(fault).name);
        }
        broken(what);
    }
    if (result != Error::none) {
        require(info(result).kind == ErrorKind::usage, "a refusal is a matter of usage");
        require(connection_.queued() == queued_before, "a refused call changes nothing");
    }
}

// payload_of lends `bytes`, or lets them be copied, as bits 1 and 2 of `how` say.
Payload ScriptPlayer::payload_of(Buffer bytes, std::uint8_t how) {
    lent_.push_back(std::move(bytes));
    is_lent_.push_back(false);
    const Token token = lent_.size() - 1;
    switch (how >> 1 & 3U) {
        case 1:
            is_lent_.back() = true;
            return Payload::borrow(lent_.back(), token);
        case 2:
            is_lent_.back() = true;
            return Payload::borrow_mutable(lent_.back(), token);
        default:
            return Payload::copy(Bytes(lent_.back()));
    }
}

// send: bit 0 of `a` is text, bits 1 and 2 whose memory, bit 3 raw bytes as text, bit 4 compressed,
// the rest the size.
void ScriptPlayer::send(const Op& op) {
    const bool is_text = is_text_of(op.a);
    const bool is_large = (op.b & 0x7CU) == 0x7CU;
    const auto size = static_cast<std::uint8_t>((op.a >> 4) + (is_large ? 0xF0 : 0));
    Buffer bytes = fill(op.data, size_of(size), is_text && (op.a & 8U) == 0);
    sent_size_ += bytes.size();
    if (sent_size_ > kSentMax) {
        return;
    }
    std::uint64_t fragment_at = kUnlimited;
    if ((op.b & 1U) != 0) {
        fragment_at = op.b == 0xFF ? 0 : std::max<std::uint64_t>(op.b >> 1, bytes.size() / 100);
    }
    auto faults = faults_of_sending();
    if (message_is_open_) {
        faults.push_back(Error::message_open);
    }
    if (fragment_at == 0) {
        faults.push_back(Error::invalid_argument);
    }
    if (is_text && !conformance::wire::is_utf8(bytes)) {
        faults.push_back(Error::invalid_utf8_argument);
    }
    const std::size_t queued = connection_.queued();
    OutputJudge::Message message{is_text ? std::uint8_t{1} : std::uint8_t{2}, bytes};
    const Payload payload = payload_of(std::move(bytes), op.a);
    const Error result = connection_.send(
        type_of(is_text), payload, {.compress = (op.b & 0x80U) == 0, .fragment_at = fragment_at});
    if (result == Error::none) {
        sent_.push_back(std::move(message));
    } else {
        is_lent_.back() = false;
    }
    expect(result, std::move(faults), queued);
}

// echo sends a message back. Its views die with the next call.
void ScriptPlayer::echo(const Message& message) {
    if (!echoes_ || message_is_open_ || sent_size_ + message.payload.size() > kSentMax) {
        return;
    }
    Buffer bytes(message.payload.begin(), message.payload.end());
    sent_size_ += bytes.size();
    const auto faults = faults_of_sending();
    const std::size_t queued = connection_.queued();
    const Error result = connection_.send(message.type, Payload::copy(Bytes(bytes)));
    if (result == Error::none) {
        sent_.push_back({static_cast<std::uint8_t>(message.type), std::move(bytes)});
    }
    expect(result, faults, queued);
}

// send_parts: bits 4 and 5 of `a` are what to do, the others as with send().
void ScriptPlayer::send_parts(const Op& op) {
    const unsigned what = op.a >> 4 & 3U;
    const std::size_t queued = connection_.queued();
    auto faults = faults_of_sending();
    if (what == 0) {
        std::erase(faults, Error::output_full);
        if (message_is_open_) {
            faults.push_back(Error::message_open);
        }
        const std::uint64_t fragment_at = (op.b & 1U) == 0 ? kUnlimited
                                          : op.b == 0xFF   ? 0
                                                           : 1U + (op.b >> 1);
        if (fragment_at == 0) {
            faults.push_back(Error::invalid_argument);
        }
        const Error result =
            connection_.begin(type_of(is_text_of(op.a)),
                              {.compress = (op.b & 0x80U) == 0, .fragment_at = fragment_at});
        if (result == Error::none) {
            message_is_open_ = true;
            open_message_ = {is_text_of(op.a) ? std::uint8_t{1} : std::uint8_t{2}, {}};
        }
        expect(result, std::move(faults), queued);
        return;
    }
    if (!message_is_open_) {
        faults.push_back(Error::no_message_open);
    }
    const bool is_text = message_is_open_ && open_message_.opcode == 1;
    Buffer bytes;
    if (what != 2) {
        bytes = fill(op.data, std::min<std::size_t>(op.data.size(), 300), (op.a & 8U) == 0);
    }
    Buffer all = open_message_.payload;
    all.insert(all.end(), bytes.begin(), bytes.end());
    if (is_text && !(what == 1 ? is_start_of_text(all) : conformance::wire::is_utf8(all))) {
        faults.push_back(Error::invalid_utf8_argument);
    }
    Error result = Error::none;
    if (what == 2) {
        std::erase(faults, Error::output_full);
        result = connection_.finish();
    } else {
        const Payload payload = payload_of(std::move(bytes), op.a);
        result = what == 1 ? connection_.append(payload) : connection_.finish(payload);
        is_lent_.back() = is_lent_.back() && result == Error::none;
    }
    if (result == Error::none) {
        open_message_.payload = std::move(all);
        if (what != 1) {
            message_is_open_ = false;
            sent_.push_back(std::move(open_message_));
            open_message_ = {};
        }
    }
    expect(result, std::move(faults), queued);
}

void ScriptPlayer::send_prepared(const Op& op) {
    const bool is_text = is_text_of(op.a);
    Buffer bytes = fill(op.data, size_of(op.b % 8), is_text && (op.a & 8U) == 0);
    prepared_.emplace_back(type_of(is_text), bytes);
    lent_.emplace_back();
    is_lent_.push_back(true);
    auto faults = faults_of_sending();
    if (message_is_open_) {
        faults.push_back(Error::message_open);
    }
    if (role_ == Role::client) {
        faults.push_back(Error::invalid_argument);
    }
    if (is_text && !conformance::wire::is_utf8(bytes)) {
        faults.push_back(Error::invalid_utf8_argument);
    }
    const std::size_t queued = connection_.queued();
    const Error result = connection_.send(prepared_.back(), lent_.size() - 1);
    if (result == Error::none) {
        sent_.push_back({is_text ? std::uint8_t{1} : std::uint8_t{2}, std::move(bytes)});
    } else {
        is_lent_.back() = false;
    }
    expect(result, std::move(faults), queued);
}

void ScriptPlayer::send_control(const Op& op) {
    auto faults = faults_of_sending();
    if (op.data.size() > 125) {
        faults.push_back(Error::control_too_long);
    }
    const std::size_t queued = connection_.queued();
    expect((op.a & 1U) != 0 ? connection_.ping(op.data) : connection_.pong(op.data),
           std::move(faults), queued);
}

void ScriptPlayer::say_close(const Op& op) {
    auto faults = faults_of_sending();
    std::erase(faults, Error::output_full);
    const auto code = static_cast<CloseCode>((op.a & 0xC0U) == 0xC0U ? 1005 : code_of(op));
    const std::string reason(text(op.data));
    if (code == CloseCode::no_status && !reason.empty()) {
        faults.push_back(Error::invalid_argument);  // an empty Close has no room for it
    }
    if (code != CloseCode::no_status && reason.size() > 123) {
        faults.push_back(Error::control_too_long);
    }
    if (!is_sendable(code) && code != CloseCode::no_status) {
        faults.push_back(Error::unsendable_close_code);
    }
    if (code != CloseCode::no_status && !conformance::wire::is_utf8(op.data)) {
        faults.push_back(Error::invalid_utf8_argument);
    }
    const std::size_t queued = connection_.queued();
    const Error result = connection_.close(code, reason);
    if (result == Error::none) {
        has_said_close_ = true;
        said_code_ = static_cast<std::uint16_t>(code);
        said_reason_ = code == CloseCode::no_status ? Buffer() : op.data;
    }
    expect(result, std::move(faults), queued);
}

void ScriptPlayer::decide(const Op& op) {
    const std::string value(text(op.data));
    constexpr std::array<std::string_view, 8> kNames = {
        "X-Field", "Connection",        "Content-Length", "Transfer-Encoding",
        "Upgrade", "Sec-WebSocket-Key", "Host",           "X Field"};
    const Field field{kNames[op.a >> 3 & 7U], value};
    const std::span<const Field> fields(&field, op.data.empty() ? 0 : 1);
    const std::string_view subprotocol = (op.a & 1U) == 0   ? std::string_view()
                                         : (op.a & 2U) == 0 ? std::string_view("chat")
                                                            : std::string_view("other");
    const std::size_t queued = connection_.queued();
    const Error result = (op.a & 4U) == 0 ? connection_.accept(subprotocol, fields)
                                          : connection_.reject(200 + op.b * 2, fields, op.data);
    const bool is_due = is_deciding_ && state_ == State::connecting;
    require((result == Error::wrong_state) == !is_due, "a decision is made when it is due");
    require(result == Error::none || connection_.queued() == queued,
            "a refused decision says nothing");
    is_deciding_ = is_deciding_ && result != Error::none;
    outcome_.results.push_back(result);
}

}  // namespace wsproof::fuzz
