#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <thread>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX declares it nowhere

namespace wsproof::conformance {

namespace {

constexpr std::size_t kOutputMax = 4096;
constexpr std::chrono::milliseconds kOutputWait{100};

// The groups that run, for a signal handler, which can neither lock nor allocate. More than these
// are not known to it.
std::array<std::atomic<pid_t>, 512> running_groups{};

void replace_group(pid_t present, pid_t next) noexcept {
    for (std::atomic<pid_t>& group : running_groups) {
        pid_t expected = present;
        if (group.compare_exchange_strong(expected, next)) {
            return;
        }
    }
}

// Reader of one command line.
class Words {
  public:
    explicit Words(std::string_view text) : text_(text) {}

    std::vector<std::string> split(std::string& error) {
        for (at_ = 0; at_ < text_.size(); ++at_) {
            take(text_[at_], error);
        }
        finish();
        if (error.empty() && words_.empty()) {
            error = "there is no command";
        }
        return error.empty() ? std::move(words_) : std::vector<std::string>{};
    }

  private:
    void take(char c, std::string& error) {
        if (c == ' ' || c == '\t' || c == '\n') {
            finish();
            return;
        }
        is_word_ = true;
        if (c == '\'') {
            take_literal(error);
        } else if (c == '"') {
            take_quoted(error);
        } else if (c == '\\') {
            if (++at_ == text_.size()) {
                error = "a backslash at the end";
                return;
            }
            word_ += text_[at_];
        } else {
            word_ += c;
        }
    }

    void take_literal(std::string& error) {
        const std::size_t end = text_.find('\'', at_ + 1);
        if (end == std::string_view::npos) {
            error = "a ' without its partner";
            return;
        }
        word_ += text_.substr(at_ + 1, end - at_ - 1);
        at_ = end;
    }

    void take_quoted(std::string& error) {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            const bool escapes = text_[at_] == '\\' && at_ + 1 < text_.size() &&
                                 (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
            at_ += escapes ? 1 : 0;
            word_ += text_[at_];
        }
        if (at_ == text_.size()) {
            error = "a \" without its partner";
        }
    }

    void finish() {
        if (is_word_) {
            words_.push_back(std::move(word_));
        }
        word_.clear();
        is_word_ = false;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string word_;
    bool is_word_ = false;
    std::vector<std::string> words_;
};

void close_once(int& fd) noexcept {
    if (fd >= 0) {
        ::close(fd);
        fd = -1;
    }
}

// environment gives ours with `variables` in place of those of their names.
std::vector<std::string> environment(const Process::Variables& variables) {
    std::vector<std::string> all;
    for (char** each = environ; *each != nullptr; ++each) {
        const std::string_view entry = *each;
        const auto is_replaced = [&](const auto& variable) {
            return entry.starts_with(variable.first + "=");
        };
        if (std::none_of(variables.begin(), variables.end(), is_replaced)) {
            all.emplace_back(entry);
        }
    }
    for (const auto& [name, value] : variables) {
        all.push_back(name + "=" + value);
    }
    return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

// spawn starts the program in a group of its own; 0 or errno.
int spawn(std::vector<std::string> words, const Process::Variables& variables, int output,
          pid_t& id) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, 1);
    posix_spawn_file_actions_adddup2(&files, output, 2);
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::vector<std::string> variable_texts = environment(variables);
    const auto arguments = pointers_to(words);
    const auto environs = pointers_to(variable_texts);
    const int error = ::posix_spawnp(&id, words.front().c_str(), &files, &attributes,
                                     arguments.data(), environs.data());
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return error;
}

}  // namespace

std::vector<std::string> split_command(std::string_view text, std::string& error) {
    error.clear();
    return Words(text).split(error);
}

std::vector<std::string> fill(std::vector<std::string> words, std::string_view placeholder,
                              std::string_view value, std::size_t& found) {
    for (std::string& word : words) {
        for (std::size_t at = word.find(placeholder); at != std::string::npos;
             at = word.find(placeholder, at + value.size())) {
            word.replace(at, placeholder.size(), value);
            ++found;
        }
    }
    return words;
}

bool Exit::is_crash() const noexcept {
    constexpr std::array kDeadly = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS};
    return by_signal && std::find(kDeadly.begin(), kDeadly.end(), number) != kDeadly.end();
}

std::string Exit::describe() const {
    if (!by_signal) {
        return "exit code " + std::to_string(number);
    }
    const char* text = ::sigdescr_np(number);
    return "signal " + std::to_string(number) +
           (text == nullptr ? "" : " (" + std::string(text) + ")");
}

