"""wsproof fuzz and wsproof replay, end to end."""

import json
import os
import signal
import subprocess

import harness
import pytest


def fuzz(tmp_path, *arguments, timeout=60):
    """A finished run, and its report."""
    report = tmp_path / "report.json"
    done = harness.wsproof("fuzz", *arguments, "--out", tmp_path / "found", "--json", report, timeout=timeout)
    return done, json.loads(report.read_text(encoding="utf-8")) if report.exists() else None


def test_a_fault_is_found_shrunk_and_played_again(tmp_path):
    with harness.faulty_peer("accepts-unmasked") as peer:
        done, report = fuzz(tmp_path, *peer.target, "--cases", "150", "--seconds", "6")
        assert done.returncode == 1, done.stdout + done.stderr
        finding = next(each for each in report["findings"] if each["requirement"] == "6455-5.1-2" and "silence" not in each["what"])
        assert finding["failed"] == finding["plays"] > 1
        assert finding["steps"] <= 4
        assert "RFC 6455 §5.1" in finding["clause"]
        assert f"wsproof replay {finding['file']}" in done.stdout
        again = harness.wsproof("replay", finding["file"], *peer.target)
        assert again.returncode == 1, again.stdout
        assert "6455-5.1-2" in again.stdout and "FAIL" in again.stdout.upper()
    with harness.faulty_peer() as clean:
        assert harness.wsproof("replay", finding["file"], *clean.target).returncode == 0


def test_nothing_is_found_where_nothing_is_wrong(tmp_path):
    with harness.reference_server() as server:
        done, report = fuzz(tmp_path, *server.target, "--seconds", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["findings"] == []
    assert report["executions"] > 50
    assert len(report["states"]) > 10
    assert not (tmp_path / "found").exists()


def test_a_server_that_dies_is_started_again(tmp_path):
    command = f"{harness.sys.executable} {harness.HERE / 'faulty_peer.py'} --fault dies-of-long-ping --port {{port}}"
    done, report = fuzz(tmp_path, "--server", command, "--cases", "60", "--seconds", "4", "--jobs", "2")
    assert done.returncode == 1, done.stdout + done.stderr
    assert any(each["verdict"] == "crash" for each in report["findings"]), report["findings"]


def test_the_same_seed_makes_the_same_cases(tmp_path):
    states = []
    for _ in range(2):
        with harness.reference_server() as server:
            _, report = fuzz(tmp_path, *server.target, "--cases", "32", "--jobs", "1", "--seed", "5", "--seconds", "20")
            states.append((report["executions"], report["states"]))
    assert states[0] == states[1]


def test_control_c_keeps_what_there_is(tmp_path):
    report = tmp_path / "report.json"
    with harness.reference_server() as server:
        command = [harness.find_wsproof(), "fuzz", *server.target, "--seconds", "60", "--json", str(report)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            while "fuzzing for" not in process.stdout.readline():
                pass
            os.kill(process.pid, signal.SIGINT)
            rest = process.stdout.read()
            assert process.wait(20) == 130
    assert "interrupted" in rest
    assert json.loads(report.read_text(encoding="utf-8"))["findings"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "whom?"),
        (("http://127.0.0.1/",), "ws://"),
        (("ws://127.0.0.1:1/", "--seconds", "0"), "--seconds"),
        (("ws://192.0.2.1/",), "--allow-load"),
        (("--client", "true"), "{url}"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, said):
    done = harness.wsproof("fuzz", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_nobody_there():
    assert harness.wsproof("fuzz", "ws://127.0.0.1:1/").returncode == 3


def test_replay_needs_a_file_and_a_target(tmp_path):
    assert harness.wsproof("replay", tmp_path / "missing.json", "ws://127.0.0.1:1/").returncode == 2
    file = tmp_path / "case.json"
    file.write_text("{}", encoding="utf-8")
    assert harness.wsproof("replay", file).returncode == 2
    assert harness.wsproof("replay", file, "ws://127.0.0.1:1/").returncode == 2
