"""Known failures: --baseline and --write-baseline, from outside."""

import json
import xml.etree.ElementTree as xml

import pytest

import harness
from harness import wsproof

TYPE = "rfc6455/5.6-data-frames/type-is-kept"


def baseline(directory, *entries):
    path = directory / "baseline.json"
    path.write_text(json.dumps({"known": list(entries)}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def server():
    with harness.faulty_peer("text-as-binary") as peer:
        yield peer


def test_a_known_failure_fails_no_run(server, tmp_path):
    path = baseline(tmp_path, {"case": TYPE + "*", "reason": "types are lost"})
    run = harness.Run(server.url, TYPE, "--baseline", path, "--junit", tmp_path / "junit.xml")
    assert run.code == 0 and run.bad, run.explain()
    assert {case["known"] for case in run.bad} == {"types are lost"}
    assert run.report["baseline"] == {"known": len(run.bad), "new": 0, "notes": []}
    assert f"{len(run.bad)} known failures (baseline), 0 new" in run.out and "types are lost" in run.out
    root = xml.parse(tmp_path / "junit.xml").getroot()
    assert not root.findall(".//failure") and len(root.findall(".//skipped")) == len(run.bad)


def test_a_known_failure_of_a_client_fails_no_run(tmp_path):
    client = harness.faulty_client("text-as-binary")
    path = baseline(tmp_path, {"case": TYPE + "*", "reason": "types are lost"})
    run = harness.Run("--client", client, TYPE, "--baseline", path)
    assert run.code == 0 and run.bad and run.report["baseline"]["known"] == len(run.bad), run.explain()


def test_news_fails_a_run(server, tmp_path):
    failed = [case["id"] for case in harness.Run(server.url, TYPE).bad]
    path = baseline(tmp_path, {"case": failed[0], "reason": "this one"})
    run = harness.Run(server.url, TYPE, "--baseline", path)
    assert len(failed) > 1 and run.code == 1
    assert f"1 known failure (baseline), {len(failed) - 1} new" in run.out
    assert [case["id"] for case in run.bad if case["known"]] == failed[:1]


def test_what_is_due_for_a_look_is_said(server, tmp_path):
    path = baseline(
        tmp_path,
        {"case": "rfc6455/4.4-versions/*", "reason": "mended"},
        {"case": "rfc6455/9.9-gone*", "reason": "gone"},
        {"case": TYPE + "*", "reason": "was put up with", "expires": "2020-01-31"},
        {"case": "rfc6455/7.4*", "reason": "not played"},
    )
    run = harness.Run(server.url, TYPE, "4.4-versions", "--baseline", path)
    assert run.code == 1
    notes = {note["reason"]: note["note"] for note in run.report["baseline"]["notes"]}
    assert notes == {"mended": "no longer needed", "gone": "matches no case", "was put up with": "expired"}
    for note in notes.values():
        assert f"baseline: {note}" in run.out


def test_a_written_baseline_makes_the_next_run_green(server, tmp_path):
    path = tmp_path / "written.json"
    first = harness.Run(server.url, TYPE, "5.4-fragmentation", "--write-baseline", path)
    assert first.code == 1 and first.bad
    second = harness.Run(server.url, TYPE, "5.4-fragmentation", "--baseline", path, "--write-baseline", path)
    assert second.code == 0 and second.report["baseline"]["notes"] == []
    assert {entry["reason"] for entry in json.loads(path.read_text(encoding="utf-8"))["known"]} == {"to be examined"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", ["line 1", "not JSON"]),
        ('{"known": [{"case": "*"}]}', ["/known/0/reason"]),
        ('{"known": [{"case": "*", "reason": "w", "expires": "soon"}]}', ["/known/0/expires", "soon"]),
    ],
)
def test_a_file_that_is_wrong_is_usage(tmp_path, text, words):
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    done = wsproof("test", "ws://127.0.0.1:1/", "--baseline", path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    for word in (str(path), *words):
        assert word in done.stderr


def test_a_file_that_is_missing_is_usage(tmp_path):
    done = wsproof("test", "ws://127.0.0.1:1/", "--baseline", tmp_path / "nothing.json")
    assert done.returncode == 2 and "nothing.json: there is no such file; --write-baseline" in done.stderr
