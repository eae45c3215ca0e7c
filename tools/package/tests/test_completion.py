"""Completion and the manual know all that --help knows; and the shells take what they are given."""

import re
import shlex
import shutil
import subprocess

import pytest

from test_install import harness

WSPROOF = harness.find_wsproof()
OPTION = re.compile(r"^  (?:(-\w),)?(--[\w-]+)", re.MULTILINE)


def commands(*path):
    """Each command with the text of its --help, those below it included."""
    text = harness.wsproof(*path, "--help").stdout
    yield path, text
    section = re.search(r"^Subcommands:\n((?:  .*\n)+)", text, re.MULTILINE)
    for name in re.findall(r"^  (\S+) ", section.group(1), re.MULTILINE) if section else []:
        yield from commands(*path, name)


COMMANDS = list(commands())


def options_of(text):
    return [name for match in OPTION.finditer(text) for name in match.groups() if name]


def bash(*words):
    """What bash offers for the last of these words."""
    script = harness.wsproof("completion", "bash").stdout
    line = " ".join(map(shlex.quote, [WSPROOF, *words]))
    script += f'\nCOMP_WORDS=({line}); COMP_CWORD={len(words)}; _wsproof; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(("path", "text"), COMMANDS, ids=lambda value: "-".join(value) if isinstance(value, tuple) else "")
def test_bash_knows_each_option(path, text):
    assert sorted(bash(*path, "-")) == sorted(options_of(text)) != []


def test_bash_knows_commands_values_files_and_cases(tmp_path, monkeypatch):
    assert bash("te") == ["test"] and bash("report", "") == ["html", "merge", "diff"]
    assert "completion" not in bash("")
    assert bash("test", "--color", "a") == bash("test", "--color", "=", "a") == ["auto", "always"]
    assert bash("test", "--allow", "") == ["flaky", "blocked"] and "fail-fast" in bash("list", "--group", "")
    assert bash("test", "--seed", "") == []
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.json").write_text("", encoding="utf-8")
    assert bash("test", "ws://127.0.0.1/", "--baseline", "rep") == bash("report", "html", "rep") == ["report.json"]
    found = bash("explain", "rfc6455/5.4-fragmentation/two-")
    assert "rfc6455/5.4-fragmentation/two-fragments" in found and len(found) == len(set(found))


def test_the_manual_has_all_and_no_mistake():
    page = harness.wsproof("manual").stdout
    plain = page.replace("\\-", "-")
    for path, text in COMMANDS:
        if "Subcommands:" not in text:
            (section,) = re.findall(rf"^\.SS wsproof {' '.join(path)}\n(.*?)(?=^\.S[SH] )", plain, re.MULTILINE | re.DOTALL)
            for option in options_of(text):
                assert option in ("-h", "--help") or f"\\fB{option}\\fR" in section, (path, option)
    for exit_code in ("0", "1", "2", "3", "4", "130"):
        assert f".B {exit_code}\n" in page
    if shutil.which("groff"):
        done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-z"], input=page, capture_output=True, text=True, check=True)
        assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_well_formed(shell, tmp_path):
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    path = tmp_path / "script"
    path.write_text(harness.wsproof("completion", shell).stdout, encoding="utf-8")
    done = subprocess.run([shell, "-n", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stderr == ""


def test_fish_knows_each_option(tmp_path):
    if not shutil.which("fish"):
        pytest.skip("no fish here")
    path = tmp_path / "wsproof.fish"
    path.write_text(harness.wsproof("completion", "fish").stdout, encoding="utf-8")
    for command, text in COMMANDS:
        line = " ".join(["wsproof", *command, "-"])
        done = subprocess.run(["fish", "--no-config", "-c", f"source {path}; complete -C {line!r}"], capture_output=True, text=True,
                              check=True, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})  # fmt: skip
        offered = {entry.split("\t")[0] for entry in done.stdout.splitlines()}
        assert {name for name in options_of(text) if name.startswith("--")} <= offered, (command, done.stdout)


def test_zsh_knows_each_option(tmp_path):
    """zsh completes in its line editor alone, so the options are read off the calls of _arguments."""
    if not shutil.which("zsh"):
        pytest.skip("no zsh here")
    script = harness.wsproof("completion", "zsh").stdout
    stub = "_arguments() { print -rl -- \"$@\" }; _describe() { : }; compdef() { : }\n"
    for command, text in COMMANDS:
        name = "_".join(["_wsproof", *command]).replace("-", "_")
        done = subprocess.run(["zsh", "-f", "-c", f"{stub}{script}\n{name}"], capture_output=True, text=True, check=True)
        assert done.stderr == ""
        offered = {re.sub(r"[=+]?\[.*", "", re.sub(r"^(\([^)]*\)|\*)", "", line)) for line in done.stdout.splitlines()}
        assert set(options_of(text)) <= offered, (command, offered)


def test_a_shell_that_is_not_known():
    done = harness.wsproof("completion", "tcsh")
    assert done.returncode == 2 and "bash" in done.stderr
