#include "output_queue.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "mask.hpp"

namespace wsproof {

namespace {

// How much is taken out of the lanes at a time: enough to fill a writev(), little enough for a
// control frame not to wait behind what nobody is writing yet.
constexpr std::size_t kExposedSizeMax = std::size_t{256} << 10;  // bytes
constexpr std::size_t kExposedCountMax = 256;                    // segments
// What is masked on its way out is masked as little at a time as a first-level cache holds: of 64
// KiB at a time a client's messages of 1 MiB take half as long again, in memory.
constexpr std::size_t kExposedMaskedMax = std::size_t{16} << 10;  // bytes

}  // namespace

void OutputQueue::store(Bytes bytes, const MaskKey* key, FrameEnd end) {
    run_ = nullptr;
    size_ += bytes.size();
    std::uint64_t offset = 0;
    while (!bytes.empty()) {
        Block& block = pool_.with_room(1);
        const MutableBytes room = block.room();
        const Bytes piece = bytes.first(std::min(bytes.size(), room.size()));
        if (key != nullptr) {
            wsproof::copy_masked(piece, room.data(), *key, offset);
        } else {
            std::memcpy(room.data(), piece.data(), piece.size());
        }
        block.used += piece.size();
        offset += piece.size();
        bytes = bytes.subspan(piece.size());
        const bool ends_frame = bytes.empty() && end == FrameEnd::yes;
        if (!data_.empty() && !data_.back().ends_frame && data_.back().block == &block &&
            data_.back().data + data_.back().size == room.data()) {
            data_.back().size += piece.size();  // a header and its payload are one piece
            data_.back().ends_frame = ends_frame;
            continue;
        }
        data_.reserve(1);
        ++block.holders;
        data_.push_back(
            {.data = room.data(), .size = piece.size(), .block = &block, .ends_frame = ends_frame});
    }
}

void OutputQueue::copy(Bytes bytes, FrameEnd end) {
    store(bytes, nullptr, end);
}

void OutputQueue::copy_masked(Bytes bytes, const MaskKey& key, FrameEnd end) {
    store(bytes, &key, end);
}

std::byte* OutputQueue::room_for_run(std::size_t size) {
    run_ = nullptr;
    Block& block = pool_.with_room(size);
    data_.reserve(1);
    return block.room().data();
}

void OutputQueue::start_run(std::byte* frame) noexcept {
    Block& block = pool_.current();
    ++block.holders;
    data_.push_back({.data = frame, .block = &block, .frames = frame, .ends_frame = true});
    run_ = &data_.back();
}

void OutputQueue::put_head(std::string_view head) {
    std::unique_ptr<char[]> memory(new char[head.size()]);
    std::copy(head.begin(), head.end(), memory.get());
    put_head(std::move(memory), 0, head.size());
}

void OutputQueue::put_head(std::unique_ptr<char[]> memory, std::size_t begin,
                           std::size_t end) noexcept {
    assert(size_ == 0);
    head_ = std::move(memory);
    head_begin_ = begin;
    head_end_ = end;
    size_ = end - begin;
}

void OutputQueue::lend(const Segment& segment) {
    run_ = nullptr;
    if (segment.has_token) {
        released_.reserve(tokens_held_ + 1);  // for let_go(), which must not fail
    }
    data_.push_back(segment);
    size_ += segment.size;
    tokens_held_ += segment.has_token ? 1U : 0U;
}

void OutputQueue::lend(Bytes bytes, std::optional<Token> token, FrameEnd end) {
    lend({.data = bytes.data(),
          .size = bytes.size(),
          .token = token.value_or(0),
          .has_token = token.has_value(),
          .ends_frame = end == FrameEnd::yes});
}

void OutputQueue::lend_masked(Bytes bytes, const MaskKey& key, std::optional<Token> token,
                              FrameEnd end) {
    lend({.data = bytes.data(),
          .size = bytes.size(),
          .token = token.value_or(0),
          .key = key,
          .needs_mask = true,
          .has_token = token.has_value(),
          .ends_frame = end == FrameEnd::yes});
}

void OutputQueue::put_control(Bytes frame) {
    run_ = nullptr;
    Block& block = pool_.with_room(frame.size());
    const MutableBytes room = block.room();
    std::memcpy(room.data(), frame.data(), frame.size());
    block.used += frame.size();
    control_.reserve(1);
    ++block.holders;
    size_ += frame.size();
    control_.push_back({.data = room.data(),
                        .size = frame.size(),
                        .block = &block,
                        .ends_frame = true,
                        .is_control = true});
}

void OutputQueue::put_pong(Bytes frame) {
    if (pongs_unsent_ >= kPongsUnsentMax) {
        if (!is_shown_) {
            take_back_unstarted();
        }
        drop_oldest_pong();
    }
    put_control(frame);
    control_.back().is_pong = true;
    ++pongs_unsent_;
}

void OutputQueue::drop_oldest_pong() noexcept {
    for (std::size_t i = 0; i < control_.size(); ++i) {
        if (control_[i].is_pong) {
            const Segment pong = control_[i];
            control_.erase(i);
            size_ -= pong.size;
            let_go(pong);
            return;
        }
    }
}

// split_started: where frames lie in a row, only the one that has begun to go out keeps its place.
void OutputQueue::split_started() {
    Segment& front = exposed_.front();
    const std::byte* const end = front.data + front.size;
    const std::byte* at = front.frames;
    while (at < front.data) {
        const auto header = decode({at, end});
        at += header_size(*header) + static_cast<std::size_t>(header->payload_size);
    }
    if (at == front.data) {
        front_is_started_ = false;
        front.frames = at;
    } else if (at < end) {
        exposed_.reserve(1);
        Segment rest = exposed_.front();
        Segment started = rest;
        started.size = static_cast<std::size_t>(at - started.data);
        started.frames = nullptr;
        rest.data = at;
        rest.size = static_cast<std::size_t>(end - at);
        rest.frames = at;
        ++rest.block->holders;
        exposed_.front() = rest;
        exposed_.push_front(started);
    }
}

// take_back_unstarted: a control frame came after a partial write. Only the frame that has begun to
// go out keeps its place; the rest return to their lanes, in their order.
void OutputQueue::take_back_unstarted() {
    if (front_is_started_ && !exposed_.empty() && exposed_.front().frames != nullptr) {
        split_started();
    }
    control_.reserve(exposed_.size());
    data_.reserve(exposed_.size());
    std::size_t kept = 0;
    while (front_is_started_ && kept < exposed_.size()) {
        ++kept;
        if (exposed_[kept - 1].ends_frame) {
            break;
        }
    }
    while (exposed_.size() > kept) {
        const Segment segment = exposed_.back();
        exposed_.pop_back();
        exposed_size_ -= segment.size;
        (segment.is_control ? control_ : data_).push_front(segment);
        frame_is_open_ = false;  // what is now last, if anything, ends its frame
    }
}

// next_masked_chunk masks as much of the lent bytes at the front of the data lane as fits a block.
OutputQueue::Segment OutputQueue::next_masked_chunk() {
    Segment& lent = data_.front();
    Block& block = pool_.with_room(1);
    const MutableBytes room = block.room();
    const std::size_t size = std::min(lent.size, room.size());
    wsproof::copy_masked({lent.data, size}, room.data(), lent.key, lent.mask_offset);
    block.used += size;
    ++block.holders;
    Segment chunk{.data = room.data(), .size = size, .block = &block};
    lent.data += size;
    lent.size -= size;
    lent.mask_offset += size;
    if (lent.size == 0) {
        chunk.token = lent.token;
        chunk.has_token = lent.has_token;
        chunk.ends_frame = lent.ends_frame;
        data_.pop_front();
    }
    return chunk;
}

void OutputQueue::expose() {
    while (exposed_.size() < kExposedCountMax && exposed_size_ < kExposedSizeMax) {
        // Control frames are whole segments, so that an open frame is one of the data lane. Pongs
        // that may have to give way to newer ones are not shown while nobody takes what was.
        const bool may_replace = is_shown_ && pongs_unsent_ >= kPongsUnsentMax;
        const bool is_control_next = !frame_is_open_ && !control_.empty() && !may_replace;
        if (!is_control_next && data_.empty()) {
            return;
        }
        exposed_.reserve(1);  // from here on nothing is to get lost between two lanes
        Segment segment;
        if (!is_control_next && data_.front().needs_mask) {
            if (exposed_size_ >= kExposedMaskedMax) {
                return;
            }
            segment = next_masked_chunk();
        } else {
            Lane& lane = is_control_next ? control_ : data_;
            segment = lane.front();
            lane.pop_front();
        }
        exposed_.push_back(segment);
        exposed_size_ += segment.size;
        frame_is_open_ = !segment.ends_frame;
    }
}

std::span<const Bytes> OutputQueue::gather() {
    run_ = nullptr;
    if (!is_shown_ && !control_.empty()) {
        take_back_unstarted();
    }
    expose();
    const Bytes head = std::as_bytes(std::span(head_.get() + head_begin_, head_end_ - head_begin_));
    if (exposed_.size() + (head.empty() ? 0 : 1) == 1) {  // most outputs, which need no list
        single_ = head.empty() ? Bytes(exposed_.front().data, exposed_.front().size) : head;
        is_shown_ = true;
        return {&single_, 1};
    }
    list_.clear();
    if (!head.empty()) {
        list_.push_back(head);
    }
    const Block* last_block = nullptr;
    for (std::size_t i = 0; i < exposed_.size(); ++i) {
        const Segment& segment = exposed_[i];
        const bool goes_on = segment.block != nullptr && segment.block == last_block &&
                             list_.back().data() + list_.back().size() == segment.data;
        if (goes_on) {
            list_.back() = {list_.back().data(), list_.back().size() + segment.size};
        } else if (list_.size() < kGatherMax) {
            list_.emplace_back(segment.data, segment.size);
        } else {
            break;
        }
        last_block = segment.block;
    }
    is_shown_ = !list_.empty();
    return list_;
}

void OutputQueue::let_go(const Segment& segment) noexcept {
    if (segment.block != nullptr) {
        pool_.release(*segment.block);
    }
    if (segment.has_token) {
        released_.push_back(segment.token);
        --tokens_held_;
    }
    if (segment.is_pong) {
        --pongs_unsent_;
    }
}

std::size_t OutputQueue::consume(std::size_t size) noexcept {
    const std::size_t of_head = std::min(size, head_end_ - head_begin_);
    head_begin_ += of_head;
    const std::size_t of_frames = std::min(size - of_head, exposed_size_);
    std::size_t left = of_frames;
    while (left > 0) {
        Segment& front = exposed_.front();
        if (left < front.size) {
            front.data += left;
            front.size -= left;
            front_is_started_ = true;
            break;
        }
        left -= front.size;
        front_is_started_ = !front.ends_frame;
        let_go(front);
        exposed_.pop_front();
    }
    size_ -= of_head + of_frames;
    exposed_size_ -= of_frames;
    is_shown_ = false;
    if (size_ == 0) {
        trim();
    }
    return of_head + of_frames;
}

void OutputQueue::clear() noexcept {
    run_ = nullptr;
    for (Lane* lane : {&exposed_, &control_, &data_}) {
        for (; !lane->empty(); lane->pop_front()) {
            let_go(lane->front());
        }
    }
    head_begin_ = head_end_;
    size_ = 0;
    exposed_size_ = 0;
    front_is_started_ = false;
    frame_is_open_ = false;
    if (!is_shown_) {  // or else at consume(): somebody may be writing it at this moment
        trim();
    }
    is_shown_ = false;
}

void OutputQueue::release_memory() noexcept {
    assert(size_ == 0);
    pool_.clear();
    for (Lane* lane : {&exposed_, &control_, &data_}) {
        lane->release();
    }
    list_ = std::vector<Bytes>();
    if (released_.empty() && tokens_held_ == 0) {
        released_.release();
    }
}

// trim: nothing is held.
void OutputQueue::trim() noexcept {
    pool_.trim();
    head_.reset();
    head_begin_ = 0;
    head_end_ = 0;
}

std::optional<Token> OutputQueue::next_released() noexcept {
    if (released_.empty()) {
        return std::nullopt;
    }
    const Token token = released_.front();
    released_.pop_front();
    return token;
}

}  // namespace wsproof
