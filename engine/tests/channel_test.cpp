// Properties, over seeded dialogues: a client engine and a server engine over a channel that cuts,
// delays and ends at random understand each other; how output is taken changes none of its bytes.
#include "support/dialogue.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("channel: two engines that close understand each other to the end") {
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        Dialogue dialogue(seed);
        dialogue.run(false);
        Side& client = dialogue.client();
        Side& server = dialogue.server();
        REQUIRE(dialogue.are_closed());
        CHECK(client.failure() == Error::none);
        CHECK(server.failure() == Error::none);
        CHECK(client.is_clean());
        CHECK(server.is_clean());
        CHECK(server.received() == client.sent());
        CHECK(client.received() == server.sent());
        CHECK(client.tokens_out() == 0);
        CHECK(server.tokens_out() == 0);
    }
}

TEST_CASE("channel: what ends in the middle was good as far as it came") {
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        Dialogue dialogue(seed);
        dialogue.run(true);
        for (Side* side : {&dialogue.client(), &dialogue.server()}) {
            CHECK(side->failure() == Error::none);
            CHECK(side->closed_count() == 1);
            CHECK_FALSE(side->is_clean());
            CHECK(side->tokens_out() == 0);
        }
        CHECK(is_start_of(dialogue.server().received(), dialogue.client().sent()));
        CHECK(is_start_of(dialogue.client().received(), dialogue.server().sent()));
    }
}

TEST_CASE("output: taken a byte at a time it is the same bytes") {
    const auto role = GENERATE(Role::client, Role::server);
    for (std::uint32_t seed = 1; seed <= 4; ++seed) {
        INFO("seed " << seed);
        const auto output = [&](std::size_t step) {
            FakeEntropy entropy;
            Random random(seed);
            Side side(opened(role)(entropy), random);
            for (int i = 0; i < 20; ++i) {
                side.say();
            }
            side.close();
            std::deque<std::byte> taken;
            while (side.connection().queued() > 0) {
                side.write(taken, step);
            }
            return Buffer(taken.begin(), taken.end());
        };
        const Buffer whole = output(SIZE_MAX);
        CHECK(whole.size() > 100);
        CHECK(output(1) == whole);
        CHECK(output(1 + seed) == whole);
    }
}

}  // namespace
}  // namespace wsproof::test
