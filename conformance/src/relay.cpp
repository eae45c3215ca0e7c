#include "relay.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace wsproof::conformance {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRequest{30'000};  // for the client's head
constexpr milliseconds kConnect{10'000};
constexpr milliseconds kRefusal{1'000};  // for the 502 to leave
constexpr milliseconds kQuiet{300};      // after an interrupt: what is on its way has come
constexpr milliseconds kLast{2'000};     // after an interrupt, in any case
constexpr std::size_t kReadSize = 64 << 10;
constexpr std::size_t kHeldMax = 256 << 10;  // bytes that one side does not take

bool wants_websocket(const wire::HttpRequest& request) {
    const auto upgrades = request.values("Upgrade");
    return std::any_of(upgrades.begin(), upgrades.end(), [](std::string_view value) {
        return wire::equal_ignoring_case(value, "websocket");
    });
}

wire::ByteString bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

}  // namespace

wire::ByteString readdressed(const wire::HttpRequest& request, const std::string& target,
                             const std::string& host) {
    const std::string_view head{reinterpret_cast<const char*>(request.head.data()),
                                request.head.size()};
    std::string made;
    for (std::size_t begin = 0; begin < head.size();) {
        const std::size_t end = std::min(head.find('\n', begin), head.size() - 1) + 1;
        const std::string_view line = head.substr(begin, end - begin);
        const std::string_view ending = line.ends_with("\r\n") ? "\r\n" : "\n";
        const std::string_view name = line.substr(0, line.find(':'));
        if (begin == 0 && !request.version.empty()) {
            made += request.method + " " + target + " " + request.version;
            made += ending;
        } else if (wire::equal_ignoring_case(name, "Host")) {
            made += name;
            made += ": " + host;
            made += ending;
        } else {
            made += line;
        }
        begin = end;
    }
    return bytes_of(made);
}

Relay::Relay(net::Socket client, const Target& target, const net::Interrupt& interrupt,
             Recording& recording)
    : client_(std::move(client)), target_(target), interrupt_(interrupt), recording_(recording) {}

double Relay::elapsed_ms() const {
    return std::chrono::duration<double, std::milli>(net::Clock::now() - began_).count();
}

// show: what the server says is ours, as the client sees it.
void Relay::show(Role by, wire::ByteView bytes) {
    flow_.data(by == Role::server ? CaptureFlow::By::us : CaptureFlow::By::peer, bytes);
}

Relay::Outcome Relay::run() {
    if (!take_request()) {
        recording_.stop("no request came");
        return Outcome::not_asked;
    }
    if (!reach_server()) {
        recording_.stop("the server was not reached");
        const wire::ByteString answer = bytes_of(
            "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Type: text/plain\r\n"
            "Content-Length: " +
            std::to_string(why_.size() + 1) + "\r\n\r\n" + why_ + "\n");
        static_cast<void>(client_.write(answer, net::Clock::now() + kRefusal));
        show(Role::server, answer);
        client_.shut_down_write();
        return Outcome::not_reached;
    }
    const std::string target = target_.resource == "/" ? request_.target : target_.resource;
    wire::ByteString head = readdressed(request_, target, target_.host_field);
    is_ours_ = wants_websocket(request_);
    if (is_ours_) {
        recording_.request([&] {
            wire::HttpRequest asked = request_;
            asked.target = target;
            return asked;
        }());
        recording_.take(Role::client, behind_head_, elapsed_ms());
    }
    behind_head_.insert(behind_head_.begin(), head.begin(), head.end());
    relay_bytes();
    return is_ours_ ? Outcome::relayed : Outcome::not_ours;
}

bool Relay::take_request() {
    wire::HttpRequestReader reader;
    std::array<std::byte, kReadSize> buffer;
    const auto last = net::Clock::now() + kRequest;
    while (true) {
        const net::Result result = client_.read(buffer, last, &interrupt_);
        if (result.status != net::Status::ok) {
            why_ = "no whole request: " + std::string(net::name(result.status));
            return false;
        }
        wire::ByteView bytes = std::span(buffer).first(result.size);
        show(Role::client, bytes);
        if (auto request = reader.next(bytes)) {
            request_ = std::move(*request);
            behind_head_.assign(bytes.begin(), bytes.end());
            return true;
        }
        if (reader.is_hopeless()) {
            why_ = "what came is not HTTP";
            return false;
        }
    }
}

bool Relay::reach_server() {
    net::Connected connected =
        net::connect(target_.endpoints, net::Clock::now() + kConnect, &interrupt_);
    if (connected.result.status != net::Status::ok) {
        why_ = target_.url + " is not reached: " + std::string(net::name(connected.result.status));
        return false;
    }
    if (!target_.is_secure) {
        server_ = net::Stream(std::move(connected.socket));
        return true;
    }
    server_ = net::Stream(std::move(connected.socket), target_.tls, target_.host);
    const net::Result result = server_.handshake(net::Clock::now() + kConnect, &interrupt_);
    if (result.status != net::Status::ok) {
        why_ = target_.url + " is not reached: TLS: " + tls_failure(server_, result.status);
        return false;
    }
    return true;
}

void Relay::relay_bytes() {
    Direction up{.by = Role::client, .from = &client_, .to = &server_, .held = behind_head_};
    Direction down{.by = Role::server, .from = &server_, .to = &client_};
    std::optional<net::Deadline> last;  // once there was an interrupt
    while (!was_reset_ && !(up.is_done && down.is_done)) {
        if (!last && interrupt_.is_triggered()) {
            last = net::Clock::now() + kLast;
        }
        const bool hears_client = !last && !up.has_ended && up.held.size() < kHeldMax;
        std::array<net::Interest, 2> interests = {
            net::Interest{.stream = &client_, .read = hears_client, .write = !down.held.empty()},
            net::Interest{.stream = &server_,
                          .read = !down.has_ended && down.held.size() < kHeldMax,
                          .write = !up.held.empty()}};
        const auto deadline =
            last ? std::min(*last, net::Clock::now() + kQuiet) : net::Deadline::max();
        const net::Status status = net::wait(interests, deadline, last ? nullptr : &interrupt_);
        if (status == net::Status::timed_out) {
            recording_.stop("it was interrupted");
            return;
        }
        if (interests[1].readable) {  // what the server said came before what the client says now
            read(down);
        }
        if (interests[0].readable) {
            read(up);
        }
        write(up);
        write(down);
    }
}

void Relay::read(Direction& direction) {
    std::array<std::byte, kReadSize> buffer;
    const net::Result result = direction.from->try_read(buffer);
    if (result.status == net::Status::timed_out) {
        return;
    }
    if (result.status != net::Status::ok) {
        finish(direction, result.status);
        return;
    }
    const wire::ByteView bytes = std::span(buffer).first(result.size);
    show(direction.by, bytes);
    if (is_ours_) {
        recording_.take(direction.by, bytes, elapsed_ms());
    }
    if (!direction.is_done) {
        direction.held.insert(direction.held.end(), bytes.begin(), bytes.end());
    }
}

// finish: this side will say no more. A reset is passed on as one.
void Relay::finish(Direction& direction, net::Status status) {
    const bool is_end = status == net::Status::end_of_stream || status == net::Status::truncated;
    recording_.ended(direction.by, !is_end);
    const auto by = direction.by == Role::server ? CaptureFlow::By::us : CaptureFlow::By::peer;
    is_end ? flow_.finish(by) : flow_.reset(by);
    direction.has_ended = true;
    was_reset_ = was_reset_ || !is_end;
    if (!is_end) {
        direction.to->reset();
    }
}

void Relay::write(Direction& direction) {
    if (direction.is_done) {
        return;
    }
    while (!direction.held.empty()) {
        const net::Result result = direction.to->try_write(direction.held);
        if (result.status == net::Status::timed_out) {
            return;
        }
        if (result.status != net::Status::ok) {
            // Whom it was for has gone; what that side said before is still to be read.
            direction.held.clear();
            direction.is_done = direction.has_ended = true;
            return;
        }
        direction.held.erase(direction.held.begin(),
                             direction.held.begin() + static_cast<std::ptrdiff_t>(result.size));
    }
    if (direction.has_ended) {
        direction.is_done = true;
        direction.to->shut_down_write();
    }
}

}  // namespace wsproof::conformance
