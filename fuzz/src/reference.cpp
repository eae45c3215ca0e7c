#include "reference.hpp"

#include <algorithm>
#include <utility>

#include "require.hpp"
#include "wire/inflate.hpp"
#include "wire/utf8.hpp"

namespace wsproof::fuzz {

namespace wire = conformance::wire;

namespace {

using Kind = Happening::Kind;

unsigned at(Bytes bytes, std::size_t index) {
    return std::to_integer<unsigned>(bytes[index]);
}

// is_sendable_code: RFC 6455 §7.4 with the registry of IANA.
bool is_code_of_the_wire(unsigned code) {
    const bool is_registered = code >= 1000 && code <= 1014;
    const bool is_for_programs = code == 1004 || code == 1005 || code == 1006;
    return (is_registered && !is_for_programs) || (code >= 3000 && code < 5000);
}

class Foreteller {
  public:
    Foreteller(Bytes stream, const Receiver& receiver) : stream_(stream), receiver_(receiver) {}

    Prophecy run() {
        while (read_frame()) {
        }
        return std::move(made_);
    }

  private:
    struct Frame {
        bool fin;
        unsigned rsv;
        unsigned opcode;
        bool masked;
        std::uint64_t size;
        std::size_t payload_begin;
        [[nodiscard]] bool is_control() const { return opcode >= 8; }
    };

    bool fail(std::vector<Error> errors, std::size_t offset) {
        made_.errors = std::move(errors);
        made_.offset = receiver_.offset + offset;
        return false;
    }

    bool read_frame() {
        const Bytes rest = stream_.subspan(position_);
        if (rest.size() < 2) {
            return false;
        }
        const unsigned length = at(rest, 1) & 0x7FU;
        Frame frame{(at(rest, 0) & 0x80U) != 0,
                    at(rest, 0) >> 4 & 7U,
                    at(rest, 0) & 0xFU,
                    (at(rest, 1) & 0x80U) != 0,
                    length,
                    0};
        if (auto errors = errors_of_first_two(frame); !errors.empty()) {
            return fail(std::move(errors), position_ + 2);
        }
        const std::size_t length_end = length == 126 ? 4 : length == 127 ? 10 : 2;
        if (rest.size() < length_end) {
            return false;
        }
        if (length >= 126) {
            frame.size = 0;
            for (std::size_t i = 2; i < length_end; ++i) {
                frame.size = frame.size << 8 | at(rest, i);
            }
        }
        if (auto errors = errors_of_length(frame, length_end); !errors.empty()) {
            return fail(std::move(errors), position_ + length_end);
        }
        const std::size_t header_end = length_end + (frame.masked ? 4 : 0);
        if (rest.size() < header_end) {
            return false;
        }
        ++made_.frame_count;
        frame.payload_begin = position_ + header_end;
        return take_payload(frame, rest.subspan(length_end));
    }

    [[nodiscard]] std::vector<Error> errors_of_first_two(const Frame& frame) const {
        std::vector<Error> errors;
        const auto add_if = [&errors](bool is_broken, Error error) {
            if (is_broken) {
                errors.push_back(error);
            }
        };
        const bool must_mask = receiver_.role == Role::server;
        add_if(must_mask && !frame.masked, Error::missing_mask);     // RFC 6455 §5.1
        add_if(!must_mask && frame.masked, Error::unexpected_mask);  // RFC 6455 §5.1
        const bool may_be_compressed =
            receiver_.deflate && (frame.opcode == 1 || frame.opcode == 2);  // RFC 7692 §6.1
        add_if((frame.rsv & (may_be_compressed ? 3U : 7U)) != 0, Error::reserved_bits);
        add_if((frame.opcode > 2 && frame.opcode < 8) || frame.opcode > 10, Error::reserved_opcode);
        add_if(frame.opcode == 0 && !in_message_, Error::orphan_continuation);  // RFC 6455 §5.4
        add_if(frame.opcode != 0 && !frame.is_control() && in_message_, Error::interrupted_message);
        add_if(frame.is_control() && !frame.fin, Error::fragmented_control);  // RFC 6455 §5.5
        add_if(frame.is_control() && frame.size > 125, Error::long_control);
        add_if(frame.opcode == 8 && frame.size == 1, Error::one_byte_close);  // RFC 6455 §5.5.1
        add_if(!frame.is_control() && fragments_ >= receiver_.limits.fragments,
               Error::too_many_fragments);
        return errors;
    }

