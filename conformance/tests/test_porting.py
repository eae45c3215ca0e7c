"""tools/shims: the sample of PORTING.md is a client that is judged, and the door names all shims."""

import re
import shlex
import sys

import harness

SHIMS = harness.TOP / "tools" / "shims"


def test_the_sample_is_a_shim(tmp_path):
    text = (SHIMS / "PORTING.md").read_text(encoding="utf-8")
    sample = tmp_path / "my_client.py"
    sample.write_text(re.search(r"<!-- sample -->\n```python\n(.*?)```\n<!-- /sample -->", text, re.DOTALL)[1], encoding="utf-8")
    run = harness.Run("--client", f"{shlex.join([sys.executable, str(sample)])} {{url}}", *harness.SMOKE["client"], "7.3-")
    assert run.code == 0, run.explain()
    verdicts = {case["behaviour"] for case in run.cases}
    assert verdicts == {"pass", "unsupported"}  # it does not look at WSPROOF_ACTION
    assert all(case["behaviour"] == "pass" for case in run.cases if "type-is-kept" in case["id"])


def test_each_shim_is_named_at_the_door():
    named = set(re.findall(r"`([a-z]+(?:-[a-z0-9-]+)?)`", (SHIMS / "README.md").read_text(encoding="utf-8")))
    there = {path.parent.name for path in SHIMS.glob("*/shim.sh")}
    assert there and there <= named, there - named
