// Completion for zsh, by _arguments.
#include <sstream>

#include "command_tree.hpp"

namespace wsproof::tools {

namespace {

constexpr const char* kHead = R"SH(#compdef wsproof
# zsh completion of wsproof, as `wsproof completion zsh` prints it
_wsproof_cases() {
    local -a ids
    ids=(${(f)"$(wsproof list 2>/dev/null | sed 's/\[.*//' | uniq)"})
    compadd -a ids
}

)SH";

// It is a function of its own when it is loaded from $fpath, and a script when it is read by eval.
constexpr const char* kTail = R"SH(
if [[ $funcstack[1] == _wsproof ]]; then
    _wsproof "$@"
else
    compdef _wsproof wsproof
fi
)SH";

std::string escaped(const std::string& text, std::string_view special) {
    std::string out;
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string in_quotes(const std::string& text) {
    std::string out = "'";
    for (const char c : text) {
        out += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return out + "'";
}

std::string function_of(const CommandView& command) {
    std::string name;
    for (const std::string& word : command.path) {
        name += "_" + word;
    }
    for (char& c : name) {
        c = c == '-' ? '_' : c;
    }
    return name;
}

// value_part: ":FILE:_files", empty for a flag.
std::string value_part(const OptionView& option) {
    const std::string message = ":" + escaped(option.value.empty() ? " " : option.value, ":\\");
    switch (option.takes) {
        case Takes::nothing:
            return "";
        case Takes::text:
            return message + ": ";
        case Takes::file:
            return message + ":_files";
        case Takes::directory:
            return message + ":_directories";
        case Takes::cases:
            return message + ":_wsproof_cases";
        case Takes::words:
            break;
    }
    std::string list;
    for (const std::string& word : option.words) {
        list += (list.empty() ? "" : " ") + word;
    }
    return message + ":(" + list + ")";
}

// spec_of writes '(-q --quiet)'{-q,--quiet}'[text]', or '*--group=[text]:NAME:(core all)'.
std::string spec_of(const OptionView& option) {
    const std::string rest =
        in_quotes("[" + escaped(option.text, "[]\\") + "]" + value_part(option));
    std::string all;
    std::string forms;
    for (const std::string& name : option.names) {
        const bool is_long = name.starts_with("--");
        const char* mark = option.takes == Takes::nothing ? "" : is_long ? "=" : "+";
        all += (all.empty() ? "" : " ") + name;
        forms += (forms.empty() ? "" : ",") + name + mark;
    }
    const std::string before = option.is_repeatable ? "'*'" : in_quotes("(" + all + ")");
    return before + (option.names.size() > 1 ? "{" + forms + "}" : forms) + rest;
}

void specs(const CommandView& command, std::ostream& out) {
    for (const OptionView& option : command.options) {
        out << " \\\n        " << spec_of(option);
    }
    for (const OptionView& positional : command.positionals) {
        out << " \\\n        "
            << in_quotes((positional.is_repeatable ? "*" : "") + value_part(positional));
    }
}

void leaf(const CommandView& command, std::ostream& out) {
    out << function_of(command) << "() {\n    _arguments -s -S";
    specs(command, out);
    out << "\n}\n\n";
}

void branch(const CommandView& command, std::ostream& out) {
    out << function_of(command)
        << "() {\n    local context state state_descr line\n    typeset -A opt_args\n"
        << "    _arguments -C";
    specs(command, out);
    out << " \\\n        ':command:->command' \\\n        '*::argument:->argument'\n"
        << "    case $state in\n    command)\n        local -a commands=(\n";
    for (const CommandView& each : command.commands) {
        out << "            " << in_quotes(each.path.back() + ":" + escaped(each.text, ":\\"))
            << '\n';
    }
    out << "        )\n        _describe command commands\n        ;;\n"
        << "    argument)\n        case $line[1] in\n";
    for (const CommandView& each : command.commands) {
        out << "        " << each.path.back() << ") " << function_of(each) << " ;;\n";
    }
    out << "        esac\n        ;;\n    esac\n}\n";
}

}  // namespace

std::string zsh_completion(const CommandView& root) {
    std::ostringstream out;
    out << kHead;
    const std::vector<const CommandView*> all = every(root);
    for (auto command = all.rbegin(); command != all.rend(); ++command) {
        if ((*command)->commands.empty()) {
            leaf(**command, out);
        } else {
            branch(**command, out);
        }
    }
    out << kTail;
    return out.str();
}

}  // namespace wsproof::tools
