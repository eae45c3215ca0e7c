"""wsproof connect: a conversation by script, by command line and at a terminal."""

import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time

import pytest

import harness
from harness import wsproof

# A server of bare sockets: it opens, then does what its argument says (Python that sees `client`).
BARE = """
import base64, hashlib, socket, sys, time
listener = socket.create_server(("127.0.0.1", 0))
print(f"listening on ws://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
client, _ = listener.accept()
head = b""
while b"\\r\\n\\r\\n" not in head:
    head += client.recv(4096)
key = head.split(b"Sec-WebSocket-Key: ")[1].split(b"\\r\\n")[0]
accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
client.sendall(b"HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
               b"Sec-WebSocket-Accept: " + accept + b"\\r\\n\\r\\n")
exec(sys.argv[1])
"""


def bare(what):
    return harness.Server(sys.executable, "-c", BARE, what)


def script(url, *lines, options=()):
    return wsproof("connect", url, *options, input="".join(line + "\n" for line in lines))


def frames(out, arrow):
    """What stands behind the arrows, without the handshake."""
    lines = [line.split(f" ms {arrow} ")[1] for line in out.splitlines() if f" ms {arrow} " in line]
    return [line for line in lines if not line.startswith("HTTP")]


def test_messages_come_back(reference):
    done = script(reference.url, "# a comment", "", "text Hello", "expect text Hello", "binary 00ff", "expect binary 00 ff",
                  "ping a", "expect pong a", "close 1000 bye", "expect close 1000", "expect end",
                  options=["--no-deflate"])  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert frames(done.stdout, "->") == [
        'Text masked 5 bytes: "Hello"', "Binary masked 2 bytes: 00 FF", 'Ping masked 1 byte: "a"',
        'Close masked 5 bytes: 1000 (normal closure) "bye"',
    ]  # fmt: skip
    assert frames(done.stdout, "<-")[0] == 'Text 5 bytes: "Hello"'
    assert "the peer ends the connection (FIN)" in done.stdout


def test_compression_is_offered_and_used(reference):
    done = script(reference.url, "text " + "a" * 300, "expect text", "compress off", "text b", "expect text b",
                  "headers")  # fmt: skip
    assert done.returncode == 0, done.stdout
    sent = frames(done.stdout, "->")
    assert "RSV1" in sent[0] and f'holds 300 bytes: "{"a" * 300}"' in sent[0] and "RSV1" not in sent[1]
    assert "holds 300 bytes" in frames(done.stdout, "<-")[0]
    assert "-> Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits" in done.stdout
    assert "<- HTTP/1.1 101" in done.stdout


def test_fragments_and_cuts(reference):
    done = script(reference.url, "fragment 2", "cut 1 1", "text abcde", "expect text abcde", "fragment off", "cut frames",
                  'send [{"message": "text", "payload": "x"}, {"frame": "ping", "payload": "y"}]', "expect text x",
                  "expect pong y", options=["--no-deflate"])  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[0] for line in frames(done.stdout, "->")][:3] == ["Text", "Continuation", "Continuation"]


def test_what_is_illegal_can_be_said(reference):
    done = script(reference.url, "frame text mask=no hello", "expect close 1002", "expect end")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Text 5 bytes" in frames(done.stdout, "->")[0]
    done = script(reference.url, "raw 83 80 00000000", "expect close 1002", "expect end")
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_expectation_that_is_not_met(reference):
    done = script(reference.url, "text a", "expect text b", "text never")
    assert done.returncode == 1 and "never" not in done.stdout
    assert 'line 2: expected a text message "b", got a text message of 1 bytes: "a"' in done.stderr
    done = script(reference.url, "expect text", options=["--timeout", "200"])
    assert done.returncode == 1 and "got nothing within 200 ms" in done.stderr
    assert script(reference.url, "expect nothing 50").returncode == 0
    assert script(reference.url, "text a", "expect nothing 2000").returncode == 1
    assert script(reference.url, 'text {"id": 1}', 'expect like {"id":*}').returncode == 0
    assert script(reference.url, "close 1000", "expect end", "text a").returncode == 1


def test_a_wrong_line_has_its_number(reference):
    done = script(reference.url, "text a", "txt b")
    assert done.returncode == 2 and 'line 2: there is no command "txt"; did you mean text' in done.stderr
    assert "Close masked 2 bytes: 1000" in done.stdout


def test_commands_of_the_command_line(reference):
    done = wsproof("connect", reference.url, "-x", "text a", "-x", "expect text a", stdin=subprocess.DEVNULL)
    assert done.returncode == 0 and '"a"' in done.stdout


def test_the_last_answers_are_seen(reference):
    """What a script says last is answered before the closing handshake."""
    done = wsproof("connect", reference.url, input="text no newline")
    assert done.returncode == 0 and any('"no newline"' in line for line in frames(done.stdout, "<-"))


def test_who_is_not_reached():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = script(f"ws://127.0.0.1:{port}/")
    assert done.returncode == 3 and "cannot connect: connection refused" in done.stderr
    assert script("ws://no-such-host.invalid/").returncode == 3
    assert script("http://127.0.0.1/").returncode == 2


def test_a_refusal_is_shown(reference):
    done = script(reference.url, options=["-H", "Sec-WebSocket-Version: 12"])
    assert done.returncode == 3 and "the server refuses: HTTP/1.1 4" in done.stderr and "<- HTTP/1.1 4" in done.stdout


