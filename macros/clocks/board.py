"""Lays deadlines out as rows of sheets: what to do, soft limits apart, counts by customer and by manager."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import DAY, Item, When, day, ends, iso
from macros.clocks.rules import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from macros.records import Cell


def instant(item: Item) -> tuple[bool, dt.datetime, str, str]:
    """What a board is sorted by: the instant a deadline lapses, a day at 24:00; those without one come last."""
    return (item.due is None, ends(item.due or dt.date.min), item.clock, item.key)


def running(items: Iterable[Item], now: dt.datetime, days: int | None = None) -> list[Item]:
    """What is still to be done, in the order of true instants; soft limits are left to `aside`.

    Args:
        items: evaluated deadlines.
        now: the board's moment.
        days: leave out what is due later than this many days from now; None shows all.
    """
    return _ordered(items, now, days, lambda item: item.kind not in words()["aside"])


def aside(items: Iterable[Item], now: dt.datetime, days: int | None = None) -> list[Item]:
    """The soft limits (原则上, 尽快, 立即) still to be done, shown apart."""
    return _ordered(items, now, days, lambda item: item.kind in words()["aside"])


def _ordered(
    items: Iterable[Item], now: dt.datetime, days: int | None, wanted: Callable[[Item], bool],
) -> list[Item]:
    last = None if days is None else now.date() + days * DAY
    chosen = [
        item for item in items
        if item.running and wanted(item) and (last is None or item.due is None or day(item.due) <= last)
    ]
    return sorted(chosen, key=instant)


def sheet(items: Sequence[Item], now: dt.datetime) -> list[list[Cell]]:
    """Items as rows of the sheet 待办, headings first, in the order given."""
    told = words()["board"]
    return [list(told["headings"]), *(_row(item, now) for item in items)]


def _row(item: Item, now: dt.datetime) -> list[Cell]:
    states, kinds = words()["states"], words()["kinds"]
    return [
        states[item.state], item.clock, item.title, item.key, item.branch or item.customer, item.manager, item.due,
        item.act_by, distance(item.due, now), item.next_action, item.form, kinds[item.kind], item.clause,
        words()["board"]["yes"] if item.provisional else "", item.note, where(item),
    ]


def where(item: Item) -> str:
    """Workbook, sheet and cell of what started the clock, as text."""
    if item.place is None:
        return ""
    spot = item.cell or str(item.place.row)
    return f"《{item.place.workbook.rsplit('.', 1)[0]}》{item.place.sheet} {spot}"


def distance(due: When | None, now: dt.datetime) -> str:
    """How far a deadline is: 逾期9天, 今日, 剩3天; for moments overdue on the same day 逾期1小时5分."""
    if due is None:
        return ""
    hint = words()["hint"]
    days = (day(due) - now.date()).days
    if isinstance(due, dt.datetime) and now > due and days == 0:
        hours, minutes = divmod(int((now - due).total_seconds()) // 60, 60)
        return str(hint["overdue_time"]).format(n=(f"{hours}小时" if hours else "") + f"{minutes}分")
    if days < 0:
        return str(hint["overdue"]).format(n=-days)
    return str(hint["today"] if days == 0 else hint["left"].format(n=days))


class Count(NamedTuple):
    """How one customer's or manager's deadlines stand; ``met`` and ``met_late`` count hard limits only."""

    late: int = 0
    today: int = 0
    near: int = 0
    running: int = 0
    met: int = 0
    met_late: int = 0
    hard_late: int = 0

    @property
    def rate(self) -> float | None:
        """On-time rate: met ÷ (met + met late + overdue) of hard limits; None where nothing was due yet."""
        judged = self.met + self.met_late + self.hard_late
        return self.met / judged if judged else None


def counts(
    items: Iterable[Item], now: dt.datetime, name: Callable[[Item], str], settings: Mapping[str, str] | None = None,
) -> dict[str, Count]:
    """Counts by a name, such as the customer's or the manager's, sorted by name; soft limits are left out."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0] * len(Count._fields))
    near = now.date() + int(words()["near_days"]) * DAY
    for item in items:
        scores = scored(item, settings or {})
        if item.kind in words()["aside"] and not scores:
            continue
        line = tally[name(item)]
        if item.state == "late":
            line[0] += 1
            line[6] += scores
        elif item.state == "open" and item.due:
            line[1] += day(item.due) == now.date()
            line[2] += now.date() < day(item.due) <= near
            line[3] += 1
        elif scores:
            line[4] += item.state == "met"
            line[5] += item.state == "met-late"
    return {key: Count(*tally[key]) for key in sorted(tally)}


def scored(item: Item, settings: Mapping[str, str]) -> bool:
    """Whether a deadline counts in the on-time rate: hard ones, and what the user's assumptions add (A15)."""
    extra = words()["options"]["score_complaints"]
    added = item.clock == extra["clock"] and settings.get(extra["setting"]) == extra["choice"]
    return item.kind in words()["scored"] or added


def by_customer(item: Item) -> str:
    """The customer's branch, or the operator where the branch is not known."""
    return item.branch or item.customer or str(words()["board"]["unnamed"])


def by_manager(item: Item) -> str:
    """The account manager."""
    return item.manager or str(words()["board"]["unnamed"])


def counts_sheet(lines: Mapping[str, Count], heading: str) -> list[list[Cell]]:
    """Counts as rows of a sheet, headings first; the rate stands as a number, a dash where nothing was due."""
    told = words()["board"]
    headings: list[Cell] = [heading, *(text.format(n=words()["near_days"]) for text in told["counts"])]
    body: list[list[Cell]] = [
        [
            name, line.late, line.today, line.near, line.running, line.met, line.met_late,
            told["no_rate"] if line.rate is None else line.rate,
        ]
        for name, line in lines.items()
    ]
    return [headings, *body]


def supervision(items: Iterable[Item], now: dt.datetime) -> list[list[Cell]]:
    """The list of complaints under key supervision (K34), headings first, longest overdue first."""
    told = words()["supervision"]
    listed = sorted((item for item in items if item.kind == "escalation"), key=instant)
    rows: list[list[Cell]] = [list(told["headings"])]
    for item in listed:
        if item.trigger_on is None or item.record is None:
            continue
        limit = day(item.trigger_on) - DAY
        until = day(item.closed_on) if item.closed_on else now.date()
        reported = item.record.date(item.rule.close[0])
        rows.append([
            item.key, item.branch or item.customer, item.record.text(item.rule.trigger[0]), limit,
            max((until - limit).days, 0), reported if reported and reported <= now.date() else None,
            words()["states"][item.state], item.form,
        ])
    return rows


def as_json(items: Iterable[Item], now: dt.datetime) -> dict[str, object]:
    """What ``board --json`` prints."""
    return {"now": iso(now), "items": [item.as_json() for item in items]}
