"""The months of a customer, or of all, as rows of the worked-out table that reports draw their charts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.values import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from macros.records import Value
    from macros.service.counts import ServiceMonth, Share

_PLACES = 4


def trend_rows(key: str, months: Mapping[str, ServiceMonth]) -> Iterator[dict[str, Value]]:
    """One row per month; a rate is blank where nothing was judged, and its words say so.

    Args:
        key: the meeting or report the rows belong to.
        months: by name, the oldest first.
    """
    for name, month in months.items():
        timely, passed = month.faults.share("timely"), month.faults.share("passed")
        solve = month.complaints.share("solve")
        yield {
            "case_no": key, "month": name, "faults": month.faults.count, "complaints": month.complaints.count,
            "timely": _figure(timely), "passed": _figure(passed), "solve": _figure(solve),
            "timely_words": timely.words(), "passed_words": passed.words(), "solve_words": solve.words(),
        }


def _figure(share: Share) -> Decimal | None:
    return None if share.rate is None else round_half_up(share.rate, _PLACES)
