"""The reports of a run, and `wsproof report`, from outside."""

import json
import os
import re
import xml.etree.ElementTree as xml

import pytest

import harness
from harness import wsproof

TYPE = "rfc6455/5.6-data-frames/type-is-kept"
FRAGMENTS = "rfc6455/5.4*"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def faulty():
    with harness.faulty_peer("text-as-binary") as peer:
        yield peer


@pytest.fixture(scope="module")
def reports(faulty, correct_peer, tmp_path_factory):
    """The same cases against a server with a fault and one without."""
    folder = tmp_path_factory.mktemp("reports")
    for name, url in (("faulty", faulty.url), ("good", correct_peer.url)):
        wsproof("test", url, TYPE, FRAGMENTS, "--json", folder / f"{name}.json")
    return folder


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def verdicts(report):
    return {case["id"]: (case["behaviour"], case["closing"]) for case in report["cases"]}


def test_a_failing_run_shows_in_each_report(faulty, tmp_path):
    paths = {name: tmp_path / name for name in ("json", "junit", "sarif", "tap", "markdown", "html")}
    done = wsproof("test", faulty.url, TYPE, *(word for name, path in paths.items() for word in (f"--{name}", path)))
    assert done.returncode == 1
    bad = [case["id"] for case in load(paths["json"])["cases"] if case["behaviour"] == "fail"]
    assert bad
    suites = xml.parse(paths["junit"]).getroot()
    assert len(suites.findall(".//failure")) == len(bad) == int(suites.get("failures"))
    results = load(paths["sarif"])["runs"][0]["results"]
    assert sorted(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] for result in results if result["level"] == "error") == sorted(bad)
    physical = results[0]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"].endswith("scenarios/rfc6455/5.6-data-frames.json")
    line = (harness.TOP / "scenarios/rfc6455/5.6-data-frames.json").read_text(encoding="utf-8").splitlines()
    assert '"type-is-kept"' in line[physical["region"]["startLine"] - 1]
    lines = paths["tap"].read_text(encoding="utf-8").splitlines()
    assert lines[0] == "TAP version 14" and sum(line.startswith("not ok ") for line in lines) == len(bad)
    text = paths["markdown"].read_text(encoding="utf-8")
    assert "does not conform" in text and text.count("<details>") == len(bad)
    assert paths["html"].stat().st_size < MEGABYTE


def test_the_report_says_how_it_was_made(faulty, tmp_path):
    path = tmp_path / "report.json"
    wsproof("test", faulty.url, TYPE, "--seed", "5", "--allow", "flaky", "--max-time", "60", "--json", path)
    run = load(path)["run"]
    assert run["role"] == "server" and run["command"] == ["test", faulty.url] and run["options"] == ["--seed", "5"]
    assert run["filters"] == [TYPE] and run["allow"] == ["flaky"] and run["max_time"] == 60 and run["shard"] == ""


def test_a_transcript_knows_tcp_and_who_ended_it(correct_peer, tmp_path):
    path = tmp_path / "report.json"
    wsproof("test", correct_peer.url, TYPE, "--json", path)
    case = load(path)["cases"][0]
    assert {piece[2] for piece in case["pieces"]} == {"sent", "received"}
    assert [entry["ends"] for entry in case["transcript"] if "ends" in entry][0] == "peer"


@pytest.mark.parametrize("how", ["option", "bazel", "googletest"])
def test_shards_merged_are_one_run(correct_peer, tmp_path, how):
    whole = tmp_path / "whole.json"
    wsproof("test", correct_peer.url, TYPE, FRAGMENTS, "--json", whole)
    parts = []
    for index in range(3):
        parts.append(tmp_path / f"{index}.json")
        status = tmp_path / f"status-{index}"
        prefix = {"bazel": "TEST", "googletest": "GTEST"}.get(how)
        variables = {f"{prefix}_TOTAL_SHARDS": "3", f"{prefix}_SHARD_INDEX": str(index)} if prefix else {}
        if how == "bazel":
            variables["TEST_SHARD_STATUS_FILE"] = str(status)
        option = ["--shard", f"{index + 1}/3"] if how == "option" else []
        done = wsproof("test", correct_peer.url, TYPE, FRAGMENTS, *option, "--json", parts[-1], env={**os.environ, **variables})
        assert done.returncode == 0, done.stderr
        assert status.exists() == (how == "bazel")
        assert load(parts[-1])["run"]["shard"] == f"{index + 1}/3"
    merged = tmp_path / "merged.json"
    assert wsproof("report", "merge", *reversed(parts), "-o", merged, "--junit", tmp_path / "junit.xml").returncode == 0
    one, other = load(whole), load(merged)
    assert verdicts(one) == verdicts(other) and one["totals"] == other["totals"]
    assert [case["id"] for case in one["cases"]] == [case["id"] for case in other["cases"]]
    assert other["run"] == one["run"] and other["suites"] == one["suites"]
    assert int(xml.parse(tmp_path / "junit.xml").getroot().get("tests")) == len(one["cases"])


def test_a_shard_without_cases_is_well(correct_peer, tmp_path):
    path = tmp_path / "report.json"
    done = wsproof("test", correct_peer.url, TYPE, "--shard", "999/999", "--json", path)
    assert done.returncode == 0 and load(path)["cases"] == []


