"""The plugin in a pytest of its own, as users have it. WSPROOF_BIN names the command, or the newest build is it."""

import pathlib
import shlex
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[2]
sys.path.insert(0, str(TOP / "conformance/tests"))

import harness  # noqa: E402

pytest_plugins = ["pytester"]
SUITE = TOP / "scenarios/rfc6455/5.6-data-frames.json"


class Session:
    """A directory with suites to judge by, and what pytest said of them."""

    def __init__(self, pytester, monkeypatch):
        self.pytester = pytester
        monkeypatch.setenv("PYTHONPATH", str(HERE.parent))
        monkeypatch.setenv("WSPROOF_BIN", harness.find_wsproof())
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        monkeypatch.setenv("COLUMNS", "300")

    def run(self, *words, timeout=300):
        return self.pytester.runpytest_subprocess("-p", "wsproof_pytest", "-p", "no:cacheprovider", *map(str, words), timeout=timeout)

    def write(self, name, text):
        path = pathlib.Path(self.pytester.path, name)
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def session(pytester, monkeypatch):
    return Session(pytester, monkeypatch)


@pytest.fixture(scope="session")
def reference():
    with harness.reference_server() as server:
        yield server


@pytest.fixture(scope="session")
def loses_types():
    """A server that answers text with binary."""
    with harness.faulty_peer("text-as-binary") as server:
        yield server


@pytest.fixture(scope="session")
def suite():
    return SUITE


@pytest.fixture(scope="session")
def scenarios():
    return TOP / "scenarios"


@pytest.fixture(scope="session")
def peer_command():
    """The command of the faulty peer, with {port} to be filled in."""

    def command(*options):
        return shlex.join([sys.executable, str(TOP / "conformance/tests/faulty_peer.py"), *options, "--port"]) + " {port}"

    return command
