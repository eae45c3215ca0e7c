// RFC 6455 §4.2.2: frames come after the server's opening handshake, those of control too.
#include <catch2/catch.hpp>
#include <string>
#include <vector>
#include <wsproof/connection.hpp>

#include "../support/fake_entropy.hpp"
#include "../support/head_feed.hpp"

namespace wsproof::test {
namespace {

constexpr std::string_view kEarlyPing("\x89\x80\0\0\0\0", 6);
constexpr std::string_view kEmptyPong("\x8A\0", 2);
constexpr std::string_view kEmptyClose("\x88\0", 2);

// take_output consumes everything, `size` bytes at a time.
std::string take_output(Connection& connection, std::size_t size) {
    std::string taken;
    std::vector<std::byte> piece(size);
    while (const std::size_t count = connection.write(piece)) {
        taken += to_string(Bytes(piece).first(count));
    }
    return taken;
}

struct Server {
    // Reads the request and what follows it, accepting on the way.
    explicit Server(std::string input) {
        MutableBytes in = std::as_writable_bytes(std::span(input));
        while (const auto event = connection.next(in)) {
            if (std::holds_alternative<UpgradeRequest>(*event)) {
                REQUIRE(connection.accept() == Error::none);
            }
        }
    }
    FakeEntropy entropy{};
    Connection connection = Connection::server({}, entropy, Time{});
};

TEST_CASE("§4.2.2 server: the answer to an early Ping waits for the 101") {
    for (const std::size_t size : {1U, 7U, 4096U}) {
        Server server(good_request().text().append(kEarlyPing));
        const std::string out = take_output(server.connection, size);
        CHECK(out.starts_with("HTTP/1.1 101 "));
        CHECK(out.ends_with("\r\n\r\n" + std::string(kEmptyPong)));
    }
}

TEST_CASE("§4.2.2 server: Ping and Close sent at once wait for the 101") {
    Server server(good_request().text());
    server.connection.consume(0);
    REQUIRE(server.connection.pong() == Error::none);
    REQUIRE(server.connection.close(CloseCode::no_status) == Error::none);
    CHECK(take_output(server.connection, 4096)
              .ends_with("\r\n\r\n" + std::string(kEmptyPong) + std::string(kEmptyClose)));
}

TEST_CASE("§4.2.2 server: a refused request with a Close behind it gets the refusal alone") {
    std::string input = good_request().without("Host").text() + "\x88\x80";
    Server server(std::move(input));
    const std::string out = take_output(server.connection, 4096);
    CHECK(out.starts_with("HTTP/1.1 400 "));
    CHECK(out.ends_with("\r\n\r\n"));
}

}  // namespace
}  // namespace wsproof::test
