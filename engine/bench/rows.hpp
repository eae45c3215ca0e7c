// The benchmarks, by name: what/how/.../engine. tools/bench makes its tables of these names: all
// but the last part is the row, the last part the column. Counters: `messages` of an iteration,
// `allocations` per message.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <span>
#include <string>

#include "allocations.hpp"
#include "subject.hpp"

namespace wsproof::bench {

inline constexpr std::size_t kKiB = 1024;
inline constexpr std::size_t kMiB = 1024 * kKiB;

void add_copy_rows();
void add_decode_rows(std::span<const Engine> engines);
void add_encode_rows(std::span<const Engine> engines);
void add_handshake_rows(std::span<const Engine> engines);
void add_deflate_rows(std::span<const Engine> engines);
void add_idle_rows(std::span<const Engine> engines);
void add_growth_rows(const Engine& engine);

// size_name: "64K", "16M", "125".
[[nodiscard]] std::string size_name(std::size_t size);

// clear_vector_state undoes what a neighbour may leave: code for AVX-512 that returns without
// VZEROUPPER makes the SSE code that comes next several times as slow (Beast's encoder, by g++ 12).
void clear_vector_state() noexcept;

// measure runs `work`, which is `messages` messages, for as long as the library wants and sets the
// counters. Once before that it has run without being measured.
template <class Work>
void measure(benchmark::State& state, std::size_t messages, const Work& work) {
    clear_vector_state();
    const std::uint64_t made_before = allocation_count();
    for ([[maybe_unused]] auto _ : state) {
        work();
    }
    const std::uint64_t made = allocation_count() - made_before;
    const auto all = static_cast<double>(state.iterations()) * static_cast<double>(messages);
    state.counters["messages"] = static_cast<double>(messages);
    state.counters["allocations"] = static_cast<double>(made) / all;
}

}  // namespace wsproof::bench
