"""Echo over loopback: what a message costs the server in CPU time, of all servers in turn, several times."""

import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import tables

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
RAW = "tcp"
# Connections, bytes of a message, messages in flight on each.
SHAPES = {"1 x 125 B x 1": (1, 125, 1), "64 x 125 B x 64": (64, 125, 64), "64 x 125 B x 1": (64, 125, 1),
          "4 x 64 KiB x 4": (4, 64 << 10, 4), "4 x 1 MiB x 2": (4, 1 << 20, 2)}
READY = 60  # seconds, an installation included


def servers(build):
    own = {"wsproof": "echo_wsproof", RAW: "echo_raw", "beast": "echo_beast", "websocketpp": "echo_websocketpp"}
    others = {"libwebsockets": "c-libwebsockets", "ws": "node-ws", "bun": "bun"}
    return {name: [build / program] for name, program in own.items()} | {
        name: [TOP / "tools/peers/start", peer, "0"] for name, peer in others.items()}


class Server:
    """A server that has said where it listens; it ends with the `with` block."""

    def __init__(self, command):
        self.output = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, stdout=self.output, stderr=subprocess.STDOUT)
        self.port = self.wait_for_port()

    def wait_for_port(self):
        deadline = time.monotonic() + READY
        while time.monotonic() < deadline and self.process.poll() is None:
            self.output.seek(0)
            found = re.search(r"listening on \w+://127\.0\.0\.1:(\d+)/", self.output.read())
            if found:
                return int(found[1])
            time.sleep(0.05)
        self.end()
        self.output.seek(0)
        raise RuntimeError(f"did not start: {self.output.read().strip()}")

    def end(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def load(build, name, server, shape, milliseconds):
    """ns of the server's CPU a message, and us of a turn of the load; None if an echo was wrong."""
    command = [build / "echo_load", "raw" if name == RAW else "ws", server.port, server.process.pid, *shape, milliseconds]
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if result.returncode:
        print(f"{name}: {result.stderr.strip()}", file=sys.stderr)
        return None
    told = json.loads(result.stdout)
    return told["server_ns"] / max(told["messages"], 1), told["turn_us"], told["messages"] / told["seconds"]


def measure(build, repetitions, milliseconds):
    """{"shape/server": {"ns": median, "turn_us": median, "per_second": median}}; None if an echo was wrong."""
    samples = {}
    for _ in range(repetitions):
        for name, command in servers(build).items():
            try:
                with Server(command) as server:
                    for shape, numbers in SHAPES.items():
                        samples.setdefault(f"{shape}/{name}", []).append(load(build, name, server, numbers, milliseconds))
            except RuntimeError as error:
                print(f"{name}: {error}", file=sys.stderr)
    return {name: median(found) for name, found in samples.items()}


def median(found):
    if None in found:
        return None
    ns, turn, rate = zip(*found)
    return {"ns": statistics.median(ns), "turn_us": statistics.median(turn), "per_second": statistics.median(rate)}


def show(results):
    names = list(dict.fromkeys(name.rpartition("/")[2] for name in results))
    lines = []
    for shape in SHAPES:
        us = {name: results[f"{shape}/{name}"]["ns"] / 1e3 for name in names if results.get(f"{shape}/{name}")}
        peers = [us[name] for name in us if name not in ("wsproof", RAW)]
        ours = us.get("wsproof")
        lines.append([shape, *[tables.number(us.get(name)) for name in names],
                      f"{ours / us[RAW]:.2f}" if ours and us.get(RAW) else "-",
                      f"{min(peers) / ours:.2f}" if ours and peers else "-"])
    head = ["connections x size x in flight", *names, f"/{RAW}", "x best"]
    tables.print_table("Echo over loopback: CPU time of the server, us per message; medians", head, lines)
