#include "connect_session.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "deflate_recipe.hpp"
#include "frame_spec.hpp"
#include "selection.hpp"
#include "wire/digest.hpp"

namespace wsproof::conformance {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kInboxMax = 1'000;          // events that no expectation has taken
constexpr std::size_t kInboxBytesMax = 16 << 20;  // and bytes of theirs
constexpr milliseconds kLinger{5'000};            // for the server to end TCP after both Closes

std::uint64_t new_seed() {
    std::array<std::byte, 8> bytes;
    net::fill_random(bytes);
    std::uint64_t seed = 0;
    std::memcpy(&seed, bytes.data(), sizeof seed);
    return seed;
}

std::string joined(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) {
        list += (list.empty() ? "" : ", ") + name;
    }
    return list;
}

}  // namespace

ConnectSession::ConnectSession(const Target& target, const net::Interrupt& interrupt,
                               const ConnectPrinter& printer, const ConnectOptions& options)
    : target_(target),
      interrupt_(interrupt),
      printer_(printer),
      options_(options),
      recorder_(printer.looks().shown) {}

std::string ConnectSession::open() {
    if (std::string error = connect(); !error.empty()) {
        return error;
    }
    request_ = opening();
    const std::string_view head{reinterpret_cast<const char*>(request_.data()), request_.size()};
    link_->begin_handshake(offer_of(head));
    recorder_.add(Entry::Kind::sent, "main", "HTTP: GET " + target_.resource, request_, {});
    link_->queue(request_);
    return await_answer();
}

std::string ConnectSession::connect() {
    const auto last = net::Clock::now() + options_.timeout;
    net::Connected connected = net::connect(target_.endpoints, last, &interrupt_);
    if (connected.result.status != net::Status::ok) {
        return "cannot connect: " + std::string(net::name(connected.result.status));
    }
    recorder_.note("main", "connected to " + connected.socket.peer());
    net::Stream stream = target_.is_secure
                             ? net::Stream(std::move(connected.socket), target_.tls, target_.host)
                             : net::Stream(std::move(connected.socket));
    if (const net::Result result = stream.handshake(last, &interrupt_);
        result.status != net::Status::ok) {
        return "no TLS: " + tls_failure(stream, result.status);
    }
    link_.emplace("main", Role::server, std::move(stream), new_seed(), recorder_);
    link_->take_any_amount();
    link_->capture(open_flow(options_.capture, link_->stream(), true));
    return {};
}

