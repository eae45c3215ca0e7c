#include "script_mutator.hpp"

#include <algorithm>
#include <array>
#include <iterator>

// Of libFuzzer; other engines lack it.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max)
    __attribute__((weak));

namespace wsproof::fuzz {
namespace {

constexpr std::size_t kTalkLeast = 16;  // messages

using Place = std::vector<Op>::difference_type;

std::uint8_t any(Draws& draws) {
    return static_cast<std::uint8_t>(draws.next());
}

// A kind as often as it is worth it.
OpKind any_kind(Draws& draws) {
    static constexpr std::array kKinds = {
        OpKind::frame,        OpKind::frame,       OpKind::frame,       OpKind::frame,
        OpKind::message,      OpKind::message,     OpKind::message,     OpKind::compressed,
        OpKind::compressed,   OpKind::compressed,  OpKind::close,       OpKind::handshake,
        OpKind::raw,          OpKind::repeat,      OpKind::cut,         OpKind::tick,
        OpKind::end_of_input, OpKind::take_output, OpKind::take_output, OpKind::decide,
        OpKind::send,         OpKind::send,        OpKind::parts,       OpKind::parts,
        OpKind::control,      OpKind::say_close,   OpKind::abort,       OpKind::prepared,
        OpKind::echo,         OpKind::move};
    return kKinds[draws.below(kKinds.size())];
}

Op any_op(Draws& draws) {
    Op op{any_kind(draws), any(draws), any(draws), {}};
    if (op.kind <= OpKind::handshake && damage_of(op.b) != 0) {
        op.b = static_cast<std::uint8_t>(op.b - kDamageFirst);
    }
    if (op.kind == OpKind::close && !draws.one_in(4)) {
        op.b &= 0x7FU;  // a code that may be sent
    }
    op.data.resize(draws.below(draws.one_in(4) ? 120 : 20));
    std::generate(op.data.begin(), op.data.end(), [&] { return std::byte{any(draws)}; });
    return op;
}

void change_data(Op& op, Draws& draws) {
    const std::size_t size = op.data.size();
    op.data.resize(kOpDataMax);
    const std::size_t changed =
        mutate_bytes(reinterpret_cast<std::uint8_t*>(op.data.data()), size, kOpDataMax, draws);
    op.data.resize(changed);
}

void damage(Script& script, Draws& draws) {
    std::vector<Op*> able;
    for (Op& op : script.ops) {
        if (op.kind <= OpKind::handshake) {
            able.push_back(&op);
        }
    }
    if (!able.empty()) {
        able[draws.below(able.size())]->b =
            static_cast<std::uint8_t>(kDamageFirst + draws.below(8));
    }
}

bool is_talk(const Op& op) {
    return op.kind == OpKind::message || op.kind == OpKind::compressed || op.kind == OpKind::send;
}

// any_talk: a message that most limits let pass.
Op any_talk(Draws& draws) {
    Op op{OpKind::message, 0, static_cast<std::uint8_t>(1 + draws.below(4)), {}};
    const bool is_sent = draws.one_in(3);
    if (is_sent) {
        op = {OpKind::send, static_cast<std::uint8_t>(draws.below(0x40)), 0, {}};
    } else {
        op.a = draws.one_in(2) ? 0x80 : 0;
        op.a |= static_cast<std::uint8_t>(draws.one_in(4) ? 1 + draws.below(15) : 0);
    }
    op.data.resize(draws.below(4));
    std::generate(op.data.begin(), op.data.end(), [&] { return std::byte{any(draws)}; });
    return op;
}

// converse lets both sides talk first, so that what comes then happens amid a connection.
void converse(Script& script, Draws& draws) {
    auto& ops = script.ops;
    if (ops.size() + kTalkLeast > kOpsMax) {
        return;
    }
    const auto handshake = std::find_if(ops.begin(), ops.end(),
                                        [](const Op& op) { return op.kind == OpKind::handshake; });
    auto at = handshake == ops.end() ? ops.begin() : handshake + 1;
    for (std::size_t i = 0; i < kTalkLeast; ++i) {
        at = ops.insert(at, any_talk(draws));
    }
}

void mutate_once(Script& script, Draws& draws) {
    auto& ops = script.ops;
    const auto at = static_cast<Place>(draws.below(ops.size() + 1));
    const bool is_inside = at < static_cast<Place>(ops.size());
    const std::size_t what = draws.below(16);
    if (!is_inside || what < 5) {
        if (ops.size() < kOpsMax) {
            ops.insert(ops.begin() + at, any_op(draws));
        }
        return;
    }
    Op& op = ops[static_cast<std::size_t>(at)];
    switch (what) {
        case 5:
            ops.erase(ops.begin() + at);
            return;
        case 6:
            std::swap(op, ops[draws.below(ops.size())]);
            return;
        case 7:
            if (ops.size() < kOpsMax) {
                ops.insert(ops.begin() + at, Op(op));
            }
            return;
        case 8:
            op.a = any(draws);
            return;
        case 9:
            op.a ^= static_cast<std::uint8_t>(1U << draws.below(8));
            return;
        case 10:
            op.b = static_cast<std::uint8_t>(draws.below(kDamageFirst));
            return;
        case 11:
            script.head[draws.below(kScriptHead)] = std::byte{any(draws)};
            return;
        case 12:
            damage(script, draws);
            return;
        default:
            change_data(op, draws);
            return;
    }
}

}  // namespace

void mutate(Script& script, Draws& draws) {
    for (std::size_t count = 1 + draws.below(4); count > 0; --count) {
        mutate_once(script, draws);
    }
    const auto talk = std::count_if(script.ops.begin(), script.ops.end(), is_talk);
    if (static_cast<std::size_t>(talk) < kTalkLeast && !draws.one_in(6)) {
        converse(script, draws);
    }
}

Script cross(const Script& first, const Script& second, Draws& draws) {
    Script made{first.head, {}};
    if (draws.one_in(3)) {
        const std::size_t count = std::max(first.ops.size(), second.ops.size());
        for (std::size_t i = 0; i < count; ++i) {
            const auto& from = draws.one_in(2) ? first.ops : second.ops;
            if (i < from.size()) {
                made.ops.push_back(from[i]);
            }
        }
        return made;
    }
    const auto end = static_cast<Place>(draws.below(first.ops.size() + 1));
    const auto begin = static_cast<Place>(draws.below(second.ops.size() + 1));
    made.ops.assign(first.ops.begin(), first.ops.begin() + end);
    made.ops.insert(made.ops.end(), second.ops.begin() + begin, second.ops.end());
    made.ops.resize(std::min(made.ops.size(), kOpsMax));
    return made;
}

std::size_t mutate_bytes(std::uint8_t* data, std::size_t size, std::size_t size_max, Draws& draws) {
    if (LLVMFuzzerMutate != nullptr) {
        return LLVMFuzzerMutate(data, size, size_max);
    }
    if (size < size_max && (size == 0 || draws.one_in(3))) {
        data[size++] = any(draws);
    } else if (size > 1 && draws.one_in(3)) {
        --size;
    }
    if (size > 0) {
        data[draws.below(size)] = any(draws);
    }
    return size;
}

}  // namespace wsproof::fuzz
