// Pair: a client and a server, joined by two pipes without a network between them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>
#include <wsproof/connection.hpp>

#include "bytes.hpp"
#include "fake_entropy.hpp"
#include "feed.hpp"

namespace wsproof::test {

class Pair {
  public:
    explicit Pair(const Options& options = {})
        : client(Connection::adopt(Role::client, {}, options, entropy_, Time{})),
          server(Connection::adopt(Role::server, {}, options, entropy_, Time{})) {}

    // pump carries bytes both ways, at most `step` at a time, until nobody has any. Transports end
    // as the connections ask for it.
    void pump(std::size_t step = SIZE_MAX) {
        bool is_moving = true;
        while (is_moving) {
            is_moving = carry(client, server, server_log_, server_has_eof_, step);
            is_moving = carry(server, client, client_log_, client_has_eof_, step) || is_moving;
        }
    }

    [[nodiscard]] std::vector<std::string> client_events() { return client_log_.lines(); }
    [[nodiscard]] std::vector<std::string> server_events() { return server_log_.lines(); }

  private:
    static bool carry(Connection& from, Connection& to, Log& log, bool& has_eof, std::size_t step) {
        const Buffer bytes = take_output(from, step);
        drain_events(to, bytes, log);
        if (from.transport() != Transport::keep && !has_eof) {
            has_eof = true;
            to.end_of_input();
            drain_events(to, {}, log);
            return true;
        }
        return !bytes.empty();
    }

    FakeEntropy entropy_;
    Log client_log_;
    Log server_log_;
    bool client_has_eof_ = false;
    bool server_has_eof_ = false;

  public:
    Connection client;
    Connection server;
};

}  // namespace wsproof::test
