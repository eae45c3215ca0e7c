// Talks to a third-party echo server: interop_client URL [--window BITS] [--no-takeover] [--plain].
// Exits 0 if all that it sent came back; prints what was agreed, and what went wrong.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>
#include <wsproof/deflate/zlib_codecs.hpp>
#include <wsproof/runtime/client.hpp>

namespace {

using namespace wsproof;
using runtime::Client;
using runtime::Outcome;

net::Deadline soon() {
    return net::Clock::now() + std::chrono::seconds(30);
}

std::vector<std::byte> make_bytes(std::size_t size, unsigned kinds) {
    std::mt19937 random(static_cast<unsigned>(size));
    std::vector<std::byte> bytes(size);
    std::generate(bytes.begin(), bytes.end(),
                  [&] { return static_cast<std::byte>('a' + random() % kinds); });
    return bytes;
}

void expect(bool holds, const std::string& what) {
    if (!holds) {
        std::cout << "not so: " << what << std::endl;
        std::exit(EXIT_FAILURE);
    }
}

void echo(Client& client, MessageType type, const std::vector<std::byte>& bytes,
          const SendOptions& how, const std::string& what) {
    expect(client.send(type, bytes, soon(), how) == Outcome::ok, what + " is sent");
    const auto received = client.receive(soon());
    expect(received.outcome == Outcome::ok && received.message.type == type &&
               std::equal(received.message.payload.begin(), received.message.payload.end(),
                          bytes.begin(), bytes.end()),
           what + " comes back");
}

void talk(Client& client) {
    echo(client, MessageType::text, {}, {}, "an empty text");
    for (int round = 0; round < 3; ++round) {  // later ones refer to those before
        for (const std::size_t size : {5U, 125U, 126U, 4000U, 65535U, 65536U}) {
            const std::string what = std::to_string(size) + " bytes";
            echo(client, MessageType::text, make_bytes(size, 20), {}, "text of " + what);
            echo(client, MessageType::binary, make_bytes(size, 120), {}, "binary of " + what);
            echo(client, MessageType::text, make_bytes(size, 20), {.compress = false},
                 "plain " + what);
            echo(client, MessageType::binary, make_bytes(size, 20), {.fragment_at = 1000},
                 "fragments of " + what);
        }
    }
    echo(client, MessageType::binary, make_bytes(std::size_t{16} << 20, 60), {}, "16 MiB");
    const auto payload = make_bytes(125, 60);
    expect(client.ping(payload, soon()) == Outcome::ok, "a ping is answered");
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    expect(!arguments.empty(), "a URL is given");
    ZlibCodecs codecs;
    runtime::ClientOptions options;
    options.subprotocols = {"other", "echo"};
    options.engine.limits.message = std::uint64_t{64} << 20;
    options.engine.limits.frame = std::uint64_t{64} << 20;
    options.engine.limits.output_queue = std::size_t{64} << 20;
    Deflate& deflate = options.engine.deflate;
    deflate.codecs = &codecs;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        if (arguments[i] == "--window") {
            deflate.server_max_window_bits = deflate.client_max_window_bits =
                std::stoi(arguments.at(++i));
        } else if (arguments[i] == "--no-takeover") {
            deflate.server_no_context_takeover = deflate.client_no_context_takeover = true;
        } else if (arguments[i] == "--plain") {
            deflate.codecs = nullptr;
        }
    }
    auto opened = Client::open(arguments.front(), options);
    expect(opened.client.has_value(), "open: " + opened.error);
    Client& client = *opened.client;
    std::cout << "subprotocol " << client.subprotocol() << std::endl;
    talk(client);
    expect(client.close(soon(), static_cast<CloseCode>(3001), "bye") == Outcome::ok, "it closes");
    expect(client.closed()->clean, "the close is clean");
    std::cout << "close " << static_cast<int>(client.closed()->code) << ", sent "
              << client.stats().bytes_sent << " bytes" << std::endl;
    return EXIT_SUCCESS;
}
