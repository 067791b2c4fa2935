"""How fast papers are filled: the program, docxtpl and five other engines on the same three papers.

Run with ``run bench documents [--quick | --full] [--json]``. ``--full`` measures everything and takes some six
minutes on two cores; ``--quick`` leaves out the engines of npm and some rounds and is done within a minute.
Without either, a table is measured in full and ``--json`` quickly. npm's engines and docx-mailmerge2 are installed once
into ~/.cache/towerdesk-bench and left out where that fails.

All engines get the same strings, and what they print is compared with what docxtpl prints. Each has a process of its
own; all are pinned to the same core and take turns; the unit is CPU time, and a ratio is the median of the ratios
within each round. ``docxtpl`` is whichever of its two uses was faster.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.documents_fixtures import printed, template, values
from benchmarks.documents_processes import (
    NPM,
    NPM_ENGINES,
    Refused,
    install_mailmerge,
    install_npm,
    workers,
)

OURS, WAYS = "towerdesk", ("docxtpl", "docxtpl_reused")
PYTHON = ("mailmerge", "python_docx")
LIMITS = ("bare", "floor")


class Case(NamedTuple):
    """A paper to measure: how many rows, different contexts, rounds and seconds of each engine in a round."""

    name: str
    kind: str
    rows: int
    seeds: int
    rounds: int
    seconds: float
    engines: tuple[str, ...]


def cases(quick: bool) -> list[Case]:
    """What is measured."""
    every: tuple[str, ...] = (OURS, *WAYS, *PYTHON, *LIMITS)
    if not quick:
        every = (OURS, "towerdesk_proved", *WAYS, *PYTHON, *NPM_ENGINES, *LIMITS)
    rounds, seconds = (3, 0.25) if quick else (5, 0.6)
    large = (OURS, WAYS[0], *LIMITS) if quick else tuple(each for each in every if each != "docxtpl_reused")
    return [
        Case("notice", "notice", 0, 8, rounds, seconds, every),
        Case("agreement", "agreement", 0, 8, rounds, seconds, every),
        Case("statement_20", "statement", 20, 8, rounds, seconds, every),
        Case("statement_500", "statement", 500, 2, 2 if quick else 4, 0.2, every),
        Case("statement_5000", "statement", 5_000, 1, 1 if quick else 3, 0.4, large),
        Case("statement_50000", "statement", 50_000, 1, 1 if quick else 2, 0.01, (OURS,)),
    ]


def measure(case: Case, engines: list[str]) -> dict[str, dict[str, Any]]:
    """What each engine took in each round, its memory and size, and whether it printed what docxtpl does."""
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _lay_out(case, folder)
        with workers(engines, case.kind, case.rows, case.seeds, folder) as (alive, refused):
            found |= {engine: {"refused": why} for engine, why in refused.items()}
            if case.rounds > 2 and case.rows < 100:
                # Just-in-time compilers learn first, npm's over hundreds of papers.
                _turn({name: one for name, one in alive.items() if name in NPM_ENGINES}, found, case.seconds * 6)
                _turn(alive, found, case.seconds)
            rounds = [_turn(alive, found, case.seconds) for _ in range(case.rounds)]
            for engine, worker in alive.items():
                times = [turn[engine]["cpu_ms"] for turn in rounds if engine in turn]
                if times and "refused" not in found.get(engine, {}):
                    first = folder / f"{engine}-0.docx"
                    found[engine] = {"times": times, "peak_mb": worker.peak_mb(), "bytes": first.stat().st_size}
        theirs = [printed(path.read_bytes()) for path in sorted(folder.glob("docxtpl-?.docx"))]
        for engine, one in found.items():
            if "times" in one and engine not in (WAYS[0], *LIMITS):
                one["same_text"] = _same(folder, engine, theirs)
    return {engine: found[engine] for engine in engines if engine in found}


def _lay_out(case: Case, folder: Path) -> None:
    """What the engines of npm read: their templates, and each seed's values."""
    for dialect in ("mustache", "carbone"):
        (folder / f"{case.kind}-{dialect}.docx").write_bytes(template(case.kind, dialect))
    if set(case.engines) & set(NPM_ENGINES):
        for seed in range(case.seeds):
            context = values(case.kind, case.rows, seed, flags=(True, False))
            (folder / f"{case.kind}-{case.rows}-{seed}.json").write_text(json.dumps(context), encoding="utf-8")


def _turn(alive: dict[str, Any], found: dict[str, dict[str, Any]], seconds: float) -> dict[str, dict[str, Any]]:
    """Every engine once."""
    turn = {}
    for engine, worker in alive.items():
        if "refused" not in found.get(engine, {}):
            try:
                turn[engine] = worker.ask(seconds)
            except Refused as refused:
                found[engine] = {"refused": str(refused)}
    return turn


