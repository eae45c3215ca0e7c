"""The reports of a run that fails, read by the parsers of others: junitparser, tap.py, Perl's TAP::Parser, cmark-gfm,
jsonschema, all from Debian's packages. SARIF has no parser there: report_sarif_test.cpp and test_report.py check its structure.

What is not installed is skipped; tools/setup check installs it."""

import html.parser
import json
import shutil
import subprocess

import pytest

import harness
from harness import wsproof

CASES = ("rfc6455/5.6-data-frames/type-is-kept", "rfc6455/5.4-fragmentation/two-fragments")
FORMATS = ("json", "junit", "tap", "markdown")


@pytest.fixture(scope="module", name="run")
def fixture_run(tmp_path_factory):
    """The paths of the reports by format, and the behaviour of each case by its id."""
    folder = tmp_path_factory.mktemp("reports")
    paths = {name: folder / name for name in FORMATS}
    with harness.faulty_peer("text-as-binary") as peer:
        done = wsproof("test", peer.url, *CASES, *(word for name in FORMATS for word in (f"--{name}", paths[name])))
    assert done.returncode == 1
    verdicts = {case["id"]: case["behaviour"] for case in json.loads(paths["json"].read_text(encoding="utf-8"))["cases"]}
    assert set(verdicts.values()) >= {"pass", "fail"}
    return paths, verdicts


def ids(verdicts, behaviour):
    return sorted(each for each, verdict in verdicts.items() if verdict == behaviour)


def test_json_by_jsonschema(run):
    jsonschema = pytest.importorskip("jsonschema")
    paths, _ = run
    schema = json.loads((harness.TOP / "conformance/data/report.schema.json").read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    report = json.loads(paths["json"].read_text(encoding="utf-8"))
    kind(schema).validate(report)
    report["cases"][0]["behaviour"] = "perhaps"
    assert not kind(schema).is_valid(report)


def test_junit_by_junitparser(run):
    junitparser = pytest.importorskip("junitparser")
    paths, verdicts = run
    suites = junitparser.JUnitXml.fromfile(str(paths["junit"]))
    assert (suites.tests, suites.failures, suites.errors) == (len(verdicts), len(ids(verdicts, "fail")), 0)
    cases = [case for suite in suites for case in suite]
    failed = [case for case in cases if any(isinstance(each, junitparser.Failure) for each in case.result)]
    assert len(cases) == len(verdicts) and len(failed) == len(ids(verdicts, "fail"))
    for case in failed:
        (failure,) = case.result
        assert "RFC 6455" in failure.text and failure.message


def test_tap_by_tap_py(run):
    parser = pytest.importorskip("tap.parser")
    paths, verdicts = run
    lines = [line for line in parser.Parser().parse_file(str(paths["tap"])) if line.category == "test"]
    assert sorted(line.description.removeprefix("- ") for line in lines if not line.ok) == ids(verdicts, "fail")
    assert len(lines) == len(verdicts)


def test_tap_by_perl(run):
    if not shutil.which("perl") or subprocess.run(["perl", "-MTAP::Parser", "-e", "1"], check=False).returncode:
        pytest.skip("no TAP::Parser here")
    paths, verdicts = run
    # This parser knows no version above 13, which differs in nothing that is counted here.
    text = paths["tap"].read_text(encoding="utf-8").replace("TAP version 14", "TAP version 13", 1)
    script = "my $p = TAP::Parser->new({tap => join '', <STDIN>}); $p->run; print join ' ', scalar $p->passed, scalar $p->failed, $p->parse_errors"
    done = subprocess.run(["perl", "-MTAP::Parser", "-e", script], input=text, capture_output=True, text=True, check=True)
    failed = len(ids(verdicts, "fail"))
    assert done.stdout.split() == [str(len(verdicts) - failed), str(failed)]


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_markdown_by_cmark(run):
    if not shutil.which("cmark-gfm"):
        pytest.skip("no cmark-gfm here")
    paths, verdicts = run
    page = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", paths["markdown"]], capture_output=True, text=True, check=True).stdout
    tags = Tags()
    tags.feed(page)
    assert not tags.open and tags.seen.count("details") == len(ids(verdicts, "fail")) and "table" in tags.seen
    assert "<p>|" not in page  # each table was seen as one
