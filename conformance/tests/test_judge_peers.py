"""tools/peers/judge: how it reads conformance/findings.md, and what it calls a difference."""

import importlib.machinery
import importlib.util
import pathlib
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent


sys.path.insert(0, str(TOP / "tools" / "peers"))
import judging  # noqa: E402

TEXT = """# Findings

| `rfc6455/before/any-peer` | x |

## one 1.2.3

| cases | why |
|---|---|
| `rfc6455/a/b[x=*]`, `rfc6455/a/c` | `rfc6455/not/a-case` |

## Of something else

| `rfc6455/under/no-peer` | x |

## two 4

| `rfc6455/a/d` | x |
| sometimes `rfc6455/a/e[*]`, `rfc6455/a/f` | `rfc6455/not/a-case` |
"""


def test_findings_belong_to_the_peer_in_the_heading_above():
    recorded = judging.read_findings(TEXT)
    assert recorded == {
        "one": ("1.2.3", ["rfc6455/a/b[x=*]", "rfc6455/a/c"], []),
        "two": ("4", ["rfc6455/a/d"], ["rfc6455/a/e[*]", "rfc6455/a/f"]),
    }


def test_brackets_in_a_pattern_are_brackets():
    assert judging.matches("rfc6455/a/b[x=1]", "rfc6455/a/b[x=*]")
    assert not judging.matches("rfc6455/a/bx", "rfc6455/a/b[x=*]")


def report(bad, good=()):
    return {"cases": [{"id": name, "behaviour": word, "closing": "clean"} for names, word in ((bad, "fail"), (good, "pass"))
                      for name in names]}


def test_fails_that_are_recorded_are_no_difference():
    assert not list(judging.departures(["a[*]", "b"], report(["a[x=1]", "a[x=2]", "b"], ["c"])))


def test_a_fail_that_is_not_recorded_is_a_difference():
    (line,) = judging.departures(["a"], report(["a", "new"]))
    assert "does not confirm" in line and line.endswith("new")


def test_a_recorded_fail_that_is_gone_is_a_difference():
    (line,) = judging.departures(["a", "gone[*]"], report(["a"]))
    assert "does not:" in line and line.endswith("gone[*]")


def test_of_some_cases_only_those_are_missed_that_were_played():
    (line,) = judging.departures(["a", "passes", "elsewhere[*]"], report(["a"], ["passes"]), is_whole=False)
    assert line.endswith("passes")


def test_a_case_whose_connection_stays_open_is_confirmed_apart():
    played = report(["a"], ["b"])
    for case in played["cases"]:
        case["closing"] = "not-closed"
    assert not list(judging.departures(["a", "closing b"], played))
    (line,) = judging.departures(["a"], played)
    assert "does not confirm it" in line and line.endswith("closing b")


def test_what_fails_sometimes_may_pass_and_may_fail():
    assert not list(judging.departures(["a"], report(["a", "b[x=1]"], ["b[x=2]", "c"]), sometimes=["b[*]", "c"]))


def test_what_fails_sometimes_is_a_case_there_is():
    (line,) = judging.departures(["a"], report(["a"]), sometimes=["gone[*]"])
    assert "no such case" in line and line.endswith("gone[*]")
    assert not list(judging.departures(["a"], report(["a"]), is_whole=False, sometimes=["gone[*]"]))


def test_another_version_only_warns(capsys):
    assert judging.hold_against_findings("2", judging.Recorded("1", ["gone"]), report(["new"]))
    assert capsys.readouterr().out.count("warning: ") == 3
    assert not judging.hold_against_findings("2", judging.Recorded("2", ["gone"]), report(["new"]))


def test_the_role_of_a_peer_is_in_its_name():
    assert [judging.Peer(name).role for name in ("proxy-a", "client-b", "c")] == ["proxy", "client", "server"]


def test_findings_in_the_matrix_are_counted_once_a_case():
    loader = importlib.machinery.SourceFileLoader("matrix", str(TOP / "tools" / "peers" / "matrix"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("matrix", loader))
    loader.exec_module(module)
    finding = {"verdict": "fail", "requirement": "6455-5.5.1-1", "clause": "RFC 6455 §5.5.1"}
    cases = [{"findings": [finding, finding]}, {"findings": [{**finding, "verdict": "non-strict"}]}, {"findings": [finding]}]
    assert module.top_findings({"cases": cases}) == [{"requirement": "6455-5.5.1-1", "clause": "RFC 6455 §5.5.1", "cases": 2}]


def test_the_findings_are_about_peers_there_are():
    recorded = judging.read_findings(judging.FINDINGS.read_text(encoding="utf-8"))
    assert recorded
    known = [*judging.known_peers(), "browser-chromium"]  # which test_serve_page.py judges
    for name, (_, patterns, sometimes) in recorded.items():
        assert name in known and not set(patterns) & set(sometimes)
        assert patterns and len(patterns) == len(set(patterns))
