#include "scenario.hpp"

namespace wsproof::conformance {

std::string_view name(UnderTest under_test) noexcept {
    switch (under_test) {
        case UnderTest::server:
            return "server";
        case UnderTest::client:
            return "client";
        case UnderTest::either:
            return "either";
    }
    return "";
}

std::string_view name(Level level) noexcept {
    switch (level) {
        case Level::must:
            return "must";
        case Level::should:
            return "should";
        case Level::may:
            return "may";
    }
    return "";
}

}  // namespace wsproof::conformance
