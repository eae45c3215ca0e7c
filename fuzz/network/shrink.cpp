#include "shrink.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace wsproof::netfuzz {

namespace {

void leave_out_acts(const Program& program, std::vector<Program>& out) {
    std::set<std::string> names;
    for (const Act& act : program.acts) {
        names.insert(act.on);
    }
    for (const std::string& name : names) {
        if (names.size() > 1) {
            Program less = program;
            std::erase_if(less.acts, [&](const Act& act) { return act.on == name; });
            out.push_back(std::move(less));
        }
    }
    const std::size_t half = program.acts.size() / 2;
    if (half > 1) {
        out.push_back(
            {{program.acts.begin() + static_cast<std::ptrdiff_t>(half), program.acts.end()}});
        out.push_back(
            {{program.acts.begin(), program.acts.begin() + static_cast<std::ptrdiff_t>(half)}});
    }
    for (std::size_t i = 0; i < program.acts.size() && program.acts.size() > 1; ++i) {
        Program less = program;
        less.acts.erase(less.acts.begin() + static_cast<std::ptrdiff_t>(i));
        out.push_back(std::move(less));
    }
}

void leave_out_items(const Program& program, std::vector<Program>& out) {
    for (std::size_t i = 0; i < program.acts.size(); ++i) {
        const std::size_t count = program.acts[i].items.size();
        for (std::size_t j = 0; j < count && count > 1; ++j) {
            Program less = program;
            auto& items = less.acts[i].items;
            items.erase(items.begin() + static_cast<std::ptrdiff_t>(j));
            out.push_back(std::move(less));
        }
    }
}

// with makes a copy in which one act is changed.
template <typename Change>
void with(const Program& program, std::size_t act, std::vector<Program>& out, Change change) {
    Program changed = program;
    change(changed.acts[act]);
    out.push_back(std::move(changed));
}

void simplify_acts(const Program& program, std::vector<Program>& out) {
    for (std::size_t i = 0; i < program.acts.size(); ++i) {
        const Act& act = program.acts[i];
        if (!act.cut.is_null()) {
            with(program, i, out, [](Act& it) {
                it.cut = Json();
                it.pause_ms = 0;
            });
            if (act.cut != "frames" && act.kind == Act::Kind::send) {
                with(program, i, out, [](Act& it) { it.cut = "frames"; });
            }
            if (act.cut.is_object() && act.cut.contains("at") && act.cut["at"].size() > 1) {
                for (std::size_t k = 0; k < act.cut["at"].size(); ++k) {
                    with(program, i, out,
                         [k](Act& it) { it.cut["at"] = Json::array({it.cut["at"][k]}); });
                }
            }
            if (act.pause_ms > 0) {
                with(program, i, out, [](Act& it) { it.pause_ms = 0; });
            }
        }
        if (!act.waits) {
            with(program, i, out, [](Act& it) { it.waits = true; });
        }
        if (act.on != "main" &&
            std::none_of(program.acts.begin(), program.acts.end(), [](const Act& each) {
                return each.on == "main" && each.kind != Act::Kind::canary;
            })) {
            Program renamed = program;
            for (Act& each : renamed.acts) {
                each.on = each.on == act.on ? "main" : each.on;
            }
            out.push_back(std::move(renamed));
        }
        if (act.kind == Act::Kind::open && act.opening.deflates &&
            act.opening.step.value("deflate", "") != "permessage-deflate") {
            with(program, i, out,
                 [](Act& it) { it.opening.step["deflate"] = "permessage-deflate"; });
        }
    }
}

// plainer gives simpler recipes for a payload.
std::vector<Json> plainer(const Json& payload) {
    std::vector<Json> out;
    if (payload == "") {
        return out;
    }
    out.emplace_back("");
    if (payload.is_string()) {
        const auto text = payload.get<std::string>();
        if (text != "a") {
            out.emplace_back("a");
        }
        if (text.size() > 3) {
            out.emplace_back(text.substr(0, text.size() / 2));
        }
        return out;
    }
    if (payload.contains("hex")) {
        const auto hex = payload["hex"].get<std::string>();
        out.emplace_back("a");
        for (std::size_t size = hex.size() / 4 * 2; size >= 2; size = size / 4 * 2) {
            for (std::size_t begin = 0; begin < hex.size(); begin += size) {
                out.push_back(
                    {{"hex", hex.substr(0, begin) +
                                 (begin + size < hex.size() ? hex.substr(begin + size) : "")}});
            }
        }
        return out;
    }
    for (const char* count : {"size", "times"}) {
        if (payload.contains(count) && payload[count].is_number_integer()) {
            const auto value = payload[count].get<std::uint64_t>();
            constexpr std::array<std::uint64_t, 12> kSteps = {1,   2,   4,   8,    16,    125,
                                                              126, 127, 256, 4096, 32768, 65536};
            for (const std::uint64_t step : kSteps) {
                if (step < value) {
                    Json less = payload;
                    less[count] = step;
                    out.push_back(std::move(less));
                }
            }
            for (const std::uint64_t less_by : {value / 2, value / 4, std::uint64_t{1}}) {
                if (less_by > 0 && less_by < value) {
                    Json less = payload;
                    less[count] = value - less_by;
                    out.push_back(std::move(less));
                }
            }
        }
    }
    if (payload.contains("generate")) {
        out.push_back({{"fill", "x"}, {"size", payload.value("size", std::uint64_t{1})}});
    }
    return out;
}

void simplify_items(const Program& program, std::vector<Program>& out) {
    for (std::size_t i = 0; i < program.acts.size(); ++i) {
        for (std::size_t j = 0; j < program.acts[i].items.size(); ++j) {
            const Json& item = program.acts[i].items[j];
            for (const char* member : {"fragments", "fragment_size", "compress", "key", "length",
                                       "reason", "mask", "fin", "rsv"}) {
                if (item.contains(member)) {
                    with(program, i, out, [&](Act& it) { it.items[j].erase(member); });
                }
            }
            if (item.contains("fragments") && item["fragments"].size() > 1) {
                for (std::size_t k = 0; k < item["fragments"].size(); ++k) {
                    with(program, i, out, [&](Act& it) { it.items[j]["fragments"].erase(k); });
                }
            }
            if (item.contains("message") && item["message"] == "binary") {
                with(program, i, out, [&](Act& it) { it.items[j]["message"] = "text"; });
            }
            for (const char* member : {"payload", "raw", "reason"}) {
                if (item.contains(member)) {
                    for (Json& payload : plainer(item[member])) {
                        with(program, i, out,
                             [&](Act& it) { it.items[j][member] = std::move(payload); });
                    }
                }
            }
        }
    }
}

std::size_t size_of_item(const Json& item) {
    std::size_t size = item.dump().size();
    for (const char* member : {"payload", "raw", "reason"}) {
        if (item.contains(member) && item[member].is_object()) {
            for (const char* count : {"size", "times"}) {
                if (item[member].contains(count) && item[member][count].is_number_integer()) {
                    size += std::min<std::size_t>(200'000, item[member][count].get<std::size_t>());
                }
            }
        }
    }
    return size;
}

}  // namespace

std::vector<Program> smaller(const Program& program) {
    std::vector<Program> candidates;
    leave_out_acts(program, candidates);
    leave_out_items(program, candidates);
    simplify_acts(program, candidates);
    simplify_items(program, candidates);
    const std::size_t size = size_of(program);
    std::erase_if(candidates,
                  [&](const Program& each) { return size_of(each) >= size || each.acts.empty(); });
    return candidates;
}

std::size_t size_of(const Program& program) {
    constexpr std::size_t kAct = 1'000'000;
    constexpr std::size_t kItem = 300'000;
    std::size_t size = 0;
    for (const Act& act : program.acts) {
        size += kAct + act.items.size() * kItem + act.pause_ms + (act.waits ? 0 : 50);
        size += act.cut.is_null() ? 0 : 100 + act.cut.dump().size();
        size += act.opening.step.is_null() ? 0 : act.opening.step.dump().size();
        size += act.on == "main" ? 0 : 50;
        for (const Json& item : act.items) {
            size += size_of_item(item);
        }
    }
    return size;
}

Program shrink(Program program,
               const std::function<std::size_t(const std::vector<Program>&)>& first_alike,
               const std::function<bool()>& is_over, std::size_t width) {
    bool is_shrinking = true;
    while (is_shrinking && !is_over()) {
        is_shrinking = false;
        const std::vector<Program> candidates = smaller(program);
        for (std::size_t begin = 0; begin < candidates.size() && !is_over(); begin += width) {
            const std::size_t end = std::min(candidates.size(), begin + width);
            const std::vector<Program> some(candidates.begin() + static_cast<std::ptrdiff_t>(begin),
                                            candidates.begin() + static_cast<std::ptrdiff_t>(end));
            const std::size_t found = first_alike(some);
            if (found < some.size()) {
                program = some[found];
                is_shrinking = true;
                break;
            }
        }
    }
    return program;
}

}  // namespace wsproof::netfuzz