wire::ByteString ConnectSession::opening() const {
    std::array<std::byte, 16> nonce;
    net::fill_random(nonce);
    std::string head = "GET " + target_.resource + " HTTP/1.1\r\nHost: " + target_.host_field +
                       "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " +
                       wire::base64(nonce) + "\r\nSec-WebSocket-Version: 13\r\n";
    if (!target_.origin.empty()) {
        head += "Origin: " + target_.origin + "\r\n";
    }
    if (!target_.subprotocols.empty()) {
        head += "Sec-WebSocket-Protocol: " + joined(target_.subprotocols) + "\r\n";
    }
    if (options_.offers_deflate) {
        head += "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    }
    for (const auto& [name, value] : target_.fields) {
        head += name + ": " + value + "\r\n";
    }
    head += "\r\n";
    const auto bytes = std::as_bytes(std::span(head));
    return {bytes.begin(), bytes.end()};
}

std::string ConnectSession::await_answer() {
    const auto last = net::Clock::now() + options_.timeout;
    while (link_->inbox().empty() && !link_->is_done() && net::Clock::now() < last &&
           !is_interrupted()) {
        pump(last);
    }
    show_news();
    if (link_->inbox().empty()) {
        return is_interrupted()   ? "interrupted"
               : link_->is_done() ? "the server ended the connection without an answer"
                                  : "no answer to the opening handshake within " +
                                        std::to_string(options_.timeout.count()) + " ms";
    }
    const Event event = std::move(link_->inbox().front());
    link_->inbox().pop_front();
    response_ = event.response.head;
    if (event.kind == Event::Kind::response && event.response.status == 101) {
        return {};
    }
    printer_.print_head("<-", response_);
    return event.kind == Event::Kind::response ? "the server refuses: " + event.response.start_line
                                               : "the server does not open: " + event.describe();
}

std::string ConnectSession::execute(const Command& command) {
    const bool needs_connection =
        std::holds_alternative<SayCommand>(command) || std::holds_alternative<EndCommand>(command);
    if (needs_connection && (is_over() || link_->has_half_closed())) {
        return "the connection has ended";
    }
    std::string unmet = std::visit([&](const auto& each) { return act(each); }, command);
    show_news();
    return unmet;
}

std::string ConnectSession::act(const SayCommand& command) {
    Outgoing out;
    for (const Item& item : command.items) {
        std::visit([&](const auto& each) { encode(each, out); }, item.what);
    }
    write(out, cut_);
    return {};
}

std::string ConnectSession::act(const FragmentCommand& command) {
    fragment_size_ = command.size;
    return {};
}

std::string ConnectSession::act(const CutCommand& command) {
    cut_ = command.cut;
    return {};
}

std::string ConnectSession::act(const SwitchCommand& command) {
    if (command.what == SwitchCommand::What::compress) {
        compresses_ = command.is_on;
        if (command.is_on && !link_->monitor().deflate()) {
            printer_.say("permessage-deflate is not agreed: nothing is compressed");
        }
    } else {
        answers_ = command.is_on;
        link_->set_answering(answers_);
    }
    return {};
}

std::string ConnectSession::act(const WaitCommand& command) {
    wait(command.time);
    return {};
}

std::string ConnectSession::act(const EndCommand& command) {
    switch (command.how) {
        case EndCommand::How::half_close:
            link_->half_close();
            break;
        case EndCommand::How::drop:
            link_->drop();
            break;
        case EndCommand::How::reset:
            link_->reset();
            break;
    }
    return {};
}

std::string ConnectSession::act(const TellCommand& command) {
    if (command.what == TellCommand::What::headers) {
        printer_.print_head("->", request_);
        printer_.print_head("<-", response_);
    }
    return {};  // help is the command line's
}

std::string ConnectSession::act(const QuitCommand& /*command*/) {
    quits_ = true;
    close(1000);
    return {};
}

void ConnectSession::append(const wire::RawFrame& frame, Outgoing& out) {
    const std::size_t begin = out.bytes.size();
    link_->own_stream().frame(frame.opcode, frame.rsv, frame.fin, frame.payload);
    wire::append_frame(out.bytes, frame);
    out.ends.push_back(out.bytes.size());
    wire::ByteView encoded = std::span(out.bytes).subspan(begin);
    const wire::ByteView head = encoded.first(encoded.size() - frame.payload.size());
    wire::FrameReader reader;
    wire::ByteView rest = encoded;
    const auto read = reader.next(rest);
    const wire::Frame* seen = read ? &*read : reader.partial();
    recorder_.add(Entry::Kind::sent, "main", describe(*seen), head, frame.payload);
    if (frame.opcode == 8) {
        link_->said_close(frame.payload);
    }
}

wire::Key ConnectSession::new_key() {
    wire::Key key;
    std::generate(key.begin(), key.end(),
                  [&] { return static_cast<std::byte>(link_->random().next()); });
    return key;
}

void ConnectSession::encode(const FrameSpec& frame, Outgoing& out) {
    const wire::ByteString body = body_of(frame, make_payload(frame.payload, 0));
    wire::RawFrame raw = raw_frame(frame, body);
    if (frame.mask.value_or(true)) {
        raw.key = frame.key ? *frame.key : new_key();
    }
    append(raw, out);
}

wire::ByteString ConnectSession::compressed(const MessageSpec& message) {
    DeflateRecipe recipe = message.compress.value_or(DeflateRecipe{});
    const auto& agreed = link_->monitor().deflate();
    if (agreed) {
        recipe.window = std::min<std::uint64_t>(recipe.window, agreed->bits(Role::client));
    }
    const bool takes_over = recipe.takeover && agreed && !agreed->no_takeover(Role::client);
    return compress(make_payload(message.payload, 0),
                    takes_over ? link_->own_stream().history() : wire::ByteView{}, recipe);
}

void ConnectSession::encode(const MessageSpec& message, Outgoing& out) {
    const wire::ByteString held = make_payload(message.payload, 0);
    wire::ByteString whole = held;
    bool is_compressed = message.compress.has_value();
    if (is_compressed || (compresses_ && link_->monitor().deflate())) {
        wire::ByteString smaller = compressed(message);
        // RFC 7692 §6 leaves it to us: what does not get smaller goes as it is, unless it is asked
        // for.
        is_compressed = is_compressed || smaller.size() < held.size();
        if (is_compressed) {
            whole = std::move(smaller);
        }
    }
    std::vector<std::uint64_t> sizes = message.fragments;
    const std::uint64_t each = message.fragment_size.value_or(fragment_size_.value_or(UINT64_MAX));
    std::size_t offset = 0;
    for (std::size_t i = 0; i == 0 || offset < whole.size() || i < sizes.size(); ++i) {
        const std::uint64_t wanted = i < sizes.size() ? sizes[i]
                                     : sizes.empty()  ? each
                                                      : UINT64_MAX;
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(wanted, whole.size() - offset));
        const bool is_last = offset + size == whole.size() && i + 1 >= sizes.size();
        append({.fin = is_last,
                .rsv = i == 0 && is_compressed ? std::uint8_t{4} : std::uint8_t{0},
                .opcode = i == 0 ? message.opcode : std::uint8_t{0},
                .key = new_key(),
                .payload = wire::ByteView(whole).subspan(offset, size)},
               out);
        offset += size;
    }
    if (is_compressed) {
        recorder_.mark_inflated("main", held, Entry::Kind::sent);
    }
}

