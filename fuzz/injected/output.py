"""Faults in what is sent, in the closing handshake, in timers and in the Hub."""

from fault import Fault

CONNECTION = "src/connection.cpp"
OUTPUT = "src/connection_output.cpp"
QUEUE = "src/output_queue.cpp"
WRITER = "src/frame_writer.cpp"

FAULTS = (
    Fault("client-does-not-mask", WRITER, ".masked = role_ == Role::client,", ".masked = false,",
          "websockets/ws#1194", "script connection"),
    Fault("constant-mask", WRITER, "entropy_.fill(header.key);", "header.key.fill(std::byte{0x5A});",
          "CVE-2025-10148", "script pair"),
    Fault("control-inside-frame", QUEUE, "!frame_is_open_ && !control_.empty() && !may_replace;",
          "!control_.empty() && !may_replace;", "curl/curl#16706", "script pair"),
    Fault("started-frame-taken-back", QUEUE, "while (front_is_started_ && kept < exposed_.size()) {",
          "while (front_is_started_ && kept < 1 && kept < exposed_.size()) {", "curl/curl#10289", "script pair"),
    Fault("pongs-without-bound", QUEUE, "if (pongs_unsent_ >= kPongsUnsentMax) {\n        if",
          "if (pongs_unsent_ > 1000000) {\n        if", "tornadoweb/tornado#2341; python-websockets/websockets#312",
          "script connection"),
    Fault("queue-without-bound", OUTPUT, "return queue.size() < options.limits.output_queue ?",
          "return queue.size() < kUnlimited ?", "tornadoweb/tornado#2341", "script"),
    Fault("token-lost", WRITER, "        if (token) {\n            queue_.release(*token);\n        }\n", "",
          "its own API", "script"),
    Fault("middle-fragment-has-type", WRITER, "        first = {Opcode::continuation};\n",
          "        first.is_compressed = false;\n", "pocoproject/poco#550", "script pair"),
    Fault("sent-text-unchecked", OUTPUT, "if (type == MessageType::text && !is_utf8(payload.bytes)) {",
          "if (type == MessageType::text && payload.bytes.size() > kUnlimited - 1) {", "RFC 6455 §8.1", "script"),
    Fault("sent-code-unchecked", "src/close.cpp", "body.error = Error::unsendable_close_code;",
          "body.error = Error::none;", "oven-sh/bun#32820", "script"),
    Fault("sent-reason-too-long", "src/close.cpp", "reason.size() > kCloseReasonMax",
          "reason.size() > kCloseReasonMax + 1", "oven-sh/bun#32820", "script"),
    Fault("sent-reason-not-copied", "src/close.cpp", "if (!reason.empty()) {\n        std::memcpy",
          "if (reason.empty()) {\n        std::memcpy", "CVE-2026-45736", "script"),
    Fault("no-close-timeout", CONNECTION,
          "        case State::closing_local:\n            timers.start(Timer::close, now, options.timers.close);\n",
          "        case State::closing_local:\n", "faye/faye-websocket-node#58", "script"),
    Fault("data-delays-close-timeout", "src/connection_input.cpp", "    if (!in.empty()) {\n        note_activity();\n",
          "    if (!in.empty()) {\n        note_activity();\n        if (timers.is_running(Timer::close)) {\n"
          "            timers.start(Timer::close, now, options.timers.close);\n        }\n", "boostorg/beast#2999",
          "script"),
    Fault("cut-stream-ends-cleanly", CONNECTION,
          "if (state != State::closed && error == Error::none && !is_clean) {\n        error = Error::eof_before_close;",
          "if (state == State::connecting && error == Error::none && !is_clean) {\n"
          "        error = Error::eof_before_close;", "Matheus28/ws28#21", "script connection"),
    Fault("server-closes-at-once", CONNECTION, "? Transport::shut_down_write : Transport::keep;",
          "? Transport::close : Transport::keep;", "eclipse-vertx/vert.x#3531", "script pair"),
    Fault("no-pong-timeout", CONNECTION, "        timers.start(Timer::pong, now, options.timers.pong);\n", "",
          "tornadoweb/tornado#3376", "script"),
    Fault("data-does-not-stop-pings", "src/connection_input.cpp", "    if (!in.empty()) {\n        note_activity();\n",
          "    if (in.size() == 1) {\n        note_activity();\n", "aio-libs/aiohttp#12030", "script"),
    Fault("no-handshake-timeout", CONNECTION, "if (timers.has_expired(Timer::handshake, now)) {",
          "if (timers.has_expired(Timer::handshake, now) && role == Role::client) {", "netty/netty@79a7c157a3", "script"),
    Fault("disconnects-twice", "src/hub/events.cpp", "    socket.is_gone = true;\n", "", "uNetworking/uWebSockets@5df695e",
          "hub"),
    Fault("reason-cut-in-code-point", "src/hub/send.cpp",
          "while (size > 0 && (static_cast<unsigned char>(reason[size]) & 0xC0U) == 0x80U) {",
          "while (size > kReasonMax) {", "RFC 6455 §5.5.1", "hub"),
    Fault("mask-turned-backwards", "src/mask.cpp", "? std::rotr(word, bits)", "? std::rotl(word, bits)",
          "uNetworking/uWebSockets@43669bb", "utf8 connection script"),
)
