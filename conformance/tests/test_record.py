"""wsproof record: what a client and a server say through it becomes a scenario that plays again."""

import asyncio
import json
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import sys

import pytest
import websockets

import certificates
import harness
from harness import wsproof

TOP = harness.TOP
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "wsproof" / "peers"

# A server of this file: it greets, echoes, pushes news, and closes when it is asked to. argv: "other" changes an answer.
CHATTY = """
import asyncio, logging, sys, websockets
logging.disable()
async def serve(connection):
    await connection.send("welcome")
    news = asyncio.create_task(push(connection))
    async for message in connection:
        if message == "quit":
            await connection.close(4001, "as you like")
        else:
            await connection.send("b" if message == "a" and "other" in sys.argv else message)
    news.cancel()
async def push(connection):
    await asyncio.sleep(0.05)
    await connection.send("news")
async def main():
    async with websockets.serve(serve, "127.0.0.1", 0) as server:
        print(f"listening on ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
        await asyncio.Future()
asyncio.run(main())
"""


class Recorder(harness.Server):
    """`wsproof record` before a server; the file is written when it is stopped."""

    def __init__(self, upstream, file, *options):
        self.file = file
        super().__init__(
            harness.find_wsproof(), "record", "--listen", "127.0.0.1:0", "--upstream", upstream, "-o", file, *options
        )

    def finish(self, asked=signal.SIGINT):
        """Ends it; the result is its exit code, output and errors."""
        if asked:
            self.process.send_signal(asked)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err

    @property
    def scenarios(self):
        return json.loads(pathlib.Path(self.file).read_text(encoding="utf-8"))["scenarios"]


def replay(file, url, *options):
    return wsproof("replay", file, url, *options)


def talk(url, dialogue, **options):
    async def connect():
        async with websockets.connect(url, max_size=None, ping_interval=None, **options) as connection:
            await dialogue(connection)

    asyncio.run(asyncio.wait_for(connect(), 30))


async def echoes(connection):
    for message in ("Hello", "Grüße 😀", b"\x00\xff" * 40, "x" * 70000, "${name}", "", os.urandom(3000)):
        await connection.send(message)
        assert await connection.recv() == message
    await connection.send(["frag", "", "ments"])
    assert await connection.recv() == "fragments"
    await (await connection.ping(b"p"))
    for message in ("one", "two", "three"):
        await connection.send(message)
    assert [await connection.recv() for _ in range(3)] == ["one", "two", "three"]


@pytest.fixture(name="recorder")
def fixture_recorder(reference, tmp_path):
    with Recorder(reference.url, tmp_path / "out.json") as recorder:
        yield recorder


@pytest.mark.parametrize("compression", ["deflate", None])
def test_a_recording_plays_again_with_a_pass(reference, recorder, compression):
    talk(recorder.url, echoes, compression=compression)
    code, out, err = recorder.finish()
    assert code == 0 and f"wsproof replay {recorder.file} {reference.url}" in out, err
    done = replay(recorder.file, reference.url)
    assert done.returncode == 0 and "1 case: 1 pass" in done.stdout, done.stdout + done.stderr
    steps = recorder.scenarios[0]["steps"]
    assert ("extensions" in steps[0]["request"]) == (compression is not None)
    assert steps[1]["expect"]["opened"].get("deflate", False) if compression else True
    assert any(step.get("send", {}) == {"frame": "close", "code": 1000} for step in steps)
    again = wsproof("test", reference.url, "--scenarios", recorder.file)
    assert again.returncode == 0, again.stdout


def test_an_answer_that_has_changed_fails(reference, recorder):
    talk(recorder.url, echoes)
    recorder.finish()
    text = recorder.file.read_text(encoding="utf-8")
    changed = recorder.file.with_name("changed.json")
    first = text.index('"expect": {\n            "message"')
    changed.write_text(text[:first] + text[first:].replace('"Hello"', '"Help"', 1), encoding="utf-8")
    done = replay(changed, reference.url)
    assert done.returncode == 1 and "Help" in done.stdout


def test_pushes_greetings_and_closes_of_the_server(tmp_path):
    async def dialogue(connection):
        assert await connection.recv() == "welcome"
        await connection.send("a")
        assert await connection.recv() == "a"
        assert await connection.recv() == "news"
        await connection.send("quit")
        with pytest.raises(websockets.ConnectionClosed):
            await connection.recv()

    with harness.Server(sys.executable, "-c", CHATTY) as server:
        with Recorder(server.url, tmp_path / "out.json") as recorder:
            talk(recorder.url, dialogue)
            assert recorder.finish()[0] == 0
        for _ in range(3):
            done = replay(recorder.file, server.url)
            assert done.returncode == 0 and "1 pass" in done.stdout, done.stdout + done.stderr
    assert {"expect": {"close": 4001}, "requires": "6455-5.5.1-7"} in recorder.scenarios[0]["steps"]
    with harness.Server(sys.executable, "-c", CHATTY, "other") as server:
        assert replay(recorder.file, server.url).returncode == 1


def test_each_connection_is_a_case_and_its_request_is_kept(recorder):
    async def nothing(connection):
        assert connection.subprotocol is None

    talk(recorder.url, nothing)
    talk(recorder.url + "elsewhere?a=1", nothing, extra_headers={"Cookie": "a=b", "X-Two": "2"}, subprotocols=["chat"])
    code, _, err = recorder.finish()
    assert code == 0 and "holds the client's Cookie field" in err
    first, second = recorder.scenarios
    assert first["id"] == "connection-1" and "target" not in first["steps"][0]["request"]
    request = second["steps"][0]["request"]
    assert request["target"] == "/elsewhere?a=1"
    assert request["set"]["Cookie"] == "a=b" and request["set"]["Sec-WebSocket-Protocol"] == "chat"
    assert "Host" not in request["set"]
    assert second["steps"][1]["expect"]["opened"]["headers"] == {"Sec-WebSocket-Protocol": "absent"}


