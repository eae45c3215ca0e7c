#include "track.hpp"

#include <utility>

#include "payload.hpp"
#include "recipe.hpp"
#include "wire/inflate.hpp"

namespace wsproof::netfuzz {

namespace {

constexpr std::size_t kStreamMax = std::size_t{32} << 20;  // bytes that a stream comes to
constexpr std::size_t kLarge = 4096;        // from here on a limit of the peer's may be met (A25)
constexpr std::size_t kManyFragments = 20;  // likewise (A27)

}  // namespace

void Track::is(const std::string& feature) {
    features.insert(feature);
    tags_.insert(feature);
}

// begin notes what an item is, before the reference has seen it.
void Track::begin(const Json& item) {
    for (const char* member : {"rsv", "length", "declared", "mask", "key", "compress", "raw"}) {
        if (item.contains(member)) {
            is(member);
        }
    }
    if (item.contains("fragments") || item.contains("fragment_size") ||
        item.value("fin", Json(true)) == false) {
        is("fragments");
    }
    fragment_size_ = item.value("fragment_size", Json(0U)).get<std::uint64_t>();
    if (item.contains("message")) {
        is(item["message"] == "text" ? "text" : "binary");
        parts_ = Json::array({item.value("payload", Json(""))});
        in_compressed = item.contains("compress");
        compressed_parts_ = Json::array();
    } else if (item.contains("frame")) {
        begin_frame(item);
    }
    note_compression(item);
}

void Track::begin_frame(const Json& item) {
    const Json& frame = item["frame"];
    if (frame == "ping" || frame == "pong" || frame == "close") {
        is(frame.get<std::string>());
        if (reference.is_inside_message()) {
            is("control-in-message");
        }
        return;
    }
    tags_.insert(frame.is_string() ? frame.get<std::string>() : "reserved");
    if (frame == "text" || frame == "binary") {
        features.insert(frame.get<std::string>());
        parts_ = Json::array();
        compressed_parts_ = Json::array();
        in_compressed = item.contains("rsv") && item["rsv"] == 4 && deflates;
    }
    const Json payload = item.value("payload", Json(""));
    if (payload == "" && (frame == "continuation" || item.value("fin", Json(true)) == false)) {
        is("empty-fragment");
    }
    parts_.push_back(payload);
    if (in_compressed) {
        compressed_parts_.push_back(payload);
    }
}

ByteString Track::stream() const {
    ByteString bytes;
    for (const Json& part : compressed_parts_) {
        const ByteString more =
            conformance::make_payload({.recipe = nlohmann::json(part)}, kRecipeSeed);
        bytes.insert(bytes.end(), more.begin(), more.end());
    }
    return bytes;
}

bool Track::is_corrupt() const {
    using conformance::wire::InflateFault;
    const InflateFault fault = conformance::wire::inflate_part(stream(), {}, kStreamMax).fault;
    return fault == InflateFault::reserved_block || fault == InflateFault::stored_length ||
           fault == InflateFault::code_lengths || fault == InflateFault::undefined_code ||
           fault == InflateFault::distance_code ||
           (fault == InflateFault::too_far && compressed_count_ == 1);
}

bool Track::refers_back() const {
    return compressed_count_ > 1 &&
           conformance::wire::inflate_part(stream(), {}, kStreamMax).fault ==
               conformance::wire::InflateFault::too_far;
}

void Track::note_compression(const Json& item) {
    const bool begins = item.contains("message") || item.value("frame", Json()) == "text" ||
                        item.value("frame", Json()) == "binary";
    if (!deflates || !begins) {
        return;
    }
    if (!in_compressed) {
        features.insert("plain-where-deflate");
        return;
    }
    ++compressed_count_;
    features.insert(compressed_count_ > 1 ? "compressed-twice" : "compressed");
    if (features.contains("fragments")) {
        features.insert("compressed-fragments");
    }
    if (item.contains("compress") && item["compress"].is_object() &&
        item["compress"].value("final", false)) {
        is("final-block");
    }
}

void Track::owe(const Reaction& message, bool echoes) {
    const std::size_t size = message.payload.size();
    has_large = has_large || size >= kLarge ||
                (fragment_size_ > 0 && size / fragment_size_ > kManyFragments);
    const std::string text = text_of(message.payload);
    const bool is_wide = message.opcode == 1 && !is_plain(text);
    for (const auto& [holds, feature] :
         {std::pair(size == 0, "empty"), std::pair(size >= 126, "large"),
          std::pair(size >= kLarge, "very-large"), std::pair(is_wide, "wide")}) {
        if (holds) {
            is(feature);
        }
    }
    if (is_wide && features.contains("fragments")) {
        features.insert("text-fragments");
    }
    if (echoes) {
        messages.push_back({{"message", message.opcode == 1 ? "text" : "binary"},
                            {"payload", recipe_for(message.payload, parts_)}});
    }
    parts_ = Json::array();
}

}  // namespace wsproof::netfuzz
