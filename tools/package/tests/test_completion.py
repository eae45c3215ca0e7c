"""Completion and the manual know all that --help knows; and the shells take what they are given."""

import os
import pty
import re
import select
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


def zsh_line(folder, typed):
    """What the line editor of a real zsh makes of what is typed, TAB at its end; `folder` has the script as a distribution
    installs it."""
    own, other = pty.openpty()
    process = subprocess.Popen(["zsh", "-f", "-i"], stdin=other, stdout=other, stderr=other, close_fds=True, start_new_session=True,
                               env={"HOME": str(folder), "PATH": f"{folder}:/usr/bin:/bin", "TERM": "dumb", "LC_ALL": "C.UTF-8"})  # fmt: skip
    os.close(other)

    def until(mark):
        seen = ""
        while mark not in seen:
            assert select.select([own], [], [], 30)[0], seen
            seen += os.read(own, 65536).decode("utf-8", "replace")
        return seen

    try:
        setup = f"fpath=({folder}/functions $fpath); autoload -U compinit; compinit -u -d {folder}/dump; PS1=; setopt no_list_beep"
        os.write(own, f"{setup}; print ready-$((1+1))\n".encode())
        until("ready-2")
        # ^O prints the line in place of running it.
        os.write(own, f"show() {{ print -r -- \"<$BUFFER>\"; BUFFER=; zle accept-line }}; zle -N show; bindkey '^O' show; print ready-$((1+2))\n".encode())
        until("ready-3")
        os.write(own, typed.encode() + b"\t\x0f")
        return re.search(r"<(.*?)>", until(">").replace("\r", "").replace("\n", "")).group(1)
    finally:
        process.kill()
        process.wait()
        os.close(own)


def test_zsh_completes(tmp_path):
    if not shutil.which("zsh"):
        pytest.skip("no zsh here")
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions/_wsproof").write_text(harness.wsproof("completion", "zsh").stdout, encoding="utf-8")
    (tmp_path / "wsproof").symlink_to(WSPROOF)
    assert zsh_line(tmp_path, "wsproof te") == "wsproof test "
    assert zsh_line(tmp_path, "wsproof report m") == "wsproof report merge "
    assert zsh_line(tmp_path, "wsproof test ws://127.0.0.1/ --juni") == "wsproof test ws://127.0.0.1/ --junit="
    assert zsh_line(tmp_path, "wsproof test --color al") == "wsproof test --color always "


def test_fish_completes(tmp_path):
    if not shutil.which("fish"):
        pytest.skip("no fish here")
    path = tmp_path / "wsproof.fish"
    path.write_text(harness.wsproof("completion", "fish").stdout, encoding="utf-8")
    (tmp_path / "wsproof").symlink_to(WSPROOF)

    def fish(line):
        done = subprocess.run(["fish", "--no-config", "-c", f"source {path}; complete -C {shlex.quote(line)}"], capture_output=True,
                              text=True, check=True, env={"HOME": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin"})  # fmt: skip
        assert done.stderr == ""
        return [entry.split("\t")[0] for entry in done.stdout.splitlines()]

    assert fish("wsproof te") == ["test"]
    assert fish("wsproof report ") == ["diff", "html", "merge"]
    assert fish("wsproof test --color a") == ["always", "auto"]
    assert "rfc6455/5.4-fragmentation/two-fragments" in fish("wsproof explain rfc6455/5.4-fragmentation/two-")


def test_a_shell_that_is_not_known():
    done = harness.wsproof("completion", "tcsh")
    assert done.returncode == 2 and "bash" in done.stderr
