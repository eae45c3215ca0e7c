"""Whatever a server does, a run ends by itself, in bounded time, with the right exit code and without a crash."""

import pytest

import harness

NEVER_OPENS = (
    "silent", "drips-the-head", "floods-noise", "is-not-http", "not-found", "closes-at-once", "resets-at-once",
    "endless-head",
)  # fmt: skip
OPENS = (
    "floods-noise-as-frames", "floods-messages", "floods-pings", "floods-a-fragmented-message",
    "announces-a-huge-frame", "opens-and-hangs", "opens-and-reads-nothing", "opens-and-resets",
)  # fmt: skip
SHORT = ("5.5.2-ping/ping-is-answered[size=0]",)  # one case is enough to be exposed to the server
BOUND = 60  # seconds, on a slow machine
LONG_BOUND = 180  # a case may take 30 s, and a failure is played again three times


@pytest.mark.parametrize("name", NEVER_OPENS)
def test_a_server_that_opens_nothing_was_never_reached(name):
    with harness.hostile_server(name) as server:
        run = harness.Run(server.url, timeout=BOUND)
    assert run.code == 3, run.explain()
    assert run.err.count("\n") == 1 and server.url in run.err
    assert run.err.rstrip("\n").isprintable()  # a peer steers no terminal
    assert run.report is None


@pytest.mark.full
@pytest.mark.parametrize("name", OPENS)
def test_a_server_that_opens_and_misbehaves_fails(name):
    with harness.hostile_server(name) as server:
        run = harness.Run(server.url, *SHORT, timeout=LONG_BOUND)
    assert run.code in (1, 3), run.explain()
    assert run.err if run.code == 3 else run.bad


@pytest.mark.full
@pytest.mark.parametrize("name", OPENS)
def test_a_whole_run_against_such_a_server_ends(name):
    with harness.hostile_server(name) as server:
        run = harness.Run(server.url, "--max-time", "120", timeout=LONG_BOUND)
    assert run.code in (1, 3), run.explain()


def test_not_found_says_what_to_do():
    with harness.hostile_server("not-found") as server:
        run = harness.Run(server.url, timeout=BOUND)
    assert "404" in run.err and "path" in run.err


def test_one_connection_at_a_time_is_judged_one_at_a_time():
    with harness.hostile_server("one-at-a-time") as server:
        run = harness.Run(server.url, "5.5.2-ping", "5.4-fragmentation/two-fragments", timeout=BOUND)
    assert run.code == 0 and not run.bad, run.explain()
    assert run.report["facts"]["connections at a time"] == "one"


def test_a_server_that_is_overloaded_now_and_then_is_judged():
    with harness.hostile_server("overloaded") as server:
        run = harness.Run(server.url, "5.5.2-ping", "5.4-fragmentation", timeout=120)
    assert not [case for case in run.cases if case["behaviour"] in ("fail", "crash", "hang", "flaky")], run.explain()


def test_a_server_that_dies_stops_the_run():
    with harness.hostile_server("dies") as server:
        run = harness.Run(server.url, "5.5.2-ping", "5.4-fragmentation", timeout=BOUND)
    assert run.code == 1
    assert run.report["ended_early"]
    assert any(case["behaviour"] == "blocked" for case in run.cases)


def test_a_slow_server_is_not_failed():
    with harness.hostile_server("slow") as server:
        run = harness.Run(server.url, "5.5.2-ping", "5.4-fragmentation", "5.5.1-close", timeout=120)
    assert run.code == 0 and not run.bad, run.explain()


def test_silence_that_no_time_is_left_to_meet_again_is_no_verdict():
    case = "rfc6455/5.2-base-framing/many-frames-in-one-write"
    with harness.faulty_peer("one-frame-a-read") as server:
        cut_short = harness.Run(server.url, case, "--max-time", "14", timeout=BOUND)
    assert [each["behaviour"] for each in cut_short.cases] == ["blocked"], cut_short.explain()
    assert cut_short.code == 1
