#include "monitor.hpp"

#include <algorithm>
#include <array>

#include "wire/digest.hpp"

namespace wsproof::conformance {

using wire::Frame;
using wire::HttpResponse;

namespace {

std::string in_quotes(std::string_view text) {
    return "\"" + std::string(text.substr(0, 120)) + "\"";
}

std::string joined(const std::vector<std::string_view>& values) {
    std::string text;
    for (const std::string_view value : values) {
        text += (text.empty() ? "" : " and ") + in_quotes(value);
    }
    return text.empty() ? "no such field" : text;
}

}  // namespace

std::string opcode_name(std::uint8_t opcode) {
    switch (opcode) {
        case 0:
            return "Continuation";
        case 1:
            return "Text";
        case 2:
            return "Binary";
        case 8:
            return "Close";
        case 9:
            return "Ping";
        case 10:
            return "Pong";
        default:
            return "opcode " + std::to_string(opcode);
    }
}

std::string describe(const Frame& frame) {
    std::string text = opcode_name(frame.opcode) + (frame.fin ? "" : " without FIN");
    for (int bit = 1; bit <= 3; ++bit) {
        if ((frame.rsv >> (3 - bit) & 1) != 0) {
            text += " RSV" + std::to_string(bit);
        }
    }
    text += frame.masked ? " masked" : "";
    text += frame.is_minimal() ? "" : " with a length that is not minimal";
    return text + " " + std::to_string(frame.declared) + (frame.declared == 1 ? " byte" : " bytes");
}

std::optional<std::uint16_t> close_code(wire::ByteView payload) noexcept {
    if (payload.size() < 2) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(payload[0]) << 8 |
                                      std::to_integer<unsigned>(payload[1]));
}

CodeClass classify(std::uint16_t code) noexcept {
    if (code < 1000 || code == 1005 || code == 1006 || code == 1015) {
        return CodeClass::forbidden;
    }
    if (code == 1004 || (code >= 1016 && code <= 2999) || code >= 5000) {
        return CodeClass::reserved;
    }
    return CodeClass::legal;
}

void Monitor::report(Behaviour verdict, std::string_view requirement, std::string text,
                     std::string got, std::string_view because) {
    Finding finding{.verdict = verdict,
                    .requirement = std::string(requirement),
                    .because = std::string(because),
                    .text = std::move(text),
                    .got = std::move(got),
                    .monitor = true,
                    .ms = now_ms_};
    const auto before = std::find_if(findings_.begin(), findings_.end(), [&](const Finding& old) {
        return old.requirement == requirement;
    });
    if (before == findings_.end()) {
        findings_.push_back(std::move(finding));
    } else if (before->verdict < verdict) {
        *before = std::move(finding);
    }
}

void Monitor::note(Behaviour verdict, std::string_view requirement, std::string text,
                   std::string got) {
    report(verdict, requirement, std::move(text), std::move(got));
}

void Monitor::agreed(std::optional<DeflateAgreement> agreement) {
    deflate_ = std::move(agreement);
    if (deflate_) {
        stream_.emplace(peer_, *deflate_);
    }
}

void Monitor::sent_close(wire::ByteView body) {
    if (!our_close_) {
        our_close_.emplace(body.begin(), body.end());
    }
}

// A Close is proof enough that nothing was cut off: no more than bad style (A17).
void Monitor::truncated() {
    report(Behaviour::non_strict, "6455-7.1.1-1", "TLS is ended by a method that is clean",
           "a FIN without close_notify");
}

void Monitor::response(const HttpResponse& response) {
    if (response.status != 101) {
        return;
    }
    if (!response.deviations.empty()) {
        report(Behaviour::fail, "6455-4.2.2-17", "The 101 is a valid HTTP response",
               response.deviations.front(), "A30");
    }
    // A 101 in another version's name, or without the space before an empty reason, is odd; A30
    // leaves both open.
    if (!response.start_line.starts_with("HTTP/1.1 101 ")) {
        report(Behaviour::info, "6455-4.2.2-18", "The status line says HTTP/1.1 101 and a space",
               in_quotes(response.start_line), "A30");
    }
    for (const char* name : {"Content-Length", "Transfer-Encoding"}) {
        // RFC 9110 §8.6 and RFC 9112 §6.1: a server MUST NOT send either in a 1xx, which by A30 is
        // a rule that the sender breaks; "Content-Length: 0" hurts nobody.
        const auto values = response.values(name);
        if (!values.empty()) {
            report(values == std::vector<std::string_view>{"0"} ? Behaviour::info : Behaviour::fail,
                   "6455-4.2.2-17", std::string("The 101 has no ") + name, joined(values), "A30");
        }
    }
    judge_upgrade(response);
    judge_accept(response);
    judge_subprotocol(response);
    judge_extensions(response);
}

