"""Servers that want a login and echo nothing: --prologue and --probe, from outside."""

import json
import sys

import pytest

import harness
from harness import wsproof
from login_server import LOGIN

STEPS = [
    {"expect": {"like": "hello, visitor *"}},
    {"send": {"message": "text", "payload": json.dumps(LOGIN)}},
    {"expect": {"message": "text", "payload": "welcome"}},
]
PROBE = ("--probe", "status=fine since *")
PING = "rfc6455/5.5.2-ping/ping-is-answered"


def prologue(directory, *steps):
    path = directory / "prologue.json"
    path.write_text(json.dumps(list(steps)), encoding="utf-8")
    return path


def login_server(*options):
    return harness.Server(sys.executable, harness.HERE / "login_server.py", *options)


@pytest.fixture(scope="module")
def server():
    with login_server("--strict") as started:
        yield started


def test_it_is_judged_behind_its_login(server, tmp_path):
    path = prologue(tmp_path, *STEPS)
    run = harness.Run(server.url, "--prologue", path, *PROBE, timeout=300)
    assert run.code == 0 and not run.bad, run.explain()
    facts = run.report["facts"]
    assert facts["echo"] == "no" and facts["prologue"] == "3 steps played" and facts["probe"] == "answered"
    played = {case["id"] for case in run.cases if case["behaviour"] == "pass"}
    assert f"{PING}[size=125]" in played and len(played) > 500
    assert any(case["id"].startswith("rfc6455/10.4-limits") for case in run.cases if case["behaviour"] == "pass")


def test_without_its_login_it_is_judged_less(server):
    run = harness.Run(server.url, PING, "5.6-data-frames")
    assert run.code == 0 and run.report["facts"]["echo"] == "no" and "prologue" not in run.report["facts"]
    assert {case["reason"] for case in run.cases if case["behaviour"] == "unsupported"} == {"the target does not offer: echo"}


def test_a_fault_behind_a_login_is_caught(tmp_path):
    path = prologue(tmp_path, *STEPS)
    with login_server("--fault", "accepts-unmasked") as faulty:
        run = harness.Run(faulty.url, "rfc6455/5.1-masking", "--prologue", path, *PROBE)
    assert run.code == 1 and any(case["behaviour"] == "fail" for case in run.cases), run.explain()
    assert "--prologue" in run.out and "--probe" in run.out  # the command that plays it again


def test_a_probe_does_the_fences_of_an_echo(server, tmp_path):
    path = prologue(tmp_path, *STEPS)
    with_probe = harness.Run(server.url, "--prologue", path, *PROBE, "rfc6455")
    without = harness.Run(server.url, "--prologue", path, "rfc6455")
    assert with_probe.code == without.code == 0, with_probe.explain() + without.explain()

    def passed(run):
        return {case["id"] for case in run.cases if case["behaviour"] == "pass"}

    assert passed(with_probe) > passed(without)


def test_a_prologue_that_does_not_go_so_is_told(server, tmp_path):
    path = prologue(tmp_path, *STEPS[:2], {"expect": {"message": "text", "payload": "come in"}})
    done = wsproof("test", server.url, "--prologue", path)
    assert done.returncode == 3 and done.stderr.count("\n") == 1
    assert "the prologue stops at /2" in done.stderr and "come in" in done.stderr


def test_a_probe_that_is_not_answered_so_is_told(server, tmp_path):
    done = wsproof("test", server.url, "--prologue", prologue(tmp_path, *STEPS), "--probe", "status=never")
    assert done.returncode == 3 and done.stderr.count("\n") == 1
    assert '"status"' in done.stderr and '"never"' in done.stderr and "fine since" in done.stderr


def test_an_echo_server_needs_no_probe():
    with harness.reference_server() as echo:
        run = harness.Run(echo.url, PING, "--probe", "a=b")
    assert run.code == 0 and run.report["facts"]["probe"].startswith("not needed")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", ["line 1", "not JSON"]),
        ("{}", ["a list of steps"]),
        ("[]", ["a list of steps"]),
        ('[{"expect": {"like": "*"}}, {"close": 1000}]', ["/1", "send, expect and pause_ms"]),
        ('[{"expect": {"like": 7}}]', ["/0/expect/like"]),
        ('[{"on": "b", "send": {"message": "text", "payload": "x"}}]', ["/0/on"]),
        ('[{"send": {"text": "x"}}]', ["/0/send"]),
    ],
)
def test_a_prologue_that_is_none_is_usage(tmp_path, text, words):
    path = tmp_path / "prologue.json"
    path.write_text(text, encoding="utf-8")
    done = wsproof("test", "ws://127.0.0.1:1/", "--prologue", path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    for word in (str(path), *words):
        assert word in done.stderr


@pytest.mark.parametrize("probe", ["status", "=fine", "status="])
def test_a_probe_that_is_none_is_usage(probe):
    done = wsproof("test", "ws://127.0.0.1:1/", "--probe", probe)
    assert done.returncode == 2 and "REQUEST=REPLY" in done.stderr


def test_both_are_for_servers():
    done = wsproof("test", "--client", "true {url}", "--probe", "a=b")
    assert done.returncode == 2 and "--probe is for servers" in done.stderr
