"""Faults in the opening handshake: RFC 6455 §4."""

from fault import Fault

CLIENT = "src/client_handshake.cpp"
SERVER = "src/negotiation.cpp"
HEAD = "src/http_head.cpp"

FAULTS = (
    Fault("accept-key-unchecked", CLIENT,
          'find_field(head_.fields(), "Sec-WebSocket-Accept")->value ==\n'
          "                             std::string_view(expected.data(), expected.size());",
          'find_field(head_.fields(), "Sec-WebSocket-Accept")->value.size() == expected.size();',
          "oven-sh/bun#26950; eclipse-paho/paho.mqtt.java#295", "handshake script"),
    Fault("accept-key-in-any-case", CLIENT,
          'find_field(head_.fields(), "Sec-WebSocket-Accept")->value ==\n'
          "                             std::string_view(expected.data(), expected.size());",
          'equals_ignoring_case(find_field(head_.fields(), "Sec-WebSocket-Accept")->value,\n'
          "                             std::string_view(expected.data(), expected.size()));",
          "infinitefield/yawc#50", "handshake script"),
    Fault("key-of-any-size", "src/accept_key.cpp", "return text.size() == HandshakeKey{}.size() && text.ends_with",
          "return text.ends_with", "gorilla/websocket@69d0eb9; coder/websocket@1a344a4", "handshake script"),
    Fault("key-twice-accepted", SERVER, 'if (count_fields(fields, "Sec-WebSocket-Key") != 1) {',
          'if (count_fields(fields, "Sec-WebSocket-Key") == 0) {', "websockets/ws@160af45b", "handshake"),
    Fault("upgrade-unchecked", SERVER, 'has_list_token(fields, "Upgrade", "websocket") ?',
          'count_fields(fields, "Upgrade") > 0 ?', "websockets/ws@0fdcc0af", "handshake script"),
    Fault("connection-unchecked", SERVER, 'has_list_token(fields, "Connection", "Upgrade") ?',
          'count_fields(fields, "Connection") > 0 ?', "netty/netty@4ebc4ee66f", "handshake script"),
    Fault("connection-list-refused", CLIENT, 'has_list_token(head_.fields(), "Connection", "Upgrade")',
          'equals_ignoring_case(find_field(head_.fields(), "Connection")->value, "Upgrade")',
          "aio-libs/aiohttp#12746", "handshake script"),
    Fault("subprotocol-in-any-case", CLIENT,
          "std::find(subprotocols_.begin(), subprotocols_.end(), field->value);",
          "std::find_if(subprotocols_.begin(), subprotocols_.end(), [&](const std::string& each) {\n"
          "        return equals_ignoring_case(each, field->value);\n    });",
          "GNOME/libsoup@b3df7199", "handshake script"),
    Fault("unoffered-subprotocol-accepted", CLIENT, "    if (offered == subprotocols_.end() ||",
          "    if (offered == subprotocols_.end()) {\n        return Error::none;\n    }\n    if (",
          "javaee/grizzly#1759", "handshake script"),
    Fault("line-end-in-field", HEAD, "[](char c) { return is_control(c) && c != '\\t'; });",
          "[](char c) { return is_control(c) && c != '\\t' && c != '\\r' && c != '\\n'; });",
          "CVE-2026-1527", "handshake script"),
    Fault("line-end-in-target", "src/uri.cpp",
          "bool is_resource_name(std::string_view text) noexcept {\n    return text.starts_with('/') && is_visible_ascii(text) &&",
          "bool is_resource_name(std::string_view text) noexcept {\n    return text.starts_with('/') &&",
          "7etsuo/tetsuo-pulse#3489", "handshake url"),
    Fault("version-padded", SERVER, "return version == kSupportedVersion ?",
          'return version == kSupportedVersion || version == "013" ?', "websockets/ws@33f5dbaf", "handshake"),
    Fault("other-version-accepted", SERVER, "return version == kSupportedVersion ?",
          "return version == kSupportedVersion || is_version(version) ?", "gorilla/websocket@6426a30",
          "handshake script"),
    Fault("head-limit-by-segments", HEAD, "    assert(!is_complete_);\n",
          "    size_left_ = std::max(size_left_, in.size());\n", "oven-sh/bun#41569", "handshake connection"),
    Fault("head-unlimited", HEAD, "    --size_left_;\n", "", "CVE-2023-43669", "handshake connection"),
    Fault("fields-unlimited", HEAD, "    --field_count_left_;\n", "", "CVE-2024-37890", "handshake connection"),
    Fault("pipelined-frames-lost", HEAD, "    make_views();\n    return Step::done;",
          "    make_views();\n    in = in.last(0);\n    return Step::done;",
          "oven-sh/bun#32394; TooTallNate/Java-WebSocket#665", "connection script"),
    Fault("body-accepted", SERVER, 'if (equals_ignoring_case(field.name, "Transfer-Encoding") ||',
          'if (equals_ignoring_case(field.name, "Trailer") ||', "GHSA-mfx4-hv73-q22v", "handshake"),
    Fault("content-length-accepted", SERVER, 'equals_ignoring_case(field.name, "Content-Length") && !is_zero',
          'equals_ignoring_case(field.name, "Content-Length") && value.empty()', "aio-libs/aiohttp@a927da164", "handshake"),
    Fault("lone-line-feed-accepted", HEAD, "if (after_cr != (c == '\\n')) {", "if (after_cr && c != '\\n') {",
          "RFC 9112 §2.2", "handshake connection"),
    Fault("interim-response-refuses", CLIENT, "if (status_ / 100 != 1 || status_ == 101) {", "if (status_ != 100) {",
          "RFC 9110 §15.2", "handshake script"),
    Fault("port-wraps", "src/uri.cpp", "        port = port * 10 + (c - '0');\n        if (port > kPortMax) {",
          "        port = (port * 10 + (c - '0')) & 0xFFFF;\n        if (port > kPortMax) {", "RFC 3986 §3.2.3",
          "url handshake"),
)
