// The transcript of a case as the page has it: 64 bytes of a payload, its length and its hash.
#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "report_format.hpp"
#include "report_html_data.hpp"
#include "wire/digest.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::size_t kPayloadShown = 64;
constexpr std::size_t kFrameHeadMax = 14;  // bytes (RFC 6455 §5.2)
constexpr std::size_t kHttpShown = 480;
constexpr std::size_t kSummaryMax = 120;  // characters
constexpr std::size_t kPiecesShown = 40;

std::string hex_of(std::span<const std::byte> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::byte octet : bytes) {
        text += kDigits[std::to_integer<std::size_t>(octet >> 4)];
        text += kDigits[std::to_integer<std::size_t>(octet & std::byte{15})];
    }
    return text;
}

double hundredths(double ms) {
    return std::round(ms * 100) / 100;
}

Json entry_json(const Entry& entry, std::size_t http_shown) {
    Json json = {{"k", static_cast<int>(entry.kind)},
                 {"t", hundredths(entry.ms)},
                 {"c", entry.connection},
                 {"s", printable((entry.connection == "main" || entry.connection.empty()
                                      ? ""
                                      : entry.connection + ": ") +
                                     entry.summary,
                                 Charset::utf8, kSummaryMax)}};
    if (!entry.ends.empty()) {
        json["e"] = entry.ends == "peer" ? 1 : 0;
    }
    if (entry.size == 0) {
        return json;
    }
    const bool is_http = entry.summary.starts_with("HTTP") || entry.summary.starts_with("not HTTP");
    const std::size_t most = is_http ? http_shown : kPayloadShown + kFrameHeadMax;
    const std::span<const std::byte> bytes(entry.bytes);
    json["n"] = entry.size;
    json["x"] = hex_of(bytes.first(std::min(most, bytes.size())));
    if (!entry.sha256.empty()) {
        json["h"] = entry.sha256;
    } else if (bytes.size() > most) {
        json["h"] = wire::sha256(bytes);
    }
    if (!entry.generator.empty()) {
        json["g"] = printable(entry.generator, Charset::utf8, kSummaryMax);
    }
    if (entry.first_difference) {
        json["d"] = *entry.first_difference;
    }
    if (entry.inflated_size) {
        json["l"] = *entry.inflated_size;
        json["i"] =
            hex_of(std::span(entry.inflated).first(std::min(kPayloadShown, entry.inflated.size())));
    }
    return json;
}

// divergence is the last entry when what is wrong first had come; nullopt if no finding knows when.
std::optional<std::size_t> divergence(const CaseResult& result) {
    constexpr double kSlack = 0.001;  // ms, between an entry and the event it belongs to
    std::optional<double> at;
    for (const Finding& finding : result.findings) {
        if (finding.ms && finding.verdict == result.findings.front().verdict) {
            at = std::min(at.value_or(*finding.ms), *finding.ms);
        }
    }
    std::optional<std::size_t> found;
    for (std::size_t i = 0; at && i < result.transcript.size(); ++i) {
        if (result.transcript[i].ms <= *at + kSlack) {
            found = i;
        }
    }
    return found;
}

// thin_out drops entries from the middle, never the one at `kept`, until the rest fits.
void thin_out(std::vector<Json>& entries, std::size_t& kept, std::size_t size_max) {
    std::vector<std::size_t> sizes;
    std::size_t size = 0;
    for (const Json& entry : entries) {
        sizes.push_back(entry.dump(-1, ' ', false, Json::error_handler_t::replace).size() + 1);
        size += sizes.back();
    }
    std::size_t left_out = 0;
    std::size_t place = 0;
    while (size > size_max && entries.size() > 1) {
        place = entries.size() / 2;
        if (place == kept) {
            place = place > 0 ? place - 1 : place + 1;
        }
        const auto offset = static_cast<std::ptrdiff_t>(place);
        size -= sizes[place];
        entries.erase(entries.begin() + offset);
        sizes.erase(sizes.begin() + offset);
        kept -= place < kept ? 1 : 0;
        ++left_out;
    }
    if (left_out > 0) {
        const auto at = static_cast<std::ptrdiff_t>(std::min(place, entries.size()));
        const double ms = entries[std::min(place, entries.size() - 1)]["t"];
        Json gap = {{"k", 2},
                    {"t", ms},
                    {"c", ""},
                    {"s", "… " + std::to_string(left_out) + " entries are left out"}};
        entries.insert(entries.begin() + at, std::move(gap));
        kept += static_cast<std::size_t>(at) <= kept ? 1 : 0;
    }
}

}  // namespace

Json transcript_json(const CaseResult& result, std::size_t size_max) {
    constexpr std::size_t kReserve = 160;  // for keys, and the note of what was left out
    const auto entries_with = [&](std::size_t http_shown) {
        std::vector<Json> entries;
        for (const Entry& entry : result.transcript) {
            entries.push_back(entry_json(entry, http_shown));
        }
        return entries;
    };
    Json pieces = Json::array();
    for (const TcpPiece& piece : result.pieces) {
        if (pieces.size() < kPiecesShown && piece.connection == "main") {
            pieces.push_back(Json::array({hundredths(piece.ms), piece.sent ? 1 : 0, piece.size}));
        }
    }
    const std::optional<std::size_t> marked = divergence(result);
    std::size_t kept = marked.value_or(result.transcript.size() - 1);
    std::vector<Json> entries = entries_with(kHttpShown);
    if (Json(entries).dump(-1, ' ', false, Json::error_handler_t::replace).size() > size_max / 2) {
        entries = entries_with(kHttpShown / 4);
    }
    std::size_t room = size_max - std::min(size_max, kReserve);
    if (const std::size_t size = pieces.dump().size(); size < room / 4) {
        room -= size;
    } else {
        pieces = Json::array();
    }
    thin_out(entries, kept, room);
    Json json = {{"t", entries}};
    if (marked) {
        json["w"] = kept;
    }
    if (!pieces.empty()) {
        json["p"] = std::move(pieces);
    }
    return json;
}

}  // namespace wsproof::conformance
