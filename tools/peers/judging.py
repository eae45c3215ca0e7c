"""What `judge` and `matrix` share: the peers there are, a whole run against one, and conformance/findings.md.

A server or proxy is a folder here with a peer.sh; a client is a folder of tools/shims with a shim.sh, and goes by the name
client-FOLDER. In findings.md, under the heading `## NAME VERSION`, the first cell of a table row confirms the cases in
backticks (* stands for anything). If it begins with the word `sometimes`, the cases fail in some runs and not in others.
In a pattern `closing CASE`, all that is wrong with the case is that TCP stays open.
"""

import collections
import fnmatch
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
SHIMS = TOP / "tools" / "shims"
FINDINGS = TOP / "conformance" / "findings.md"
OUT = TOP / "out" / "peers"
BAD = ("fail", "crash", "hang", "flaky", "blocked")

Recorded = collections.namedtuple("Recorded", "version patterns sometimes", defaults=((),))


class NoReport(Exception):
    """There is no report of a whole run; the text says why."""


class Peer:
    """A third-party program: its name, its role, and the script that starts it."""

    def __init__(self, name):
        self.name = name
        self.is_client = name.startswith("client-")
        self.role = "client" if self.is_client else "proxy" if name.startswith("proxy-") else "server"
        self.folder = name[len("client-") :] if self.is_client else name
        self.start = (SHIMS if self.is_client else HERE) / "start"

    def ask(self, option):
        """What the script prints to `OPTION NAME`; NoReport with its last words if it fails."""
        done = subprocess.run([self.start, option, self.folder], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NoReport((done.stderr.strip().splitlines() or ["no reason given"])[-1])
        return done.stdout.strip()


def known_peers():
    """All names, servers first, then proxies, then clients."""
    servers = _names(HERE / "start")
    proxies = [name for name in servers if Peer(name).role == "proxy"]
    clients = [f"client-{name}" for name in _names(SHIMS / "start")]
    return [name for name in servers if name not in proxies] + proxies + clients


def _names(script):
    return subprocess.run([script, "--list"], capture_output=True, text=True, check=True).stdout.split()


def find_wsproof():
    if "WSPROOF_BIN" in os.environ:
        return os.environ["WSPROOF_BIN"]
    for preset in ("release", "dev"):
        path = TOP / "build" / preset / "tools" / "wsproof" / "wsproof"
        if path.exists():
            return str(path)
    sys.exit(f"{sys.argv[0]}: there is no wsproof: tools/build release wsproof, or set WSPROOF_BIN")


def judge(wsproof, peer, limit, filters=()):
    """The report of one run of all cases, or those of the filters, at most `limit` seconds long, which out/peers/NAME.json
    keeps. NoReport if it did not come to its end."""
    report = OUT / f"{peer.name}.json"
    report.unlink(missing_ok=True)
    if peer.is_client:
        target = ["--client", f"{peer.ask('--command')} {{url}}"]
    else:  # a server that a case has ended is started again
        target = ["--server", f"{shlex.quote(str(peer.start))} {peer.folder} {{port}}", "--subprotocol", "echo"]
    options = ["--max-time", str(limit), "--json", report]
    with open(OUT / f"{peer.name}.log", "wb") as log:
        code = _run([wsproof, "test", *target, *options, *filters], log, limit)
    found = _with_version(report, peer) if report.exists() else None
    if found is None or code not in (0, 1) or found["ended_early"]:
        raise NoReport(f"no whole run (exit code {code}): see {OUT.relative_to(TOP)}/{peer.name}.log")
    return found


def _with_version(path, peer):
    """The report, which says from now on whose it is: the pages show it."""
    report = json.loads(path.read_text(encoding="utf-8"))
    report["facts"].update({"version": peer.ask("--version"), "role": peer.role})
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


def _run(command, log, limit):
    try:
        return subprocess.run(command, stdout=log, stderr=log, timeout=limit + 60, check=False).returncode
    except subprocess.TimeoutExpired as error:
        raise NoReport(f"no end within {error.timeout:.0f} s") from error


def bad_cases(report):
    """The ids of the cases that count against the peer; with "closing " before it where it is only that TCP stays open."""
    for case in report["cases"]:
        if case["behaviour"] in BAD:
            yield case["id"]
        elif case["closing"] == "not-closed":
            yield f"closing {case['id']}"


def read_findings(text):
    """Peer -> Recorded, from the headings `## NAME VERSION` and the table rows below them."""
    recorded = {}
    current = None
    for line in text.splitlines():
        heading = re.match(r"## (\S+) (\S+)$", line)
        if line.startswith("## "):
            current = Recorded(heading[2], [], []) if heading else None
            if current:
                recorded[heading[1]] = current
        elif current and (row := re.match(r"\| (sometimes )?(`[^|]*)", line)):
            (current.sometimes if row[1] else current.patterns).extend(re.findall(r"`([^`]+)`", row[2]))
    return recorded


def findings():
    return read_findings(FINDINGS.read_text(encoding="utf-8"))


def matches(case, pattern):
    return fnmatch.fnmatchcase(case, pattern.replace("[", "[[]"))


def departures(patterns, report, is_whole=True, sometimes=()):
    """What differs from the findings, a line each. If not all cases were played, those that were not differ in nothing."""
    played = [prefix + case["id"] for case in report["cases"] for prefix in ("", "closing ")]
    bad = list(bad_cases(report))
    for case in bad:
        if not any(matches(case, pattern) for pattern in (*patterns, *sometimes)):
            yield f"fails, and findings.md does not confirm it: {case}"
    for pattern in patterns:
        if not any(matches(case, pattern) for case in bad) and (
            is_whole or any(matches(case, pattern) for case in played)
        ):
            yield f"findings.md says that it fails, and it does not: {pattern}"
    for pattern in sometimes:
        if is_whole and not any(matches(case, pattern) for case in played):
            yield f"findings.md says that it fails sometimes, and there is no such case: {pattern}"


def hold_against_findings(version, recorded, report, is_whole=True):
    """Prints what differs; false if something does that cannot be laid to another version."""
    lines = list(departures(recorded.patterns, report, is_whole, recorded.sometimes))
    is_other = recorded.version is not None and version != recorded.version
    if is_other:
        print(f"{'':24} warning: version {version}; findings.md is about {recorded.version}")
    for line in lines:
        print(f"{'':24} {'warning: ' if is_other else ''}{line}")
    return is_other or not lines
