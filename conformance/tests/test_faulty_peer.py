"""The judge judged: a correct peer fails nothing, each fault is caught by its clause, no legal oddity is failed."""

import json
import pathlib
import re

import pytest

import fault_matrix
import faults
import faults_of_clients
import harness

# Faults that show at once: a run that has to wait for silence takes its time.
SMOKE_FAULTS = (
    "accept-without-guid", "accepts-no-host", "masks-frames", "ignores-rsv-on-continuation", "no-key-of-empty-frame",
    "mask-runs-over-fragments", "echoes-each-fragment", "ping-ends-message", "pong-of-text-alone", "accepts-surrogates",
    "no-close-reply", "accepts-long-lengths",
)  # fmt: skip
SMOKE_NEAR_MISSES = ("fragments-echoes", "greets", "coalesces-pongs", "no-close-after-violation")


def test_the_correct_peer_fails_nothing(correct_peer):
    run = harness.Run(correct_peer.url)
    assert run.code == 0 and not run.bad, run.explain()


def test_the_correct_peer_is_strict(correct_peer):
    """Nothing that it does is even non-strict: then each finding against a fault is the fault's."""
    run = harness.Run(correct_peer.url)
    lax = [(case["id"], case["findings"]) for case in run.cases if case["behaviour"] == "non-strict"]
    assert not lax


@pytest.mark.parametrize("name", SMOKE_FAULTS)
def test_a_fault_is_caught_by_its_clause(name):
    outcome = fault_matrix.judge(name)
    assert not outcome.problems, "\n".join(outcome.problems)


def test_an_echo_that_departs_is_told_from_its_first_byte_on():
    with harness.faulty_peer("mask-runs-over-fragments") as peer:
        run = harness.Run(peer.url, "5.4-fragmentation/two-fragments")
    bad = next(case for case in run.bad if "type=binary" in case["id"])
    told = re.search(r"the first difference is at byte (\d+)", bad["findings"][0]["got"])
    marks = [entry["first_difference"] for entry in bad["transcript"] if "first_difference" in entry]
    assert told and marks == [int(told[1])], run.explain()


@pytest.mark.full
@pytest.mark.parametrize("name", [name for name in faults.FAULTS if name not in SMOKE_FAULTS])
def test_each_fault_is_caught_by_its_clause(name):
    test_a_fault_is_caught_by_its_clause(name)


@pytest.mark.parametrize("name", SMOKE_NEAR_MISSES)
def test_a_legal_oddity_is_not_failed(name):
    outcome = fault_matrix.judge(name)
    assert not outcome.problems, "\n".join(outcome.problems)


@pytest.mark.full
@pytest.mark.parametrize("name", [name for name in faults.NEAR_MISSES if name not in SMOKE_NEAR_MISSES])
def test_each_legal_oddity_is_not_failed(name):
    test_a_legal_oddity_is_not_failed(name)


def test_each_fault_names_rows_of_the_catalogue():
    rows = json.loads((harness.TOP / "conformance/data/requirements.json").read_text(encoding="utf-8"))
    known = {row["id"] for row in rows}
    tables = (faults.FAULTS, faults.NEAR_MISSES, faults_of_clients.FAULTS, faults_of_clients.NEAR_MISSES)
    for each in (entry for table in tables for entry in table.values()):
        assert set(each.clauses) <= known, each.name
    assert all(fault.clauses for fault in (*faults.FAULTS.values(), *faults_of_clients.FAULTS.values()))


SERVER = ("faulty_peer.py", "peer_handshake.py")
CLIENT = ("faulty_client.py", "peer_opening.py", "peer_offer.py", "peer_masks.py")
SHARED = ("peer_frames.py", "peer_session.py", "peer_text.py", "peer_deflate.py")


@pytest.mark.parametrize("table, sources", ((faults, SERVER + SHARED), (faults_of_clients, CLIENT + SHARED)))
def test_the_peer_knows_each_switch_and_no_other(table, sources):
    text = {each: pathlib.Path(harness.HERE, each).read_text(encoding="utf-8") for each in sources}
    names = table.FAULTS.keys() | table.NEAR_MISSES.keys()
    assert not [name for name in names if f'"{name}"' not in "".join(text.values())]
    own = "".join(text[each] for each in sources if each not in SHARED)
    assert set(re.findall(r'"([^"]+)" (?:not )?in (?:self\.)?faults\b', own)) <= names
