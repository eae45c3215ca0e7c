"""What the black-box tests share: the command under test, servers as child processes, and runs with their reports."""

import functools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
PLAYED = ("core", "fail-fast", "robustness")  # groups that a run plays unless it is told which
BAD = ("fail", "crash", "hang", "flaky", "blocked")
# Plain cases, by the role under test.
SMOKE = {
    "server": ("rfc6455/4.2.2-the-response*", "rfc6455/5.6-data-frames/type-is-kept*"),
    "client": ("rfc6455/4.1-the-request-of-a-client/correct-request", "rfc6455/5.6-data-frames/type-is-kept*"),
}
# What an oddity of a client could be failed for.
SOME_OF_CLIENTS = (
    "rfc6455/4.1*", "rfc6455/5.1-masked-by-a-server/*", "rfc6455/5.3-mask-keys-of-a-client/fresh*", "rfc6455/5.4-fragmentation/*",
    "rfc6455/5.5*", "rfc6455/5.6-data-frames/type-is-kept*", "rfc6455/7.1-closing-with-a-server/*", "rfc6455/7.3*",
    "rfc6455/8.1-utf8/character-split*", "rfc7692/7.1-answers-to-a-client/*", "rfc7692/7.2-messages-of-a-client/*",
)  # fmt: skip
# What no run may leave on standard error, whatever the server does.
SIGNS_OF_A_CRASH = ("AddressSanitizer", "LeakSanitizer", "runtime error:", "terminate called", "Assertion", "core dumped")


def find_wsproof():
    if "WSPROOF_BIN" in os.environ:
        return str(pathlib.Path(os.environ["WSPROOF_BIN"]).resolve())
    built = [path for path in TOP.glob("build/*/tools/wsproof/wsproof") if os.access(path, os.X_OK)]
    built.sort(key=lambda path: path.stat().st_mtime)
    if not built:
        raise FileNotFoundError("there is no wsproof: tools/build dev wsproof, or set WSPROOF_BIN")
    return str(built[-1])


def end(process, patience=5):
    """Asks a child process to end; kills it if it does not within so many seconds."""
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Server:
    """A server as a child process, from its line `listening on URL` to its end. For `with`."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.match(r"listening on ([a-z]+://[^\s;]+)", line)
        if not found:
            self.stop()
            raise RuntimeError(f"{command}: {line!r} {self.process.stderr.read()}")
        self.url = found[1]

    @property
    def target(self):
        """The arguments that `wsproof test` takes for it."""
        return [self.url, *(["--insecure"] if self.url.startswith("wss:") else [])]

    @property
    def port(self):
        return int(self.url.rstrip("/").rpartition(":")[2])

    def stop(self):
        end(self.process)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.process.stdout.close()
        self.process.stderr.close()


def faulty_peer(fault=None):
    return Server(sys.executable, HERE / "faulty_peer.py", *(["--fault", fault] if fault else []))


def faulty_client(fault=None):
    """The command of a client under test."""
    words = [sys.executable, "-SE", str(HERE / "faulty_client.py"), *(["--fault", fault] if fault else [])]
    return shlex.join(words) + " {url}"


def hostile_server(name):
    return Server(sys.executable, HERE / "hostile_servers.py", name)


def reference_server(*options):
    return Server(find_wsproof(), "echo", "--port", "0", "--close-timeout", "300", *options)


def wsproof(*arguments, timeout=300, **options):
    """Runs the command to its end; a crash of it is an AssertionError here."""
    done = subprocess.run(
        [find_wsproof(), *arguments], capture_output=True, text=True, errors="replace", timeout=timeout, check=False, **options
    )
    assert_no_crash(done)
    return done


def assert_no_crash(done):
    assert done.returncode >= 0, f"ended by signal {-done.returncode}: {done.stderr}"
    for sign in SIGNS_OF_A_CRASH:
        assert sign not in done.stderr, done.stderr


class Run:
    """A finished `wsproof test`: of a URL, or with "--client" and a command in its place."""

    def __init__(self, *arguments, timeout=600):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory, "report.json")
            done = wsproof("test", *arguments, "--json", path, timeout=timeout)
            self.report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def cases(self):
        return self.report["cases"] if self.report else []

    @property
    def bad(self):
        return [case for case in self.cases if case["behaviour"] in BAD or case["closing"] == "not-closed"]

    def explain(self):
        """For the message of a failed assertion: the worst of each bad case."""
        lines = [f"exit code {self.code}", self.err.strip()]
        for case in self.bad[:20]:
            finding = case["findings"][0] if case["findings"] else {}
            lines.append(
                f"{case['behaviour']}/{case['closing']} {case['id']}: {finding.get('requirement')} "
                f"{finding.get('text')} | got {finding.get('got')} {case['reason']}"
            )
        return "\n".join(lines)


@functools.lru_cache(maxsize=1)
def all_cases():
    """What `wsproof list --json` says of each case."""
    return json.loads(wsproof("list", "--json").stdout)


def citing(clauses, role="server"):
    """Filters for the cases that cite one of these rows, and a few plain ones: monitors watch those too."""
    cases = [case for case in all_cases() if case["group"] in PLAYED and case["under_test"] in (role, "either")]
    ids = {case["id"].partition("[")[0] for case in cases if set(case["requires"]) & set(clauses)}
    return [*sorted(ids), *SMOKE[role]]
