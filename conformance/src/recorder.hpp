// The recorder keeps the transcript of a case, as evidence: what was sent and came, and how TCP
// moved it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>
#include <wsproof/net/stream.hpp>

#include "verdict.hpp"
#include "wire/frame_writer.hpp"

namespace wsproof::conformance {

// Recorder keeps the transcript of a case.
class Recorder {
  public:
    // `shown` is how many bytes of a payload are kept.
    explicit Recorder(std::size_t shown = 256) : shown_(shown), began_(net::Clock::now()) {}
    void note(const std::string& connection, std::string text);
    // note_end notes that a side, "player" or "peer", has ended TCP.
    void note_end(const std::string& connection, std::string text, const char* side);
    // add_piece: one read or write moved this much.
    void add_piece(const std::string& connection, bool sent, std::size_t size);
    // mark_inflated says what the message held that the last frame of `connection` ended.
    void mark_inflated(const std::string& connection, wire::ByteView message,
                       Entry::Kind kind = Entry::Kind::received);
    // mark_difference says where the message that came last on `connection` departs from what was
    // wanted.
    void mark_difference(const std::string& connection, std::uint64_t offset);
    void add(Entry::Kind kind, const std::string& connection, std::string summary,
             wire::ByteView head, wire::ByteView payload, std::string generator = {});
    [[nodiscard]] double elapsed_ms() const { return ms_of(net::Clock::now()); }
    [[nodiscard]] double ms_of(net::Clock::time_point time) const;
    [[nodiscard]] std::vector<Entry>& entries() noexcept { return entries_; }
    [[nodiscard]] std::vector<TcpPiece>& pieces() noexcept { return pieces_; }

  private:
    Entry* last(const std::string& connection, Entry::Kind kind);

    std::size_t shown_;
    net::Clock::time_point began_;
    std::vector<Entry> entries_;
    std::vector<TcpPiece> pieces_;
};

}  // namespace wsproof::conformance
