"""Keeps closed deadlines as they were judged: a later calendar or rule never rewrites them (S10)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast, get_args

from macros.clocks.item import Item, State, When, day, iso
from macros.clocks.quiet import no_collection
from macros.clocks.rules import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from macros.clocks.rules import Clock

#: File in the register's folder.
NAME = "时限存档.csv"
#: Days remembered with their texts: a register has few of them and deadlines by the hundred thousand.
_DAYS = 1 << 15
#: Characters of text made before they are handed on.
_PIECE = 1 << 20
_STATES = frozenset(get_args(State))
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
    version, limit = _basis(item.rule, item.trigger_on, item.level)
    if item.original_due is not None:
        limit = f"{limit} → {iso(item.due)}"
    return Judgement(
        item.key, item.rule.id, version, limit, _text(item.trigger_on), _text(item.due), _text(item.closed_on),
        item.state, calendar, _text(now),
    )


@lru_cache(_DAYS)
def _basis(rule: Clock, trigger_on: When | None, level: str) -> tuple[str, str]:
    """The version a trigger day is judged by and its limit, as archived."""
    version = rule.version_on(day(trigger_on) if trigger_on else dt.date.min)
    return version.effective.isoformat(), version.text(level)


@lru_cache(_DAYS)
def _text(moment: When | None) -> str:
    return iso(moment) or ""


def freeze(items: Iterable[Item], archived: Iterable[Judgement], now: dt.datetime, calendar: str) -> Frozen:
    """Give closed items the deadline they were judged by, unless their own inputs have been corrected.

    Args:
        items: as evaluated under the calendar of version ``calendar``.
        archived: the archive in file order; of several rows for one deadline the last counts.
        now: when this judgement is made.
        calendar: the calendar's version.
    """
    out: list[Item] = []
    added: list[Judgement] = []
    changes: list[Change] = []
    said = words()["archive"]
    with no_collection():
        known = {(row.key, row.clock): row for row in archived}
        for item in items:
            old = known.get((item.key, item.rule.id))
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


@lru_cache(_DAYS)
def _when(text: str) -> When | None:
    if not text:
        return None
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def write(rows: Iterable[Judgement], *, headings: bool = True) -> str:
    """Archive rows as CSV text; without headings to append them to a file that has them."""
    return "".join(lines(rows, headings=headings))


def lines(rows: Iterable[Judgement], *, headings: bool = True) -> Iterator[str]:
    """`write` in pieces of many lines each: an archive grows with every deadline ever closed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if headings:
        writer.writerow(words()["archive"]["headings"])
    for row in rows:
        writer.writerow(row)
        if text.tell() > _PIECE:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def read(text: Iterable[str]) -> tuple[list[Judgement], list[int]]:
    """Archive rows of CSV lines, and the line numbers that are none: a torn last line must not stop the day's work.

    Args:
        text: lines with their ends, as an open file gives them, or the whole text.
    """
    source = io.StringIO(text.removeprefix("\ufeff")) if isinstance(text, str) else text
    headings = words()["archive"]["headings"]
    shared: dict[str, str] = {}
    rows: list[Judgement] = []
    torn: list[int] = []
    with no_collection():
        for number, cells in enumerate(csv.reader(source), 1):
            if not cells or (number == 1 and cells == headings):
                continue
            row = _row([shared.setdefault(cell, cell) for cell in cells])
            if row:
                rows.append(row)
            else:
                torn.append(number)
    return rows, torn


def _row(cells: list[str]) -> Judgement | None:
    if len(cells) != _WIDTH or cells[7] not in _STATES or not cells[9]:
        return None
    row = Judgement(*cells)
    try:
        _when(row.due)
        _when(row.judged_at)
    except ValueError:
        return None
    return row
