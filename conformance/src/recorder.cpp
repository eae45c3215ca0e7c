#include "recorder.hpp"

#include <algorithm>

#include "wire/digest.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::size_t kEntriesMax = 2000;  // of one transcript: a flood must not fill the memory
constexpr std::size_t kPiecesMax = 500;

}  // namespace

void Recorder::note(const std::string& connection, std::string text) {
    add(Entry::Kind::note, connection, std::move(text), {}, {});
}

void Recorder::add(Entry::Kind kind, const std::string& connection, std::string summary,
                   wire::ByteView head, wire::ByteView payload, std::string generator) {
    if (entries_.size() >= kEntriesMax) {
        return;
    }
    Entry entry{
        .kind = kind, .ms = elapsed_ms(), .connection = connection, .summary = std::move(summary)};
    entry.bytes.assign(head.begin(), head.end());
    const auto shown = payload.first(std::min(payload.size(), shown_));
    entry.bytes.insert(entry.bytes.end(), shown.begin(), shown.end());
    entry.size = head.size() + payload.size();
    if (payload.size() > shown_) {
        entry.generator = std::move(generator);
        entry.sha256 = wire::sha256(payload);
    }
    entries_.push_back(std::move(entry));
}

void Recorder::mark_difference(const std::string& connection, std::uint64_t offset) {
    if (Entry* entry = last(connection, Entry::Kind::received); entry != nullptr) {
        entry->first_difference = offset;
    }
}

void Recorder::mark_inflated(const std::string& connection, wire::ByteView message,
                             Entry::Kind kind) {
    if (Entry* entry = last(connection, kind); entry != nullptr) {
        const auto shown = message.first(std::min(message.size(), shown_));
        entry->inflated.assign(shown.begin(), shown.end());
        entry->inflated_size = message.size();
    }
}

Entry* Recorder::last(const std::string& connection, Entry::Kind kind) {
    const auto found = std::find_if(entries_.rbegin(), entries_.rend(), [&](const Entry& entry) {
        return entry.kind == kind && entry.connection == connection;
    });
    return found == entries_.rend() ? nullptr : &*found;
}

void Recorder::note_end(const std::string& connection, std::string text, const char* side) {
    if (entries_.size() < kEntriesMax) {
        note(connection, std::move(text));
        entries_.back().ends = side;
    }
}

void Recorder::add_piece(const std::string& connection, bool sent, std::size_t size) {
    if (pieces_.size() < kPiecesMax) {
        pieces_.push_back(
            {.ms = elapsed_ms(), .connection = connection, .sent = sent, .size = size});
    }
}

double Recorder::ms_of(net::Clock::time_point time) const {
    return std::chrono::duration<double, std::milli>(time - began_).count();
}

}  // namespace wsproof::conformance