// Drain reads in a thread of its own: a program whose output nobody reads comes to a stop.
struct Process::Drain {
    explicit Drain(int reading_end) : fd(reading_end) {
        std::array<int, 2> ends{-1, -1};
        if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
            wake = ends[0];
            waker = ends[1];
        }
        thread = std::thread([this] {
            run();
            is_done = true;
        });
    }
    ~Drain() {
        close_once(waker);
        thread.join();
        close_once(wake);
        close_once(fd);
    }
    Drain(const Drain&) = delete;
    Drain& operator=(const Drain&) = delete;

    void run() {
        std::array<char, kOutputMax> buffer;
        std::array<pollfd, 2> polled = {{{fd, POLLIN, 0}, {wake, POLLIN, 0}}};
        while (true) {
            if (::poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) {
                return;
            }
            if (polled[0].revents == 0 && polled[1].revents != 0) {
                return;  // all that was there has been read
            }
            const ssize_t size = ::read(fd, buffer.data(), buffer.size());
            if (size <= 0) {
                return;
            }
            const std::lock_guard lock(mutex);
            text.append(buffer.data(), static_cast<std::size_t>(size));
            text.erase(0, text.size() - std::min(text.size(), kOutputMax));
        }
    }

    int fd = -1;
    int wake = -1;  // at its end: the thread is to return
    int waker = -1;
    std::thread thread;
    std::mutex mutex;
    std::string text;
    std::atomic<bool> is_done{false};
};

Process::Process() = default;

std::unique_ptr<Process> Process::start(const std::vector<std::string>& words,
                                        const Variables& variables, std::string& error) {
    std::array<int, 2> pipe{-1, -1};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        error = std::string("no pipe can be had: ") + std::strerror(errno);
        return nullptr;
    }
    pid_t id = -1;
    const int failure = spawn(words, variables, pipe[1], id);
    close_once(pipe[1]);
    if (failure != 0) {
        close_once(pipe[0]);
        error = "\"" + words.front() + "\" cannot be started: " + std::strerror(failure);
        return nullptr;
    }
    std::unique_ptr<Process> process(new Process);
    process->id_ = id;
    replace_group(0, id);
    // The C library of Debian 12 declares pidfd_open for C alone.
    process->handle_ = static_cast<int>(::syscall(SYS_pidfd_open, id, 0));
    process->drain_ = std::make_unique<Drain>(pipe[0]);
    return process;
}

Process::~Process() {
    end(std::chrono::milliseconds(0));
    close_once(handle_);
}

// The program is not reaped before its group is ended: its number must not be another's by then.
std::optional<Exit> Process::exit() const noexcept {
    if (is_reaped_) {
        return exit_;
    }
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0) {
        return std::nullopt;
    }
    return Exit{.by_signal = info.si_code != CLD_EXITED, .number = info.si_status};
}

std::optional<Exit> Process::wait(net::Deadline deadline, const net::Interrupt* interrupt) const {
    while (true) {
        const auto ended = exit();
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - net::Clock::now());
        if (ended || left.count() <= 0 || (interrupt != nullptr && interrupt->is_triggered())) {
            return ended;
        }
        std::array<pollfd, 2> polled = {
            {{handle_, POLLIN, 0}, {interrupt == nullptr ? -1 : interrupt->fd(), POLLIN, 0}}};
        ::poll(polled.data(), polled.size(),
               static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
    }
}

void Process::end(std::chrono::milliseconds grace) {
    if (is_reaped_ || id_ < 0) {
        return;
    }
    if (grace.count() > 0 && !exit()) {
        ::kill(-id_, SIGTERM);
        wait(net::Clock::now() + grace, nullptr);
    }
    const auto own = exit();
    ::kill(-id_, SIGKILL);
    replace_group(id_, 0);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED);
    exit_ = own ? own : Exit{.by_signal = info.si_code != CLD_EXITED, .number = info.si_status};
    is_reaped_ = true;
}

void Process::kill_all() noexcept {
    for (const std::atomic<pid_t>& group : running_groups) {
        if (const pid_t id = group.load(); id > 0) {
            ::kill(-id, SIGKILL);
        }
    }
}

std::string Process::output() const {
    const auto last = net::Clock::now() + kOutputWait;
    while (exit() && !drain_->is_done && net::Clock::now() < last) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const std::lock_guard lock(drain_->mutex);
    return drain_->text;
}

}  // namespace wsproof::conformance