void ConnectSession::encode(const RawSpec& raw, Outgoing& out) {
    const wire::ByteString bytes = make_payload(raw.bytes, 0);
    out.bytes.insert(out.bytes.end(), bytes.begin(), bytes.end());
    out.ends.push_back(out.bytes.size());
    recorder_.add(Entry::Kind::sent, "main", "raw, " + std::to_string(bytes.size()) + " bytes",
                  bytes, {});
}

void ConnectSession::write(const Outgoing& out, const Cut& cut) {
    const wire::ByteView bytes = out.bytes;
    const std::size_t each = cut.kind == Cut::Kind::bytes   ? 1
                             : cut.kind == Cut::Kind::every ? static_cast<std::size_t>(cut.every)
                                                            : bytes.size();
    auto ends = out.ends.begin();
    for (std::size_t begin = 0; begin < bytes.size() && !is_over() && !is_interrupted();) {
        const std::size_t end =
            cut.kind == Cut::Kind::frames
                ? *ends++
                : std::min(bytes.size(), begin + std::max<std::size_t>(each, 1));
        if (begin > 0 && cut.pause.count() > 0) {
            wait(cut.pause);
        }
        link_->queue(bytes.subspan(begin, end - begin));
        flush();
        begin = end;
    }
}

// flush writes all that is queued, reading meanwhile; it gives up on a server that takes nothing.
void ConnectSession::flush() {
    link_->write_some();
    std::uint64_t seen = link_->progress();
    auto last = net::Clock::now() + options_.timeout;
    while (link_->wants_write() && !is_over() && !is_interrupted()) {
        pump(last);
        if (link_->progress() != seen) {
            seen = link_->progress();
            last = net::Clock::now() + options_.timeout;
        }
        if (net::Clock::now() >= last) {
            printer_.say("the server does not read: not all could be written");
            return;
        }
    }
}

void ConnectSession::wait(milliseconds time) {
    const auto until = net::Clock::now() + time;
    while (net::Clock::now() < until && !is_over() && !is_interrupted()) {
        pump(until);
    }
}

