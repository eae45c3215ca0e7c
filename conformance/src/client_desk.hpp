// Where cases meet the clients that nobody starts: those that walk in, or the page that a browser
// has opened. What comes first decides: then a run is of the one kind or the other.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>
#include <wsproof/net/socket.hpp>

#include "client.hpp"
#include "page_request.hpp"

namespace wsproof::conformance {

// For any thread.
class ClientDesk {
  public:
    enum class Kind : std::uint8_t {
        unknown,  // nobody has come yet
        walk_in,
        page,
    };

    // Cases wait for somebody for `patience`; then the run is over, for all of them. What a page
    // asks is held for `held` while there is nothing to open.
    explicit ClientDesk(std::chrono::seconds patience,
                        std::chrono::milliseconds held = std::chrono::milliseconds(250));

    // The judge's side. What waits throws Interrupted, and OutOfTime once nobody has come for too
    // long.

    [[nodiscard]] Kind kind() const;
    // await_kind waits for the first.
    [[nodiscard]] Kind await_kind(const net::Interrupt& interrupt);
    // await_walk_in: the next client that has come by itself.
    [[nodiscard]] Visit::Arrival await_walk_in(const net::Interrupt& interrupt);
    // order has the page open a connection. The number names it until it is taken or cancelled.
    [[nodiscard]] std::uint64_t order(const ClientWishes& wishes);
    // await_ordered: what came of an order. No socket: it did not come about. Throws Declined if
    // the page's WebSocket does not take what it was asked for.
    [[nodiscard]] Visit::Arrival await_ordered(std::uint64_t number,
                                               const net::Interrupt& interrupt);
    void cancel(std::uint64_t number);
    [[nodiscard]] std::string host() const;     // as the page's browser calls us
    [[nodiscard]] std::string browser() const;  // as it calls itself; empty: it does not, or none

    // tell keeps a verdict for pages. finish tells them that the run is over, and waits until the
    // page has heard it, for at most `patience`.
    void tell(Json verdict);
    void finish(Json outcome, std::chrono::milliseconds patience);

    // The reception's side.

    // expects: a connection would be of use.
    [[nodiscard]] bool expects() const;
    // arrive: a client's connection is here, of which `read` has been read.
    void arrive(net::Socket socket, wire::ByteString read);
    // next answers a page, at once if there is something to open, else after a moment.
    [[nodiscard]] Json next(const PageRequest& request);

  private:
    struct Order {
        enum class State : std::uint8_t {
            queued,
            given,  // to the page: it is about to connect
            arrived,
            refused,
            lost,
        };
        ClientWishes wishes{};
        State state = State::queued;
        Visit::Arrival arrival{};
        std::string why{};
    };

    // wait holds `lock` until `is_done` or somebody has been away for too long.
    template <typename Condition>
    void wait(std::unique_lock<std::mutex>& lock, const net::Interrupt& interrupt,
              Condition is_done);
    [[nodiscard]] Order* given();
    void end_given(Order::State state, std::string why);
    void welcome(const PageRequest& request);
    Json answer(const PageRequest& request);

    const std::chrono::seconds patience_;
    const std::chrono::milliseconds held_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Kind kind_ = Kind::unknown;
    net::Clock::time_point heard_;  // of the last client or page
    bool is_left_ = false;          // nobody has come for too long
    std::deque<Visit::Arrival> walk_ins_;
    std::map<std::uint64_t, Order> orders_;
    std::uint64_t orders_made_ = 0;
    std::string page_;            // the name of the page that plays
    std::set<std::string> gone_;  // of those before it
    std::string host_;
    std::string browser_;
    std::vector<Json> verdicts_;
    Json outcome_;  // null until the run is over
    bool is_outcome_heard_ = false;
};

}  // namespace wsproof::conformance
