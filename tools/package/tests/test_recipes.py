"""The recipes of the README and the action: that they parse, name what is there, and do what they say."""

import os
import pathlib
import re
import shlex
import subprocess

import pytest
import yaml

from test_install import TOP, harness

ACTION = TOP / ".github/actions/judge"
WSPROOF = harness.find_wsproof()
INPUT = re.compile(r"\$\{\{ inputs\.([\w-]+)")


def action():
    return yaml.safe_load((ACTION / "action.yml").read_text(encoding="utf-8"))


def recipe(name):
    text = (TOP / "README.md").read_text(encoding="utf-8")
    return re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```\n<!-- /{name} -->", text, re.DOTALL).group(1)


def options_of_test():
    return set(re.findall(r"--[\w-]+", harness.wsproof("test", "--help").stdout))


def judge(directory, **inputs):
    """The step "judge" of the action as a runner does it: the environment that action.yml makes of these inputs."""
    described = action()
    (step,) = (step for step in described["runs"]["steps"] if step["id"] == "judge")
    values = {name: each["default"] for name, each in described["inputs"].items()} | {"command": WSPROOF} | inputs
    environment = {"PATH": os.environ["PATH"], "GITHUB_ACTION_PATH": str(ACTION), "GITHUB_OUTPUT": str(directory / "output"),
                   "GITHUB_STEP_SUMMARY": str(directory / "summary")}  # fmt: skip
    for name, value in step["env"].items():
        environment[name] = values[INPUT.search(value).group(1)]
    done = subprocess.run(["bash", "-c", step["run"]], cwd=directory, env=environment, capture_output=True, text=True, timeout=120,
                          check=False)  # fmt: skip
    outputs = dict(line.split("=", 1) for line in (directory / "output").read_text(encoding="utf-8").splitlines())
    return done, outputs


def test_the_action_names_what_it_has():
    described = action()
    assert described["runs"]["using"] == "composite"
    steps = {step["id"]: step for step in described["runs"]["steps"]}
    for step in steps.values():
        assert step["shell"] == "bash"
        script = pathlib.Path(step["run"].strip('"').replace("$GITHUB_ACTION_PATH", str(ACTION)))
        assert os.access(script, os.X_OK)
    text = (ACTION / "action.yml").read_text(encoding="utf-8")
    assert set(INPUT.findall(text)) | {"command"} == set(described["inputs"])
    for name, output in re.findall(r"steps\.(\w+)\.outputs\.([\w-]+)", text):
        script = (ACTION / name).read_text(encoding="utf-8")
        assert f"{output}=" in script, (name, output)
    for option in re.findall(r"--([a-z]+)", (ACTION / "judge").read_text(encoding="utf-8")):
        assert f"--{option}" in options_of_test(), option


def test_the_action_judges_a_server(tmp_path):
    done, outputs = judge(tmp_path, server=f"{WSPROOF} echo --port {{port}} --close-timeout 300", filters="5.4 type-is-kept")
    assert done.returncode == 0, done.stdout + done.stderr
    assert outputs == {"exit-code": "0", "reports": "wsproof-reports"}
    for name in ("report.json", "report.html", "report.sarif", "junit.xml"):
        assert (tmp_path / "wsproof-reports" / name).stat().st_size > 0
    assert " pass" in (tmp_path / "summary").read_text(encoding="utf-8")


def test_the_action_fails_with_its_server(tmp_path):
    with harness.faulty_peer("text-as-binary") as server:
        done, outputs = judge(tmp_path, url=server.url, filters="type-is-kept", options="--header 'X-Name: a b' --seed 7", reports="out dir")
    assert done.returncode == 1 and outputs == {"exit-code": "1", "reports": "out dir"}
    assert "type-is-kept" in (tmp_path / "summary").read_text(encoding="utf-8")
    assert "X-Name: a b" in (tmp_path / "out dir/report.json").read_text(encoding="utf-8")


def test_the_action_expands_nothing(tmp_path):
    done, _ = judge(tmp_path, url="ws://127.0.0.1:1/", filters="$(touch made) `touch made` *")
    assert done.returncode in (2, 3) and not (tmp_path / "made").exists()


def test_the_action_says_that_nobody_was_there(tmp_path):
    done, outputs = judge(tmp_path, url="ws://127.0.0.1:1/")
    assert done.returncode == 3 and outputs["exit-code"] == "3" and "127.0.0.1:1" in done.stderr


def test_the_recipe_for_github(tmp_path):
    (job,) = yaml.safe_load(recipe("github"))["jobs"].values()
    uses = {step["uses"].partition("@")[0]: step.get("with", {}) for step in job["steps"]}
    (given,) = (value for name, value in uses.items() if name.endswith("/wsproof/.github/actions/judge"))
    assert set(given) <= set(action()["inputs"])
    (upload,) = (value for name, value in uses.items() if name == "github/codeql-action/upload-sarif")
    assert upload["sarif_file"] == action()["inputs"]["reports"]["default"] + "/report.sarif"


def test_the_recipe_for_gitlab():
    (job,) = yaml.safe_load(recipe("gitlab")).values()
    (line,) = (line for line in job["script"] if " test " in line)
    words = shlex.split(line)
    assert {word for word in words if word.startswith("--")} <= options_of_test() | {"--port"}
    assert job["artifacts"]["reports"]["junit"] in words
    tools = [word for line in job["script"] for word in re.findall(r"wsproof/(tools/\w+)", line)]
    assert tools and all((TOP / tool).exists() for tool in tools)


@pytest.mark.parametrize(("fault", "code"), [(None, 0), ("text-as-binary", 2)])
def test_the_recipe_for_make(tmp_path, fault, code):
    """make itself ends with 2 where a command has failed."""
    (tmp_path / "Makefile").write_text(recipe("make"), encoding="utf-8")
    (tmp_path / "known-failures.json").write_text('{"known": []}', encoding="utf-8")
    command = [WSPROOF, "echo", "--close-timeout", "300"] if fault is None else \
        ["/usr/bin/python3", str(harness.HERE / "faulty_peer.py"), "--fault", fault]  # fmt: skip
    server = tmp_path / "my-server"
    server.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    server.chmod(0o755)
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin/wsproof"  # the real one, on fewer cases
    script.write_text(f'#!/bin/sh\nexec {WSPROOF} "$@" type-is-kept\n', encoding="utf-8")
    script.chmod(0o755)
    done = subprocess.run(["make"], cwd=tmp_path, env={**os.environ, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"},
                          capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert (tmp_path / "junit.xml").stat().st_size > 0