bool ConnectSession::pump(net::Deadline deadline, int input) {
    show_news();
    std::array<net::Interest, 1> interest = {net::Interest{
        .stream = &link_->stream(), .read = !is_over(), .write = link_->wants_write()}};
    bool has_input = false;
    const bool is_ready =
        !is_over() && net::wait(interest, net::Deadline::min()) == net::Status::ok;
    if (!is_ready || input >= 0) {
        const auto last = lingers_until_ ? std::min(deadline, *lingers_until_) : deadline;
        const auto left = std::chrono::ceil<milliseconds>(std::clamp<net::Clock::duration>(
            last - net::Clock::now(), milliseconds(0), std::chrono::hours(1)));
        const auto events = static_cast<short>(POLLIN | (link_->wants_write() ? POLLOUT : 0));
        std::array<pollfd, 3> items = {
            pollfd{.fd = input, .events = POLLIN, .revents = 0},
            pollfd{.fd = is_interrupted() ? -1 : interrupt_.fd(), .events = POLLIN, .revents = 0},
            pollfd{.fd = is_over() ? -1 : link_->stream().socket().fd(),
                   .events = events,
                   .revents = 0}};
        ::poll(items.data(), items.size(), is_ready ? 0 : static_cast<int>(left.count()));
        has_input = items[0].revents != 0;
    }
    if (!is_over()) {
        link_->read_some();
        link_->write_some();
    }
    answer_close();
    bound_inbox();
    show_news();
    return has_input;
}

// A live peer answers a Close (RFC 6455 §5.5.1), and ends TCP if the server does not (§7.1.1).
void ConnectSession::answer_close() {
    if (is_over() || !link_->saw_close()) {
        return;
    }
    if (!link_->has_said_close() && answers_ && !link_->has_half_closed()) {
        FrameSpec frame{.opcode = 8, .close_code = link_->close_code()};
        Outgoing out;
        encode(frame, out);
        link_->queue(out.bytes);
        link_->write_some();
    }
    if (link_->has_said_close() && !lingers_until_) {
        lingers_until_ = net::Clock::now() + kLinger;
    }
    if (lingers_until_ && net::Clock::now() >= *lingers_until_) {
        recorder_.note("main", "the server has not ended TCP within " +
                                   std::to_string(kLinger.count()) + " ms of the Closes");
        link_->drop();
    }
}

void ConnectSession::bound_inbox() {
    std::deque<Event>& inbox = link_->inbox();
    std::size_t bytes = 0;
    for (const Event& event : inbox) {
        bytes += event.payload.size();
    }
    while (inbox.size() > kInboxMax || (bytes > kInboxBytesMax && inbox.size() > 1)) {
        bytes -= inbox.front().payload.size();
        inbox.pop_front();
    }
}

void ConnectSession::show_news() {
    for (const Entry& entry : recorder_.entries()) {
        printer_.print(entry);
    }
    recorder_.entries().clear();
    recorder_.pieces().clear();
    if (!link_) {
        return;
    }
    for (const Finding& finding : link_->monitor().findings()) {
        const bool is_known = std::any_of(shown_.begin(), shown_.end(), [&](const Finding& shown) {
            return shown.requirement == finding.requirement && shown.verdict == finding.verdict;
        });
        if (!is_known) {
            shown_.push_back(finding);
            printer_.print(finding);
        }
    }
}

void ConnectSession::close(std::uint16_t code) {
    const auto last = net::Clock::now() + options_.timeout;
    if (!is_over() && !link_->has_said_close() && !link_->has_half_closed()) {
        Outgoing out;
        encode(FrameSpec{.opcode = 8, .close_code = code}, out);
        link_->queue(out.bytes);
    }
    while (!is_over() && net::Clock::now() < last) {
        pump(last);
    }
    if (!is_over()) {
        recorder_.note("main", "the server has not closed within " +
                                   std::to_string(options_.timeout.count()) + " ms");
        link_->drop();
    }
    show_news();
}

}  // namespace wsproof::conformance
