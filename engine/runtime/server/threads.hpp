// The threads of a server, as many as it may have.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <thread>

namespace wsproof::runtime {

// Threads belongs to one thread, the one that starts the others.
class Threads {
  public:
    explicit Threads(std::size_t count_max) : count_max_(count_max) {}
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;
    ~Threads();  // waits for all

    // has_room says whether one more may be started; it joins those that have ended.
    [[nodiscard]] bool has_room();
    // start runs `work`, which must not throw, in a thread of its own. Throws std::system_error if
    // the system has none.
    void start(std::function<void()> work);

  private:
    struct Thread {
        std::thread thread;
        std::atomic<bool> has_ended = false;
    };

    std::size_t count_max_;
    std::list<Thread> threads_;
};

}  // namespace wsproof::runtime
