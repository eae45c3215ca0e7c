"""Cases as tests: which there are, what each comes to, what a failure says."""

import shlex
import subprocess

import harness
import pytest

GOOD = "rfc6455/5.6-data-frames/type-is-kept"


def count_of(session, *words):
    outcome = session.run("--collect-only", "-q", *words)
    return sum("::" in line for line in outcome.outlines)


def cases(group=harness.PLAYED, role="server"):
    return [case for case in harness.all_cases() if case["group"] in group and case["under_test"] in (role, "either")]


def test_all_scenarios_are_items_and_a_good_server_passes(session, scenarios, reference):
    outcome = session.run("--wsproof-url", reference.url, "-q", "-rs", scenarios, timeout=300)
    outcomes = outcome.parseoutcomes()
    assert outcome.ret == 0 and sum(outcomes.values()) == len(cases()), outcome.outlines[-5:]
    assert outcomes["passed"] > 1700 and set(outcomes) == {"passed", "skipped"}
    outcome.stdout.fnmatch_lines(["wsproof: * pass, *", "SKIPPED * unsupported: *"])


def test_without_a_server_there_is_nothing_to_collect(session, suite):
    assert session.run(suite.parent).ret == pytest.ExitCode.NO_TESTS_COLLECTED
    outcome = session.run(suite)
    assert outcome.ret == pytest.ExitCode.USAGE_ERROR
    outcome.stdout.fnmatch_lines(["wsproof: *.json are collected with --wsproof-url, *"])


def test_roles_and_groups(session, scenarios):
    url = ("--wsproof-url", "ws://127.0.0.1:1/")
    assert count_of(session, scenarios, *url, "--wsproof-group", "heavy") == len(cases(("heavy",))) > 0
    assert count_of(session, scenarios, "--wsproof-client", "x {url}") == len(cases(role="client")) > 0


def test_groups_are_those_of_the_command(session):
    from_command = harness.wsproof("list", "--group", "nonsense").stderr
    for group in ("core", "fail-fast", "timers", "robustness", "heavy"):
        assert harness.wsproof("list", "--group", group).stderr.count("is no group") == 0
    assert "is no group" in from_command
    outcome = session.run("--wsproof-url", "ws://127.0.0.1:1/", "--wsproof-group", "nonsense")
    assert outcome.ret == pytest.ExitCode.USAGE_ERROR


def test_a_failure_is_readable(session, suite, loses_types):
    outcome = session.run("--wsproof-url", loses_types.url, suite, "-k", "type-is-kept")
    assert outcome.ret == pytest.ExitCode.TESTS_FAILED
    outcome.stdout.fnmatch_lines([
        "*_ rfc6455/5.6-data-frames/type-is-kept[[]first=text,second=text] _*",
        "fail: Text comes back as text and binary as binary (RFC 6455 §5.6)",
        "  sent      text message \"Hello\"",
        "  expected  the text message \"Hello\"",
        "  got       a binary message of 5 bytes: \"Hello\"",
        "  clause    RFC 6455 §5.6, MUST: The opcode tells text from binary. (6455-5.6-3)",
        "  wire",
        "*ms <- Binary 5 bytes  | 82 05 48 65 6c 6c 6f",
        f"  again     * test {loses_types.url} --scenarios * --transcript",
        "wsproof: 3 fail, 1 pass",
        "FAILED *::type-is-kept[[]first=text,second=text] - fail: Text comes back*",
    ])  # fmt: skip


def test_the_command_of_a_failure_plays_that_case(session, suite, loses_types):
    outcome = session.run("--wsproof-url", loses_types.url, f"{suite}::type-is-kept[first=text,second=text]")
    (line,) = (line for line in outcome.outlines if line.startswith("  again "))
    done = subprocess.run(shlex.split(line)[1:], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "\n1 case: 1 fail\n" in done.stdout


def test_what_is_deselected_is_not_played(session, suite, tmp_path):
    log = tmp_path / "heads"
    server = f"{harness.find_wsproof()} echo --port {{port}} --close-timeout 300"
    outcome = session.run("--wsproof-server", server, suite, "-k", "type-is-kept and not binary", "--wsproof-options",
                          f"--markdown {log}")  # fmt: skip
    outcome.assert_outcomes(passed=1, deselected=len([c for c in cases() if c["suite"] == "rfc6455/5.6-data-frames"]) - 1)
    assert "1 case" in log.read_text(encoding="utf-8")


def test_markers(session, scenarios, reference):
    chosen = session.run("--wsproof-url", reference.url, scenarios, "-m", "rfc6455_5_4 and group_core", "--strict-markers")
    expected = [case for case in cases() if case["id"].startswith("rfc6455/") and case["section"] == "5.4" and case["group"] == "core"]
    assert chosen.ret == 0 and chosen.parseoutcomes()["passed"] == len(expected) > 0


def test_a_case_by_its_node(session, suite, reference):
    outcome = session.run("--wsproof-url", reference.url, f"{suite}::type-is-kept", "-v")
    outcome.assert_outcomes(passed=4)
    outcome.stdout.fnmatch_lines(["*5.6-data-frames.json::type-is-kept[[]first=text,second=text] PASSED*"])


def test_non_strict_passes_unless_strict_is_asked_for(session, scenarios):
    with harness.faulty_peer("accepts-short-key") as server:
        words = ("--wsproof-url", server.url, scenarios / "rfc6455/4.2.1-reading-the-request.json", "-k", "key")
        lax, strict = session.run(*words), session.run(*words, "--wsproof-strict")
    lax.stdout.fnmatch_lines(["wsproof: *non-strict*"])
    assert lax.ret == 0 and strict.ret == 1 and strict.parseoutcomes()["failed"] > 0


def test_reports_have_the_verdict(session, suite, reference, tmp_path):
    path = tmp_path / "junit.xml"
    session.run("--wsproof-url", reference.url, suite, "-k", "type-is-kept", "--junitxml", path)
    text = path.read_text(encoding="utf-8")
    assert text.count('<property name="wsproof_verdict" value="pass"') == 4


def test_a_client(session, scenarios):
    suite = scenarios / "rfc6455/4.1-the-request-of-a-client.json"
    good = session.run("--wsproof-client", f"{harness.find_wsproof()} echo-client {{url}}", suite, "-k", "correct-request")
    assert good.ret == 0 and good.parseoutcomes()["passed"] >= 1
    bad = session.run("--wsproof-client", harness.faulty_client("mask-keys-constant"),
                      scenarios / "rfc6455/5.3-mask-keys-of-a-client.json", "-k", "fresh")  # fmt: skip
    assert bad.ret == 1
    bad.stdout.fnmatch_lines(["*RFC 6455 §5.3*"])


def test_a_server_that_dies_is_a_crash_and_started_again(session, suite, tmp_path):
    script = session.write("dies.py", """
import socket, sys, threading, os
sys.exit(3)
""")
    outcome = session.run("--wsproof-server", f"/usr/bin/python3 {script} {{port}}", suite)
    assert outcome.ret == 1 and outcome.parseoutcomes()["errors"] == 1
    outcome.stdout.fnmatch_lines(["*wsproof test: --server: *"])
