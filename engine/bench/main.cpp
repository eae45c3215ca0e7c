// engine_bench: all that is measured in memory. tools/bench runs it and makes the tables.
#include <vector>

#include "deflated.hpp"
#include "rows.hpp"

namespace wsproof::bench {

namespace {

#if defined(__x86_64__)
__attribute__((target("avx"))) void zero_upper() noexcept {
    __builtin_ia32_vzeroupper();
}
#endif

}  // namespace

void clear_vector_state() noexcept {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx")) {
        zero_upper();
    }
#endif
}

std::string size_name(std::size_t size) {
    if (size >= kMiB) {
        return std::to_string(size / kMiB) + "M";
    }
    return size >= kKiB ? std::to_string(size / kKiB) + "K" : std::to_string(size);
}

}  // namespace wsproof::bench

int main(int argc, char** argv) {
    using namespace wsproof::bench;
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 2;
    }
    const std::vector<Engine> engines = {wsproof_engine(), beast_engine(),  websocketpp_engine(),
                                         wslay_engine(),   memcpy_engine(), zlib_engine()};
    add_copy_rows();
    add_decode_rows(engines);
    add_encode_rows(engines);
    add_handshake_rows(engines);
    add_deflate_rows(engines);
    add_idle_rows(engines);
    add_growth_rows(engines.front());
    return benchmark::RunSpecifiedBenchmarks() > 0 ? 0 : 1;
}
