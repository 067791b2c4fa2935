"""Lays the overview of service out as the sheets of 服务情况, column by column as ``rules/service.toml`` names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.clocks import board
from macros.clocks.rules import words as clock_words
from macros.clocks.sheets import last_second
from macros.records import Link, as_cell
from macros.service.owners import chain, owner
from macros.service.rules import measures, rules
from macros.service.sampling import callbacks
from macros.values import round_half_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from macros.clocks.item import Item
    from macros.records import Cell, Record
    from macros.register import Register
    from macros.service.cases import Case
    from macros.service.counts import ServiceMonth, Share
    from macros.service.overview import Overview

    Row = Mapping[str, Cell]


def sheets(seen: Overview, register: Register) -> list[tuple[dict[str, Any], list[list[Cell]]]]:
    """Every sheet with its rows, without headings, in the order of the rules."""
    made = {
        "open": _open(seen, register), "supervised": _supervised(seen, register), "rates": _rates(seen.counts),
        "trend": _trend(seen), "customers": _customers(seen.counts), "causes": _causes(seen.counts),
        "rows": _rows(seen.counts), "calls": _calls(seen, register), "owners": _owners(seen, register),
    }
    return [
        (sheet, [[row.get(column["name"]) for column in sheet["columns"]] for row in made[sheet["id"]]])
        for sheet in rules()["sheet"]
    ]


def _kind(case: Case) -> str:
    return str(rules()["case"][case.table]["title"])


def place(case: Case, column: str = "") -> Cell:
    """The case's cell in the register, as text that leads there."""
    spot, at = case.record.place, case.record.cell(column) if column else ""
    at = at or spot.cell(1)
    return Link(f"《{spot.workbook.rsplit('.', 1)[0]}》{spot.sheet} {at}", spot.workbook, spot.sheet, at)


def state(item: Item | None, at: dt.datetime) -> str:
    """How pressing a step is, in the words that sheets are coloured by."""
    said = clock_words()["hint"]
    return str(said["normal"] if item is None else said[board.standing(item, at)])


def _open(seen: Overview, register: Register) -> Iterator[Row]:
    for case, step, owned in seen.running:
        item, row = step.item, case.record
        yield {
            "state": state(item, seen.at), "kind": _kind(case), "key": case.key, "customer": case.customer,
            "level": register.level_of(row), "owner": owned.name, "chain": chain(register, row, seen.at),
            "matter": row.text(rules()["case"][case.table]["matter"]), "asked": case.asked, "next": step.say,
            "due": last_second(item.due) if item else None, "left": board.distance(item.due, seen.at) if item else None,
            "clock": item.clock if item else None, "clause": item.clause if item else None,
            "place": place(case, step.column),
        }


def _supervised(seen: Overview, register: Register) -> Iterator[Row]:
    said = rules()["supervised"]
    for one in seen.supervised:
        row = one.case.record
        state_of = "reported" if one.reported_on else "printed" if one.paper else "unreported"
        yield {
            "state": said[state_of], "key": one.case.key, "customer": one.case.customer,
            "department": row.text("department"), "owner": owner(register, row, seen.at).name,
            "matter": row.text("content"), "asked": one.case.asked, "due": one.due, "over": one.over,
            "since": one.since, "paper": one.paper,
            "printed": one.printed_on, "reported": one.reported_on, "promised": one.promised_on,
            "reason": row.text("late_reason"),
        }


def _shares(month: ServiceMonth) -> Iterator[tuple[str, Share]]:
    for tally in month.tallies:
        for measure in measures(tally.table):
            yield f"{tally.table}.{measure.id}", tally.share(measure.id)


def _rates(month: ServiceMonth) -> Iterator[Row]:
    first = 2
    for _, share in _shares(month):
        measure, rows = share.measure, share.base + len(share.open)
        yield {
            "kind": rules()["case"][measure.table]["title"], "measure": measure.title, "rate": as_rate(share),
            "met": len(share.met), "missed": len(share.missed), "open": len(share.open), "words": share.words(),
            "formula": measure.formula, "clause": measure.clause, "rows": _details(first, rows),
        }
        first += rows


