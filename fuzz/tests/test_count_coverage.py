"""What counts as covered, and what is left out."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "measure"))

import count_coverage  # noqa: E402

SOURCE = """int f(bool a) {
    if (a) {
        return 1;
    }
    if (!take()) {
        return out_of_memory;
    }
    return 2;
}
consteval bool is_good() {
    return true;
}
"""


def report(tmp_path, lines, branches=()):
    source = tmp_path / "source.cpp"
    source.write_text(SOURCE, encoding="utf-8")
    entries = [f"SF:{source}", *(f"DA:{n},{count}" for n, count in lines.items()),
               *(f"BRDA:{n},0,0,{taken}" for n, taken in branches), "end_of_record"]
    lcov = tmp_path / "report.lcov"
    lcov.write_text("\n".join(entries), encoding="utf-8")
    return count_coverage.read(lcov)[0]


def test_what_was_not_executed_is_missing(tmp_path):
    file = report(tmp_path, {1: 4, 2: 4, 3: 0, 4: 0, 5: 4, 8: 4, 9: 4}, [(2, 0), (2, 4)])
    assert count_coverage.count(file) == (7, 5, 2, 1)


def test_a_run_without_memory_is_left_out(tmp_path):
    file = report(tmp_path, {5: 4, 6: 0, 7: 0, 8: 4}, [(6, 0)])
    assert count_coverage.count(file) == (2, 2, 0, 0)


def test_a_function_of_the_compiler_is_left_out(tmp_path):
    file = report(tmp_path, {8: 4, 9: 4, 10: 0, 11: 0, 12: 0})
    assert count_coverage.count(file) == (2, 2, 0, 0)
