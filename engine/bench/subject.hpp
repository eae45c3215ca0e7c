// What the benchmarks ask of an engine, wsproof and peers alike. The same work is asked of all:
// bytes are copied once on the way in, from the wire image to wherever the engine receives, and
// once on the way out, as recv() and send() would. In C++17 and free of wsproof's own headers,
// because a peer is compiled as it needs to be.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace wsproof::bench {

inline constexpr std::size_t kReadSize = std::size_t{64} << 10;  // bytes of a read, if not said

// Source is the transport's input: what the peer sent, given out in reads of at most `read_size`.
struct Source {
    std::string_view rest;
    std::size_t read_size = kReadSize;

    // read copies what a recv() of `room` bytes would bring: 0 at the end of the image.
    std::size_t read(void* to, std::size_t room) noexcept {
        const std::string_view piece = take(room);
        std::memcpy(to, piece.data(), piece.size());
        return piece.size();
    }
    // take is for an engine that copies its input itself.
    std::string_view take(std::size_t room) noexcept {
        const std::string_view piece = rest.substr(0, std::min(room, read_size));
        rest.remove_prefix(piece.size());
        return piece;
    }
};

// Wire is the transport's output: one copy into a buffer of the size of a socket's, which starts
// again from its front when it is full.
class Wire {
  public:
    void write(const void* data, std::size_t size) noexcept {
        size_ += size;
        const char* from = static_cast<const char*>(data);
        if (record_ != nullptr) {
            record_->append(from, size);
        }
        while (size > 0) {
            const std::size_t part = std::min(size, buffer_.size() - used_);
            std::memcpy(buffer_.data() + used_, from, part);
            used_ = (used_ + part) % buffer_.size();
            from += part;
            size -= part;
        }
    }
    void write(std::string_view bytes) noexcept { write(bytes.data(), bytes.size()); }

    // record keeps all that is written from now on in `*to`, or with nullptr no longer.
    void record(std::string* to) noexcept { record_ = to; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }  // of all that was written

  private:
    std::array<char, kReadSize> buffer_{};
    std::size_t used_ = 0;
    std::uint64_t size_ = 0;
    std::string* record_ = nullptr;
};

// Sink takes the messages that a decoder gives out: whole ones.
class Sink {
  public:
    explicit Sink(std::string_view expected) : expected_(expected) {}

    void take(const void* data, std::size_t size) noexcept {
        ++count_;
        size_ += size;
        if (is_checking_ && std::string_view(static_cast<const char*>(data), size) != expected_) {
            ++wrong_count_;
        }
    }
    void check(bool is_checking) noexcept { is_checking_ = is_checking; }
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] std::uint64_t wrong_count() const noexcept { return wrong_count_; }

  private:
    std::string_view expected_;
    bool is_checking_ = false;
    std::uint64_t count_ = 0;
    std::uint64_t size_ = 0;
    std::uint64_t wrong_count_ = 0;
};

// Decoder is an open server connection that receives.
class Decoder {
  public:
    virtual ~Decoder() = default;
    // decode takes all of `source`, which is `count` messages, and gives each to the sink.
    virtual void decode(Source source, std::size_t count) = 0;
};

// Encoder is an open connection that sends binary messages.
class Encoder {
  public:
    virtual ~Encoder() = default;
    // send sends the message `count` times; when it returns, all of it is on the wire. In between,
    // an engine may gather.
    virtual void send(std::string_view message, std::size_t count) = 0;
};

// Acceptor is a server to which clients come.
class Acceptor {
  public:
    virtual ~Acceptor() = default;
    // accept makes a connection, reads the request, writes the response; the connection, which is
    // open by then, ends with the call.
    virtual void accept(std::string_view request) = 0;
};

// Echoer is an open server connection that sends back what it receives.
class Echoer {
  public:
    virtual ~Echoer() = default;
    virtual void echo(Source source, std::size_t count) = 0;
    // fall_silent: time has passed without a byte, and an engine with timers has been told so.
    virtual void fall_silent() {}
};

struct EchoSetup {
    bool deflate = false;
    bool takeover = true;  // of both sides; windows are of 15 bits
    int level = 6;
    int memory_level = 8;
};

// Engine is one row of every table. Null where an engine has no such thing. Sinks and wires outlive
// what was made with them.
struct Engine {
    std::string_view name;
    std::unique_ptr<Decoder> (*decoder)(Sink& sink) = nullptr;
    std::unique_ptr<Encoder> (*encoder)(bool is_client, Wire& wire) = nullptr;
    std::unique_ptr<Acceptor> (*acceptor)(Wire& wire) = nullptr;
    std::unique_ptr<Echoer> (*echoer)(const EchoSetup& setup, Wire& wire) = nullptr;
    bool has_deflate = false;
    bool has_levels = false;  // of deflate
};

[[nodiscard]] Engine wsproof_engine();
[[nodiscard]] Engine beast_engine();
[[nodiscard]] Engine websocketpp_engine();
[[nodiscard]] Engine wslay_engine();
// memcpy_engine moves the bytes and does nothing else: the measure of the machine in the same run.
[[nodiscard]] Engine memcpy_engine();

}  // namespace wsproof::bench
