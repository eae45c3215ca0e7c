#!/usr/bin/env python3
"""Counts lines and branches of an lcov report, but for what no input can reach, and lists what is missing.

count_coverage.py REPORT: exits 1 below the floors. What is left out stands in LEFT_OUT, with its reason.
"""

from __future__ import annotations

import collections
import pathlib
import re
import sys

FLOORS = (98.0, 95.0)  # lines, branches: per cent

# A run of lines that were not executed is left out if one of them, or the line before, matches. So are the branches of a line
# that matches. No target lets memory run out; engine/tests does.
NO_MEMORY = re.compile(r"out_of_memory|bad_alloc|nothrow|Z_MEM_ERROR|_OK\)|has_room|guarded\(|inflater == nullptr|deflated\)|chunk_size\)|"
                       r"memory has run out|is_made_|find_socket\(id\) == nullptr\) \{$")

# Functions that the compiler runs, that only people and other programs than the fuzz targets ask, or that are for processors
# without SHA-1 of their own.
NEVER_RUN = re.compile(r"^consteval |static_assert|^constexpr std::optional<State> look_up|transitions\(\) noexcept|"
                       r"^std::string_view name\((State|Signal)|^constexpr std::array<bool, 256>|^constexpr bool is_letter|"
                       r"if \(sha1 != nullptr|operator==\(.* = default;$")


class File:
    def __init__(self, path: str) -> None:
        self.path = pathlib.Path(path)
        self.text = self.path.read_text(encoding="utf-8").splitlines()
        self.lines: dict[int, int] = {}
        self.branches: dict[int, list[bool]] = collections.defaultdict(list)

    def line(self, number: int) -> str:
        return self.text[number - 1] if 0 < number <= len(self.text) else ""

    def left_out(self) -> set[int]:
        """Lines that do not count."""
        out = {number for number in self.lines if NO_MEMORY.search(self.line(number)) and not self.lines[number]}
        run: list[int] = []
        for number in [*sorted(self.lines), 0]:
            if run and (number != run[-1] + 1 or self.lines[number]):
                if any(NO_MEMORY.search(self.line(each)) for each in (run[0] - 1, *run)):
                    out.update(run)
                run = []
            if number and not self.lines[number]:
                run.append(number)
        inside = False
        for number in range(1, len(self.text) + 1):
            matches = bool(NEVER_RUN.search(self.line(number)))
            if inside or matches:
                out.add(number)
            starts = matches and not self.line(number).endswith(";")
            inside = (inside or starts) and self.line(number) != "}"
        return out


def read(report: pathlib.Path) -> list[File]:
    files: list[File] = []
    for entry in report.read_text(encoding="utf-8").splitlines():
        kind, _, rest = entry.partition(":")
        if kind == "SF":
            files.append(File(rest))
        elif kind == "DA":
            number, count = rest.split(",")[:2]
            files[-1].lines[int(number)] = int(count)
        elif kind == "BRDA":
            number, _, _, count = rest.split(",")
            files[-1].branches[int(number)].append(count not in ("-", "0"))
    return files


def count(file: File) -> tuple[int, int, int, int]:
    """Lines, those executed, branches, those taken."""
    left_out = file.left_out()
    lines = [number for number in file.lines if number not in left_out]
    executed = [number for number in lines if file.lines[number]]
    branches = [taken for number, all_taken in file.branches.items() for taken in all_taken
                if number not in left_out and not NO_MEMORY.search(file.line(number))]
    return len(lines), len(executed), len(branches), sum(branches)


def main() -> int:
    files = read(pathlib.Path(sys.argv[1]))
    totals = [0, 0, 0, 0]
    for file in files:
        counts = count(file)
        totals = [a + b for a, b in zip(totals, counts)]
        if counts[0] != counts[1] or counts[2] != counts[3]:
            print(f"{file.path.name}: {counts[0] - counts[1]} of {counts[0]} lines, "
                  f"{counts[2] - counts[3]} of {counts[2]} branches are missing")
            left_out = file.left_out()
            for number, executed in sorted(file.lines.items()):
                missing = file.branches.get(number, []).count(False)
                if number in left_out or NO_MEMORY.search(file.line(number)) or (executed and not missing):
                    continue
                print(f"  {number:4} {'line' if not executed else f'{missing} br'} {file.line(number).strip()}")
    shares = (100 * totals[1] / totals[0], 100 * totals[3] / totals[2])
    print(f"{shares[0]:.2f} % of {totals[0]} lines (floor: {FLOORS[0]}), "
          f"{shares[1]:.2f} % of {totals[2]} branches (floor: {FLOORS[1]})")
    return 0 if all(share >= floor for share, floor in zip(shares, FLOORS)) else 1


if __name__ == "__main__":
    sys.exit(main())
