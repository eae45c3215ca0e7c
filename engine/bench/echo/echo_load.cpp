// echo_load ws|raw PORT PID CONNECTIONS SIZE IN_FLIGHT MILLISECONDS: keeps so many messages in
// flight on so many connections, checks the echoes, and prints as JSON what it cost the server,
// whose process is PID. For the first fifth of the time nothing is counted.
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "load.hpp"

using namespace wsproof;
using namespace wsproof::bench;

namespace {

struct Shape {
    bool is_raw = false;
    std::uint16_t port = 0;
    int pid = 0;
    std::size_t connections = 0;
    std::size_t size = 0;
    std::size_t in_flight = 0;
    std::chrono::milliseconds duration{};
};

// cpu_time is what all threads of a process have had so far, in nanoseconds.
std::uint64_t cpu_time(int pid) {
    std::uint64_t sum = 0;
    const std::string folder = "/proc/" + std::to_string(pid) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(folder)) {
        std::uint64_t one = 0;
        std::ifstream(task.path() / "schedstat") >> one;
        sum += one;
    }
    return sum;
}

struct Loop {
    int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<std::unique_ptr<Peer>> peers;

    void watch(std::size_t index, bool has_unsent, int operation) const {
        epoll_event wanted{.events = EPOLLIN | (has_unsent ? EPOLLOUT : 0U),
                           .data = {.u64 = index}};
        if (::epoll_ctl(epoll, operation, peers[index]->fd(), &wanted) != 0) {
            throw std::runtime_error("epoll_ctl");
        }
    }

    // turn waits for something to do and does it; how many echoes came.
    [[nodiscard]] std::size_t turn() const {
        std::array<epoll_event, 64> ready;
        const int count = ::epoll_wait(epoll, ready.data(), ready.size(), 10000);
        if (count <= 0) {
            throw std::runtime_error("ten seconds without an echo");
        }
        std::size_t echoes = 0;
        for (int i = 0; i < count; ++i) {
            const epoll_event& event = ready.at(static_cast<std::size_t>(i));
            Peer& peer = *peers[event.data.u64];
            if ((event.events & ~static_cast<unsigned>(EPOLLOUT)) != 0) {
                echoes += peer.receive();
            }
            const bool has_unsent = peer.send_some();
            if (has_unsent != ((event.events & EPOLLOUT) != 0)) {
                watch(event.data.u64, has_unsent, EPOLL_CTL_MOD);
            }
        }
        return echoes;
    }
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

void run(const Shape& shape) {
    const Traffic traffic = make_traffic(shape.is_raw, shape.size, shape.in_flight);
    Loop loop;
    for (std::size_t i = 0; i < shape.connections; ++i) {
        loop.peers.push_back(std::make_unique<Peer>(shape.port, traffic));
        loop.peers[i]->fill();
        loop.watch(i, loop.peers[i]->send_some(), EPOLL_CTL_ADD);
    }
    const auto arrival = net::Clock::now();
    while (net::Clock::now() - arrival < shape.duration / 5) {
        static_cast<void>(loop.turn());
    }
    std::uint64_t count = 0;
    std::vector<double> turns;
    const std::uint64_t cpu_before = cpu_time(shape.pid);
    const auto start = net::Clock::now();
    for (auto now = start; now - start < shape.duration;) {
        count += loop.turn();
        const auto before = now;
        now = net::Clock::now();
        turns.push_back(std::chrono::duration<double, std::micro>(now - before).count());
    }
    const std::uint64_t cpu = cpu_time(shape.pid) - cpu_before;
    const std::chrono::duration<double> elapsed = net::Clock::now() - start;
    std::cout << "{\"messages\": " << count << ", \"server_ns\": " << cpu
              << ", \"seconds\": " << elapsed.count()
              << ", \"turn_us\": " << median(std::move(turns)) << "}\n";
}

template <class Number>
Number number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw std::runtime_error("not a number: " + std::string(text));
    }
    return value;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::vector<std::string_view> words(argv + 1, argv + argc);
        if (words.size() != 7) {
            throw std::runtime_error(
                "usage: echo_load ws|raw PORT PID CONNECTIONS SIZE IN_FLIGHT MILLISECONDS");
        }
        run({.is_raw = words[0] == "raw",
             .port = number<std::uint16_t>(words[1]),
             .pid = number<int>(words[2]),
             .connections = number<std::size_t>(words[3]),
             .size = number<std::size_t>(words[4]),
             .in_flight = number<std::size_t>(words[5]),
             .duration = std::chrono::milliseconds(number<int>(words[6]))});
    } catch (const std::exception& error) {
        std::cerr << "echo_load: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
