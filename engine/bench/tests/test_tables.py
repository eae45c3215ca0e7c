"""The tables of the benchmarks: rows, medians, slopes, goals."""

import json
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import counts  # noqa: E402
import echoes  # noqa: E402
import tables  # noqa: E402


def run(name, cpu_time, **counters):
    return {"run_name": name, "run_type": "iteration", "cpu_time": cpu_time, **counters}


def test_a_family_of_growth_runs_together():
    assert tables.row_of("growth/fragments/64/wsproof") == "growth/fragments"
    assert tables.row_of("decode/binary/16/beast") == "decode/binary/16"


def test_a_summary_is_the_median_per_message():
    runs = [run("a", time, messages=10, allocations=0) for time in (100, 900, 300)]
    assert tables.summary(runs) == {"ns": 30, "allocations": 0}


@pytest.mark.parametrize("power", [1, 2])
def test_slope_is_the_exponent(power):
    points = [(size, 7 * size**power) for size in (64, 128, 256)]
    assert tables.slope(points) == pytest.approx(power)


def test_goals_name_rows_by_their_first_pattern():
    goals = tables.Goals({})
    assert goals.ratio("decode/binary/16") == 4
    assert goals.ratio("decode/mixed/1K") == 1
    assert goals.ratio("encode/client/1K") == 1.3
    assert goals.ratio("idle/plain") is None


def test_the_best_known_is_scaled_by_memcpy():
    then = tables.Goals({}).speed_then["64K"]
    half_as_fast = {"memcpy/64K/memcpy": {"ns": 2 * (64 << 10) / then}}
    assert tables.Goals(half_as_fast).best_known("decode/binary/16") == pytest.approx(20)
    assert tables.Goals({}).best_known("decode/binary/16") is None


def test_an_engine_that_was_wrong_stays_wrong(tmp_path):
    document = {"benchmarks": [run("decode/binary/16/wsproof", 5) | {"error_occurred": True, "error_message": "wrong"},
                               run("decode/binary/16/wsproof", 5), run("decode/binary/16/beast", 5)]}
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho '{json.dumps(document)}'\n", encoding="utf-8")
    program.chmod(0o755)
    results = tables.run_row(program, "decode/binary/16", 1, 0.1)
    assert results == {"decode/binary/16/wsproof": None, "decode/binary/16/beast": {"ns": 5}}


def test_a_program_that_dies_makes_its_row_wrong():
    assert tables.run_row("/bin/false", "decode/binary/16", 1, 0.1) == {"decode/binary/16": None}


def test_instructions_differ_beyond_the_tolerance(monkeypatch, capsys):
    monkeypatch.setattr(counts, "read", lambda: {"binary 16": 100})
    assert counts.compare({"binary 16": 102})
    assert not counts.compare({"binary 16": 103})
    assert not counts.compare({"mixed 16": 1})
    assert "+3.0 %" in capsys.readouterr().out


def test_the_table_of_instructions_is_read_as_it_is_written(monkeypatch, tmp_path):
    monkeypatch.setattr(counts, "TABLE", tmp_path / "table")
    counts.write({"binary 16": 75, "handshake 614": 9})
    assert counts.read() == {"binary 16": 75, "handshake 614": 9}


def test_a_wrong_echo_is_no_median():
    assert echoes.median([(1, 2, 3), None]) is None
    assert echoes.median([(1, 2, 3), (3, 4, 5)])["ns"] == 2
