"""What a cell can hold, and a register row as a frozen record that knows its cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.forms import Form


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell whose content cannot be trusted.

    ``text`` is what the cell shows; ``why`` is ``error`` (#REF! …), ``formula`` (never calculated), ``digits``
    (a number of more than 15 digits, whose tail the spreadsheet has destroyed) or ``command`` (a formula that
    would start a program).
    """

    text: str
    why: str

    def __str__(self) -> str:
        return self.text


class Link(str):
    """Text of a cell that leads to another cell when clicked; ``target`` is ``file.xlsx#'sheet'!A1``."""

    __slots__ = ("target",)

    target: str

    def __new__(cls, text: str, workbook: str, sheet: str, cell: str) -> Link:
        """Lead to a cell of a workbook in the same folder."""
        made = super().__new__(cls, text)
        made.target = f"{workbook}#'{sheet}'!{cell}"
        return made

    def __eq__(self, other: object) -> bool:
        """Two links are the same when they lead to the same cell; a plain text is compared by what is read."""
        return str.__eq__(self, other) is True and (not isinstance(other, Link) or self.target == other.target)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


#: A cell as a host hands it over. Numbers are int or float; typed values are made by `macros.values`.
Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | Broken | None

#: A value after reading by its column's type.
Value = str | int | Decimal | bool | dt.datetime | dt.date | None

#: Values a money or measure cell may keep as a number: a spreadsheet holds 15 digits exactly.
_DIGITS = 15


def as_cell(value: Value) -> Cell:
    """A typed value as a register cell shows it: flags as 是/否, amounts and measures as numbers."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return float(value) if len(value.as_tuple().digits) <= _DIGITS else str(value)
    if isinstance(value, str | int | dt.date) or value is None:
        return value
    raise TypeError(f"no cell for {type(value).__name__}")


def column_letter(number: int) -> str:
    """Spreadsheet letters of a 1-based column number: 1 → A, 28 → AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Place(NamedTuple):
    """A row's place: workbook file name, sheet title and 1-based row number."""

    workbook: str
    sheet: str
    row: int

    def cell(self, column: int) -> str:
        """A1 address of the 1-based ``column`` in this row."""
        return f"{column_letter(column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Record:
    """One register row, typed by its form; ``record["demand_no"]`` reads a column by its English name.

    ``values`` stand in the form's column order; ``columns`` gives the sheet column of each (0 where the sheet
    lacks it), since users may move columns and add their own.
    """

    form: Form
    values: tuple[Value, ...]
    place: Place
    columns: tuple[int, ...]

    def __getitem__(self, name: str) -> Value:
        return self.values[self.form.index[name]]

    @property
    def key(self) -> str:
        """The row's own number, as text, several key columns joined by slashes; empty when the row has none."""
        parts = [self.text(name) for name in self.form.key]
        return "/".join(parts) if any(parts) else ""

    def text(self, name: str) -> str:
        """The column as text, empty for a blank."""
        value = self[name]
        return "" if value is None else str(value)

    def date(self, name: str) -> dt.date | None:
        """The column's day; a moment gives its day."""
        value = self[name]
        if isinstance(value, dt.datetime):
            return value.date()
        return value if isinstance(value, dt.date) else None

    def cell(self, name: str) -> str:
        """A1 address of the column in this row; empty where the sheet lacks the column."""
        column = self.columns[self.form.index[name]]
        return self.place.cell(column) if column else ""

    def changed(self, values: Mapping[str, Value]) -> Record:
        """The row with some columns changed, by their English names; it still stands where it stood."""
        index = {self.form.index[name]: value for name, value in values.items()}
        return replace(self, values=tuple(index.get(number, value) for number, value in enumerate(self.values)))
