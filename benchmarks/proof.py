"""Proves what the program promises about files, days and money, and prints each figure as one line of JSON.

Run with ``run bench proof [NAME ...] [--quick] [--count N] [--seed N] [--processes N]``; no name means all. With
``--quick`` each proof does a small sample, as the tests do. Needs Linux; ``disks`` uses a disk of its own where it may
mount one, ``corpus`` fetches packages and uses LibreOffice where they are to be had.

kills: saves killed at random moments. calls: a save killed at each of its system calls. disks: a disk that is full at
many levels. targets: files that are read-only, locked or gone. writers: two programs on one register. workbooks,
templates: structure-aware corruption, with limits of time and memory. deadlines, rows: two engines. corpus: workbooks
of all kinds, edited. speed: three cells of a large register. mutants: whether the tests notice changed programs.
leaks: what stands in the outputs of a demonstration besides what should.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.proofs import PROOFS, Figures, Scale


def prove(name: str, scale: Scale) -> Figures:
    """The figures of one proof, with its name and how long it took."""
    began = time.perf_counter()
    found: Figures = importlib.import_module(f"benchmarks.proofs.{name}").measure(scale)
    return {"proof": name, **found, "seconds": round(time.perf_counter() - began, 1)}


def main() -> int:
    """Prove and print; fails when any promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PROOFS))
    parser.add_argument("--quick", action="store_true", help="a small sample")
    parser.add_argument("--count", type=int, help="how many, instead of the full number")
    parser.add_argument("--seed", type=int, default=Scale.seed)
    parser.add_argument("--processes", type=int, default=Scale.processes)
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)  # it always is
    chosen = parser.parse_args()
    if wrong := [name for name in chosen.names if name not in PROOFS]:
        parser.error(f"no such proof: {', '.join(wrong)}")
    failed = False
    for name in chosen.names or PROOFS:
        _, full, quick = PROOFS[name]
        count = chosen.count or (quick if chosen.quick else full)
        found = prove(name, Scale(count, chosen.seed, chosen.processes, chosen.quick))
        print(json.dumps(found, ensure_ascii=False), flush=True)
        failed |= not found["held"]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
