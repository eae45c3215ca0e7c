"""A server that is started: --server, from outside."""

import pathlib
import shlex
import signal
import socket
import subprocess
import sys
import time

import pytest

import harness
from harness import wsproof

PING = "rfc6455/5.5.2-ping"
KILLER = PING + "/ping-is-answered[size=125]"


def faulty(fault=None, name="faulty_peer.py"):
    """The command of a faulty server."""
    fault = ["--fault", fault] if fault else []
    return shlex.join([sys.executable, "-SE", str(harness.HERE / name), *fault]) + " --port {port}"


def hostile(name):
    return shlex.join([sys.executable, "-SE", str(harness.HERE / "hostile_servers.py"), name]) + " --port {port}"


def script(directory, text):
    path = directory / "server.sh"
    path.write_text("#!/bin/sh\n" + text + "\n", encoding="utf-8")
    path.chmod(0o755)
    return f"{path} {{port}}"


def those(run, behaviour):
    return {case["id"] for case in run.cases if case["behaviour"] == behaviour}


def is_running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        return False


def is_gone_within(pid, limit):
    end = time.monotonic() + limit
    while is_running(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_running(pid)


def test_the_reference_is_started_and_ended(tmp_path):
    pid = tmp_path / "pid"
    command = script(tmp_path, f'echo $$ > {pid}; exec {harness.find_wsproof()} echo --port "$1"')
    run = harness.Run("--server", command, PING, "5.4-fragmentation/two-fragments")
    assert run.code == 0 and not run.bad, run.explain()
    assert run.report["target"] == command and run.report["restarts"] == 0
    assert not is_running(int(pid.read_text()))


def test_its_whole_group_is_ended(tmp_path):
    pid = tmp_path / "pid"
    command = script(tmp_path, f'sleep 1000 & echo $! > {pid}; exec {harness.find_wsproof()} echo --port "$1"')
    run = harness.Run("--server", command, KILLER)
    assert run.code == 0 and is_gone_within(int(pid.read_text()), 5)


@pytest.mark.parametrize("jobs", ["1", "8"])
def test_who_ends_it_is_named_and_the_rest_is_judged(jobs):
    run = harness.Run("--server", faulty("dies-of-long-ping"), PING, "5.4-fragmentation", "--jobs", jobs)
    assert run.code == 1 and not run.report["ended_early"] and not run.report["deaths"], run.explain()
    crashed = those(run, "crash")
    assert KILLER in crashed and run.report["restarts"] >= len(crashed), run.explain()
    for case in run.bad:
        assert case["behaviour"] == "crash" and ("125" in case["id"] or "byte-by-byte" in case["id"]), run.explain()
        assert "the server ended (signal 11" in case["reason"] and "played alone" in case["reason"]
    assert len(those(run, "pass")) > 50
    assert "the server was started again" in run.out


@pytest.mark.parametrize("jobs", ["1", "8"])
def test_who_ends_it_a_moment_later_is_named(jobs):
    run = harness.Run("--server", hostile("dies-late"), PING + "/ping-is-answered", "5.4-fragmentation/two", "--jobs", jobs)
    assert those(run, "crash") == {KILLER} and len(run.bad) == 1, run.explain()


def test_a_hang_is_ended_and_the_rest_is_judged():
    run = harness.Run("--server", hostile("falls-asleep"), PING + "/ping-is-answered", "5.4-fragmentation/two", timeout=300)
    assert those(run, "hang") == {KILLER} and len(run.bad) == 1 and not run.report["ended_early"], run.explain()


def test_a_server_that_ends_for_no_case_is_told():
    run = harness.Run("--server", hostile("dies"), "5.4-fragmentation", "--jobs", "1", timeout=300)
    assert run.code == 1 and not run.report["ended_early"], run.explain()
    assert run.report["restarts"] > 0 and (run.report["deaths"] or those(run, "crash"))
    for death in run.report["deaths"]:
        assert "exit code 1" in death and death in run.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo no licence >&2; exit 3", ["ended (exit code 3)", "its last line: no licence"]),
        ("kill -9 $$", ["signal 9"]),
    ],
)
def test_one_that_does_not_start_was_never_reached(tmp_path, text, words):
    done = wsproof("test", "--server", script(tmp_path, text), PING)
    assert done.returncode == 3 and done.stderr.count("\n") == 1
    for word in words:
        assert word in done.stderr


def test_a_command_that_is_none_was_never_reached():
    done = wsproof("test", "--server", "/nowhere/server {port}", PING)
    assert done.returncode == 3 and "/nowhere/server" in done.stderr and "cannot be started" in done.stderr


def test_a_port_of_its_own_goes_into_the_url():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = f"{harness.find_wsproof()} echo --port {port}"
        done = wsproof("test", "--server", command, f"ws://127.0.0.1:{port}/", PING)
        assert done.returncode == 3 and "somebody else listens" in done.stderr
    run = harness.Run("--server", command, f"ws://127.0.0.1:{port}/", PING)
    assert run.code == 0, run.explain()


def test_a_path_is_given_by_the_url():
    command = f"{harness.find_wsproof()} echo --port {{port}}"
    run = harness.Run("--server", command, "ws://127.0.0.1:{port}/chat", KILLER, "--transcript")
    assert run.code == 0 and len(run.cases) == 1, run.explain()
    assert any("GET /chat " in bytes.fromhex(each.get("hex", "")).decode("latin-1") for each in run.cases[0]["transcript"])


@pytest.mark.parametrize(
    "arguments",
    [("--server", "cmd", PING), ("--server", "c '{port}"), ("--server", "c {port}", "--client", "c {url}")],
)
def test_what_is_no_command_is_usage(arguments):
    done = wsproof("test", *arguments)
    assert done.returncode == 2 and "--server" in done.stderr


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_ends_it(tmp_path, times):
    pid = tmp_path / "pid"
    command = script(tmp_path, f"trap '' TERM; echo $$ > {pid}; {shlex.join([sys.executable, str(harness.HERE / 'hostile_servers.py'), 'slow'])} --port $1")
    process = subprocess.Popen([harness.find_wsproof(), "test", "--server", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        while not pid.exists() and process.poll() is None:  # it is started once signals are looked after
            time.sleep(0.05)
        time.sleep(1)
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130 and is_gone_within(int(pid.read_text()), 5)


def test_one_that_leaves_with_its_visitor_is_refused(tmp_path):
    source = tmp_path / "once.py"
    source.write_text(
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "import hostile_servers as h, socket\n"
        "s = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"
        "s.accept()\n"  # wsproof, to see whether anybody listens
        "c = s.accept()[0]; h.opens_and_hangs(c, 1)\n",
        encoding="utf-8",
    )
    done = wsproof("test", "--server", f"{sys.executable} {source} {{port}} {harness.HERE}", PING)
    assert done.returncode == 3 and "it has to stay for more" in done.stderr, done.stderr
