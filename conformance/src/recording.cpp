#include "recording.hpp"

#include <algorithm>
#include <utility>

namespace wsproof::conformance {

namespace {

constexpr std::size_t kEarlyMax = 64 << 10;

std::size_t failures_of(const Monitor& monitor) {
    const auto& findings = monitor.findings();
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.verdict >= Behaviour::fail; }));
}

void append(wire::ByteString& to, wire::ByteView bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace

Recording::Recording(std::atomic<std::int64_t>& room) : room_(room) {}

void Recording::request(wire::HttpRequest request) {
    const std::string_view head{reinterpret_cast<const char*>(request.head.data()),
                                request.head.size()};
    monitor(Role::server).offered(offer_of(head));
    monitor(Role::client).request(request);
    request_ = std::move(request);
}

void Recording::take(Role by, wire::ByteView bytes, double ms) {
    monitor(by).set_time(ms);
    if (by == Role::client && !response_) {
        append(early_, bytes);
        if (early_.size() > kEarlyMax) {
            stop("the client said more than is kept before it was answered");
        }
        return;
    }
    while (!bytes.empty() && stopped_.empty()) {
        Side& side = sides_[by == Role::server ? 0 : 1];
        if (!response_) {
            take_response(bytes);
            if (response_ && is_open_) {
                take(Role::client, std::exchange(early_, {}), ms);
            }
        } else if (!is_open_ || side.has_offended) {
            return;
        } else if (auto frame = side.frames.next(bytes)) {
            take_frame(by, std::move(*frame), ms);
        }
    }
}

void Recording::take_response(wire::ByteView& bytes) {
    auto response = http_.next(bytes);
    if (!response) {
        if (http_.is_hopeless()) {
            stop("the server's answer is not HTTP");
        }
        return;
    }
    if (response->status >= 100 && response->status < 200 && response->status != 101) {
        return;  // RFC 9110 §15.2: interim answers precede the final one
    }
    is_open_ = response->status == 101;
    if (is_open_) {
        monitor(Role::server).response(*response);
        monitor(Role::client).agreed(monitor(Role::server).deflate());
    }
    response_ = std::move(*response);
}

void Recording::take_frame(Role by, wire::Frame frame, double ms) {
    Side& side = sides_[by == Role::server ? 0 : 1];
    if (frame.payload.size() != frame.declared) {
        stop("a frame of " + std::to_string(frame.declared) + " bytes is more than is kept");
        return;
    }
    const std::size_t known = failures_of(monitor(by));
    monitor(by).frame(frame);
    if (failures_of(monitor(by)) > known && by == Role::client) {
        take_offence(side, std::move(frame), ms);
        return;
    }
    Said said{.by = by, .ms = ms};
    switch (frame.opcode) {
        case 0:
        case 1:
        case 2:
            take_data(by, std::move(frame), ms);
            return;
        case 8:
            said.kind = Said::Kind::close;
            break;
        case 9:
            said.kind = Said::Kind::ping;
            break;
        case 10:
            said.kind = Said::Kind::pong;
            break;
        default:
            return;  // of the server, and the monitor has it
    }
    said.payload = std::move(frame.payload);
    keep(std::move(said));
}

void Recording::take_data(Role by, wire::Frame frame, double ms) {
    Side& side = sides_[by == Role::server ? 0 : 1];
    if (frame.opcode != 0 || !side.in_message) {
        side.message = {.by = by};
        side.message.opcode = frame.opcode == 0 ? std::uint8_t{2} : frame.opcode;
        side.message.is_compressed = deflates() && (frame.rsv & 4) != 0;
        side.in_message = true;
    }
    append(side.message.payload, frame.payload);
    if (!frame.fin) {
        side.message.fragments.push_back(frame.payload.size());
        if (side.message.payload.size() > kPayloadMax || side.message.fragments.size() > kSaidMax) {
            stop("a message is more than is kept");
        }
        return;
    }
    side.in_message = false;
    Said said = std::move(side.message);
    said.ms = ms;
    if (said.is_compressed) {
        said.payload = monitor(by).take_inflated();
    }
    keep(std::move(said));
}

void Recording::take_offence(Side& side, wire::Frame frame, double ms) {
    side.has_offended = true;
    Said said = side.in_message ? std::move(side.message) : Said{};
    said.kind = Said::Kind::offence;
    said.by = Role::client;
    said.ms = ms;
    said.offending = std::move(frame);
    keep(std::move(said));
}

void Recording::keep(Said said) {
    const std::size_t size =
        said.payload.size() + (said.offending ? said.offending->payload.size() : 0);
    const auto cost = static_cast<std::int64_t>(size + sizeof(Said));
    if (room_.fetch_sub(cost) < cost) {
        stop("no more than " + std::to_string(kRoom >> 20) + " MiB are kept of a run");
        return;
    }
    if (said_.size() == kSaidMax) {
        stop("no more than " + std::to_string(kSaidMax) + " messages are kept of a connection");
        return;
    }
    said_.push_back(std::move(said));
}

void Recording::ended(Role by, bool by_reset) {
    if (!end_ && stopped_.empty()) {
        end_ = End{.by = by, .by_reset = by_reset};
    }
}

void Recording::stop(std::string why) {
    if (stopped_.empty() && !end_) {
        stopped_ = std::move(why);
    }
}

}  // namespace wsproof::conformance
