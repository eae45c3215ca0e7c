// send and close.
#include <algorithm>
#include <array>

#include "../close.hpp"
#include "../http_grammar.hpp"
#include "hub_impl.hpp"

namespace wsproof {
namespace {

constexpr std::size_t kReasonMax = 123;  // bytes; RFC 6455 §5.5 less the code
constexpr std::int64_t kNotSent = -1;

using Sent = HubResult<std::int64_t>;

Sent refuse(HubErrorKind kind, std::string_view text) {
    return {0, hub_error(kind, std::string(text))};
}

// opcode_of: 1, 2, 9 or 10, by a name or the beginning of one; -1 if it is none.
int opcode_of(std::string_view type) noexcept {
    struct Row {
        std::string_view name;
        int opcode;
    };
    // "p" is a ping, as in the package; a pong needs two letters.
    constexpr std::array kRows = {Row{"text", 1}, Row{"binary", 2}, Row{"ping", 9},
                                  Row{"pong", 10}};
    const auto row = std::find_if(kRows.begin(), kRows.end(), [type](const Row& each) {
        return !type.empty() && equals_ignoring_case(each.name.substr(0, type.size()), type);
    });
    return row == kRows.end() ? -1 : row->opcode;
}

// error_of: what the engine says of a message that it does not take.
Sent error_of(Error error) {
    if (error == Error::wrong_state) {
        return {kNotSent, {}};
    }
    if (error == Error::output_full) {
        return refuse(HubErrorKind::output_full, "too much is unsent; wait for the peer to read");
    }
    if (error == Error::invalid_utf8_argument) {
        return refuse(HubErrorKind::bad_argument, "a text is UTF-8, and ends as such");
    }
    if (error == Error::out_of_memory) {
        return {0, {HubErrorKind::out_of_memory, {}}};
    }
    return refuse(HubErrorKind::bad_argument, info(error).text);
}

// send_data sends a message or a fragment, and notes in `open` whether one is begun.
Error send_data(Connection& connection, MessageType type, Bytes message, bool is_final,
                std::optional<MessageType>& open) {
    const Payload payload = Payload::copy(message);
    if (!open && is_final) {
        return connection.send(type, payload);
    }
    if (!open) {
        if (const Error error = connection.begin(type); error != Error::none) {
            return error;
        }
        open = type;
    }
    const Error error = is_final ? connection.finish(payload) : connection.append(payload);
    if (error == Error::none && is_final) {
        open.reset();
    }
    return error;
}

// cut_reason takes whole characters only.
std::string_view cut_reason(std::string_view reason) noexcept {
    if (reason.size() <= kReasonMax) {
        return reason;
    }
    std::size_t size = kReasonMax;
    while (size > 0 && (static_cast<unsigned char>(reason[size]) & 0xC0U) == 0x80U) {
        --size;
    }
    return reason.substr(0, size);
}

}  // namespace

std::string_view default_reason(CloseCode code) noexcept {
    struct Row {
        int code;
        std::string_view reason;
    };
    constexpr std::array kRows = {
        Row{1000, "Normal closure"},     Row{1001, "Endpoint going away"},
        Row{1002, "Protocol error"},     Row{1003, "Received incompatible data type"},
        Row{1006, "Abnormal closure"},   Row{1007, "Received data not consistent with type"},
        Row{1008, "Policy violation"},   Row{1009, "Received message too big"},
        Row{1010, "Missing extension"},  Row{1011, "Unexpected condition"},
        Row{1015, "TLS handshake error"}};
    const auto row = std::find_if(kRows.begin(), kRows.end(), [code](const Row& each) {
        return each.code == static_cast<int>(code);
    });
    return row == kRows.end() ? std::string_view{} : row->reason;
}

HubResult<std::int64_t> Hub::Impl::send(SocketId id, std::string_view type, Bytes message,
                                        bool is_final) {
    const int opcode = opcode_of(type);
    if (opcode < 0) {
        HubError error;  // an unknown socket is the graver one
        return find_known(id, error) == nullptr
                   ? Sent{0, error}
                   : refuse(HubErrorKind::unknown_name,
                            std::string("no type ")
                                .append(type)
                                .append("; there are text, binary, ping, pong"));
    }
    return send(id, opcode, message, is_final);
}

HubResult<std::int64_t> Hub::Impl::send(SocketId id, int opcode, Bytes message, bool is_final) {
    HubError unknown;
    HubSocket* socket = find_known(id, unknown);
    if (socket == nullptr) {
        return {0, unknown};
    }
    if (opcode == 8) {
        return refuse(HubErrorKind::bad_argument, "8 is a Close: close() sends it");
    }
    if (opcode == 0 && !socket->open_message) {
        return refuse(HubErrorKind::bad_argument, "0 continues a message, and none is open");
    }
    const bool is_control = opcode == 9 || opcode == 10;
    if (!is_control && (opcode < 0 || opcode > 2)) {
        return refuse(HubErrorKind::unknown_name, "opcodes are 0, 1, 2, 9 and 10");
    }
    const MessageType type =
        opcode == 0 ? *socket->open_message : static_cast<MessageType>(opcode == 1 ? 1 : 2);
    if (!is_control && socket->open_message && *socket->open_message != type) {
        return refuse(HubErrorKind::bad_argument, "all fragments of a message have the same type");
    }
    if (is_control && !is_final) {
        return refuse(HubErrorKind::bad_argument, "pings and pongs are not fragmented");
    }
    if (!socket->connection || socket->connection->state() == State::connecting) {
        return socket->is_closed ? Sent{kNotSent, {}}
                                 : refuse(HubErrorKind::wrong_state, "it is not connected yet");
    }
    Connection& connection = *socket->connection;
    const std::size_t queued = connection.queued();
    Error error = Error::none;
    if (socket->is_closed) {
        error = Error::wrong_state;
    } else if (is_control) {
        error = opcode == 9 ? connection.ping(message) : connection.pong(message);
    } else {
        error = send_data(connection, type, message, is_final, socket->open_message);
    }
    if (error != Error::none) {
        return error_of(error);
    }
    make_ready(*socket);
    return {static_cast<std::int64_t>(connection.queued() - queued), {}};
}

HubError Hub::Impl::close(SocketId id, CloseCode code, std::string_view reason) {
    HubError error;
    HubSocket* socket = find_known(id, error);
    if (socket == nullptr) {
        return error;
    }
    if (code != CloseCode::no_status && !is_sendable(code)) {
        return hub_error(HubErrorKind::bad_argument,
                         "codes to be sent are 1000-1003, 1007-1014 and 3000-4999");
    }
    if (code == CloseCode::no_status && !reason.empty()) {
        return hub_error(HubErrorKind::bad_argument, "a Close without a code has no reason");
    }
    if (!socket->connection) {
        return hub_error(HubErrorKind::wrong_state, "it is no WebSocket");
    }
    if (socket->is_closed) {
        return {};
    }
    Connection& connection = *socket->connection;
    if (connection.state() == State::connecting) {
        connection.abort(code);
    } else {
        const bool has_default = reason.empty() && code != CloseCode::no_status;
        const std::string_view text = has_default ? default_reason(code) : cut_reason(reason);
        const Error why = connection.close(code, text);
        if (why == Error::out_of_memory) {
            return {HubErrorKind::out_of_memory, {}};
        }
        // wrong_state: the connection has ended, which is about to be told.
        if (why != Error::none && why != Error::wrong_state) {
            return hub_error(HubErrorKind::bad_argument, "a reason is UTF-8");
        }
    }
    socket->is_closed = true;
    make_ready(*socket);
    return {};
}

}  // namespace wsproof
