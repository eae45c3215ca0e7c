// What the reports share: text made safe to print, the command to play a case again, and a failure
// in labelled lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

[[nodiscard]] std::string shell_quoted(std::string_view word);

// replay_command plays this case again under the options of the run.
[[nodiscard]] std::string replay_command(const RunResult& run, const Case& played);

// headline says in one sentence what the result is about; empty for a plain pass.
[[nodiscard]] std::string headline(const CaseResult& result);

struct LabelledLine {
    std::string label;  // "sent", "expected", "or", "by", "ruling", "got"
    std::string text;
};
// explain says what was sent, expected and by which clause, and what came.
[[nodiscard]] std::vector<LabelledLine> explain(const Finding& finding, const Catalogue& catalogue);

// is_failure: the case makes the run's exit code 1, on either axis.
[[nodiscard]] bool is_failure(const CaseResult& result) noexcept;
// verdict_word is the behaviour, or "not-closed" if that is what failed.
[[nodiscard]] std::string_view verdict_word(const CaseResult& result) noexcept;

// fold groups the cases that failed for the same cause (same verdict, clause and outcome): indices
// into run.results, in order; crashes and hangs come first, blocked cases last.
[[nodiscard]] std::vector<std::vector<std::size_t>> fold_failures(const RunResult& run);

}  // namespace wsproof::conformance
