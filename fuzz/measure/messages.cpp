// Prints the median of messages, received and sent, over executions of the script target: scripts
// of a folder, mutated as the fuzzer does, up to five times in a row.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "script_mutator.hpp"
#include "script_player.hpp"

namespace {

using namespace wsproof::fuzz;
namespace fs = std::filesystem;

constexpr std::size_t kDepthMax = 5;

std::vector<Script> load(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<Script> scripts;
    for (const fs::path& path : files) {
        std::ifstream file(path, std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), {});
        scripts.push_back(parse_script(std::as_bytes(std::span(bytes))));
    }
    return scripts;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: fuzz_messages FOLDER EXECUTIONS\n");
        return 2;
    }
    const std::vector<Script> scripts = load(argv[1]);
    const auto wanted = static_cast<std::size_t>(std::strtoul(argv[2], nullptr, 10));
    if (scripts.empty() || wanted == 0) {
        return 2;
    }
    Draws draws(1);
    std::vector<std::size_t> counts;
    while (counts.size() < wanted) {
        Script script = scripts[draws.below(scripts.size())];
        for (std::size_t depth = 1 + draws.below(kDepthMax); depth > 0; --depth) {
            mutate(script, draws);
            counts.push_back(check_script(script));
        }
    }
    std::sort(counts.begin(), counts.end());
    std::printf("%zu messages in the median of %zu executions, a quarter has %zu or more\n",
                counts[counts.size() / 2], counts.size(), counts[counts.size() * 3 / 4]);
    return 0;
}
