"""A server of the user's as a child process, for the fixture wsproof_server."""

import os
import shlex
import signal
import socket
import subprocess
import tempfile
import time

import pytest

POLL = 0.02  # seconds between looks whether it is there
STOP = 5.0  # seconds for it to end by itself
TAIL = 2000  # characters of its output in an error


class Url(str):
    """A URL that knows which command it is of: what differs from one start to the next is the port alone."""

    identity = None


class Server:
    def __init__(self, command, path, scheme, host, timeout, **options):
        """Starts it and waits until it takes connections; `options` are those of subprocess.Popen, as cwd and env."""
        port = free_port(host)
        words = shlex.split(command) if isinstance(command, str) else [os.fspath(word) for word in command]
        if not any("{port}" in word for word in words):
            pytest.fail(f"{shlex.join(words)}: {{port}} stands where the port goes", pytrace=False)
        self.words = [word.replace("{port}", str(port)) for word in words]
        self.output = tempfile.TemporaryFile()
        try:
            self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT,
                                            start_new_session=True, **options)  # fmt: skip
        except OSError as error:
            pytest.fail(f"{shlex.join(self.words)}: {error.strerror}", pytrace=False)
        self.wait(host, port, timeout)
        self.url = Url(f"{scheme}://{host}:{port}{path}")
        self.url.identity = [words, path, scheme]

    def wait(self, host, port, timeout):
        deadline = time.monotonic() + timeout
        while True:
            if self.process.poll() is not None:
                self.give_up(f"it ended with {self.process.returncode} before it took a connection")
            try:
                socket.create_connection((host, port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > deadline:
                    self.give_up(f"port {port} takes no connection after {timeout} s")
            time.sleep(POLL)

    def give_up(self, reason):
        self.stop()
        pytest.fail(f"{shlex.join(self.words)}: {reason}\n{self.said()}".rstrip(), pytrace=False)

    def said(self):
        self.output.seek(0)
        return self.output.read().decode(errors="replace")[-TAIL:]

    def stop(self):
        """Ends it and all that it has started."""
        for number, patience in ((signal.SIGTERM, STOP), (signal.SIGKILL, None)):
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                pass
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                continue


def free_port(host):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]
