// wsproof connect: talk to a server by hand, or by a script, and see the wire.
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "connect_session.hpp"
#include "interrupt.hpp"
#include "pcap_option.hpp"
#include "prompt.hpp"
#include "report_text.hpp"
#include "target_options.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

struct Options {
    std::string url;
    TargetOptions target;
    std::vector<std::string> commands;
    bool declines_deflate = false;
    unsigned timeout = 5'000;  // milliseconds
    std::size_t shown = 4'096;
    std::string color = "auto";
    std::string pcap;
};

int usage(const std::string& reason) {
    std::cerr << "wsproof connect: " << reason << '\n';
    return kUsage;
}

// Dialogue carries out the lines of a prompt, one after another.
class Dialogue {
  public:
    Dialogue(ConnectSession& session, Prompt& prompt, const ConnectPrinter& printer)
        : session_(session), prompt_(prompt), printer_(printer) {}

    int run() {
        while (!session_.is_interrupted() && !session_.wants_to_quit() &&
               !(prompt_.is_terminal() && session_.is_over())) {
            const auto line = prompt_.next();
            if (line) {
                ++number_;
                if (!carry_out(*line)) {
                    break;
                }
            } else if (prompt_.has_ended()) {
                break;
            } else if (session_.pump(net::Deadline::max(), prompt_.input())) {
                prompt_.take();
            }
        }
        prompt_.leave();
        if (prompt_.is_too_long()) {
            std::cerr << "wsproof connect: a line is too long\n";
            exit_code_ = kUsage;
        }
        session_.close(session_.is_interrupted() ? 1001 : 1000);
        return session_.is_interrupted() ? kInterrupted : exit_code_;
    }

  private:
    // carry_out says whether to go on.
    bool carry_out(const std::string& line) {
        std::string trouble;
        try {
            const auto command = parse_command(line);
            if (!command) {
                return true;
            }
            if (const auto* tell = std::get_if<TellCommand>(&*command);
                tell != nullptr && tell->what == TellCommand::What::help) {
                prompt_.write(std::string(command_help()));
                return true;
            }
            trouble = session_.execute(*command);
            exit_code_ = trouble.empty() ? exit_code_ : kFails;
        } catch (const BadCommand& error) {
            trouble = error.what();
            exit_code_ = prompt_.is_terminal() ? exit_code_ : kUsage;
        } catch (const BadRecipe& error) {
            trouble = error.what();
            exit_code_ = prompt_.is_terminal() ? exit_code_ : kUsage;
        }
        if (trouble.empty()) {
            return true;
        }
        if (prompt_.is_terminal()) {
            printer_.say(trouble);
            return true;
        }
        std::cerr << "wsproof connect: line " << number_ << ": "
                  << printable(trouble, printer_.looks().charset) << '\n';
        return false;
    }

    ConnectSession& session_;
    Prompt& prompt_;
    const ConnectPrinter& printer_;
    std::size_t number_ = 0;
    int exit_code_ = kConforms;
};

int connect(const Options& options) {
    ParsedTarget parsed = parse_target(options.url);
    if (!parsed.error.empty()) {
        return usage(options.url + ": " + parsed.error);
    }
    Target& target = parsed.target;
    if (const std::string error = apply(options.target, target); !error.empty()) {
        return usage(error);
    }
    if (const std::string error = find_host(target); !error.empty()) {
        std::cerr << "wsproof connect: " << error << '\n';
        return kUnreached;
    }
    PcapFile pcap(options.pcap);
    if (!pcap.error().empty()) {
        return usage("--pcap: " + pcap.error());
    }
    const Catalogue catalogue(data_directory());
    const Screen screen = screen_of(STDOUT_FILENO, {.color = options.color});
    std::unique_ptr<Prompt> prompt;  // once the connection is there
    const ConnectPrinter printer(
        [&](const std::string& text) {
            if (prompt != nullptr) {
                prompt->write(text);
            } else {
                std::cout << text << std::flush;
            }
        },
        catalogue,
        {.charset = screen.utf8 ? Charset::utf8 : Charset::ascii,
         .color = screen.color,
         .shown = options.shown});
    ConnectSession session(target, interrupt_on_signals(), printer,
                           {.offers_deflate = !options.declines_deflate,
                            .timeout = std::chrono::milliseconds(options.timeout),
                            .capture = pcap.get()});
    if (const std::string error = session.open(); !error.empty()) {
        std::cerr << "wsproof connect: " << options.url << ": "
                  << printable(error, printer.looks().charset) << '\n';
        return pcap.finish(session.is_interrupted() ? kInterrupted : kUnreached);
    }
    prompt = std::make_unique<Prompt>(options.commands);
    return pcap.finish(Dialogue(session, *prompt, printer).run());
}

}  // namespace

void add_connect(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("connect", "Talk to a server by hand or by a script, and see the wire");
    command->add_option("url", options->url, "The server: ws://host[:port]/path or wss://…")
        ->required();
    command
        ->add_option("-x,--execute", options->commands,
                     "A command in place of those of standard input; repeatable")
        ->type_name("COMMAND")
        ->allow_extra_args(false);
    add_connection_options(*command, options->target);
    command->add_flag("--no-deflate", options->declines_deflate, "Offer no permessage-deflate");
    command->add_option("--timeout", options->timeout, "Milliseconds for whatever is waited for")
        ->check(CLI::Range(1, 600'000))
        ->capture_default_str();
    command->add_option("--show", options->shown, "Bytes of a payload to show")
        ->check(CLI::Range(0, 1 << 24))
        ->capture_default_str();
    add_pcap_option(*command, options->pcap);
    command->add_option("--color", options->color, "auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    command->footer(
        "Commands, one a line; # begins a comment:\n" + std::string(command_help()) +
        "A script (standard input that is no terminal, or -x) ends at the first line that is wrong "
        "or whose expectation is not met.\n"
        "Exit codes: 0 all went well; 1 an expectation was not met; 2 usage, a wrong line; 3 never "
        "reached; 130 interrupted.");
    command->callback([options, &exit_code] { exit_code = connect(*options); });
}

}  // namespace wsproof::tools
