"""wsproof autobahn: specs, drivers and reports as Autobahn|Testsuite has them."""

import contextlib
import json
import signal
import socket
import subprocess
import sys

import pytest

import autobahn_driver
import harness
from harness import wsproof

WORDS = {"OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED"}
KEYS = {"behavior", "behaviorClose", "remoteCloseCode", "duration", "reportfile"}
# One of each kind; the one that waits is left to the whole.
SOME = ["1.1.*", "2.*", "3.*", "4.1.*", "5.1", "5.3", "5.6", "5.9", "5.15", "6.2.*", "6.3.*", "7.1.*", "7.5.1", "7.7.*", "7.9.1",
        "9.1.1", "9.7.1", "10.*", "12.1.1", "13.3.1"]  # fmt: skip


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def write_spec(directory, **members):
    path = directory / "spec.json"
    path.write_text(json.dumps({"outdir": str(directory / "reports"), "exclude-agent-cases": {}, **members}), encoding="utf-8")
    return path


def index_of(directory):
    return json.loads((directory / "reports" / "index.json").read_text(encoding="utf-8"))


@contextlib.contextmanager
def fuzzingserver(directory, *options, **members):
    """A server of the drop-in that is left to end by itself, or ended by whoever has it."""
    port = free_port()
    spec = write_spec(directory, url=f"ws://127.0.0.1:{port}", **members)
    server = harness.Server(harness.find_wsproof(), "autobahn", "-m", "fuzzingserver", "-s", spec, *options)
    server.base = f"ws://127.0.0.1:{port}"
    with server:
        yield server


def code_of(server, by_signal=signal.SIGTERM):
    if by_signal:
        server.process.send_signal(by_signal)
    code = server.process.wait(30)
    errors = server.process.stderr.read()
    assert not any(sign in errors for sign in harness.SIGNS_OF_A_CRASH), errors
    return code


def bad_ones(index, agent):
    return {number: each for number, each in index[agent].items() if each["behavior"] not in WORDS or each["behaviorClose"] != "OK"}


# fuzzingserver: the client's driver.


def test_a_driver_runs_what_the_spec_selects(tmp_path):
    with fuzzingserver(tmp_path, cases=SOME) as server:
        count = autobahn_driver.drive(server.base, "A driver/1.0")
        index = index_of(tmp_path)
        assert code_of(server) == 0
    assert count == len(index["A driver/1.0"]) > 60
    assert not bad_ones(index, "A driver/1.0")
    for number, each in index["A driver/1.0"].items():
        assert set(each) == KEYS
        file = json.loads((tmp_path / "reports" / each["reportfile"]).read_text(encoding="utf-8"))
        assert (file["id"], file["agent"], file["behavior"]) == (number, "A driver/1.0", each["behavior"])
        assert file["wirelog"] and file["httpRequest"].startswith("GET /runCase?")
    assert (tmp_path / "reports" / "index.html").stat().st_size > 10_000
    # Without an extension there is no compression.
    assert index["A driver/1.0"]["12.1.1"]["behavior"] == index["A driver/1.0"]["13.3.1"]["behavior"] == "UNIMPLEMENTED"


@pytest.mark.full
def test_a_driver_runs_all_to_the_end(tmp_path):
    with fuzzingserver(tmp_path, "--once", cases=["*"]) as server:
        assert autobahn_driver.drive(server.base, "all") == 517
        assert code_of(server, None) == 0
    index = index_of(tmp_path)
    assert len(index["all"]) == 517
    assert not bad_ones(index, "all")


def test_a_driver_may_ask_for_more(tmp_path):
    with fuzzingserver(tmp_path, cases=["2.*", "1.1.1"], **{"exclude-cases": ["2.1*"]}) as server:
        assert autobahn_driver.ask(server.base, "/getCaseCount") == "9"
        info = json.loads(autobahn_driver.ask(server.base, "/getCaseInfo?case=2"))
        assert info["id"] == "2.2" and info["description"]
        assert json.loads(autobahn_driver.ask(server.base, "/getCaseInfo?casetuple=2.9"))["id"] == "2.9"
        autobahn_driver.Client(server.base, "/runCase?case=1&agent=x").run(autobahn_driver.echo)
        assert json.loads(autobahn_driver.ask(server.base, "/getCaseStatus?case=1&agent=x")) == {"behavior": "OK"}
        with pytest.raises(autobahn_driver.Refused, match="404.*has not been played"):
            autobahn_driver.ask(server.base, "/getCaseStatus?case=2&agent=x")
        assert autobahn_driver.ask(server.base, "/updateReports?agent=x&shutdownOnComplete=true") == ""
        assert code_of(server, None) == 0
    assert list(index_of(tmp_path)["x"]) == ["1.1.1"]


