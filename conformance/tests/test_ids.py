"""--ids: a run of the cases that a file lists, and what `list --json` says for those who make such files."""

import json

import harness
from harness import wsproof

CHOSEN = ["rfc6455/5.6-data-frames/type-is-kept[first=text,second=text]", "rfc6455/2.1-ascii-case/upgrade-in-any-ascii-case[upgrade=WebSocket,connection=Upgrade]"]  # fmt: skip


def listed(directory, ids):
    path = directory / "ids"
    path.write_text("".join(f"{each}\n" for each in ids), encoding="utf-8")
    return path


def test_those_are_played_and_no_others(reference, tmp_path):
    run = harness.Run(reference.url, "--ids", listed(tmp_path, CHOSEN))
    assert run.code == 0 and {case["id"] for case in run.cases} == set(CHOSEN), run.explain()


def test_whatever_their_group(tmp_path):
    heavy = next(case["id"] for case in harness.all_cases() if case["group"] == "heavy")
    path = listed(tmp_path, [heavy, *CHOSEN])
    assert set(wsproof("list", "--ids", path).stdout.splitlines()) == {heavy, *CHOSEN}
    assert wsproof("list", "--ids", path, "--group", "heavy").stdout.splitlines() == [heavy]
    assert wsproof("list", "--ids", path, "5.6").stdout.splitlines() == CHOSEN[:1]


def test_an_id_that_is_not_there_is_usage(tmp_path):
    done = wsproof("list", "--ids", listed(tmp_path, [*CHOSEN, "rfc6455/5.6-data-frames/type-is-kept"]))
    assert done.returncode == 2 and "there is no case rfc6455/5.6-data-frames/type-is-kept\n" in done.stderr
    done = wsproof("list", "--ids", tmp_path / "nothing")
    assert done.returncode == 2 and "nothing: cannot be read" in done.stderr


def test_list_says_what_is_played_unasked(reference, tmp_path):
    cases = json.loads(wsproof("list", "--json", "5.6", "10.4").stdout)
    unasked = {case["id"] for case in cases if case["played_unasked"] and case["under_test"] != "client"}
    assert unasked == {case["id"] for case in harness.Run(reference.url, "5.6", "10.4").cases}
    for case in cases:
        assert case["file"].endswith(case["suite"] + ".json") and case["line"] > 0
