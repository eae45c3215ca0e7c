"""--pcap FILE: captures that hold what went over the wire, packet by packet, in order, with right checksums."""

import asyncio
import ipaddress
import json
import pathlib
import shlex
import shutil
import signal
import struct
import subprocess

import pytest
import websockets

import certificates
import harness
from harness import wsproof

FEW = ("5.5.2-ping/ping-is-answered", "5.6-data-frames/type-is-kept", "5.2-base-framing/reserved-opcode")
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def ones_complement(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


class Packet:
    def __init__(self, when, raw):
        self.when = when
        if raw[0] >> 4 == 4:
            assert raw[0] == 0x45 and struct.unpack(">H", raw[2:4])[0] == len(raw) and raw[9] == 6
            assert ones_complement(raw[:20]) == 0xFFFF
            source, target, tcp = raw[12:16], raw[16:20], raw[20:]
        else:
            assert raw[0] >> 4 == 6 and struct.unpack(">H", raw[4:6])[0] == len(raw) - 40 and raw[6] == 6
            source, target, tcp = raw[8:24], raw[24:40], raw[40:]
        assert ones_complement(source + target + struct.pack(">II", len(tcp), 6) + tcp) == 0xFFFF
        source_port, target_port, self.sequence, self.acknowledged, offset, self.flags = struct.unpack(">HHIIBB", tcp[:14])
        assert offset == 5 << 4
        self.source = (str(ipaddress.ip_address(source)), source_port)
        self.target = (str(ipaddress.ip_address(target)), target_port)
        self.payload = tcp[20:]


def packets(path):
    data = pathlib.Path(path).read_bytes()
    magic, major, minor, _, _, snap, kind = struct.unpack("<IHHiIII", data[:24])
    assert (magic, major, minor, kind) == (0xA1B2C3D4, 2, 4, 101)
    at, found, last = 24, [], 0
    while at < len(data):
        seconds, micros, kept, size = struct.unpack("<IIII", data[at : at + 16])
        assert kept == size <= snap and micros < 1_000_000
        assert seconds + micros / 1e6 >= last
        last = seconds + micros / 1e6
        found.append(Packet(last, data[at + 16 : at + 16 + size]))
        at += 16 + size
    return found


class Flow:
    """One connection of a capture, put together again; each packet is held to its place in it."""

    def __init__(self, syn):
        assert syn.flags == SYN and not syn.payload
        self.client, self.server = syn.source, syn.target
        self.next = {self.client: syn.sequence + 1, self.server: None}
        self.said = {self.client: b"", self.server: b""}
        self.finished, self.is_reset = set(), False

    def add(self, packet):
        assert not self.is_reset
        other = self.server if packet.source == self.client else self.client
        if self.next[packet.source] is None:
            assert packet.flags == SYN | ACK
            self.next[packet.source] = packet.sequence
        assert packet.flags & ACK and packet.sequence == self.next[packet.source]
        assert packet.acknowledged == self.next[other]
        assert not (packet.payload and packet.source in self.finished)
        self.said[packet.source] += packet.payload
        takes_number = bool(packet.flags & (SYN | FIN))
        self.next[packet.source] = (packet.sequence + len(packet.payload) + takes_number) % 2**32
        if packet.flags & FIN:
            self.finished.add(packet.source)
        self.is_reset = bool(packet.flags & RST)

    @property
    def request(self):
        return self.said[self.client]

    @property
    def answer(self):
        return self.said[self.server]


def flows(path):
    """The connections of a capture, in the order in which they began."""
    known, all_flows = {}, []
    for packet in packets(path):
        ends = frozenset((packet.source, packet.target))
        if packet.flags == SYN:
            known[ends] = Flow(packet)
            all_flows.append(known[ends])
        else:
            known[ends].add(packet)
    return all_flows


def test_a_conversation_by_hand(reference, tmp_path):
    path = tmp_path / "a.pcap"
    done = wsproof("connect", reference.url, "--no-deflate", "--pcap", path, input="text " + "x" * 70000 + "\nexpect text\n")
    assert done.returncode == 0, done.stderr
    (flow,) = flows(path)
    assert flow.server == ("127.0.0.1", reference.port)
    assert flow.request.startswith(b"GET / HTTP/1.1\r\n") and flow.answer.startswith(b"HTTP/1.1 101 ")
    frames = flow.answer.partition(b"\r\n\r\n")[2]
    assert frames == b"\x81\x7f" + struct.pack(">Q", 70000) + b"x" * 70000 + b"\x88\x02\x03\xe8"
    assert len(flow.request.partition(b"\r\n\r\n")[2]) == 14 + 70000 + 8
    assert flow.finished and not flow.is_reset


def test_a_run_against_a_server(reference, tmp_path):
    path, report = tmp_path / "a.pcap", tmp_path / "a.json"
    done = wsproof("test", reference.url, *FEW, "--pcap", path, "--json", report)
    assert done.returncode == 0, done.stdout
    found = flows(path)
    assert len(found) >= len(json.loads(report.read_text(encoding="utf-8"))["cases"])
    assert all(flow.request.startswith(b"GET / HTTP/1.1\r\n") for flow in found)
    assert all(flow.finished or flow.is_reset for flow in found)


def test_a_run_against_a_client(tmp_path):
    path = tmp_path / "a.pcap"
    done = wsproof("test", "--client", f"{harness.find_wsproof()} echo-client {{url}}", "ping-is-answered", "--pcap", path)
    assert done.returncode == 0, done.stdout
    assert all(flow.request.startswith(b"GET ") and flow.answer.startswith(b"HTTP/1.1 101") for flow in flows(path))


def test_a_run_against_who_connects(tmp_path):
    path = tmp_path / "a.pcap"
    with harness.Server(
        harness.find_wsproof(), "serve", "--port", "0", "ping-is-answered", "--pcap", path, "--wait", "20"
    ) as server:
        client = shlex.split(harness.faulty_client().format(url=server.url))
        while server.process.poll() is None:
            subprocess.run(client, check=False, timeout=30, env={})
        assert server.process.returncode == 0
    found = flows(path)
    assert found and all(flow.server == ("127.0.0.1", server.port) for flow in found)
    assert all(flow.request.startswith(b"GET ") and flow.answer.startswith(b"HTTP/1.1 101") for flow in found if flow.request)


def test_a_scenario_that_is_played_again(reference, tmp_path):
    path, file = tmp_path / "a.pcap", tmp_path / "a.json"
    with harness.Server(
        harness.find_wsproof(), "record", "--listen", "127.0.0.1:0", "--upstream", reference.url, "-o", file, "--connections", "1"
    ) as recorder:  # fmt: skip
        assert wsproof("connect", recorder.url, "--no-deflate", input="text Hello\nexpect text Hello\n").returncode == 0
        assert recorder.process.wait(10) == 0
    done = wsproof("replay", file, reference.url, "--pcap", path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert any(b"\x81\x05Hello" in flow.answer and flow.server[1] == reference.port for flow in flows(path))


def test_what_is_within_tls_is_on_port_80(tmp_path):
    identity = certificates.Certificates(tmp_path).good
    path = tmp_path / "a.pcap"
    with harness.reference_server("--cert", identity.certificate, "--key", identity.key) as server:
        assert wsproof("connect", *server.target, "--pcap", path, input="text a\n").returncode == 0
    (flow,) = flows(path)
    assert flow.server == ("127.0.0.1", 80) and flow.request.startswith(b"GET / HTTP/1.1\r\n")


def test_a_recording(reference, tmp_path):
    path = tmp_path / "a.pcap"
    with harness.Server(
        harness.find_wsproof(), "record", "--listen", "127.0.0.1:0", "--upstream", reference.url, "-o", tmp_path / "a.json",
        "--pcap", path,
    ) as recorder:  # fmt: skip
        async def talk():
            async with websockets.connect(recorder.url, compression=None) as connection:
                await connection.send("Hello")
                assert await connection.recv() == "Hello"

        asyncio.run(talk())
        recorder.process.send_signal(signal.SIGINT)
        assert recorder.process.wait(10) == 0
    (flow,) = flows(path)
    assert flow.server == ("127.0.0.1", recorder.port) and f":{recorder.port}".encode() in flow.request
    assert b"\x81\x05Hello" in flow.answer


def test_a_file_that_cannot_be_written_is_usage(reference, tmp_path):
    for command in (["test"], ["connect"]):
        done = wsproof(*command, reference.url, "--pcap", tmp_path / "none" / "a.pcap", input="")
        assert done.returncode == 2 and "cannot be written" in done.stderr or "a.pcap" in done.stderr


@pytest.mark.full
@pytest.mark.skipif(shutil.which("tshark") is None, reason="no tshark")
def test_tshark_sees_websocket(reference, tmp_path):
    path = tmp_path / "a.pcap"
    wsproof("connect", reference.url, "--no-deflate", "--pcap", path, input="text Hello\nexpect text Hello\n")
    done = subprocess.run(
        ["tshark", "-r", path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-Y", "websocket", "-T",
         "fields", "-e", "websocket.opcode"], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["1", "1", "8", "8"]
