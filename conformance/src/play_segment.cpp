// How a run's own segmentation (--segment) cuts or joins what the scenario leaves whole.
#include <chrono>
#include <thread>

#include "player.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::size_t kCutsOfACase = 4096;
// Most heads are alike but for the key: one in so many is cut, those of `request` steps always.
constexpr std::uint64_t kHeadsForOneCut = 16;
// The receiver shall read a piece before the next one comes. A loaded one may read two at once all
// the same; many pieces make up for it.
constexpr std::chrono::microseconds kBetween{100};

}  // namespace

bool Player::is_cut_by_run(const Link& link, const Cut& cut) const {
    return !segmentation_.is_whole() && cut.kind == Cut::Kind::whole && cut.pause.count() == 0 &&
           !link.name().starts_with("canary");
}

void Player::send_opening(Link& link, wire::ByteView head) {
    if (link.name() == "main" && is_cut_by_run(link, Cut{}) && seed_ % kHeadsForOneCut == 0) {
        send_segmented(link, {.bytes = {head.begin(), head.end()}, .head = head.size()});
        return;
    }
    link.queue(head);
    flush(link);
}

// send_segmented: the bytes of an offence behind its first piece may meet a peer that has failed
// the connection already, so the manner of ending is not judged then.
void Player::send_segmented(Link& link, const Outgoing& out) {
    const wire::ByteView bytes = out.bytes;
    std::vector<std::size_t> ends =
        cuts_of(segmentation_, {bytes, out.head, out.boundaries},
                seed_of(seed_, "cuts " + std::to_string(cuts_made_)), kCutsOfACase - cuts_made_);
    if (!ends.empty()) {
        cuts_made_ += ends.size();
        recorder_.note(link.name(), "what is above leaves in " + std::to_string(ends.size() + 1) +
                                        " pieces (--segment " + name(segmentation_) + ")");
    }
    ends.push_back(bytes.size());
    std::size_t begin = 0;
    for (std::size_t end : ends) {
        if (begin > 0 && !pause_between_pieces(link)) {
            end = bytes.size();  // the peer has said its last word: the rest is for form's sake
        }
        if (out.offence && begin > *out.offence) {
            link.followed_offence();
        }
        link.queue(bytes.subspan(begin, end - begin));
        flush(link);
        begin = end;
        if (begin == bytes.size()) {
            break;
        }
    }
    if (out.offence && !offence_sent_) {
        offence_sent_ = last_sent_;  // of the last piece: a cut is no delay of the peer's
    }
}

// pause_between_pieces reads meanwhile; false once the peer has closed or ended the connection.
bool Player::pause_between_pieces(const Link& link) {
    std::this_thread::sleep_for(kBetween);
    pump(net::Clock::now());
    return !link.is_done() && !link.saw_close();
}

Player::Outgoing& Player::held_for(Link& link) {
    if (held_on_ != nullptr && held_on_ != &link) {
        release_held();
    }
    held_on_ = &link;
    return held_;
}

// holds_back: the next step sends too, and waits for nothing before it does.
bool Player::holds_back(const Step& next) const {
    return held_on_ != nullptr && next.on == held_on_->name() &&
           (std::holds_alternative<SendStep>(next.action) ||
            std::holds_alternative<FenceStep>(next.action) ||
            std::holds_alternative<CloseStep>(next.action));
}

void Player::release_held() {
    if (held_on_ == nullptr) {
        return;
    }
    Link& to = *std::exchange(held_on_, nullptr);
    const Outgoing out = std::exchange(held_, {});
    send_cut(to, out, Cut{});
}

}  // namespace wsproof::conformance
