#include "event_log.hpp"

#include <algorithm>
#include <span>
#include <variant>

namespace wsproof::fuzz {
namespace {

using Kind = Happening::Kind;

Bytes as_bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

// fields_of makes bytes of header fields.
Buffer fields_of(std::span<const Field> fields) {
    Buffer bytes;
    bytes.reserve(512);
    for (const Field& field : fields) {
        for (const std::string_view part : {field.name, std::string_view(": "), field.value}) {
            bytes.insert(bytes.end(), as_bytes(part).begin(), as_bytes(part).end());
        }
        bytes.push_back(std::byte{'\n'});
    }
    return bytes;
}

std::string_view name_of(Kind kind) {
    constexpr std::string_view kNames[] = {"request", "refused", "opened", "message", "ping",
                                           "pong",    "close",   "failed", "closed"};
    return kNames[static_cast<std::size_t>(kind)];
}

struct Adder {
    EventLog& log;

    void operator()(const UpgradeRequest& e) const {
        Buffer bytes = fields_of(e.fields);
        for (const std::string_view part : {e.target, e.host, e.origin}) {
            bytes.insert(bytes.end(), as_bytes(part).begin(), as_bytes(part).end());
            bytes.push_back(std::byte{'\n'});
        }
        for (const std::string_view part : e.subprotocols) {
            bytes.insert(bytes.end(), as_bytes(part).begin(), as_bytes(part).end());
            bytes.push_back(std::byte{'\n'});
        }
        log.add({.kind = Kind::request}, bytes);
    }
    void operator()(const Refused& e) const {
        log.add({.kind = Kind::refused, .code = static_cast<std::uint16_t>(e.status)},
                fields_of(e.fields));
    }
    void operator()(const Opened& e) const {
        Buffer bytes = fields_of(e.fields);
        bytes.insert(bytes.end(), as_bytes(e.subprotocol).begin(), as_bytes(e.subprotocol).end());
        log.add({.kind = Kind::opened, .is_clean = e.deflate.has_value()}, bytes);
    }
    void operator()(const MessageData& e) const {
        log.add({.kind = Kind::message, .type = e.type, .is_first = e.first, .is_last = e.last},
                e.payload);
    }
    void operator()(const Ping& e) const { log.add({.kind = Kind::ping}, e.payload); }
    void operator()(const Pong& e) const { log.add({.kind = Kind::pong}, e.payload); }
    void operator()(const CloseReceived& e) const {
        log.add({.kind = Kind::close, .code = static_cast<std::uint16_t>(e.code)},
                as_bytes(e.reason));
    }
    void operator()(const Failed& e) const {
        log.add({.kind = Kind::failed, .error = e.error, .offset = e.offset}, {});
    }
    void operator()(const Closed& e) const {
        log.add({.kind = Kind::closed,
                 .is_clean = e.clean,
                 .code = static_cast<std::uint16_t>(e.code),
                 .error = e.error},
                {});
    }
};

}  // namespace

void EventLog::add(const Event& event) {
    std::visit(Adder{*this}, event);
}

void EventLog::add(Happening happening, Bytes bytes) {
    ++piece_count_;
    const bool continues = happening.kind == Kind::message && !happening.is_first &&
                           !list_.empty() && list_.back().kind == Kind::message &&
                           !list_.back().is_last;
    add_bytes(bytes);
    if (continues) {
        list_.back().size += bytes.size();
        list_.back().is_last = happening.is_last;
        return;
    }
    happening.begin = bytes_.size() - bytes.size();
    happening.size = bytes.size();
    list_.push_back(happening);
}

std::size_t EventLog::count(Kind kind) const noexcept {
    return static_cast<std::size_t>(std::count_if(
        list_.begin(), list_.end(), [kind](const Happening& h) { return h.kind == kind; }));
}

const Happening* EventLog::find(Kind kind) const noexcept {
    const auto found = std::find_if(list_.begin(), list_.end(),
                                    [kind](const Happening& h) { return h.kind == kind; });
    return found == list_.end() ? nullptr : &*found;
}

std::string EventLog::to_string() const {
    std::string all;
    for (const Happening& h : list_) {
        all += std::string(name_of(h.kind)) + " type " + std::to_string(int(h.type)) +
               (h.is_first ? " first" : "") + (h.is_last ? " last" : "") +
               (h.is_clean ? " clean" : "") + " code " + std::to_string(h.code) + " error " +
               std::string(info(h.error).name) + " at " + std::to_string(h.offset) + ", " +
               std::to_string(h.size) + " bytes\n";
    }
    return all;
}

}  // namespace wsproof::fuzz
