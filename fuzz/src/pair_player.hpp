// A client engine against a server engine, over a channel that cuts, delays, ends, and spoils
// bytes.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <vector>
#include <wsproof/connection.hpp>
#include <wsproof/message_reader.hpp>

#include "input.hpp"
#include "output_judge.hpp"
#include "setting.hpp"

namespace wsproof::fuzz {

class PairPlayer {
  public:
    explicit PairPlayer(Input& input);
    PairPlayer(const PairPlayer&) = delete;
    PairPlayer& operator=(const PairPlayer&) = delete;

    // run plays to the end of the input, then lets both ends talk until nothing is left to say.
    void run();

  private:
    struct Side {
        Connection connection;
        OutputJudge judge;
        MessageReader reader{std::size_t{1} << 20};
        Buffer on_the_way{};  // to it
        std::vector<OutputJudge::Message> sent{};
        std::vector<OutputJudge::Message> received{};
        std::size_t sent_size = 0;
        bool is_in_parts = false;  // a message is open
        OutputJudge::Message open_message{};
        bool has_eof = false;
        bool is_open = false;
        std::size_t closed_count = 0;
        bool is_clean = false;
        std::uint16_t code_heard = 0;
        Error failure = Error::none;
    };

    void step();
    void say(Side& side);
    void say_in_parts(Side& side, std::uint8_t how);
    void take(Side& side, Side& other, std::size_t most);
    void read(Side& side, std::size_t most);
    void note(Side& side, const Event& event);
    void tick(std::uint8_t amount);
    // exhaust carries bytes until there are none.
    void exhaust();
    void finish();
    [[nodiscard]] bool move_all(Side& from, Side& to);
    void check_side(const Side& side, const Side& other) const;

    Input& input_;
    bool may_spoil_;
    bool is_spoiled_ = false;
    bool is_cut_short_ = false;  // an end of input came before its time
    ZlibCodecs codecs_{kSmallZlib};
    FixedEntropy entropy_;
    Options client_options_;
    Options server_options_;
    Time now_{};
    Side client_;
    Side server_;
};

}  // namespace wsproof::fuzz
