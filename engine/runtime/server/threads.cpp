#include "threads.hpp"

#include <utility>

namespace wsproof::runtime {

Threads::~Threads() {
    for (Thread& each : threads_) {
        each.thread.join();
    }
}

bool Threads::has_room() {
    threads_.remove_if([](Thread& each) {
        if (!each.has_ended) {
            return false;
        }
        each.thread.join();
        return true;
    });
    return threads_.size() < count_max_;
}

void Threads::start(std::function<void()> work) {
    Thread& added = threads_.emplace_back();
    try {
        added.thread = std::thread([&added, work = std::move(work)] {
            work();
            added.has_ended = true;
        });
    } catch (...) {
        threads_.pop_back();
        throw;
    }
}

}  // namespace wsproof::runtime