def _details(first: int, rows: int) -> Cell:
    """Where the rows behind a rate stand among the details, as text that leads there."""
    if not rows:
        return None
    (title,) = (sheet["title"] for sheet in rules()["sheet"] if sheet["id"] == "rows")
    return Link(f"第{first}—{first + rows - 1}行", rules()["workbook"]["file"], title, f"A{first}")


def as_rate(share: Share) -> Cell:
    """A rate as a figure of four decimals; blank where nothing was judged, never nought."""
    return None if share.rate is None else as_cell(round_half_up(share.rate, 4))


def _trend(seen: Overview) -> Iterator[Row]:
    for name, month in seen.months.items():
        yield {
            "month": name, "faults": month.faults.count, "complaints": month.complaints.count,
            **{key: as_rate(share) for key, share in _shares(month)},
        }


def _customers(month: ServiceMonth) -> Iterator[Row]:
    found = month.by_customer()
    for name in sorted(found, key=lambda name: (-sum(each.count for each in found[name]), name)):
        faults, complaints = found[name]
        one = month._replace(faults=faults, complaints=complaints)
        yield {
            "customer": name, "faults": faults.count, "complaints": complaints.count,
            "open": len(faults.open) + len(complaints.open),
            **{key: share.words() for key, share in _shares(one)},
        }


def _causes(month: ServiceMonth) -> Iterator[Row]:
    for (table, cause), tally in month.by_cause().items():
        first = "timely" if table == "fault" else "solve"
        yield {
            "cause": cause, "count": tally.count, "open": len(tally.open), "kind": rules()["case"][table]["title"],
            "timely": tally.share(first).words(), "passed": tally.share("passed").words(),
        }


def _rows(month: ServiceMonth) -> Iterator[Row]:
    for _, share in _shares(month):
        for outcome, side in (("False", share.missed), ("None", share.open), ("True", share.met)):
            for case in side:
                yield _row(share, rules()["outcome"][outcome], case)


def _row(share: Share, outcome: str, case: Case) -> Row:
    items = [case.clocks[clock] for clock in share.measure.clocks if clock in case.clocks]
    last = items[-1] if items else None
    return {
        "kind": _kind(case), "measure": share.measure.title, "outcome": outcome, "key": case.key,
        "customer": case.customer, "cause": case.cause, "asked": case.asked,
        "due": last_second(last.due) if last else None, "done": last_second(last.closed_on) if last else case.ended,
        "note": "；".join(item.note for item in items if item.note), "place": place(case),
    }


def _calls(seen: Overview, register: Register) -> Iterator[Row]:
    said, latest = rules()["sampled"], callbacks(register)
    sampled = {(case.table, case.key) for case in seen.sampled}
    listed: Iterable[tuple[Case, Record | None, bool]] = [
        *((case, latest.get(case.key), True) for case in seen.sampled),
        *((case, row, False) for case, row in seen.called if (case.table, case.key) not in sampled),
    ]
    for case, row, proposed in listed:
        on = row.date("called_on") if row else None
        row = row if on and on <= seen.at.date() else None
        yield {
            "state": said[_called(row, proposed=proposed)], "kind": _kind(case), "key": case.key,
            "customer": case.customer, "ended": case.ended, "called": on if row else None,
            "caller": row.text("caller") if row else None, "satisfied": row.text("satisfied") if row else None,
            "repaired": as_cell(row["repaired"]) if row else None, "opinion": row.text("opinion") if row else None,
        }


def _called(row: Record | None, *, proposed: bool) -> str:
    if row is None:
        return "waiting"
    words = rules()["satisfied"]
    if row["satisfied"] in words["no"] or row["repaired"] is False:
        return "ill"
    if row["satisfied"] in words["yes"] or row["repaired"]:
        return "well"
    return "called" if proposed else "extra"


def _owners(seen: Overview, register: Register) -> Iterator[Row]:
    for case, row in seen.handed:
        yield {
            "key": case.key, "kind": _kind(case), "customer": case.customer,
            "first": case.record.text(rules()["case"][case.table]["owner"]), "at": row["handed_at"],  # type: ignore[dict-item]
            "giver": row.text("giver"), "taker": row.text("taker"), "reason": row.text("reason"),
            "accepted": row.text("accepted_by"), "now": owner(register, case.record, seen.at).name,
        }
