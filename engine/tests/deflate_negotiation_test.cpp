// RFC 7692 §5 and §7.1: what is offered, what is agreed to, what is refused.
#include "deflate_negotiation.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <wsproof/deflate.hpp>

namespace wsproof::test {
namespace {

// NoCodecs stands for some: the negotiation only asks whether there are any.
class NoCodecs final : public Codecs {
  public:
    Inflater* take_inflater(std::size_t /*chunk_size*/) noexcept override { return nullptr; }
    Deflater* take_deflater(int /*window_bits*/) noexcept override { return nullptr; }
    void give_back(Inflater& /*inflater*/) noexcept override {}
    void give_back(Deflater& /*deflater*/) noexcept override {}
};

NoCodecs codecs;

std::vector<Extension> parsed(std::string_view text) {
    static std::string kept;  // the names are views into it
    kept = text;
    const Field field{"Sec-WebSocket-Extensions", kept};
    const auto result = parse_extensions({&field, 1});
    REQUIRE(result.error == Error::none);
    return result.extensions;
}

// answered: what a server says to `offers`; empty if it declines.
std::string answered(std::string_view offers, const Deflate& deflate = {.codecs = &codecs}) {
    const auto agreement = choose_deflate(parsed(offers), deflate);
    return agreement ? agreement->response : "";
}

TEST_CASE("RFC 7692 §7.1: a client offers what it wants, and always to limit its own window") {
    CHECK(make_deflate_offer({.codecs = &codecs}) == "permessage-deflate; client_max_window_bits");
    CHECK(make_deflate_offer({.codecs = &codecs,
                              .server_max_window_bits = 9,
                              .client_max_window_bits = 12,
                              .server_no_context_takeover = true,
                              .client_no_context_takeover = true}) ==
          "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
          "server_max_window_bits=9; client_max_window_bits=12");
}

TEST_CASE("RFC 7692 §5.1: a server takes the first offer that is valid and declines the others") {
    CHECK(answered("permessage-deflate") == "permessage-deflate");
    CHECK(answered("x-other, permessage-deflate; client_max_window_bits") == "permessage-deflate");
    CHECK(answered("permessage-deflate; server_max_window_bits=10, permessage-deflate") ==
          "permessage-deflate; server_max_window_bits=10");
    CHECK(answered("permessage-deflate; x-unknown, permessage-deflate; client_max_window_bits=9") ==
          "permessage-deflate; client_max_window_bits=9");
    CHECK(answered("x-other") == "");
    CHECK(answered("Permessage-Deflate") == "");
}

TEST_CASE("RFC 7692 §7: an offer with a parameter that is unknown, bad or repeated is declined") {
    const auto parameters = GENERATE(
        as<std::string>{}, "x-unknown", "server_no_context_takeover=1",
        "client_no_context_takeover=true", "server_max_window_bits", "server_max_window_bits=7",
        "server_max_window_bits=16", "server_max_window_bits=08", "server_max_window_bits=1x",
        "client_max_window_bits=7", "client_max_window_bits=16", "client_max_window_bits=010",
        "client_max_window_bits=-9", "server_no_context_takeover; server_no_context_takeover",
        "client_no_context_takeover; client_no_context_takeover",
        "server_max_window_bits=9; server_max_window_bits=9",
        "client_max_window_bits; client_max_window_bits=9");
    CHECK(answered("permessage-deflate; " + parameters) == "");
}

TEST_CASE("RFC 7692 §7.1.1: context takeover is given up if either side wants it") {
    CHECK(answered("permessage-deflate; server_no_context_takeover") ==
          "permessage-deflate; server_no_context_takeover");
    CHECK(answered("permessage-deflate; client_no_context_takeover") ==
          "permessage-deflate; client_no_context_takeover");
    CHECK(answered("permessage-deflate", {.codecs = &codecs,
                                          .server_no_context_takeover = true,
                                          .client_no_context_takeover = true}) ==
          "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
}

TEST_CASE("RFC 7692 §7.1.2: windows are the smaller of what is offered and what is wanted") {
    const Deflate small{
        .codecs = &codecs, .server_max_window_bits = 10, .client_max_window_bits = 11};
    // An offer of server_max_window_bits is accepted by an answer to it, whatever its value.
    CHECK(answered("permessage-deflate; server_max_window_bits=15") ==
          "permessage-deflate; server_max_window_bits=15");
    CHECK(answered("permessage-deflate; server_max_window_bits=\"12\"", small) ==
          "permessage-deflate; server_max_window_bits=10");
    CHECK(answered("permessage-deflate; server_max_window_bits=8", small) ==
          "permessage-deflate; server_max_window_bits=8");
    CHECK(answered("permessage-deflate; client_max_window_bits", small) ==
          "permessage-deflate; server_max_window_bits=10; client_max_window_bits=11");
    CHECK(answered("permessage-deflate; client_max_window_bits=9", small) ==
          "permessage-deflate; server_max_window_bits=10; client_max_window_bits=9");
    // §7.1.2.2: no limit for a client that does not offer to be limited.
    const auto agreement = choose_deflate(parsed("permessage-deflate"), small);
    REQUIRE(agreement);
    CHECK(agreement->response == "permessage-deflate; server_max_window_bits=10");
    CHECK(agreement->parameters == DeflateParameters{10, 15, false, false});
}

TEST_CASE("RFC 7692 §5.1: a client takes an answer that fits its offer") {
    const Deflate plain{.codecs = &codecs};
    CHECK(judge_deflate({}, plain).error == Error::none);
    CHECK_FALSE(judge_deflate({}, plain).parameters);
    const auto whole =
        judge_deflate(parsed("permessage-deflate; client_max_window_bits=9; "
                             "server_max_window_bits=\"10\"; server_no_context_takeover; "
                             "client_no_context_takeover"),
                      plain);
    CHECK(whole.error == Error::none);
    CHECK(whole.parameters == DeflateParameters{10, 9, true, true});
    const auto none = judge_deflate(parsed("permessage-deflate"), plain);
    CHECK(none.parameters == DeflateParameters{});
}

TEST_CASE("RFC 7692 §7: a client fails the connection for an answer that does not fit") {
    const auto answer = GENERATE(
        as<std::string>{}, "x-other", "permessage-deflate, permessage-deflate",
        "permessage-deflate, x-other", "Permessage-deflate", "permessage-deflate; x-unknown",
        "permessage-deflate; client_max_window_bits", "permessage-deflate; server_max_window_bits",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_no_context_takeover=0",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover");
    CHECK(judge_deflate(parsed(answer), {.codecs = &codecs}).error == Error::bad_extension);
}

TEST_CASE("RFC 7692 §7.1.1.1 and §7.1.2.1: an answer grants what the offer asks for, or none") {
    const Deflate asking{
        .codecs = &codecs, .server_max_window_bits = 10, .server_no_context_takeover = true};
    const auto error = [&](std::string_view answer) {
        return judge_deflate(parsed(answer), asking).error;
    };
    CHECK(error("permessage-deflate; server_max_window_bits=10; server_no_context_takeover") ==
          Error::none);
    CHECK(error("permessage-deflate; server_max_window_bits=9; server_no_context_takeover") ==
          Error::none);
    CHECK(error("permessage-deflate; server_max_window_bits=11; server_no_context_takeover") ==
          Error::bad_extension);
    CHECK(error("permessage-deflate; server_no_context_takeover") == Error::bad_extension);
    CHECK(error("permessage-deflate; server_max_window_bits=10") == Error::bad_extension);
}

TEST_CASE("RFC 6455 §9.1: without codecs nothing is offered, and any answer is wrong") {
    CHECK(judge_deflate(parsed("permessage-deflate"), {}).error == Error::bad_extension);
}

}  // namespace
}  // namespace wsproof::test
