"""The dated parameters of 计费参数: read, checked for gaps and overlaps, and looked up by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.data import toml
from macros.delivered import rows_of
from macros.findings import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from macros.findings import Finding
    from macros.records import Record

_RULES = Path(__file__).parents[1] / "rules"
_DAY = dt.timedelta(days=1)
FORM = "price"
#: The parameter that needs the day before which an order was signed, and the column that states it.
EARLY, SIGNED_BEFORE = "early_discount", "signed_before"


class Case(NamedTuple):
    """What a parameter is for: its name in the program, object, tenants, anchor and mounting height from."""

    parameter: str
    item: str = ""
    tenants: int = 0
    anchor: bool = False
    above: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A parameter's value from its first day to its last; ``row`` is where the register states it."""

    value: Decimal
    starts: dt.date
    ends: dt.date
    row: Record

    @property
    def signed_before(self) -> dt.date | None:
        """Orders signed before this day have the value; None where the row leaves it open.

        A sheet drawn before there was a column for it means the row's first day.
        """
        return self.row.date(SIGNED_BEFORE) if _has(self.row, SIGNED_BEFORE) else self.starts


@cache
def words() -> dict[str, Any]:
    """How the arithmetic finds its columns and parameters, from ``rules/pricing.toml``."""
    return toml(_RULES / "pricing.toml")


@dataclass(frozen=True, slots=True)
class Tariff:
    """Every parameter with its versions, in the order of their first days."""

    versions: Mapping[Case, Sequence[Version]]

    def on(self, day: dt.date, case: Case) -> Decimal | None:
        """The value in force on a day; None where there is none."""
        found = self.version(day, case)
        return found.value if found else None

    def version(self, day: dt.date, case: Case) -> Version | None:
        """The version in force on a day."""
        return next((one for one in self.versions.get(case, ()) if one.starts <= day <= one.ends), None)

    def cuts(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The days after ``first`` and up to ``last`` on which any parameter begins or has ended."""
        days = {day for held in self.versions.values() for one in held for day in (one.starts, day_after(one.ends))}
        return sorted(day for day in days if first < day <= last)

    def cases(self, parameter: str) -> Iterator[Case]:
        """Every case a parameter is stated for."""
        return (case for case in self.versions if case.parameter == parameter)


def tariff(rows: Iterable[Record]) -> tuple[Tariff, list[Finding]]:
    """The parameters that rows of 计费参数 state, and what is wrong with them.

    Two versions of one case that overlap, a gap between two versions, and a version that ends before it begins are
    findings; the row at fault is left out, so that no month is priced with it. The further discount of early orders
    is one without the day before which they were signed too; it stays, so that its days are known to lack it.
    """
    names = {title: name for name, title in words()["parameter"].items()}
    findings: list[Finding] = []
    held: dict[Case, list[Version]] = {}
    for row in rows:
        value, starts = row["value"], row.date("starts_on")
        if row["parameter"] is None or value is None or starts is None:
            continue  # the register's own check names the missing cell
        ends = row.date("ends_on") or dt.date.max
        if ends < starts:
            findings.append(about(row, "ends_on", "PRC001", starts=starts))
            continue
        name = names[row.text("parameter")]
        if name == EARLY and row[SIGNED_BEFORE] is None:
            findings.append(_undated(row, starts))
        held.setdefault(_case(name, row), []).append(Version(value, starts, ends, row))  # type: ignore[arg-type]
    return Tariff({case: _checked(found, findings) for case, found in held.items()}), findings


def _undated(row: Record, starts: dt.date) -> Finding:
    if _has(row, SIGNED_BEFORE):
        return about(row, SIGNED_BEFORE, "PRC060")
    return about(row, "starts_on", "PRC061", column=row.form.column(SIGNED_BEFORE).title, day=starts)


def _has(row: Record, name: str) -> bool:
    """Whether the row's sheet has a column."""
    return bool(row.columns[row.form.index[name]])


def _case(name: str, row: Record) -> Case:
    tenants, above = row["tenants"], row["above"]
    return Case(name, row.text("item"), tenants or 0, bool(row["anchor"]), above)  # type: ignore[arg-type]


def _checked(versions: list[Version], findings: list[Finding]) -> list[Version]:
    """Versions in order; of two that overlap the later one is left out, a gap is told."""
    versions.sort(key=lambda one: one.starts)
    kept = versions[:1]
    for one in versions[1:]:
        if one.starts <= kept[-1].ends:
            findings.append(about(one.row, "starts_on", "PRC002", other=kept[-1].row.place.row, until=kept[-1].ends))
        else:
            kept.append(one)
    for one, following in pairwise(kept):
        if day_after(one.ends) != following.starts:
            findings.append(about(following.row, "starts_on", "PRC003", last=one.ends, next=following.starts))
    return kept


def day_after(day: dt.date) -> dt.date:
    """The next day; the last there is has none."""
    return day if day == dt.date.max else day + _DAY


def shipped() -> list[Record]:
    """The parameters as delivered, ``rules/prices.csv`` read as rows of 计费参数."""
    return rows_of(_RULES / "prices.csv", FORM)
