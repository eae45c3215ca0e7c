"""The command as its users meet it: what it prints, writes and exits with."""

import json
import os
import pathlib
import pty
import re
import select
import shlex
import signal
import socket
import subprocess
import xml.etree.ElementTree as xml

import pytest

import harness
from harness import wsproof

PING = "5.5.2-ping/ping-is-answered"
TYPE = "5.6-data-frames/type-is-kept"
SUITE = {
    "suite": "rfc6455/9.9-own", "version": 1, "section": "5.5.2", "title": "Own",
    "scenarios": [{
        "id": "ping", "title": "A Ping is answered", "requires": ["6455-5.5.2-2"], "under_test": "server",
        "level": "must", "steps": [{"send": {"frame": "ping", "payload": "a"}}, {"expect": {"pong": "a"}}],
    }],
}  # fmt: skip


def own_suite(directory, **changes):
    """Writes SUITE with changes to its one scenario, where the loader wants it."""
    suite = json.loads(json.dumps(SUITE))
    suite["scenarios"][0].update(changes)
    path = pathlib.Path(directory, "rfc6455", "9.9-own.json")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(suite), encoding="utf-8")
    return directory, path


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


# Finding one's way.


def test_without_arguments_it_says_what_there_is():
    done = wsproof()
    assert done.returncode == 2 and "test" in done.stderr and "list" in done.stderr


def test_help_and_version():
    assert "Exit codes" in wsproof("--help").stdout
    assert wsproof("--version").stdout.startswith("wsproof ")
    assert "--json" in wsproof("test", "--help").stdout


def test_the_cases_that_the_help_names_are_there():
    named = re.findall(r"wsproof explain (\S+)", wsproof("--help").stdout)
    assert named and all(wsproof("explain", each).returncode == 0 for each in named)


def test_an_unknown_option_is_usage_and_has_a_suggestion():
    done = wsproof("test", "ws://127.0.0.1:1/", "--jsom", "x")
    assert done.returncode == 2 and "--jsom" in done.stderr and "--json" in done.stderr


def test_an_unknown_command_is_usage():
    done = wsproof("lsit")
    assert done.returncode == 2 and "lsit" in done.stderr and "list" in done.stderr


@pytest.mark.parametrize("arguments", [["--jobs", "0"], ["--jobs", "many"], ["--max-time", "-1"], ["--color", "blue"]])
def test_a_bad_value_is_usage(arguments):
    done = wsproof("test", "ws://127.0.0.1:1/", *arguments)
    assert done.returncode == 2 and arguments[0] in done.stderr and "wsproof test --help" in done.stderr


# list, explain.


def test_list_shows_each_case_once():
    ids = wsproof("list").stdout.split("\n")[:-1]
    assert len(ids) >= 150 and len(set(ids)) == len(ids)
    assert ids == [case["id"] for case in harness.all_cases()]


def test_list_filters():
    ids = wsproof("list", "rfc6455/5.4*").stdout.split()
    assert ids and all(each.startswith("rfc6455/5.4") for each in ids)
    assert all("ping" in each for each in wsproof("list", "ping").stdout.split("\n")[:-1])


def test_a_filter_that_selects_nothing_is_usage_and_has_a_suggestion():
    done = wsproof("list", "ping-is-anserwed")
    assert done.returncode == 2 and "ping-is-anserwed" in done.stderr and "ping-is-answered" in done.stderr
    assert wsproof("test", "ws://127.0.0.1:1/", "ping-is-anserwed").returncode == 2


def test_explain_says_what_is_sent_expected_and_cited():
    case = next(case["id"] for case in harness.all_cases() if PING in case["id"])
    done = wsproof("explain", case)
    assert done.returncode == 0
    for word in (case, "RFC 6455", "5.5.2", "Ping", "Pong"):
        assert word in done.stdout


def test_explain_of_nothing_is_usage():
    done = wsproof("explain", "no-such-case")
    assert done.returncode == 2 and "no-such-case" in done.stderr


@pytest.mark.parametrize(("under_test", "whom"), [("server", "URL"), ("client", "--client 'CMD {url}'")])
def test_explain_says_how_to_play_a_case_of_ones_own(tmp_path, under_test, whom):
    _, path = own_suite(tmp_path, under_test=under_test)
    done = wsproof("explain", "ping", "--scenarios", path)
    assert done.returncode == 0, done.stderr
    assert f"play      wsproof test {whom} --scenarios {path} 'rfc6455/9.9-own/ping'\n" in done.stdout


