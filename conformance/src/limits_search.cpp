#include "limits_search.hpp"

#include <algorithm>
#include <cassert>

namespace wsproof::conformance {

namespace {

class Search {
  public:
    explicit Search(const std::function<Reply(std::uint64_t)>& probe) : probe_(probe) {}

    Bound run(std::uint64_t first, std::uint64_t last) {
        ascend(first, last);
        if (bound_.refused && bound_.taken) {
            // Most limits are powers of two, or one less.
            try_between(*bound_.taken + 1);
            try_between(*bound_.refused - 1);
        }
        const std::uint64_t floor = first - 1;  // nothing below is asked
        while (bound_.is_complete && bound_.refused &&
               *bound_.refused - bound_.taken.value_or(floor) > 1) {
            const std::uint64_t low = bound_.taken.value_or(floor);
            ask(low + (*bound_.refused - low) / 2);
        }
        look_again();
        return bound_;
    }

  private:
    void ascend(std::uint64_t first, std::uint64_t last) {
        for (std::uint64_t number = first;;
             number = number > last / 2 ? last : std::min(last, 2 * number)) {
            ask(number);
            if (!bound_.is_complete || bound_.refused || number == last) {
                return;
            }
        }
    }

    void try_between(std::uint64_t number) {
        if (bound_.is_complete && number > *bound_.taken && number < *bound_.refused) {
            ask(number);
        }
    }

    void ask(std::uint64_t number) {
        switch (probe_(number)) {
            case Reply::taken:
                bound_.taken = std::max(number, bound_.taken.value_or(0));
                return;
            case Reply::refused:
                bound_.refused = std::min(number, bound_.refused.value_or(number));
                return;
            case Reply::unknown:
                bound_.is_complete = false;
                return;
        }
    }

    void look_again() {
        if (!bound_.is_exact() || !bound_.taken) {
            return;
        }
        const Reply below = probe_(*bound_.taken);
        const Reply above = below == Reply::unknown ? below : probe_(*bound_.refused);
        bound_.is_steady = below != Reply::refused && above != Reply::taken;
    }

    const std::function<Reply(std::uint64_t)>& probe_;
    Bound bound_{};
};

}  // namespace

Bound search(const std::function<Reply(std::uint64_t)>& probe, std::uint64_t first,
             std::uint64_t last) {
    assert(first >= 1 && first <= last);
    return Search(probe).run(first, last);
}

}  // namespace wsproof::conformance
