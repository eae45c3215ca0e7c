#!/usr/bin/python3
"""Plays every fault and near-miss of faults.py, or faults_of_clients.py, and prints what the judge said to each.

fault_matrix.py [--role server|client] [--parallel N] [--whole] [NAME...]: exits 1 unless each fault is caught by a clause that
it breaks, with the verdict expected, and no near-miss is failed. Against a fault that is to fail it plays the cases that cite those
clauses, with --whole all of them; against servers that are to fail nothing always all of them. Clients with a legal oddity
play a selection, with --whole all.
"""

import argparse
import concurrent.futures
import subprocess
import sys
from dataclasses import dataclass, field

import faults
import faults_of_clients
import harness


TABLES = {"server": faults, "client": faults_of_clients}


@dataclass
class Outcome:
    name: str
    expected: str
    seconds: float = 0.0
    catches: list = field(default_factory=list)  # (case id, row) of findings that cite a clause of the fault
    bad: list = field(default_factory=list)  # (case id, behaviour, row) of every bad case
    problems: list = field(default_factory=list)

    def line(self):
        rows = sorted({row.removeprefix("6455-") for _, row in self.catches})
        caught = f"{len(self.catches)} by {' '.join(rows)}" if rows else ""
        first = self.catches[0][0].removeprefix("rfc6455/") if self.catches else ""
        state = "ok  " if not self.problems else "MISS"
        return (
            f"{state} {self.name:32} {self.expected:10} {self.seconds:5.0f} s  {len(self.bad):4} bad  {caught:32} {first}"
        )


def citing_findings(run, clauses, verdict):
    """(case id, row) of the findings with this verdict that cite one of these rows."""
    for case in run.cases:
        for finding in case["findings"]:
            if finding["verdict"] == verdict and finding["requirement"] in clauses:
                yield case["id"], finding["requirement"]
    for finding in run.report["findings"] if run.report else []:
        if finding["verdict"] == verdict and finding["requirement"] in clauses:
            yield "the run", finding["requirement"]


def cases_of(run, clauses, behaviours):
    """(case id, row) of the cases that came to this and are about one of these rows."""
    for case in run.cases:
        rows = [row for row in case["requires"] if row in clauses]
        if case["behaviour"] in behaviours and rows:
            yield case["id"], rows[0]


def play(name, role, *arguments):
    if role == "client":
        return harness.Run("--client", harness.faulty_client(name), *arguments)
    with harness.faulty_peer(name) as peer:
        return harness.Run(*peer.target, *arguments)


def start_outcome(each, run):
    outcome = Outcome(each.name, getattr(each, "verdict", "legal"))
    outcome.seconds = run.report["seconds"] if run.report else 0.0
    for case in run.bad:
        row = case["findings"][0]["requirement"] if case["findings"] else ""
        outcome.bad.append((case["id"], case["behaviour"], row))
    return outcome


def judge_fault(fault, role, *arguments):
    # A server that has gone tells nobody which of the cases in flight it was: one at a time.
    alone = ["--jobs", "1"] if fault.verdict in ("crash", "hang") and role == "server" else []
    run = play(fault.name, role, *alone, *arguments)
    outcome = start_outcome(fault, run)
    exit_code = {"non-strict": 0, "unreached": 3}.get(fault.verdict, 1)
    if run.code != exit_code:
        outcome.problems.append(f"exit code {run.code}, not {exit_code}\n{run.explain()}")
    if fault.verdict == "unreached":
        outcome.catches = [("preflight", row) for row in fault.clauses if run.err.strip()]
    elif fault.verdict in ("crash", "hang"):
        outcome.catches = list(cases_of(run, fault.clauses, ("crash", "hang") if fault.verdict == "hang" else ("crash",)))
    else:
        outcome.catches = list(citing_findings(run, fault.clauses, fault.verdict))
        if fault.segment:  # a busy machine joins what was cut
            outcome.catches += citing_findings(run, fault.clauses, "flaky")
    if not outcome.catches:
        outcome.problems.append(f"no {fault.verdict} cites {' '.join(fault.clauses)}\n{run.explain()}")
    return outcome


def judge_near_miss(miss, role, *arguments):
    run = play(miss.name, role, *arguments)
    outcome = start_outcome(miss, run)
    if run.code != 0 or run.bad:
        outcome.problems.append(f"a false alarm; legal by {miss.legal_by}\n{run.explain()}")
    if miss.shows:
        outcome.catches = list(citing_findings(run, miss.clauses, "non-strict"))
        if not outcome.catches:
            outcome.problems.append(f"no non-strict cites {' '.join(miss.clauses)}")
    if miss.closing and not any(case["closing"] == miss.closing for case in run.cases):
        outcome.problems.append(f"no case has the closing {miss.closing}")
    return outcome


def judge(name, is_whole=False, role="server"):
    try:
        return play_and_judge(name, is_whole, role)
    except subprocess.TimeoutExpired as error:
        return Outcome(name, "an end", error.timeout, problems=[f"no end within {error.timeout:.0f} s"])


def play_and_judge(name, is_whole, role):
    table = TABLES[role]
    if name in table.NEAR_MISSES:
        miss = table.NEAR_MISSES[name]
        some = harness.SOME_OF_CLIENTS if role == "client" and not is_whole else []
        if some and miss.shows:
            some = [*some, *harness.citing(miss.clauses, role)]
        return judge_near_miss(miss, role, *some)
    fault = table.FAULTS[name]
    # A client is a process a case: all of them take minutes.
    plays_all = is_whole or (fault.verdict == "non-strict" and role == "server")
    if fault.segment:
        return judge_fault(fault, role, "--segment", fault.segment, *fault.shown_by.split())
    if fault.shown_by and not is_whole:
        return judge_fault(fault, role, *fault.shown_by.split())
    return judge_fault(fault, role, *([] if plays_all else harness.citing(fault.clauses, role)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--role", choices=TABLES, default="server", help="of the peer under test")
    parser.add_argument("--parallel", type=int, default=2, metavar="N", help="runs at a time")
    parser.add_argument("--whole", action="store_true", help="all cases against every fault")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    table = TABLES[options.role]
    known = [*table.FAULTS, *table.NEAR_MISSES]
    for name in options.names:
        if name not in known:
            parser.error(f'there is no fault "{name}"')
    names = options.names or known
    with concurrent.futures.ThreadPoolExecutor(options.parallel) as pool:
        outcomes = []
        for outcome in pool.map(lambda name: judge(name, options.whole, options.role), names):
            outcomes.append(outcome)
            print(outcome.line(), flush=True)
            for problem in outcome.problems:
                print("     " + problem.replace("\n", "\n       "), flush=True)
    missed = [outcome.name for outcome in outcomes if outcome.problems]
    print(f"\n{len(outcomes)} cases: {len(outcomes) - len(missed)} as expected, {len(missed)} not {' '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
