// Trials of sizes: each is a connection of its own, and says taken or refused.
#pragma once

#include <string>

#include "limits.hpp"
#include "limits_link.hpp"

namespace wsproof::conformance {

// So long, connections are refused before nobody is there.
inline constexpr std::chrono::milliseconds kNobody{2'000};

struct Trial {
    Reply reply = Reply::unknown;
    std::string how{};
};

class Trials {
  public:
    Trials(const Stage& stage, net::Deadline deadline) : stage_(stage), deadline_(deadline) {}

    void begin(net::Deadline deadline) noexcept { deadline_ = deadline; }
    // name_what says what comes next; it is blamed for what happens once it is under way.
    void name_what(std::string what) { next_ = std::move(what); }
    // choose_type: text, unless only binary messages come back.
    void choose_type();
    // offer finds an offer of permessage-deflate that is accepted.
    [[nodiscard]] bool offer();
    [[nodiscard]] Trial handshake(const HeadFields& more);
    // message: of so many bytes. An echo of it has that size, or is compressed.
    [[nodiscard]] Trial message(Script script, std::uint64_t size, bool deflates);
    // check_life throws LimitsDied.
    void check_life() { static_cast<void>(open({})); }

    [[nodiscard]] std::uint8_t opcode() const noexcept { return opcode_; }
    [[nodiscard]] const std::string& went_away() const noexcept { return went_away_; }

  private:
    [[nodiscard]] LimitLink connect();
    void blame_next() { blamed_ = next_; }
    [[nodiscard]] LimitLink open(const HeadFields& more);
    void pause();
    [[nodiscard]] Trial wait_for_answer(LimitLink& link, std::uint64_t size, bool deflates);
    [[nodiscard]] bool has_echo(const LimitLink& link, std::uint64_t size, bool deflates) const;

    const Stage& stage_;
    net::Deadline deadline_;
    std::uint8_t opcode_ = 1;
    std::string offer_{};
    std::string next_{};
    std::string blamed_ = "before the first message";
    std::string went_away_{};
};

}  // namespace wsproof::conformance
