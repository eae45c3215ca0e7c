// The page wsproof(1), in the macros of man(7).
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <sstream>

#include "command_tree.hpp"

namespace wsproof::tools {

namespace {

// What no option says; the exit codes and the examples are the command's own footer.
constexpr const char* kSurroundings = R"(.SH ENVIRONMENT
.TP
.B WSPROOF_DATA
The folder that holds
.I data
and
.IR scenarios ,
in place of the one that was installed.
.TP
.BR TEST_TOTAL_SHARDS ", " TEST_SHARD_INDEX ", " GTEST_TOTAL_SHARDS ", " GTEST_SHARD_INDEX
As
.BR \-\-shard ,
counted from 0.
.TP
.B NO_COLOR
No colours, where
.B \-\-color
is
.IR auto .
.SH SEE ALSO
RFC 6455, The WebSocket Protocol; RFC 7692, Compression Extensions for WebSocket.
)";

// beyond_ascii names the character whose UTF-8 begins at `at`, which it moves to the last byte.
std::string beyond_ascii(const std::string& text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(at);
    unsigned point = lead < 0xe0 ? lead & 0x1f : lead < 0xf0 ? lead & 0x0f : lead & 0x07;
    while (at + 1 < text.size() && (byte(at + 1) & 0xc0) == 0x80) {
        point = point << 6 | (byte(++at) & 0x3f);
    }
    char name[16];
    std::snprintf(name, sizeof name, "\\[u%04X]", point);
    return name;
}

// roff makes text safe: a backslash, a hyphen that is to be copied, a line that begins as a
// request.
std::string roff(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (static_cast<unsigned char>(c) >= 0x80) {
            out += beyond_ascii(text, at);
        } else if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else if (c == '\'' || c == '`') {
            out += c == '`' ? "\\(ga" : "\\(aq";
        } else if (c == '.' && (out.empty() || out.back() == '\n')) {
            out += "\\&.";
        } else {
            out += c;
        }
    }
    return out;
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

std::string bold(const std::string& text) {
    return "\\fB" + roff(text) + "\\fR";
}

std::string italic(const std::string& text) {
    return "\\fI" + roff(text) + "\\fR";
}

// value_of: " a|b" of a list, " FILE", or nothing.
std::string value_of(const OptionView& option) {
    if (option.takes == Takes::nothing) {
        return "";
    }
    if (option.takes == Takes::words) {
        std::string list;
        for (const std::string& word : option.words) {
            list += (list.empty() ? "" : "|") + word;
        }
        return " " + italic(list);
    }
    const bool is_number = option.value == "UINT" || option.value == "INT";
    return " " + italic(is_number ? "N" : option.value);
}

std::string positional_of(const OptionView& option) {
    const std::string name = italic(option.value) + (option.is_repeatable ? " ..." : "");
    return option.is_required ? name : "[" + name + "]";
}

void item(const std::string& tag, const OptionView& option, std::ostream& out) {
    out << ".TP\n" << tag << '\n' << roff(option.text) << '.';
    const bool is_said = option.usual.empty() || option.usual == "0" || option.usual == "false";
    out << (is_said ? "" : " Usually " + roff(option.usual) + ".") << '\n';
}

void synopsis(const CommandView& command, std::ostream& out) {
    out << bold(command.name())
        << (command.options.size() > 1 ? " [" + italic("options") + "]" : "");
    for (const OptionView& positional : command.positionals) {
        out << " " << positional_of(positional);
    }
    out << '\n';
}

void describe(const CommandView& command, std::ostream& out) {
    out << ".SS " << roff(command.name()) << '\n' << roff(command.text) << ".\n.PP\n";
    synopsis(command, out);
    for (const OptionView& positional : command.positionals) {
        item(italic(positional.value), positional, out);
    }
    for (const OptionView& option : command.options) {
        std::string names;
        const bool is_help =
            std::find(option.names.begin(), option.names.end(), "--help") != option.names.end();
        for (const std::string& name : option.names) {
            names += (names.empty() ? "" : ", ") + bold(name);
        }
        if (!is_help) {
            item(names + value_of(option), option, out);
        }
    }
    if (command.path.size() > 1 && !command.footer.empty()) {
        out << ".PP\n" << roff(command.footer) << '\n';
    }
}

// ends takes the footer apart: examples, then "Exit codes: " and what each means.
void ends(const std::string& footer, std::ostream& out) {
    constexpr std::string_view kMark = "\n\nExit codes: ";
    const std::size_t mark = footer.find(kMark);
    const std::string examples = footer.substr(0, mark);
    if (mark != std::string::npos) {
        out << ".SH EXIT STATUS\n";
        std::istringstream codes(footer.substr(mark + kMark.size()));
        for (std::string code; std::getline(codes, code, ';');) {
            const std::size_t from = code.find_first_not_of(' ');
            const std::size_t space = code.find(' ', from);
            const std::string meaning = code.substr(std::min(space + 1, code.size()));
            out << ".TP\n.B " << code.substr(from, space - from) << '\n' << roff(meaning) << '\n';
        }
    }
    const std::size_t first = examples.find('\n');
    out << ".SH EXAMPLES\n.nf\n"
        << roff(examples.substr(first == std::string::npos ? 0 : first + 1)) << "\n.fi\n";
}

}  // namespace

std::string manual(const CommandView& root, const std::string& version) {
    std::ostringstream out;
    out << ".TH " << upper(root.name()) << " 1 \"\" \"wsproof " << version
        << "\" \"User Commands\"\n"
        << ".SH NAME\nwsproof \\- judges WebSocket servers and clients\n.SH SYNOPSIS\n.nf\n";
    for (const CommandView* command : every(root)) {
        if (command->commands.empty()) {
            synopsis(*command, out);
        }
    }
    out << bold("wsproof --help") << " | " << bold("--version") << "\n.fi\n.SH DESCRIPTION\n"
        << roff(root.text)
        << "\nThe cases are data; each is judged by the clause that decides.\n.SH COMMANDS\n";
    for (const CommandView* command : every(root)) {
        if (command->commands.empty()) {
            describe(*command, out);
        }
    }
    ends(root.footer, out);
    out << kSurroundings;
    return out.str();
}

}  // namespace wsproof::tools
