"""What cannot be judged: no command, no server, faulty suites, Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest


def test_no_command(session, suite, monkeypatch):
    monkeypatch.setenv("WSPROOF_BIN", "/nowhere/wsproof")
    outcome = session.run("--wsproof-url", "ws://127.0.0.1:1/", suite)
    assert outcome.ret == pytest.ExitCode.USAGE_ERROR
    outcome.stderr.fnmatch_lines(["ERROR: WSPROOF_BIN /nowhere/wsproof: there is no such command"])


def test_nobody_listens(session, suite):
    outcome = session.run("--wsproof-url", "ws://127.0.0.1:1/", suite, "-rs", "-k", "type-is-kept")
    assert outcome.ret == 1
    outcome.assert_outcomes(errors=1, skipped=3, deselected=outcome.parseoutcomes()["deselected"])
    outcome.stdout.fnmatch_lines(["*127.0.0.1:1*refused*", "SKIPPED [[]3] *nothing was played, for the reason that the first*"])
    assert not any("Traceback" in line for line in outcome.outlines)


def test_options_that_the_command_does_not_know(session, suite):
    outcome = session.run("--wsproof-url", "ws://127.0.0.1:1/", suite, "--wsproof-options", "--hedaer 'X: y'")
    assert outcome.ret == 1 and outcome.parseoutcomes()["errors"] == 1
    outcome.stdout.fnmatch_lines(["*there is no option --hedaer*"])


def test_a_faulty_suite_takes_no_other_with_it(session, suite, reference):
    session.write("good.json", suite.read_text(encoding="utf-8"))
    session.write("bad.json", json.dumps({"suite": "mine/bad", "version": 1, "scenarios": [{"id": "x"}]}))
    session.write("other.json", '{"name": "no suite"}')
    outcome = session.run("--wsproof-url", reference.url, "--continue-on-collection-errors")
    assert outcome.ret == 1 and outcome.parseoutcomes()["errors"] == 1 and outcome.parseoutcomes()["passed"] > 10
    outcome.stdout.fnmatch_lines(["*ERROR collecting bad.json*", "*bad.json*/scenarios/0*"])


def test_a_client_and_a_server_at_once(session):
    outcome = session.run("--wsproof-url", "ws://127.0.0.1:1/", "--wsproof-client", "x {url}")
    assert outcome.ret == pytest.ExitCode.USAGE_ERROR
    outcome.stderr.fnmatch_lines(["ERROR: --wsproof-client judges a client*"])


def test_interrupted(session, scenarios, tmp_path):
    """The run is ended, and with it the server that it has started."""
    started = tmp_path / "started"
    session.write("server.py", f"""
import os, socket, sys, time
listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
open({str(started)!r}, "w").write(str(os.getpid()))
while True:
    connection, _ = listening.accept()
    connection.recv(65536)
    time.sleep(60)
    connection.close()
""")
    command = [sys.executable, "-m", "pytest", "-p", "wsproof_pytest", str(scenarios), "--wsproof-server",
               f"{sys.executable} server.py {{port}}"]  # fmt: skip
    # A shell's background jobs ignore SIGINT, and what they start does too.
    process = subprocess.Popen(command, cwd=session.pytester.path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # fmt: skip
    deadline = time.monotonic() + 30
    while not started.exists() or not started.read_text():
        assert time.monotonic() < deadline and process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == pytest.ExitCode.INTERRUPTED and "KeyboardInterrupt" in output
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)
