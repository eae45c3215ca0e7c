// Needs wsproof::runtime and wsproof::deflate: sends a message to the URL it is given, and prints
// what comes back.
#include <iostream>
#include <wsproof/deflate/zlib_codecs.hpp>
#include <wsproof/runtime/client.hpp>

int main(int argc, char** argv) {
    if (argc != 2) {
        return 2;
    }
    wsproof::ZlibCodecs codecs;
    wsproof::runtime::ClientOptions options;
    options.engine.deflate.codecs = &codecs;
    wsproof::runtime::OpenResult opened = wsproof::runtime::Client::open(argv[1], options);
    if (!opened.client) {
        std::cerr << opened.error << '\n';
        return 1;
    }
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    const std::string sent(1000, 'x');
    if (opened.client->send(sent, deadline) != wsproof::runtime::Outcome::ok) {
        return 1;
    }
    const wsproof::runtime::Received received = opened.client->receive(deadline);
    std::cout << (received.text() == sent ? "the same came back\n" : "something else came back\n");
    return opened.client->close(deadline) == wsproof::runtime::Outcome::ok ? 0 : 1;
}
