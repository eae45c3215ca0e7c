// The token-walking inflater: RFC 7692's vectors, what zlib writes, and every way to be wrong.
#include "wire/inflate.hpp"

#include "payload.hpp"
#include "support/bytes.hpp"
#include "support/zlib_stream.hpp"

namespace wsproof::conformance::test {

using wire::Ending;
using wire::InflateFault;

namespace {

constexpr std::size_t kLimit = 1 << 20;

wire::Inflated inflated(const ByteString& payload, std::string_view history = {}) {
    return wire::inflate(payload, to_bytes(history), kLimit);
}

std::string text_of(const ByteString& payload, std::string_view history = {}) {
    const wire::Inflated message = inflated(payload, history);
    CHECK(message.is_whole());
    CHECK(message.ending == Ending::proper);
    return to_text(message.data);
}

// A text with repetitions near and far.
ByteString sample(std::size_t size) {
    Random random(7);
    ByteString data;
    while (data.size() < size) {
        if (data.size() > 20 && random.below(4) == 0) {
            const std::size_t from = random.below(data.size() - 10);
            for (std::size_t i = 0; i < 5 + random.below(40); ++i) {
                data.push_back(data[from + i % 10]);
            }
        } else {
            data.push_back(static_cast<std::byte>(random.below(64) + 32));
        }
    }
    data.resize(size);
    return data;
}

}  // namespace

TEST_CASE("Inflate: the examples of RFC 7692") {
    CHECK(text_of("f2 48 cd c9 c9 07 00"_hex) == "Hello");                    // §7.2.3.1
    CHECK(text_of("f2 00 11 00 00"_hex, "Hello") == "Hello");                 // §7.2.3.2
    CHECK(text_of("00 05 00 fa ff 48 65 6c 6c 6f 00"_hex) == "Hello");        // §7.2.3.3
    CHECK(text_of("f3 48 cd c9 c9 07 00 00"_hex) == "Hello");                 // §7.2.3.4
    CHECK(text_of("f2 48 05 00 00 00 ff ff ca c9 c9 07 00"_hex) == "Hello");  // §7.2.3.5
    CHECK(text_of("00"_hex).empty());                                         // §7.2.3.6
    CHECK(text_of("02 00"_hex).empty());
}

TEST_CASE("Inflate: which blocks a message has") {
    CHECK(inflated("f2 48 cd c9 c9 07 00"_hex).fixed_blocks == 1);
    CHECK(inflated("f2 48 cd c9 c9 07 00"_hex).stored_blocks == 1);
    CHECK(inflated("f2 48 cd c9 c9 07 00"_hex).final_blocks == 0);
    CHECK(inflated("f3 48 cd c9 c9 07 00 00"_hex).final_blocks == 1);
    CHECK(inflated("01"_hex).final_blocks == 1);
    CHECK(inflated("01"_hex).ending == Ending::proper);
    CHECK(inflated(ZlibDeflate().message(sample(5000))).dynamic_blocks == 1);
}

TEST_CASE("Inflate: how far references go back, and where") {
    const wire::Inflated inside = inflated("f2 48 cd c9 c9 07 00"_hex);
    CHECK(inside.distance == 0);
    const wire::Inflated across = inflated("f2 00 11 00 00"_hex, "Hello");
    CHECK(across.distance == 5);
    CHECK(across.reach == 4);
    CHECK(across.reach_bit == 11);  // behind the header and the literal H
    const wire::Inflated partly = inflated("f2 00 11 00 00"_hex, "xxxxxHello");
    CHECK(to_text(partly.data) == "Hello");
    CHECK(partly.reach == 4);
}

TEST_CASE("Inflate: a reference to before the beginning is a fault, not a window") {
    const wire::Inflated message = inflated("f2 00 11 00 00"_hex);
    CHECK(message.fault == InflateFault::too_far);
    CHECK(message.fault_bit == 11);
    CHECK(to_text(message.data) == "H");
    CHECK(inflated("f2 00 11 00 00"_hex, "ell").fault == InflateFault::too_far);
    CHECK(inflated("f2 00 11 00 00"_hex, "ello").fault == InflateFault::none);
}

TEST_CASE("Inflate: how a message can end") {
    CHECK(inflated("f2 48 cd c9 c9 07 00"_hex).ending == Ending::proper);
    CHECK(inflated("f2 48 cd c9 c9 07 00 00 00 ff ff"_hex).ending == Ending::tail_kept);
    CHECK(inflated("00 00 00 ff ff"_hex).ending == Ending::tail_kept);
    CHECK(inflated("f3 48 cd c9 c9 07 00"_hex).ending == Ending::no_block);
    CHECK(inflated(""_hex).ending == Ending::no_block);
    CHECK(inflated("00 04 00 fb ff"_hex).ending == Ending::swallowed);
    CHECK(inflated("f2 48 cd"_hex).ending == Ending::swallowed);
    CHECK(to_text(inflated("f2 48 cd"_hex).data) == "Heh");  // what is left of an l, and zeros
    CHECK(to_text(inflated("f3 48 cd c9 c9 07 00"_hex).data) == "Hello");
}

TEST_CASE("Inflate: streams that are none") {
    const auto fault = [](const ByteString& payload) { return inflated(payload).fault; };
    CHECK(fault("06"_hex) == InflateFault::reserved_block);
    CHECK(fault("ff ff ff ff"_hex) == InflateFault::reserved_block);
    CHECK(fault("00 05 00 fa fe 48 65 6c 6c 6f 00"_hex) == InflateFault::stored_length);
    CHECK(fault("00 06 00 f9 ff 48"_hex) == InflateFault::cut_off);
    CHECK(fault("4a 1c 03 00"_hex) == InflateFault::undefined_code);    // literal code 286
    CHECK(fault("4a 04 3e 00 00"_hex) == InflateFault::distance_code);  // 30
    CHECK(fault("fc 00 00"_hex) == InflateFault::code_lengths);         // 288 literal codes
    CHECK(fault("04 00 92 00 00"_hex) == InflateFault::code_lengths);   // three codes of one bit
    CHECK(fault("04 00 02 24 00"_hex) == InflateFault::code_lengths);   // repeats nothing
    CHECK(describe(inflated("06"_hex), 1) ==
          "a reserved block type at bit 0 of 1 compressed bytes");
}

TEST_CASE("Inflate: bits behind a final block are zero") {
    CHECK(inflated("f3 48 cd c9 c9 07 00 00"_hex).padding_is_zero);
    CHECK_FALSE(inflated("f3 48 cd c9 c9 07 80 00"_hex).padding_is_zero);
    CHECK(to_text(inflated("f3 48 cd c9 c9 07 80 00"_hex).data) == "Hello");
}

TEST_CASE("Inflate: no more than the limit is made") {
    const ByteString data(100'000, std::byte{'a'});
    const wire::Inflated message = wire::inflate(ZlibDeflate().message(data), {}, 5'000);
    CHECK(message.fault == InflateFault::over_limit);
    CHECK(message.data.size() == 5'000);
}

TEST_CASE("Inflate: what zlib writes, at any level, with context") {
    const int strategies[] = {Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_FIXED};
    for (const int strategy : strategies) {
        for (const int level : {0, 1, 6, 9}) {
            ZlibDeflate writer(15, level, strategy);
            wire::History history;
            for (const std::size_t size : {1U, 100U, 40'000U, 70'000U, 100U}) {
                const ByteString data = sample(size);
                const wire::Inflated message =
                    wire::inflate(writer.message(data), history.view(), kLimit);
                REQUIRE(message.is_whole());
                CHECK(message.ending == Ending::proper);
                CHECK(message.data == data);
                history.append(message.data);
            }
        }
    }
}

TEST_CASE("Inflate: zlib keeps to its window, and the walk sees it") {
    for (const int bits : {9, 10, 12, 15}) {
        ZlibDeflate writer(bits);
        const wire::Inflated message = wire::inflate(writer.message(sample(70'000)), {}, kLimit);
        CHECK(message.distance <= 1U << bits);
        CHECK(message.distance > (1U << bits) / 3);  // it leaves a margin of 262
    }
}

TEST_CASE("Inflate: a message cut anywhere is never taken for whole") {
    for (const char* hex :
         {"f2 48 cd c9 c9 07 00", "02 05 00 fa ff 48 65 6c 6c 6f 00", "f3 48 cd c9 c9 07 00 00"}) {
        const ByteString whole = operator""_hex(hex, std::string_view(hex).size());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const ByteString cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            const wire::Inflated message = inflated(cut);
            INFO(size);
            CHECK((!message.is_whole() || message.ending != Ending::proper));
        }
    }
    const ByteString whole = ZlibDeflate().message(sample(3'000));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const ByteString cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const wire::Inflated message = inflated(cut);
        INFO(size);
        CHECK((!message.is_whole() || message.ending != Ending::proper));
    }
}

TEST_CASE("Inflate: agrees with zlib on streams with one wrong bit") {
    const ByteString whole = ZlibDeflate().message(sample(400));
    std::size_t accepted = 0;
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        ByteString wrong = whole;
        wrong[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));
        const wire::Inflated message = inflated(wrong);
        const auto zlib = ZlibInflate().message(wrong);
        INFO(bit);
        if (message.is_whole() && message.ending == Ending::proper && message.final_blocks == 0) {
            ++accepted;
            REQUIRE(zlib);
            CHECK(*zlib == message.data);
        } else if (zlib && message.fault == InflateFault::none) {
            CHECK(*zlib == message.data);  // zlib does not look at how a message ends
        }
    }
    CHECK(accepted > 0);
}

TEST_CASE("History: the last 32,768 bytes count") {
    wire::History history;
    history.append(to_bytes("abc"));
    CHECK(to_text(history.view()) == "abc");
    history.append(sample(40'000));
    history.append(to_bytes("tail"));
    CHECK(history.view().size() == 32'768);
    CHECK(to_text(history.view().last(4)) == "tail");
    for (int i = 0; i < 100; ++i) {
        history.append(sample(1'000));
    }
    CHECK(history.view().size() == 32'768);
    const ByteString last = sample(1'000);
    CHECK(ByteString(history.view().end() - 1'000, history.view().end()) == last);
}

}  // namespace wsproof::conformance::test
