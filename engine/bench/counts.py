"""Counts instructions by callgrind: they do not depend on what else the machine does. instructions.txt keeps them."""

import os
import pathlib
import re
import subprocess
import tempfile

TABLE = pathlib.Path(__file__).resolve().parent / "instructions.txt"
# What, size, messages of the shorter and of the longer run: their difference is free of what a start costs.
ROWS = [("binary", 16, 3000, 33000), ("binary", 125, 3000, 33000), ("binary", 65536, 4, 44),
        ("ascii", 16, 3000, 33000), ("ascii", 125, 3000, 33000), ("ascii", 65536, 4, 44),
        ("mixed", 16, 3000, 33000), ("mixed", 125, 3000, 33000), ("mixed", 65536, 4, 44),
        ("server", 16, 3200, 32000), ("server", 125, 3200, 32000), ("client", 16, 3200, 32000),
        ("client", 125, 3200, 32000), ("handshake", 157, 200, 2200), ("handshake", 614, 200, 2200)]
TOLERANCE = 0.02
HEAD = """# Instructions per message, by callgrind: the recv() and send() copies of the benchmark included. Written by
# `tools/bench --instructions --write`; g++ 12, preset bench. Valgrind knows AVX2 and no AVX-512.
"""


def count(program, what, size, messages):
    """Messages really done, and instructions of the whole run."""
    # Without this, glibc copies by an instruction that counts once a byte.
    environment = {**os.environ, "GLIBC_TUNABLES": "glibc.cpu.x86_rep_movsb_threshold=1000000000"}
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program, what, str(size), str(messages)]
        result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        return int(result.stdout), int(re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.MULTILINE)[1])


def measure(program):
    counts = {}
    for what, size, few, many in ROWS:
        (few, less), (many, more) = count(program, what, size, few), count(program, what, size, many)
        counts[f"{what} {size}"] = round((more - less) / (many - few))
    return counts


def read():
    lines = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    return {name: int(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] not in "#")}


def write(counts):
    TABLE.write_text(HEAD + "".join(f"{name} {value}\n" for name, value in counts.items()), encoding="utf-8")


def compare(counts):
    """Prints counts beside those of the table; False where one is off by more than the tolerance."""
    before, same = read(), True
    for name, value in counts.items():
        old = before.get(name)
        is_off = old is None or abs(value - old) > TOLERANCE * old
        same = same and not is_off
        change = "new" if old is None else f"{100 * (value - old) / old:+.1f} %"
        print(f"{name:16} {value:9} was {old if old is not None else '-':>9}  {change}{'  !' if is_off else ''}")
    return same
