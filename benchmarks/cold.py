"""What a command costs as a process of its own, start and end included: CPU of Python alone, the help, a form, a board.

Run with ``run bench cold [--register DIR --key KEY] [--times 9] [--json]``. Two registers are made: one with a handful
of demands, and the sample city, as a day begins; ``--register`` measures another in the city's place. Every run works
on a fresh copy; a first run of each kind, which compiles modules, data and templates, is not counted. Kinds take turns,
so that what else the machine does falls on all alike.
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
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import documents_cold, register  # noqa: E402

NOW = documents_cold.NOW
HANDFUL = 5
#: The promise for one form with its template compiled: CPU milliseconds of the whole process.
PROMISE = 250
PROGRAM = ("-m", "macros.cli")
BARE = {"python": ("-c", "pass"), "help": (*PROGRAM, "--help"), "forms": (*PROGRAM, "forms")}


def commands(key: str) -> dict[str, tuple[str, ...]]:
    """The commands measured on a register; ``{}`` is its folder."""
    on = ("--register", "{}", "--now", NOW)
    return {
        "form": (*PROGRAM, "form", "3.1", key, *on, "--json"),
        "check": (*PROGRAM, "check", *on),
        "board": (*PROGRAM, "board", *on),
    }


def spent(words: tuple[str, ...], source: Path | None = None) -> float:
    """CPU milliseconds of one process, on a copy of the register it works on.

    Raises:
        SystemExit: the command could not be done.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "register"
        if source:
            shutil.copytree(source, folder)
        # Modules are compiled once, as on a user's machine, whatever this shell asks of Python.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPATH"] = str(ROOT)
        process = subprocess.Popen(
            [sys.executable, *(word.format(folder) if word == "{}" else word for word in words)],
            env=environment, stdout=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(words)} failed with status {process.returncode}")
    return (used.ru_utime + used.ru_stime) * 1000


def measure(registers: dict[str, tuple[Path, str]], times: int) -> dict[str, dict[str, float]]:
    """The median and the least CPU milliseconds of each command, those on a register named after it."""
    kinds: dict[str, tuple[tuple[str, ...], Path | None]] = {name: (words, None) for name, words in BARE.items()}
    for where, (folder, key) in registers.items():
        kinds |= {f"{name} ({where})": (words, folder) for name, words in commands(key).items()}
    runs: dict[str, list[float]] = {name: [] for name in kinds}
    for number in range(times + 1):
        for name, (words, source) in kinds.items():
            used = spent(words, source)
            if number:
                runs[name].append(used)
    return {
        name: {"median_ms": round(statistics.median(found), 1), "least_ms": round(min(found), 1)}
        for name, found in runs.items()
    }


def handful(folder: Path) -> tuple[Path, str]:
    """A register with a few demands, and the number of one."""
    register.make(folder, HANDFUL)
    return folder, "XQ-000000"


def city(folder: Path) -> tuple[Path, str]:
    """The register of the sample city, and the number of one of its demands."""
    documents_cold.register(folder)
    return folder, "XQ-YD-0001"


def main() -> None:
    """Measure and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--register", type=Path)
    parser.add_argument("--key", default="XQ-YD-0001")
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        larger = (chosen.register, chosen.key) if chosen.register else city(home / "city")
        found = measure({"handful": handful(home / "handful"), "city": larger}, chosen.times)
    kept = all(found[f"form ({name})"]["median_ms"] < PROMISE for name in ("handful", "city"))
    result: dict[str, Any] = {"cpu": found, "promise": {"form_ms": PROMISE, "kept": kept}}
    if chosen.json:
        print(json.dumps(result))
        return
    print(f"{'CPU ms':<18}{'median':>9}{'least':>9}")
    for name, one in found.items():
        print(f"{name:<18}{one['median_ms']:>9}{one['least_ms']:>9}")
    print(f"form below {PROMISE} ms: {'yes' if kept else 'no'}")


if __name__ == "__main__":
    main()
