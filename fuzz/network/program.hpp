// A program is what the network fuzzer makes up, mutates and shrinks: what we do on one or several
// connections, and nothing of what the peer has to say to it. predict.hpp says that.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "template.hpp"

namespace wsproof::netfuzz {

using conformance::Json;

// Opening is a way to open a connection, and what a conforming peer answers to it.
struct Opening {
    std::string name = "plain";
    Json step{};                  // the step that opens it; null: a correct opening handshake
    Json expect{};                // the `expect` step for the answer; null: none is needed
    std::string requires_row{};   // the clause of that expectation
    bool opens = true;            // frames may follow
    bool deflates = false;        // permessage-deflate is agreed, or the case is not played on
    std::uint64_t head_size = 0;  // about: bytes that a cut can fall into
};

struct Act {
    enum class Kind : std::uint8_t {
        open,
        send,
        pause,
        canary,
        half_close,
        drop,
    };
    Kind kind = Kind::send;
    std::string on = "main";
    Opening opening{};          // open
    std::vector<Json> items{};  // send: items of the scenario language, without `offence`
    Json cut{};                 // send and open: the value of `cut`; null: none
    unsigned pause_ms = 0;      // between the pieces; of a pause: its time
    bool waits = true;          // send: for what it draws, before anything else happens
};

struct Program {
    std::vector<Act> acts{};
};

}  // namespace wsproof::netfuzz
