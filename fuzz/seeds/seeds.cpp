// Plays what the scenario library sends into seed files: DIRECTORY/TARGET/NAME for the targets
// whose input is what a peer sends. Payloads over a few hundred bytes are left out.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "catalogue.hpp"
#include "payload.hpp"
#include "scenario_load.hpp"
#include "script.hpp"
#include "wire/digest.hpp"

namespace {

namespace fs = std::filesystem;
namespace wire = wsproof::conformance::wire;
using namespace wsproof::conformance;
using wsproof::fuzz::Op;
using wsproof::fuzz::OpKind;

constexpr std::uint64_t kPayloadMax = 300;  // bytes
constexpr std::size_t kSeedMax = 1500;      // bytes
constexpr wire::Key kKey = {std::byte{0x37}, std::byte{0xFA}, std::byte{0x21}, std::byte{0x3D}};

using Bytes = wire::ByteString;

void append(Bytes& out, wire::ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void append(Bytes& out, std::string_view text) {
    append(out, std::as_bytes(std::span(text)));
}

// payload_of: empty if it is long.
Bytes payload_of(const PayloadSpec& spec) {
    return size_of(spec) <= kPayloadMax ? make_payload(spec, 1) : Bytes();
}

std::string text_of(const PayloadSpec& spec) {
    const Bytes bytes = payload_of(spec);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class Seeds {
  public:
    explicit Seeds(fs::path directory) : directory_(std::move(directory)) {}

    // write names a seed after its contents.
    void write(const std::string& target, Bytes head, wire::ByteView body) {
        if (body.empty() || body.size() > kSeedMax) {
            return;
        }
        append(head, body);
        fs::create_directories(directory_ / target);
        std::ofstream file(directory_ / target / wire::sha256(head).substr(0, 16),
                           std::ios::binary);
        file.write(reinterpret_cast<const char*>(head.data()),
                   static_cast<std::streamsize>(head.size()));
        ++count_;
    }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

  private:
    fs::path directory_;
    std::size_t count_ = 0;
};

Bytes body_of(const FrameSpec& frame) {
    Bytes body;
    if (frame.close_code) {
        body = {static_cast<std::byte>(*frame.close_code >> 8),
                static_cast<std::byte>(*frame.close_code & 0xFF)};
    }
    append(body, payload_of(frame.payload));
    return body;
}

void append_message(const MessageSpec& message, bool masks, Bytes& out) {
    const Bytes data = payload_of(message.payload);
    const Bytes whole = message.compress ? compress(data, {}, *message.compress) : data;
    wire::ByteView rest = whole;
    for (std::size_t i = 0;; ++i) {
        std::size_t size = i < message.fragments.size() ? message.fragments[i] : rest.size();
        size =
            std::min<std::size_t>({size, rest.size(), message.fragment_size.value_or(rest.size())});
        wire::RawFrame raw{.fin = size == rest.size(),
                           .rsv = i == 0 && message.compress ? std::uint8_t{4} : std::uint8_t{0},
                           .opcode = i == 0 ? message.opcode : std::uint8_t{0},
                           .payload = rest.first(size)};
        if (masks) {
            raw.key = kKey;
        }
        wire::append_frame(out, raw);
        rest = rest.subspan(size);
        if (raw.fin || i > 50) {
            return;
        }
    }
}

void append_item(const Item& item, bool masks, Bytes& out) {
    if (const auto* frame = std::get_if<FrameSpec>(&item.what)) {
        const Bytes body = body_of(*frame);
        wire::RawFrame raw{.fin = frame->fin,
                           .rsv = frame->rsv,
                           .opcode = frame->opcode,
                           .length = frame->length,
                           .declared = frame->declared,
                           .payload = body};
        if (frame->mask.value_or(true) == masks) {
            raw.key = frame->key.value_or(kKey);
        }
        wire::append_frame(out, raw);
    } else if (const auto* message = std::get_if<MessageSpec>(&item.what)) {
        append_message(*message, masks, out);
    } else {
        append(out, payload_of(std::get<RawSpec>(item.what).bytes));
    }
}

// op_of: a frame that breaks no rule of headers becomes an operation, others stand as bytes.
Op op_of(const Item& item, bool masks) {
    Op op;
    const auto* frame = std::get_if<FrameSpec>(&item.what);
    const bool is_plain = frame != nullptr && frame->rsv == 0 && !frame->mask && !frame->declared &&
                          frame->length == wire::LengthForm::minimal;
    if (is_plain && frame->opcode <= 2) {
        op.kind = OpKind::frame;
        op.a = static_cast<std::uint8_t>((frame->opcode == 1   ? 0x20
                                          : frame->opcode == 2 ? 4
                                                               : 12) |
                                         (frame->fin ? 0 : 0x10));
        op.data = body_of(*frame);
        return op;
    }
    if (is_plain && (frame->opcode == 9 || frame->opcode == 10) && frame->fin) {
        op.kind = OpKind::frame;
        op.a = frame->opcode == 9 ? 7 : 9;
        op.data = body_of(*frame);
        return op;
    }
    op.kind = OpKind::raw;
    append_item(item, masks, op.data);
    op.data.resize(std::min(op.data.size(), wsproof::fuzz::kOpDataMax));
    return op;
}

Bytes head_of(const HeadSpec& spec, std::string start_line,
              std::vector<std::pair<std::string, std::string>> fields) {
    if (spec.raw) {
        return payload_of(*spec.raw);
    }
    for (const auto& [name, value] : spec.set) {
        const std::string& key = name;
        std::erase_if(fields, [&](const auto& field) { return field.first == key; });
        fields.emplace_back(name, text_of(value));
    }
    for (const std::string& name : spec.remove) {
        std::erase_if(fields, [&](const auto& field) { return field.first == name; });
    }
    for (const auto& [name, value] : spec.add) {
        fields.emplace_back(name, text_of(value));
    }
    std::string text = std::move(start_line) + " \r\n";
    text.erase(text.size() - 3, 1);
    for (const auto& [name, value] : fields) {
        text += name + ": " + value + "\r\n";
    }
    Bytes head;
    append(head, text + "\r\n");
    return head;
}

Bytes head_of(const RequestStep& step) {
    return head_of(step, step.method + " " + step.target.value_or("/") + " " + step.version,
                   {{"Host", "example.com"},
                    {"Upgrade", "websocket"},
                    {"Connection", "Upgrade"},
                    {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                    {"Sec-WebSocket-Version", "13"}});
}

// "\1" stands for the accept key (handshake_checks.hpp).
Bytes head_of(const RespondStep& step) {
    return head_of(
        step,
        step.version + " " + std::to_string(step.status) + " " +
            step.reason.value_or("Switching Protocols"),
        {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", "\1"}});
}

Bytes zeros(std::initializer_list<unsigned> first, std::size_t size) {
    Bytes bytes;
    for (const unsigned value : first) {
        bytes.push_back(static_cast<std::byte>(value));
    }
    bytes.resize(size);
    return bytes;
}

void write_case(const Case& each, Seeds& seeds) {
    for (const bool is_server : {true, false}) {
        Bytes stream;
        wsproof::fuzz::Script script;
        script.head = zeros({is_server ? 0U : 1U, 0, 0, 1}, wsproof::fuzz::kScriptHead);
        for (const Step& step : each.steps) {
            const auto* send = std::get_if<SendStep>(&step.action);
            for (const Item& item : send != nullptr ? send->items : std::vector<Item>()) {
                append_item(item, is_server, stream);
                script.ops.push_back(op_of(item, is_server));
            }
            if (const auto* close = std::get_if<CloseStep>(&step.action)) {
                script.ops.push_back({OpKind::close, 0, 0, payload_of(close->reason)});
            }
            if (const auto* request = std::get_if<RequestStep>(&step.action)) {
                seeds.write("handshake", zeros({0}, 6), head_of(*request));
            } else if (const auto* respond = std::get_if<RespondStep>(&step.action)) {
                seeds.write("handshake", zeros({2}, 6), head_of(*respond));
            }
        }
        const unsigned role = is_server ? 0 : 1;
        seeds.write("connection", zeros({role, 0, 0, 0}, 5), stream);
        seeds.write("connection", zeros({role, 0, 0, 1}, 5), stream);
        const Bytes program = wsproof::fuzz::write_script(script, kSeedMax);
        for (const char* target : {"script", "wslay", "beast"}) {
            seeds.write(target, {},
                        script.ops.empty() ? wire::ByteView() : wire::ByteView(program));
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: fuzz_seeds DIRECTORY\n");
        return 2;
    }
    const std::array paths = {scenario_directory()};
    const Catalogue catalogue(data_directory());
    const Library library = load(paths, catalogue);
    Seeds seeds(argv[1]);
    for (const Case& each : library.cases) {
        write_case(each, seeds);
    }
    std::printf("%zu seeds of %zu cases\n", seeds.count(), library.cases.size());
    return seeds.count() > 0 ? 0 : 1;
}
