"""One clock of one row or cycle as the board shows it: when it is due, what it rests on, how it stands."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from macros.clocks.rules import Clock, Kind, Version
    from macros.records import Place, Record

State = Literal["open", "late", "met", "met-late", "waiting"]

#: A day, or a local moment for clocks of minutes and hours.
When = dt.date

DAY = dt.timedelta(days=1)


class Item(NamedTuple):
    """A deadline. A named tuple, because a board makes them by the hundred thousand.

    ``due`` and ``act_by`` are days, moments for minute clocks, None while they cannot be told; ``trigger`` is the
    English name of the column that started the clock, ``record`` the row it stands in, None for cycles of no row.
    """

    rule: Clock
    key: str
    customer: str
    due: When | None
    act_by: When | None
    state: State
    provisional: bool = False
    closed_on: When | None = None
    trigger: str = ""
    trigger_on: When | None = None
    record: Record | None = None
    branch: str = ""
    manager: str = ""
    level: str = ""
    note: str = ""
    original_due: When | None = None
    period: str = ""

    @property
    def clock(self) -> str:
        """The clock's id, ``K04``."""
        return self.rule.id

    @property
    def kind(self) -> Kind:
        """The clock's kind."""
        return self.rule.kind

    @property
    def clause(self) -> str:
        """The handbook clause."""
        return self.rule.clause

    @property
    def form(self) -> str:
        """The form that closes the clock; empty when there is none."""
        return self.rule.form

    @property
    def title(self) -> str:
        """The step in Chinese."""
        return self.rule.title

    @property
    def next_action(self) -> str:
        """What to do next, in Chinese."""
        return self.rule.action

    @property
    def version(self) -> Version:
        """The version of the rule the item is judged by."""
        return self.rule.version_on(day(self.trigger_on) if self.trigger_on else dt.date.min)

    @property
    def limit(self) -> str:
        """The limit as shown: ``30 WD``."""
        return self.version.text(self.level)

    @property
    def place(self) -> Place | None:
        """Workbook, sheet and row of the trigger."""
        return self.record.place if self.record else None

    @property
    def cell(self) -> str:
        """A1 address of the trigger's cell; empty when it stands in no cell."""
        index = self.record.form.index if self.record else {}
        return self.record.cell(self.trigger) if self.record and self.trigger in index else ""

    @property
    def running(self) -> bool:
        """Whether something is still to be done."""
        return self.state in ("open", "late", "waiting")

    def as_json(self) -> dict[str, object]:
        """The item as ``board --json`` prints it."""
        return {
            "clock": self.clock, "key": self.key, "customer": self.customer, "due": iso(self.due),
            "act_by": iso(self.act_by), "state": self.state, "kind": self.kind, "provisional": self.provisional,
            "clause": self.clause, "form": self.form, "closed_on": iso(self.closed_on), "title": self.title,
            "next_action": self.next_action, "note": self.note, "manager": self.manager,
            "original_due": iso(self.original_due),
        }


def day(moment: When) -> dt.date:
    """The day of a day or moment."""
    return moment.date() if isinstance(moment, dt.datetime) else moment


def iso(moment: When | None) -> str | None:
    """ISO text of a day or moment; None stays None."""
    return None if moment is None else moment.isoformat()


@lru_cache(1 << 15)  # deadlines by the hundred thousand fall on few days
def ends(due: When, closes_at: dt.time | None = None) -> dt.datetime:
    """The instant a deadline lapses: a moment itself, a day at 24:00 or at close of business if one is set (S8)."""
    if isinstance(due, dt.datetime):
        return due
    if closes_at or due == dt.date.max:  # the last day there is has no day after it
        return dt.datetime.combine(due, closes_at or dt.time.max)
    return dt.datetime.combine(due + DAY, dt.time())


def judge(
    due: When | None, closed_on: When | None, now: dt.datetime, closes_at: dt.time | None = None,
) -> State:
    """How a deadline stands: open to the end of its last day, closed by days (by seconds for moments).

    A deadline that cannot be told waits; so does one whose closing cannot be trusted, which is for the caller.
    """
    if due is None:
        return "waiting"
    if closed_on is None:
        lapses = ends(due, closes_at)
        over = now > lapses if isinstance(due, dt.datetime) or closes_at else now >= lapses
        return "late" if over else "open"
    if isinstance(due, dt.datetime) and isinstance(closed_on, dt.datetime):
        return "met" if closed_on <= due else "met-late"
    return "met" if day(closed_on) <= day(due) else "met-late"
