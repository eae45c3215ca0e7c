// Messages that come whole in one frame, and pieces of frames, take a shorter way, unless somebody
// observes. Both ways give the same events, bytes and counts.
#include <catch2/catch.hpp>
#include <wsproof/observer.hpp>

#include "support/dialogue.hpp"

namespace wsproof::test {
namespace {

struct CountingObserver : Observer {
    void received(const FrameHeader& /*header*/) noexcept override { ++count; }
    void sent(const FrameHeader& /*header*/) noexcept override {}
    std::uint64_t count = 0;
};

struct Seen {
    Heard heard;
    std::uint64_t frames;
    std::uint64_t messages;
    std::optional<Time> deadline;
    friend bool operator==(const Seen&, const Seen&) = default;
};

Seen see(Role role, Options options, const Buffer& input, std::size_t step) {
    FakeEntropy entropy;
    Connection connection = opened(role, options)(entropy);
    Log log;
    for (std::size_t begin = 0; begin < input.size(); begin += step) {
        const std::size_t end = std::min(begin + step, input.size());
        connection.tick(Time{} + std::chrono::seconds(begin));
        drain_events(connection,
                     {input.begin() + static_cast<std::ptrdiff_t>(begin),
                      input.begin() + static_cast<std::ptrdiff_t>(end)},
                     log);
    }
    const std::string output = to_hex(take_output(connection));
    const Stats& stats = connection.stats();
    return {{log.lines(), output, connection.state(), connection.transport(), stats.bytes_received},
            stats.frames_received,
            stats.messages_received,
            connection.deadline()};
}

void check_both_ways(Role role, const Options& options, const Buffer& input) {
    CountingObserver observer;
    Options observed = options;
    observed.observer = &observer;
    for (const std::size_t step :
         {input.size() + 1, std::size_t{64}, std::size_t{1000}, std::size_t{1}, std::size_t{3},
          std::size_t{7}, std::size_t{10}}) {
        if (step < 64 && input.size() > 100000) {
            continue;  // takes long
        }
        const Seen plain = see(role, options, input, step);
        const Seen watched = see(role, observed, input, step);
        CHECK(plain.heard.events == watched.heard.events);
        CHECK(plain.heard.output == watched.heard.output);
        CHECK(plain == watched);
    }
    CHECK(observer.count > 0);
}

// frame: an unmasked one, with its length in the form that `form` bytes make.
Buffer frame(unsigned first, const Buffer& payload, std::size_t form) {
    Buffer bytes{static_cast<std::byte>(first)};
    const std::size_t size = payload.size();
    bytes.push_back(static_cast<std::byte>(form == 0 ? size : form == 2 ? 126 : 127));
    for (std::size_t i = form; i > 0; --i) {
        bytes.push_back(static_cast<std::byte>(size >> 8 * (i - 1)));
    }
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return bytes;
}

std::size_t shortest(std::size_t size) {
    return size <= 125 ? 0 : size <= 0xFFFF ? 2 : 8;
}

TEST_CASE("whole: messages of all sizes around the forms of the length") {
    Random random(7);
    for (const Role role : {Role::server, Role::client}) {
        Buffer input;
        for (const std::size_t size : {0U, 1U, 31U, 32U, 33U, 124U, 125U, 126U, 127U, 300U, 16384U,
                                       16385U, 65535U, 65536U, 70000U}) {
            for (const bool is_text : {true, false}) {
                Buffer payload = is_text ? to_bytes(std::string(size, 'x')) : random.bytes(size);
                const Buffer whole =
                    to(role, frame(is_text ? 0x81 : 0x82, payload, shortest(size)));
                input.insert(input.end(), whole.begin(), whole.end());
            }
        }
        check_both_ways(role, {}, input);
    }
}

TEST_CASE("whole: what breaks a rule breaks it at the same byte") {
    const Buffer text = to_bytes("caf\xC3\xA9");
    const Buffer bad = to_bytes("ab\xFFz");
    const Buffer cut = to_bytes("ab\xE2\x82");
    const Buffer long_text = to_bytes(std::string(20000, 'y') + "\xFF" + std::string(100, 'z'));
    for (const Role role : {Role::server, Role::client}) {
        for (const Buffer& offence :
             {frame(0x81, bad, 0), frame(0x81, cut, 0), frame(0x81, long_text, 2),
              frame(0x82, text, 2), frame(0x82, text, 8), frame(0x83, text, 0),
              frame(0xC1, text, 0), frame(0x80, text, 0), frame(0x09, text, 0),
              frame(0x88, to_bytes("x"), 0), frame(0x88, to_bytes("\x03\xE8"), 0)}) {
            Buffer input;
            for (const Buffer& part :
                 {frame(0x81, text, 0), frame(0x89, text, 0), frame(0x01, text, 0),
                  frame(0x80, text, 0), offence, frame(0x81, text, 0)}) {
                const Buffer whole = to(role, part);
                input.insert(input.end(), whole.begin(), whole.end());
            }
            check_both_ways(role, {}, input);
        }
        Buffer unmasked_or_masked = to(other(role), frame(0x82, text, 0));
        Buffer input = to(role, frame(0x82, text, 0));
        input.insert(input.end(), unmasked_or_masked.begin(), unmasked_or_masked.end());
        check_both_ways(role, {}, input);
    }
}

TEST_CASE("whole: pieces of fragments with control frames between, cut anywhere") {
    for (const Role role : {Role::server, Role::client}) {
        for (const bool is_good : {true, false}) {
            const Buffer text = to_bytes("caf\xC3\xA9 \xF0\x9F\x98\x80 and so on");
            const Buffer end = to_bytes(is_good ? "\x98\x80!" : "!");
            Buffer input;
            for (const Buffer& part :
                 {frame(0x02, text, 0), frame(0x89, text, 0), frame(0x00, {}, 0),
                  frame(0x80, text, 0), frame(0x82, Buffer(300), 2), frame(0x01, text, 0),
                  frame(0x8A, {}, 0), frame(0x00, to_bytes("\xF0\x9F"), 0), frame(0x80, end, 0),
                  frame(0x82, text, 0)}) {
                const Buffer whole = to(role, part);
                input.insert(input.end(), whole.begin(), whole.end());
            }
            check_both_ways(role, {}, input);
        }
    }
}

TEST_CASE("whole: limits hold, and bytes are activity") {
    Options options;
    options.limits.frame = 100;
    options.timers.ping_after_idle = std::chrono::seconds(30);
    options.timers.pong = std::chrono::seconds(5);
    for (const std::size_t last : {50U, 51U, 100U, 101U}) {
        options.limits.message = last < 100 ? 50 : 1000;
        Buffer input;
        for (const std::size_t size : {std::size_t{50}, last}) {
            const Buffer whole = to(Role::server, frame(0x82, Buffer(size), 0));
            input.insert(input.end(), whole.begin(), whole.end());
        }
        check_both_ways(Role::server, options, input);
    }
    Options no_fragments;
    no_fragments.limits.fragments = 0;
    CountingObserver observer;
    const Buffer input = to(Role::server, frame(0x82, Buffer(5), 0));
    const Seen plain = see(Role::server, no_fragments, input, input.size());
    no_fragments.observer = &observer;
    CHECK(plain == see(Role::server, no_fragments, input, input.size()));
    CHECK(plain.messages == 0);
}

}  // namespace
}  // namespace wsproof::test
