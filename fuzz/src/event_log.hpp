// EventLog keeps what a connection reported, so that two logs can be compared. Pieces of a message
// that follow each other become one: where they are cut is the channel's doing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>
#include <wsproof/event.hpp>

#include "input.hpp"

namespace wsproof::fuzz {

// Happening is one event; which members count is the kind's business.
struct Happening {
    enum class Kind : std::uint8_t {
        request,
        refused,
        opened,
        message,
        ping,
        pong,
        close,
        failed,
        closed,
    };
    Kind kind = Kind::message;
    MessageType type = MessageType::text;
    bool is_first = false;
    bool is_last = false;
    bool is_clean = false;
    std::uint16_t code = 0;
    Error error = Error::none;
    std::uint64_t offset = 0;
    std::size_t begin = 0;  // of its bytes in the log
    std::size_t size = 0;

    friend bool operator==(const Happening&, const Happening&) = default;
};

class EventLog {
  public:
    // Room for most: growing is what takes time.
    EventLog() {
        list_.reserve(16);
        bytes_.reserve(512);
    }
    void add(const Event& event);
    // add: what a reference says without an engine.
    void add(Happening happening, Bytes bytes);

    [[nodiscard]] const std::vector<Happening>& list() const noexcept { return list_; }
    [[nodiscard]] Bytes bytes(const Happening& happening) const noexcept {
        return Bytes(bytes_).subspan(happening.begin, happening.size);
    }
    [[nodiscard]] std::size_t count(Happening::Kind kind) const noexcept;
    // find: the first of this kind, or nullptr.
    [[nodiscard]] const Happening* find(Happening::Kind kind) const noexcept;
    // piece_count: events before pieces were joined.
    [[nodiscard]] std::size_t piece_count() const noexcept { return piece_count_; }
    // to_string is for people.
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const EventLog& a, const EventLog& b) {
        return a.list_ == b.list_ && a.bytes_ == b.bytes_;
    }

  private:
    void add_bytes(Bytes bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

    std::vector<Happening> list_;
    Buffer bytes_;
    std::size_t piece_count_ = 0;
};

}  // namespace wsproof::fuzz
