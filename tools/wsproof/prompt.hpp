// Where the commands of `wsproof connect` come from: a person at a terminal, or a script.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace wsproof::tools {

// Prompt reads lines of standard input as they come. At a terminal it shows a prompt, with line
// editing and a history if the build has libedit. One at a time.
class Prompt {
  public:
    // With `lines` these are all, and standard input is left alone.
    explicit Prompt(std::vector<std::string> lines);
    ~Prompt();
    Prompt(const Prompt&) = delete;
    Prompt& operator=(const Prompt&) = delete;

    [[nodiscard]] bool is_terminal() const noexcept { return is_terminal_; }
    // input is what take() reads from once it can be read; -1: nothing more will come.
    [[nodiscard]] int input() const noexcept { return has_ended_ ? -1 : 0; }
    void take();
    // next is the oldest line that has not been asked for; has_ended: there will be no other.
    [[nodiscard]] std::optional<std::string> next();
    [[nodiscard]] bool has_ended() const noexcept { return has_ended_ && lines_.empty(); }
    // is_too_long: a line is more than is taken; the rest of the input is lost.
    [[nodiscard]] bool is_too_long() const noexcept { return is_too_long_; }

    // write puts whole lines on standard output, above the line that is being edited.
    void write(const std::string& text);
    // leave gives the terminal back as it was.
    void leave();

  private:
    static void take_edited(char* line);
    void split();

    std::deque<std::string> lines_;
    std::string partial_;
    bool is_terminal_ = false;
    bool is_editing_ = false;
    bool has_ended_ = false;
    bool is_too_long_ = false;
};

}  // namespace wsproof::tools
