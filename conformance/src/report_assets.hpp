// What conformance/report/ holds, as it was when this was built.
#pragma once

#include <string_view>

namespace wsproof::conformance::assets {

extern const std::string_view kHtml;
extern const std::string_view kCss;
extern const std::string_view kDom;
extern const std::string_view kWire;
extern const std::string_view kPage;
extern const std::string_view kLive;
extern const std::string_view kMatrix;

}  // namespace wsproof::conformance::assets
