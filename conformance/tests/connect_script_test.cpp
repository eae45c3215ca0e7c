// The commands of `wsproof connect`, as they are typed.
#include "connect_script.hpp"

#include <catch2/catch.hpp>

#include "payload.hpp"
#include "support/bytes.hpp"

namespace wsproof::conformance::test {

namespace {

template <typename What>
What read(std::string_view line) {
    const auto command = parse_command(line);
    REQUIRE(command);
    REQUIRE(std::holds_alternative<What>(*command));
    return std::get<What>(*command);
}

template <typename Spec>
Spec said(std::string_view line) {
    const auto say = read<SayCommand>(line);
    REQUIRE(say.items.size() == 1);
    return std::get<Spec>(say.items[0].what);
}

std::string made(const PayloadSpec& payload) {
    return to_text(make_payload(payload, 0));
}

std::string trouble(std::string_view line) {
    try {
        static_cast<void>(parse_command(line));
    } catch (const BadCommand& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("Commands: empty lines and comments are none") {
    CHECK_FALSE(parse_command(""));
    CHECK_FALSE(parse_command("  \t"));
    CHECK_FALSE(parse_command("# text"));
    CHECK_FALSE(parse_command("  #"));
}

TEST_CASE("Commands: messages") {
    CHECK(said<MessageSpec>("text  Hello, {world}  ").opcode == 1);
    CHECK(made(said<MessageSpec>("text  Hello, {world}  ").payload) == "Hello, {world}  ");
    CHECK(made(said<MessageSpec>("text").payload).empty());
    CHECK(said<MessageSpec>("binary 00 fF7f").opcode == 2);
    CHECK(made(said<MessageSpec>("binary 00 fF7f").payload) == std::string("\0\xff\x7f", 3));
    CHECK(trouble("binary 0") == "an odd number of hex digits");
    CHECK(trouble("binary 0g") == "\"g\" is no hex digit");
}

TEST_CASE("Commands: control frames") {
    CHECK(said<FrameSpec>("ping a b").opcode == 9);
    CHECK(made(said<FrameSpec>("ping a b").payload) == "a b");
    CHECK(made(said<FrameSpec>("pong hex:00ff").payload) == std::string("\0\xff", 2));
    CHECK_FALSE(said<FrameSpec>("close").close_code);
    CHECK(said<FrameSpec>("close 1001 going away").close_code == 1001);
    CHECK(made(said<FrameSpec>("close 1001 going away").payload) == "going away");
    CHECK(trouble("close now") == "a close code is a number up to 65535, not \"now\"");
}

TEST_CASE("Commands: any frame") {
    const auto frame = said<FrameSpec>("frame text fin=0 rsv=4 mask=01020304 length=64 Hel lo");
    CHECK(frame.opcode == 1);
    CHECK_FALSE(frame.fin);
    CHECK(frame.rsv == 4);
    CHECK(frame.mask == true);
    CHECK(frame.key == wire::Key{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}});
    CHECK(frame.length == wire::LengthForm::bits64);
    CHECK(made(frame.payload) == "Hel lo");
    CHECK(said<FrameSpec>("frame 11").opcode == 11);
    CHECK(said<FrameSpec>("frame ping mask=no").mask == false);
    CHECK(said<FrameSpec>("frame binary declared=0x8000000000000000").declared ==
          0x8000000000000000);
    CHECK(made(said<FrameSpec>("frame text a=b fin=0").payload) == "a=b fin=0");
    CHECK(trouble("frame").starts_with("frame OPCODE"));
    CHECK(trouble("frame 16").find("up to 15") != std::string::npos);
    CHECK(trouble("frame text length=8").starts_with("length is written"));
    CHECK(trouble("frame text mask=01").starts_with("a masking key"));
}

TEST_CASE("Commands: raw bytes and items of the scenario language") {
    CHECK(made(said<RawSpec>("raw 81 00").bytes) == std::string("\x81\0", 2));
    const auto message = said<MessageSpec>(
        R"(send {"message": "binary", "payload": {"fill": "x", "size": 5}, "fragment_size": 2})");
    CHECK(message.fragment_size == 2U);
    CHECK(made(message.payload) == "xxxxx");
    CHECK(read<SayCommand>(R"(send [{"frame": "ping"}, {"raw": "x"}])").items.size() == 2);
    CHECK(trouble("send hello").starts_with("send wants JSON"));
    CHECK(trouble(R"(send {"fram": 1})") != "");
    CHECK(trouble(R"(send {"message": "text", "payload": "${a}"})") != "");
}

TEST_CASE("Commands: what holds from now on") {
    CHECK(read<FragmentCommand>("fragment 3").size == 3U);
    CHECK_FALSE(read<FragmentCommand>("fragment off").size);
    CHECK(trouble("fragment 0") == "fragments of no size never end");
    CHECK(read<CutCommand>("cut 1 20").cut.every == 1);
    CHECK(read<CutCommand>("cut 1 20").cut.pause.count() == 20);
    CHECK(read<CutCommand>("cut frames").cut.kind == Cut::Kind::frames);
    CHECK(read<CutCommand>("cut off").cut.kind == Cut::Kind::whole);
    CHECK(trouble("cut 0") == "pieces of no size never end");
    CHECK_FALSE(read<SwitchCommand>("answers off").is_on);
    CHECK(read<SwitchCommand>("compress on").what == SwitchCommand::What::compress);
    CHECK(trouble("compress") == "on or off?");
}

TEST_CASE("Commands: waiting and expecting") {
    using What = HopeCommand::What;
    CHECK(read<WaitCommand>("wait 250").time.count() == 250);
    CHECK(trouble("wait 600001") != "");
    CHECK(read<HopeCommand>("expect text a b").payload == to_bytes("a b"));
    CHECK_FALSE(read<HopeCommand>("expect text").payload);
    CHECK(read<HopeCommand>("expect binary 00").payload == "00"_hex);
    CHECK(read<HopeCommand>("expect like {\"id\":*}").glob == "{\"id\":*}");
    CHECK(read<HopeCommand>("expect pong hex:01").payload == "01"_hex);
    CHECK(read<HopeCommand>("expect close 1000").code == 1000);
    CHECK(read<HopeCommand>("expect close").what == What::close);
    CHECK(read<HopeCommand>("expect end").what == What::end);
    CHECK(read<HopeCommand>("expect nothing 50").time.count() == 50);
    CHECK(trouble("expect").starts_with("expect what?"));
    CHECK(trouble("expect end of it") == "nothing is to be done with \"of it\"");
}

TEST_CASE("Commands: the rest, and what is none") {
    CHECK(read<EndCommand>("half-close").how == EndCommand::How::half_close);
    CHECK(read<EndCommand>("reset").how == EndCommand::How::reset);
    CHECK(read<TellCommand>("headers").what == TellCommand::What::headers);
    static_cast<void>(read<QuitCommand>("  quit "));
    CHECK(trouble("quit now") == "nothing is to be done with \"now\"");
    CHECK(trouble("txt hello").find("did you mean text") != std::string::npos);
    CHECK(trouble("hello").find("begins with text or binary") != std::string::npos);
}

TEST_CASE("Commands: the help has them all") {
    const std::string help(command_help());
    for (const char* name : {"text", "binary", "ping", "pong", "close", "frame", "raw", "send",
                             "fragment", "cut", "compress", "answers", "wait", "expect",
                             "half-close", "drop", "reset", "headers", "quit"}) {
        CAPTURE(name);
        CHECK(help.find(name) != std::string::npos);
    }
}

}  // namespace wsproof::conformance::test
