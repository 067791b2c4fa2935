"""Lays deadlines out as the sheets of the workbook 待办, column by column as ``rules/board.toml`` names them."""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from macros.clocks import board, tallies
from macros.clocks.attribution import attribution
from macros.clocks.item import DAY, Item, When, day
from macros.clocks.quiet import no_collection
from macros.clocks.rules import RULES, words
from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.clocks.attribution import Share
    from macros.clocks.tallies import Count
    from macros.records import Cell

#: Sheets by what stands in them; the titles are data, in ``rules/board.toml`` in this order.
TODO, SOFT, CUSTOMERS, MANAGERS, SUPERVISION, SHARES = range(6)


@cache
def _columns(sheet: int) -> tuple[tuple[str, str], ...]:
    """Name and title of each column of a sheet."""
    sheets = _sheets()
    told = sheets[sheet]
    base = next((other for other in sheets if other["title"] == told.get("same_as")), told)
    columns = list(base["columns"])
    if "first" in told:
        columns[0] = told["first"]
    return tuple((column["name"], column["title"]) for column in columns)


@cache
def _sheets() -> list[dict[str, Any]]:
    raw = toml(RULES / "board.toml")
    sheets: list[dict[str, Any]] = raw["workbook"][0]["sheet"]
    return sheets


def workbook(items: Sequence[Item], now: dt.datetime, settings: Mapping[str, str]) -> dict[str, list[list[Cell]]]:
    """Every sheet of the workbook 待办 by its title, headings first.

    Args:
        items: evaluated deadlines.
        now: the board's moment.
        settings: the user's assumptions.
    """
    with no_collection():
        made = _made(items, now, settings)
    return {str(_sheets()[number]["title"]): rows for number, rows in made.items()}


def _made(items: Sequence[Item], now: dt.datetime, settings: Mapping[str, str]) -> dict[int, list[list[Cell]]]:
    return {
        TODO: sheet(board.nearest_first(board.running(items, now), now, words()["listed"]), now),
        SOFT: sheet(board.nearest_first(board.aside(items, now), now, words()["listed"]), now),
        CUSTOMERS: counts_sheet(tallies.counts(items, now, tallies.by_customer, settings), CUSTOMERS),
        MANAGERS: counts_sheet(tallies.counts(items, now, tallies.by_manager, settings), MANAGERS),
        SUPERVISION: supervision(items, now),
        SHARES: shares(share for share in attribution(items, now) if share.waited),
    }


def sheet(items: Iterable[Item], now: dt.datetime) -> list[list[Cell]]:
    """Items as rows of the sheet 待办, headings first, in the order given."""
    columns = _columns(TODO)
    names = [name for name, _ in columns]
    apart = "note" in names
    body: list[list[Cell]] = []
    for item in items:
        cells = _cells(item, now)
        if item.note and not apart:
            cells["next"] = f"{item.next_action}（{item.note}）"
        body.append([cells[name] for name in names])
    return [[title for _, title in columns], *body]


def _cells(item: Item, now: dt.datetime) -> dict[str, Cell]:
    """A deadline's cells by column name."""
    return {
        "state": words()["hint"][board.standing(item, now)], "due": last_second(item.due),
        "act_by": last_second(item.act_by), "left": board.distance(item.due, now), "clock": item.clock,
        "matter": item.title, "key": item.key, "customer": item.branch or item.customer, "manager": item.manager,
        "next": item.next_action, "form": paper(item), "clause": item.clause,
        "provisional": words()["flags"]["true"] if item.provisional else None,
        "kind": words()["kinds"][item.kind], "trigger": _trigger(item), "place": board.where(item), "note": item.note,
    }


@lru_cache(1 << 15)
def last_second(due: When | None) -> Cell:
    """A day or moment as a moment, so that days and minutes sort together; a day ends with its last second."""
    if due is None or isinstance(due, dt.datetime):
        return due
    return dt.datetime.combine(due, dt.time(23, 59, 59))


def _trigger(item: Item) -> str:
    """What started the clock and when."""
    if item.trigger_on is None:
        return ""
    on = board.shown(item.trigger_on)
    if item.cell and item.record and not item.rule.from_lapse and item.rule.shape != "period":
        return f"{item.record.form.column(item.trigger).title} {on}"
    return (item.rule.after and f"{item.rule.after} {on}") or item.period


def counts_sheet(lines: Mapping[str, Count], sheet: int) -> list[list[Cell]]:
    """Counts as rows of a sheet, headings first; the rate stands blank where nothing was due."""
    columns = _columns(sheet)
    body: list[list[Cell]] = []
    for name, count in lines.items():
        told: dict[str, Cell] = {**count._asdict(), "open": count.normal, "rate": count.rate}
        body.append([name, *(told[column] for column, _ in columns[1:])])
    return [[title for _, title in columns], *body]


def supervision(items: Iterable[Item], now: dt.datetime) -> list[list[Cell]]:
    """The list of complaints under key supervision (K34), headings first, longest overdue first."""
    listed = sorted((item for item in items if item.kind == "escalation"), key=board.instant)
    rows: list[list[Cell]] = [[title for _, title in _columns(SUPERVISION)]]
    for item in listed:
        if item.trigger_on is None or item.record is None:
            continue
        limit = day(item.trigger_on) - DAY
        until = day(item.closed_on) if item.closed_on else now.date()
        reported = item.record.date(item.rule.close[0])
        rows.append([
            item.key, item.branch or item.customer, _accepted(item), limit,
            max((until - limit).days, 0), reported if reported and reported <= now.date() else None,
            words()["states"][item.state], paper(item),
        ])
    return rows


def _accepted(item: Item) -> Cell:
    value = item.record[item.rule.trigger[0]] if item.record else None
    return value if isinstance(value, dt.date) else None


def shares(found: Iterable[Share]) -> list[list[Cell]]:
    """Shares of elapsed days as rows of a sheet, headings first and, where there are any, a line of totals last."""
    listed = list(found)
    rows: list[list[Cell]] = [[title for _, title in _columns(SHARES)]]
    rows += ([*share] for share in listed)
    if listed:
        sums = [sum(days) for days in zip(*((s.elapsed, s.ours, s.waited) for s in listed), strict=True)]
        rows.append([words()["attribution"]["total"], None, None, None, *sums, None, None])
    return rows


def paper(item: Item) -> str:
    """What the paper that closes a deadline is called: its annex number, or its name where it has none."""
    named: str = words()["papers"].get(item.form, item.form)
    return named
