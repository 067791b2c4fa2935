"""Checks single cells: required, limits, patterns, lengths, and dates that cannot be."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from macros.findings import about
from macros.validation.rules import positions, rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from macros.findings import Finding
    from macros.forms import Column, Form
    from macros.records import Record


@dataclass(frozen=True, slots=True)
class _Plan:
    """The columns of a form that each check has to look at, as (position, column)."""

    required: tuple[tuple[int, Column], ...]
    limited: tuple[tuple[int, Column], ...]
    patterned: tuple[tuple[int, Column, re.Pattern[str]], ...]
    texts: tuple[tuple[int, Column, int], ...]
    phones: tuple[tuple[int, Column], ...]
    dates: tuple[tuple[int, Column], ...]
    past: frozenset[int]


@cache
def _plan(form: Form) -> _Plan:
    columns = [(i, c) for i, c in enumerate(form.columns) if not c.ours]
    longest = rules()["text"]["longest"]
    exempt = positions(form, "years.exempt")
    dates = tuple((i, c) for i, c in columns if c.type in ("date", "moment") and i not in exempt)
    return _Plan(
        tuple((i, c) for i, c in columns if c.required),
        tuple((i, c) for i, c in columns if c.minimum is not None or c.maximum is not None),
        tuple((i, c, re.compile(c.pattern)) for i, c in columns if c.pattern),
        tuple((i, c, longest[c.type]) for i, c in columns if c.type in longest),
        tuple((i, c) for i, c in columns if c.type == "phone"),
        dates,
        frozenset(i for i, _ in dates) - positions(form, "future.allowed"),
    )


def check_cells(record: Record, today: dt.date | None, unread: Collection[str]) -> Iterator[Finding]:
    """What is wrong with single cells of a row.

    Args:
        record: the row.
        today: the day after which no fact can lie; None where the computer's date is doubted.
        unread: titles of the columns whose cells could not be read, which are not missing; a mapping gives what
            they show besides.
    """
    plan, values = _plan(record.form), record.values
    fewest, most = rules()["phone"]["fewest"], rules()["phone"]["most"]
    for i, column in plan.required:
        if values[i] is None and record.columns[i] and column.title not in unread:
            yield about(record, column.name, "CHK001")
    for i, column in plan.limited:
        if values[i] is not None:
            yield from _limits(record, column, values[i])
    for i, column, pattern in plan.patterned:
        value = values[i]
        if value is not None and not pattern.fullmatch(str(value)):
            code = "CHK004" if column.name in record.form.key else "CHK005"
            note = column.note or f"“{column.title}”须为18位数字"
            yield about(record, column.name, code, note=note, length=len(str(value)))
    for i, column, limit in plan.texts:
        value = values[i]
        if value is not None and len(str(value)) > limit:
            shown = f"{str(value)[:20]}…"
            yield about(record, column.name, "CHK009", value=shown, limit=limit, length=len(str(value)))
    for i, column in plan.phones:
        value = values[i]
        if value is not None and not fewest <= sum(map(str.isdigit, str(value))) <= most:
            yield about(record, column.name, "CHK016", fewest=fewest, most=most)
    years = rules()["years"]
    usual, until = dt.date(years["unusual"], 1, 1), today or dt.date(years["last"], 12, 31)
    for i, column in plan.dates:
        if values[i] is None:
            continue
        day = _day(values[i])
        # Nearly every date passes here; a term may end later and is looked at closely.
        if day is not None and not usual <= day <= until:
            yield from _date(record, column, today, past=i in plan.past)


def _limits(record: Record, column: Column, value: object) -> Iterator[Finding]:
    if column.minimum is not None and value < column.minimum:  # type: ignore[operator]
        yield about(record, column.name, "CHK002", limit=column.minimum)
    if column.maximum is not None and value > column.maximum:  # type: ignore[operator]
        yield about(record, column.name, "CHK003", limit=column.maximum)


def _date(record: Record, column: Column, today: dt.date | None, *, past: bool) -> Iterator[Finding]:
    day = record.date(column.name)
    years = rules()["years"]
    if day is None:
        return
    latest = today.year + years["ahead"] if today else years["last"]
    if not years["earliest"] <= day.year <= latest:
        details = {"earliest": years["earliest"], "latest": latest}
        yield about(record, column.name, "CHK007", value=shown(record, column.name), **details)
    elif today and past and day > today:
        near = (day - today).days <= rules()["future"]["near_days"]
        yield about(record, column.name, "CHK017" if near else "CHK006", value=shown(record, column.name), today=today)
    elif day.year < years["unusual"]:
        yield about(record, column.name, "CHK008", value=shown(record, column.name), unusual=years["unusual"])


def shown(record: Record, name: str) -> str:
    """A column's value as the user writes it: days as ISO, moments to the minute."""
    value = record[name]
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def trusted_today(records: Collection[Record], today: dt.date) -> tuple[dt.date | None, int, dt.date]:
    """``today`` for the future check, or None where the computer's clock is behind the register.

    A clock set wrong would make every right row look wrong; so where many rows are dated later than today, the
    clock is what is doubted. Gives the day, how many rows lie after it, and the latest day met.
    """
    late = dated = 0
    latest = today
    for record in records:
        values = record.values
        days = [day for i in _plan(record.form).past if values[i] is not None and (day := _day(values[i]))]
        dated += bool(days)
        if days and max(days) > today:
            late += 1
            latest = max(latest, *days)
    doubted = late >= rules()["future"]["doubt_rows"] and late >= dated * rules()["future"]["doubt_share"]
    return (None if doubted else today), late, latest


def _day(value: object) -> dt.date | None:
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None
