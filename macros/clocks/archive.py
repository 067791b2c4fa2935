"""Keeps closed deadlines as they were judged: a later calendar or rule never rewrites them (S10)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, NamedTuple, cast, get_args

from macros.clocks.item import Item, State, When, iso
from macros.clocks.rules import words

if TYPE_CHECKING:
    from collections.abc import Iterable

#: File in the register's folder.
NAME = "时限存档.csv"
#: Texts in a row, as many as headings; the last must parse as a moment.
_WIDTH = 10


class Judgement(NamedTuple):
    """One archived row: what a deadline was judged by and how it came out; texts are ISO."""

    key: str
    clock: str
    version: str
    limit: str
    trigger: str
    due: str
    closed_on: str
    state: str
    calendar: str
    judged_at: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """What the judgement rests on beside the calendar."""
        return (self.version, self.limit, self.trigger, self.closed_on)


class Change(NamedTuple):
    """A deadline that differs between two judgements, with the reason in Chinese."""

    key: str
    clock: str
    old: str
    new: str
    old_state: str
    new_state: str
    why: str


class Frozen(NamedTuple):
    """Items with closed ones as archived, judgements to append to the archive, and what differs and why."""

    items: list[Item]
    added: list[Judgement]
    changes: list[Change]


def judgement(item: Item, calendar: str, now: dt.datetime) -> Judgement:
    """The archive row of an item; a deadline changed by a person counts among its inputs."""
    limit = item.limit if item.original_due is None else f"{item.limit} → {iso(item.due)}"
    return Judgement(
        item.key, item.clock, item.version.effective.isoformat(), limit, iso(item.trigger_on) or "",
        iso(item.due) or "", iso(item.closed_on) or "", item.state, calendar, now.isoformat(),
    )


def freeze(items: Iterable[Item], archived: Iterable[Judgement], now: dt.datetime, calendar: str) -> Frozen:
    """Give closed items the deadline they were judged by, unless their own inputs have been corrected.

    Args:
        items: as evaluated under the calendar of version ``calendar``.
        archived: the archive in file order; of several rows for one deadline the last counts.
        now: when this judgement is made.
        calendar: the calendar's version.
    """
    known = {(row.key, row.clock): row for row in archived}
    said = words()["archive"]
    out: list[Item] = []
    added: list[Judgement] = []
    changes: list[Change] = []
    for item in items:
        old = known.get((item.key, item.clock))
        if item.closed_on is None:
            if old and old.closed_on and item.rule.shape != "cycle":
                changes.append(_change(item, old, said["reopened"]))
            out.append(item)
            continue
        new = judgement(item, calendar, now)
        if old is None or old.inputs != new.inputs:
            if old:
                changes.append(_change(item, old, said["rejudged"]))
            added.append(new)
            out.append(item)
            continue
        kept = _as_judged(item, old)
        if (kept.due, kept.state) != (item.due, item.state):
            changes.append(_change(item, old, said["kept"]))
        out.append(kept)
    return Frozen(out, added, changes)


def _change(item: Item, old: Judgement, why: str) -> Change:
    return Change(item.key, item.clock, old.due, iso(item.due) or "", old.state, item.state, why)


def _as_judged(item: Item, old: Judgement) -> Item:
    due = _when(old.due)
    if due == item.due and old.state == item.state:
        return item
    note = words()["note"]["frozen"].format(calendar=old.calendar)
    return item._replace(
        due=due, act_by=due, state=cast("State", old.state), provisional=False,
        note="；".join(part for part in (item.note, note) if part),
    )


def _when(text: str) -> When | None:
    if not text:
        return None
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def write(rows: Iterable[Judgement], *, headings: bool = True) -> str:
    """Archive rows as CSV text; without headings to append them to a file that has them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if headings:
        writer.writerow(words()["archive"]["headings"])
    writer.writerows(rows)
    return text.getvalue()


def read(text: str) -> tuple[list[Judgement], list[int]]:
    """Archive rows of CSV text, and the line numbers that are none: a torn last line must not stop the day's work."""
    rows: list[Judgement] = []
    torn: list[int] = []
    for number, cells in enumerate(csv.reader(io.StringIO(text.removeprefix("\ufeff"))), 1):
        if number == 1 and cells == words()["archive"]["headings"]:
            continue
        if cells:
            row = _row(cells)
            if row:
                rows.append(row)
            else:
                torn.append(number)
    return rows, torn


def _row(cells: list[str]) -> Judgement | None:
    if len(cells) != _WIDTH or cells[7] not in get_args(State):
        return None
    row = Judgement(*cells)
    try:
        _when(row.due)
        dt.datetime.fromisoformat(row.judged_at)
    except ValueError:
        return None
    return row
