"""The months an analysis compares: the reported one, the one before, the same of the year before; rows by month."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.months import first_of, last_of, name_of, previous
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from macros.records import Record
    from macros.register import Register

_YEAR = 12


class Compared(NamedTuple):
    """The reported month with its first day and the last that has come, and the months it is compared with."""

    month: str
    first: dt.date
    last: dt.date
    before: str
    year_ago: str

    def ends(self) -> tuple[dt.date, dt.date, dt.date]:
        """The last day of the reported month, of the one before and of the same a year before."""
        return self.last, last_of(self.before), last_of(self.year_ago)


def compared(month: str, today: dt.date) -> Compared:
    """The months to compare; what is dated after today has not happened."""
    return Compared(month, first_of(month), min(last_of(month), today), previous(month), previous(month, _YEAR))


def by_month(register: Register, rule: Mapping[str, str], today: dt.date) -> dict[str, list[Record]]:
    """The rows of a table by the month of their day."""
    found: dict[str, list[Record]] = {}
    for row in register.rows(rule["table"]):
        day = row.date(rule["day"])
        if day and day <= today and row.key:
            found.setdefault(name_of(day), []).append(row)
    return found


def growth(this: Decimal | int, before: Decimal | int, zero: str) -> str:
    """The change against a base in percent; a zero base in words, never a division."""
    from macros.analytics.figures import change

    said = rules("analysis")
    words = said["both_zero"] if not this and not before else zero
    return change("", "", Decimal(this), Decimal(before), words).shown
