"""Names of periods (2026, 2026-H1, 2026-Q4, 2026-11) and the days and months they hold."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from macros.patterns import pattern
from macros.periods import add_months

_NAME = pattern(r"(20[0-9]{2})(?:-(?:(H)([12])|(Q)([1-4])|(0[1-9]|1[0-2])))?")
_MONTHS = {"H": 6, "Q": 3}
_YEAR = 12


class Span(NamedTuple):
    """A period of whole months: its name, first and last day."""

    name: str
    first: dt.date
    last: dt.date

    @property
    def months(self) -> tuple[str, ...]:
        """Its months by name."""
        count = (self.last.year - self.first.year) * _YEAR + self.last.month - self.first.month + 1
        return tuple(f"{add_months(self.first, number):%Y-%m}" for number in range(count))

    @property
    def is_year(self) -> bool:
        """Whether it is a calendar year."""
        return len(self.name) == len("2026")

    @property
    def title(self) -> str:
        """How people say it: 2026年第4季度."""
        year, _, rest = self.name.partition("-")
        if not rest:
            return f"{year}年"
        if rest[0] == "Q":
            return f"{year}年第{rest[1]}季度"
        if rest[0] == "H":
            return f"{year}年{'上' if rest[1] == '1' else '下'}半年"
        return f"{year}年{int(rest)}月"


def span(name: str) -> Span | None:
    """The period of a name; None when it names none."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    year = int(found[1])
    if found[6]:
        start, size = int(found[6]), 1
    elif found[2] or found[4]:
        size = _MONTHS[found[2] or found[4]]
        start = (int(found[3] or found[5]) - 1) * size + 1
    else:
        start, size = 1, _YEAR
    first = dt.date(year, start, 1)
    return Span(name, first, add_months(first, size) - dt.timedelta(days=1))


def month_of(day: dt.date) -> Span:
    """The month a day lies in."""
    return _known(f"{day:%Y-%m}")


def quarter_of(day: dt.date) -> Span:
    """The quarter a day lies in."""
    return _known(f"{day:%Y}-Q{(day.month - 1) // 3 + 1}")


def to_date(month: Span) -> Span:
    """From the year's first month to the end of ``month``; its name is ``2026-01—2026-11``."""
    first = month.first.replace(month=1)
    return Span(f"{first:%Y-%m}—{month.last:%Y-%m}", first, month.last)


def a_year_before(period: Span) -> Span:
    """The same months a year earlier (同期)."""
    first = add_months(period.first, -_YEAR)
    last = add_months(period.last + dt.timedelta(days=1), -_YEAR) - dt.timedelta(days=1)
    return Span(f"{first:%Y-%m}—{last:%Y-%m}", first, last)


def _known(name: str) -> Span:
    found = span(name)
    assert found
    return found
