"""wsproof limits: against servers whose limits are known."""

import json
import signal
import subprocess
import time

import pytest

import certificates
import harness

SLACK = 400  # milliseconds that a time-out may seem longer, on a slow machine
OVERRUN = 3.0  # seconds beyond the budget: the start of the program and the first look


class Measured:
    """A finished `wsproof limits`."""

    def __init__(self, directory, url, *options, timeout=100):
        path = directory / "limits.json"
        began = time.monotonic()
        done = harness.wsproof("limits", url, "--json", path, *options, timeout=timeout)
        self.seconds = time.monotonic() - began
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"sizes": {}, "times": {}}
        self.sizes, self.times = self.report["sizes"], self.report["times"]

    def assert_limit(self, name, largest, *how):
        size = self.sizes[name]
        assert (size["largest"], size["refused"]) == (largest, largest + 1), f"{self.out}\n{self.err}"
        assert size["exact"] and size["complete"] and size["steady"], size
        for word in how:
            assert word in size["how"], size
        assert str(largest) in self.out and f"{largest + 1}: " in self.out

    def assert_time(self, name, milliseconds, key="ms"):
        found = self.times[name][key]
        assert found is not None and milliseconds - 50 <= found <= milliseconds + SLACK, f"{name}: {self.out}\n{self.err}"


@pytest.fixture(name="measured")
def fixture_measured(tmp_path):
    return lambda url, *options, **more: Measured(tmp_path, url, *options, **more)


def only(*names):
    return [word for name in names for word in ("--only", name)]


# Sizes.


@pytest.mark.parametrize("limit", [1, 125, 126, 1000, 65535, 65536, 100_000])
def test_the_longest_frame_and_message_are_found_exactly(measured, limit):
    with harness.reference_server("--max-message", str(limit)) as server:
        run = measured(server.url, *only("frame", "message", "inflated"))
    assert run.code == 0, run.err
    for name in ("frame", "message"):
        run.assert_limit(name, limit, "Close 1009", "FIN")
    if limit == 1:
        assert run.sizes["inflated"]["largest"] is None  # its frame is longer
        assert "its frame is longer" in run.sizes["inflated"]["note"]
    else:
        run.assert_limit("inflated", limit, "Close 1009", "FIN")
        assert run.sizes["inflated"]["note"] == ""


def test_a_frame_limit_is_told_from_a_message_limit(measured):
    with harness.reference_server("--max-message", "5000", "--max-frame", "3000") as server:
        run = measured(server.url, *only("frame", "message", "fragments"))
    run.assert_limit("frame", 3000, "Close 1009")
    run.assert_limit("message", 5000, "Close 1009")
    assert run.sizes["message"]["note"] == "in fragments of 3000"
    run.assert_limit("fragments", 5000, "Close 1009")
    assert run.sizes["fragments"]["note"] == "with them, the message is longer than the longest"


def test_a_limit_of_empty_fragments_is_found(measured, reference):
    run = measured(reference.url, *only("empty-fragments"))
    run.assert_limit("empty-fragments", 131_072, "Close 1008")  # the engine's default


def test_the_largest_head_is_found_in_bytes_and_in_fields(measured, reference):
    run = measured(reference.url, *only("head", "field", "fields"))
    run.assert_limit("head", 16_384, "HTTP 431")  # the engine's defaults
    run.assert_limit("fields", 100, "HTTP 431")
    assert run.sizes["fields"]["note"] == ""
    field = run.sizes["field"]
    assert 16_000 < field["largest"] < 16_384 and field["exact"]
    assert field["note"] == "with that, the head is larger than the largest"


def test_where_there_is_no_limit_it_says_within_what(measured, reference):
    run = measured(reference.url, "--max-bytes", "5000", *only("frame", "message", "inflated"))
    assert run.code == 0
    for name in ("frame", "message", "inflated"):
        size = run.sizes[name]
        assert size["largest"] == 5000 and size["refused"] is None and size["complete"] and not size["exact"]
    assert run.out.count("none within 5000") == 3
    assert "not finished" not in run.out


def test_declined_compression_is_not_measured(measured):
    with harness.reference_server("--no-deflate") as server:
        run = measured(server.url, *only("inflated"))
    assert run.code == 0 and run.sizes["inflated"]["measured"] is False
    assert "permessage-deflate is declined" in run.out


@pytest.mark.full
def test_a_server_that_drops_messages_is_told_from_one_that_closes(measured):
    with harness.hostile_server("drops-long-messages") as server:
        run = measured(server.url, "--max-bytes", "16384", *only("frame"), "--budget", "60")
    size = run.sizes["frame"]
    assert size["largest"] == 8192 and size["refused"] == 8193, run.out
    assert "no echo for 3.0 s, though Pings are answered" in size["how"]


def test_within_tls(measured, tmp_path):
    identity = certificates.Certificates(tmp_path).good
    options = ("--max-message", "70000", "--handshake-timeout", "700")
    with harness.reference_server("--cert", identity.certificate, "--key", identity.key, *options) as server:
        run = measured(server.url, "--insecure", *only("frame", "handshake-head"), "--budget", "20")
    run.assert_limit("frame", 70_000, "Close 1009", "FIN")
    assert run.times["handshake-head"]["ms"] is not None, run.out


# Times.


