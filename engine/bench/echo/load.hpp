// One connection of the load: messages in flight, echoes checked byte by byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <wsproof/net/socket.hpp>

namespace wsproof::bench {

// Traffic is what every connection sends again and again, and gets back.
struct Traffic {
    bool is_raw = false;  // a server that sends back bytes; else one of WebSocket
    std::string message;  // what comes back as a payload
    std::string frame;    // what goes out for each
    std::string frames;   // as many of it as are in flight
    std::size_t in_flight = 1;
};
[[nodiscard]] Traffic make_traffic(bool is_raw, std::size_t size, std::size_t in_flight);

class Peer {
  public:
    // connects and, unless raw, shakes hands. Throws std::runtime_error, as do all members, if the
    // server does something that it should not.
    Peer(std::uint16_t port, const Traffic& traffic);

    [[nodiscard]] int fd() const noexcept { return socket_.fd(); }
    // fill queues as many messages as shall be in flight. Once.
    void fill();
    // send_some sends what the socket takes; whether there is more.
    [[nodiscard]] bool send_some();
    // receive takes what came, queues a message for each echo, and returns how many those were.
    [[nodiscard]] std::size_t receive();

  private:
    void shake_hands();
    [[nodiscard]] std::size_t take_raw(const char* data, std::size_t size);
    [[nodiscard]] std::size_t take_frames(const char* data, std::size_t size);
    void take_header_byte(unsigned char byte);
    void check(const char* data, std::size_t size, const std::string& expected);

    const Traffic& traffic_;
    net::Socket socket_;
    std::size_t unsent_ = 0;  // bytes
    std::size_t sent_in_frame_ = 0;
    std::size_t received_ = 0;     // of the message, or of the frame if raw
    std::size_t header_read_ = 0;  // bytes of the header
    std::size_t header_size_ = 2;
    bool is_last_frame_ = false;
    std::uint64_t payload_left_ = 0;
};

}  // namespace wsproof::bench
