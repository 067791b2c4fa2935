"""Corrupted workbooks: each is read as before, or read with a word about it, or refused with one code.

Three ways of harm: to the bytes of the file, where checksums must tell every change; to what parts there are; and to
the XML of a part with all checksums right, which makes another sound workbook at times. Only a fingerprint of the
contents kept elsewhere can tell such a one: what the history's would have missed is counted.
"""

from __future__ import annotations

import hashlib
import random
import re
import tempfile
import traceback
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.proofs.corrupting import container, content, structure
from benchmarks.proofs.herd import drive
from benchmarks.proofs.samples import bases
from macros.history.compare import fingerprints
from macros.history.texts import packed
from macros.hosts import Refused, open_book
from macros.hosts.files import FileBook

if TYPE_CHECKING:
    from benchmarks.proofs import Figures, Scale
    from macros.findings import Finding
    from macros.hosts import Sheet
    from macros.records import Cell

SECONDS = 30
MEMORY = 1_000_000_000
_CODE = re.compile(r"WBK\d{3}")
#: Of ten readable files one is also written to.
_WRITTEN = 10


def measure(scale: Scale) -> Figures:
    """Corrupt and read so many, each with a number of its own from which it can be made again."""
    herd = drive(
        judged, scale.seed, scale.count, scale.processes, seconds=SECONDS, memory=MEMORY,
        is_wrong=lambda answer: answer.startswith(("fault", "silent", "unseen")),
    )
    answers = {name: herd.answers[name] for name in sorted(herd.answers)}
    refused = sum(number for name, number in answers.items() if name.startswith("refused"))
    return {
        "files": scale.count, "same": answers.get("same", 0), "told": answers.get("told", 0), "refused": refused,
        "codes": {name.split()[1]: number for name, number in answers.items() if name.startswith("refused")},
        "another_workbook": sum(answers.get(name, 0) for name in ("another", "same values", "unseen")),
        "seen_by_fingerprint": answers.get("another", 0), "another_with_the_same_values": answers.get("same values", 0),
        "faults": sum(number for name, number in answers.items() if name.startswith("fault")),
        "silent": sum(number for name, number in answers.items() if name.startswith("silent")),
        "hangs": answers.get("hang", 0), "deaths": sum(n for name, n in answers.items() if name.startswith("death")),
        "peak_megabytes": herd.megabytes, "slowest_seconds": round(herd.slowest, 2), "wrong": herd.wrong,
        "held": not herd.wrong and herd.megabytes < 1_000,
    }


def made(number: int) -> tuple[str, str, bytes]:
    """The corrupted workbook of that number: the way of harm, the base's name, the bytes."""
    dice = random.Random(number)
    name = dice.choice(sorted(_bases()))
    harm = dice.choice((container, content, content, structure))
    kind, data = harm(_bases()[name], dice)
    return f"{harm.__name__} {kind}", name, data


@cache
def _bases() -> dict[str, bytes]:
    return bases()


@cache
def _sound(name: str) -> tuple[str, frozenset[str]]:
    """The contents of a base and what is said of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(_bases()[name])
        sheets, notes = open_book(path)
        return fingerprint(sheets), frozenset(one.code for one in notes)


def _told(sheets: list[Sheet]) -> list[tuple[str, list[bytes]]]:
    """The cells as the history knows them: digits that no spreadsheet shows and the order of sheets do not count."""
    return sorted((sheet.title, [packed(row) for row in sheet.rows]) for sheet in sheets)


@cache
def _sound_told(name: str) -> list[tuple[str, list[bytes]]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(_bases()[name])
        return _told(open_book(path)[0])


@cache
def _kept(name: str) -> dict[str, str]:
    """The fingerprints that the history keeps of a base."""
    return fingerprints(name, _bases()[name])


def fingerprint(sheets: list[Sheet]) -> str:
    """A hash over the titles and values of all cells."""
    digest = hashlib.sha256()
    for sheet in sheets:
        digest.update(repr((sheet.title, sheet.rows)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def judged(number: int) -> str:
    """What became of the workbook of that number."""
    kind, name, data = made(number)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            sheets, notes = open_book(path)
            answer = _compared(kind, name, sheets, notes)
            if answer == "another" and fingerprints(name, data) == _kept(name):
                answer = "same values" if _told(sheets) == _sound_told(name) else f"unseen\t{kind} {name}"
            if number % _WRITTEN == 0:
                _write(path, sheets)
        except Refused as refused:
            code = refused.finding.code
            return f"refused {code}" if _CODE.fullmatch(code) else f"fault code {code}"
        except (Exception, RecursionError):
            return "fault\t" + f"{kind} {name} " + " | ".join(traceback.format_exc().strip().splitlines()[-3:])[:300]
        if sorted(one.name for one in Path(folder).iterdir()) != [name]:
            return f"fault left behind\t{kind}"
        return answer


def _compared(kind: str, name: str, sheets: list[Sheet], notes: list[Finding]) -> str:
    wanted, said = _sound(name)
    if fingerprint(sheets) == wanted:
        return "same"
    if {one.code for one in notes} - said:
        return "told"
    if kind.startswith("content"):
        return "another"
    # A workbook without one of its parts, or with two exchanged, is another sound workbook too.
    return "another" if kind.startswith("structure") else f"silent bytes\t{kind} {name}"


def _write(path: Path, sheets: list[Sheet]) -> None:
    """Set a cell; what is not touched must read as before."""
    book = FileBook(path)
    title = book.sheets()[0]
    book.update(title, {(3, 2): "改"})
    book.save()
    after = open_book(path)[0]
    before = next(one for one in sheets if one.title == title).rows
    rows = next(one for one in after if one.title == title).rows
    if [one for one in after if one.title != title] != [one for one in sheets if one.title != title]:
        raise AssertionError("another sheet changed")
    changed = {
        (r, c) for r in range(max(len(before), len(rows))) for c in range(max(map(len, [*before, *rows]), default=0))
        if _at(before, r, c) != _at(rows, r, c)
    }
    if changed - {(2, 1)} or _at(rows, 2, 1) != "改":
        raise AssertionError(f"cells changed: {sorted(changed)[:5]}")


def _at(rows: list[list[Cell]], row: int, column: int) -> object:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None
