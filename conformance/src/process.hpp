// A program under test: started without a shell, in a process group of its own, so that nothing of
// it outlives the case.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wsproof/net/socket.hpp>

namespace wsproof::conformance {

// split_command splits `text` into words as a POSIX shell does: blanks, '…', "…" and \; nothing
// is expanded. On an error the words are empty and `error` says what is wrong.
[[nodiscard]] std::vector<std::string> split_command(std::string_view text, std::string& error);

// fill puts `value` wherever `placeholder` stands in `words`; how often is added to `found`.
[[nodiscard]] std::vector<std::string> fill(std::vector<std::string> words,
                                            std::string_view placeholder, std::string_view value,
                                            std::size_t& found);

// Exit is how a program came to its end.
struct Exit {
    bool by_signal = false;
    int number = 0;  // the exit code or the signal

    // is_crash: it died of itself, by SIGSEGV, SIGABRT and the like.
    [[nodiscard]] bool is_crash() const noexcept;
    [[nodiscard]] std::string describe() const;  // "exit code 1", "signal 11 (Segmentation fault)"
};

class Process {
  public:
    using Variables = std::vector<std::pair<std::string, std::string>>;

    // start runs words[0], looked for in PATH, with `variables` added to our environment; standard
    // input is empty. nullptr: `error` says why not.
    [[nodiscard]] static std::unique_ptr<Process> start(const std::vector<std::string>& words,
                                                        const Variables& variables,
                                                        std::string& error);
    // Ends it as end() does, without grace.
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    // exit: how it ended; nullopt while it runs.
    [[nodiscard]] std::optional<Exit> exit() const noexcept;
    // wait returns when it has ended, or at the deadline, or when interrupted.
    std::optional<Exit> wait(net::Deadline deadline, const net::Interrupt* interrupt) const;
    // end asks the whole group to end (SIGTERM), and after `grace` kills it. The exit that is
    // reported stays the one of its own, if there was one.
    void end(std::chrono::milliseconds grace);
    // kill_all kills the groups of all that run now. May be called from a signal handler.
    static void kill_all() noexcept;
    // output gives the last 4 KiB of what it wrote to standard output and standard error; once it
    // has ended, all of it is waited for, if briefly: a child may keep them open.
    [[nodiscard]] std::string output() const;

  private:
    struct Drain;  // reads what it writes
    Process();

    int id_ = -1;
    int handle_ = -1;  // becomes readable when it ends
    std::unique_ptr<Drain> drain_;
    bool is_reaped_ = false;
    std::optional<Exit> exit_{};  // once reaped
};

}  // namespace wsproof::conformance