def test_time_outs_and_pings_are_found_side_by_side(measured):
    options = ("--handshake-timeout", "900", "--ping-after", "300", "--pong-timeout", "600", "--max-message", "1000")
    with harness.reference_server(*options) as server:  # whose close time-out is 300 ms
        run = measured(server.url, "--budget", "8")
    assert run.code == 0
    run.assert_time("handshake-head", 900)
    run.assert_time("handshake-silence", 900)
    run.assert_time("ping", 300)
    run.assert_time("unanswered-ping", 600)
    run.assert_time("close", 300, key="held_ms")
    run.assert_time("unanswered-close", 300, key="held_ms")
    run.assert_limit("frame", 1000)
    assert run.times["idle"]["ms"] is None and run.times["idle"]["none_within_ms"] > 6_000
    assert run.seconds < 8 + OVERRUN


def test_what_does_not_happen_is_none_within_the_time_it_had(measured, reference):
    run = measured(reference.url, "--budget", "2", *only("idle", "ping", "unanswered-ping"))
    assert run.code == 0 and run.seconds < 2 + OVERRUN
    for name in ("idle", "ping", "unanswered-ping"):
        limit = run.times[name]
        assert limit["measured"] and limit["ms"] is None and 1_000 < limit["none_within_ms"] <= 2_100
    assert run.out.count("none within") == 3


@pytest.mark.full
def test_a_server_of_one_connection_at_a_time(measured):
    with harness.hostile_server("one-at-a-time") as server:
        run = measured(server.url, "--budget", "16", "--max-bytes", "1000", *only("frame", "close", "idle"))
    assert run.code == 0 and run.seconds < 16 + OVERRUN
    assert run.sizes["frame"]["largest"] == 1000 and run.sizes["frame"]["refused"] is None
    assert run.times["close"]["ms"] is not None, run.out
    assert run.times["idle"]["none_within_ms"] > 500


# Trouble.


def test_a_server_that_dies_is_told_of_with_what_it_died_of(measured):
    with harness.hostile_server("dies-of-long-messages") as server:
        run = measured(server.url, "--budget", "20", *only("frame", "message", "idle"))
    assert run.code == 1
    assert run.report["died"].startswith("frame payload, bytes 16384; since then: connection refused"), run.report["died"]
    assert f"the server died: {run.report['died']}" in run.out
    size = run.sizes["frame"]
    assert size["largest"] == 8192 and size["refused"] == 16_384 and not size["exact"]
    assert "at least 8192" in run.out and "message" not in run.sizes
    assert run.times["idle"]["measured"] is False
    assert run.seconds < 15


def test_a_full_server_is_asked_again(measured):
    with harness.hostile_server("overloaded") as server:
        run = measured(server.url, "--budget", "20", "--max-bytes", "100", *only("head", "frame"))
    assert run.code == 0, run.out + run.err
    assert run.sizes["frame"]["largest"] == 100 and run.sizes["frame"]["refused"] is None, run.out


def test_a_budget_too_small_for_the_first_look(measured):
    with harness.hostile_server("opens-and-reads-nothing") as server:
        run = measured(server.url, "--budget", "1")
    assert run.code == 3 and "a larger --budget" in run.err and run.seconds < 1 + OVERRUN


@pytest.mark.full
@pytest.mark.parametrize("name", ["floods-pings", "floods-messages", "announces-a-huge-frame", "opens-and-reads-nothing"])
def test_hostile_servers_end_nothing_but_themselves(measured, name):
    with harness.hostile_server(name) as server:
        run = measured(server.url, "--budget", "20", "--max-bytes", "100000")
    assert run.code in (0, 1, 3) and run.seconds < 20 + OVERRUN, run.err


def interrupted(path, url, number):
    command = [harness.find_wsproof(), "limits", url, "--json", str(path), "--budget", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        seen = ""
        while "frame payload" not in seen:
            line = process.stdout.readline()
            assert line, seen
            seen += line
        process.send_signal(number)
        began = time.monotonic()
        rest, errors = process.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert not any(sign in errors for sign in harness.SIGNS_OF_A_CRASH), errors
    return process.returncode, seen + rest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it_with_what_was_found(tmp_path, number):
    path = tmp_path / "limits.json"
    with harness.reference_server("--max-message", "1000") as server:
        code, out = interrupted(path, server.url, number)
    report = json.loads(path.read_text(encoding="utf-8"))
    assert code == 130 and report["interrupted"] is True and report["died"] == ""
    assert report["sizes"]["frame"]["largest"] == 1000
    assert report["times"]["idle"]["none_within_ms"] > 0
    assert "between Pings" in out and "interrupted" in out


def test_what_cannot_be_reached(measured):
    run = measured("ws://127.0.0.1:1/")
    assert run.code == 3 and "nobody listens at ws://127.0.0.1:1/" in run.err and not run.sizes


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["wsx://127.0.0.1:1/"], ["ws://"]),
        (["ws://127.0.0.1:1/", "--only", "frmae"], ["frmae", "did you mean frame?"]),
        (["ws://127.0.0.1:1/", "--budget", "0"], ["--budget"]),
        (["ws://127.0.0.1:1/", "--bugdet", "9"], ["did you mean --budget?"]),
        (["ws://127.0.0.1:1/", "--json", "/there/is/none/x.json"], ["/there/is/none"]),
        (["ws://192.0.2.1:9001/"], ["192.0.2.1", "--allow-load"]),
        ([], ["url"]),
    ],
)
def test_usage(arguments, words):
    done = harness.wsproof("limits", *arguments)
    assert done.returncode == 2 and not done.stdout
    for word in words:
        assert word in done.stderr, done.stderr
