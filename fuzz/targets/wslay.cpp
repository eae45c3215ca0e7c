// Invariant: the engine and wslay, fed the same frames, deliver the same messages, pings and pongs,
// accept and refuse alike, and with the same close code.
#include <wslay/wslay.h>

#include <algorithm>

#include "differential.hpp"

namespace {

using namespace wsproof;
using namespace wsproof::fuzz;

struct Feed {
    Bytes rest;
    Opinion opinion{};
};

ssize_t receive(wslay_event_context_ptr context, std::uint8_t* out, std::size_t size, int,
                void* user) {
    auto& feed = *static_cast<Feed*>(user);
    const Bytes piece = feed.rest.first(std::min(size, feed.rest.size()));
    feed.rest = feed.rest.subspan(piece.size());
    if (piece.empty()) {
        wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    std::transform(piece.begin(), piece.end(), out,
                   [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
    return static_cast<ssize_t>(piece.size());
}

ssize_t send(wslay_event_context_ptr, const std::uint8_t*, std::size_t size, int, void*) {
    return static_cast<ssize_t>(size);
}

int make_mask(wslay_event_context_ptr, std::uint8_t* out, std::size_t size, void*) {
    std::fill_n(out, size, std::uint8_t{7});
    return 0;
}

void deliver(wslay_event_context_ptr, const wslay_event_on_msg_recv_arg* message, void* user) {
    auto& opinion = static_cast<Feed*>(user)->opinion;
    if (message->opcode == WSLAY_CONNECTION_CLOSE) {
        opinion.is_closed = true;
        opinion.closed_with = message->status_code != 0 ? message->status_code : 1005;
        return;
    }
    const Bytes payload = std::as_bytes(std::span(message->msg, message->msg_length));
    opinion.delivered.push_back({message->opcode, {payload.begin(), payload.end()}});
}

Opinion ask_wslay(Role role, Bytes stream) {
    Feed feed{stream};
    wslay_event_callbacks callbacks{};
    callbacks.recv_callback = receive;
    callbacks.send_callback = send;
    callbacks.genmask_callback = make_mask;
    callbacks.on_msg_recv_callback = deliver;
    wslay_event_context_ptr context = nullptr;
    static_cast<void>(role == Role::server
                          ? wslay_event_context_server_init(&context, &callbacks, &feed)
                          : wslay_event_context_client_init(&context, &callbacks, &feed));
    wslay_event_config_set_max_recv_msg_length(context, kDifferentialLimit);
    while (wslay_event_want_read(context) != 0 && !feed.rest.empty() &&
           wslay_event_recv(context) == 0) {
    }
    static_cast<void>(wslay_event_send(context));
    feed.opinion.is_refused = wslay_event_get_close_sent(context) != 0 && !feed.opinion.is_closed;
    if (feed.opinion.is_refused) {
        feed.opinion.refused_with = wslay_event_get_status_code_sent(context);
    }
    wslay_event_context_free(context);
    return std::move(feed.opinion);
}

bool is_known_difference(const Opinion& engine, const Opinion& wslay) {
    if (engine.delivered != wslay.delivered) {
        return false;
    }
    if (engine.is_refused && wslay.is_refused) {
        // RFC 6455 §7.1.7 says SHOULD: for faults in a header wslay's Close has no code.
        const bool lacks_code = wslay.refused_with == 1005;
        // Of a Close with both faults it names the other: the RFC has no order.
        const bool has_both = engine.error == Error::invalid_close_code;
        return lacks_code || (has_both && wslay.refused_with == 1007);
    }
    if (engine.is_closed && is_new_code(engine.closed_with)) {
        return wslay.is_refused;  // wslay knows the codes of RFC 6455 §7.4.1
    }
    // RFC 6455 §5.5.1: wslay takes a good reason for bad UTF-8 if one of its reads, of 4096 bytes,
    // ends behind the code.
    if (engine.is_closed && wslay.refused_with == 1007) {
        return true;
    }
    // RFC 6455 §5.5.1: a body begins with two bytes. wslay takes one byte for an empty body.
    return engine.error == Error::one_byte_close && wslay.is_closed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Script script = parse_script(Input(data, size).rest());
    const Role role = (script.head[0] & std::byte{1}) != std::byte{0} ? Role::client : Role::server;
    compare(role, frames_of(script, role), {ask_wslay, is_known_difference});
    return 0;
}