// Frames before the 101 are told from other noise by their first two bytes.
void Monitor::answered_with(wire::ByteView bytes) {
    constexpr std::array kFirst = {0x81, 0x82, 0x88, 0x89, 0x8a};
    const auto octet = [&](std::size_t at) { return std::to_integer<int>(bytes[at]); };
    if (bytes.size() < 2 || octet(1) > 127 ||
        std::find(kFirst.begin(), kFirst.end(), octet(0)) == kFirst.end()) {
        return;
    }
    if (octet(0) == 0x88) {
        report(Behaviour::fail, "6455-7.2.2-1", "A handshake is not refused by a Close frame",
               "a Close frame in place of an HTTP answer");
    } else {
        report(Behaviour::fail, "6455-4.2.2-25", "No frame precedes the server's handshake",
               "a frame in place of an HTTP answer");
    }
}

void Monitor::judge_upgrade(const HttpResponse& response) {
    const auto upgrade = response.values("Upgrade");
    if (upgrade.size() != 1 || !wire::equal_ignoring_case(upgrade.front(), "websocket")) {
        // A9: a list that contains the token is a lesser departure than none.
        const bool contains =
            std::any_of(upgrade.begin(), upgrade.end(), [](std::string_view value) {
                const auto tokens = wire::tokens_of(value);
                return std::any_of(tokens.begin(), tokens.end(), [](auto token) {
                    return wire::equal_ignoring_case(token, "websocket");
                });
            });
        report(contains ? Behaviour::non_strict : Behaviour::fail, "6455-4.2.2-19",
               "The 101 has one Upgrade field that says websocket", joined(upgrade), "A9");
    }
    const auto connection = response.values("Connection");
    std::size_t tokens = 0;
    bool upgrades = false;
    for (const std::string_view value : connection) {
        for (const std::string_view token : wire::tokens_of(value)) {
            ++tokens;
            upgrades = upgrades || wire::equal_ignoring_case(token, "upgrade");
        }
    }
    if (!upgrades || tokens != 1) {
        report(upgrades ? Behaviour::non_strict : Behaviour::fail, "6455-4.2.2-20",
               "The 101 has a Connection field that says Upgrade", joined(connection), "A9");
    }
}

void Monitor::judge_accept(const HttpResponse& response) {
    const auto accept = response.values("Sec-WebSocket-Accept");
    if (accept.size() > 1) {
        report(Behaviour::fail, "6455-11.3.3-1", "Sec-WebSocket-Accept appears once",
               joined(accept), "A3");
    }
    if (offer_.key.empty()) {
        return;  // A3, A8: no key or several of them have no right answer; the scenario judges that
    }
    const std::string expected = wire::accept_key(offer_.key);
    if (accept.empty() || accept.front() != expected) {
        report(Behaviour::fail, "6455-4.2.2-21", "Sec-WebSocket-Accept is " + expected,
               joined(accept));
    }
}

void Monitor::judge_subprotocol(const HttpResponse& response) {
    const auto chosen = response.values("Sec-WebSocket-Protocol");
    if (chosen.empty()) {
        return;
    }
    if (chosen.size() > 1) {
        report(Behaviour::fail, "6455-11.3.4-2", "Sec-WebSocket-Protocol appears once",
               joined(chosen), "A4");
    }
    const std::string_view value = chosen.front();
    if (value.empty()) {
        report(Behaviour::fail, "6455-4.2.2-13", "No Sec-WebSocket-Protocol without a value",
               "an empty value");
    } else if (!wire::is_token(value)) {
        report(Behaviour::fail, "6455-4.3-5", "Sec-WebSocket-Protocol is a single token",
               in_quotes(value));
    } else if (std::find(offer_.subprotocols.begin(), offer_.subprotocols.end(), value) ==
               offer_.subprotocols.end()) {
        report(Behaviour::fail, "6455-4.2.2-11", "The subprotocol is one of those offered",
               in_quotes(value));
    }
}