def _same(folder: Path, engine: str, theirs: list[tuple[list[str], int]]) -> bool | None:
    """Whether an engine's first papers read as docxtpl's; a mail merge has no conditions and is held to the first."""
    kept = sorted(folder.glob(f"{engine}-?.docx"))[: 1 if engine == "mailmerge" else 2]
    if not kept or not theirs:
        return None
    return all(printed(path.read_bytes()) == wanted for path, wanted in zip(kept, theirs, strict=False))


def judge(found: dict[str, dict[str, Any]]) -> None:
    """Add what the rounds mean: each engine's median, and how many times the program's CPU time it takes."""
    ours = found[OURS].get("times", [])
    for one in found.values():
        if times := one.pop("times", []):
            one["cpu_ms"] = statistics.median(times)
            if ours:
                one["ratio"] = statistics.median(theirs / mine for theirs, mine in zip(times, ours, strict=False))


def fastest(found: dict[str, dict[str, Any]], engines: tuple[str, ...]) -> str:
    """The engine with the least ratio; empty when none was measured."""
    timed = [engine for engine in engines if "cpu_ms" in found.get(engine, {})]
    return min(timed, key=lambda engine: found[engine].get("ratio", found[engine]["cpu_ms"]), default="")


def summary(results: dict[str, dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """The ratios that the program is judged by."""
    made: dict[str, Any] = {"ratio_to_docxtpl": {}, "ratio_to_best_npm": {}, "fastest": {}, "size_to_docxtpl": {}}
    for name, found in results.items():
        for key, engines in (("ratio_to_docxtpl", WAYS), ("ratio_to_best_npm", NPM_ENGINES)):
            best = fastest(found, engines)
            if best and "ratio" in found[best]:
                made[key][name] = round(found[best]["ratio"], 2)
                made["fastest"].setdefault(name, []).append(best)
        best = fastest(found, WAYS)
        if best and "bytes" in found[OURS]:
            made["size_to_docxtpl"][name] = round(found[OURS]["bytes"] / found[best]["bytes"], 3)
    made["peak_mb"] = {name: round(found[OURS].get("peak_mb", 0)) for name, found in results.items()}
    made["row_us"] = {
        name: round(found[OURS]["cpu_ms"] * 1000 / int(name.split("_")[1]), 2)
        for name, found in results.items() if "_" in name and "cpu_ms" in found[OURS]
    }
    return made


def table(results: dict[str, dict[str, dict[str, Any]]], made: dict[str, Any], skipped: list[str]) -> str:
    """The measurement for people, Chinese and English."""
    heads = f"{'CPU ms':>13}{'倍数 ratio':>11}{'峰值 peak MB':>12}{'KB':>11}  文字一致 same"
    lines = [f"{'文书 paper':<16}{'引擎 engine':<18}{heads}"]
    for name, found in results.items():
        for engine, one in found.items():
            if "cpu_ms" not in one:
                lines.append(f"{name:<18}{engine:<20}  {one['refused']}")
                continue
            same = {True: "是 yes", False: "否 NO", None: "-"}[one.get("same_text")]
            lines.append(
                f"{name:<18}{engine:<20}{one['cpu_ms']:>13.3f}{one.get('ratio', 0):>13,.1f}{one['peak_mb']:>14.0f}"
                f"{one['bytes'] / 1024:>11.1f}  {same}"
            )
    lines += [f"{key}: {value}" for key, value in made.items()]
    return "\n".join(lines + [f"未测 skipped: {why}" for why in skipped])


def main() -> int:
    """Measure and print; fails when the program's papers do not read as docxtpl's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="without npm, fewer rounds: under a minute")
    length.add_argument("--full", action="store_true", help="everything, also with --json")
    chosen = parser.parse_args()
    quick = chosen.quick or (chosen.json and not chosen.full)
    missing = {"mailmerge": install_mailmerge()}
    if not quick:
        missing |= dict.fromkeys(NPM_ENGINES, install_npm())
    gone = {engine for engine, why in missing.items() if why}
    skipped = [f"{engine}: {missing[engine]}" for engine in sorted(gone)]
    skipped += [f"{engine}: --full" for engine in NPM_ENGINES if quick]
    results = {}
    for case in cases(quick):
        print(f"… {case.name}", file=sys.stderr, flush=True)
        results[case.name] = measure(case, [engine for engine in case.engines if engine not in gone])
        judge(results[case.name])
    made = summary(results)
    if chosen.json:
        print(json.dumps({
            **made, "quick": quick, "papers": results, "skipped": skipped, "python": platform.python_version(),
            "versions": {"docxtpl": version("docxtpl"), **NPM},
        }, ensure_ascii=False))
    else:
        print(table(results, made, skipped))
    return 1 if any(found[OURS].get("same_text") is False for found in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
