"""Cuts (--segment): faults that TCP's cuts alone show are found, and nothing else is. test_faulty_peer.py judges them all."""

import pytest

import faults
import harness

POLICIES = ("frames", "bytes", "split", "coalesce", "random:7")
ALL_POLICIES = [word for each in POLICIES for word in ("--segment", each)]
SHOWN_SOON = ("16-bit-length-in-one-read", "wants-control-in-one-read", "close-of-first-piece")
FEW = ("rfc6455/5.4-fragmentation/two-fragments*", "rfc6455/5.5.2-ping/ping-behind-message", "rfc6455/5.6-data-frames/type-is-kept*",
       "rfc6455/5.5.1-close/close-is-answered", "rfc6455/4.2.1-reading-the-request/plain-request")  # fmt: skip
# What reads, or ends a connection, in a way of its own.
ODDITIES = ("coalesces-pongs", "pong-after-echo", "greets")


def cut_findings(run, segment):
    return [(case, finding) for case in run.cases for finding in case["findings"] if finding["segment"] == segment]


def run_under(name, *arguments):
    with harness.faulty_peer(name) as peer:
        return harness.Run(peer.url, *arguments)


def run_until_cut_shows(segment, name, *arguments):
    """A run with findings of the cut: TCP joins pieces that a busy server is slow to read, so that one run may have none."""
    for _ in range(3):
        run = run_under(name, *arguments, "--segment", segment)
        if cut_findings(run, segment):
            break
    return run


@pytest.mark.parametrize("name", SHOWN_SOON)
def test_a_fault_that_a_cut_shows_is_a_finding_of_its_own(name):
    fault = faults.FAULTS[name]
    run = run_until_cut_shows(fault.segment, name, *fault.shown_by.split())
    found = [each for _, each in cut_findings(run, fault.segment) if each["requirement"] in fault.clauses]
    assert run.code == (0 if fault.verdict == "non-strict" else 1) and found, run.explain()
    # A busy machine joins what was cut: flaky.
    assert all(each["verdict"] in (fault.verdict, "flaky") for each in found)
    assert any("depends on how TCP cuts" in each["text"] for each in found)


@pytest.mark.parametrize("name", ("wants-header-in-one-read", "mask-restarts-with-each-read"))
def test_faults_that_scenarios_find_are_found_by_cuts_too(name):
    run = run_until_cut_shows("bytes", name, faults.PLAIN)
    assert run.code == 1 and cut_findings(run, "bytes"), run.explain()


def test_the_verdict_names_its_policy_and_how_to_play_it_again():
    run = run_until_cut_shows("bytes", "wants-control-in-one-read", "--segment", "frames", faults.PINGS)
    case, finding = cut_findings(run, "bytes")[0]
    assert case["behaviour"] in ("fail", "flaky") and case["segment"] == "bytes"
    assert case["segments"] == {"frames": "pass", "bytes": case["behaviour"]} and "--segment bytes" in finding["got"]
    assert "--segment bytes 'rfc6455/5.5.2-ping/" in run.out
    assert any("pieces (--segment" in entry["summary"] for entry in case["transcript"])


def test_the_correct_peer_is_alike_under_all_cuts(correct_peer):
    run = harness.Run(correct_peer.url, *ALL_POLICIES, *FEW, "7692/6")
    assert run.code == 0 and not run.bad, run.explain()
    played = [case for case in run.cases if case["segments"]]
    assert len(played) > 20
    assert all(set(case["segments"].values()) == {case["behaviour"]} for case in played)


@pytest.mark.parametrize("name", ODDITIES)
def test_legal_oddities_are_alike_under_all_cuts(name):
    run = run_under(name, *ALL_POLICIES, *FEW)
    assert run.code == 0 and not run.bad, run.explain()


@pytest.mark.full
@pytest.mark.parametrize("name", faults.NEAR_MISSES)
def test_each_legal_oddity_is_alike_under_all_cuts(name):
    run = run_under(name, *ALL_POLICIES)
    assert run.code == 0 and not run.bad, run.explain()


def test_what_is_no_policy_is_told():
    done = harness.wsproof("test", "ws://127.0.0.1:1/", "--segment", "random")
    assert done.returncode == 2 and "random:SEED" in done.stderr
