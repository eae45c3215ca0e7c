// The inflater by itself: the vectors of RFC 7692 §7.2.3, cut in every way, and what it says of
// blocks.
#include "zlib_inflater.hpp"

#include <algorithm>

#include "support/streams.hpp"

namespace wsproof::test {
namespace {

struct Result {
    CodecStatus status = CodecStatus::ok;
    Buffer bytes{};
    bool is_at_block_end = false;
    bool is_after_final_block = false;

    friend bool operator==(const Result&, const Result&) = default;
};

// run feeds `in` in pieces of `step` bytes into memory of `room` bytes.
Result run(ZlibInflater& inflater, const Buffer& in, std::size_t step, std::size_t room) {
    Result result;
    Bytes rest = in;
    Buffer out(room);
    while (result.status == CodecStatus::ok) {
        const Bytes piece = rest.first(std::min(step, rest.size()));
        const auto progress = inflater.inflate(piece, out);
        result.status = progress.status;
        result.bytes.insert(result.bytes.end(), out.begin(),
                            out.begin() + static_cast<std::ptrdiff_t>(progress.produced));
        rest = rest.subspan(progress.consumed);
        if (rest.empty() && progress.produced < room) {
            break;
        }
    }
    result.is_at_block_end = inflater.is_at_block_end();
    result.is_after_final_block = inflater.is_after_final_block();
    return result;
}

// inflated: the same under every cut.
Result inflated(const Buffer& in) {
    const auto fresh = [&](std::size_t step, std::size_t room) {
        const auto inflater = ZlibInflater::make(0);
        return run(*inflater, in, step, room);
    };
    const Result whole = fresh(in.size(), 100000);
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, in.size()}) {
        for (const std::size_t room : {1U, 3U, 1000U}) {
            CHECK(fresh(step, room) == whole);
        }
    }
    return whole;
}

TEST_CASE("inflater: the vectors of RFC 7692 §7.2.3, with their tail") {
    const auto vector =
        GENERATE(as<std::string_view>{}, "one block: f2 48 cd c9 c9 07 00",
                 "stored: 00 05 00 fa ff 48 65 6c 6c 6f 00", "BFINAL: f3 48 cd c9 c9 07 00 00",
                 "two blocks: f2 48 05 00 00 00 ff ff ca c9 c9 07 00");
    const std::string_view hex = vector.substr(vector.find(':') + 1);
    INFO(vector);
    const Result result = inflated(operator""_hex(hex.data(), hex.size()) + "00 00 ff ff"_hex);
    CHECK(result.status == CodecStatus::ok);
    CHECK(to_text(result.bytes) == "Hello");
    CHECK(result.is_at_block_end);
    CHECK_FALSE(result.is_after_final_block);
}

TEST_CASE("inflater: a block marked as the last ends nothing, and is referred to") {
    const Buffer text = random_bytes(40000, 1);
    const Buffer first = deflated(text, {.end = End::final});
    const Buffer more(text.end() - 32000, text.end() - 31000);
    Result result = inflated(first);
    CHECK(result.is_at_block_end);
    CHECK(result.is_after_final_block);
    const Buffer second = deflated(more, {.dictionary = Buffer(text.end() - 32768, text.end())});
    REQUIRE(second.size() < 100);
    result = inflated(first + second);
    CHECK(result.status == CodecStatus::ok);
    CHECK(result.bytes == text + more);
    CHECK_FALSE(result.is_after_final_block);
}

TEST_CASE("inflater: every kind of block") {
    const Buffer text = random_bytes(70000, 2, 20);
    for (const Making& making : {Making{.level = 0}, Making{.strategy = Z_FIXED}, Making{},
                                 Making{.strategy = Z_HUFFMAN_ONLY}, Making{.strategy = Z_RLE}}) {
        CHECK(inflated(deflated(text, making)).bytes == text);
    }
}

TEST_CASE("inflater: what ends within a block is not at its end") {
    const Buffer whole = deflated(to_bytes("a text of some length, a text of some length"));
    for (std::size_t size = 1; size < whole.size(); ++size) {
        INFO("cut at " << size);
        const Buffer part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK_FALSE(inflated(part).is_at_block_end);
    }
    CHECK(inflated(whole).is_at_block_end);
    CHECK(inflated({}).bytes.empty());
}

TEST_CASE("inflater: what RFC 1951 does not know is bad, with all that came before it") {
    // A reserved block type; a stored length that its complement denies; a distance before the
    // start; too many length codes.
    for (const Buffer& bad : {"06"_hex, "00 05 00 00 00"_hex, "02 5e 00 00"_hex, "fc ff ff"_hex}) {
        const Result result = inflated(deflated(to_bytes("Hello")) + bad);
        CHECK(result.status == CodecStatus::bad_data);
    }
    CHECK(to_text(inflated(deflated(to_bytes("Hello")) + "06"_hex).bytes) == "Hello");
}

TEST_CASE("inflater: after a reset nothing is remembered") {
    const Buffer text = random_bytes(1000, 3);
    const Buffer second = deflated(text, {.dictionary = text});
    const auto inflater = ZlibInflater::make(0);
    CHECK(run(*inflater, deflated(text) + second, 9999, 9999).bytes == text + text);
    CHECK(run(*inflater, second, 9999, 9999).bytes == text);
    inflater->reset();
    CHECK(inflater->is_at_block_end());
    CHECK(run(*inflater, second, 9999, 9999).status == CodecStatus::bad_data);
}

}  // namespace
}  // namespace wsproof::test
