"""wss://: a run within TLS, what is said of certificates and of ports that speak something else, and TLS that goes wrong."""

import sys

import pytest

import certificates
import harness
from harness import Run

BOUND = 60  # seconds, on a slow machine
TYPES = "rfc6455/5.6-data-frames/type-is-kept"
TEXT, BINARY = f"{TYPES}[first=text,second=text]", f"{TYPES}[first=binary,second=binary]"
FEW = ("5.5.1-close", "5.5.2-ping", "5.4-fragmentation/two-fragments", "5.2-base-framing/reserved-opcode")


@pytest.fixture(scope="module", name="certified")
def fixture_certified(tmp_path_factory):
    return certificates.Certificates(tmp_path_factory.mktemp("certificates"))


def tls_server(identity):
    return harness.reference_server("--cert", identity.certificate, "--key", identity.key)


def tls_peer(name, identity, *options):
    path = harness.HERE / "tls_peers.py"
    return harness.Server(sys.executable, path, name, "--cert", identity.certificate, "--key", identity.key, *options)


@pytest.fixture(scope="module", name="server")
def fixture_server(certified):
    with tls_server(certified.good) as server:
        yield server


def assert_not_reached(run, *words):
    """Exit code 3, and one line that holds these words."""
    assert run.code == 3 and run.report is None, run.explain()
    assert run.err.count("\n") == 1 and run.err.rstrip("\n").isprintable()
    for word in words:
        assert word in run.err


def test_the_reference_server_fails_nothing(server, certified):
    run = Run(server.url, "--ca", certified.ca.certificate)
    assert server.url.startswith("wss://")
    assert run.code == 0 and not run.bad, run.explain()
    assert not [case["id"] for case in run.cases if case["behaviour"] == "non-strict" or case["closing"] == "unclean"]


def test_half_closes_and_resets_are_not_for_tls(server, certified):
    run = Run(server.url, "7.1-closing", "--ca", certified.ca.certificate)
    assert {case["behaviour"] for case in run.cases} == {"pass", "unsupported"}, run.explain()


# Certificates.


def test_a_certificate_of_an_unknown_ca_is_refused(server):
    assert_not_reached(Run(server.url, TEXT), "certificate verify failed", "--ca FILE", "--insecure")


@pytest.mark.parametrize(
    "name, words",
    [
        ("self_signed", ("self-signed certificate", "--ca FILE", "--insecure")),
        ("expired", ("certificate has expired", "--insecure")),
        ("not_yet_valid", ("not yet valid", "--insecure")),
        ("other_host", ("mismatch", "127.0.0.1", "--insecure")),
    ],
)
def test_a_bad_certificate_is_refused(certified, name, words):
    with tls_server(getattr(certified, name)) as server:
        assert_not_reached(Run(server.url, TEXT, "--ca", certified.ca.certificate), *words)
        run = Run(server.url, TEXT, "--insecure")
    assert run.code == 0 and run.cases, run.explain()


def test_a_ca_that_does_not_help_is_not_recommended(certified):
    with tls_server(certified.expired) as server:
        run = Run(server.url, TEXT, "--ca", certified.ca.certificate)
    assert "--ca" not in run.err


def test_a_self_signed_certificate_can_be_trusted_by_name(certified):
    with tls_server(certified.self_signed) as server:
        run = Run(server.url, TEXT, "--ca", certified.self_signed.certificate)
    assert run.code == 0, run.explain()


def test_a_name_is_checked_and_asked_for(server, certified):
    run = Run(server.url.replace("127.0.0.1", "localhost"), TEXT, "--ca", certified.ca.certificate)
    assert run.code == 0, run.explain()


@pytest.mark.parametrize(
    "url, options, word",
    [
        ("wss://127.0.0.1:1/", ("--ca", "{missing}"), "missing.pem"),
        ("wss://127.0.0.1:1/", ("--ca", "{ca}", "--insecure"), "--insecure"),
        ("ws://127.0.0.1:1/", ("--insecure",), "wss://"),
        ("ws://127.0.0.1:1/", ("--ca", "{ca}"), "wss://"),
    ],
)
def test_options_that_make_no_sense_are_usage(certified, url, options, word):
    names = {"missing": certified.directory / "missing.pem", "ca": certified.ca.certificate}
    done = harness.wsproof("test", url, *(option.format(**names) for option in options))
    assert done.returncode == 2 and word in done.stderr