@pytest.mark.parametrize("words", [("test", "ws://127.0.0.1:1/"), ("list",), ("explain",)])
def test_a_file_of_scenarios_in_the_place_of_a_filter_is_told_its_option(tmp_path, words):
    _, path = own_suite(tmp_path)
    done = wsproof(*words, path)
    assert done.returncode == 2 and f"--scenarios {path} takes the cases from it" in done.stderr
    assert "is there as a file" not in wsproof(*words, "no-such-case").stderr


# echo.


def test_echo_ends_by_a_signal():
    for number in (signal.SIGTERM, signal.SIGINT):
        with harness.reference_server() as server:
            server.process.send_signal(number)
            assert server.process.wait(10) == 0


def test_echo_writes_its_port(tmp_path):
    with harness.reference_server("--port-file", tmp_path / "port") as server:
        assert int((tmp_path / "port").read_text()) == server.port


def test_echo_on_a_port_that_is_taken(reference):
    done = wsproof("echo", "--port", str(reference.port))
    assert done.returncode == 3 and str(reference.port) in done.stderr


# test: targets.


def test_a_dead_port_was_never_reached():
    port = free_port()
    done = wsproof("test", f"ws://127.0.0.1:{port}/")
    assert done.returncode == 3 and str(port) in done.stderr and "refused" in done.stderr


def test_a_host_that_is_not_there_was_never_reached():
    done = wsproof("test", "ws://nowhere.invalid/")
    assert done.returncode == 3 and "nowhere.invalid" in done.stderr


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "127.0.0.1:1", "ws://", "ws://127.0.0.1:99999/", "ws://a/#b"])
def test_what_is_no_websocket_url_is_usage(url):
    done = wsproof("test", url)
    assert done.returncode == 2 and url in done.stderr


def test_ipv6():
    with harness.faulty_peer("ipv6") as peer:
        run = harness.Run(peer.url, PING)
    assert run.code == 0 and run.cases


# test: scenarios of one's own.


def test_own_scenarios_are_played(reference, tmp_path):
    directory, _ = own_suite(tmp_path)
    run = harness.Run(reference.url, "--scenarios", directory)
    assert run.code == 0 and [case["id"] for case in run.cases] == ["rfc6455/9.9-own/ping"]


def test_a_scenario_file_that_is_not_json(tmp_path):
    directory, path = own_suite(tmp_path)
    path.write_text('{"suite": ', encoding="utf-8")
    done = wsproof("test", "ws://127.0.0.1:1/", "--scenarios", directory)
    assert done.returncode == 2 and path.name in done.stderr


def test_a_scenario_file_that_is_missing(tmp_path):
    done = wsproof("test", "ws://127.0.0.1:1/", "--scenarios", tmp_path / "nothing")
    assert done.returncode == 2 and "nothing" in done.stderr


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"level": "perhaps"}, ["/scenarios/0/level"]),
        ({"steps": [{"sned": "x"}]}, ["/scenarios/0/steps/0", "sned"]),
        ({"steps": []}, ["/scenarios/0/steps"]),
        ({"steps": [{"send": {"frame": "ping", "payload": {"hex": "0g"}}}]}, ["/scenarios/0/steps/0/send"]),
        ({"steps": [{"send": {"frame": "${none}"}}]}, ["/scenarios/0/steps/0", "none"]),
        ({"requires": ["6455-5.5.2-99"]}, ["/scenarios/0/requires", "6455-5.5.2-99"]),
        ({"like": ["bug:Z99"]}, ["/scenarios/0/like", "Z99"]),
    ],
)
def test_a_scenario_that_is_wrong_is_named_with_its_place(tmp_path, changes, words):
    directory, path = own_suite(tmp_path, **changes)
    done = wsproof("test", "ws://127.0.0.1:1/", "--scenarios", directory)
    assert done.returncode == 2 and done.stdout == ""
    for word in (path.name, *words):
        assert word in done.stderr


# test: reports.


def test_the_json_report_is_whole(reference):
    run = harness.Run(reference.url, "5.5.2-ping", "4.4-versions")
    assert run.code == 0
    report = run.report
    wanted = [case for case in harness.all_cases() if "5.5.2-ping" in case["id"] or "4.4-versions" in case["id"]]
    wanted = [case["id"] for case in wanted if case["group"] in ("core", "fail-fast", "robustness")]
    assert [case["id"] for case in report["cases"]] == wanted
    assert report["target"] == reference.url and not report["interrupted"] and not report["ended_early"]
    assert sum(report["totals"]["behaviour"].values()) == report["totals"]["cases"] == len(wanted)
    for case in report["cases"]:
        assert case["requires"] and case["behaviour"] and case["closing"]
        assert case["behaviour"] == "unsupported" or case["transcript"], case["id"]


