// RFC 6455 §5.2: reserved bits, reserved opcodes and the three forms of the length, for both roles.
#include <array>
#include <catch2/catch.hpp>
#include <wsproof/frame.hpp>

#include "../support/feed.hpp"

namespace wsproof::test {
namespace {

Buffer filled(std::size_t size) {
    return Buffer(size, std::byte{'x'});
}

// The data frame's header of `form` for `size` bytes of binary.
Buffer header(LengthForm form, std::uint64_t size) {
    std::array<std::byte, kHeaderSizeMax> bytes{};
    const std::size_t end =
        encode({.opcode = Opcode::binary, .length_form = form, .payload_size = size}, bytes);
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(end)};
}

TEST_CASE("§5.2: each reserved bit fails the connection at the second byte") {
    const auto role = GENERATE(Role::client, Role::server);
    const auto bit = GENERATE(0x40, 0x20, 0x10, 0x70);
    const auto opcode = GENERATE(0x1, 0x2, 0x8, 0x9, 0xA);
    Buffer frame = "80 00"_hex;
    frame[0] |= static_cast<std::byte>(bit | opcode);
    const Heard heard = feed(opened(role), to(role, frame) + to(role, "89 00"_hex));
    CHECK(heard.events == std::vector<std::string>{"failed reserved_bits at 2"});
    CHECK(says_close(heard, role, 1002));
}

TEST_CASE("§5.2: a reserved bit on a continuation") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard = feed(opened(role), to(role, "01 01 61"_hex) + to(role, "c0 00"_hex));
    CHECK(heard.events == std::vector<std::string>{"[text 'a'", role == Role::server
                                                                    ? "failed reserved_bits at 9"
                                                                    : "failed reserved_bits at 5"});
}

TEST_CASE("§5.2: each reserved opcode fails the connection, inside a message too") {
    const auto role = GENERATE(Role::client, Role::server);
    const auto opcode = GENERATE(0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF);
    Buffer frame = "80 05 48 65 6c 6c 6f"_hex;
    frame[0] |= static_cast<std::byte>(opcode);
    Heard heard = feed(opened(role), to(role, frame));
    CHECK(heard.events == std::vector<std::string>{"failed reserved_opcode at 2"});
    CHECK(says_close(heard, role, 1002));
    heard = feed(opened(role), to(role, "02 00"_hex) + to(role, frame));
    CHECK(heard.events.size() == 1);
    CHECK(says_close(heard, role, 1002));
}

TEST_CASE("§5.2: payloads on both sides of every border of the length") {
    const auto role = GENERATE(Role::client, Role::server);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{125}, std::size_t{126}, std::size_t{127},
          std::size_t{128}, std::size_t{255}}) {
        CAPTURE(size);
        const Heard heard =
            feed(opened(role), to(role, header(shortest_form(size), size) + filled(size)));
        const std::string payload = to_hex(filled(size));
        CHECK(heard.events == std::vector<std::string>{"[binary " + payload + "]"});
    }
}

TEST_CASE("§5.2: payloads on both sides of 64 KiB") {
    const auto role = GENERATE(Role::client, Role::server);
    const auto size = GENERATE(std::size_t{65535}, std::size_t{65536}, std::size_t{65537});
    const Buffer input = to(role, header(shortest_form(size), size) + filled(size));
    const std::vector<std::string> expected{"[binary " + to_hex(filled(size)) + "]"};
    CHECK(play(opened(role), input, {}).events == expected);
    CHECK(play(opened(role), input, {3, 12, 20, 5000}).events == expected);
}

TEST_CASE("§5.2: a length that is not in its shortest form is refused, before the key") {
    const auto role = GENERATE(Role::client, Role::server);
    for (const std::uint64_t size : {0U, 1U, 125U}) {
        const Heard heard = feed(opened(role), to(role, header(LengthForm::bits_16, size)));
        CHECK(heard.events == std::vector<std::string>{"failed length_not_minimal at 4"});
        CHECK(says_close(heard, role, 1002));
    }
    for (const std::uint64_t size : {0U, 125U, 126U, 65535U}) {
        const Heard heard = feed(opened(role), to(role, header(LengthForm::bits_64, size)));
        CHECK(heard.events == std::vector<std::string>{"failed length_not_minimal at 10"});
        CHECK(says_close(heard, role, 1002));
    }
}

TEST_CASE("§5.2: a length with its top bit set is no length") {
    const auto role = GENERATE(Role::client, Role::server);
    for (const std::uint64_t size : {UINT64_MAX, UINT64_MAX / 2 + 1, UINT64_MAX / 2 + 65536}) {
        const Heard heard =
            feed(opened(role, {.limits = {.frame = kUnlimited, .message = kUnlimited}}),
                 to(role, header(LengthForm::bits_64, size)));
        CHECK(heard.events == std::vector<std::string>{"failed length_msb_set at 10"});
        CHECK(says_close(heard, role, 1002));
    }
}

TEST_CASE("§5.2: the largest length there is is awaited, not stored") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard = feed(opened(role, {.limits = {.frame = kUnlimited, .message = kUnlimited}}),
                             to(role, header(LengthForm::bits_64, UINT64_MAX / 2) + "61 62"_hex));
    CHECK(heard.events == std::vector<std::string>{"[binary 61 62"});
    CHECK(heard.state == State::open);
}

TEST_CASE("§5.2: after a failure nothing is parsed, all is taken") {
    const auto role = GENERATE(Role::client, Role::server);
    const Buffer input = to(role, "91 00"_hex) + to(role, "89 00"_hex) + to(role, "88 00"_hex);
    const Heard heard = feed(opened(role), input);
    CHECK(heard.events == std::vector<std::string>{"failed reserved_bits at 2"});
    CHECK(heard.bytes_received == input.size());
    CHECK(heard.state == State::draining);
}

}  // namespace
}  // namespace wsproof::test