@pytest.mark.parametrize("options", [("--cert", "{good}"), ("--key", "{key}"), ("--cert", "{good}", "--key", "{other}")])
def test_an_echo_server_wants_a_certificate_and_its_key(certified, options):
    names = {"good": certified.good.certificate, "key": certified.good.key, "other": certified.expired.key}
    done = harness.wsproof("echo", "--port", "0", *(option.format(**names) for option in options))
    assert done.returncode == 2 and "key" in done.stderr


# Ports that speak something else.


def test_a_plain_port_is_told_from_tls(reference):
    assert_not_reached(Run(reference.url.replace("ws://", "wss://"), TEXT), "does not speak TLS", "ws://")


def test_a_tls_port_is_told_from_a_plain_one(server):
    assert_not_reached(Run(server.url.replace("wss://", "ws://"), TEXT), "speaks TLS", "wss://")


# TLS that goes wrong.


@pytest.mark.parametrize(
    "name, words",
    [
        ("garbage", ("does not speak TLS",)),
        ("plain-http", ("does not speak TLS", "ws://")),
        ("closes", ("ended the connection during the TLS handshake",)),
        ("cut-server-hello", ("ended the connection during the TLS handshake",)),
        ("resets", ("ended the connection during the TLS handshake",)),
        ("alerts", ("TLS", "handshake failure")),
        ("hangs", ("no TLS handshake within",)),
        pytest.param("server-hello-alone", ("no TLS handshake within",), marks=pytest.mark.full),
        pytest.param("drips", ("no TLS handshake within",), marks=pytest.mark.full),
    ],
)
def test_a_handshake_that_fails_was_never_reached(certified, name, words):
    with tls_peer(name, certified.good) as peer:
        assert_not_reached(Run(peer.url, TEXT, "--insecure", timeout=BOUND), *words, peer.url)


def test_the_correct_peer_fails_nothing_within_tls(certified):
    with tls_peer("correct", certified.good) as peer:
        run = Run(peer.url, *FEW, "--ca", certified.ca.certificate)
    assert run.code == 0 and {case["behaviour"] for case in run.cases} == {"pass"}, run.explain()
    assert {case["closing"] for case in run.cases} <= {"clean", "not-judged"}


@pytest.mark.parametrize("options", [(), ("--tls12",)])
@pytest.mark.parametrize("name", ["records-of-one-byte", "tcp-byte-by-byte", "notifies-without-fin"])
def test_odd_but_legal_tls_is_not_failed(certified, name, options):
    with tls_peer(name, certified.good, *options) as peer:
        run = Run(peer.url, *FEW, "--ca", certified.ca.certificate)
    assert run.code == 0 and {case["behaviour"] for case in run.cases} == {"pass"}, run.explain()


def test_a_missing_close_notify_after_a_close_is_non_strict(certified):
    with tls_peer("no-close-notify", certified.good) as peer:
        run = Run(peer.url, *FEW, "--ca", certified.ca.certificate)
    assert run.code == 0 and not run.bad, run.explain()
    assert {case["closing"] for case in run.cases} <= {"unclean", "not-judged"}
    assert "non-strict: TLS is ended" in run.out and "without close_notify" in run.out


@pytest.mark.parametrize(
    "name, word",
    [
        ("alerts-later", "breaks TLS"),
        ("garbage-later", "breaks TLS"),
        ("resets-later", "resets the connection"),
        ("truncates-later", "no close_notify"),
    ],
)
def test_tls_that_breaks_in_the_middle_fails_what_it_breaks(certified, name, word):
    with tls_peer(name, certified.good) as peer:
        run = Run(peer.url, TYPES, "--ca", certified.ca.certificate, timeout=BOUND)
    assert run.code == 1, run.explain()
    assert len(run.bad) == 3 and all("binary" in case["id"] for case in run.bad), run.explain()
    for case in run.bad:
        assert case["behaviour"] == "fail" and word in str(case["transcript"]), run.explain()
    assert f"--ca {certified.ca.certificate}" in run.out  # in the command that plays a case again


@pytest.mark.full
def test_tls_that_falls_silent_fails_what_it_leaves_unanswered(certified):
    with tls_peer("hangs-later", certified.good) as peer:
        run = Run(peer.url, BINARY, "--ca", certified.ca.certificate, "--jobs", "1", timeout=180)
    assert run.code == 1 and all(case["behaviour"] in ("fail", "hang") for case in run.bad), run.explain()
