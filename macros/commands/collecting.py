"""collection: what each customer was billed, has paid and owes, by month and age."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.billing.collection import Milestone, ageing, entries, standings, words
from macros.clocks.item import day, iso
from macros.clocks.quiet import no_collection
from macros.commands import Answer, judging, lists
from macros.commands.books import write_report
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.records import as_cell

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from macros.billing.collection import Standing
    from macros.clocks.item import Item
    from macros.findings import Finding
    from macros.records import Cell
    from macros.register import Register
    from macros.workbooks.reports import Sheet

_NOTHING = Decimal("0.00")


@no_collection()
def collection(folder: Path, out: Path | None = None, now: str | None = None) -> Answer:
    """List billed, received and open amounts of every statement; writes 收款情况.xlsx with the ageing as a chart.

    Statements with rows in 收款 get their sum as 到账金额, and the day it was complete as 到账日期, which closes K22.
    """
    shelf = Shelf(folder)
    register = shelf.register()
    at = moment(now)
    found, findings = owed(register, judged(register, at), at.date())
    findings = [*(said for said in register.findings if said.code == "CMD019"), *findings]
    shelf.update(entries(found))
    findings += shelf.save()
    ages = ageing(found)
    path = (out or folder) / words()["workbook"]["file"]
    findings += write_report(path, words()["workbook"]["title"], _sheets(found, ages))
    data = {
        "now": at.isoformat(), "rows": [_json(each) for each in found],
        "ageing": {title: {who: str(open_) for who, open_ in each.items()} for title, each in ages.items()},
        "total": {name: str(amount) for name, amount in _totals(found).items()},
        "file": str(path),
    }
    return lists.answer(data, _lines(found, ages, at, path), findings)


def judged(register: Register, at: dt.datetime) -> Sequence[Item]:
    """The months' duties K20 to K22 as the clocks tell them."""
    return judging.judged(register, at, list(words()["clocks"].values())).items


def owed(register: Register, items: Iterable[Item], today: dt.date) -> tuple[list[Standing], list[Finding]]:
    """How every statement stands, its duties found among deadlines, and what its payments leave to say."""
    wanted = set(words()["clocks"].values())
    milestones = {
        (item.clock, item.period, item.customer): Milestone(
            day(item.due) if item.due else None, item.state, day(item.closed_on) if item.closed_on else None,
        ) for item in items if item.clock in wanted
    }
    return standings(register.rows("statement"), register.rows("payment"), milestones, today)


def state(each: Standing) -> str:
    """How a statement stands, in the words that the sheets are coloured by."""
    said = words()["state"]
    paid = each.milestones.get(words()["clocks"]["paid"])
    if each.open > 0:
        return str(said["late"].format(days=each.days) if each.days else said["open"])
    complete = each.received.complete_on
    if complete is None or paid is None or paid.due is None:
        return str(said["settled"])
    return str(said["met"] if complete <= paid.due else said["met-late"])


def _milestone(each: Standing, name: str) -> str:
    """A milestone in words: how it stands, and its day."""
    from macros.clocks.rules import words as clock_words

    found = each.milestones.get(words()["clocks"][name])
    if found is None:
        return ""
    return f"{clock_words()['states'][found.state]} {found.done_on or found.due or ''}".strip()


def _sheets(found: Sequence[Standing], ages: Mapping[str, Mapping[str, Decimal]]) -> list[Sheet]:
    listed, aged = words()["sheet"]
    rows: list[list[Cell]] = []
    for each in found:
        paid = each.milestones.get(words()["clocks"]["paid"])
        rows.append([
            state(each), each.month, each.operator, as_cell(each.billed), as_cell(each.received.amount),
            as_cell(each.open), paid.due if paid else None, each.days, each.bucket, each.received.last_on,
            each.received.payments or None, each.row.date("invoice_on"), _milestone(each, "listed"),
            _milestone(each, "confirmed"),
        ])
    operators = list(dict.fromkeys(who for each in ages.values() for who in each))
    columns = [aged["first"], *({"name": f"o{n}", "title": who, **aged["each"]} for n, who in enumerate(operators))]
    figures: list[list[Cell]] = [
        [title, *(as_cell(each[who]) for who in operators)] for title, each in ages.items()
    ]
    return [(listed, rows), ({**aged, "columns": columns}, figures if operators else [])]


def _totals(found: Sequence[Standing]) -> dict[str, Decimal]:
    return {
        "billed": sum((each.billed for each in found), _NOTHING),
        "received": sum((each.received.amount for each in found), _NOTHING),
        "open": sum((each.open for each in found), _NOTHING),
    }


def _json(each: Standing) -> dict[str, Any]:
    paid = each.milestones.get(words()["clocks"]["paid"])
    last, complete = each.received.last_on, each.received.complete_on
    return {
        "month": each.month, "customer": each.operator, "billed": str(each.billed),
        "received": str(each.received.amount), "open": str(each.open), "state": state(each),
        "due": iso(paid.due) if paid else None, "days_overdue": each.days, "bucket": each.bucket,
        "last_received_on": iso(last),
        "complete_on": iso(complete), "payments": each.received.payments,
        "milestones": {
            clock: {
                "due": iso(stone.due), "state": stone.state,
                "done_on": iso(stone.done_on),
            } for clock, stone in each.milestones.items()
        },
    }


def _lines(
    found: Sequence[Standing], ages: Mapping[str, Mapping[str, Decimal]], at: dt.datetime, path: Path,
) -> list[str]:
    total = _totals(found)
    lines = [
        f"截至 {at:%Y-%m-%d}：账单 {len(found)} 份，应收 {total['billed']:,}，已收 {total['received']:,}，"
        f"欠款 {total['open']:,}。"
    ]
    lines += [
        f"  {each.month} {each.operator}  应收 {each.billed:,}  已收 {each.received.amount:,}  欠款 {each.open:,}"
        f"  {state(each)}  上旬对账：{_milestone(each, 'confirmed') or '无'}" for each in found
    ]
    owed = {title: sum(each.values(), _NOTHING) for title, each in ages.items()}
    lines.append("账龄：" + "，".join(f"{title} {amount:,}" for title, amount in owed.items()) + "。")
    lines.append(f"明细和图见《{path.name}》。")
    return lines
