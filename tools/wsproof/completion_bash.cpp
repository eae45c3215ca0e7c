// Completion for bash: it needs nothing but bash.
#include <map>
#include <sstream>

#include "command_tree.hpp"

namespace wsproof::tools {

namespace {

constexpr const char* kHead =
    R"SH(# bash completion of wsproof, as `wsproof completion bash` prints it
_wsproof_cases() {
    local wsproof=${COMP_WORDS[0]/#\~/$HOME}
    mapfile -t COMPREPLY < <(compgen -W "$("$wsproof" list 2>/dev/null | sed 's/\[.*//' | uniq)" -- "$1")
}

_wsproof() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=wsproof i
    COMPREPLY=()
    if [[ $cur == = ]]; then # --color=, which bash takes for two words
        cur=
    elif [[ $prev == = ]] && ((COMP_CWORD > 1)); then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
)SH";

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : between) + word;
    }
    return text;
}

std::string in_quotes(const std::string& text) {
    return '"' + text + '"';  // names of commands and options alone: nothing to escape
}

std::string from_words(const std::vector<std::string>& words) {
    return "mapfile -t COMPREPLY < <(compgen -W \"" + joined(words, " ") + "\" -- \"$cur\")";
}

std::string action(const OptionView& option) {
    switch (option.takes) {
        case Takes::file:
            return "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "
                   "\"$cur\")";
        case Takes::directory:
            return "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "
                   "\"$cur\")";
        case Takes::words:
            return from_words(option.words);
        case Takes::cases:
            return "_wsproof_cases \"$cur\"";
        case Takes::text:
        case Takes::nothing:
            break;
    }
    return ":";  // nobody knows
}

// commands_in_line makes `command` the one that the words before the cursor name.
void commands_in_line(const CommandView& root, std::ostream& out) {
    std::vector<std::string> names;
    for (const CommandView* command : every(root)) {
        if (command != &root) {
            names.push_back(in_quotes(command->name()));
        }
    }
    out << "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        << "        case \"$command ${COMP_WORDS[i]}\" in\n"
        << "        " << joined(names, " | ") << ") command+=\" ${COMP_WORDS[i]}\" ;;\n"
        << "        esac\n    done\n";
}

void values(const CommandView& root, std::ostream& out) {
    std::map<std::string, std::vector<std::string>> by_action;
    for (const CommandView* command : every(root)) {
        for (const OptionView& option : command->options) {
            if (option.takes == Takes::nothing) {
                continue;
            }
            for (const std::string& name : option.names) {
                by_action[action(option)].push_back(in_quotes(command->name() + " " + name));
            }
        }
    }
    out << "    case \"$command $prev\" in\n";
    for (const auto& [what, options] : by_action) {
        out << "    " << joined(options, " | ") << ")\n        " << what
            << "\n        return\n        ;;\n";
    }
    out << "    esac\n";
}

void names_and_words(const CommandView& command, std::ostream& out) {
    std::vector<std::string> names;
    for (const OptionView& option : command.options) {
        names.insert(names.end(), option.names.begin(), option.names.end());
    }
    std::vector<std::string> below;
    for (const CommandView& each : command.commands) {
        below.push_back(each.path.back());
    }
    std::string otherwise = below.empty() ? ":" : from_words(below);
    for (const OptionView& positional : command.positionals) {
        if (const std::string what = action(positional); what != ":") {
            otherwise = what;
        }
    }
    out << "    " << in_quotes(command.name())
        << ")\n        if [[ $cur == -* ]]; then\n            " << from_words(names)
        << "\n        else\n            " << otherwise << "\n        fi\n        ;;\n";
}

}  // namespace

std::string bash_completion(const CommandView& root) {
    std::ostringstream out;
    out << kHead;
    commands_in_line(root, out);
    values(root, out);
    out << "    case \"$command\" in\n";
    for (const CommandView* command : every(root)) {
        names_and_words(*command, out);
    }
    out << "    esac\n}\ncomplete -F _wsproof wsproof\n";
    return out.str();
}

}  // namespace wsproof::tools
