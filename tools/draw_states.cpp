// Draws the state picture of the README from the engine's transition table, as a Mermaid diagram:
// one arrow for each pair of states, labelled with the signals that take it.
#include <cstdio>
#include <map>
#include <string>
#include <utility>

#include "state.hpp"

int main() {
    std::map<std::pair<wsproof::State, wsproof::State>, std::string> arrows;
    for (const wsproof::Transition& row : wsproof::transitions()) {
        std::string& label = arrows[{row.from, row.to}];
        label += (label.empty() ? "" : ", ") + std::string(wsproof::name(row.signal));
    }
    std::puts("```mermaid\nstateDiagram-v2\n    [*] --> connecting");
    for (const auto& [pair, label] : arrows) {
        std::printf("    %s --> %s: %s\n", std::string(wsproof::name(pair.first)).c_str(),
                    std::string(wsproof::name(pair.second)).c_str(), label.c_str());
    }
    std::puts("    closed --> [*]\n```");
}
