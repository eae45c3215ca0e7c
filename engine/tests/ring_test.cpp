#include "ring.hpp"

#include <catch2/catch.hpp>
#include <deque>

namespace wsproof {
namespace {

TEST_CASE("Ring: behaves as a deque through growth and wrapping") {
    Ring<int> ring;
    std::deque<int> model;
    unsigned seed = 1;
    for (int i = 0; i < 20000; ++i) {
        seed = seed * 1664525 + 1013904223;
        const unsigned choice = (seed >> 24) % 8;
        // Grows for a while, shrinks for a while.
        const bool is_push = choice < 2 || (i / 500 % 2 == 0 && choice < 5);
        if (is_push && choice % 2 == 0) {
            ring.push_back(i);
            model.push_back(i);
        } else if (is_push) {
            ring.push_front(i);
            model.push_front(i);
        } else if (!model.empty() && choice == 7) {
            const std::size_t index = seed / 7 % model.size();
            ring.erase(index);
            model.erase(model.begin() + static_cast<std::ptrdiff_t>(index));
        } else if (!model.empty() && choice % 2 == 0) {
            ring.pop_front();
            model.pop_front();
        } else if (!model.empty()) {
            ring.pop_back();
            model.pop_back();
        }
        REQUIRE(ring.size() == model.size());
        REQUIRE(ring.empty() == model.empty());
        if (!model.empty()) {
            const std::size_t index = seed / 3 % model.size();
            REQUIRE(ring[index] == model[index]);
            REQUIRE(ring.front() == model.front());
            REQUIRE(ring.back() == model.back());
        }
    }
}

}  // namespace
}  // namespace wsproof
