#include "hub_player.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "require.hpp"
#include "script.hpp"
#include "wire/utf8.hpp"

namespace wsproof::fuzz {
namespace {

constexpr std::size_t kStepsMax = 120;
constexpr std::size_t kSocketsMax = 12;
constexpr std::size_t kReadyMax = 1000;

constexpr std::array<std::string_view, 8> kUrls = {"ws://example.com/chat?a=1",
                                                   "wss://example.com:444/?q=1",
                                                   "ws://[::1]:8080",
                                                   "WS://a/b",
                                                   "ws://example.com/\x7F",
                                                   "ws://user@host/",
                                                   "ws://a:0/",
                                                   ""};
constexpr std::array<std::string_view, 8> kNames = {"text", "b",    "ping", "pong",
                                                    "",     "frob", "t",    "p"};
constexpr std::array<std::string_view, 19> kKeys = {
    "peername",   "sockname",     "name",      "closed",     "client",
    "server",     "type",         "handler",   "state",      "subprotocol",
    "extensions", "bytes_in",     "bytes_out", "frames_in",  "frames_out",
    "close_code", "close_reason", "latency",   "no such key"};
constexpr std::array<std::string_view, 8> kOptions = {
    "-headers", "-timeout", "-protocol", "-myaddr", "-handler", "-keepalive", "-p", "frob"};
constexpr std::array<std::string_view, 6> kSettings = {"-keepalive", "-timeout", "-p",
                                                       "-",          "-x",       "-k"};
constexpr std::array<std::string_view, 6> kGlobs = {"*",  "/chat*",  "/[z-ax]?at*",
                                                    "[a", "\\/cha?", "/x"};

template <typename Array>
std::string_view pick(const Array& of, std::uint8_t choice) {
    return of[choice % of.size()];
}

}  // namespace

HubPlayer::HubPlayer(Input& input)
    : input_(input),
      options_(make_options(input, codecs_)),
      hub_(options_, entropy_, now_, &log_) {}

void HubPlayer::Log::write(LogLevel /*level*/, SocketId /*socket*/,
                           std::string_view text) noexcept {
    require(!text.empty(), "a line of the log says something");
}

void HubPlayer::run() {
    for (std::size_t i = 0; i < kStepsMax && !input_.empty(); ++i) {
        step();
        settle();
    }
    finish();
}

void HubPlayer::judge(const HubError& error) const {
    require(static_cast<bool>(error) == !error.text.empty(), "an error says what is wrong");
    require(error.kind != HubErrorKind::out_of_memory, "memory is there");
}

template <typename Result>
void HubPlayer::add(const Result& result, bool is_server) {
    judge(result.error);
    if (result) {
        require(result.value != 0 && !sockets_.contains(result.value), "an id is new");
        sockets_[result.value].is_server = is_server;
    }
}

SocketId HubPlayer::any_socket() {
    const std::uint8_t choice = input_.byte();
    if (sockets_.empty() || choice == 0xFF) {
        return choice;  // nobody's, perhaps
    }
    auto socket = sockets_.begin();
    std::advance(socket, choice % sockets_.size());
    return socket->first;
}

void HubPlayer::step() {
    const std::uint8_t what = input_.byte();
    switch (what % 16) {
        case 0:
            open();
            return;
        case 1:
            listen();
            return;
        case 2:
            attach();
            return;
        case 3:
        case 4:
            join();
            return;
        case 5:
            serve(any_socket());
            return;
        case 6:
            tick(input_.byte());
            return;
        case 7: {
            const SocketId socket = any_socket();
            feed(socket, input_.take(input_.below(200)));
            return;
        }
        case 8:
            inspect(any_socket());
            return;
        default:
            call(any_socket(), what >> 4);
            return;
    }
}

void HubPlayer::open() {
    if (sockets_.size() >= kSocketsMax) {
        return;
    }
    OpenOptions options{.engine = options_};
    const std::uint8_t choice = input_.byte();
    if ((choice & 8U) != 0) {
        judge(set_open_option(options, "-protocol", "chat echo"));
        judge(set_open_option(options, "-headers", text(input_.take(input_.below(30)))));
        judge(set_open_option(options, "-timeout", text(input_.take(4))));
        judge(set_open_option(options, pick(kOptions, input_.byte()), text(input_.take(8))));
    }
    const auto opened = hub_.open(pick(kUrls, choice), 1, options);
    add(opened);
    if (opened) {
        last_client_ = opened.value;
        watch(opened.value, Role::client, false);
        if ((choice & 0x80U) != 0) {
            judge(hub_.connect_failed(opened.value, "refused"));
        } else if ((choice & 0x40U) == 0) {
            judge(hub_.connected(opened.value, {"server", "192.0.2.1", 80}, {}));
        }
    }
}

void HubPlayer::listen() {
    if (server_ == 0) {
        const auto server = hub_.server();
        add(server, true);
        server_ = server.value;
    }
    const std::string_view path = pick(kGlobs, input_.byte());
    judge(hub_.live(server_, path, 2, input_.flag() ? "chat" : "*"));
}

void HubPlayer::attach() {
    if (sockets_.size() >= kSocketsMax) {
        return;
    }
    const auto attached = hub_.attach({"client", "192.0.2.2", 1234}, {});
    add(attached);
    last_attached_ = attached.value;
    if (attached && input_.flag()) {
        const HubError error = hub_.accept(server_, attached.value);
        judge(error);
        if (!error) {
            watch(attached.value, Role::server, false);
        }
    }
}

// serve: what an embedder does whose own HTTP server has read the request.
void HubPlayer::serve(SocketId socket) {
    const std::uint8_t how = input_.byte();
    const std::array<Field, 6> fields = {Field{"Host", "example.com"},
                                         Field{"Upgrade", "websocket"},
                                         Field{"Connection", (how & 1U) != 0 ? "close" : "Upgrade"},
                                         Field{"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                                         Field{"Sec-WebSocket-Version", "13"},
                                         Field{"Sec-WebSocket-Protocol", "chat"}};
    const std::string_view path = (how & 2U) != 0 ? "/x" : "/chat";
    const auto tested = hub_.test(server_, socket, path, fields, (how & 32U) != 0 ? "a=1" : "");
    judge(tested.error);
    if (tested) {
        require(tested.value.matches == (tested.value.status == 101), "a match is a 101");
    }
    if ((how & 4U) != 0) {
        const HubError error = hub_.upgrade(socket);
        judge(error);
        if (!error) {
            watch(socket, Role::server, false);
        }
    } else if ((how & 8U) != 0) {
        const HubError error = hub_.takeover(socket, 3, (how & 16U) != 0);
        judge(error);
        if (!error) {
            watch(socket, (how & 16U) != 0 ? Role::server : Role::client, true);
        }
    }
}

void HubPlayer::watch(SocketId socket, Role sender, bool is_open) {
    OutputJudge& made = sockets_.at(socket).judge.emplace(sender, is_open);
    if (options_.deflate.codecs != nullptr) {
        made.agree(DeflateParameters{});
    }
}

void HubPlayer::close(SocketId socket, std::uint8_t how) {
    const Bytes bytes = input_.take(how);
    const Buffer reason =
        (how & 1U) != 0 ? fill(bytes, how, true) : Buffer(bytes.begin(), bytes.end());
    const auto code = static_cast<CloseCode>(995 + how % 20);
    const HubError error = hub_.close(socket, code, text(reason));
    judge(error);
    require(error.kind != HubErrorKind::bad_argument || !is_sendable(code) ||
                !conformance::wire::is_utf8(reason),
            "a reason that is too long is cut, as text");
}

void HubPlayer::call(SocketId socket, std::uint8_t what) {
    const std::uint8_t how = input_.byte();
    switch (what) {
        case 0:
        case 1:
        case 2: {
            const auto sent =
                hub_.send(socket, pick(kNames, how), input_.take(how % 140U), (how & 0x40U) == 0);
            judge(sent.error);
            return;
        }
        case 3: {
            const Bytes message = input_.take(how >> 2);
            judge(hub_.send(socket, how % 12, message, input_.flag()).error);
            return;
        }
        case 4:
        case 5:
            close(socket, how);
            return;
        case 6:
            hub_.end_of_input(socket);
            return;
        case 7:
            hub_.drop(socket);
            if (socket == server_) {
                server_ = 0;
            }
            sockets_.erase(socket);
            return;
        case 8: {
            const std::array<std::string_view, 4> pairs = {pick(kSettings, how >> 3),
                                                           text(input_.take(2)), "-ping", "hey"};
            judge(hub_.configure(socket, std::span(pairs).first(how % 5)));
            return;
        }
        case 9:
            judge(hub_.connected(socket, {}, {}));
            return;
        case 10:
            judge(hub_.connect_failed(socket, "no"));
            return;
        case 11: {
            Buffer out;
            take_output(socket, out);
            return;
        }
        case 12:
            judge(hub_.configure(socket, KeepAlive{.interval = std::chrono::seconds(how),
                                                   .ping = std::string(how, 'p')}));
            return;
        case 13:
            judge(hub_.live(socket, "/x", 4, "*"));
            hub_.log(LogLevel::error, socket, "said from outside");
            return;
        default:
            inspect(socket);
            return;
    }
}

void HubPlayer::inspect(SocketId socket) {
    const std::uint8_t how = input_.byte();
    judge(hub_.conninfo(socket, pick(kKeys, how)).error);
    judge(hub_.destination(socket).error);
    require(hub_.transport(socket) != Transport::keep || sockets_.contains(socket),
            "what is unknown is to be closed");
    judge(hub_.keep_alive(socket).error);
    const auto found = hub_.find(pick(kGlobs, how), "*");
    judge(found.error);
    for (const SocketId each : found.value) {
        require(sockets_.contains(each), "what is found was made");
    }
    judge(hub_.loglevel((how & 1U) != 0 ? "debug" : (how & 2U) != 0 ? "frob" : "").error);
}

void HubPlayer::feed(SocketId socket, Bytes bytes) {
    const auto known = sockets_.find(socket);
    if (known == sockets_.end()) {
        return;
    }
    known->second.unread.insert(known->second.unread.end(), bytes.begin(), bytes.end());
    drain(socket);
}

void HubPlayer::drain(SocketId socket) {
    const auto known = sockets_.find(socket);
    if (known == sockets_.end()) {
        return;
    }
    Buffer bytes = std::exchange(known->second.unread, {});
    MutableBytes in(bytes);
    while (const auto event = hub_.next(socket, in)) {
        note(*event);
    }
    known->second.unread.assign(in.begin(), in.end());
}

void HubPlayer::note(const HubEvent& event) {
    const auto known = sockets_.find(event.socket);
    require(known != sockets_.end(), "events are of sockets that were made");
    require(!known->second.is_disconnected, "disconnect is the last event");
    known->second.is_disconnected = event.type == HubEventType::disconnect;
    if (event.type == HubEventType::text) {
        require(event.message.size() <= options_.limits.message, "a message is within its limit");
    }
}

void HubPlayer::take_output(SocketId socket, Buffer& out) {
    for (;;) {
        const auto pieces = hub_.output(socket);
        require(pieces.empty() == (hub_.queued(socket) == 0), "what is queued is shown");
        if (pieces.empty()) {
            return;
        }
        std::size_t size = 0;
        for (const Bytes piece : pieces) {
            out.insert(out.end(), piece.begin(), piece.end());
            size += piece.size();
            if (const auto known = sockets_.find(socket); known != sockets_.end()) {
                require(known->second.judge.has_value(), "WebSockets speak, and nobody else");
                known->second.judge->feed(piece);
            }
        }
        hub_.consume(socket, size);
    }
}

// join carries what the last client and the last socket of the server say to each other.
void HubPlayer::join() {
    if (!sockets_.contains(last_client_) || !sockets_.contains(last_attached_)) {
        return;
    }
    for (int round = 0; round < 4; ++round) {
        Buffer bytes;
        take_output(last_client_, bytes);
        feed(last_attached_, bytes);
        bytes.clear();
        take_output(last_attached_, bytes);
        feed(last_client_, bytes);
    }
}

void HubPlayer::tick(std::uint8_t amount) {
    const auto deadline = hub_.deadline();
    now_ += std::chrono::milliseconds(5) * amount;
    if (amount >= 128 && deadline) {
        now_ = std::max(now_, *deadline);
    }
    unsigned count = 0;
    do {
        hub_.tick(now_);
        settle();
        require(++count < 12, "a deadline that has come does not come again");
    } while (hub_.deadline() && *hub_.deadline() <= now_);
}

// settle: all that is ready, each once.
void HubPlayer::settle() {
    std::size_t count = 0;
    while (const auto socket = hub_.next_ready()) {
        require(sockets_.contains(*socket), "what is ready was made");
        require(++count < kReadyMax, "what is ready is ready once");
        drain(*socket);
    }
}

void HubPlayer::finish() {
    std::vector<SocketId> all;
    for (const auto& [socket, known] : sockets_) {
        all.push_back(socket);
    }
    for (const SocketId socket : all) {
        hub_.end_of_input(socket);
        drain(socket);
        settle();
        hub_.drop(socket);
        require(hub_.transport(socket) == Transport::close, "what is unknown is to be closed");
        require(hub_.queued(socket) == 0 && hub_.output(socket).empty(), "and has nothing to say");
    }
    require(hub_.find().value.empty(), "what was dropped is not found");
    hub_.consume(1, 1);
    hub_.end_of_input(1);
}

}  // namespace wsproof::fuzz
