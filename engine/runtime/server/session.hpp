// One connection of the blocking server: its socket and its engine, driven in one thread.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <wsproof/runtime/server.hpp>
#include <wsproof/runtime/system.hpp>

namespace wsproof::runtime {

class Session {
  public:
    // All that is referred to outlives the Session.
    Session(net::Socket socket, const ServerOptions& options, const Handler& handler,
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
    [[nodiscard]] bool is_paused() const noexcept;

    // Between the engine and the stream. False: the connection is over.
    [[nodiscard]] bool secure();
    void write_output();
    void discard_output();
    [[nodiscard]] bool follow_transport();
    [[nodiscard]] bool wait();
    void read_input();
    void end_input();
    void begin_stopping();
    void finish();
    [[nodiscard]] net::Deadline deadline() const;

    net::Stream stream_;
    const ServerOptions& options_;
    const Handler& handler_;
    const net::Interrupt& stop_;
    SystemEntropy entropy_;
    std::shared_ptr<Codecs> codecs_;  // outlives the connection
    Connection connection_;
    MessageReader reader_;

    std::array<std::byte, 64 << 10> buffer_;
    MutableBytes input_{};  // what the engine has not taken of it
    bool was_open_ = false;
    bool is_stopping_ = false;
    bool input_has_ended_ = false;
    bool output_has_ended_ = false;
    net::Deadline stop_by_ = net::Deadline::max();
    net::Deadline write_by_ = net::Deadline::max();  // while something cannot be written
};

}  // namespace wsproof::runtime
