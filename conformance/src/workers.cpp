#include "workers.hpp"

#include <chrono>
#include <utility>

namespace wsproof::conformance {

namespace {

constexpr std::size_t kWorkersMax = 256;         // more connections wait to be accepted
constexpr std::chrono::milliseconds kLook{100};  // between two looks at whether it is over

}  // namespace

void Workers::receive(net::Listener& listener, const net::Interrupt& interrupt,
                      const std::function<bool()>& is_over) {
    while (!interrupt.is_triggered() && !is_over()) {
        join_those_done();
        if (workers_.size() >= kWorkersMax) {
            std::this_thread::sleep_for(kLook);
            continue;
        }
        net::Connected arrival = listener.accept(net::Clock::now() + kLook, &interrupt);
        if (arrival.socket.is_open()) {
            start(std::move(arrival.socket));
        }
    }
    for (Worker& worker : workers_) {
        worker.thread.join();
    }
    workers_.clear();
}

void Workers::start(net::Socket socket) {
    Worker& worker = workers_.emplace_back();
    worker.thread = std::thread(
        [this, &worker](net::Socket given) {
            serve_(std::move(given));
            worker.is_done = true;
        },
        std::move(socket));
}

void Workers::join_those_done() {
    for (auto worker = workers_.begin(); worker != workers_.end();) {
        if (worker->is_done) {
            worker->thread.join();
            worker = workers_.erase(worker);
        } else {
            ++worker;
        }
    }
}

}  // namespace wsproof::conformance
