"""The parts of ``run bench proof``: each proves one promise and tells what it found as figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: What a proof found: figures by name; ``held`` tells whether the promise was kept.
Figures = dict[str, Any]


@dataclass(frozen=True)
class Scale:
    """How much to do: ``count`` of whatever the proof counts, from ``seed`` on, in so many processes."""

    count: int
    seed: int = 20261122
    processes: int = 2
    quick: bool = False


#: Name of a proof → (what it proves, its count in full, its count with ``--quick``).
PROOFS: dict[str, tuple[str, int, int]] = {
    "kills": ("saves killed at random moments lose no register", 2_000, 12),
    "calls": ("a save killed at every system call loses no register", 1_000_000, 24),
    "disks": ("a disk full at so many levels leaves the old file", 100, 8),
    "targets": ("read-only and locked targets leave the old file", 1, 1),
    "writers": ("updates of two programs at once, of each: none is lost", 1_000, 10),
    "workbooks": ("corrupted workbooks are read the same or refused", 100_000, 120),
    "templates": ("corrupted templates fill the same or are refused", 20_000, 40),
    "deadlines": ("deadlines of two engines agree", 100_000_000, 1_000_000),
    "rows": ("register rows, checked and billed by two programs, agree", 5_000_000, 50_000),
    "corpus": ("workbooks of all kinds keep what an edit does not touch", 300, 24),
    "speed": ("three cells of a large register, against openpyxl", 100_000, 2_000),
    "mutants": ("changed programs are noticed by the tests", 1_000_000, 3),
    "leaks": ("nothing private stands in logs, work files and properties", 1, 1),
}