void Monitor::judge_extensions(const HttpResponse& response) {
    for (const std::string_view value : response.values("Sec-WebSocket-Extensions")) {
        const auto elements = wire::extensions_of(value);
        if (elements.empty()) {
            report(Behaviour::fail, "6455-4.2.2-16", "No Sec-WebSocket-Extensions without a value",
                   in_quotes(value));
        }
        for (const wire::Extension& element : elements) {
            const auto same = [&](const wire::Extension& offered) {
                return offered.name == element.name;
            };
            const auto alike = [&](const wire::Extension& offered) {
                return wire::equal_ignoring_case(offered.name, element.name);
            };
            const auto& offers = offer_.extensions;
            if (std::none_of(offers.begin(), offers.end(), alike)) {
                report(Behaviour::fail, "6455-4.2.2-15",
                       "Only extensions that were offered are agreed to", in_quotes(element.text));
            } else if (std::none_of(offers.begin(), offers.end(), same)) {
                report(Behaviour::info, "6455-4.2.2-15",
                       "An extension is named as the client named it", in_quotes(element.text),
                       "A10");
            }
            if (wire::equal_ignoring_case(element.name, kDeflateName)) {
                agree(element);
            }
        }
    }
}

// agree: RFC 7692 §5 leaves room for one element; two cannot both have RSV1.
void Monitor::agree(const wire::Extension& element) {
    if (deflate_) {
        report(Behaviour::fail, "7692-5-9", "permessage-deflate is agreed to once",
               in_quotes(deflate_->answer.text) + " and " + in_quotes(element.text));
        return;
    }
    for (Departure& each : judge_answer(element, offer_.extensions)) {
        report(each.verdict, each.requirement, std::move(each.text), std::move(each.got),
               each.because);
    }
    deflate_ = agreement_of(element);
    stream_.emplace(peer_, *deflate_);
}

void Monitor::frame(const Frame& frame) {
    judge_header(frame);
    judge_order(frame);
    if (!frame.is_control()) {
        judge_data(frame);
    }
    if (frame.opcode == 8) {
        judge_close(frame);
    }
}

void Monitor::judge_header(const Frame& frame) {
    const std::string got = describe(frame);
    judge_mask(frame);
    judge_reserved_bits(frame);
    if ((frame.opcode > 2 && frame.opcode < 8) || frame.opcode > 10) {
        report(Behaviour::fail, "6455-5.8-1", "Reserved opcodes are not used", got);
    }
    if (!frame.is_minimal()) {
        report(Behaviour::fail, "6455-5.2-8", "Lengths are written in their shortest form", got,
               "A20");
    }
    if (frame.declared >> 63 != 0) {
        report(Behaviour::fail, "6455-5.2-7", "The top bit of a 64-bit length is 0", got);
    }
    if (frame.is_control() && !frame.fin) {
        report(Behaviour::fail, "6455-5.4-5", "Control frames are not fragmented", got);
    }
    if (frame.is_control() && (frame.declared > 125 || frame.length != wire::LengthForm::minimal)) {
        report(Behaviour::fail, "6455-5.5-1", "Control frames carry at most 125 bytes", got);
    }
}

// RFC 7692 §6.1 gives RSV1 a meaning on the first frame of a data message alone.
void Monitor::judge_reserved_bits(const Frame& frame) {
    const bool has_rsv1 = (frame.rsv & 4) != 0;
    if ((frame.rsv & 3) != 0 || (has_rsv1 && !deflate_)) {
        report(Behaviour::fail, "6455-5.2-2", "Reserved bits are 0 unless an extension was agreed",
               describe(frame));
    } else if (has_rsv1 && frame.opcode != 1 && frame.opcode != 2) {
        report(Behaviour::fail, "7692-6.1-3", "RSV1 is set on the first frame of a message alone",
               describe(frame), "A21");
    }
}

void Monitor::judge_mask(const Frame& frame) {
    if (peer_ == Role::server) {
        if (frame.masked) {
            report(Behaviour::fail, "6455-5.1-4", "A server masks no frame", describe(frame));
        }
        return;
    }
    if (!frame.masked) {
        report(Behaviour::fail, "6455-5.1-1", "A client masks every frame", describe(frame));
        return;
    }
    keys_.add(frame.key);
    mask_keys_.push_back(frame.key);
    if (const std::string pattern = keys_.pattern(); !pattern.empty()) {
        report(Behaviour::fail, "6455-5.3-4", "Mask keys cannot be predicted", pattern);
    }
    if (const std::string weakness = keys_.weakness(); !weakness.empty()) {
        report(Behaviour::non_strict, "6455-5.3-3", "Mask keys are random as a whole", weakness);
    }
}

