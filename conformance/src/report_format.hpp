// What the reports share: text made safe to print, and the command to play a case again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "catalogue.hpp"
#include "run_result.hpp"

namespace wsproof::conformance {

enum class Charset : std::uint8_t {
    ascii,
    utf8,
};

// printable makes text that may hold anything a peer sent harmless to terminals and legal in XML:
// control and direction characters and what is not UTF-8 become escapes ("\n", "\x1B", "\u{202E}").
// With Charset::ascii whatever is not ASCII is spelt out or escaped too. Text over `limit`
// characters loses its middle.
[[nodiscard]] std::string printable(std::string_view text, Charset charset = Charset::utf8,
                                    std::size_t limit = 2000);

// columns counts characters, not bytes.
[[nodiscard]] std::size_t columns(std::string_view utf8) noexcept;

[[nodiscard]] std::string hex(std::span<const std::byte> bytes);  // "81 05"

[[nodiscard]] std::string utc_now();  // RFC 3339

[[nodiscard]] std::string shell_quoted(std::string_view word);

// replay_command plays this case again under the options of the run, and cut as `segment` says if
// it is not empty.
[[nodiscard]] std::string replay_command(const RunResult& run, const Case& played,
                                         const std::string& segment = {});

// uri_of is where a person can read the clause.
[[nodiscard]] std::string uri_of(const Requirement& row);

// is_failure: the case is bad, on either axis.
[[nodiscard]] bool is_failure(const CaseResult& result) noexcept;
// is_news: it is, and no baseline covers it, so that it makes the run's exit code 1.
[[nodiscard]] bool is_news(const CaseResult& result) noexcept;

}  // namespace wsproof::conformance
