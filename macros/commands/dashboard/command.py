"""dashboard: one page for the morning, worked out from the register as it stands; the register is not changed."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from macros.clocks.item import iso
from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.books import write
from macros.commands.collecting import owed
from macros.commands.dashboard.figures import morning, rules
from macros.commands.dashboard.words import page
from macros.commands.days import calendar_of
from macros.commands.judging import judged
from macros.commands.shelf import Shelf
from macros.commands.times import moment

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from macros.commands.dashboard.figures import Morning
    from macros.commands.dashboard.words import Page, Tile
    from macros.register import Register
    from macros.workdays import Calendar

#: A rate as JSON tells it.
_SHARE = Decimal("0.0001")


@no_collection()
def dashboard(folder: Path, out: Path | None = None, now: str | None = None) -> Answer:
    """Write 工作台.xlsx: today, this week, the red list, money, customers and on-time rates on one page.

    Args:
        folder: the register.
        out: where it goes; the register's folder when None.
        now: the moment it is, the present when None.
    """
    from macros.commands.dashboard.sheet import workbook

    register = Shelf(folder).register()
    at, calendar = moment(now), calendar_of(register)
    items = judged(register, at).items
    stood, findings = owed(register, items, at.date())
    found = morning(register, items, stood, open_cases(register, calendar, at), calendar, at)
    home = out or folder
    told = page(found, calendar, register.settings, folder, home)
    path = home / rules()["workbook"]["file"]
    findings = [*findings, *write(path, workbook(told, found))]
    return lists.answer(_json(found) | {"file": str(path)}, _lines(told, path), findings)


def open_cases(register: Register, calendar: Calendar, at: dt.datetime) -> Mapping[str, int]:
    """Faults and complaints that are not over, by customer."""
    from macros.service.cases import cases

    return Counter(case.customer for case in cases(register, calendar, at) if case.ended is None)


def _json(found: Morning) -> dict[str, Any]:
    return {
        "now": found.at.isoformat(),
        "counts": {
            "today": len(found.today), "late": found.late, "hard_late": found.hard, "supervised": found.supervised,
            "week": sum(each.due for each in found.week if each.day >= found.at.date()),
        },
        "today": [item.as_json() for item in found.today],
        "week": [
            {"day": each.day.isoformat(), "workday": each.worked, "due": each.due, "late": each.late}
            for each in found.week
        ],
        "red": [each.item.as_json() | {"deadlines": each.deadlines} for each in found.red],
        "money": {
            "billed": str(found.money.billed), "received": str(found.money.received), "owed": str(found.money.owed),
            "overdue": str(found.money.overdue), "pay_by": iso(found.pay_by),
            "months": {month: [str(amount) for amount in each] for month, each in found.months.items()},
        },
        "customers": [
            {
                "name": each.name, "visit": each.visit, "visited_on": iso(each.last_on), "late": each.late,
                "demands": each.demands, "cases": each.cases,
            } for each in found.customers
        ],
        "rates": {
            month: {
                "met": rate.met, "late": rate.late,
                "rate": None if rate.rate is None else str(rate.rate.quantize(_SHARE, ROUND_HALF_UP)),
            }
            for month, rate in found.rates.items()
        },
        "ahead": {on.isoformat(): count for on, count in found.ahead.items()},
    }


def _lines(told: Page, path: Path) -> list[str]:
    lines = [told.day, "　".join(f"{tile.title} {_number(tile)}" for tile in told.tiles)]
    for block in (told.today, told.red):
        lines.append(f"{block.title}：" + ("" if block.lines else block.rest))
        lines += [f"  {'  '.join(str(cell.value) for cell in line)}" for line in block.lines]
        lines += [f"  {block.rest}"] if block.lines and block.rest else []
    lines.append(f"一页全貌见《{path.name}》。")
    return lines


def _number(tile: Tile) -> str:
    """A big number as text."""
    if isinstance(tile.number, float):
        return f"{tile.number:.1%}" if "%" in tile.format else f"{tile.number:,.2f}"
    return str(tile.number)
