// A conversation with a server by hand: what each command does on the wire, and what comes.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>
#include <wsproof/net/stream.hpp>

#include "connect_printer.hpp"
#include "connect_script.hpp"
#include "link.hpp"
#include "recorder.hpp"
#include "target.hpp"

namespace wsproof::conformance {

struct ConnectOptions {
    bool offers_deflate = true;
    std::chrono::milliseconds timeout{5'000};  // of whatever is waited for
    Capture* capture = nullptr;                // where the connection is written, if it is
};

class ConnectSession {
  public:
    // All outlive the session.
    ConnectSession(const Target& target, const net::Interrupt& interrupt,
                   const ConnectPrinter& printer, const ConnectOptions& options);

    // open connects and completes the opening handshake. The result says why it could not; empty
    // if it could.
    [[nodiscard]] std::string open();

    // execute does what a command says. The result says what an expectation waited for in vain, or
    // why nothing can be done any more; empty if all went well.
    [[nodiscard]] std::string execute(const Command& command);

    // pump takes part in the conversation until `input`, a file descriptor or -1, can be read
    // (true), something has come, an interrupt is triggered or the time is up.
    bool pump(net::Deadline deadline, int input = -1);

    // close sends a Close, unless one has been sent, and waits for the end of the connection.
    void close(std::uint16_t code);

    // is_over: nothing can be sent any more.
    [[nodiscard]] bool is_over() const { return !link_ || link_->is_done(); }
    [[nodiscard]] bool wants_to_quit() const noexcept { return quits_; }
    [[nodiscard]] bool is_interrupted() const noexcept { return interrupt_.is_triggered(); }

  private:
    struct Outgoing {
        wire::ByteString bytes{};
        std::vector<std::size_t> ends{};  // of the items and fragments
    };
    std::string act(const SayCommand& command);
    std::string act(const FragmentCommand& command);
    std::string act(const CutCommand& command);
    std::string act(const SwitchCommand& command);
    std::string act(const WaitCommand& command);
    std::string act(const EndCommand& command);
    std::string act(const HopeCommand& command);
    std::string act(const TellCommand& command);
    std::string act(const QuitCommand& command);

    [[nodiscard]] std::string connect();
    [[nodiscard]] std::string await_answer();
    [[nodiscard]] wire::ByteString opening() const;
    void encode(const FrameSpec& frame, Outgoing& out);
    void encode(const MessageSpec& message, Outgoing& out);
    void encode(const RawSpec& raw, Outgoing& out);
    void append(const wire::RawFrame& frame, Outgoing& out);
    [[nodiscard]] wire::ByteString compressed(const MessageSpec& message);
    [[nodiscard]] wire::Key new_key();
    void write(const Outgoing& out, const Cut& cut);
    void wait(std::chrono::milliseconds time);
    void flush();
    void answer_close();
    void bound_inbox();
    void show_news();
    [[nodiscard]] std::optional<Event> next_event(const HopeCommand& command, net::Deadline last);

    const Target& target_;
    const net::Interrupt& interrupt_;
    const ConnectPrinter& printer_;
    ConnectOptions options_;
    Recorder recorder_;
    std::optional<Link> link_{};
    wire::ByteString request_{};
    wire::ByteString response_{};
    std::optional<std::uint64_t> fragment_size_{};
    Cut cut_{};
    bool compresses_ = true;
    bool answers_ = true;
    bool quits_ = false;
    std::optional<net::Deadline> lingers_until_{};  // both sides have said Close
    std::vector<Finding> shown_{};                  // of the monitor, once each
};

}  // namespace wsproof::conformance
