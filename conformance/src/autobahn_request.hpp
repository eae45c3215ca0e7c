// What the driver of a client asks of a fuzzingserver of Autobahn, by the path and the query of its
// request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wsproof::conformance {

struct DriverRequest {
    enum class What : std::uint8_t {
        case_count,
        case_info,
        case_status,
        run_case,
        update_reports,
        stop_server,
    };
    What what = What::case_count;
    std::optional<std::size_t> index{};  // of the case, among those that are played
    std::string agent{};
    bool shuts_down = false;  // once the reports are written
    int status = 0;           // of the HTTP answer that refuses it; 0: it is understood
    std::string refusal{};    // for people
};

// read_driver_request reads a request target ("/runCase?case=1&agent=x"); `numbers` are the cases
// that are played, in order.
[[nodiscard]] DriverRequest read_driver_request(std::string_view target,
                                                const std::vector<std::string>& numbers);

}  // namespace wsproof::conformance
