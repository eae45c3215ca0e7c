#include "client_desk.hpp"

#include <algorithm>

#include "player.hpp"

namespace wsproof::conformance {

namespace {

constexpr milliseconds kLook{50};          // between two looks at whether we are interrupted
constexpr std::size_t kWalkInsMax = 64;    // that wait for their case
constexpr std::size_t kVerdictsMax = 200;  // in one answer

}  // namespace

ClientDesk::ClientDesk(std::chrono::seconds patience, milliseconds held)
    : patience_(patience), held_(held), heard_(net::Clock::now()) {}

template <typename Condition>
void ClientDesk::wait(std::unique_lock<std::mutex>& lock, const net::Interrupt& interrupt,
                      Condition is_done) {
    // Somebody who has never come is waited for from now on; a page goes on asking while it is
    // there.
    const auto began = net::Clock::now();
    while (!is_done()) {
        if (interrupt.is_triggered()) {
            throw Interrupted{};
        }
        const auto since = kind_ == Kind::page ? heard_ : std::max(began, heard_);
        is_left_ = is_left_ || net::Clock::now() - since >= patience_;
        if (is_left_) {
            throw OutOfTime{
                (kind_ == Kind::page ? "the page was not heard of for " : "no client came for ") +
                std::to_string(patience_.count()) + " s (--wait)"};
        }
        changed_.wait_for(lock, kLook);
    }
}

ClientDesk::Kind ClientDesk::kind() const {
    const std::lock_guard lock(mutex_);
    return kind_;
}

ClientDesk::Kind ClientDesk::await_kind(const net::Interrupt& interrupt) {
    std::unique_lock lock(mutex_);
    wait(lock, interrupt, [this] { return kind_ != Kind::unknown; });
    return kind_;
}

Visit::Arrival ClientDesk::await_walk_in(const net::Interrupt& interrupt) {
    std::unique_lock lock(mutex_);
    wait(lock, interrupt, [this] { return !walk_ins_.empty(); });
    Visit::Arrival arrival = std::move(walk_ins_.front());
    walk_ins_.pop_front();
    return arrival;
}

std::uint64_t ClientDesk::order(const ClientWishes& wishes) {
    const std::lock_guard lock(mutex_);
    orders_[++orders_made_].wishes = wishes;
    changed_.notify_all();
    return orders_made_;
}

Visit::Arrival ClientDesk::await_ordered(std::uint64_t number, const net::Interrupt& interrupt) {
    std::unique_lock lock(mutex_);
    Order& order = orders_.at(number);
    wait(lock, interrupt, [&order] {
        return order.state != Order::State::queued && order.state != Order::State::given;
    });
    Visit::Arrival arrival = std::move(order.arrival);
    arrival.why = order.why;
    const bool is_refused = order.state == Order::State::refused;
    orders_.erase(number);
    if (is_refused) {
        throw Declined(arrival.why);
    }
    return arrival;
}

void ClientDesk::cancel(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    orders_.erase(number);
}

std::string ClientDesk::host() const {
    const std::lock_guard lock(mutex_);
    return host_;
}

std::string ClientDesk::browser() const {
    const std::lock_guard lock(mutex_);
    return browser_;
}

void ClientDesk::tell(Json verdict) {
    const std::lock_guard lock(mutex_);
    verdicts_.push_back(std::move(verdict));
}

void ClientDesk::finish(Json outcome, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    outcome_ = std::move(outcome);
    changed_.notify_all();
    if (kind_ == Kind::page && !is_left_) {
        changed_.wait_for(lock, patience, [this] { return is_outcome_heard_; });
    }
}

bool ClientDesk::expects() const {
    const std::lock_guard lock(mutex_);
    if (kind_ != Kind::page) {
        return walk_ins_.size() < kWalkInsMax && outcome_.is_null();
    }
    return std::any_of(orders_.begin(), orders_.end(),
                       [](const auto& each) { return each.second.state == Order::State::given; });
}

ClientDesk::Order* ClientDesk::given() {
    const auto found = std::find_if(orders_.begin(), orders_.end(), [](const auto& each) {
        return each.second.state == Order::State::given;
    });
    return found == orders_.end() ? nullptr : &found->second;
}

void ClientDesk::end_given(Order::State state, std::string why) {
    if (Order* order = given()) {
        order->state = state;
        order->why = std::move(why);
        changed_.notify_all();
    }
}

void ClientDesk::arrive(net::Socket socket, wire::ByteString read) {
    const std::lock_guard lock(mutex_);
    Visit::Arrival arrival{.socket = std::move(socket), .read = std::move(read)};
    heard_ = net::Clock::now();
    if (kind_ != Kind::page) {
        kind_ = Kind::walk_in;
        walk_ins_.push_back(std::move(arrival));
    } else if (Order* order = given()) {
        order->arrival = std::move(arrival);
        order->state = Order::State::arrived;
    }
    changed_.notify_all();
}

// welcome: the page that was loaded last is the one that plays. What the one before it was about to
// open does not come any more.
void ClientDesk::welcome(const PageRequest& request) {
    kind_ = Kind::page;
    heard_ = net::Clock::now();
    host_ = request.host;
    browser_ = request.browser;
    if (request.page != page_) {
        if (!page_.empty()) {
            gone_.insert(page_);
            end_given(Order::State::lost, "the page was loaded anew");
        }
        page_ = request.page;
    }
    const auto is_about_given = [this](const std::optional<std::uint64_t>& number) {
        const auto found = number ? orders_.find(*number) : orders_.end();
        return found != orders_.end() && found->second.state == Order::State::given;
    };
    if (is_about_given(request.refused)) {
        end_given(Order::State::refused,
                  "the browser's WebSocket does not take it: " + request.why);
    }
    if (is_about_given(request.lost)) {
        end_given(Order::State::lost, "the browser ended the connection before its request");
    }
    changed_.notify_all();
}

Json ClientDesk::next(const PageRequest& request) {
    std::unique_lock lock(mutex_);
    if (kind_ == Kind::walk_in) {
        return {{"refusal", "a client that came by itself is being judged"}};
    }
    if (gone_.contains(request.page)) {
        return {{"refusal", "a page that was opened later has taken over"}};
    }
    welcome(request);
    const auto has_order = [this] {
        return given() == nullptr &&
               std::any_of(orders_.begin(), orders_.end(), [](const auto& each) {
                   return each.second.state == Order::State::queued;
               });
    };
    changed_.wait_for(lock, held_,
                      [&] { return has_order() || !outcome_.is_null() || request.page != page_; });
    return answer(request);
}

Json ClientDesk::answer(const PageRequest& request) {
    Json json = {{"verdicts", Json::array()}};
    const std::size_t first = std::min(request.since, verdicts_.size());
    const std::size_t last = std::min(verdicts_.size(), first + kVerdictsMax);
    for (std::size_t i = first; i < last; ++i) {
        json["verdicts"].push_back(verdicts_[i]);
    }
    const auto queued = std::find_if(orders_.begin(), orders_.end(), [](const auto& each) {
        return each.second.state == Order::State::queued;
    });
    // One at a time: the order of the connections tells which is which, and a browser that opens
    // several to one host waits for each answer anyway (RFC 6455 §4.1).
    if (request.page == page_ && given() == nullptr && queued != orders_.end()) {
        queued->second.state = Order::State::given;
        json["open"] = order_json(queued->first, queued->second.wishes);
    }
    if (!outcome_.is_null() && last == verdicts_.size()) {
        json["outcome"] = outcome_;
        is_outcome_heard_ = true;
        changed_.notify_all();
    }
    return json;
}

}  // namespace wsproof::conformance
