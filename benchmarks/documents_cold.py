"""How long one form takes from the command line, the whole process, with the template compiled on disk.

Run with ``run bench documents_cold [--register DIR] [--form 3.1] [--key XQ-YD-0001] [--times 9] [--profile] [--json]``.
Without a register one is made of the sample city. Each run works on a fresh copy of it, so that the form is new each
time; the first run, which compiles, is told apart. ``--profile`` lists what one run spends its time on.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "workbooks" / "samples" / "city-a"
NOW = "2026-11-21T15:30:00"
PROFILE = """
import cProfile, io, pstats, sys, time
profile = cProfile.Profile(time.process_time); profile.enable()
import macros.cli
status = macros.cli.main(sys.argv[1:])
profile.disable()
said = io.StringIO()
pstats.Stats(profile, stream=said).sort_stats("cumulative").print_stats(45)
print(said.getvalue(), file=sys.stderr)
sys.exit(status)
"""


def towerdesk(*words: str, program: tuple[str, ...] = ("-m", "macros.cli")) -> subprocess.CompletedProcess[str]:
    """One call of the program."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *program, *words], capture_output=True, text=True, env=environment)


def register(folder: Path) -> None:
    """A register of the sample city, as its first day begins.

    Raises:
        SystemExit: the program refused a file.
    """
    case: dict[str, Any] = tomllib.loads((SAMPLE / "case.toml").read_text(encoding="utf-8"))
    made = [towerdesk("init", str(folder), "--city", case["city"])]
    for each in case["import"]:
        customer = ("--customer", each["customer"]) if "customer" in each else ()
        made.append(towerdesk("import", str(SAMPLE / each["file"]), "--register", str(folder), "--now", NOW, *customer))
    for one in made:
        if one.returncode > 1:
            raise SystemExit(one.stderr or one.stdout)


def measured(*command: str) -> dict[str, float]:
    """Wall and CPU milliseconds and peak memory of a process.

    Raises:
        SystemExit: it failed.
    """
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, *command], env=environment, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        said.seek(0)
        if status:
            raise SystemExit(said.read().decode())
    cpu = used.ru_utime + used.ru_stime
    return {"wall_ms": wall * 1000, "cpu_ms": cpu * 1000, "peak_mb": used.ru_maxrss / 1024}


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure, and of the best run the wall time: what a machine without other work takes."""
    found = {name: round(statistics.median(run[name] for run in runs), 1) for name in runs[0]}
    return found | {"least_wall_ms": round(min(run["wall_ms"] for run in runs), 1)}


def measure(source: Path, form: str, key: str, times: int) -> dict[str, Any]:
    """Bare Python, the first form and those after it, each on a register of its own, in turns."""
    runs: dict[str, list[dict[str, float]]] = {"python": [], "form": []}
    first: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        for number in range(times + 1):
            copy = Path(name) / str(number)
            shutil.copytree(source, copy)
            words = ("form", form, key, "--register", str(copy), "--now", NOW, "--json")
            found = measured("-m", "macros.cli", *words)
            if number:
                runs["form"].append(found)
                runs["python"].append(measured("-c", "pass"))
            else:
                first = {name: round(value, 1) for name, value in found.items()}
            shutil.rmtree(copy)
    return {"first": first} | {name: medians(found) for name, found in runs.items()}


def main() -> None:
    """Measure and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--register", type=Path)
    parser.add_argument("--form", default="3.1")
    parser.add_argument("--key", default="XQ-YD-0001")
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "register"
        if chosen.register:
            shutil.copytree(chosen.register, source)
        else:
            register(source)
        found = measure(source, chosen.form, chosen.key, chosen.times)
        if chosen.profile:
            words = ("form", chosen.form, chosen.key, "--register", str(source), "--now", NOW, "--json")
            print(towerdesk(*words, program=("-c", PROFILE)).stderr)
    if chosen.json:
        print(json.dumps(found))
        return
    print(f"{'':<8}{'wall ms':>10}{'least':>10}{'CPU ms':>10}{'peak MB':>10}")
    for name, one in found.items():
        print(f"{name:<8}{one['wall_ms']:>10}{one.get('least_wall_ms', ''):>10}{one['cpu_ms']:>10}{one['peak_mb']:>10}")


if __name__ == "__main__":
    main()
