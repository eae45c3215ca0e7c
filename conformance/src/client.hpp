// Where a client under test comes from. It is started once for each case, or connects by itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <wsproof/net/socket.hpp>

#include "process.hpp"
#include "scenario.hpp"
#include "wire/frame_writer.hpp"

namespace wsproof::conformance {

// Visit is one run of a client, from before it connects to after it has gone.
class Visit {
  public:
    Visit() = default;
    virtual ~Visit() = default;
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

    struct Arrival {
        net::Socket socket{};
        wire::ByteString read{};     // what was read of it before it was handed over
        std::optional<Exit> exit{};  // without a socket: it ended before it connected
        std::string why{};           // without a socket: for people
    };
    // arrive waits for its connection. An empty socket and no exit: it did not come in time, or
    // `interrupt` was triggered.
    [[nodiscard]] virtual Arrival arrive(const net::Interrupt& interrupt) = 0;
    // host_field is what its Host has to say; empty: whatever it says.
    [[nodiscard]] virtual std::string host_field() const = 0;
    // end gives the client a moment to end by itself, then ends it. How it ended by itself; nullopt
    // if it had to be ended, or nobody knows.
    virtual std::optional<Exit> end() = 0;
    // extra tells how many connections more than it was played with it has made by now.
    [[nodiscard]] virtual int extra() { return 0; }
    // output: the last that it said on its standard output and error.
    [[nodiscard]] virtual std::string output() const { return {}; }
};

class Clients {
  public:
    Clients() = default;
    virtual ~Clients() = default;
    Clients(const Clients&) = delete;
    Clients& operator=(const Clients&) = delete;

    // visit starts a client, or takes the next that comes. Throws Vanished if none can be had. For
    // any thread.
    [[nodiscard]] virtual std::unique_ptr<Visit> visit(const ClientWishes& wishes) = 0;
    // listens_to: it can be asked for more than a connection and echoes.
    [[nodiscard]] virtual bool listens() const noexcept = 0;
    // facts: what else is known of them, for people.
    [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> facts() const {
        return {};
    }
};

}  // namespace wsproof::conformance
