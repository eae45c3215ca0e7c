"""What a case of a report comes to as a test, and the text of a failure."""

import re
import shlex

BAD = ("fail", "crash", "hang", "flaky", "blocked", "harness-error")
ARROWS = {"sent": "->", "received": "<-", "note": "--"}
WIRE_SHOWN = 40  # entries of a transcript
HEX_SHOWN = 32  # bytes of an entry


def is_failure(case):
    return case["behaviour"] in BAD or case["closing"] == "not-closed"


def verdict_of(case):
    return "not-closed" if case["behaviour"] not in BAD and case["closing"] == "not-closed" else case["behaviour"]


def is_allowed(case, report):
    """--allow of `wsproof test` puts up with it."""
    return case["behaviour"] in report["run"]["allow"] and not case["closing"] == "not-closed"


def is_named_by(pattern, case):
    """An entry of a baseline names an id, one without parameters, or a glob (* and ?) over either."""
    glob = re.compile("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern), re.DOTALL)
    return any(glob.fullmatch(name) for name in (case["id"], case["scenario"]))


def unneeded(case, run):
    """The baseline's entry that no case needs any more, if this is the first of the cases that it names; else None."""
    for note in run.notes:
        if note["note"] == "no longer needed":
            named = (each for each in run.cases.values() if is_named_by(note["case"], each) and each["plays"] > 0
                     and each["behaviour"] not in ("unsupported", "blocked"))  # fmt: skip
            first = next(named, None)
            if first is not None and first["id"] == case["id"]:
                return note
    return None


def clause_of(case):
    """"RFC 6455 §5.4": of what went wrong, or else of the section that the case is in."""
    for finding in case["findings"]:
        if finding["clause"]:
            return finding["clause"]
    cited = next(iter(case["requires"]), "")
    return f"RFC {cited.partition('-')[0]} §{case['section']}" if cited else f"§{case['section']}"


def headline(case):
    return f"{verdict_of(case)}: {case['title']} ({clause_of(case)})"


def explain(case, run, tool):
    """Title, clause, what was sent, expected and got, the wire, and the command that plays it again."""
    lines = [headline(case), f"  case      {case['id']}"]
    if case["reason"]:
        lines.append(f"  reason    {case['reason']}")
    for finding in case["findings"]:
        lines += finding_lines(finding, case, run.rows)
    if case["behaviour"] not in BAD and case["closing"] == "not-closed":
        lines.append("  got       TCP is still open after the closing handshake")
    if case["closing"] not in ("not-judged", "clean"):
        lines.append(f"  closing   {case['closing']}")
    if case["why"]:
        lines.append(f"  why       {case['why']}")
    lines += wire_lines(case["transcript"])
    lines.append(f"  again     {again(case, run, tool)}")
    return "\n".join(printable(line) for line in lines)


def finding_lines(finding, case, rows):
    row = rows.get(finding["requirement"])
    if finding["text"] != case["title"]:
        yield f"  {finding['verdict']:<9} {finding['text']}"
    if finding["segment"]:
        yield f"  cut       {finding['segment']}"
    if finding["sent"]:
        yield f"  sent      {finding['sent']}"
    for number, expected in enumerate(finding["expected"]):
        yield f"  {'      or' if number else 'expected'}  {expected}"
    yield f"  got       {finding['got']}"
    if row:
        because = f", {finding['because']}" if finding["because"] else ""
        yield f"  clause    {finding['clause']}, {row['level']}: {row['summary']} ({row['id']}{because})"
    elif finding["clause"]:
        yield f"  clause    {finding['clause']}"


def wire_lines(transcript):
    if transcript:
        yield "  wire"
    head, tail = transcript[: WIRE_SHOWN // 2], transcript[WIRE_SHOWN // 2 :]
    left_out = max(0, len(tail) - WIRE_SHOWN // 2)
    for entry in head:
        yield wire_line(entry)
    if left_out:
        yield f"    … {left_out} more …"
    for entry in tail[left_out:]:
        yield wire_line(entry)


def wire_line(entry):
    connection = "" if entry["connection"] == "main" else f"[{entry['connection']}] "
    line = f"    {entry['ms']:9.1f} ms {connection}{ARROWS[entry['kind']]} {entry['summary']}"
    if entry.get("hex") and not entry["summary"].startswith("HTTP:"):
        shown = entry["hex"].replace(" ", "")[: 2 * HEX_SHOWN]
        more = "…" if entry["size"] > HEX_SHOWN else ""
        line += "  | " + " ".join(shown[at : at + 2] for at in range(0, len(shown), 2)) + more
    return line


def again(case, run, tool):
    """Run it by the command alone: the suite's own file, and of the run's options those that are not files of suites."""
    asked = run.report["run"]
    options = iter(asked["options"])
    kept = []
    for option in options:
        if option == "--scenarios":
            next(options)
        else:
            kept.append(option)
    words = [str(tool.path), *asked["command"], *kept, "--scenarios", case["file"], "--group", case["group"]]
    words += ["--segment", case["segment"]] if case["segment"] else []
    return shlex.join([*words, case["id"], "--transcript"])


def printable(text):
    """Nothing that a peer sent moves the cursor of who reads it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
