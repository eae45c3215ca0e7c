// Calls the Hub in any order, and requires what must hold of it.
#pragma once

#include <map>
#include <optional>
#include <vector>
#include <wsproof/hub.hpp>

#include "input.hpp"
#include "output_judge.hpp"
#include "setting.hpp"

namespace wsproof::fuzz {

class HubPlayer {
  public:
    explicit HubPlayer(Input& input);
    HubPlayer(const HubPlayer&) = delete;
    HubPlayer& operator=(const HubPlayer&) = delete;

    void run();

  private:
    // Known is what the player knows of a socket.
    struct Known {
        bool is_server = false;        // the kind that listens
        bool is_disconnected = false;  // its last event came
        Buffer unread{};
        std::optional<OutputJudge> judge{};  // of what it sends, once it is a WebSocket
    };

    void step();
    void open();
    void listen();
    void attach();
    void serve(SocketId socket);
    void close(SocketId socket, std::uint8_t how);
    // watch: from here on the socket sends what `sender` does.
    void watch(SocketId socket, Role sender, bool is_open);
    void call(SocketId socket, std::uint8_t what);
    void inspect(SocketId socket);
    void feed(SocketId socket, Bytes bytes);
    void drain(SocketId socket);
    void note(const HubEvent& event);
    void join();
    void tick(std::uint8_t amount);
    void settle();
    void finish();
    [[nodiscard]] SocketId any_socket();
    void take_output(SocketId socket, Buffer& out);
    template <typename Result>
    void add(const Result& result, bool is_server = false);
    // judge: an error says what is wrong.
    void judge(const HubError& error) const;

    // Log has no line that is empty.
    class Log final : public HubLog {
      public:
        void write(LogLevel level, SocketId socket, std::string_view text) noexcept override;
    };

    Log log_;
    Input& input_;
    ZlibCodecs codecs_{kSmallZlib};
    FixedEntropy entropy_;
    Options options_;
    Time now_{};
    Hub hub_;
    std::map<SocketId, Known> sockets_;
    SocketId server_ = 0;
    SocketId last_client_ = 0;
    SocketId last_attached_ = 0;
};

}  // namespace wsproof::fuzz
