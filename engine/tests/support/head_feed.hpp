// Heads for the tests of the opening handshake, and every way to cut them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

#include "step.hpp"

namespace wsproof::test {

// Head builds a request or response head line by line.
struct Head {
    std::string start_line{};
    std::vector<std::pair<std::string, std::string>> fields{};

    // with replaces the value of `name` where it stands, or adds the field.
    [[nodiscard]] Head with(std::string_view name, std::string_view value) const {
        Head copy = *this;
        for (auto& field : copy.fields) {
            if (field.first == name) {
                field.second = value;
                return copy;
            }
        }
        return plus(name, value);
    }
    [[nodiscard]] Head plus(std::string_view name, std::string_view value) const {
        Head copy = *this;
        copy.fields.emplace_back(name, value);
        return copy;
    }
    [[nodiscard]] Head without(std::string_view name) const {
        Head copy = *this;
        std::erase_if(copy.fields, [name](const auto& field) { return field.first == name; });
        return copy;
    }
    [[nodiscard]] Head starting(std::string_view line) const {
        Head copy = *this;
        copy.start_line = line;
        return copy;
    }
    [[nodiscard]] std::string text() const {
        std::string text = start_line + "\r\n";
        for (const auto& [name, value] : fields) {
            text += name + ": " + value + "\r\n";
        }
        return text + "\r\n";
    }
};

// The example of RFC 6455 §1.2, without its subprotocols.
inline Head good_request() {
    return {"GET /chat HTTP/1.1",
            {{"Host", "server.example.com"},
             {"Upgrade", "websocket"},
             {"Connection", "Upgrade"},
             {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
             {"Sec-WebSocket-Version", "13"}}};
}

inline Head good_response() {
    return {"HTTP/1.1 101 Switching Protocols",
            {{"Upgrade", "websocket"},
             {"Connection", "Upgrade"},
             {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}}};
}

// SampleEntropy makes the key of the same example.
class SampleEntropy final : public Entropy {
  public:
    void fill(MutableBytes out) noexcept override {
        constexpr std::string_view kNonce = "the sample nonce";
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = static_cast<std::byte>(kNonce[i % kNonce.size()]);
        }
    }
};

using Pieces = std::vector<std::string>;

// every_cut: whole, byte by byte, split at each offset.
inline std::vector<Pieces> every_cut(const std::string& input) {
    std::vector<Pieces> cuts{{input}, {}};
    for (std::size_t i = 0; i < input.size(); ++i) {
        cuts[1].push_back(input.substr(i, 1));
        cuts.push_back({input.substr(0, i), input.substr(i)});
    }
    return cuts;
}

struct Fed {
    Step step = Step::need_more;
    std::string left{};  // what was not taken
};

// feed hands `pieces` to `decoder` until it has decided; pieces after that count as left.
template <class Decoder>
Fed feed(Decoder& decoder, const Pieces& pieces) {
    Fed fed;
    for (Pieces::value_type piece : pieces) {
        MutableBytes in = std::as_writable_bytes(std::span(piece));
        if (fed.step == Step::need_more) {
            fed.step = decoder.feed(in);
        }
        fed.left += piece.substr(piece.size() - in.size());
    }
    return fed;
}

inline std::string to_string(Bytes bytes) {
    std::string text(bytes.size(), '\0');
    std::transform(bytes.begin(), bytes.end(), text.begin(),
                   [](std::byte b) { return static_cast<char>(b); });
    return text;
}

// accept appends the response to `out`.
template <typename Server>
Error accept(Server& server, std::string_view subprotocol, std::span<const Field> fields,
             std::string& out) {
    const auto response = server.accept(subprotocol, fields);
    out.append(response.memory.get() + response.begin, response.end - response.begin);
    return response.error;
}

}  // namespace wsproof::test
