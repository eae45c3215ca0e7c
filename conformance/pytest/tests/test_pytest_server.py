"""The fixture that starts a server, and runs that workers share."""

import json

import pytest

CONFTEST = """
import pytest

@pytest.fixture(scope="session")
def wsproof_url(wsproof_server):
    return wsproof_server({command!r}, path="/chat"{more})
"""


def test_a_server_of_conftest(session, suite, peer_command):
    session.write("suite.json", suite.read_text(encoding="utf-8"))
    session.write("conftest.py", CONFTEST.format(command=peer_command("--fault", "text-as-binary"), more=""))
    outcome = session.run("--wsproof", "-k", "type-is-kept")
    assert outcome.ret == 1 and outcome.parseoutcomes()["failed"] == 3 and outcome.parseoutcomes()["passed"] == 1
    outcome.stdout.fnmatch_lines(["  again     * test ws://127.0.0.1:*/chat *"])


def test_a_test_of_ones_own_uses_it(session, peer_command):
    session.write("test_own.py", f"""
import socket

def test_it(wsproof_server):
    url = wsproof_server({peer_command()!r})
    port = int(url.split(":")[2].strip("/"))
    socket.create_connection(("127.0.0.1", port)).close()
    test_it.port = port

def test_another_has_another_port(wsproof_server):
    assert f":{{test_it.port}}/" not in wsproof_server({peer_command()!r})
""")
    session.run("test_own.py").assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/nowhere/server {port}", "*/nowhere/server *: No such file or directory*"),
        ("/bin/sh -c 'echo broken; exit 3' {port}", "*it ended with 3 before it took a connection*"),
        ("sleep 60", "*{port} stands where the port goes*"),
        ("/bin/sh -c 'sleep 60' {port}", "*takes no connection after 0.5 s*"),
    ],
)
def test_a_server_that_does_not_start_is_told(session, suite, command, words):
    session.write("suite.json", suite.read_text(encoding="utf-8"))
    session.write("conftest.py", CONFTEST.format(command=command, more=", timeout=0.5"))
    outcome = session.run("--wsproof", "-k", "type-is-kept")
    assert outcome.ret == 1
    outcome.stdout.fnmatch_lines([words])


def test_a_server_of_conftest_and_the_suites_of_the_command(session, peer_command):
    """They are not below the conftest.py, and it counts all the same."""
    session.write("conftest.py", CONFTEST.format(command=peer_command(), more=""))
    outcome = session.run("--wsproof", "--wsproof-builtin", "-k", "5.6-data-frames and type-is-kept")
    assert outcome.ret == 0 and outcome.parseoutcomes()["passed"] == 4


def test_no_server_of_conftest(session, suite):
    session.write("suite.json", suite.read_text(encoding="utf-8"))
    outcome = session.run("--wsproof", "-k", "type-is-kept")
    assert outcome.ret == 1
    outcome.stdout.fnmatch_lines(["*--wsproof judges what the fixture wsproof_url of a conftest.py names*"])


@pytest.mark.parametrize("distribution", ["load", "loadscope", "loadfile", "loadgroup"])
def test_workers_share_one_run(session, suite, peer_command, distribution):
    """Each has a server of its own; one of them is judged, once."""
    session.write("suite.json", suite.read_text(encoding="utf-8"))
    session.write("conftest.py", CONFTEST.format(command=peer_command("--fault", "text-as-binary"), more=""))
    outcome = session.run("--wsproof", "-k", "type-is-kept or echo", "-n", "3", "--dist", distribution,
                          "--wsproof-options", "--tap runs.tap")  # fmt: skip
    outcomes = outcome.parseoutcomes()
    assert outcome.ret == 1 and outcomes["failed"] >= 3 and outcomes["passed"] >= 1, outcome.outlines[-20:]
    assert session.pytester.path.joinpath("runs.tap").exists()
    again = {line.split(" test ")[1].split()[0] for line in outcome.outlines if line.startswith("  again")}
    assert len(again) == 1


def test_workers_tell_a_dead_server_once(session, suite):
    outcome = session.run("--wsproof-url", "ws://127.0.0.1:1/", suite, "-n", "2")
    outcomes = outcome.parseoutcomes()
    assert outcome.ret == 1 and outcomes["errors"] == 1 and outcomes["skipped"] > 10


def test_the_baseline_holds_in_workers(session, suite, loses_types):
    path = session.write("baseline.json", json.dumps({"known": [
        {"case": "rfc6455/5.6-data-frames/type-is-kept", "reason": "types are lost"},
        {"case": "rfc6455/9.9-gone", "reason": "gone"}]}))  # fmt: skip
    outcome = session.run("--wsproof-url", loses_types.url, suite, "-k", "type-is-kept", "-n", "2", "--wsproof-baseline", path)
    assert outcome.ret == 0 and outcome.parseoutcomes()["xfailed"] == 3
    assert sum("matches no case" in line for line in outcome.outlines) == 1