def test_what_was_asked_before_an_interrupt_is_answered_first(recorder):
    """Ctrl-C while the connection is open: what there is gets written."""

    async def dialogue(connection):
        await connection.send("a")
        assert await connection.recv() == "a"
        recorder.process.send_signal(signal.SIGINT)
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(connection.recv(), 10)

    talk(recorder.url, dialogue)
    assert recorder.finish(None)[0] == 0
    assert recorder.scenarios[0]["why"] == "Recorded in part: it was interrupted."
    assert len(recorder.scenarios[0]["steps"]) == 4


@pytest.mark.parametrize("trust", [("--ca", "{ca}"), ("--insecure",)])
def test_a_server_within_tls(tmp_path, trust):
    """The client speaks in clear; what is written goes to the server within TLS."""
    made = certificates.Certificates(tmp_path)
    trust = [word.format(ca=made.ca.certificate) for word in trust]
    with harness.reference_server("--cert", made.good.certificate, "--key", made.good.key) as server:
        assert server.url.startswith("wss://")
        with Recorder(server.url, tmp_path / "out.json", *trust) as recorder:
            assert recorder.url.startswith("ws://")
            talk(recorder.url, echoes)
            code, out, err = recorder.finish()
        assert code == 0 and f"wsproof replay {recorder.file} {server.url}" in out, err
        done = wsproof(*shlex.split(out[out.index("wsproof replay") :])[1:])
        assert done.returncode == 0 and "1 case: 1 pass" in done.stdout, done.stdout + done.stderr


def test_a_server_whose_certificate_is_not_trusted(tmp_path):
    made = certificates.Certificates(tmp_path)
    with harness.reference_server("--cert", made.good.certificate, "--key", made.good.key) as server:
        with Recorder(server.url, tmp_path / "out.json") as recorder:
            with pytest.raises(websockets.InvalidStatusCode) as refusal:
                talk(recorder.url, echoes)
            assert refusal.value.status_code == 502
            code, _, err = recorder.finish()
    assert code == 3 and "certificate verify failed" in err and "--insecure" in err and not recorder.file.exists()


def test_a_server_that_is_not_there(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Recorder(f"ws://127.0.0.1:{port}/", tmp_path / "out.json") as recorder:
        with pytest.raises(websockets.InvalidStatusCode) as refusal:
            talk(recorder.url, echoes)
        assert refusal.value.status_code == 502
        code, _, err = recorder.finish()
    assert code == 3 and "is not reached: connection refused" in err and not recorder.file.exists()


def test_it_ends_by_itself(reference, tmp_path):
    with Recorder(reference.url, tmp_path / "a.json", "--connections", "1") as recorder:
        talk(recorder.url, echoes)
        assert recorder.finish(None)[0] == 0
    with Recorder(reference.url, tmp_path / "b.json", "--seconds", "1") as recorder:
        code, _, err = recorder.finish(None)
        assert code == 3 and "nothing was recorded" in err


def test_other_requests_are_passed_on_and_not_recorded(recorder):
    with socket.create_connection(("127.0.0.1", recorder.port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert client.makefile("rb").readline().startswith(b"HTTP/1.1 4")
    code, _, err = recorder.finish()
    assert code == 3 and "none for a WebSocket" in err


def test_what_cannot_be_is_usage(tmp_path):
    for arguments in (
        ["--upstream", "http://127.0.0.1/"],
        ["--upstream", "ws://127.0.0.1/", "--listen", "nowhere"],
        ["--upstream", "ws://127.0.0.1/", "-o", tmp_path / "none" / "out.json"],
        [],
    ):
        assert wsproof("record", *arguments).returncode == 2


@pytest.fixture(scope="session", name="node")
def fixture_node():
    """The environment in which Node finds ws."""
    subprocess.run([TOP / "tools" / "peers" / "start", "--install", "node-ws"], check=True, timeout=600)
    return {**os.environ, "NODE_PATH": str(next((CACHE / "npm").glob("ws@*/node_modules")))}


NODE = """
const { WebSocketServer } = require('ws');
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: { threshold: 0 }, maxPayload: 64 << 20 });
server.on('connection', (connection) => connection.on('message', (data, isBinary) =>
  connection.send(process.argv[1] === 'other' && data.length === 3 ? 'ten' : data, { binary: isBinary })));
server.on('listening', () => console.log(`listening on ws://127.0.0.1:${server.address().port}/`));
"""


class Node(harness.Server):
    def __init__(self, environment, *arguments):
        self.process = subprocess.Popen(
            ["node", "-e", NODE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        self.url = self.process.stdout.readline().split()[-1]


@pytest.mark.full
@pytest.mark.parametrize("compression", ["deflate", None])
def test_python_websockets_and_node_ws(node, tmp_path, compression):
    with Node(node) as server:
        with Recorder(server.url, tmp_path / "out.json") as recorder:
            talk(recorder.url, echoes, compression=compression)
            assert recorder.finish()[0] == 0
        done = replay(recorder.file, server.url)
        assert done.returncode == 0 and "1 case: 1 pass" in done.stdout, done.stdout + done.stderr
    with Node(node, "other") as server:
        done = replay(recorder.file, server.url)
        assert done.returncode == 1 and '"ten"' in done.stdout, done.stdout + done.stderr