@pytest.mark.parametrize(
    "resource, status, word",
    [
        ("/", 404, "there is no /"),
        ("/runcase?case=1&agent=a", 404, "/runCase?"),
        ("/runCase?case=2&agent=a", 400, "no case 2"),
        ("/runCase?case=1", 400, "agent"),
        ("/runCase?case=1&agent=a&cse=1", 400, "case?"),
    ],
)
def test_what_nobody_serves_is_refused(tmp_path, resource, status, word):
    with fuzzingserver(tmp_path, cases=["1.1.1"]) as server:
        with pytest.raises(autobahn_driver.Refused) as refused:
            autobahn_driver.ask(server.base, resource)
        assert str(status) in str(refused.value) and word in str(refused.value)
        assert code_of(server) == 3  # nobody has played


def test_what_is_excluded_for_an_agent_is_closed_and_missing(tmp_path):
    with fuzzingserver(tmp_path, cases=["1.1.1", "2.1"], **{"exclude-agent-cases": {"slow*": ["2.*"]}}) as server:
        autobahn_driver.drive(server.base, "slow one")
        autobahn_driver.drive(server.base, "fast one")
        assert code_of(server) == 0
    assert {agent: sorted(cases) for agent, cases in index_of(tmp_path).items()} == {
        "slow one": ["1.1.1"], "fast one": ["1.1.1", "2.1"]}  # fmt: skip


def test_a_client_that_fails_makes_the_exit_code(tmp_path):
    def deaf(client, opcode, payload):
        client.send(opcode, payload + b"!")

    with fuzzingserver(tmp_path, cases=["1.1.2", "2.2"]) as server:
        for case in (1, 2):
            autobahn_driver.Client(server.base, f"/runCase?case={case}&agent=deaf").run(deaf)
        autobahn_driver.ask(server.base, "/updateReports?agent=deaf")
        assert code_of(server) == 1
    assert [index_of(tmp_path)["deaf"][number]["behavior"] for number in ("1.1.2", "2.2")] == ["FAILED", "OK"]


def test_a_signal_before_the_reports_interrupts(tmp_path):
    with fuzzingserver(tmp_path, cases=["1.1.1"]) as server:
        autobahn_driver.Client(server.base, "/runCase?case=1&agent=x").run(autobahn_driver.echo)
        assert code_of(server, signal.SIGINT) == 130
    assert index_of(tmp_path)["x"]["1.1.1"]["behavior"] == "OK"


def test_drivers_may_run_cases_at_the_same_time(tmp_path):
    with fuzzingserver(tmp_path, cases=["1.*", "2.*"]) as server:
        command = [sys.executable, "-SE", autobahn_driver.__file__, server.base]
        drivers = [subprocess.Popen([*command, agent], stdout=subprocess.DEVNULL) for agent in ("a", "b", "c")]
        assert [driver.wait(60) for driver in drivers] == [0, 0, 0]
        assert code_of(server) == 0
    index = index_of(tmp_path)
    assert {agent: len(cases) for agent, cases in index.items()} == {"a": 27, "b": 27, "c": 27}
    assert not any(bad_ones(index, agent) for agent in index)


# fuzzingclient: servers.


def fuzzingclient(directory, *options, **members):
    spec = write_spec(directory, **members)
    return wsproof("autobahn", "-m", "fuzzingclient", "-s", spec, *options, timeout=600)


