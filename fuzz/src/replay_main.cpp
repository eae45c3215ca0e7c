// A plain main in the place of a fuzzing engine: each argument is a file, or a folder of files, and
// every file is one input. A seed corpus is replayed with any compiler, as a test. `--repeat N
// FILE` runs one input N times and says how many that makes in a second of processor time.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::vector<char> read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// replay hands a copy of exactly the file's size over, so that a sanitizer sees what reads past it.
void replay(const fs::path& path) {
    std::fprintf(stderr, "%s\n", path.c_str());
    const std::vector<char> bytes = read_file(path);
    const auto copy = std::make_unique<std::uint8_t[]>(bytes.size());
    if (!bytes.empty()) {
        std::memcpy(copy.get(), bytes.data(), bytes.size());
    }
    static_cast<void>(LLVMFuzzerTestOneInput(copy.get(), bytes.size()));
}

int repeat(unsigned long count, const fs::path& path) {
    const std::vector<char> bytes = read_file(path);
    std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
    const std::clock_t begin = std::clock();
    for (unsigned long i = 0; i < count; ++i) {
        static_cast<void>(LLVMFuzzerTestOneInput(input.data(), input.size()));
    }
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::printf("%.0f executions a second\n", static_cast<double>(count) / seconds);
    return bytes.empty() ? 2 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 4 && std::strcmp(argv[1], "--repeat") == 0) {
        return repeat(std::strtoul(argv[2], nullptr, 10), argv[3]);
    }
    std::size_t count = 0;
    for (int i = 1; i < argc; ++i) {
        const fs::path path(argv[i]);
        if (!fs::exists(path)) {
            std::fprintf(stderr, "%s: there is no such file\n", argv[i]);
            return 2;
        }
        if (!fs::is_directory(path)) {
            replay(path);
            ++count;
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(path)) {
            if (entry.is_regular_file()) {
                replay(entry.path());
                ++count;
            }
        }
    }
    std::printf("%zu inputs replayed\n", count);
    return count > 0 ? 0 : 2;
}
