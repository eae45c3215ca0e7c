// What the reports share.
#include "report_format.hpp"

#include <catch2/catch.hpp>

#include "support/runs.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;

TEST_CASE("Format: plain text and UTF-8 stay as they are") {
    CHECK(printable("Hello, κόσμε §5.4 \U0001F600") == "Hello, κόσμε §5.4 \U0001F600");
}

TEST_CASE("Format: controls, direction marks and bytes that are no UTF-8 become escapes") {
    CHECK(printable("a\x1b[2J") == "a\\x1B[2J");
    CHECK(printable("\r\n\t") == "\\r\\n\\t");
    CHECK(printable("\xff\xc0\x80") == "\\xFF\\xC0\\x80");
    CHECK(printable("\xe2\x82") == "\\xE2\\x82");           // cut short
    CHECK(printable("\xed\xa0\x80") == "\\xED\\xA0\\x80");  // a surrogate
    CHECK(printable("\xe2\x80\xae") == "\\u{202E}");
    CHECK(printable("\xef\xbf\xbe") == "\\u{FFFE}");
    CHECK(printable("\xc2\x9b") == "\\u{9B}");  // CSI in one character
}

TEST_CASE("Format: ASCII spells out what it lacks") {
    CHECK(printable("RFC 6455 §5.4…", Charset::ascii) == "RFC 6455 section 5.4...");
    CHECK(printable("é", Charset::ascii) == "\\u{E9}");
}

TEST_CASE("Format: long text loses its middle, between characters") {
    const std::string text(1000, 'x');
    CHECK(printable(text, Charset::utf8, 100).size() < 120);
    std::string wide;
    for (int i = 0; i < 100; ++i) {
        wide += "€";
    }
    for (const std::size_t limit : {100U, 101U, 102U, 103U}) {
        const std::string cut = printable(wide, Charset::utf8, limit);
        CHECK(printable(cut) == cut);
    }
}

TEST_CASE("Format: a word is quoted for the shell when it must be") {
    CHECK(shell_quoted("ws://h:1/x") == "ws://h:1/x");
    CHECK(shell_quoted("") == "''");
    CHECK(shell_quoted("a b") == "'a b'");
    CHECK(shell_quoted("it's") == "'it'\\''s'");
    CHECK(shell_quoted("$(x)") == "'$(x)'");
}

TEST_CASE("Format: the command to play a case again repeats what matters") {
    Played played({a_case("5.4", "x[a=1]")});
    played.run.options = {"-H", "Cookie: a"};
    CHECK(replay_command(played.run, played.cases[0]) ==
          "wsproof test ws://h/ -H 'Cookie: a' 'rfc6455/5.4-s/x[a=1]'");
    played.cases[0].group = "timers";
    CHECK(replay_command(played.run, played.cases[0]) ==
          "wsproof test ws://h/ -H 'Cookie: a' --group timers 'rfc6455/5.4-s/x[a=1]'");
}