@pytest.mark.parametrize("shard", ["0/3", "4/3", "3", "x/y"])
def test_a_shard_that_cannot_be_is_refused(correct_peer, shard):
    done = wsproof("test", correct_peer.url, "--shard", shard)
    assert done.returncode == 2 and "is no shard" in done.stderr


def test_a_missing_shard_is_named(correct_peer, tmp_path):
    wsproof("test", correct_peer.url, TYPE, "--shard", "1/2", "--json", tmp_path / "1.json")
    done = wsproof("report", "merge", tmp_path / "1.json", "-o", tmp_path / "merged.json")
    assert done.returncode == 0 and "shards are missing: 2/2" in done.stderr
    assert load(tmp_path / "merged.json")["ended_early"] == "shards are missing: 2/2"


def test_merge_makes_every_report(reports, tmp_path):
    names = ("junit", "sarif", "tap", "markdown", "html")
    options = [word for name in names for word in (f"--{name}", tmp_path / name)]
    assert wsproof("report", "merge", reports / "faulty.json", "-o", tmp_path / "all.json", *options).returncode == 0
    assert all((tmp_path / name).stat().st_size > 0 for name in names)
    assert load(tmp_path / "all.json") == load(reports / "faulty.json")


def test_merge_refuses_what_does_not_belong_together(reports, tmp_path):
    out = tmp_path / "out.json"
    done = wsproof("report", "merge", reports / "good.json", reports / "good.json", "-o", out)
    assert done.returncode == 2 and "hold the case" in done.stderr
    done = wsproof("report", "merge", reports / "good.json", reports / "faulty.json", "-o", out)
    assert done.returncode == 2 and "--target" in done.stderr
    assert not out.exists()


def test_diff_says_what_is_new_and_what_is_fixed(reports, tmp_path):
    good, faulty = reports / "good.json", reports / "faulty.json"
    done = wsproof("report", "diff", good, faulty, "--json", tmp_path / "diff.json")
    bad = [case["id"] for case in load(faulty)["cases"] if case["behaviour"] == "fail"]
    assert done.returncode == 1 and f"{len(bad)} new fails" in done.stdout
    changes = load(tmp_path / "diff.json")["changes"]
    assert sorted(change["case"] for change in changes if change["kind"] == "fails") == sorted(bad)
    done = wsproof("report", "diff", faulty, good)
    assert done.returncode == 0 and f"{len(bad)} fixed" in done.stdout
    done = wsproof("report", "diff", faulty, faulty)
    assert done.returncode == 0 and "no difference" in done.stdout


def test_diff_names_a_stale_entry_of_the_baseline(correct_peer, reports, tmp_path):
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps({"known": [{"case": TYPE + "*", "reason": "once upon a time"}]}), encoding="utf-8")
    path = tmp_path / "report.json"
    wsproof("test", correct_peer.url, TYPE, FRAGMENTS, "--baseline", baseline, "--json", path)
    done = wsproof("report", "diff", reports / "faulty.json", path)
    assert f"baseline: {TYPE}*: no longer needed" in done.stdout


def test_html_of_one_and_of_many(reports, tmp_path):
    assert wsproof("report", "html", reports / "faulty.json", "-o", tmp_path / "one.html").returncode == 0
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert page.count("<script") == 2 and not re.search(r"(src|href)=\"http", page)
    done = wsproof("report", "html", reports / "faulty.json", reports / "good.json", "-o", tmp_path / "index.html")
    assert done.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["faulty.html", "good.html", "index.html", "one.html"]
    assert '"href":"faulty.html"' in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_pages_that_would_overwrite_each_other_are_refused(reports, tmp_path):
    done = wsproof("report", "html", reports / "faulty.json", reports / "good.json", "-o", tmp_path / "good.html")
    assert done.returncode == 2 and "name of another page" in done.stderr


@pytest.mark.parametrize(
    "text, reason",
    [
        (None, "cannot be read"),
        ("{", "not JSON"),
        ('{"known": []}', "not a report"),
        ('{"schema": 99, "cases": []}', "a report of schema 99"),
        ('{"schema": 2, "cases": []}', "not a whole report"),
    ],
)
@pytest.mark.parametrize("command", ["html", "merge", "diff"])
def test_what_is_no_report_is_refused(reports, tmp_path, command, text, reason):
    path = tmp_path / "bad.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    out = [] if command == "diff" else ["-o", tmp_path / "out"]
    done = wsproof("report", command, reports / "good.json", path, *out)
    assert done.returncode == 2 and reason in done.stderr and "bad.json" in done.stderr
    assert not (tmp_path / "out").exists()


def test_usage(reports, tmp_path):
    for arguments in ([], ["html"], ["html", reports / "good.json"], ["diff", reports / "good.json"], ["burn"]):
        assert wsproof("report", *arguments).returncode == 2, arguments
    done = wsproof("report", "html", reports / "good.json", "-o", tmp_path / "none" / "out.html")
    assert done.returncode == 2 and "there is no directory" in done.stderr


@pytest.mark.full
def test_the_page_of_a_whole_run_is_under_a_megabyte(tmp_path):
    with harness.faulty_peer("text-as-binary") as peer:
        wsproof("test", peer.url, "--html", tmp_path / "page.html", timeout=900)
    assert (tmp_path / "page.html").stat().st_size <= MEGABYTE
