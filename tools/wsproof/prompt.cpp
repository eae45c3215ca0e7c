#include "prompt.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <utility>
#ifdef WSPROOF_EDITLINE
#include <editline/readline.h>
#endif

namespace wsproof::tools {

namespace {

constexpr std::size_t kLineMax = std::size_t{32} << 20;  // bytes
constexpr const char* kPrompt = "> ";

Prompt* the_prompt = nullptr;  // whose terminal it is: libedit calls back without an argument

}  // namespace

Prompt::Prompt(std::vector<std::string> lines) : lines_(lines.begin(), lines.end()) {
    has_ended_ = !lines.empty();
    is_terminal_ = !has_ended_ && ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0;
    if (!is_terminal_) {
        return;
    }
    the_prompt = this;
#ifdef WSPROOF_EDITLINE
    std::setlocale(LC_CTYPE, "");  // what a character is
    rl_readline_name = const_cast<char*>("wsproof");
    rl_catch_signals = 0;  // they are ours
    using_history();
    stifle_history(1'000);
    rl_callback_handler_install(kPrompt, &Prompt::take_edited);
    is_editing_ = true;
#else
    std::cout << kPrompt << std::flush;
#endif
}

Prompt::~Prompt() {
    leave();
    the_prompt = nullptr;
}

void Prompt::leave() {
#ifdef WSPROOF_EDITLINE
    if (is_editing_) {
        rl_callback_handler_remove();
        std::cout << std::endl;
    }
#endif
    is_editing_ = false;
}

// take_edited gets a line from libedit; nullptr is the end (Ctrl-D).
void Prompt::take_edited(char* line) {
    if (line == nullptr) {
        the_prompt->has_ended_ = true;
        return;
    }
#ifdef WSPROOF_EDITLINE
    if (*line != '\0') {
        add_history(line);
    }
#endif
    the_prompt->lines_.emplace_back(line);
    std::free(line);
#ifdef WSPROOF_EDITLINE
    // libedit begins a new line only when it is asked to; else it would wait for a whole one.
    rl_callback_handler_install(kPrompt, &Prompt::take_edited);
#endif
}

void Prompt::take() {
#ifdef WSPROOF_EDITLINE
    if (is_editing_) {
        rl_callback_read_char();
        return;
    }
#endif
    std::array<char, 65536> buffer;
    const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) {
        return;
    }
    if (size <= 0) {
        has_ended_ = true;
        if (!partial_.empty()) {
            lines_.push_back(std::exchange(partial_, {}));
        }
        return;
    }
    partial_.append(buffer.data(), static_cast<std::size_t>(size));
    split();
    if (partial_.size() > kLineMax) {
        is_too_long_ = has_ended_ = true;
    }
}

void Prompt::split() {
    std::size_t begin = 0;
    for (std::size_t end = partial_.find('\n'); end != std::string::npos;
         end = partial_.find('\n', begin)) {
        std::string line = partial_.substr(begin, end - begin);
        if (line.ends_with('\r')) {
            line.pop_back();
        }
        lines_.push_back(std::move(line));
        begin = end + 1;
    }
    partial_.erase(0, begin);
}

std::optional<std::string> Prompt::next() {
    if (lines_.empty()) {
        return std::nullopt;
    }
    std::string line = std::move(lines_.front());
    lines_.pop_front();
    if (is_terminal_ && !is_editing_ && lines_.empty()) {
        std::cout << kPrompt << std::flush;
    }
    return line;
}

void Prompt::write(const std::string& text) {
    if (!is_terminal_) {
        std::cout << text << std::flush;
        return;
    }
    std::cout << "\r\x1b[K" << text << std::flush;
#ifdef WSPROOF_EDITLINE
    if (is_editing_) {
        rl_forced_update_display();
        return;
    }
#endif
    std::cout << (has_ended_ ? "" : kPrompt) << std::flush;
}

}  // namespace wsproof::tools
