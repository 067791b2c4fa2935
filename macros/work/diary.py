"""Proposes the lines of a diary from what the registers say happened, so that the manager only completes them (R4)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.work.wanted import owner_of
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from macros.records import Record
    from macros.register import Register
    from macros.tables import Values


class Happened(NamedTuple):
    """What the registers say of one day: whose work, with whom, by which rows."""

    day: dt.date
    manager: str
    customer: str
    title: str
    about: str
    rows: tuple[Record, ...]


def happened(register: Register, first: dt.date, last: dt.date) -> list[Happened]:
    """Everything done from the first to the last day, by day, in the order of the rules."""
    found: dict[tuple[dt.date, int, str, str, str], list[Record]] = {}
    customers: dict[tuple[dt.date, int, str, str, str], str] = {}
    for number, rule in enumerate(rules("diary")["happened"]):
        for row in _of(register, rule, first, last):
            day = row.date(rule["day"])
            assert day is not None
            customer = register.customer_of(row)
            name = customer.key if customer else ""
            about = row.key if rule.get("each") else row.text(rule["by"]) if "by" in rule else ""
            who = "" if "by" in rule else name
            key = (day, number, manager_of(register, row), who, about)
            found.setdefault(key, []).append(row)
            customers[key] = who
    return [
        Happened(day, manager, customers[day, number, manager, who, about], rules("diary")["happened"][number]["title"],
                 about, tuple(found[day, number, manager, who, about]))
        for day, number, manager, who, about in sorted(found, key=lambda key: key[:2])
    ]


def proposed(register: Register, first: dt.date, last: dt.date) -> list[Values]:
    """The lines that the diary lacks, numbered after those of their day and manager.

    What a line of the diary refers to already is not told again, whatever the manager made of the line.
    """
    told: dict[tuple[dt.date, str, str], set[str]] = {}
    numbers: Counter[tuple[dt.date, str]] = Counter()
    for row in register.rows("diary"):
        day, who = row.date("day"), row.text("manager")
        if day:
            told.setdefault((day, who, row.text("source")), set()).update(row.text("related").split("、"))
            number = row["line_no"]
            numbers[day, who] = max(numbers[day, who], number if isinstance(number, int) else 0)
    made: list[Values] = []
    by_title = {rule["title"]: rule for rule in rules("diary")["happened"]}
    for each in happened(register, first, last):
        known = told.get((each.day, each.manager, each.title), set())
        rows = [row for row in each.rows if row.key not in known]
        if not each.manager or not rows or each.about in known - {""}:
            continue
        numbers[each.day, each.manager] += 1
        rule = by_title[each.title]
        made.append({
            "day": each.day, "manager": each.manager, "line_no": numbers[each.day, each.manager],
            "customer_name": each.customer or None, "work": worded(rule, rows),
            "result": (rows[0].text(rule["result"]) or None) if "result" in rule and len(rows) == 1 else None,
            "related": each.about or "、".join(row.key for row in rows), "source": each.title,
        })
    return made


def worded(rule: Mapping[str, Any], rows: Sequence[Record]) -> str:
    """A line's words: columns of its first row, how many rows, and their numbers."""
    names = {name: rows[0].text(name) for name in rows[0].form.index}
    keys = "、".join(row.key for row in rows)
    said: str = rule["text"].format(**names, count=len(rows), keys=keys)
    return said.rstrip("：")


def manager_of(register: Register, row: Record) -> str:
    """Whose work a row is: its own manager, its customer's, else the one of the settings."""
    customer = register.customer_of(row)
    own = row.text("manager") if "manager" in row.form.index else ""
    return own or owner_of(register, customer)


def counted(register: Register, rule: Mapping[str, Any], first: dt.date, last: dt.date, manager: str) -> int:
    """How many rows of a table fall on a manager's days."""
    return sum(manager_of(register, row) == manager for row in _of(register, rule, first, last))


def _of(register: Register, rule: Mapping[str, Any], first: dt.date, last: dt.date) -> Iterable[Record]:
    without = rule.get("without", {})
    for row in register.rows(rule["table"]):
        day = row.date(rule["day"])
        left_out = any(row.text(name) in values for name, values in without.items())
        if row.key and day and first <= day <= last and not left_out:
            yield row
