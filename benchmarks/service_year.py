"""A year of one city's service: 10,000 faults, 2,000 complaints, 5,000 visits; how long its reports take.

Run with ``run bench service_year [--part 1.0] [--json]``. Each command runs in a process of its own, as a user starts
it. ``--part 0.1`` makes a tenth of the year, to see how time grows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.rollup_cities import NOW, Town, enter, rows
from macros.commands.setup import init

ROOT = Path(__file__).parent.parent
YEAR = {
    "customer": 12, "contact": 48, "demand": 500, "site": 300, "lease": 450, "statement": 36, "payment": 33,
    "fault": 10_000, "complaint": 2_000, "visit": 5_000, "plan": 720, "meeting": 144, "followup": 600,
}
#: Tables that shrink with ``--part``.
PARTS = ("fault", "complaint", "visit", "plan", "followup")
#: Commands by the name they are told by; the promise is about the first four together.
COMMANDS = {
    "board": ("board",), "meeting": ("report", "meeting", "2026-10"), "quarter": ("report", "quarter", "2026-Q3"),
    "kpi": ("report", "kpi", "2026-10"), "service": ("service", "2026-10"), "visits": ("visits",),
    "dashboard": ("dashboard",), "month": ("report", "month", "2026-10"), "check": ("check",),
}
PROMISED = ("board", "meeting", "quarter", "kpi")
SECONDS = 60


def build(folder: Path, part: float) -> int:
    """A register of the year, or of a part of it; how many rows it holds."""
    init(folder, "澜江")
    many = {code: round(count * part) if code in PARTS else count for code, count in YEAR.items()}
    return enter(folder, "澜江", rows(Town("澜江", random.Random(20261121), 1.1), many))


def run(folder: Path, words: tuple[str, ...], out: Path) -> dict[str, Any]:
    """One command in a process of its own: seconds, processor seconds, megabytes, status."""
    # Only some commands write elsewhere than into the register.
    elsewhere = () if words[0] in ("board", "check") else ("--out", str(out))
    told = [*words, "--register", str(folder), *elsewhere, "--now", NOW.isoformat(), "--json"]
    begun = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "macros.cli", *told], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "wall_s": round(time.perf_counter() - begun, 2), "cpu_s": round(used.ru_utime + used.ru_stime, 2),
        # A command that broke down says nothing.
        "peak_mb": round(used.ru_maxrss / 1024), "status": process.returncode if said else 2,
    }


def main() -> bool:
    """Measure every command and print; whether one failed or the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", type=float, default=1.0)
    parser.add_argument("--only", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    parser.add_argument("--keep", type=Path, help="make the register here and leave it")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (chosen.keep or Path(temporary)) / "台账"
        made = build(folder, chosen.part)
        found = {name: run(folder, COMMANDS[name], Path(temporary) / name) for name in chosen.only}
    together = sum(found[name]["wall_s"] for name in PROMISED if name in found)
    whole = chosen.part >= 1 and set(PROMISED) <= set(found)
    broken = any(one["status"] not in (0, 1) for one in found.values()) or (whole and together >= SECONDS)
    if chosen.json:
        print(json.dumps({"rows": made, "commands": found, "together_s": round(together, 1), "broken": broken}))
        return broken
    print(f"{made:,} rows\n{'command':<11}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'status':>8}")
    for name, one in found.items():
        print(f"{name:<11}{one['wall_s']:>9}{one['cpu_s']:>9}{one['peak_mb']:>9}{one['status']:>8}")
    print(f"{', '.join(PROMISED)} together {together:.1f} s of {SECONDS}")
    return broken


if __name__ == "__main__":
    sys.exit(main())
