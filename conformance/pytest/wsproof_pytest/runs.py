"""Runs of the command: one for all cases of a session and a target, which the workers of xdist share."""

import fcntl
import hashlib
import json
import pathlib
import shlex
import tempfile

from .tool import ToolError


class Run:
    """What came of one run: a case by its id, or the reason why there was none."""

    def __init__(self, report=None, error="", rows=None):
        self.report = report
        self.error = error
        self.rows = rows or {}  # requirement rows by id, if anything failed
        self.cases = {case["id"]: case for case in report["cases"]} if report else {}
        self.was_told = False

    @property
    def notes(self):
        return self.report.get("baseline", {}).get("notes", []) if self.report else []


class Target:
    """The words behind `wsproof test` that name whom to judge; `identity` is the same in all workers."""

    def __init__(self, words, options, identity):
        self.words = words
        self.options = options
        self.identity = json.dumps([identity, options])


def target_of(option, url):
    options = shlex.split(option.wsproof_options)
    if option.wsproof_baseline:
        options += ["--baseline", option.wsproof_baseline]
    if option.wsproof_client:
        words = ["--client", option.wsproof_client]
    elif option.wsproof_server:
        words = ["--server", option.wsproof_server, *([url] if url else [])]
    else:
        words = [str(url)]
    return Target(words, options, getattr(url, "identity", words))


def subject_of(option):
    return option.wsproof_client or option.wsproof_server or option.wsproof_url or "what the fixture wsproof_url names"


class Runs:
    """The runs of this session. share() is called before the first of them."""

    def __init__(self, tool):
        self.tool = tool
        self.by_key = {}
        self.directory = None  # of this worker, or of all of them
        self.is_shared = False
        self.own = None

    def share(self, config, tmp_path_factory):
        worker = getattr(config, "workerinput", None)
        if worker is not None:
            self.directory = tmp_path_factory.getbasetemp().parent / f"wsproof-{worker['testrunuid']}"
            self.directory.mkdir(exist_ok=True)
            self.is_shared = True
        elif self.own is None:
            self.own = tempfile.TemporaryDirectory(prefix="wsproof-")
            self.directory = pathlib.Path(self.own.name)

    def of(self, target, cases):
        """The run of these cases, [(file, id)], against the target: played now, or already."""
        key = hashlib.sha256(json.dumps([target.identity, cases]).encode()).hexdigest()[:16]
        if key not in self.by_key:
            self.by_key[key] = self._take(target, cases, self.directory / key)
        return self.by_key[key]

    def _take(self, target, cases, stem):
        """Of several workers the first to come plays, and the others wait for what it got."""
        report, error = stem.with_suffix(".json"), stem.with_suffix(".error")
        with open(stem.with_suffix(".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if error.exists():
                run = Run(error=error.read_text(encoding="utf-8"))
                run.was_told = True
                return run
            if report.exists():
                return self._told(json.loads(report.read_text(encoding="utf-8")))
            files = sorted({file for file, _ in cases})
            partial = stem.with_suffix(".partial")
            try:
                played = self.tool.play(target.words, target.options, files, [each for _, each in cases], partial)
            except ToolError as reason:
                error.write_text(str(reason), encoding="utf-8")
                return Run(error=str(reason))
            partial.rename(report)
            return self._told(played)

    def _told(self, report):
        rows = self.tool.requirements() if any(case["findings"] for case in report["cases"]) else {}
        return Run(report=report, rows=rows)
