// Completion for fish.
#include <sstream>

#include "command_tree.hpp"

namespace wsproof::tools {

namespace {

constexpr const char* kHead =
    R"(# fish completion of wsproof, as `wsproof completion fish` prints it
complete -c wsproof -f
)";
constexpr const char* kCases =
    "(wsproof list 2>/dev/null | string replace -r \"\\\\[.*\" \"\" | uniq)";

std::string in_quotes(const std::string& text) {
    std::string out = "'";
    for (const char c : text) {
        out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return out + "'";
}

// condition holds where the words of this command, and none of those below it, stand in the line.
std::string condition(const CommandView& command) {
    std::string text;
    for (std::size_t i = 1; i < command.path.size(); ++i) {
        text += (text.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + command.path[i]);
    }
    if (command.commands.empty()) {
        return text;
    }
    if (command.path.size() == 1) {
        return "__fish_use_subcommand";
    }
    text += "; and not __fish_seen_subcommand_from";
    for (const CommandView& below : command.commands) {
        text += " " + below.path.back();
    }
    return text;
}

std::string value_part(const OptionView& option) {
    switch (option.takes) {
        case Takes::nothing:
            return "";
        case Takes::text:
            return " -x";
        case Takes::file:
            return " -r -F";
        case Takes::directory:
            return " -x -a '(__fish_complete_directories)'";
        case Takes::cases:
            return " -x -a " + in_quotes(kCases);
        case Takes::words:
            break;
    }
    std::string list;
    for (const std::string& word : option.words) {
        list += (list.empty() ? "" : " ") + word;
    }
    return " -x -a " + in_quotes(list);
}

void describe(const CommandView& command, std::ostream& out) {
    const std::string line = "complete -c wsproof -n " + in_quotes(condition(command));
    for (const CommandView& below : command.commands) {
        out << line << " -a " << below.path.back() << " -d " << in_quotes(below.text) << '\n';
    }
    for (const OptionView& option : command.options) {
        out << line;
        for (const std::string& name : option.names) {
            const bool is_long = name.starts_with("--");
            out << (is_long ? " -l " : " -s ") << name.substr(is_long ? 2 : 1);
        }
        out << value_part(option) << " -d " << in_quotes(option.text) << '\n';
    }
    for (const OptionView& positional : command.positionals) {
        if (positional.takes == Takes::file) {
            out << line << " -F\n";
        } else if (positional.takes == Takes::cases) {
            out << line << " -a " << in_quotes(kCases) << '\n';
        }
    }
}

}  // namespace

std::string fish_completion(const CommandView& root) {
    std::ostringstream out;
    out << kHead;
    for (const CommandView* command : every(root)) {
        describe(*command, out);
    }
    return out.str();
}

}  // namespace wsproof::tools
