// wsproof completion and wsproof manual: what shells and man are to know of the command, from its
// own declaration. Packagers call them; --help does not show them.
#include <iostream>
#include <memory>

#include "command_tree.hpp"
#include "commands.hpp"

namespace wsproof::tools {

void add_completion(CLI::App& app, int& exit_code) {
    const auto shell = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("completion", "Print what a shell completes words by");
    command->group("");
    command->add_option("shell", *shell, "Whose: bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->callback([&app, shell, &exit_code] {
        const CommandView root = view_of(app);
        std::cout << (*shell == "bash"  ? bash_completion(root)
                      : *shell == "zsh" ? zsh_completion(root)
                                        : fish_completion(root));
        exit_code = kConforms;
    });
}

void add_manual(CLI::App& app, int& exit_code) {
    CLI::App* command = app.add_subcommand("manual", "Print the page wsproof(1)");
    command->group("");
    command->callback([&app, &exit_code] {
        std::cout << manual(view_of(app), WSPROOF_VERSION);
        exit_code = kConforms;
    });
}

}  // namespace wsproof::tools
