"""What an operator may see differently in a line, in the order of billing rule 9: dates, days, tenants, discount."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from macros.billing.segments import cut
from macros.choices import choices
from macros.pricing.parameters import words as priced
from macros.reconcile.views import View, days, segments, with_terms
from macros.reconcile.words import detail

if TYPE_CHECKING:
    from collections.abc import Callable

    from macros.billing.segments import Segment
    from macros.reconcile.lines import LedgerLine
    from macros.reconcile.views import Month

_NEVER = dt.date.max


@dataclass(frozen=True, slots=True)
class Option:
    """One way to see one thing: the cause it is, what it says, and the view it makes of another.

    ``stated`` tells whether the operator's list says so, or whether the amount alone would; ``alone`` that it is
    one of so many guesses that it is only believed by itself.
    """

    cause: str
    says: Callable[[View, Month], str]
    sees: Callable[[View, Month], View]
    stated: bool = True
    alone: bool = False


def _same(view: View, month: Month) -> View:
    return view


#: Our own view.
OURS = Option("", lambda view, month: "", _same)


def options(view: View, theirs: LedgerLine, month: Month) -> list[list[Option]]:
    """For each thing the ways to see it, what the list states first and our own view among them."""
    return [
        _start(view, theirs, month), _end(view, theirs, month), _days(theirs), _tenants(view, theirs, month),
        _anchor(view, theirs), _existing(view, theirs), _early(view, month),
    ]


def shared(view: View, theirs: LedgerLine, month: Month) -> list[list[Option]]:
    """The same for a line that stands for several leases: only what all of them have in common."""
    return [_tenants(view, theirs, month), _anchor(view, theirs)]


def _start(view: View, theirs: LedgerLine, month: Month) -> list[Option]:
    ours, day = view.lease.starts, theirs.day("starts_on")
    counted = theirs.number("days")
    found: list[Option] = []
    if day is not None and day != ours:
        found.append(_dated("start-date", "starts", day))
    elif day is None and counted is not None and 0 < counted < days(view, month):
        # Only the number of days is told: the service then began so many days before its end.
        began = min(view.lease.ends, month.last) - dt.timedelta(days=int(counted) - 1)
        if began != ours + dt.timedelta(days=1):
            found.append(_dated("start-date", "starts", began))
    elif day is None and counted is None:
        return [OURS, *_within("start-date", "starts", ours, month)]
    return [*found, OURS]


def _end(view: View, theirs: LedgerLine, month: Month) -> list[Option]:
    if "ends_on" not in theirs.stated:
        counted = theirs.number("days")
        if counted is None:
            return [OURS, *_within("end-date", "ends", view.lease.ends, month)]
        return [*_ended(view, theirs, int(counted), month), OURS]
    day = theirs.day("ends_on") or _NEVER
    return [OURS] if day == view.lease.ends else [_dated("end-date", "ends", day), OURS]


def _ended(view: View, theirs: LedgerLine, counted: int, month: Month) -> list[Option]:
    """The end that a number of days tells where the start is told: one day fewer is how a start not counted looks."""
    began, last = theirs.day("starts_on"), min(view.lease.ends, month.last)
    if began is None or counted <= 0:
        return []
    more = counted - (last - max(began, month.first)).days - 1
    ended = last + dt.timedelta(days=more)
    told = more < -1 or (more > 0 and ended <= month.last)
    return [_dated("end-date", "ends", ended)] if told else []


def _within(cause: str, name: str, ours: dt.date, month: Month) -> list[Option]:
    """Every other day of the month the service may begin or end on, for lists that tell neither day nor days."""
    length = (month.last - month.first).days
    every = (month.first + dt.timedelta(days=number) for number in range(length + 1))
    # One day later is how a start day looks that is not counted: that is days, not the date.
    own = (ours, ours + dt.timedelta(days=1)) if name == "starts" else (ours,)
    return [_dated(cause, name, day, stated=False) for day in every if day not in own]


def _dated(cause: str, name: str, day: dt.date, stated: bool = True) -> Option:
    def says(view: View, month: Month) -> str:
        ours: dt.date = getattr(view.lease, name)
        return detail(cause, ours=_day(ours), theirs=_day(day))

    def sees(view: View, month: Month) -> View:
        dates: dict[str, Any] = {name: day}
        return replace(view, lease=replace(view.lease, **dates))

    return Option(cause, says, sees, stated, alone=not stated)


def _day(day: dt.date) -> str:
    return "未定" if day == _NEVER else day.isoformat()


def _days(theirs: LedgerLine) -> list[Option]:
    stated = theirs.number("days")

    def sees(view: View, month: Month) -> View:
        if stated is None or stated <= 0:
            return view
        return replace(view, unpaid=days(view, month) - int(stated))

    def late(view: View, month: Month) -> View:
        return replace(view, unpaid=1) if month.first <= view.lease.starts < month.last else view

    def says(made: Callable[[View, Month], View]) -> Callable[[View, Month], str]:
        def words(view: View, month: Month) -> str:
            seen = made(view, month)
            first = seen.unpaid == 1 and month.first <= view.lease.starts
            return detail("days-start" if first else "days", ours=days(view, month), theirs=days(seen, month))

        return words

    return [Option("days", says(sees), sees), Option("days", says(late), late, stated=False), OURS]


def _tenants(view: View, theirs: LedgerLine, month: Month) -> list[Option]:
    count = theirs.number("tenants")
    most = priced()["site"]["tenants"]
    found: list[Option] = []
    if count is not None and 1 <= count <= most:
        ours = segments(view, month)
        joined = sorted(day for name in ("joined_1", "joined_2") if (day := theirs.day(name)))
        dated = _tenancy(int(count), joined, month)
        if not ours or ours[-1].tenants != count:
            found.append(_seen(dated))
            found.append(_seen(((month.first, int(count)),), stated=len(dated) == 1))
        else:
            # The end of the month agrees; its course need not.
            found.append(OURS)
            found.append(_seen(dated, stated=False))
            found.append(_seen(((month.first, int(count)),), stated=False))
    else:
        found.append(OURS)
        found += [_seen(((month.first, one),), stated=False) for one in range(1, most + 1)]
    return [*found, *_unaware(view, month, most), OURS]


def _unaware(view: View, month: Month, most: int) -> list[Option]:
    """Our course of tenants as one sees it who knows nothing of some of them, or of one more."""
    lease = view.lease
    site = [one for one in month.sites.get(lease.site, ()) if one.key != lease.key]
    others = sorted({one.operator for one in site} - {lease.operator})
    courses = []
    for count in range(1, len(others)):
        for gone in combinations(others, count):
            kept = [one for one in site if one.operator not in gone]
            courses.append([(one.first, one.tenants) for one in cut([*kept, lease], month.spans)[lease.key]])
    courses.append([(one.first, min(most, one.tenants + 1)) for one in segments(view, month)])
    return [_seen(((month.first, course[0][1]), *course[1:]), stated=False) for course in courses if len(course) > 1]


def _tenancy(count: int, joined: list[dt.date], month: Month) -> tuple[tuple[dt.date, int], ...]:
    """Tenants from day to day: so many at the end, one fewer before each joining in the month."""
    later = [day for day in joined if month.first < day <= month.last]
    steps = [(month.first, max(1, count - len(later)))]
    steps += [(day, max(1, count - len(later) + number)) for number, day in enumerate(later, 1)]
    return tuple(steps)


def _seen(tenancy: tuple[tuple[dt.date, int], ...], stated: bool = True) -> Option:
    def sees(view: View, month: Month) -> View:
        return replace(view, tenancy=tenancy)

    def says(view: View, month: Month) -> str:
        ours, theirs = segments(view, month), segments(sees(view, month), month)
        return detail("tenants", ours=_course(ours), theirs=_course(theirs))

    return Option("tenants", says, sees, stated)


def _course(found: list[Segment]) -> str:
    """Tenants of a month in words: 2户, or 1户、10月17日起2户."""
    said: list[str] = []
    before = 0
    for one in found:
        if one.tenants != before:
            said.append(f"{one.first.month}月{one.first.day}日起{one.tenants}户" if before else f"{one.tenants}户")
        before = one.tenants
    return "、".join(said) or "无"


def _flag(cause: str, name: str, ours: bool, changed: dict[str, object], stated: bool) -> Option:
    def words(value: bool) -> str:
        return "是" if value else "否"

    return Option(
        cause, lambda view, month: detail(name, ours=words(ours), theirs=words(not ours)),
        lambda view, month: with_terms(view, **changed), stated,
    )


def _anchor(view: View, theirs: LedgerLine) -> list[Option]:
    ours, said = view.lease.terms.anchor, theirs.row["anchor"]
    other = _flag("discount", "anchor", ours, {"anchor": not ours}, stated=said is not None)
    if said is None:
        return [OURS, other]
    return [OURS] if said == ours else [other, OURS]


def _existing(view: View, theirs: LedgerLine) -> list[Option]:
    said = choices()["sharing"].get(theirs.row.text("sharing"))
    ours = view.lease.terms.existing
    if said is not None:
        same = (said == priced()["word"]["existing"]) == ours
        return [OURS] if same else [_flag("discount", "existing", ours, {"existing": not ours}, stated=True), OURS]
    return [OURS, _flag("discount", "existing", ours, {"existing": not ours}, stated=False)]


def _early(view: View, month: Month) -> list[Option]:
    """The further discount of early orders, which no list states: given or not."""
    regime, signed = month.spans[-1].regime, view.lease.terms.signed
    if not regime.early:
        return [OURS]
    ours = signed is not None and signed < regime.early_before
    other = None if ours else dt.date.min
    return [OURS, _flag("discount", "early", ours, {"signed": other}, stated=False)]
