#include "connect_script.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "nearest.hpp"
#include "payload.hpp"
#include "scenario_parse.hpp"
#include "template.hpp"

namespace wsproof::conformance {

namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kWaitMax = 600'000;  // ms

constexpr std::string_view kHelp =
    "  text STRING               a text message: the rest of the line as it is\n"
    "  binary HEX                a binary message: binary 00 ff 7f\n"
    "  ping [DATA]               DATA is text, or bytes as hex:00ff\n"
    "  pong [DATA]\n"
    "  close [CODE [REASON]]     without a code an empty Close\n"
    "  frame OPCODE [fin=0] [rsv=0..7] [mask=no|KEY] [length=16|64] [declared=N] [DATA]\n"
    "                            any frame; OPCODE: text, binary, continuation, close, ping, pong, "
    "0..15\n"
    "  raw HEX                   bytes as they are\n"
    "  send JSON                 an item of the scenario language: send {\"message\": \"text\",\n"
    "                            \"payload\": {\"fill\": \"x\", \"size\": 70000}, "
    "\"fragment_size\": 1000}\n"
    "  fragment SIZE|off         from now on: messages in fragments of so many bytes\n"
    "  cut SIZE|frames|off [MS]  from now on: TCP writes of so many bytes, or a frame each, MS "
    "apart\n"
    "  compress on|off           messages, if permessage-deflate is agreed (on at the beginning)\n"
    "  answers on|off            answer Pings and Closes (on at the beginning)\n"
    "  wait MS                   go on reading meanwhile\n"
    "  expect text [STRING]      the next message; also: expect binary [HEX], expect like GLOB\n"
    "  expect pong [DATA]        also: expect close [CODE], expect end, expect nothing MS\n"
    "  half-close, drop, reset   end TCP: FIN and read on, FIN, RST\n"
    "  headers                   the request and its answer\n"
    "  help\n"
    "  quit                      close with 1000, and end\n";

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

// Words takes a line apart from the left.
class Words {
  public:
    explicit Words(std::string_view line) : rest_(line) { skip(); }

    std::string_view next() {
        const std::string_view word = rest_.substr(0, rest_.find_first_of(" \t"));
        rest_.remove_prefix(word.size());
        skip();
        return word;
    }
    // rest is what follows, blanks at its end included.
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
    [[nodiscard]] bool is_empty() const noexcept { return rest_.empty(); }
    void done() const {
        if (!rest_.empty()) {
            throw BadCommand("nothing is to be done with " + quoted(rest_));
        }
    }

  private:
    void skip() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }

    std::string_view rest_;
};

std::uint64_t number_in(std::string_view word, const char* what, std::uint64_t max) {
    std::uint64_t number = 0;
    const bool is_hex = word.starts_with("0x");
    const std::string_view digits = is_hex ? word.substr(2) : word;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, is_hex ? 16 : 10);
    if (error != std::errc{} || end != digits.data() + digits.size() || number > max) {
        throw BadCommand(std::string(what) + " is a number up to " + std::to_string(max) +
                         ", not " + quoted(word));
    }
    return number;
}

std::string hex_digits(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        const bool is_digit =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (is_digit) {
            digits += c;
        } else if (c != ' ' && c != '\t') {
            throw BadCommand(quoted(std::string_view(&c, 1)) + " is no hex digit");
        }
    }
    if (digits.size() % 2 != 0) {
        throw BadCommand("an odd number of hex digits");
    }
    return digits;
}

PayloadSpec hex_payload(std::string_view text) {
    return {{{"hex", hex_digits(text)}}};
}

// data_in is text, or bytes behind "hex:".
PayloadSpec data_in(std::string_view text) {
    return text.starts_with("hex:") ? hex_payload(text.substr(4)) : PayloadSpec{std::string(text)};
}

Command say(auto what) {
    return SayCommand{{Item{std::move(what)}}};
}

std::uint8_t opcode_in(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, std::uint8_t>, 6> kNames = {
        {{"continuation", 0}, {"text", 1}, {"binary", 2}, {"close", 8}, {"ping", 9}, {"pong", 10}}};
    for (const auto& [name, opcode] : kNames) {
        if (word == name) {
            return opcode;
        }
    }
    return static_cast<std::uint8_t>(number_in(word, "an opcode has a name, or", 15));
}

