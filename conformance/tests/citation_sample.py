#!/usr/bin/python3
"""Draws cited requirements by seed and breaks each: a citation counts only if some case fails then.

citation_sample.py [--role server|client] [--seed N] [--count 40] [--all] [--list] [--parallel N] [ROW...]: for each row of the sample plays the cases
that cite it against the faults of faults.py (clients: faults_of_clients.py) that break it. Exits 1 if a row has no fault, or if none of its faults makes
one of its cases bad (for a fault whose verdict is non-strict, non-strict). Rows are the MUST and MUST NOT rows of RFC 6455
and 7692 on the wire that bind the role. --list shows the rows and their faults, and plays nothing.
"""

import argparse
import concurrent.futures
import json
import random
import sys

import faults
import faults_of_clients
import harness

TABLES = {"server": faults, "client": faults_of_clients}
DATA = harness.TOP / "conformance" / "data"


def cited_rows(role):
    """The rows to draw from, in the catalogue's order."""
    rows = json.loads((DATA / "requirements.json").read_text(encoding="utf-8"))
    cited = set()
    for path in sorted((harness.TOP / "scenarios").glob("*/*.json")):
        for scenario in json.loads(path.read_text(encoding="utf-8"))["scenarios"]:
            if scenario["under_test"] in (role, "either"):
                cited.update(scenario["requires"])
    return [
        row["id"]
        for row in rows
        if row["rfc"] in (6455, 7692)
        and row["level"] in ("MUST", "MUST NOT")
        and row["observable"] == "wire"
        and row["who"] in (role, "both")
        and row["id"] in cited
    ]


def faults_of(row, role):
    return [fault for fault in TABLES[role].FAULTS.values() if row in fault.clauses]


def play(fault, role, *arguments):
    if role == "client":
        return harness.Run("--client", harness.faulty_client(fault.name), *arguments)
    with harness.faulty_peer(fault.name) as peer:
        return harness.Run(*peer.target, *arguments)


def breaks(row, fault, role):
    """Whether a case that cites the row is bad against a peer with the fault; and which."""
    alone = ["--jobs", "1"] if fault.verdict in ("crash", "hang") else []
    run = play(fault, role, *alone, *harness.citing((row,), role))
    if fault.verdict == "unreached":
        return ["preflight"] if run.code == 3 else []
    bad = harness.BAD if fault.verdict != "non-strict" else (*harness.BAD, "non-strict")
    return [
        case["id"]
        for case in run.cases
        if (case["behaviour"] in bad and row in case["requires"])
        or any(finding["requirement"] == row and finding["verdict"] in bad for finding in case["findings"])
    ]


def check(row, role):
    tried = []
    for fault in faults_of(row, role):
        cases = breaks(row, fault, role)
        if cases:
            return True, f"{fault.name}: {cases[0]}" + (f" and {len(cases) - 1} more" if len(cases) > 1 else "")
        tried.append(fault.name)
    return False, "no case fails against " + ", ".join(tried) if tried else "no fault breaks it"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--role", choices=TABLES, default="server", help="of the peer under test")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--all", action="store_true", help="every cited row")
    parser.add_argument("--list", action="store_true", help="the rows and their faults alone")
    parser.add_argument("--parallel", type=int, default=2, metavar="N", help="rows at a time")
    parser.add_argument("rows", nargs="*", metavar="ROW")
    options = parser.parse_args()
    rows = cited_rows(options.role)
    chosen = options.rows or rows
    if not options.rows and not options.all:
        chosen = random.Random(options.seed).sample(rows, min(options.count, len(rows)))
    if options.list:
        for row in chosen:
            print(f"{row:18} {' '.join(fault.name for fault in faults_of(row, options.role)) or 'none'}")
        return 0
    missed = 0
    with concurrent.futures.ThreadPoolExecutor(options.parallel) as pool:
        for row, (is_caught, text) in zip(chosen, pool.map(lambda row: check(row, options.role), chosen)):
            missed += not is_caught
            print(f"{'ok  ' if is_caught else 'MISS'} {row:18} {text}", flush=True)
    print(f"\n{len(chosen)} rows of {len(rows)} cited: {len(chosen) - missed} broken and caught, {missed} not")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
