// What a person, or a script, tells `wsproof connect` to do: one command a line.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenario_sends.hpp"

namespace wsproof::conformance {

// Messages without fragments or compression of their own get those that are set.
struct SayCommand {
    std::vector<Item> items{};
};
struct FragmentCommand {
    std::optional<std::uint64_t> size{};  // bytes of a fragment; nullopt: whole messages again
};
struct CutCommand {
    Cut cut{};
};
struct SwitchCommand {
    enum class What : std::uint8_t {
        compress,  // messages, if permessage-deflate is agreed
        answers,   // Pings and Closes of the server
    };
    What what = What::compress;
    bool is_on = true;
};
struct WaitCommand {
    std::chrono::milliseconds time{0};
};
struct EndCommand {
    enum class How : std::uint8_t {
        half_close,
        drop,
        reset,
    };
    How how = How::drop;
};
struct HopeCommand {
    enum class What : std::uint8_t {
        text,
        binary,
        like,  // a message that fits `glob`
        pong,
        close,
        end,      // of TCP
        nothing,  // no message, Close or end for `time`
    };
    What what = What::text;
    std::optional<wire::ByteString> payload{};  // nullopt: any
    std::string glob{};
    std::optional<std::uint16_t> code{};  // nullopt: any
    std::chrono::milliseconds time{0};
};
struct TellCommand {
    enum class What : std::uint8_t {
        headers,
        help,
    };
    What what = What::help;
};
struct QuitCommand {};

using Command = std::variant<SayCommand, FragmentCommand, CutCommand, SwitchCommand, WaitCommand,
                             EndCommand, HopeCommand, TellCommand, QuitCommand>;

// BadCommand says what is wrong with a line, for people.
struct BadCommand : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// parse_command reads a line without its ending; nullopt: it is empty or a comment (#). Throws
// BadCommand.
[[nodiscard]] std::optional<Command> parse_command(std::string_view line);

// command_help describes all commands, in lines.
[[nodiscard]] std::string_view command_help() noexcept;

}  // namespace wsproof::conformance