def test_a_failure_is_reported_in_full():
    with harness.faulty_peer("text-as-binary") as peer:
        run = harness.Run(peer.url, TYPE)
        assert run.code == 1
        failed = next(case for case in run.cases if case["behaviour"] == "fail")
        finding = failed["findings"][0]
        assert finding["requirement"] == "6455-5.6-3" and finding["clause"]
        assert finding["expected"] and finding["got"] and finding["sent"]
        for word in (failed["id"], "RFC 6455", finding["got"]):
            assert word in run.out
        assert any(entry["kind"] == "received" and entry["hex"] for entry in failed["transcript"])
        # The command that plays it again does.
        again = next(line for line in run.out.splitlines() if "wsproof test " in line and failed["id"] in line)
        command = shlex.split(again[again.index("wsproof test ") :])
        assert wsproof(*command[1:]).returncode == 1


def test_a_payload_over_256_bytes_is_said_by_recipe_and_hash():
    with harness.faulty_peer("cuts-at-64-kib") as peer:
        run = harness.Run(peer.url, "5.2-base-framing/binary-of-1-mib")
    assert run.code == 1
    entries = run.cases[0]["transcript"]
    assert all(len(entry.get("hex", "")) <= 2 * (256 + 14) for entry in entries if entry["kind"] != "note")
    assert any(entry.get("generator") for entry in entries if entry["kind"] == "sent")
    assert any(re.fullmatch("[0-9a-f]{64}", entry.get("sha256", "")) for entry in entries)


def test_the_junit_report_parses(tmp_path):
    with harness.faulty_peer("text-as-binary") as peer:
        wsproof("test", peer.url, TYPE, "--junit", tmp_path / "junit.xml")
    root = xml.parse(tmp_path / "junit.xml").getroot()
    cases = root.findall(".//testcase")
    assert root.findall(".//failure")
    assert len(cases) == len([case for case in harness.all_cases() if TYPE in case["id"]])


@pytest.mark.parametrize("option", ["--json", "--junit"])
def test_a_report_that_cannot_be_written_is_known_before_the_run(tmp_path, option):
    for path in (tmp_path / "no" / "directory", tmp_path):
        done = wsproof("test", "ws://127.0.0.1:1/", option, path)
        assert done.returncode == 2 and str(path) in done.stderr


# test: ends and outputs.


