"""Two programs that update one register at the same time, again and again: no update is lost, none is made twice."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.proofs.registers import victim
from benchmarks.workbooks import SHEET
from macros.hosts import Refused
from macros.hosts.files import FileBook

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.proofs import Figures, Scale

WRITERS = ("甲", "乙")
#: Answers that mean: not now, once more.
_AGAIN = {"WBK031", "WBK033"}


def measure(scale: Scale) -> Figures:
    """Each writer adds ``count`` rows one by one, and begins again whenever the other was quicker."""
    with victim(20) as one:
        before = len(FileBook(one.path).sheet(SHEET).rows)
        with multiprocessing.get_context("spawn").Pool(len(WRITERS)) as pool:
            refused = sum(pool.starmap(write, [(one.path, who, scale.count) for who in WRITERS]), Counter[str]())
        rows = [str(row[0]) for row in FileBook(one.path).sheet(SHEET).rows[before:]]
    wanted = {f"{who}{number}" for who in WRITERS for number in range(scale.count)}
    lost, twice = len(wanted - set(rows)), len(rows) - len(set(rows))
    return {
        "writers": len(WRITERS), "updates_of_each": scale.count, "lost": lost, "twice": twice,
        "begun_again": dict(refused), "held": not lost + twice and set(rows) == wanted,
    }


def write(path: Path, who: str, count: int) -> Counter[str]:
    """Add rows one at a time, from a fresh look at the file."""
    refused = Counter[str]()
    for number in range(count):
        while True:
            try:
                book = FileBook(path)
                book.append(SHEET, [[f"{who}{number}"]])
                book.save()
                break
            except Refused as answer:
                refused[answer.finding.code] += 1
                if answer.finding.code not in _AGAIN:
                    raise
    return refused
