// What all players of a run share: the target, what is known of it, and how long to wait for it.
#pragma once

#include <cstdint>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <vector>
#include <wsproof/net/socket.hpp>

#include "capture.hpp"
#include "client.hpp"
#include "met_before.hpp"
#include "patience.hpp"
#include "segment.hpp"
#include "target.hpp"

namespace wsproof::conformance {

class LaunchedServer;

// Stage is what all players of a run share.
struct Stage {
    const Target& target;
    const net::Interrupt& interrupt;
    std::uint64_t seed = 0;
    Role peer = Role::server;          // what is under test
    Clients* clients = nullptr;        // where it comes from, if it is a client
    LaunchedServer* server = nullptr;  // it, if we started it
    MetBefore met_before{};            // of a client: nonces and mask keys
    Capture* capture = nullptr;        // where all connections are written, if they are
    bool echoes = false;
    std::uint8_t sign_of_life = 1;  // opcode of what a target that echoes is known to answer
    bool pongs = false;
    Segmentation segmentation{};       // of what scenarios leave whole; changed between runs only
    bool deflates = false;             // accepts an offer of permessage-deflate, or offers it
    bool offers_subprotocols = false;  // a client, when it is asked to
    bool acts = false;                 // a client: on WSPROOF_ACTION
    std::vector<wire::ByteString>
        greetings{};              // messages that the target sends to every new connection
    bool greetings_vary = false;  // then their number counts and not what they say
    net::Deadline ends = net::Deadline::max();  // of the run: then OutOfTime is thrown
    Patience patience{};
    std::counting_semaphore<> openings{4};  // handshakes in flight: some backlogs are short

    // can_answer: there is a way to see that the target lives.
    [[nodiscard]] bool can_answer() const noexcept { return echoes || pongs || target.probe; }
};

// Interrupted ends a play at once; Overloaded says that the target turned us away (429, 503, a full
// backlog); Gone that nobody listens any more.
struct Interrupted {};
struct OutOfTime {
    std::string why{};  // empty: the time of the run is up
};
struct Overloaded : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// TlsRefused: no TLS could be agreed.
struct TlsRefused : Overloaded {
    TlsRefused(const std::string& what, net::TlsFault its_fault)
        : Overloaded(what), fault(its_fault) {}
    net::TlsFault fault;
};
struct Gone : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace wsproof::conformance