def test_a_server_is_played_what_the_spec_selects(tmp_path, reference):
    server = {"agent": "Reference 1.0", "url": reference.url, "options": {"version": 18}}
    done = fuzzingclient(
        tmp_path, options={"failByDrop": False}, servers=[server], cases=SOME, **{"exclude-cases": ["2.1*", "7.7.*"]}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    index = index_of(tmp_path)
    numbers = set(index["Reference 1.0"])
    assert {"1.1.1", "2.2", "13.3.1"} <= numbers and not {"2.1", "2.10", "7.7.1", "1.2.1"} & numbers
    assert not bad_ones(index, "Reference 1.0")
    for each in index["Reference 1.0"].values():
        assert set(each) == KEYS and (tmp_path / "reports" / each["reportfile"]).exists()
    assert index["Reference 1.0"]["12.1.1"]["behavior"] == "OK"


@pytest.mark.full
def test_a_server_is_played_all(tmp_path, reference):
    done = fuzzingclient(tmp_path, servers=[{"agent": "all", "url": reference.url}], cases=["*"])
    assert done.returncode == 0, done.stdout + done.stderr
    index = index_of(tmp_path)
    assert len(index["all"]) == 517 and not bad_ones(index, "all")


def test_excludes_may_be_for_one_agent(tmp_path, reference):
    servers = [{"agent": "one", "url": reference.url}, {"agent": "two", "url": reference.url}]
    done = fuzzingclient(tmp_path, servers=servers, cases=["1.1.1", "2.1"], **{"exclude-agent-cases": {"tw*": ["2.*"]}})
    assert done.returncode == 0, done.stderr
    assert {agent: sorted(cases) for agent, cases in index_of(tmp_path).items()} == {"one": ["1.1.1", "2.1"], "two": ["1.1.1"]}


def test_a_server_that_fails_makes_the_exit_code(tmp_path):
    with harness.faulty_peer("no-pong") as server:
        done = fuzzingclient(tmp_path, servers=[{"agent": "mute", "url": server.url}], cases=["1.1.2", "2.2"])
    assert done.returncode == 1
    assert "2.2 FAILED" in done.stdout
    assert {number: each["behavior"] for number, each in index_of(tmp_path)["mute"].items()} == {"1.1.2": "OK", "2.2": "FAILED"}


def test_a_server_that_is_not_there_does_not_take_the_others_along(tmp_path, reference):
    servers = [{"agent": "gone", "url": f"ws://127.0.0.1:{free_port()}"}, {"url": reference.url}]
    done = fuzzingclient(tmp_path, servers=servers, cases=["1.1.1"])
    assert done.returncode == 3 and "refused" in done.stderr
    (agent,) = index_of(tmp_path)  # it has no name in the spec
    assert index_of(tmp_path)[agent]["1.1.1"]["behavior"] == "OK"


# Usage.


@pytest.mark.parametrize(
    "text, words",
    [
        ('{"cases": ["*"', ["not JSON", "line 1"]),
        ('{"cases": ["*"], "exclude_cases": []}', ["/exclude_cases", "exclude-cases?"]),
        ('{"cases": ["1.1.77"]}', ["/cases/0", "1.1.77"]),
        ('{"cases": ["*"], "servers": []}', ["servers"]),
        ('{"cases": ["*"], "servers": [{"url": "http://127.0.0.1"}]}', ["/servers/0/url", "ws://"]),
    ],
)
def test_a_broken_spec_is_told_with_its_place(tmp_path, text, words):
    path = tmp_path / "spec.json"
    path.write_text(text, encoding="utf-8")
    done = wsproof("autobahn", "-m", "fuzzingclient", "-s", path, cwd=tmp_path)
    assert done.returncode == 2
    for word in [str(path), *words]:
        assert word in done.stderr or word == str(path) and "spec.json" in done.stderr, done.stderr


def test_other_ways_to_get_it_wrong(tmp_path, reference):
    spec = write_spec(tmp_path, cases=["1.1.1"])
    assert wsproof("autobahn", "-s", spec).returncode == 2
    assert wsproof("autobahn", "-m", "fuzzingcleint", "-s", spec).returncode == 2
    missing = wsproof("autobahn", "-m", "fuzzingclient", "-s", tmp_path / "none.json")
    assert missing.returncode == 2 and "cannot be read" in missing.stderr
    nothing = wsproof("autobahn", "-m", "fuzzingclient", cwd=tmp_path)
    assert nothing.returncode == 2 and "fuzzingclient.json" in nothing.stderr
    by_option = wsproof("autobahn", "-m", "fuzzingclient", "-s", spec, "-w", reference.url)
    assert by_option.returncode == 0, by_option.stderr
    (tmp_path / "file").write_text("", encoding="utf-8")
    unwritable = wsproof("autobahn", "-m", "fuzzingclient", "-s", spec, "-w", reference.url, "--outdir", tmp_path / "file" / "x")
    assert unwritable.returncode == 2 and "outdir" in unwritable.stderr
    secure = write_spec(tmp_path, url="wss://127.0.0.1:9001", cases=["1.1.1"])
    assert "TLS" in wsproof("autobahn", "-m", "fuzzingserver", "-s", secure).stderr
