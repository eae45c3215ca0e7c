// What the page of many targets is drawn from.
#pragma once

#include "report_html_data.hpp"

namespace wsproof::conformance {

[[nodiscard]] Json matrix_data(const std::vector<MatrixTarget>& targets, const Catalogue& catalogue,
                               const std::string& title);

}  // namespace wsproof::conformance
