"""Known failures as expected ones."""

import json

TYPE = "rfc6455/5.6-data-frames/type-is-kept"


def baseline(session, *entries):
    return session.write("baseline.json", json.dumps({"known": list(entries)}))


def run(session, server, suite, path, *words):
    return session.run("--wsproof-url", server.url, suite, "-k", "type-is-kept", "--wsproof-baseline", path, "-rxX", *words)


def test_a_known_failure_is_expected(session, suite, loses_types):
    path = baseline(session, {"case": TYPE, "reason": "types are lost"})
    outcome = run(session, loses_types, suite, path)
    assert outcome.ret == 0
    outcome.assert_outcomes(xfailed=3, passed=1, deselected=outcome.parseoutcomes()["deselected"])
    outcome.stdout.fnmatch_lines(["XFAIL *::type-is-kept[[]first=text,second=text]*baseline: types are lost*"])


def test_another_failure_is_not(session, suite, loses_types):
    path = baseline(session, {"case": TYPE + "[first=text,second=text]", "reason": "this one"})
    outcome = run(session, loses_types, suite, path)
    assert outcome.ret == 1 and outcome.parseoutcomes()["xfailed"] == 1 and outcome.parseoutcomes()["failed"] == 2


def test_what_is_not_needed_any_more_is_named_once(session, suite, reference):
    path = baseline(session, {"case": TYPE + "*", "reason": "types were lost"})
    outcome = run(session, reference, suite, path)
    assert outcome.ret == 1 and outcome.parseoutcomes()["failed"] == 1 and outcome.parseoutcomes()["passed"] == 3
    outcome.stdout.fnmatch_lines(['*XPASS(strict)*baseline: "rfc6455/5.6-data-frames/type-is-kept[*]" (types were lost) is no longer*'])


def test_runxfail_shows_them(session, suite, loses_types):
    path = baseline(session, {"case": TYPE, "reason": "types are lost"})
    outcome = run(session, loses_types, suite, path, "--runxfail")
    assert outcome.ret == 1 and outcome.parseoutcomes()["failed"] == 3


def test_entries_without_a_case_are_named(session, suite, reference):
    path = baseline(session, {"case": "rfc6455/9.9-gone", "reason": "gone"},
                    {"case": "rfc6455/7*", "reason": "old", "expires": "2020-01-31"})  # fmt: skip
    outcome = run(session, reference, suite, path)
    assert outcome.ret == 0
    outcome.stdout.fnmatch_lines_random(['baseline: "rfc6455/9.9-gone" (gone): matches no case', "baseline: * expired *"])


def test_a_wrong_baseline_is_said_once(session, suite, reference):
    outcome = run(session, reference, suite, session.write("baseline.json", "{"))
    assert outcome.ret == 1
    outcome.assert_outcomes(errors=1, skipped=3, deselected=outcome.parseoutcomes()["deselected"])
    outcome.stdout.fnmatch_lines(["*baseline.json*not JSON*"])
