"""Runs engine_bench row by row, all engines of a row interleaved in one process, and makes tables of medians."""

import json
import math
import pathlib
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
OURS, COPY, DEFLATER = "wsproof", "memcpy", "zlib"
NOT_PEERS = {OURS, COPY, DEFLATER}


def row_of(name):
    """What is run together: one row, or all sizes of a family of growth."""
    parts = name.split("/")
    return "/".join(parts[:2]) if parts[0] == "growth" else "/".join(parts[:-1])


def rows_of(program, wanted):
    listing = subprocess.run([program, "--benchmark_list_tests"], capture_output=True, text=True, check=True).stdout
    names = [re.sub(r"/iterations:\d+$", "", line) for line in listing.split()]
    return [row for row in dict.fromkeys(row_of(name) for name in names) if re.search(wanted, row)]


def run_row(program, row, repetitions, seconds):
    """All columns of one row: {name: {"ns": per message, "allocations": per message, ...}}; None where it was wrong."""
    command = [program, f"--benchmark_filter=^{row}/", f"--benchmark_repetitions={repetitions}",
               "--benchmark_enable_random_interleaving=true", f"--benchmark_min_time={seconds}",
               "--benchmark_format=json"]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if result.returncode:
        return {row: None}
    samples = {}
    for run in json.loads(result.stdout)["benchmarks"]:
        name = re.sub(r"/iterations:\d+", "", run["run_name"])
        if run.get("error_occurred"):
            print(f"{name}: {run['error_message']}", file=sys.stderr)
            samples[name] = None
        elif run["run_type"] == "iteration" and samples.get(name, []) is not None:
            samples.setdefault(name, []).append(run)
    return {name: runs and summary(runs) for name, runs in samples.items()}


def summary(runs):
    median = {"ns": statistics.median(run["cpu_time"] / run.get("messages", 1) for run in runs)}
    for counter in ("allocations", "ratio", "bytes"):
        if counter in runs[0]:
            median[counter] = statistics.median(run[counter] for run in runs)
    return median


def number(value):
    if value is None:
        return "-"
    for limit, form in ((10, "{:.2f}"), (100, "{:.1f}"), (10000, "{:.0f}")):
        if value < limit:
            return form.format(value)
    return f"{value / 1e3:.1f}k" if value < 1e6 else f"{value / 1e6:.2f}M"


def print_table(title, head, rows):
    print(f"\n{title}\n")
    widths = [max(len(str(row[i])) for row in [head, *rows]) for i in range(len(head))]
    for number_of_line, row in enumerate([head, *rows]):
        cells = [str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        print(f"| {' | '.join(cells)} |")
        if number_of_line == 0:
            print(f"|{'|'.join('-' * (width + 2) for width in widths)}|")


def by_row(results):
    rows = {}
    for name, result in results.items():
        row, _, engine = name.rpartition("/")
        rows.setdefault(row, {})[engine] = result
    return rows


class Goals:
    """goals.json: what each row is to reach, and what the best known engines did elsewhere."""

    def __init__(self, results):
        self.table = json.loads((HERE / "goals.json").read_text(encoding="utf-8"))
        self.speed_then = self.table["best_known"]["memcpy_bytes_per_ns"]
        sizes = {"64K": 64 << 10, "1M": 1 << 20, "16M": 16 << 20}
        self.speed_now = {size: sizes[size] / results[name]["ns"] for size in sizes
                          if results.get(name := f"memcpy/{size}/memcpy")}

    def ratio(self, row):
        return next((ratio for pattern, ratio in self.table["ratios"] if re.search(pattern, row)), None)

    def best_known(self, row):
        """ns, scaled by what memcpy did there and does here."""
        best = self.table["best_known"]["ns"].get(row)
        size = row.rpartition("/")[2]
        size = size if size in ("1M", "16M") else "64K"
        if best is None or size not in self.speed_now:
            return None
        return best * self.speed_then[size] / self.speed_now[size]


def print_times(results):
    goals = Goals(results)
    rows = {row: engines for row, engines in by_row(results).items() if not row.startswith(("growth/", "idle/"))}
    peers = sorted({e for engines in rows.values() for e in engines} - NOT_PEERS)
    lines, met, judged = [], 0, 0
    for row, engines in rows.items():
        ours = engines.get(OURS)
        ns = {engine: result["ns"] for engine, result in engines.items() if result}
        best = min((ns[peer] for peer in peers if peer in ns), default=None)
        if ours is None:
            continue
        ratio = best / ours["ns"] if best else None
        goal = goals.ratio(row) if best else None
        is_met = goal is not None and ratio >= 0.9 * goal
        met, judged = met + is_met, judged + (goal is not None)
        known = goals.best_known(row)
        lines.append([row, number(ours["ns"]), *[number(ns.get(peer)) for peer in peers],
                      "-" if ratio is None else f"{ratio:.2f}",
                      "-" if goal is None else f"{goal:g}{'' if is_met else ' !'}",
                      f"{known / ours['ns']:.2f}" if known else "-",
                      f"{ours['ns'] / ns[COPY]:.2f}" if COPY in ns else "-",
                      f"{ours['ns'] / ns[DEFLATER]:.2f}" if DEFLATER in ns else "-",
                      f"{ours['allocations']:.3g}", f"{ours['ratio']:.3f}" if "ratio" in ours else "-"])
    if not lines:
        return
    head = ["CPU ns per message", OURS, *peers, "x best", "goal", "x known", "/memcpy", "/zlib", "allocs", "deflated"]
    print_table("Times: medians. x best: times as fast as the best packaged peer; goal: what that is to be, 0.9 of it "
                "being a tie; x known: the same by the best engine known, scaled by memcpy", head, lines)
    print(f"\n{met} of {judged} goals met")


def print_idle(results):
    rows = {row: engines for row, engines in by_row(results).items() if row.startswith("idle/")}
    engines = sorted({engine for row in rows.values() for engine in row}, key=lambda engine: (engine != OURS, engine))
    lines = [[row, *[number(row_engines[e]["bytes"]) if row_engines.get(e) else "-" for e in engines]]
             for row, row_engines in rows.items()]
    if lines:
        print_table("Heap of an idle connection, bytes", ["row", *engines], lines)


def slope(points):
    """The exponent of growth: least squares on two logarithmic axes."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    x_mean, y_mean = statistics.fmean(xs), statistics.fmean(ys)
    return sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys)) / sum((x - x_mean) ** 2 for x in xs)


def slopes(results):
    families = {}
    for name, result in results.items():
        if name.startswith("growth/") and result:
            _, family, size, _ = name.split("/")
            families.setdefault(family, []).append((int(size), result["ns"]))
    return {family: slope(sorted(points)) for family, points in families.items() if len(points) > 1}


def print_growth(results):
    lines = []
    for family, exponent in slopes(results).items():
        points = sorted((int(name.split("/")[2]), result["ns"]) for name, result in results.items()
                        if name.startswith(f"growth/{family}/") and result)
        lines.append([family, f"{points[0][0]} to {points[-1][0]}", number(points[0][1]), number(points[-1][1]),
                      f"{exponent:.2f}"])
    if lines:
        print_table("Growth of cost: 1 is linear", ["doubled", "from, to", "ns first", "ns last", "slope"], lines)
