"""The faulty client: a correct one opens, echoes and closes; what a faulty server answers it refuses."""

import os
import subprocess
import sys

import pytest

import certificates
import fault_matrix
import faults_of_clients
import harness

# One of each group and a case that shows it: each case starts Python.
SMOKE_FAULTS = {
    "request-no-upgrade": "rfc6455/4.1-the-request-of-a-client/correct-request",
    "request-frames-early": "rfc6455/4.1-the-request-of-a-client/correct-request",
    "takes-no-accept": "rfc6455/4.1-the-answer-to-a-client/no-accept",
    "mask-none": "rfc6455/5.6-data-frames/type-is-kept*",
    "accepts-masked": "rfc6455/5.1-masked-by-a-server/masked-after-a-message",
    "data-after-own-close": "rfc6455/7.3-what-a-client-begins/sends-nothing-after-its-close*",
}
SMOKE_CASES = ("rfc6455/4.1-the-request-of-a-client/*", "rfc6455/5.6-data-frames/type-is-kept*", "rfc6455/7.3*")
SMOKE_ODDITIES = ("request-fields-reversed", "exits-with-7")


def run_client(url, fault=None, **environment):
    """Its exit code: 0 when a connection was open, 1 when none could be opened."""
    command = [sys.executable, harness.HERE / "faulty_client.py", *(["--fault", fault] if fault else []), url]
    done = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


def test_the_client_opens_and_closes(reference):
    assert run_client(reference.url, WSPROOF_ACTION="close:1000:bye") == 0


def test_the_client_says_what_it_cannot_do(reference):
    assert run_client(reference.url, WSPROOF_ACTION="dance") == 89


def test_the_client_trusts_whom_it_is_told_to(tmp_path):
    made = certificates.Certificates(tmp_path)
    files = ("--cert", made.good.certificate, "--key", made.good.key)
    with harness.reference_server(*files) as server:
        assert run_client(server.url, WSPROOF_ACTION="close") == 1
        assert run_client(server.url, WSPROOF_ACTION="close", WSPROOF_CA=str(made.ca.certificate)) == 0


@pytest.mark.parametrize("fault", ("accept-without-guid", "no-upgrade-field", "connection-value-wrong", "status-200",
                                   "accept-twice", "unasked-extension", "chooses-unoffered-subprotocol"))  # fmt: skip
def test_the_client_refuses_what_it_has_to(fault):
    with harness.faulty_peer(fault) as peer:
        assert run_client(peer.url, WSPROOF_ACTION="close") == 1


@pytest.mark.parametrize(
    "server, client",
    (
        ("accept-without-guid", "takes-any-accept"),
        ("no-upgrade-field", "takes-no-upgrade"),
        ("connection-value-wrong", "takes-any-connection"),
        ("status-200", "takes-status-2xx"),
        ("accept-twice", "takes-first-accept"),
        ("unasked-extension", "takes-any-extension"),
        ("chooses-unoffered-subprotocol", "takes-any-subprotocol"),
    ),
)
def test_the_client_takes_what_its_fault_says(server, client):
    with harness.faulty_peer(server) as peer:
        assert run_client(peer.url, client, WSPROOF_ACTION="close") == 0


@pytest.mark.parametrize("name, case", SMOKE_FAULTS.items())
def test_a_fault_is_caught_by_its_clause(name, case):
    outcome = fault_matrix.judge_fault(faults_of_clients.FAULTS[name], "client", case)
    assert not outcome.problems, "\n".join(outcome.problems)


def test_the_correct_client_is_not_failed():
    run = harness.Run("--client", harness.faulty_client(), *SMOKE_CASES)
    assert run.code == 0 and not run.bad, run.explain()


@pytest.mark.parametrize("name", SMOKE_ODDITIES)
def test_a_legal_oddity_is_not_failed(name):
    run = harness.Run("--client", harness.faulty_client(name), *harness.SMOKE["client"])
    assert run.code == 0 and not run.bad, run.explain()


@pytest.mark.full
@pytest.mark.parametrize("name", [*faults_of_clients.FAULTS, *faults_of_clients.NEAR_MISSES])
def test_each_fault_is_caught_and_no_oddity(name):
    outcome = fault_matrix.judge(name, role="client")
    assert not outcome.problems, "\n".join(outcome.problems)


@pytest.mark.full
def test_the_correct_client_is_never_failed():
    run = harness.Run("--client", harness.faulty_client())
    assert run.code == 0 and not run.bad, run.explain()


def test_pings_all_the_time_hide_no_echo():
    run = harness.Run("--client", harness.faulty_client("heartbeat"), "5.4-fragmentation/two-fragments")
    assert run.code == 0 and run.report["facts"]["echo"] == "yes", run.explain()
    assert {case["behaviour"] for case in run.cases} == {"pass"}
