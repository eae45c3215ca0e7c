"""The wsproof command: where it is, what it lists, and one run of it."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import pytest

GRACE = 15.0  # seconds for an interrupted run to end what it has started and write its report
RUN_CODES = (0, 1, 4, 130)  # those that a run with verdicts can end with


class ToolError(Exception):
    """The command could not do what it was asked for; the text is its own."""


def find(option, directory):
    """--wsproof-bin, $WSPROOF_BIN, PATH, or the newest build of the tree that this file lies in."""
    for name, given in (("--wsproof-bin", option), ("WSPROOF_BIN", os.environ.get("WSPROOF_BIN"))):
        if given:
            path = shutil.which(given)
            if path is None:
                raise pytest.UsageError(f"{name} {given}: there is no such command")
            return Tool(pathlib.Path(path).resolve(), directory)
    if path := shutil.which("wsproof"):
        return Tool(pathlib.Path(path).resolve(), directory)
    top = pathlib.Path(__file__).resolve().parents[3]
    built = [path for path in top.glob("build/*/tools/wsproof/wsproof") if os.access(path, os.X_OK)]
    if not built:
        raise pytest.UsageError("the command wsproof is not on PATH: --wsproof-bin or WSPROOF_BIN says where it is")
    return Tool(max(built, key=lambda path: path.stat().st_mtime), directory)


class Tool:
    def __init__(self, path, directory):
        """`directory` is where relative paths of options count from."""
        self.path = path
        self.directory = directory

    def cases(self, files):
        """What `wsproof list --json` says of each case in these files. Raises ToolError with what is wrong with them."""
        return self._json("list", "--json", *scenarios(files))

    def own_suites(self):
        """The folder of the suites that it has without --scenarios."""
        case = self.cases([])[0]
        return pathlib.Path(case["file"].removesuffix(f"/{case['suite']}.json"))

    def requirements(self):
        """The rows of the RFCs by id, for the sentence of each."""
        return {row["id"]: row for row in self._json("requirements", "--json")}

    def play(self, target, options, files, ids, report):
        """Plays these cases in one run, which leaves its report in `report`, and returns it. Raises ToolError."""
        with tempfile.TemporaryDirectory() as directory:
            listed = pathlib.Path(directory, "cases")
            listed.write_text("".join(f"{each}\n" for each in ids), encoding="utf-8")
            code, errors = self._run(["test", *target, *options, *scenarios(files), "--ids", str(listed),
                                      "--json", str(report), "--quiet", "--color", "never"])  # fmt: skip
        if code not in RUN_CODES or not report.exists():
            raise ToolError(errors.strip() or f"{self.path} ended with {code} and said nothing")
        return json.loads(report.read_text(encoding="utf-8"))

    def _json(self, *words):
        done = subprocess.run([self.path, *words], cwd=self.directory, capture_output=True, encoding="utf-8",
                              errors="replace", check=False)  # fmt: skip
        if done.returncode != 0:
            raise ToolError(done.stderr.strip() or f"{self.path} {words[0]} ended with {done.returncode}")
        return json.loads(done.stdout)

    def _run(self, words):
        """Runs to the end. It gets no Ctrl-C of the terminal's, but ours: a second one would cut short its tidying up."""
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen([self.path, *words], cwd=self.directory, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True)  # fmt: skip
            try:
                code = process.wait()
            except BaseException:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(GRACE)
                except BaseException:
                    process.kill()
                    process.wait()
                raise
            errors.seek(0)
            return code, errors.read().decode(errors="replace")


def scenarios(files):
    return [word for file in files for word in ("--scenarios", str(file))]
