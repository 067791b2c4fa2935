"""What a cell holds: between Python and Calc, with Excel's habits."""

from __future__ import annotations

import datetime as dt
import numbers
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from addin.libreoffice.engine.formats import DAY, HOURS, MOMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Day zero of both programs; 1900 counts as a leap year in Excel only, so that days before March 1900 differ.
EPOCH = dt.datetime(1899, 12, 30)
_DAY = dt.timedelta(days=1)

#: Calc's error numbers (FormulaError) as Excel's texts; every other one is a value error to Excel.
ERRORS = {
    532: "#DIV/0!", 32767: "#N/A", 525: "#NAME?", 521: "#NULL!", 503: "#NUM!", 524: "#REF!", 519: "#VALUE!",
}
VALUE_ERROR = "#VALUE!"

#: Texts Excel reads as something else when they are put into a cell that is not formatted as text.
_TYPED = re.compile(
    r"""=.+
    | [+-]?(\d[\d,]*\.?\d*|\.\d+)%?               # 00123  1,234.5  5%
    | [+-]?\d+\.?\d*E[+-]?\d+                       # 1E5
    | \d{1,4}[-/]\d{1,2}([-/]\d{1,4})?(\s\d{1,2}:\d{2}(:\d{2})?)?
    | \d{1,2}:\d{2}(:\d{2})?
    | true | false""",
    re.IGNORECASE | re.VERBOSE,
)
_TYPED_DAY = re.compile(r"\d{1,4}[-/]\d")
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})")


@dataclass(frozen=True, slots=True)
class CellError:
    """An error a formula ended in, by Excel's text."""

    text: str


@lru_cache(100_000)  # a register names the same days again and again
def moment(serial: float) -> dt.datetime:
    """A day number as a moment, to the millisecond."""
    return EPOCH + dt.timedelta(seconds=round(serial * 86400, 3))


@lru_cache(100_000)
def serial(when: dt.datetime) -> float:
    """A moment as a day number; its time zone is left aside, as Excel does."""
    return (when.replace(tzinfo=None) - EPOCH) / _DAY


def day_code(when: dt.datetime) -> str:
    """The format Excel gives a plain cell for such a moment."""
    if when.date() == EPOCH.date():
        return HOURS
    return MOMENT if when.time() != dt.time() else DAY


def is_typed(text: str) -> bool:
    """Whether Excel would take the text for a number, a day, a truth value or a formula."""
    return bool(_TYPED.fullmatch(text))


def is_typed_day(text: str) -> bool:
    """Whether a typed text is a day."""
    return bool(_TYPED_DAY.match(text))


def as_typed(text: str) -> str:
    """A typed text as Calc reads it: it takes 2026/1/5 for no day unless the user's language writes days so."""
    return _YEAR_FIRST.sub(r"\1-\2-\3", text)


def plain(value: Any) -> str | float | bool | dt.datetime:
    """A value as it goes into a cell: text, number, truth value or moment; nothing becomes an empty text.

    Raises:
        TypeError: of a kind no cell takes. A bare time of day is one: Excel's own interface takes none either.
    """
    if value is None:
        return ""
    if isinstance(value, (str, bool, dt.datetime)):
        return value
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    raise TypeError(f"a cell takes no {type(value).__name__}")


def prepared(value: Any, options: object) -> Any:
    """What xlwings asks of an engine before writing: numpy's and pandas' values as Python's, nothings as empty."""
    if isinstance(value, (str, bool, int)):
        return value
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    missing = value is None or type(value).__name__ in ("NAType", "NaTType")
    if missing or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)
    return value


def cleaned(
    data: Sequence[Sequence[Any]],
    datetime_builder: Callable[..., Any],
    empty_as: Any,
    number_builder: Callable[[float], Any] | None,
    err_to_str: bool,
) -> list[list[Any]]:
    """What xlwings asks of an engine after reading: moments, numbers, empties and errors as the caller wants them."""

    def clean(value: Any) -> Any:
        if value is None or value == "":
            return empty_as
        if isinstance(value, float):
            return number_builder(value) if number_builder else value
        if isinstance(value, dt.datetime) and datetime_builder is not dt.datetime:
            return datetime_builder(
                year=value.year, month=value.month, day=value.day, hour=value.hour, minute=value.minute,
                second=value.second, microsecond=value.microsecond,
            )
        if isinstance(value, CellError):
            return value.text if err_to_str else None
        return value

    return [[clean(value) for value in row] for row in data]