    [[nodiscard]] std::vector<Error> errors_of_length(const Frame& frame, std::size_t end) const {
        std::vector<Error> errors;
        if (end == 10 && frame.size >> 63 != 0) {
            errors.push_back(Error::length_msb_set);  // RFC 6455 §5.2
        }
        if ((end == 4 && frame.size < 126) || (end == 10 && frame.size < 65536)) {
            errors.push_back(Error::length_not_minimal);  // RFC 6455 §5.2
        }
        if (!errors.empty()) {
            return errors;  // it is no length: no limit is the reason
        }
        const bool is_compressed = frame.opcode == 0 ? is_compressed_ : frame.rsv != 0;
        if (!frame.is_control() && frame.size > receiver_.limits.frame) {
            errors.push_back(Error::frame_too_big);
        }
        if (!frame.is_control() && !is_compressed &&
            frame.size > receiver_.limits.message - announced_) {
            errors.push_back(Error::message_too_big);
        }
        return errors;
    }

    bool take_payload(const Frame& frame, Bytes key_and_payload) {
        Bytes payload = key_and_payload.subspan(frame.masked ? 4 : 0);
        payload = payload.first(
            static_cast<std::size_t>(std::min<std::uint64_t>(payload.size(), frame.size)));
        Buffer clear(payload.begin(), payload.end());
        for (std::size_t i = 0; frame.masked && i < clear.size(); ++i) {
            clear[i] ^= key_and_payload[i % 4];
        }
        const bool is_whole = clear.size() == frame.size;
        position_ = frame.payload_begin + clear.size();
        if (frame.is_control()) {
            return is_whole && take_control(frame, clear);
        }
        if (frame.opcode != 0) {
            type_ = static_cast<MessageType>(frame.opcode);
            is_compressed_ = frame.rsv != 0;
            is_first_piece_ = true;
            compressed_.clear();
            told_ = 0;
        }
        const bool is_good = is_compressed_ ? take_compressed(frame, clear, is_whole)
                                            : take_plain(frame, clear, is_whole);
        in_message_ = !frame.fin;
        fragments_ = frame.fin ? 0 : fragments_ + 1;
        announced_ = frame.fin || is_compressed_ ? 0 : announced_ + frame.size;
        return is_good && is_whole;
    }

    bool take_control(const Frame& frame, Bytes payload) {
        if (frame.opcode != 8) {
            made_.log.add({.kind = frame.opcode == 9 ? Kind::ping : Kind::pong}, payload);
            return true;
        }
        std::uint16_t code = 1005;  // RFC 6455 §7.1.5
        if (!payload.empty()) {
            code = static_cast<std::uint16_t>(at(payload, 0) << 8 | at(payload, 1));
            std::vector<Error> errors;
            if (!is_code_of_the_wire(code)) {
                errors.push_back(Error::invalid_close_code);  // RFC 6455 §7.4
            }
            if (!wire::is_utf8(payload.subspan(2))) {
                errors.push_back(Error::invalid_utf8);  // RFC 6455 §5.5.1
            }
            if (!errors.empty()) {
                return fail(std::move(errors), position_);
            }
            payload = payload.subspan(2);
        }
        made_.log.add({.kind = Kind::close, .code = code}, payload);
        return false;
    }

    void tell(Bytes piece, bool is_last) {
        if (!piece.empty() || is_last) {
            made_.log.add({.kind = Kind::message,
                           .type = type_,
                           .is_first = is_first_piece_,
                           .is_last = is_last},
                          piece);
            is_first_piece_ = false;
        }
    }

    // valid_prefix: RFC 6455 §8.1.
    [[nodiscard]] std::size_t valid_prefix(Bytes piece) {
        for (std::size_t i = 0; type_ == MessageType::text && i < piece.size(); ++i) {
            if (!text_.feed(piece.subspan(i, 1))) {
                return i;
            }
        }
        return piece.size();
    }

    bool take_plain(const Frame& frame, Bytes payload, bool is_whole) {
        const std::size_t valid = valid_prefix(payload);
        if (valid < payload.size()) {
            tell(payload.first(valid), false);
            return fail({Error::invalid_utf8}, frame.payload_begin + valid + 1);
        }
        if (!frame.fin || !is_whole) {
            tell(payload, false);
            return true;
        }
        if (type_ == MessageType::text && !text_.is_complete()) {
            tell(payload.empty() ? payload : payload.first(payload.size() - 1), false);
            return fail({Error::invalid_utf8}, position_);
        }
        text_ = {};
        tell(payload, true);
        return true;
    }

