// One connection of the blocking server: its stream and its engine, driven in one thread.
#pragma once

#include <memory>
#include <span>
#include <wsproof/runtime/server.hpp>
#include <wsproof/runtime/system.hpp>

#include "pump.hpp"

namespace wsproof::runtime {

class Session {
  public:
    // All that is referred to outlives the Session.
    Session(net::Socket socket, const ServerOptions& options, std::span<const Live> lives,
            const net::Interrupt& stop);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // run drives the connection to its end, and returns with the socket closed.
    void run();

  private:
    // Between the engine and the handler.
    void take_events();
    void take_event(const Event& event);
    void answer(const UpgradeRequest& request);
    void take(const MessageData& piece);
    template <class Call>
    bool guarded(Call&& call);
    [[nodiscard]] bool is_paused() const noexcept;

    // Between the engine and the stream. False: the connection is over.
    [[nodiscard]] bool secure();
    [[nodiscard]] bool wait();
    void begin_stopping();
    void finish();

    const ServerOptions& options_;
    std::span<const Live> lives_;
    const Handler* handler_ = nullptr;  // of the Live that the request matches
    const net::Interrupt& stop_;
    SystemEntropy entropy_;
    std::shared_ptr<Codecs> codecs_;  // outlives the connection
    Pump pump_;
    Connection& connection_;
    MessageReader reader_;
    bool was_open_ = false;
    bool is_stopping_ = false;
    net::Deadline stop_by_ = net::Deadline::max();
};

}  // namespace wsproof::runtime
