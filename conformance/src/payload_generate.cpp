#include "payload_generate.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace wsproof::conformance {

namespace {

using wire::ByteString;

ByteString bytes_of(std::string_view text) {
    const auto view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
}

template <std::size_t N>
std::string_view one_of(const std::array<std::string_view, N>& choices, Random& random) {
    return choices[random.below(N)];
}

ByteString random_bytes(std::size_t size, Random& random) {
    ByteString bytes(size);
    std::generate(bytes.begin(), bytes.end(),
                  [&] { return static_cast<std::byte>(random.next()); });
    return bytes;
}

ByteString ascii(std::size_t size, Random& random) {
    ByteString bytes(size);
    std::generate(bytes.begin(), bytes.end(),
                  [&] { return static_cast<std::byte>(' ' + random.below(95)); });
    return bytes;
}

ByteString counter(std::size_t size, Random& /*random*/) {
    ByteString bytes(size);
    std::generate(bytes.begin(), bytes.end(),
                  [i = 0]() mutable { return static_cast<std::byte>(i++); });
    return bytes;
}

ByteString zero(std::size_t size, Random& /*random*/) {
    return ByteString(size);
}

// Characters of one to four octets.
ByteString mixed_text(std::size_t size, Random& random) {
    constexpr std::array<std::string_view, 8> kCharacters = {
        "a", "Z", "7", "\u00e9", "\u03ba", "\u20ac", "\u4e16", "\U0001f600"};
    ByteString bytes;
    bytes.reserve(size);
    while (bytes.size() < size) {
        std::string_view character = one_of(kCharacters, random);
        if (bytes.size() + character.size() > size) {
            character = "x";
        }
        const auto view = std::as_bytes(std::span(character));
        bytes.insert(bytes.end(), view.begin(), view.end());
    }
    return bytes;
}

constexpr std::array<std::string_view, 24> kWords = {
    "and", "the", "of",     "proof",  "stream", "window", "handshake", "close",
    "a",   "is",  "mask",   "server", "client", "frame",  "größer",    "octet",
    "not", "in",  "before", "after",  "which",  "naïve",  "extension", "message"};

std::string words(std::size_t count, Random& random) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += (i == 0 ? "" : " ");
        text += one_of(kWords, random);
    }
    return text;
}

std::string sentence(Random& random) {
    return words(4 + random.below(9), random) + (random.below(4) == 0 ? ".\n" : ". ");
}

std::string json_record(Random& random) {
    return R"({"id": )" + std::to_string(random.below(100000)) + R"(, "name": ")" +
           words(2, random) + R"(", "at": )" + std::to_string(random.below(1000)) + "." +
           std::to_string(random.below(100)) + R"(, "open": )" +
           (random.below(2) == 0 ? "true" : "false") + R"(, "tags": [")" +
           std::string(one_of(kWords, random)) + R"("], "children": []},)" + "\n";
}

std::string html_record(Random& random) {
    const std::string word(one_of(kWords, random));
    return "<tr class=\"" + word + "\"><td><a href=\"/" + word + "/" +
           std::to_string(random.below(10000)) + ".html\">" + words(3, random) + "</a></td><td>" +
           words(6, random) + "</td></tr>\n";
}

// Records one after the other, cut to the size between two characters.
template <std::string (*record)(Random&)>
ByteString records(std::size_t size, Random& random) {
    std::string text;
    while (text.size() <= size) {
        text += record(random);
    }
    std::size_t end = size;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
        --end;  // the loop ends: a text begins with a first octet
    }
    text.resize(end);
    text.append(size - end, '.');
    return bytes_of(text);
}

// Grey values of neighbouring points: each near the one before.
ByteString picture(std::size_t size, Random& random) {
    ByteString bytes(size);
    int grey = 128;
    for (std::byte& point : bytes) {
        grey = std::clamp(grey + static_cast<int>(random.below(9)) - 4, 0, 255);
        point = static_cast<std::byte>(grey);
    }
    return bytes;
}

// Text and incompressible streams in turn, as in a PDF.
ByteString document(std::size_t size, Random& random) {
    ByteString bytes;
    while (bytes.size() < size) {
        const ByteString text = bytes_of(sentence(random) + "\nstream\n");
        const ByteString stream = random_bytes(200 + random.below(600), random);
        bytes.insert(bytes.end(), text.begin(), text.end());
        bytes.insert(bytes.end(), stream.begin(), stream.end());
    }
    bytes.resize(size);
    return bytes;
}

struct Generator {
    std::string_view name;
    ByteString (*make)(std::size_t, Random&);
};

constexpr std::array<Generator, 10> kGenerators = {{{"bytes", random_bytes},
                                                    {"ascii", ascii},
                                                    {"text", mixed_text},
                                                    {"counter", counter},
                                                    {"zero", zero},
                                                    {"json", records<json_record>},
                                                    {"html", records<html_record>},
                                                    {"prose", records<sentence>},
                                                    {"picture", picture},
                                                    {"document", document}}};

const Generator* find(std::string_view name) noexcept {
    const auto* const found =
        std::find_if(kGenerators.begin(), kGenerators.end(),
                     [name](const Generator& each) { return each.name == name; });
    return found == kGenerators.end() ? nullptr : found;
}

}  // namespace

bool is_generator(std::string_view name) noexcept {
    return find(name) != nullptr;
}

std::string generators() {
    std::string names;
    for (const Generator& each : kGenerators) {
        names += (names.empty() ? "" : ", ") + std::string(each.name);
    }
    return names;
}

ByteString generate(std::string_view name, std::size_t size, Random random) {
    const Generator* const found = find(name);
    return found == nullptr ? ByteString() : found->make(size, random);
}

}  // namespace wsproof::conformance