wire::Key key_in(std::string_view text) {
    const wire::ByteString bytes = make_payload(hex_payload(text), 0);
    wire::Key key{};
    if (bytes.size() != key.size()) {
        throw BadCommand("a masking key is eight hex digits");
    }
    std::copy(bytes.begin(), bytes.end(), key.begin());
    return key;
}

// set_field reads one NAME=VALUE of a frame; false: the word is none, and data begins.
bool set_field(FrameSpec& frame, std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : word.substr(equals + 1);
    if (equals == std::string_view::npos) {
        return false;
    }
    if (name == "fin") {
        frame.fin = number_in(value, "fin", 1) == 1;
    } else if (name == "rsv") {
        frame.rsv = static_cast<std::uint8_t>(number_in(value, "rsv", 7));
    } else if (name == "mask") {
        frame.mask = value != "no";
        if (value != "no") {
            frame.key = key_in(value);
        }
    } else if (name == "length") {
        const std::uint64_t bits = number_in(value, "length (16 or 64 bits)", 64);
        if (bits != 16 && bits != 64) {
            throw BadCommand("length is written in 16 or 64 bits");
        }
        frame.length = bits == 16 ? wire::LengthForm::bits16 : wire::LengthForm::bits64;
    } else if (name == "declared") {
        frame.declared = number_in(value, "declared", UINT64_MAX);
    } else {
        return false;
    }
    return true;
}

Command frame_command(Words& words) {
    if (words.is_empty()) {
        throw BadCommand("frame OPCODE …: which opcode?");
    }
    FrameSpec frame{.opcode = opcode_in(words.next())};
    while (!words.is_empty()) {
        Words ahead = words;
        if (!set_field(frame, ahead.next())) {
            break;
        }
        words = ahead;
    }
    frame.payload = data_in(words.rest());
    return say(std::move(frame));
}

Command close_command(Words& words) {
    FrameSpec frame{.opcode = 8};
    if (!words.is_empty()) {
        frame.close_code =
            static_cast<std::uint16_t>(number_in(words.next(), "a close code", 0xFFFF));
        frame.payload = data_in(words.rest());
    }
    return say(std::move(frame));
}

Command send_command(Words& words) {
    try {
        const Json json = Json::parse(words.rest());
        return SayCommand{parse_items(fill_in(json, {}, ""), "")};
    } catch (const Json::exception&) {
        throw BadCommand("send wants JSON: {\"frame\": \"ping\", \"payload\": \"x\"}");
    } catch (const BadScenario& error) {
        throw BadCommand(error.pointer + (error.pointer.empty() ? "" : ": ") + error.what());
    }
}

Command fragment_command(Words& words) {
    const std::string_view size = words.next();
    words.done();
    if (size == "off") {
        return FragmentCommand{};
    }
    const std::uint64_t bytes = number_in(size, "a fragment's size", UINT32_MAX);
    if (bytes == 0) {
        throw BadCommand("fragments of no size never end");
    }
    return FragmentCommand{bytes};
}

Command cut_command(Words& words) {
    CutCommand command;
    const std::string_view how = words.next();
    if (how == "frames") {
        command.cut.kind = Cut::Kind::frames;
    } else if (how != "off") {
        command.cut.kind = Cut::Kind::every;
        command.cut.every = number_in(how, "cut is SIZE, frames or off; SIZE", UINT32_MAX);
        if (command.cut.every == 0) {
            throw BadCommand("pieces of no size never end");
        }
    }
    if (!words.is_empty()) {
        command.cut.pause = milliseconds(number_in(words.next(), "a pause in ms", kWaitMax));
    }
    words.done();
    return command;
}

Command switch_command(SwitchCommand::What what, Words& words) {
    const std::string_view word = words.next();
    words.done();
    if (word != "on" && word != "off") {
        throw BadCommand("on or off?");
    }
    return SwitchCommand{.what = what, .is_on = word == "on"};
}

