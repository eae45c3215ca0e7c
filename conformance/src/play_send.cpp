// The player's mouth: requests, frames, cuts.
#include <algorithm>

#include "frame_spec.hpp"
#include "player.hpp"
#include "wire/digest.hpp"

namespace wsproof::conformance {

namespace {

using wire::ByteString;

constexpr milliseconds kConnect{5'000};
constexpr milliseconds kSecure{10'000};
constexpr std::size_t kSentShown = 6;

std::string_view text_of(const ByteString& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

ByteString Player::payload(const PayloadSpec& spec) const {
    return make_payload(spec, seed_);
}

Link& Player::connect(const std::string& name, bool plain) {
    if (stage_.peer == Role::client) {
        return await_client(name);
    }
    recorder_.note(name, "connecting to " + stage_.target.host_field);
    net::Connected connected =
        net::connect(stage_.target.endpoints, net::Clock::now() + kConnect, &stage_.interrupt);
    if (connected.result.status == net::Status::interrupted) {
        throw Interrupted{};
    }
    if (connected.result.status == net::Status::refused) {
        throw Gone("connection refused");
    }
    if (connected.result.status != net::Status::ok) {
        throw Overloaded("cannot connect: " + std::string(net::name(connected.result.status)));
    }
    links_.emplace_back(
        name, Role::server,
        plain ? net::Stream(std::move(connected.socket)) : secure(std::move(connected.socket)),
        seed_, recorder_);
    links_.back().greetings = stage_.greetings;
    links_.back().capture(open_flow(stage_.capture, links_.back().stream(), true));
    return links_.back();
}

// secure agrees on TLS, if the target is one for it.
net::Stream Player::secure(net::Socket socket) {
    const Target& target = stage_.target;
    if (!target.is_secure) {
        return net::Stream(std::move(socket));
    }
    net::Stream stream(std::move(socket), target.tls, target.host);
    const net::Result result = stream.handshake(net::Clock::now() + kSecure, &stage_.interrupt);
    if (result.status == net::Status::interrupted) {
        throw Interrupted{};
    }
    if (result.status == net::Status::tls_failed) {
        throw TlsRefused(stream.tls_error(), stream.tls_fault());
    }
    if (result.status == net::Status::timed_out) {
        throw TlsRefused("no TLS handshake within " + std::to_string(kSecure.count()) + " ms",
                         net::TlsFault::none);
    }
    if (result.status != net::Status::ok) {
        throw TlsRefused("the target ended the connection during the TLS handshake",
                         net::TlsFault::none);
    }
    return stream;
}

// Some backlogs are short: few connections are begun at a time.
Link& Player::connect_paced(const std::string& name, bool plain) {
    stage_.openings.acquire();
    struct Release {
        Stage& stage;
        ~Release() { stage.openings.release(); }
    } const release{stage_};
    return connect(name, plain);
}

// link finds the connection of this name, the newest first, and opens it with a correct handshake
// if there is none.
Link& Player::link(const std::string& name) {
    const auto found = std::find_if(links_.rbegin(), links_.rend(),
                                    [&](const Link& each) { return each.name() == name; });
    return found == links_.rend() ? open(name) : *found;
}

std::string Player::new_key(Link& link) {
    ByteString nonce(16);
    std::generate(nonce.begin(), nonce.end(),
                  [&] { return static_cast<std::byte>(link.random().next()); });
    return wire::base64(nonce);
}

void Player::encode_frame(Link& link, const FrameSpec& frame, ByteString& out) {
    const ByteString body = body_of(frame, payload(frame.payload));
    wire::RawFrame raw = raw_frame(frame, body);
    if (frame.mask.value_or(we_mask())) {
        wire::Key key;
        std::generate(key.begin(), key.end(),
                      [&] { return static_cast<std::byte>(link.random().next()); });
        raw.key = frame.key.value_or(key);
    }
    link.own_stream().frame(raw.opcode, raw.rsv, raw.fin, body);
    const std::size_t begin = out.size();
    wire::append_frame(out, raw);
    const auto encoded = std::span(out).subspan(begin);
    const std::size_t head_size = encoded.size() - body.size();
    recorder_.add(Entry::Kind::sent, link.name(), describe(Item{frame, false}),
                  encoded.first(head_size), body, frame.payload.recipe.dump());
    if (frame.opcode == 8) {
        link.said_close(body);
    } else if (frame.opcode == 9) {
        link.sent_ping(std::move(body));
    }
}

// compressed keeps to what was agreed, unless the recipe asks for less.
ByteString Player::compressed(Link& link, const MessageSpec& message) {
    DeflateRecipe recipe = *message.compress;
    const auto& agreed = link.monitor().deflate();
    const Role us = we_mask() ? Role::client : Role::server;
    if (agreed) {
        recipe.window = std::min<std::uint64_t>(recipe.window, agreed->bits(us));
    }
    const bool takes_over = recipe.takeover && agreed && !agreed->no_takeover(us);
    return compress(payload(message.payload),
                    takes_over ? link.own_stream().history() : wire::ByteView{}, recipe);
}

void Player::encode_message(Link& link, const MessageSpec& message, Outgoing& out) {
    const ByteString whole =
        message.compress ? compressed(link, message) : payload(message.payload);
    const std::uint8_t rsv = message.compress ? 4 : 0;
    std::vector<std::size_t> sizes(message.fragments.begin(), message.fragments.end());
    std::size_t left = whole.size();
    for (std::size_t& size : sizes) {
        size = std::min(size, left);
        left -= size;
    }
    const auto each =
        static_cast<std::size_t>(message.fragment_size.value_or(std::max<std::size_t>(left, 1)));
    for (; left > each; left -= each) {
        sizes.push_back(each);
    }
    sizes.push_back(left);
    std::size_t offset = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        wire::Key key;
        std::generate(key.begin(), key.end(),
                      [&] { return static_cast<std::byte>(link.random().next()); });
        wire::RawFrame frame{.fin = i + 1 == sizes.size(),
                             .rsv = i == 0 ? rsv : std::uint8_t{0},
                             .opcode = i == 0 ? message.opcode : std::uint8_t{0},
                             .payload = std::span(whole).subspan(offset, sizes[i])};
        if (we_mask()) {
            frame.key = key;
        }
        link.own_stream().frame(frame.opcode, frame.rsv, frame.fin, frame.payload);
        wire::append_frame(out.bytes, frame);
        out.boundaries.push_back(out.bytes.size());
        offset += sizes[i];
    }
    recorder_.add(Entry::Kind::sent, link.name(), describe(Item{message, false}), {}, whole,
                  message.payload.recipe.dump());
}

void Player::encode_item(Link& link, const Item& item, Outgoing& out) {
    if (item.offence) {
        link.offended();
    }
    if (sent_.size() < kSentShown) {
        sent_.push_back(describe(item));
    }
    if (const auto* frame = std::get_if<FrameSpec>(&item.what)) {
        encode_frame(link, *frame, out.bytes);
    } else if (const auto* message = std::get_if<MessageSpec>(&item.what)) {
        encode_message(link, *message, out);
    } else {
        const ByteString raw = payload(std::get<RawSpec>(item.what).bytes);
        out.bytes.insert(out.bytes.end(), raw.begin(), raw.end());
        recorder_.add(Entry::Kind::sent, link.name(), describe(item), {}, raw);
    }
    out.boundaries.push_back(out.bytes.size());
}

// encode also tells whether anything follows an offence within one write: the manner of ending is
// not judged then.
void Player::encode(Link& link, const std::vector<Item>& items, Outgoing& out) {
    for (const Item& item : items) {
        const bool follows = link.has_offended();
        const std::size_t begin = out.bytes.size();
        encode_item(link, item, out);
        if (follows && out.bytes.size() > begin) {
            link.followed_offence();
        }
        if (item.offence) {
            out.offence = begin;
        }
    }
}

// send_cut: pieces behind the one in which an offence begins may meet a peer that has failed the
// connection already.
void Player::send_cut(Link& link, const Outgoing& out, const Cut& cut) {
    if (is_cut_by_run(link, cut)) {
        send_segmented(link, out);
        return;
    }
    const wire::ByteView bytes = out.bytes;
    std::vector<std::size_t> ends;
    switch (cut.kind) {
        case Cut::Kind::whole:
            break;
        case Cut::Kind::frames:
            ends = out.boundaries;
            break;
        case Cut::Kind::at:
            ends.assign(cut.offsets.begin(), cut.offsets.end());
            break;
        case Cut::Kind::bytes:
        case Cut::Kind::every:
            for (std::uint64_t step = cut.kind == Cut::Kind::bytes ? 1 : cut.every, end = step;
                 end < bytes.size(); end += step) {
                ends.push_back(static_cast<std::size_t>(end));
            }
            break;
    }
    ends.push_back(bytes.size());
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
        if (end <= begin || end > bytes.size()) {
            continue;
        }
        if (begin > 0 && cut.pause.count() > 0) {
            act(PauseStep{cut.pause}, Step{.on = link.name()});
        }
        if (out.offence && begin > *out.offence) {
            link.followed_offence();
        }
        link.queue(bytes.subspan(begin, end - begin));
        flush(link);
        if (out.offence && end > *out.offence && !offence_sent_) {
            offence_sent_ = last_sent_;
        }
        begin = end;
    }
}

void Player::act(const SendStep& step, const Step& at) {
    Link& to = link(at.on);
    if (is_cut_by_run(to, step.cut)) {
        encode(to, step.items, held_for(to));
        if (segmentation_.kind != Segmentation::Kind::coalesce) {
            release_held();
        }
        return;
    }
    release_held();
    Outgoing out;
    encode(to, step.items, out);
    send_cut(to, out, step.cut);
}

void Player::act(const ConnectStep&, const Step& at) {
    connect_paced(at.on);
}

void Player::act(const RequestStep& step, const Step& at) {
    Link& to = connect_paced(at.on, step.plain);
    Outgoing out{.bytes = head_of(step, new_key(to))};
    out.boundaries.push_back(out.bytes.size());
    out.head = out.bytes.size();
    to.begin_handshake(offer_of(text_of(out.bytes)));
    sent_.push_back(describe(step));
    recorder_.add(Entry::Kind::sent, at.on, "HTTP: " + describe(step), out.bytes, {});
    encode(to, step.then, out);
    send_cut(to, out, step.cut);
}

}  // namespace wsproof::conformance
