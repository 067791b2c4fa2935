"""Writes the list of a batch of papers: what was asked for is what was made, held back or left, and which is which."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.commands.books import write
from macros.data import toml
from macros.findings import finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from generator.documents import Batch
    from macros.findings import Finding

#: The outcomes in the order of the sheet's columns; what was left is not known one by one.
_STATES = ("new", "unchanged", "restored", "withheld")


@cache
def words() -> Mapping[str, Any]:
    """The words of the list (``rules/batch.toml``)."""
    return toml(Path(__file__).parents[1] / "rules" / "batch.toml")


def path_of(out: Path, at: dt.datetime) -> Path:
    """Where the list of the batch begun at a moment stands."""
    name: str = words()["file"].format(at=at.strftime(words()["moment"]))
    return out / str(words()["folder"]) / f"{name}.xlsx"


def write_list(out: Path, at: dt.datetime, batch: Batch) -> list[Finding]:
    """Write a batch's list; a single paper, or nothing new, needs none."""
    if batch.asked < 2 or all(one.state == "unchanged" for one in batch.made):
        return []
    path = path_of(out, at)
    return [
        finding("BAT022", workbook=path.name, why=said.message.rstrip("。")) for said in write(path, content(at, batch))
    ]


def content(at: dt.datetime, batch: Batch) -> bytes:
    """The list as a workbook; the same batch always gives the same bytes.

    Raises:
        Refused: a value that no cell can hold.
    """
    from macros.monthly.filling import Filling, filled, with_table
    from macros.workbooks.packing import empty, pack
    from macros.workbooks.plan import of_board
    from macros.workbooks.words import guide

    said, stamp = words(), at.strftime(words()["moment"])
    book = empty()
    fillings = []
    for name, rows in (("sums", _sums(batch)), ("papers", _papers(batch))):
        plan = of_board(dict(said["sheet"][name]), {})
        sheet = with_table(book, plan, len(rows), said["title"].format(at=stamp))
        fillings.append(Filling(sheet.title, {2: rows}))
    book.properties.creator, book.properties.title = guide()["comment_author"], said["title"].format(at=stamp)
    return filled(pack(book), said["file"].format(at=stamp), fillings)


def _sums(batch: Batch) -> list[list[Any]]:
    """One row for each kind of paper and one for all: asked for, every outcome, and what is missing."""
    counts: dict[str, Counter[str]] = {}
    for form, state, *_ in _outcomes(batch):
        counts.setdefault(form, Counter())[state] += 1
    rows: list[list[Any]] = [
        [form, sum(told.values()), *(told[state] for state in _STATES), 0, 0] for form, told in counts.items()
    ]
    sums = [sum(row[place] for row in rows) for place in range(2, 2 + len(_STATES))]
    off = batch.asked - sum(sums) - batch.left
    return [*rows, [words()["total"], batch.asked, *sums, batch.left, off]]


def _papers(batch: Batch) -> list[list[Any]]:
    state = words()["state"]
    return [
        [state[how], form, key, number or None, file or None, sha256 or None, why or None]
        for form, how, key, number, file, sha256, why in _outcomes(batch)
    ]


def _outcomes(batch: Batch) -> list[Sequence[str]]:
    """Each paper: its kind, outcome, key, number, file, hash and what kept it back; those held back come last."""
    from generator.definitions import definitions

    known = definitions()
    return [
        *(
            (known[one.entry.form_no].label, one.state, one.key, one.entry.document_no, one.entry.file,
             one.entry.sha256, "") for one in batch.made
        ),
        *(
            (known[one.form].label, "withheld", one.key, "", "", "", "\n".join(said.message for said in one.findings))
            for one in batch.withheld
        ),
    ]
