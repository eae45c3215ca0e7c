#!/usr/bin/python3
"""Runs `wsproof fuzz` against each fault of the faulty peer, from nothing but the URL, and prints what it found and when.

faults_found.py [--seconds N] [--parallel N] [--seed N] [--at-once] [NAME...]: the faults are those of conformance/tests/faults.py
that break a MUST and need no waiting. Exits 1 unless at least 80 % are found. `--legal` runs against the legal oddities instead, and
against the clean peer: it exits 1 if anything is found. With WSPROOF_BIN in the environment it is that wsproof that is run.
"""

import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(TOP / "conformance" / "tests"))

import faults  # noqa: E402
import harness  # noqa: E402

# What only time shows, or a port for TLS.
WAITING = {"late-pong", "late-close-reply", "takes-plain-on-tls-port"}
WANTED = 0.8


def is_wanted(fault):
    return fault.verdict in ("fail", "crash", "hang") and fault.name not in WAITING


def fuzz(name, seconds, seed, stop_early):
    """The report of one run; how long it took until something was found, None if nothing was."""
    with tempfile.TemporaryDirectory() as directory, harness.faulty_peer(name) as peer:
        report = pathlib.Path(directory, "report.json")
        command = [harness.find_wsproof(), "fuzz", *peer.target, "--seconds", str(seconds), "--seed", str(seed)]
        command += ["--out", str(pathlib.Path(directory, "out")), "--json", str(report)]
        began = time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            first = None
            for line in process.stdout:
                if line.startswith("FOUND"):
                    first = first or time.monotonic() - began
                    if stop_early:
                        process.terminate()  # it keeps what it has, and ends
            errors = process.stderr.read()
            code = process.wait()
        harness.assert_no_crash(subprocess.CompletedProcess(command, code, "", errors))
        return (json.loads(report.read_text()) if report.exists() else None), first, errors.strip()


def line_of(name, report, first, clauses, errors):
    if report is None:
        return f"NONE {name:34} {errors[:90]}"
    findings = report["findings"]
    rows = sorted({finding["requirement"] for finding in findings})
    cites = "cites it" if set(rows) & set(clauses) else "cites others" if rows else ""
    shown = " ".join(row.removeprefix("6455-") for row in rows[:4])
    state = "ok  " if findings else "MISS"
    when = f"{first:5.1f} s" if first is not None else "       "
    return f"{state} {name:34} {when} {report['executions']:7} cases {len(findings):3} findings  {cites:12} {shown}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="for each fault")
    parser.add_argument("--parallel", type=int, default=1, metavar="N", help="runs at a time")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--at-once", action="store_true", help="end a run at its first finding")
    parser.add_argument("--legal", action="store_true", help="the clean peer and the legal oddities, which are to have no findings")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    if options.legal:
        table = {"": (), **{name: () for name in faults.NEAR_MISSES if name != "ipv6"}}
    else:
        table = {fault.name: fault.clauses for fault in faults.FAULTS.values() if is_wanted(fault)}
    for name in options.names:
        if name not in table:
            parser.error(f'there is no fault "{name}"')
    names = options.names or list(table)
    found = 0
    steps = []
    with concurrent.futures.ThreadPoolExecutor(options.parallel) as pool:
        runs = pool.map(lambda name: fuzz(name or None, options.seconds, options.seed, options.at_once), names)
        for name, (report, first, errors) in zip(names, runs):
            print(line_of(name or "(clean)", report, first, table.get(name, ()), errors), flush=True)
            if report and report["findings"]:
                found += 1
                steps += [finding["steps"] for finding in report["findings"]]
    middle = sorted(steps)[len(steps) // 2] if steps else 0
    print(f"\n{found} of {len(names)} found; {len(steps)} findings, {middle} steps in the median")
    return 0 if (found == 0 if options.legal else found >= WANTED * len(names)) else 1


if __name__ == "__main__":
    sys.exit(main())
