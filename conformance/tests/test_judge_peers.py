"""tools/peers/judge: how it reads conformance/findings.md, and what it calls a difference."""

import importlib.machinery
import importlib.util
import pathlib

TOP = pathlib.Path(__file__).resolve().parent.parent.parent


def load_judge():
    loader = importlib.machinery.SourceFileLoader("judge", str(TOP / "tools" / "peers" / "judge"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("judge", loader))
    loader.exec_module(module)
    return module


judge = load_judge()

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
"""


def test_findings_belong_to_the_peer_in_the_heading_above():
    recorded = judge.read_findings(TEXT)
    assert recorded == {
        "one": ("1.2.3", ["rfc6455/a/b[x=*]", "rfc6455/a/c"]),
        "two": ("4", ["rfc6455/a/d"]),
    }


def test_brackets_in_a_pattern_are_brackets():
    assert judge.matches("rfc6455/a/b[x=1]", "rfc6455/a/b[x=*]")
    assert not judge.matches("rfc6455/a/bx", "rfc6455/a/b[x=*]")


def test_fails_that_are_recorded_are_no_difference():
    assert not list(judge.departures(["a[*]", "b"], ["a[x=1]", "a[x=2]", "b"]))


def test_a_fail_that_is_not_recorded_is_a_difference():
    (line,) = judge.departures(["a"], ["a", "new"])
    assert "does not confirm" in line and line.endswith("new")


def test_a_recorded_fail_that_is_gone_is_a_difference():
    (line,) = judge.departures(["a", "gone[*]"], ["a"])
    assert "does not:" in line and line.endswith("gone[*]")


def test_another_version_only_warns(capsys, monkeypatch):
    monkeypatch.setattr(judge.subprocess, "run", lambda *_, **__: type("Done", (), {"stdout": "2\n"}))
    assert judge.hold_against_findings("one", judge.Recorded("1", ["gone"]), ["new"])
    assert capsys.readouterr().out.count("warning: ") == 3
    assert not judge.hold_against_findings("one", judge.Recorded("2", ["gone"]), ["new"])


def test_the_findings_are_about_peers_there_are():
    recorded = judge.read_findings(judge.FINDINGS.read_text(encoding="utf-8"))
    assert recorded
    for name, (_, patterns) in recorded.items():
        assert (TOP / "tools" / "peers" / name / "peer.sh").exists()
        assert patterns and len(patterns) == len(set(patterns))
