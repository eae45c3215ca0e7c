"""The engine and other people's implementations, both ways: text, binary, 16 MiB, fragments, pings, permessage-deflate with
windows of 9 and 15 bits, with context takeover and without, close codes, subprotocols.

WSPROOF_BUILD names the build folder to test. Node's ws is that of tools/peers.
"""

import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[3]
BUILD = pathlib.Path(os.environ.get("WSPROOF_BUILD", TOP / "build" / "dev")).resolve()
CLIENT = BUILD / "engine" / "runtime" / "tests" / "interop_client"
ECHO = BUILD / "tools" / "wsproof" / "wsproof"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "wsproof" / "peers"

# What is agreed to: nothing, or a window of so many bits, with context takeover or without.
AGREEMENTS = ["plain", (15, "takeover"), (9, "takeover"), (15, "alone"), (9, "alone")]
IDS = ["plain", "15", "9", "15-alone", "9-alone"]


@pytest.fixture(scope="session", autouse=True)
def installed():
    subprocess.run([TOP / "tools" / "peers" / "start", "--install", "node-ws", "py-websockets"], check=True, timeout=600)


@pytest.fixture(scope="session")
def node(installed):
    """The environment in which Node finds ws."""
    return {**os.environ, "NODE_PATH": str(next((CACHE / "npm").glob("ws@*/node_modules")))}


class Server:
    def __init__(self, *command, env=None):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
        line = self.process.stdout.readline()
        assert line.startswith("listening on "), line
        self.url = line.split()[-1]

    def __enter__(self):
        return self.url

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


def run(*command, env=None):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=env, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wsproof_client(url, agreement):
    options = ["--plain"] if agreement == "plain" else ["--window", str(agreement[0])]
    options += ["--no-takeover"] if agreement[1] == "alone" else []
    out = run(CLIENT, url, *options)
    assert "subprotocol echo" in out and "close 3001" in out
    sent = int(out.split("sent ")[1].split()[0])
    # The messages are 18 MB; what repeats itself is a good deal smaller when it is compressed.
    assert (sent < 16_500_000) == (agreement != "plain"), out


def node_options(agreement):
    if agreement == "plain":
        return "false"
    bits, alone = agreement[0], "true" if agreement[1] == "alone" else "false"
    return (
        f'{{"serverMaxWindowBits": {bits}, "clientMaxWindowBits": {bits}, "serverNoContextTakeover": {alone},'
        f' "clientNoContextTakeover": {alone}, "threshold": 0}}'
    )


def python_options(agreement):
    return ["plain"] if agreement == "plain" else [str(agreement[0]), agreement[1]]


def check_client(out, agreement):
    assert "subprotocol echo" in out and "close 3001" in out, out
    agreed = out.split("extensions")[1].splitlines()[0].lower()
    assert ("deflate" in agreed) == (agreement != "plain"), out


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=IDS)
def test_our_client_with_python_websockets(agreement):
    with Server(sys.executable, HERE / "python_server.py", *python_options(agreement)) as url:
        wsproof_client(url, agreement)


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=IDS)
def test_our_client_with_node_ws(node, agreement):
    with Server("node", HERE / "node_server.cjs", node_options(agreement), env=node) as url:
        wsproof_client(url, agreement)


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=IDS)
def test_python_websockets_with_our_server(agreement):
    with Server(ECHO, "echo", "--port", "0", "--subprotocol", "echo") as url:
        check_client(run(sys.executable, HERE / "python_client.py", url, *python_options(agreement)), agreement)


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=IDS)
def test_node_ws_with_our_server(node, agreement):
    with Server(ECHO, "echo", "--port", "0", "--subprotocol", "echo") as url:
        check_client(run("node", HERE / "node_client.cjs", url, node_options(agreement), env=node), agreement)


def test_our_client_with_our_server():
    for agreement in ((15, "takeover"), (9, "alone")):
        with Server(ECHO, "echo", "--port", "0", "--subprotocol", "echo") as url:
            wsproof_client(url, agreement)
