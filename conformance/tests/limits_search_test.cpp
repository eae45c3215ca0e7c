// The search for limits, asked of somebody who knows the answer.
#include "limits_search.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace wsproof::conformance;

namespace {

constexpr std::uint64_t kLast = std::uint64_t{1} << 26;

// Somebody takes what is up to `limit` and counts how often he is asked.
struct Somebody {
    std::uint64_t limit;
    std::vector<std::uint64_t> asked{};

    Bound searched(std::uint64_t first = 1, std::uint64_t last = kLast) {
        return search(
            [this](std::uint64_t number) {
                asked.push_back(number);
                return number <= limit ? Reply::taken : Reply::refused;
            },
            first, last);
    }
};

}  // namespace

TEST_CASE("Limits: a search finds every limit exactly, and looks again at both sides of it") {
    for (std::uint64_t limit = 1; limit < 3'000; ++limit) {
        Somebody somebody{limit};
        const Bound bound = somebody.searched(1, 4'096);
        REQUIRE(bound.is_exact());
        REQUIRE(bound.is_steady);
        REQUIRE(*bound.taken == limit);
        const std::size_t count = somebody.asked.size();
        REQUIRE(somebody.asked[count - 2] == limit);
        REQUIRE(somebody.asked[count - 1] == limit + 1);
    }
}

TEST_CASE("Limits: large and odd ones too, in few questions") {
    for (const std::uint64_t limit :
         {std::uint64_t{1'000'000}, std::uint64_t{65'535}, std::uint64_t{1} << 20, kLast - 1}) {
        Somebody somebody{limit};
        const Bound bound = somebody.searched();
        CHECK(bound.is_exact());
        CHECK(bound.taken == limit);
        CHECK(somebody.asked.size() <= 56);
    }
    Somebody power{1 << 20};
    static_cast<void>(power.searched());
    CHECK(power.asked.size() <= 25);  // 21 doublings up, one refused, one above, two looks
}

TEST_CASE("Limits: who takes all is asked no more than doubling needs, and the last number") {
    Somebody somebody{kLast};
    const Bound bound = somebody.searched(1, 100);
    CHECK(bound == Bound{.taken = 100});
    CHECK_FALSE(bound.is_exact());
    CHECK(somebody.asked == std::vector<std::uint64_t>{1, 2, 4, 8, 16, 32, 64, 100});
}

TEST_CASE("Limits: who takes nothing has a smallest refused number and no largest taken one") {
    Somebody somebody{0};
    const Bound bound = somebody.searched();
    CHECK(bound.is_exact());
    CHECK_FALSE(bound.taken.has_value());
    CHECK(bound.refused == 1);
}

TEST_CASE("Limits: a first number above the limit is searched down to, and not below") {
    Somebody somebody{20};
    const Bound bound = somebody.searched(64, 1'024);
    CHECK_FALSE(bound.taken.has_value());
    CHECK(bound.refused == 64);
    CHECK(somebody.asked.size() == 1);
}

TEST_CASE("Limits: when the time is up, what is known stays known") {
    int left = 11;
    const Bound bound = search(
        [&left](std::uint64_t number) {
            return left-- == 0 ? Reply::unknown : number <= 700 ? Reply::taken : Reply::refused;
        },
        1, kLast);
    CHECK_FALSE(bound.is_complete);
    CHECK_FALSE(bound.is_exact());
    CHECK(bound.taken == 512);
    CHECK(bound.refused == 1'024);
    CHECK(bound.is_steady);

    const Bound nothing = search([](std::uint64_t) { return Reply::unknown; }, 1, kLast);
    CHECK(nothing == Bound{.is_complete = false});
}

TEST_CASE("Limits: somebody who changes his mind is not steady") {
    int asked = 0;
    const Bound bound = search(
        [&asked](std::uint64_t number) {
            return ++asked > 7 || number <= 8 ? Reply::taken : Reply::refused;
        },
        1, 64);
    CHECK(bound.taken == 8);
    CHECK_FALSE(bound.is_steady);
}