def interrupt_in_mid_run(url, path, *arguments):
    command = [harness.find_wsproof(), "test", url, "--json", path, "--jobs", "1", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.readline()  # it has begun
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    harness.assert_no_crash(subprocess.CompletedProcess(command, process.returncode, out, err))
    return process.returncode


def test_ctrl_c_leaves_a_valid_partial_report(tmp_path):
    with harness.faulty_peer("slow-echoes") as peer:
        assert interrupt_in_mid_run(peer.url, tmp_path / "report.json") == 130
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["interrupted"]
    assert len(report["cases"]) == report["totals"]["cases"]
    assert any(case["behaviour"] == "blocked" for case in report["cases"])


def test_ctrl_c_ends_a_wait_for_a_silent_server():
    with harness.hostile_server("silent") as server:
        command = [harness.find_wsproof(), "test", server.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            pidfd = pathlib.Path(f"/proc/{process.pid}/net/tcp")
            while f":{server.port:04X} 01" not in pidfd.read_text():  # until it has connected
                pass
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 130


def test_a_reader_that_goes_away_stops_nothing(reference, tmp_path):
    script = '"$1" test "$2" 5.5.2-ping --json "$3" | head -n 1; exit "${PIPESTATUS[0]}"'
    done = subprocess.run(
        ["bash", "-c", script, "-", harness.find_wsproof(), reference.url, tmp_path / "report.json"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and done.stderr == ""
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["cases"]
    listed = subprocess.run(
        ["bash", "-c", '"$1" list | head -n 1; exit "${PIPESTATUS[0]}"', "-", harness.find_wsproof()],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert listed.returncode == 0 and listed.stderr == ""


def test_colour_is_for_terminals(reference):
    def escapes(*arguments, **environment):
        done = wsproof("test", reference.url, PING, *arguments, env={**os.environ, **environment})
        return "\x1b" in done.stdout

    assert not escapes()
    assert escapes("--color", "always")
    assert not escapes("--color", "never")


@pytest.mark.parametrize("no_colour", [True, False])
def test_on_a_terminal_it_shows_progress(reference, no_colour):
    environment = {**os.environ, "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    if no_colour:
        environment["NO_COLOR"] = "1"
    output = on_terminal([harness.find_wsproof(), "test", reference.url, "5.5.2-ping"], environment)
    assert "5.5.2" in output
    has_colour = re.search("\x1b\\[[0-9;]*[1-9][0-9;]*m", output) is not None
    assert has_colour != no_colour


def on_terminal(command, environment):
    """What the command writes to a terminal; it has to end with 0."""
    own, other = pty.openpty()
    process = subprocess.Popen(command, stdin=other, stdout=other, stderr=other, env=environment, close_fds=True)
    os.close(other)
    output = b""
    while select.select([own], [], [], 60)[0]:
        try:
            data = os.read(own, 65536)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        output += data
    os.close(own)
    assert process.wait(10) == 0
    return output.decode("utf-8", "replace")


def verdicts(run):
    return {case["id"]: case["behaviour"] for case in run.cases}


def test_the_number_of_jobs_changes_no_verdict(reference):
    filters = ("5.4-fragmentation", "5.5", "7.4-status-codes")
    alone, together = harness.Run(reference.url, "--jobs", "1", *filters), harness.Run(reference.url, *filters)
    assert verdicts(alone) == verdicts(together)


@pytest.mark.full
def test_the_number_of_jobs_changes_no_verdict_of_a_whole_run(reference):
    alone, together = harness.Run(reference.url, "--jobs", "1"), harness.Run(reference.url)
    assert alone.code == together.code == 0
    assert verdicts(alone) == verdicts(together)


@pytest.mark.full
def test_the_same_seed_sends_the_same_bytes(correct_peer):
    def sent(run):
        return {
            case["id"]: [entry.get("hex") for entry in case["transcript"] if entry["kind"] == "sent"]
            for case in run.cases
        }

    filters = ("5.3-masking", "5.4-fragmentation")
    first, second = (sent(harness.Run(correct_peer.url, "--seed", "7", *filters)) for _ in range(2))
    assert first == second
    assert first != sent(harness.Run(correct_peer.url, "--seed", "8", *filters))


@pytest.mark.parametrize(
    "options",
    [
        ("--no-deflate",),
        ("--server-max-window-bits", "9", "--client-max-window-bits", "9"),
        ("--server-no-context-takeover", "--client-no-context-takeover"),
    ],
    ids=("no-deflate", "windows-of-9", "no-context-takeover"),
)
def test_the_reference_server_conforms_with_any_deflate(options):
    with harness.reference_server(*options) as server:
        run = harness.Run(server.url)
    assert run.code == 0 and not run.bad, run.explain()
    judged = [case for case in run.cases if case["id"].startswith("rfc7692/7.2") and case["behaviour"] == "pass"]
    assert bool(judged) == (options != ("--no-deflate",))


def test_requirements_names_the_scenarios_that_cite_each_row():
    rows = {row["id"]: row for row in json.loads(wsproof("requirements", "--json", "--role", "server").stdout)}
    assert "rfc6455/5.5.3-pong/pong-repeats-payload" in rows["6455-5.5.3-1"]["scenarios"]
    assert rows["6455-5.5.3-1"]["cases"] > 0 and "client" not in {row["who"] for row in rows.values()}
    cited = {row for case in harness.all_cases() if case["under_test"] != "client" for row in case["requires"]}
    for row in rows.values():
        assert (row["cases"] > 0) == (row["id"] in cited)
        assert not (row["cases"] and "reason" in row)


def test_requirements_says_what_is_not_cited_and_why():
    done = wsproof("requirements", "--role", "server", "--uncited")
    assert done.returncode == 0 and "6455-4.2.2-3  MUST  server  none: " in done.stdout
    due, cited = map(int, re.search(r"(\d+) rows, (\d+) of them cited", done.stdout).groups())
    assert due - cited == done.stdout.count("  none")
    one = wsproof("requirements", "6455-5.5.3-1").stdout
    assert one.startswith("6455-5.5.3-1  MUST  both  ") and "pong-repeats-payload" in one
    assert wsproof("requirements", "7777").returncode == 2
    assert wsproof("requirements", "--role", "proxy").returncode == 2
