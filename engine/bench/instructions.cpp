// engine_instructions WHAT SIZE COUNT: does the work of one row about COUNT times and says how many
// messages that were, for callgrind. Two runs with different counts tell what one message costs.
#include <cstdlib>
#include <iostream>

#include "inputs.hpp"
#include "subject.hpp"

using namespace wsproof::bench;

namespace {

std::size_t decode(Content content, std::size_t size, std::size_t count) {
    const std::string message = make_message(content, size);
    const Image image = make_image(content, message);
    Sink sink(message);
    const auto decoder = wsproof_engine().decoder(sink);
    while (sink.count() < count) {
        decoder->decode(Source{image.bytes}, image.count);
    }
    return sink.count();
}

std::size_t encode(bool is_client, std::size_t size, std::size_t count) {
    constexpr std::size_t kBurst = 64;
    const std::string message = make_message(Content::binary, size);
    Wire wire;
    const auto encoder = wsproof_engine().encoder(is_client, wire);
    std::size_t done = 0;
    for (; done < count; done += kBurst) {
        encoder->send(message, kBurst);
    }
    return done;
}

std::size_t handshake(std::size_t size, std::size_t count) {
    const std::string request = make_request(size);
    Wire wire;
    const auto acceptor = wsproof_engine().acceptor(wire);
    for (std::size_t i = 0; i < count; ++i) {
        acceptor->accept(request);
    }
    return count;
}

std::size_t work(std::string_view what, std::size_t size, std::size_t count) {
    for (const Content content : {Content::binary, Content::ascii, Content::mixed}) {
        if (what == name_of(content)) {
            return decode(content, size, count);
        }
    }
    if (what == "server" || what == "client") {
        return encode(what == "client", size, count);
    }
    return what == "handshake" ? handshake(size, count) : 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t done = argc == 4 ? work(argv[1], std::strtoul(argv[2], nullptr, 10),
                                              std::strtoul(argv[3], nullptr, 10))
                                       : 0;
    if (done == 0) {
        std::cerr << "usage: engine_instructions binary|ascii|mixed|server|client|handshake "
                     "SIZE COUNT\n";
        return 2;
    }
    std::cout << done << '\n';
    return 0;
}
