"""What a newcomer waits for: a fresh clone, a cleared environment, every command of the README as printed.

Run with ``run bench newcomer [--with-tests] [--json]``. The clone lies in a folder whose name has a space and Chinese,
and makes its own environment over the network; HOME is empty and of this shell's environment nothing is left.
``./run test`` takes a quarter of an hour, so that it is asked for. The machine's load stands beside the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TESTS = "./run test"
#: Status 1 says that something was found, as it is in the sample city.
FINE = (0, 1)


def commands(page: str) -> list[str]:
    """The commands of a README in their order, as printed."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("./run ")]


def newcomer(clone: Path, line: str, home: Path, *settings: str) -> subprocess.CompletedProcess[str]:
    """One command typed by someone whose shell has set nothing, but for ``settings``."""
    words = ["env", "-i", f"PATH={os.defpath}", f"HOME={home}", *settings, "sh", "-c", line]
    return subprocess.run(
        words, cwd=clone, stdin=subprocess.DEVNULL,
        capture_output=True, encoding="utf-8", check=False,
    )


def spent() -> float:
    """Processor seconds of all that was started and has ended, which other programs of the machine change little."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(place: Path, lines: list[str]) -> list[dict[str, Any]]:
    """Seconds of each command in a fresh clone, and those of the processor; the clone itself first.

    Raises:
        SystemExit: one of them could not be done.
    """
    clone, home = place / "塔务台 clone", place / "home"
    home.mkdir()
    rows = []
    for line in [f"git clone -q '{ROOT}' '{clone}'", "./run --help", *lines]:
        begun, used = time.perf_counter(), spent()
        done = newcomer(clone if clone.exists() else place, line, home)
        took = {"seconds": round(time.perf_counter() - begun, 1), "cpu": round(spent() - used, 1)}
        rows.append({"command": line.replace(f"'{ROOT}' '{clone}'", "…"), **took, "status": done.returncode})
        if done.returncode not in FINE or "Traceback" in done.stderr:
            raise SystemExit(f"{line}: status {done.returncode}\n{done.stderr}")
    return rows


def main() -> None:
    """Measure and say."""
    asked = argparse.ArgumentParser(prog="run bench newcomer")
    asked.add_argument("--with-tests", action="store_true", help="./run test too")
    asked.add_argument("--json", action="store_true")
    options = asked.parse_args()
    printed = commands((ROOT / "README.md").read_text(encoding="utf-8"))
    lines = [line for line in printed if line != TESTS or options.with_tests]
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as place:
        rows = measure(Path(place), lines)
    total, cpu = (round(sum(row[name] for row in rows), 1) for name in ("seconds", "cpu"))
    load = [round(before, 1), round(os.getloadavg()[0], 1)]
    if options.json:
        told = {"commands": rows, "seconds": total, "cpu": cpu, "cores": os.cpu_count(), "load": load}
        print(json.dumps(told, ensure_ascii=False))
        return
    for row in rows:
        print(f"{row['seconds']:7.1f} s {row['cpu']:7.1f} s of processor time  {row['command']}")
    print(f"{total:7.1f} s {cpu:7.1f} s of processor time  altogether")
    print(f"{os.cpu_count()} cores, load {load[0]} before and {load[1]} after")


if __name__ == "__main__":
    main()