def test_options_of_the_handshake(reference):
    done = script(reference.url, "headers", options=["-H", "X-One: 1", "--origin", "http://a", "--subprotocol", "b"])
    for line in ("X-One: 1", "Origin: http://a", "Sec-WebSocket-Protocol: b"):
        assert f"-> {line}" in done.stdout


def test_what_breaks_the_rfc_is_named_and_the_talk_goes_on():
    with bare("client.sendall(b'\\x81\\x82\\0\\0\\0\\0hi\\xc1\\x01a\\x81\\x02\\xff\\xfe\\x81\\x02ok'); time.sleep(5)") as server:
        done = script(server.url, "expect text hi", "expect text", "expect text", "expect text ok",
                      options=["--no-deflate", "--timeout", "1000"])  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    broken = [line for line in done.stdout.splitlines() if "!! breaks RFC 6455 §" in line]
    assert len(broken) == 3 and "§5.1" in broken[0] and "§5.2" in broken[1], broken
    assert r"\xFF\xFE" in done.stdout and "which is no UTF-8" in done.stdout


def test_nothing_of_the_server_reaches_the_terminal_raw():
    with bare("client.sendall(b'\\x81\\x08\\x1b]0;x\\x07\\r\\n\\x88\\x07\\x03\\xe8\\x1b[2J\\x9b'); time.sleep(1)") as server:
        done = script(server.url, "expect close")
    assert all(each.isprintable() or each == "\n" for each in done.stdout + done.stderr)
    assert r"\x1B]0;x" in done.stdout


def test_the_server_closes_first():
    with bare("client.sendall(b'\\x88\\x05\\x03\\xe9bye'); print(client.recv(100)); client.close()") as server:
        done = script(server.url, "expect close 1001", "expect end")
    assert done.returncode == 0, done.stdout + done.stderr
    assert '1001 (going away) "bye"' in frames(done.stdout, "<-")[0]
    assert frames(done.stdout, "->") == ["Close masked 2 bytes: 1001 (going away)"]


def test_pings_are_answered_unless_they_shall_not_be():
    what = "client.sendall(b'\\x89\\x01a'); client.settimeout(1)\ntry: client.sendall(b'\\x81\\x01' + b'ny'[len(client.recv(9)) > 0:][:1])\n"
    what += "except TimeoutError: client.sendall(b'\\x81\\x01n')\ntime.sleep(3)"
    with bare(what) as server:
        assert script(server.url, "expect text y", options=["--timeout", "3000"]).returncode == 0
    with bare(what.replace("client.sendall(b'\\x89", "time.sleep(0.5); client.sendall(b'\\x89", 1)) as server:
        assert script(server.url, "answers off", "expect text n", options=["--timeout", "3000"]).returncode == 0


def test_an_interrupt_closes_politely(reference):
    process = subprocess.Popen([harness.find_wsproof(), "connect", reference.url], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    process.stdin.write("text a\n")
    process.stdin.flush()
    while "<- Text" not in process.stdout.readline():
        pass
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130 and "1001 (going away)" in out, err


class Terminal:
    """The command at a terminal of its own."""

    def __init__(self, *arguments):
        self.child, self.fd = pty.fork()
        if self.child == 0:
            os.environ.update(TERM="xterm", LC_ALL="C.UTF-8")
            os.execv(harness.find_wsproof(), ["wsproof", "connect", *arguments])
        self.seen = ""

    def until(self, text, limit=10):
        deadline = time.monotonic() + limit
        while text not in self.seen:
            left = deadline - time.monotonic()
            assert left > 0, self.seen
            if select.select([self.fd], [], [], left)[0]:
                try:
                    self.seen += os.read(self.fd, 65536).decode(errors="replace")
                except OSError:
                    assert text in self.seen, self.seen
        before, _, self.seen = self.seen.partition(text)
        return before

    def type(self, text):
        os.write(self.fd, text.encode())

    def exit_code(self):
        while True:
            try:
                if not os.read(self.fd, 65536):
                    break
            except OSError:
                break
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])


def test_at_a_terminal(reference):
    terminal = Terminal(reference.url, "--no-deflate", "--color", "never")
    terminal.until("> ")
    terminal.type("text one\n")
    terminal.until('<- Text 3 bytes: "one"')
    terminal.type("nonsense\n")
    terminal.until("there is no command")
    terminal.type("help\n")
    terminal.until("the request and its answer")
    terminal.type("\x1b[A\x1b[A\x1b[A")  # back to the first line
    terminal.until("text one")
    terminal.type("!\n")
    terminal.until('<- Text 4 bytes: "one!"')
    terminal.type("quit\n")
    terminal.until("(FIN)")
    assert terminal.exit_code() == 0


def test_the_end_at_a_terminal(reference):
    terminal = Terminal(reference.url)
    terminal.until("> ")
    terminal.type("\x03")
    terminal.until("1001 (going away)")
    assert terminal.exit_code() == 130
    terminal = Terminal(reference.url)
    terminal.until("> ")
    terminal.type("\x04")
    terminal.until("1000 (normal closure)")
    assert terminal.exit_code() == 0


def test_what_comes_while_a_line_is_typed_leaves_it_alone():
    with bare("time.sleep(1); client.sendall(b'\\x81\\x04news'); time.sleep(2); client.sendall(b'\\x88\\0'); client.recv(99)") as server:
        terminal = Terminal(server.url, "--color", "never")
        terminal.until("> ")
        terminal.type("text half")
        terminal.until('"news"')
        assert "text half" in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", terminal.until("-> Close"))
        assert terminal.exit_code() == 0
