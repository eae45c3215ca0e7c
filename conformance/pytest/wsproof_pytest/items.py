"""Suites as files to collect, and cases as tests."""

import json
from collections import Counter

import pytest
from _pytest._code.code import ReprExceptionInfo, ReprFileLocation

from . import verdicts
from .tool import ToolError

TOOL = pytest.StashKey()
COLLECTION = pytest.StashKey()
RUNS = pytest.StashKey()


def is_suite(path):
    """A JSON object with scenarios; what is wrong in them is for the command to say."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and "scenarios" in content and "suite" in content


class Collection:
    """What the command lists of the files that pytest has come by. It is asked once for all that are known by then."""

    def __init__(self, config):
        self.config = config
        self.waiting = []
        self.cases = {}  # by file
        self.errors = {}
        self.marks = {"wsproof"}

    def register(self, mark):
        """A mark has to be known to pytest where --strict-markers is on."""
        if mark not in self.marks:
            self.marks.add(mark)
            self.config.addinivalue_line("markers", f"{mark}: cases of wsproof")

    def of(self, path):
        if path not in self.cases and path not in self.errors:
            if path not in self.waiting:
                self.waiting.append(path)
            self._list(self.waiting)
            self.waiting = []
        if path in self.errors:
            raise SuiteFile.CollectError(self.errors[path])
        return [case for case in self.cases[path] if self._is_chosen(case)]

    def _list(self, paths):
        try:
            listed = self.config.stash[TOOL].cases(paths)
        except ToolError as error:
            if len(paths) == 1:
                self.errors[paths[0]] = str(error)
            else:  # so that a faulty suite does not take the others with it
                for path in paths:
                    self._list([path])
            return
        for path in paths:
            self.cases[path] = []
        for case in listed:
            self.cases[paths[0] if len(paths) == 1 else type(paths[0])(case["file"])].append(case)

    def _is_chosen(self, case):
        groups = self.config.option.wsproof_group
        is_in_group = case["played_unasked"] if not groups else "all" in groups or case["group"] in groups
        role = "client" if self.config.option.wsproof_client else "server"
        return is_in_group and case["under_test"] in (role, "either")


class SuiteFile(pytest.File):
    def __init__(self, **options):
        super().__init__(**options)
        self.config.stash[COLLECTION].waiting.append(self.path)

    def collect(self):
        for case in self.config.stash[COLLECTION].of(self.path):
            yield CaseItem.from_case(self, case)


def play(wsproof_target):
    """What an item asks its fixtures for."""


class CaseItem(pytest.Function):
    """One case. setup() plays it, with all others that this session holds, unless that has been done."""

    @classmethod
    def from_case(cls, parent, case):
        item = cls.from_parent(parent, name=case["id"].removeprefix(case["suite"] + "/"), callobj=play)
        item.case = case
        item.result = None
        item.run = None
        section = case["suite"].partition("/")[0] + "_" + case["section"]
        for name in ("wsproof", f"group_{case['group']}", f"level_{case['level']}", section):
            name = "".join(c if c.isalnum() else "_" for c in name)
            parent.config.stash[COLLECTION].register(name)
            item.add_marker(getattr(pytest.mark, name))
        return item

    def reportinfo(self):
        return self.path, max(0, self.case["line"] - 1), self.case["id"]

    def setup(self):
        super().setup()
        target = self.funcargs["wsproof_target"]
        cases = [(str(item.path), item.case["id"]) for item in self.session.items if is_played_with(item, self)]
        self.run = self.config.stash[RUNS].of(target, cases)
        if self.run.error:
            if not self.run.was_told:
                self.run.was_told = True
                pytest.fail(self.run.error, pytrace=False)
            pytest.skip("nothing was played, for the reason that the first case gives")
        self.result = self.run.cases.get(self.case["id"])
        if self.result is None:
            pytest.skip("it was not played: the group is left out off this machine (--wsproof-options=--allow-load)")
        self.expect()

    def expect(self):
        """What the baseline knows of is expected to fail; an entry that is not needed any more is not to stay."""
        if self.result["known"]:
            self.add_marker(pytest.mark.xfail(reason=f"baseline: {self.result['known']}"))
        elif note := verdicts.unneeded(self.result, self.run):
            reason = f'baseline: "{note["case"]}" ({note["reason"]}) is no longer needed: {note["detail"]}'
            self.add_marker(pytest.mark.xfail(reason=reason, strict=True))

    def runtest(self):
        case = self.result
        self.user_properties += [("wsproof_verdict", case["behaviour"]), ("wsproof_closing", case["closing"])]
        self.user_properties += [("wsproof_note", text) for text in self.notes()]
        is_lax = case["behaviour"] == "non-strict"
        if case["behaviour"] == "unsupported":
            pytest.skip(f"unsupported: {case['reason']}")
        if verdicts.is_failure(case) and verdicts.is_allowed(case, self.run.report):
            pytest.skip(f"allowed: {case['behaviour']} {case['reason']}")
        if verdicts.is_failure(case) or (is_lax and self.config.option.wsproof_strict):
            pytest.fail(verdicts.explain(case, self.run, self.config.stash[TOOL]), pytrace=False)
        if case["findings"]:
            self.add_report_section("call", "wsproof", verdicts.explain(case, self.run, self.config.stash[TOOL]))

    def notes(self):
        """What of the baseline is due for a look and has no case of its own to be named at."""
        return [f'baseline: "{note["case"]}" ({note["reason"]}): {note["note"]} {note["detail"]}'.rstrip()
                for note in self.run.notes if note["note"] != "no longer needed"]  # fmt: skip

    def complete(self, report):
        """Times and places are the case's, not those of this file; and the summary has a line of each failure."""
        if report.skipped and isinstance(report.longrepr, tuple):
            report.longrepr = (str(self.path), self.case["line"], report.longrepr[2])
        if report.failed and getattr(report.longrepr, "reprcrash", "") is None:
            place = ReprFileLocation(str(self.path), self.case["line"], str(report.longrepr).partition("\n")[0])
            report.longrepr = ReprExceptionInfo(reprtraceback=report.longrepr.reprtraceback, reprcrash=place)
        if report.when == "call" and self.result is not None:
            report.duration = self.result["ms"] / 1000


def is_played_with(item, other):
    """They are judged by one run: the fixture that names the server is the same."""
    return isinstance(item, CaseItem) and url_fixture(item) is url_fixture(other)


def url_fixture(item):
    return item._fixtureinfo.name2fixturedefs["wsproof_url"][-1]


def totals_of(reports):
    """Lines on all verdicts, from what the items reported: under xdist they were made elsewhere."""
    verdict_counts, notes = Counter(), {}
    for report in reports:
        if getattr(report, "when", "") == "call":
            for name, value in report.user_properties:
                if name == "wsproof_verdict":
                    verdict_counts[value] += 1
                elif name == "wsproof_note":
                    notes[value] = None
    if verdict_counts:
        yield "wsproof: " + ", ".join(f"{count} {verdict}" for verdict, count in verdict_counts.most_common())
    yield from notes
