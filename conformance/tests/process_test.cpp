#include "process.hpp"

#include <catch2/catch.hpp>
#include <csignal>

using namespace wsproof::conformance;
using Words = std::vector<std::string>;

namespace {

std::unique_ptr<Process> start(const Words& words, const Process::Variables& variables = {}) {
    std::string error;
    auto process = Process::start(words, variables, error);
    INFO(error);
    REQUIRE(process != nullptr);
    return process;
}

Exit exit_of(Process& process) {
    const auto ended = process.wait(wsproof::net::Clock::now() + std::chrono::seconds(20), nullptr);
    REQUIRE(ended);
    return *ended;
}

}  // namespace

TEST_CASE("a command is split as a shell splits it, and nothing is expanded") {
    std::string error;
    CHECK(split_command("node  client.js {url}", error) == Words{"node", "client.js", "{url}"});
    CHECK(split_command(R"(a 'b c' "d 'e" f\ g '' $HOME * x"y"z)", error) ==
          Words{"a", "b c", "d 'e", "f g", "", "$HOME", "*", "xyz"});
    CHECK(split_command(R"("a\"b\\c\d")", error) == Words{R"(a"b\c\d)"});
    CHECK(error.empty());
    for (const char* bad : {"", "  ", "a 'b", "a \"b", "a \\"}) {
        CHECK(split_command(bad, error).empty());
        CHECK_FALSE(error.empty());
    }
}

TEST_CASE("a placeholder is filled in wherever it stands") {
    std::size_t found = 0;
    CHECK(fill({"x", "{url}", "--to={url}/{url}"}, "{url}", "ws://h", found) ==
          Words{"x", "ws://h", "--to=ws://h/ws://h"});
    CHECK(found == 3);
    CHECK(fill({"x"}, "{url}", "ws://h", found) == Words{"x"});
    CHECK(found == 3);
}

TEST_CASE("a program that is not there is an error with its name") {
    std::string error;
    CHECK(Process::start({"no-such-program-anywhere"}, {}, error) == nullptr);
    CHECK(error.find("no-such-program-anywhere") != std::string::npos);
    CHECK(error.find("No such file") != std::string::npos);
}

TEST_CASE("exit codes, signals and the last output are kept") {
    auto failing = start({"sh", "-c", "echo out; echo err >&2; exit 89"});
    const Exit failed = exit_of(*failing);
    CHECK_FALSE(failed.by_signal);
    CHECK(failed.number == 89);
    CHECK_FALSE(failed.is_crash());
    failing->end(std::chrono::milliseconds(0));
    CHECK(failing->exit()->number == 89);

    auto crashing = start({"sh", "-c", "kill -SEGV $$"});
    const Exit crashed = exit_of(*crashing);
    CHECK(crashed.by_signal);
    CHECK(crashed.number == SIGSEGV);
    CHECK(crashed.is_crash());
    CHECK(crashed.describe() == "signal 11 (Segmentation fault)");
    CHECK_FALSE(Exit{.by_signal = true, .number = SIGTERM}.is_crash());
}

TEST_CASE("variables are added to the environment, or replace what is there") {
    auto process = start({"sh", "-c", R"([ "$WSPROOF_A$PATH" = "1/bin:/usr/bin" ])"},
                         {{"WSPROOF_A", "1"}, {"PATH", "/bin:/usr/bin"}});
    CHECK(exit_of(*process).number == 0);
}

TEST_CASE("end stops the whole group, also one that ignores SIGTERM") {
    auto process = start({"sh", "-c", "trap '' TERM; echo ready; sleep 100 & wait; sleep 100"});
    while (process->output().find("ready") == std::string::npos) {
        REQUIRE_FALSE(process->exit());
    }
    process->end(std::chrono::milliseconds(20));
    REQUIRE(process->exit());
    CHECK(process->exit()->by_signal);
    CHECK(process->exit()->number == SIGKILL);
    CHECK(process->output() == "ready\n");
}