    bool take_compressed(const Frame& frame, Bytes payload, bool is_whole) {
        compressed_.insert(compressed_.end(), payload.begin(), payload.end());
        const auto limit = static_cast<std::size_t>(receiver_.limits.message);
        const bool is_end = frame.fin && is_whole;
        const auto inflated = is_end ? wire::inflate(compressed_, history_.view(), limit)
                                     : wire::inflate_part(compressed_, history_.view(), limit);
        // zlib refuses dynamic blocks whose codes leave bit patterns unused, or count more than 30
        // distances, before any such pattern comes, and reads on where a code has no symbol at all:
        // RFC 1951 §3.2.7 does not say.
        made_.may_fail = made_.may_fail || inflated.dynamic_blocks > 0 ||
                         inflated.final_blocks > 0 || inflated.ending == wire::Ending::swallowed;
        const Bytes data = Bytes(inflated.data).subspan(std::min(told_, inflated.data.size()));
        told_ = inflated.data.size();
        const std::size_t valid = valid_prefix(data);
        if (valid < data.size()) {
            tell(data.first(valid), false);
            return fail({Error::invalid_utf8}, frame.payload_begin);
        }
        if (inflated.fault == wire::InflateFault::over_limit) {
            tell(data, false);
            return fail({Error::message_too_big}, frame.payload_begin);
        }
        const bool is_cut = inflated.fault == wire::InflateFault::cut_off;
        const bool lacks_tail = is_end && inflated.ending != wire::Ending::proper &&
                                !compressed_.empty() && inflated.final_blocks == 0 &&
                                inflated.ending != wire::Ending::swallowed;
        if ((!inflated.is_whole() && !(is_cut && !is_end)) || lacks_tail) {
            tell(data, false);
            return fail({Error::bad_deflate}, frame.payload_begin);
        }
        if (is_end && type_ == MessageType::text && !text_.is_complete()) {
            tell(data, false);
            return fail({Error::invalid_utf8}, frame.payload_begin);
        }
        tell(data, is_end);
        if (is_end) {
            end_compressed(inflated.data);
        }
        return true;
    }

    void end_compressed(Bytes data) {
        text_ = {};
        const bool is_client = receiver_.role == Role::client;
        const bool forgets = is_client ? receiver_.deflate->server_no_context_takeover
                                       : receiver_.deflate->client_no_context_takeover;
        history_.append(data);
        if (forgets) {
            history_.clear();
        }
    }

    Bytes stream_;
    Receiver receiver_;
    Prophecy made_;
    std::size_t position_ = 0;
    bool in_message_ = false;
    bool is_compressed_ = false;
    bool is_first_piece_ = true;
    std::uint32_t fragments_ = 0;
    std::uint64_t announced_ = 0;
    MessageType type_ = MessageType::binary;
    wire::Utf8 text_;
    Buffer compressed_;
    std::size_t told_ = 0;  // bytes of the message
    wire::History history_;
};

bool are_alike(const EventLog& heard, const Happening& a, const EventLog& told,
               const Happening& b) {
    const Bytes x = heard.bytes(a);
    const Bytes y = told.bytes(b);
    return a.kind == b.kind && a.type == b.type && a.is_first == b.is_first &&
           a.is_last == b.is_last && a.code == b.code &&
           std::equal(x.begin(), x.end(), y.begin(), y.end());
}

// demand is require with both logs.
void demand(bool holds, std::string_view what, const EventLog& heard, const Prophecy& prophecy) {
    if (!holds) {
        std::string text(what);
        text += "\nheard:\n" + heard.to_string() + "foretold:\n" + prophecy.log.to_string();
        for (const Error error : prophecy.errors) {
            text += "failure " + std::string(info(error).name) + " at " +
                    std::to_string(prophecy.offset) + "\n";
        }
        broken(text);
    }
}

}  // namespace

Prophecy foretell(Bytes stream, const Receiver& receiver) {
    return Foreteller(stream, receiver).run();
}

// check lets an engine that inflates with zlib stop earlier or later in a bad stream, within what
// Prophecy::may_fail says, but not deliver as whole what the reference refuses.
void check(const EventLog& heard, const Prophecy& prophecy) {
    const Happening* failed = heard.find(Kind::failed);
    const bool is_lenient = prophecy.is_lenient(failed);
    const auto& told = prophecy.log.list();
    std::size_t index = 0;
    for (const Happening& each : heard.list()) {
        if (each.kind == Kind::request || each.kind == Kind::opened || each.kind == Kind::failed ||
            each.kind == Kind::closed) {
            continue;
        }
        if (index >= told.size() || !are_alike(heard, each, prophecy.log, told[index])) {
            demand(is_lenient && !(each.kind == Kind::message && each.is_last),
                   "the engine reports what the reference foretells", heard, prophecy);
            return;
        }
        ++index;
    }
    if (is_lenient) {
        return;
    }
    demand(index == told.size(), "the engine reports all that the reference foretells", heard,
           prophecy);
    demand((failed == nullptr) == prophecy.errors.empty(), "engine and reference fail alike", heard,
           prophecy);
    if (failed != nullptr) {
        const auto& errors = prophecy.errors;
        demand(std::find(errors.begin(), errors.end(), failed->error) != errors.end(),
               "the engine fails for a reason that there is", heard, prophecy);
        demand(failed->offset == prophecy.offset, "the engine fails where the reference does",
               heard, prophecy);
    }
}

}  // namespace wsproof::fuzz
