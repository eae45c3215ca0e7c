// Properties, over seeded dialogues: two engines that compress understand each other over a channel
// that cuts, delays and ends at random, whatever they have agreed to.
#include "support/deflated_connection.hpp"
#include "support/dialogue.hpp"

namespace wsproof::test {
namespace {

Options random_options(std::uint32_t seed) {
    Random random(seed);
    Options options = deflating();
    Deflate& deflate = options.deflate;
    deflate.server_max_window_bits = 8 + static_cast<int>(random.below(8));
    deflate.client_max_window_bits = 8 + static_cast<int>(random.below(8));
    deflate.server_no_context_takeover = random.one_in(2);
    deflate.client_no_context_takeover = random.one_in(2);
    deflate.min_message = random.below(100);
    options.limits.inflate_chunk = 1 + random.below(20'000);
    return options;
}

TEST_CASE("channel: two engines that compress understand each other to the end") {
    for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        Dialogue dialogue(seed, random_options(seed), random_options(seed + 1000));
        dialogue.run(false);
        Side& client = dialogue.client();
        Side& server = dialogue.server();
        REQUIRE(dialogue.are_closed());
        CHECK(client.is_clean());
        CHECK(server.is_clean());
        CHECK(server.received() == client.sent());
        CHECK(client.received() == server.sent());
        CHECK(client.tokens_out() == 0);
        CHECK(server.tokens_out() == 0);
    }
}

TEST_CASE("channel: what is compressed and ends in the middle was good as far as it came") {
    for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        Dialogue dialogue(seed, random_options(seed), random_options(seed + 2000));
        dialogue.run(true);
        CHECK(dialogue.client().failure() == Error::none);
        CHECK(dialogue.server().failure() == Error::none);
        CHECK(is_start_of(dialogue.server().received(), dialogue.client().sent()));
        CHECK(is_start_of(dialogue.client().received(), dialogue.server().sent()));
    }
}

}  // namespace
}  // namespace wsproof::test