void Monitor::judge_order(const Frame& frame) {
    if (saw_close_) {
        if (!frame.is_control()) {
            report(Behaviour::fail, "6455-5.5.1-6", "No data frame follows the peer's own Close",
                   describe(frame), "A26");
        } else if (frame.opcode == 8) {
            report(Behaviour::non_strict, "6455-5.5.1-17", "An endpoint sends one Close",
                   "a second Close", "A26");
        } else {
            report(Behaviour::info, "6455-5.5.1-12", "Nothing follows the peer's own Close",
                   describe(frame), "A26");
        }
    }
    if (frame.is_control()) {
        return;
    }
    if (frame.opcode == 0 && !open_message_) {
        report(Behaviour::fail, "6455-5.4-1", "A continuation belongs to a message in progress",
               describe(frame));
    }
    if (frame.opcode != 0 && open_message_) {
        report(Behaviour::fail, "6455-5.4-7", "Messages are not interleaved",
               describe(frame) + " inside a fragmented message");
    }
}

void Monitor::judge_data(const Frame& frame) {
    if (frame.opcode != 0) {
        open_message_ = frame.opcode;
        open_is_compressed_ = stream_ && (frame.rsv & 4) != 0;
        open_is_judged_ = open_is_compressed_ || (frame.rsv & 4) == 0;
        text_ = {};
        compressed_.clear();
    }
    // A payload beyond the reader's cap is not kept, and what follows it may begin inside a
    // character.
    open_is_judged_ = open_is_judged_ && frame.payload.size() == frame.declared;
    if (open_is_compressed_) {
        judge_compressed(frame);
    } else if (open_is_judged_) {
        judge_text(frame.payload, frame.fin, frame);
    }
    if (frame.fin) {
        open_message_.reset();
    }
}

void Monitor::judge_compressed(const Frame& frame) {
    compressed_.insert(compressed_.end(), frame.payload.begin(), frame.payload.end());
    if (!frame.fin) {
        return;
    }
    std::vector<Departure> departures;
    if (!open_is_judged_) {
        stream_->lost();
    }
    inflated_ = stream_->message(compressed_, departures);
    compressed_.clear();
    const bool is_text = departures.empty() && !stream_->is_lost();
    for (Departure& each : departures) {
        report(each.verdict, each.requirement, std::move(each.text), std::move(each.got),
               each.because);
    }
    if (is_text) {
        judge_text(inflated_, true, frame);
    }
}

void Monitor::judge_text(wire::ByteView payload, bool is_last, const Frame& frame) {
    if (open_message_ != 1) {
        return;
    }
    if (!text_.feed(payload) || (is_last && !text_.is_complete())) {
        report(Behaviour::fail, "6455-5.6-1", "A text message is valid UTF-8",
               describe(frame) + (open_is_compressed_ ? ", inflated" : ""));
    }
}

void Monitor::judge_close(const Frame& frame) {
    saw_close_ = true;
    if (frame.payload.size() == 1) {
        report(Behaviour::fail, "6455-5.5.1-2", "A Close has no body or begins with a code",
               "a body of one byte");
    }
    const auto code = close_code(frame.payload);
    if (!code) {
        return;
    }
    judge_code(*code, our_close_ && close_code(*our_close_) == code);
    const auto reason = std::span(frame.payload).subspan(2);
    if (!wire::is_utf8(reason)) {
        // A15: whether a receiver refuses such a reason is read both ways, so an echo is no fail.
        report(our_close_ == frame.payload ? Behaviour::non_strict : Behaviour::fail, "6455-8.1-2",
               "The reason of a Close is UTF-8",
               "Close " + std::to_string(*code) + " with a reason that is not", "A15");
    }
}

void Monitor::judge_code(std::uint16_t code, bool is_echo) {
    const std::string got = "Close " + std::to_string(code);
    switch (classify(code)) {
        case CodeClass::legal:
            if (code == 1010 && peer_ == Role::server && !is_echo) {
                report(Behaviour::non_strict, "6455-7.4.1-13", "1010 is for clients", got);
            }
            break;
        case CodeClass::reserved:
            // A12: no text tells a receiver to refuse these, so an echo of our own is no fault of
            // the monitor's.
            if (!is_echo) {
                report(Behaviour::non_strict,
                       code == 1004  ? "6455-7.4.1-6"
                       : code < 3000 ? "6455-7.4.2-2"
                                     : "6455-7.4.2-5",
                       "The close code has a meaning", got, "A12");
            }
            break;
        case CodeClass::forbidden:
            report(Behaviour::fail,
                   code == 1005   ? "6455-7.4.1-7"
                   : code == 1006 ? "6455-7.4.1-8"
                   : code == 1015 ? "6455-7.4.1-15"
                                  : "6455-7.4.2-1",
                   "The close code may stand in a Close frame", got, "A12");
            break;
    }
}

}  // namespace wsproof::conformance