milliseconds time_in(Words& words) {
    const std::uint64_t time = number_in(words.next(), "a time in ms", kWaitMax);
    words.done();
    return milliseconds(time);
}

Command expect_command(Words& words) {
    using What = HopeCommand::What;
    constexpr std::array<std::pair<std::string_view, What>, 7> kWhats = {
        {{"text", What::text},
         {"binary", What::binary},
         {"like", What::like},
         {"pong", What::pong},
         {"close", What::close},
         {"end", What::end},
         {"nothing", What::nothing}}};
    const std::string_view word = words.next();
    const auto found = std::find_if(kWhats.begin(), kWhats.end(),
                                    [&](const auto& each) { return each.first == word; });
    if (found == kWhats.end()) {
        throw BadCommand("expect what? text, binary, like, pong, close, end or nothing");
    }
    HopeCommand command{.what = found->second};
    const std::string_view rest = words.rest();
    switch (command.what) {
        case What::text:
        case What::binary:
        case What::pong:
            if (!rest.empty()) {
                const PayloadSpec payload = command.what == What::text
                                                ? PayloadSpec{std::string(rest)}
                                            : command.what == What::binary ? hex_payload(rest)
                                                                           : data_in(rest);
                command.payload = make_payload(payload, 0);
            }
            return command;
        case What::like:
            command.glob = rest;
            return command;
        case What::close:
            if (!rest.empty()) {
                command.code =
                    static_cast<std::uint16_t>(number_in(words.next(), "a close code", 0xFFFF));
            }
            words.done();
            return command;
        case What::end:
            words.done();
            return command;
        case What::nothing:
            command.time = time_in(words);
            return command;
    }
    return command;
}

Command bare(Command command, const Words& words) {
    words.done();
    return command;
}

using Read = Command (*)(Words&);

constexpr std::array<std::pair<std::string_view, Read>, 20> kCommands = {{
    {"text", [](Words& w) { return say(MessageSpec{.payload = {std::string(w.rest())}}); }},
    {"binary",
     [](Words& w) { return say(MessageSpec{.opcode = 2, .payload = hex_payload(w.rest())}); }},
    {"ping", [](Words& w) { return say(FrameSpec{.opcode = 9, .payload = data_in(w.rest())}); }},
    {"pong", [](Words& w) { return say(FrameSpec{.opcode = 10, .payload = data_in(w.rest())}); }},
    {"close", close_command},
    {"frame", frame_command},
    {"raw", [](Words& w) { return say(RawSpec{hex_payload(w.rest())}); }},
    {"send", send_command},
    {"fragment", fragment_command},
    {"cut", cut_command},
    {"compress", [](Words& w) { return switch_command(SwitchCommand::What::compress, w); }},
    {"answers", [](Words& w) { return switch_command(SwitchCommand::What::answers, w); }},
    {"wait", [](Words& w) -> Command { return WaitCommand{time_in(w)}; }},
    {"expect", expect_command},
    {"half-close", [](Words& w) { return bare(EndCommand{EndCommand::How::half_close}, w); }},
    {"drop", [](Words& w) { return bare(EndCommand{EndCommand::How::drop}, w); }},
    {"reset", [](Words& w) { return bare(EndCommand{EndCommand::How::reset}, w); }},
    {"headers", [](Words& w) { return bare(TellCommand{TellCommand::What::headers}, w); }},
    {"help", [](Words& w) { return bare(TellCommand{TellCommand::What::help}, w); }},
    {"quit", [](Words& w) { return bare(QuitCommand{}, w); }},
}};

}  // namespace

std::optional<Command> parse_command(std::string_view line) {
    Words words(line);
    if (words.is_empty() || words.rest().front() == '#') {
        return std::nullopt;
    }
    const std::string_view name = words.next();
    for (const auto& [known, read] : kCommands) {
        if (name == known) {
            return read(words);
        }
    }
    std::vector<std::string> names;
    for (const auto& [known, read] : kCommands) {
        names.emplace_back(known);
    }
    throw BadCommand("there is no command " + quoted(name) + did_you_mean(nearest(names, name)) +
                     "; a message begins with text or binary");
}

std::string_view command_help() noexcept {
    return kHelp;
}

}  // namespace wsproof::conformance
