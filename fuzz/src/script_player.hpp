// Plays a script, and requires after each operation what must hold of a connection whatever happens
// to it, and whatever its owner does.
#pragma once

#include <deque>
#include <optional>
#include <vector>
#include <wsproof/connection.hpp>
#include <wsproof/message_reader.hpp>
#include <wsproof/observer.hpp>
#include <wsproof/prepared_message.hpp>

#include "event_log.hpp"
#include "output_judge.hpp"
#include "peer.hpp"
#include "play.hpp"
#include "script.hpp"
#include "setting.hpp"

namespace wsproof::fuzz {

// Outcome is what must not depend on how the peer's bytes are cut.
struct Outcome {
    EventLog log;
    Buffer output;
    Error error = Error::none;
    std::vector<Error> results;  // of the owner's calls

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

class ScriptPlayer {
  public:
    // `cuts` is how bytes are cut until the script says otherwise; `ignores_cuts`: throughout.
    ScriptPlayer(const Script& script, std::uint8_t cuts, bool ignores_cuts);
    ScriptPlayer(const ScriptPlayer&) = delete;
    ScriptPlayer& operator=(const ScriptPlayer&) = delete;

    [[nodiscard]] Outcome run();
    // message_count: received and sent.
    [[nodiscard]] std::size_t message_count() const noexcept {
        return messages_received_ + sent_.size();
    }

  private:
    [[nodiscard]] Connection make();
    void perform(const Op& op);
    void perform_peers(const Op& op);
    void perform_owners(const Op& op);
    void feed(Bytes bytes);
    void drain();
    void note(const Event& event);
    void tick(std::uint8_t how);
    void take_output(std::uint8_t how);
    void decide(const Op& op);
    void echo(const Message& message);
    void send(const Op& op);
    void send_parts(const Op& op);
    void send_prepared(const Op& op);
    void send_control(const Op& op);
    void say_close(const Op& op);
    [[nodiscard]] Payload payload_of(Buffer bytes, std::uint8_t how);
    // expect judges the result of a call that queues data: one of `faults` if there are any, and
    // then nothing has changed.
    void expect(Error result, std::vector<Error> faults, std::size_t queued_before);
    [[nodiscard]] std::vector<Error> faults_of_sending() const;
    void release_tokens();
    void check_state();
    void check_deadline();
    void check_close();
    void finish();
    void check_messages();
    void check_reference();

    const Script& script_;
    bool ignores_cuts_;
    std::uint8_t cuts_;
    ZlibCodecs codecs_{kSmallZlib};
    FixedEntropy entropy_;
    Role role_;
    bool with_handshake_;
    bool decides_itself_;
    Options options_;
    Time now_{};
    Connection connection_;
    Peer peer_;
    OutputJudge judge_;
    MessageReader reader_{std::size_t{1} << 20};
    Outcome outcome_;
    State state_ = State::connecting;
    Buffer stream_;  // all that was fed before the end of input
    Buffer last_;    // what was fed last
    Buffer unread_;  // what next() has left while a decision was pending
    std::size_t sent_size_ = 0;
    bool was_cleared_ = false;  // the engine gave up what it had queued
    std::uint64_t open_at_ = 0;
    bool is_open_ = false;
    std::optional<DeflateParameters> deflate_;
    bool is_deciding_ = false;
    bool has_ended_ = false;
    bool is_closed_ = false;
    bool echoes_ = false;
    bool message_is_open_ = false;
    bool has_said_close_ = false;  // of its own
    std::uint16_t said_code_ = 0;
    Buffer said_reason_;
    OutputJudge::Message open_message_{};
    std::vector<OutputJudge::Message> sent_;
    std::deque<Buffer> lent_;  // by token
    std::vector<bool> is_lent_;
    std::deque<PreparedMessage> prepared_;
    std::size_t messages_received_ = 0;
};

// check_script plays a script whole and cut, and compares. It returns the messages received and
// sent.
std::size_t check_script(const Script& script);

}  // namespace wsproof::fuzz
