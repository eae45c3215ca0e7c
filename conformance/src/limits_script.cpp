#include "limits_script.hpp"

#include <algorithm>
#include <cassert>

#include "deflate_recipe.hpp"

namespace wsproof::conformance {

namespace {

using wire::ByteString;

constexpr wire::Key kKey = {std::byte{0x3D}, std::byte{0xA7}, std::byte{0x51}, std::byte{0xC8}};
constexpr std::size_t kBlock = 64 << 10;  // bytes of a piece that repeats; a multiple of the key's
constexpr std::byte kLetter{'w'};
constexpr std::uint16_t kReference = 258;  // the longest that DEFLATE has (RFC 1951 §3.2.5)

ByteString head_of(const wire::RawFrame& frame, std::uint64_t size) {
    wire::RawFrame head = frame;
    head.key = kKey;
    head.declared = size;
    ByteString bytes;
    wire::append_frame(bytes, head);
    return bytes;
}

// letters are masked payload from its beginning.
ByteString letters(std::uint64_t size) {
    ByteString bytes(static_cast<std::size_t>(size), kLetter);
    wire::mask(bytes, kKey, 0);
    return bytes;
}

void add(Script& script, ByteString bytes, std::uint64_t size) {
    if (size > 0) {
        script.push_back({std::move(bytes), size});
    }
}

void add_frame(Script& script, const wire::RawFrame& frame, std::uint64_t size) {
    ByteString head = head_of(frame, size);
    const std::uint64_t head_size = head.size();
    add(script, std::move(head), head_size);
    add(script, letters(std::min<std::uint64_t>(size, kBlock)), size);
}

// add_continuations appends `count` frames, none of them the last, of `size` bytes each.
void add_continuations(Script& script, std::uint64_t count, std::uint64_t size) {
    assert(size <= kBlock);
    ByteString one = head_of({.fin = false, .opcode = 0}, size);
    const ByteString payload = letters(size);
    one.insert(one.end(), payload.begin(), payload.end());
    const std::uint64_t all = count * one.size();
    ByteString many;
    while (many.size() < std::min<std::uint64_t>(all, kBlock)) {
        many.insert(many.end(), one.begin(), one.end());
    }
    add(script, std::move(many), all);
}

}  // namespace

Script once(ByteString bytes) {
    const std::uint64_t size = bytes.size();
    Script script;
    add(script, std::move(bytes), size);
    return script;
}

Script frame_of(std::uint8_t opcode, std::uint64_t size) {
    Script script;
    add_frame(script, {.opcode = opcode}, size);
    return script;
}

Script message_of(std::uint8_t opcode, std::uint64_t size, std::uint64_t fragment) {
    const std::uint64_t each =
        std::clamp<std::uint64_t>(fragment, 1, std::max<std::uint64_t>(size / 2, 1));
    if (size <= each) {
        return frame_of(opcode, size);
    }
    const std::uint64_t whole = (size - 1) / each;  // before the last one, which holds the rest
    Script script;
    add_frame(script, {.fin = false, .opcode = opcode}, each);
    add_continuations(script, whole - 1, each);
    add_frame(script, {.opcode = 0}, size - whole * each);
    return script;
}

Script fragments_of(std::uint8_t opcode, std::uint64_t count, bool are_empty) {
    if (count <= 1) {
        return frame_of(opcode, 1);
    }
    const std::uint64_t each = are_empty ? 0 : 1;
    Script script;
    add_frame(script, {.fin = false, .opcode = opcode}, 1);
    add_continuations(script, count - 2, each);
    add_frame(script, {.opcode = 0}, each);
    return script;
}

Script inflating(std::uint8_t opcode, std::uint64_t size) {
    std::vector<wire::Token> tokens;
    std::uint64_t left = size;
    if (left > 0) {
        tokens.push_back({.size = static_cast<std::uint16_t>(kLetter)});
        --left;
    }
    tokens.insert(tokens.end(), static_cast<std::size_t>(left / kReference),
                  {.size = kReference, .distance = 1});
    tokens.insert(tokens.end(), static_cast<std::size_t>(left % kReference),
                  {.size = static_cast<std::uint16_t>(kLetter)});
    const ByteString stream =
        compress_blocks({{.kind = wire::BlockKind::dynamic, .tokens = std::move(tokens)}},
                        DeflateRecipe::Tail::dropped);
    ByteString bytes;
    wire::append_frame(bytes, {.rsv = 4, .opcode = opcode, .key = kKey, .payload = stream});
    return once(std::move(bytes));
}

ByteString control(std::uint8_t opcode, wire::ByteView payload) {
    ByteString bytes;
    wire::append_frame(bytes, {.opcode = opcode, .key = kKey, .payload = payload});
    return bytes;
}

std::uint64_t size_of(const Script& script) noexcept {
    std::uint64_t size = 0;
    for (const Piece& piece : script) {
        size += piece.size;
    }
    return size;
}

}  // namespace wsproof::conformance
