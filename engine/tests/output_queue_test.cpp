#include "output_queue.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "support/bytes.hpp"

namespace wsproof {
namespace {

using namespace test;

constexpr auto kEnd = FrameEnd::yes;
constexpr auto kMore = FrameEnd::no;

std::string shown(OutputQueue& queue) {
    std::string text;
    for (const Bytes piece : queue.gather()) {
        text += to_text(piece);
    }
    return text;
}

// drain takes everything, at most `step` bytes at a time.
std::string drain(OutputQueue& queue, std::size_t step = SIZE_MAX) {
    std::string text;
    for (;;) {
        const std::string next = shown(queue).substr(0, step);
        if (next.empty()) {
            return text;
        }
        text += next;
        CHECK(queue.consume(next.size()) == next.size());
    }
}

std::vector<Token> released(OutputQueue& queue) {
    std::vector<Token> tokens;
    while (const auto token = queue.next_released()) {
        tokens.push_back(*token);
    }
    return tokens;
}

TEST_CASE("OutputQueue: empty") {
    OutputQueue queue;
    CHECK(queue.gather().empty());
    CHECK(queue.size() == 0);
    CHECK(queue.consume(5) == 0);
    queue.clear();
    CHECK_FALSE(queue.next_released());
}

TEST_CASE("OutputQueue: frames in a row are one piece, in order") {
    OutputQueue queue;
    queue.copy(to_bytes("he"), kMore);
    queue.copy(to_bytes("llo "), kEnd);
    queue.copy(to_bytes("world"), kEnd);
    CHECK(queue.size() == 11);
    const auto pieces = queue.gather();
    REQUIRE(pieces.size() == 1);
    CHECK(to_text(pieces[0]) == "hello world");
    CHECK(queue.consume(11) == 11);
    CHECK(queue.size() == 0);
    CHECK(queue.gather().empty());
}

TEST_CASE("OutputQueue: byte by byte") {
    OutputQueue queue;
    const Buffer lent = to_bytes("lent");
    queue.copy(to_bytes("copied "), kMore);
    queue.lend(lent, 7, kEnd);
    queue.put_control(to_bytes("!"));
    CHECK(drain(queue, 1) == "!copied lent");
    CHECK(released(queue) == std::vector<Token>{7});
}

TEST_CASE("OutputQueue: lent bytes are not copied, and their token comes with their last byte") {
    OutputQueue queue;
    const Buffer one = to_bytes("one");
    const Buffer two = to_bytes("two");
    queue.lend(one, 1, kMore);
    queue.lend(two, 2, kEnd);
    const auto pieces = queue.gather();
    REQUIRE(pieces.size() == 2);
    CHECK(pieces[0].data() == one.data());
    CHECK(pieces[1].data() == two.data());
    queue.consume(2);
    CHECK(released(queue).empty());
    queue.consume(2);
    CHECK(released(queue) == std::vector<Token>{1});
    CHECK(drain(queue) == "wo");
    CHECK(released(queue) == std::vector<Token>{2});
    queue.lend(one, std::nullopt, kEnd);
    drain(queue);
    CHECK(released(queue).empty());
    queue.release(9);
    CHECK(released(queue) == std::vector<Token>{9});
}

TEST_CASE("OutputQueue: control frames go before data that has not started") {
    OutputQueue queue;
    queue.copy(to_bytes("aaa"), kEnd);
    queue.copy(to_bytes("bbb"), kEnd);
    queue.put_control(to_bytes("1"));
    queue.put_control(to_bytes("2"));
    CHECK(shown(queue) == "12aaabbb");
}

TEST_CASE("OutputQueue: what was shown keeps its place until consume") {
    OutputQueue queue;
    queue.copy(to_bytes("aaa"), kEnd);
    queue.copy(to_bytes("bbb"), kEnd);
    CHECK(shown(queue) == "aaabbb");
    queue.put_control(to_bytes("1"));
    queue.copy(to_bytes("ccc"), kEnd);
    CHECK(shown(queue) == "aaabbb1ccc");
    queue.consume(1);
    queue.put_control(to_bytes("2"));
    CHECK(shown(queue) == "aa12bbbccc");
    queue.consume(2);
    queue.put_control(to_bytes("3"));
    CHECK(shown(queue) == "123bbbccc");
    queue.consume(4);
    queue.put_control(to_bytes("4"));
    CHECK(drain(queue) == "bb4ccc");
}

TEST_CASE("OutputQueue: a frame in several pieces is not interrupted") {
    OutputQueue queue;
    const Buffer lent = to_bytes("llo");
    queue.copy(to_bytes("he"), kMore);
    queue.lend(lent, 1, kEnd);
    queue.copy(to_bytes("next"), kEnd);
    CHECK(shown(queue) == "hellonext");
    queue.consume(2);  // exactly the header
    queue.put_control(to_bytes("1"));
    CHECK(drain(queue) == "llo1next");
}

TEST_CASE("OutputQueue: bytes that exceed a block") {
    OutputQueue queue;
    std::string text;
    for (std::size_t i = 0; i < 3 * kBlockSize + 10; ++i) {
        text.push_back(static_cast<char>('a' + i % 26));
    }
    queue.copy(to_bytes("<"), kMore);
    queue.copy(to_bytes(text), kEnd);
    queue.copy(to_bytes(">"), kEnd);
    static_cast<void>(shown(queue));
    queue.consume(kBlockSize);
    queue.put_control(to_bytes("!"));
    CHECK(drain(queue) == ("<" + text + "!>").substr(kBlockSize));
    CHECK(drain(queue).empty());
}

TEST_CASE("OutputQueue: lent bytes are masked as they go out, chunk by chunk") {
    const MaskKey key{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
    const auto step = GENERATE(std::size_t{1000}, std::size_t{4095}, std::size_t{4097}, SIZE_MAX);
    OutputQueue queue;
    Buffer lent(600000);
    std::string expected = "h";
    for (std::size_t i = 0; i < lent.size(); ++i) {
        lent[i] = static_cast<std::byte>(i * 7);
        expected.push_back(static_cast<char>(lent[i] ^ key[i % 4]));
    }
    queue.copy(to_bytes("h"), kMore);
    queue.lend_masked(lent, key, 5, kEnd);
    queue.copy(to_bytes("next"), kEnd);
    CHECK(queue.size() == lent.size() + 5);
    const std::string first = shown(queue).substr(0, step);
    CHECK(first.size() < lent.size());  // not all of it is in our memory
    queue.consume(first.size());
    queue.put_control(to_bytes("!"));
    CHECK(released(queue).empty());
    const bool is_whole = first + drain(queue, step) == expected + "!next";
    CHECK(is_whole);
    CHECK(released(queue) == std::vector<Token>{5});
}

TEST_CASE("OutputQueue: a long frame that was shown in part but not started can be overtaken") {
    OutputQueue queue;
    const Buffer lent(600000);
    queue.copy(to_bytes("first"), kEnd);
    queue.lend_masked(lent, {}, 1, kEnd);
    CHECK(shown(queue).size() < lent.size());
    queue.consume(2);
    queue.put_control(to_bytes("!"));
    CHECK(shown(queue).substr(0, 4) == "rst!");
    CHECK(drain(queue).size() == 4 + lent.size());
}

TEST_CASE("OutputQueue: a list has at most kGatherMax pieces, and the rest comes after them") {
    OutputQueue queue;
    const Buffer lent = to_bytes("x");
    for (Token i = 0; i < 500; ++i) {
        queue.lend(lent, i, kEnd);
    }
    CHECK(queue.gather().size() == OutputQueue::kGatherMax);
    CHECK(drain(queue) == std::string(500, 'x'));
    const std::vector<Token> tokens = released(queue);
    REQUIRE(tokens.size() == 500);
    CHECK(tokens.front() == 0);
    CHECK(tokens.back() == 499);
}

TEST_CASE("OutputQueue: Pongs beyond the limit replace the oldest that was not shown") {
    OutputQueue queue;
    queue.put_control(to_bytes("P"));
    for (char c = 'a'; c < 'a' + 16; ++c) {
        queue.put_pong(to_bytes(std::string(1, c)));
    }
    queue.put_pong(to_bytes("q"));
    CHECK(shown(queue) == "Pbcdefghijklmnopq");
    queue.put_pong(to_bytes("r"));  // all others are shown
    queue.put_pong(to_bytes("s"));
    CHECK(shown(queue) == "Pbcdefghijklmnopq");
    CHECK(queue.size() == 18);
    CHECK(drain(queue) == "Pbcdefghijklmnopqs");
    queue.put_pong(to_bytes("t"));
    queue.put_pong(to_bytes("u"));
    CHECK(drain(queue) == "tu");
}

// The owner tries to write again and again, and the peer takes nothing.
TEST_CASE("OutputQueue: Pongs that were shown in vain are replaced like the others") {
    OutputQueue queue;
    for (int i = 0; i < 1000; ++i) {
        queue.put_pong(to_bytes(std::string("\x8A\0", 2)));
        CHECK(shown(queue).size() == queue.size());
        CHECK(queue.consume(0) == 0);
    }
    CHECK(queue.size() <= 2 * (OutputQueue::kPongsUnsentMax + 1));
}

TEST_CASE("OutputQueue: clear drops all and releases every token") {
    OutputQueue queue;
    const Buffer lent(10);
    queue.lend(lent, 1, kEnd);
    queue.lend_masked(lent, {}, 2, kEnd);
    queue.copy(lent, kEnd);
    queue.put_pong(to_bytes("p"));
    static_cast<void>(shown(queue));
    queue.consume(3);
    queue.lend(lent, 3, kEnd);
    queue.clear();
    CHECK(queue.size() == 0);
    CHECK(queue.gather().empty());
    CHECK(released(queue) == std::vector<Token>{1, 2, 3});
    queue.copy(to_bytes("again"), kEnd);
    CHECK(drain(queue) == "again");
}

TEST_CASE("OutputQueue: consume takes no more than there is, and may be called twice") {
    OutputQueue queue;
    queue.copy(to_bytes("abcdef"), kEnd);
    CHECK(queue.consume(3) == 0);  // nothing was shown
    static_cast<void>(queue.gather());
    CHECK(queue.consume(2) == 2);
    CHECK(queue.consume(2) == 2);
    CHECK(queue.consume(99) == 2);
    CHECK(queue.size() == 0);
}

// frame_of: a frame of `size` bytes, all of which say which one it is.
std::string frame_of(std::size_t number, std::size_t size) {
    std::string frame(2 + size, static_cast<char>(number));
    frame[0] = '\x82';
    frame[1] = static_cast<char>(size);
    return frame;
}

void put_short(OutputQueue& queue, const std::string& frame) {
    std::byte* const room = queue.room_for_frame(frame.size() + 12);
    std::copy_n(to_bytes(frame).begin(), frame.size(), room);
    queue.put_frame(room, frame.size());
}

TEST_CASE("OutputQueue: a head goes out before all, and what follows it in one list") {
    OutputQueue queue;
    queue.put_head("head\r\n");
    CHECK(shown(queue) == "head\r\n");
    CHECK(queue.consume(2) == 2);
    put_short(queue, frame_of(7, 3));
    queue.put_control(to_bytes(std::string_view("\x89\0", 2)));
    const std::string rest = "ad\r\n" + std::string("\x89\0", 2) + frame_of(7, 3);
    CHECK(queue.size() == rest.size());
    CHECK(shown(queue) == rest);
    CHECK(drain(queue, 3) == rest);
    CHECK(queue.size() == 0);
}

TEST_CASE("OutputQueue: clear drops a head") {
    OutputQueue queue;
    queue.put_head("head");
    CHECK(shown(queue) == "head");
    CHECK(queue.consume(1) == 1);
    queue.clear();
    CHECK(queue.size() == 0);
    CHECK(queue.gather().empty());
}

// Whatever is put when, and however much of it is taken at a time: frames come out whole and in
// order, with control frames between them.
TEST_CASE("OutputQueue: short frames in a row, among all that can come between them") {
    for (unsigned seed = 1; seed <= 200; ++seed) {
        std::minstd_rand random(seed);
        OutputQueue queue;
        std::vector<std::string> lent(60);
        std::string out;
        std::string data;
        std::string pings;
        const auto take = [&](std::size_t most) {
            const std::string next = shown(queue).substr(0, most);
            out += next;
            queue.consume(next.size());
        };
        for (std::size_t i = 0; i < lent.size(); ++i) {
            lent[i] = frame_of(i, random() % 100);
            const auto how = random() % 8;
            if (how == 0) {
                queue.copy(to_bytes(lent[i]), kEnd);
            } else if (how == 1) {
                queue.lend(std::as_bytes(std::span(lent[i])), i, kEnd);
            } else {
                put_short(queue, lent[i]);
            }
            data += lent[i];
            if (random() % 5 == 0) {
                const std::string ping = {'\x89', 1, static_cast<char>(i)};
                queue.put_control(to_bytes(ping));
                pings += ping;
            }
            if (random() % 4 == 0) {
                take(random() % 300);
            }
        }
        while (queue.size() > 0) {
            take(1 + random() % 300);
        }
        std::string data_out;
        std::string pings_out;
        for (std::size_t at = 0; at < out.size();) {
            const std::size_t size = 2 + static_cast<unsigned char>(out.at(at + 1));
            (out[at] == '\x89' ? pings_out : data_out) += out.substr(at, size);
            at += size;
        }
        REQUIRE(data_out == data);
        REQUIRE(pings_out == pings);
    }
}

}  // namespace
}  // namespace wsproof
