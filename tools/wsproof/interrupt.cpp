#include "interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include "commands.hpp"
#include "process.hpp"

namespace wsproof::tools {

namespace {

net::Interrupt& the_interrupt() {
    static net::Interrupt interrupt;
    return interrupt;
}

volatile sig_atomic_t times_asked = 0;

// Only what is async-signal-safe: a write to an eventfd, kill and _exit.
extern "C" void on_signal(int /*signal*/) {
    times_asked = times_asked + 1;
    if (times_asked > 1) {
        conformance::Process::kill_all();
        _exit(kInterrupted);
    }
    the_interrupt().trigger();
}

}  // namespace

net::Interrupt& interrupt_on_signals() {
    net::Interrupt& interrupt = the_interrupt();  // made before a handler can want it
    struct sigaction action {};
    action.sa_handler = on_signal;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGHUP, &action, nullptr);
    return interrupt;
}

}  // namespace wsproof::tools
