"""Fixtures: servers that live for a whole session of tests. WSPROOF_BIN names the command under test."""

import pytest

import harness


def pytest_configure(config):
    config.addinivalue_line("markers", "full: slow; left out of tools/test, played by tools/check")


@pytest.fixture(scope="session")
def reference():
    with harness.reference_server() as server:
        yield server


@pytest.fixture(scope="session")
def correct_peer():
    with harness.faulty_peer() as server:
        yield server
