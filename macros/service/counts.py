"""Counts cases of a period and their rates, in all, by customer and by cause; every figure keeps its rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import DAY
from macros.periods import add_months
from macros.service.cases import cases
from macros.service.rules import measures, rules
from macros.values import round_half_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from macros.register import Register
    from macros.service.cases import Case
    from macros.service.rules import Measure, Table
    from macros.workdays import Calendar


class Share(NamedTuple):
    """One rate with the cases behind it: ``met`` and ``missed`` are its base, ``open`` cannot be told yet."""

    measure: Measure
    met: tuple[Case, ...]
    missed: tuple[Case, ...]
    open: tuple[Case, ...]

    @property
    def base(self) -> int:
        """How many cases were judged."""
        return len(self.met) + len(self.missed)

    @property
    def rate(self) -> Decimal | None:
        """Met ÷ judged, exact; None when nothing was judged."""
        return Decimal(len(self.met)) / Decimal(self.base) if self.base else None

    @property
    def percent(self) -> Decimal | None:
        """The rate in percent with one decimal."""
        return None if self.rate is None else round_half_up(self.rate * 100, 1)

    def words(self) -> str:
        """The rate with its counts, or in words why there is none."""
        said = rules()["words"]
        case = rules()["case"][self.measure.table]["title"]
        waiting = said["waiting"].format(open=len(self.open)) if self.open else ""
        if not self.base:
            return str(said["zero"].format(case=case) + waiting if self.open else said["none"].format(case=case))
        return str(said["rate"].format(rate=self.percent, met=len(self.met), base=self.base) + waiting)


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases of one kind: all of them in sheet order, and their rates by id."""

    table: Table
    cases: tuple[Case, ...]
    shares: Mapping[str, Share]

    @property
    def count(self) -> int:
        """How many cases."""
        return len(self.cases)

    @property
    def open(self) -> tuple[Case, ...]:
        """Those whose matter is not over."""
        return tuple(case for case in self.cases if case.ended is None)

    def share(self, measure: str) -> Share:
        """One rate by its id."""
        return self.shares[measure]


class ServiceMonth(NamedTuple):
    """The cases of a period, asked from ``first`` to ``last``, as they stand at ``at``."""

    first: dt.date
    last: dt.date
    at: dt.datetime
    faults: Tally
    complaints: Tally

    @property
    def tallies(self) -> tuple[Tally, Tally]:
        """Faults and complaints."""
        return self.faults, self.complaints

    def by_customer(self) -> dict[str, tuple[Tally, Tally]]:
        """Faults and complaints of each customer who had any, by name."""
        faults, complaints = (grouped(each.cases, lambda case: case.customer) for each in self.tallies)
        return {
            one: (tally("fault", faults.get(one, [])), tally("complaint", complaints.get(one, [])))
            for one in sorted(faults.keys() | complaints.keys())
        }

    def of_customer(self, name: str) -> ServiceMonth:
        """The same for one customer."""
        faults, complaints = (
            tally(each.table, [case for case in each.cases if case.customer == name]) for each in self.tallies
        )
        return self._replace(faults=faults, complaints=complaints)

    def by_cause(self) -> dict[tuple[Table, str], Tally]:
        """The cases of each cause of faults and kind of complaints, the most frequent first."""
        found: dict[tuple[Table, str], Tally] = {}
        for each in self.tallies:
            groups = grouped(each.cases, lambda case: case.cause)
            for cause in sorted(groups, key=lambda cause: (-len(groups[cause]), cause)):
                found[each.table, cause] = tally(each.table, groups[cause])
        return found


def service_month(
    register: Register, calendar: Calendar, first: dt.date, last: dt.date, at: dt.datetime,
) -> ServiceMonth:
    """Count the cases asked from ``first`` to ``last`` and their rates.

    Args:
        register: the tables.
        calendar: the working days.
        first: first day.
        last: last day, included.
        at: the moment to judge at, which decides what is open or late.
    """
    return counted(cases(register, calendar, at, first, last), first, last, at)


def service_months(
    register: Register, calendar: Calendar, first: dt.date, last: dt.date, at: dt.datetime,
) -> dict[str, ServiceMonth]:
    """The same for every month from ``first`` to ``last``, by its name ``2026-11``; the clocks are judged once."""
    groups = grouped(cases(register, calendar, at, first, last), lambda case: case.month)
    found: dict[str, ServiceMonth] = {}
    start = first
    while start <= last:
        following = add_months(start.replace(day=1), 1)
        end = min(following - DAY, last)
        found[f"{start:%Y-%m}"] = counted(groups.get(f"{start:%Y-%m}", []), start, end, at)
        start = following
    return found


def counted(found: Iterable[Case], first: dt.date, last: dt.date, at: dt.datetime) -> ServiceMonth:
    """The counts of cases that are known to lie in the period."""
    groups = grouped(found, lambda case: case.table)
    return ServiceMonth(
        first, last, at, tally("fault", groups.get("fault", [])), tally("complaint", groups.get("complaint", [])),
    )


def tally(table: Table, found: Sequence[Case]) -> Tally:
    """The rates of cases of one kind."""
    shares: dict[str, Share] = {}
    for measure in measures(table):
        sides: dict[bool | None, list[Case]] = {True: [], False: [], None: []}
        for case in found:
            sides[case.outcome[measure.id]].append(case)
        shares[measure.id] = Share(measure, tuple(sides[True]), tuple(sides[False]), tuple(sides[None]))
    return Tally(table, tuple(found), shares)


def grouped(found: Iterable[Case], name: Callable[[Case], str]) -> dict[str, list[Case]]:
    """Cases by a name of theirs, in order."""
    groups: dict[str, list[Case]] = {}
    for case in found:
        groups.setdefault(name(case), []).append(case)
    return groups
