"""Names given to cells, of a workbook or of one sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.libreoffice.engine.addresses import Block
from addin.libreoffice.engine.errors import plainly
from addin.libreoffice.engine.formulas import EXCEL, parser
from addin.libreoffice.engine.loading import struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.libreoffice.engine.book import Book
    from addin.libreoffice.engine.connection import Connection
    from addin.libreoffice.engine.ranges import Range
    from addin.libreoffice.engine.sheet import Sheet


@plainly
class Names(base_classes.Names):
    """The names of a workbook, or those only one of its sheets knows."""

    def __init__(self, book: Book, api: Any, sheet: Sheet | None = None) -> None:
        self.office: Connection = book.office
        self.book = book
        self.sheet = sheet
        self._api = api

    @property
    def api(self) -> Any:
        """The office's collection."""
        return self._api

    def _find(self, key: str | int) -> str | None:
        if not isinstance(key, str):
            return str(self._api.getByIndex(int(key) - 1).Name)
        wanted = key.split("!")[-1].lower()
        return next((name for name in self._api.ElementNames if name.lower() == wanted), None)

    def __call__(self, key: str | int) -> Name:
        """The one of this number, counted from 1, or of this name whatever its case."""
        name = self._find(key)
        if name is None:
            raise KeyError(key)
        return Name(self, self._api.getByName(name))

    def contains(self, key: str) -> bool:
        """Whether there is such a name."""
        return self._find(key) is not None

    def __contains__(self, key: str) -> bool:
        return self._find(key) is not None

    def __len__(self) -> int:
        return int(self._api.Count)

    def __iter__(self) -> Iterator[Name]:
        return iter([self(number) for number in range(1, len(self) + 1)])

    def add(self, name: str, refers_to: str) -> Name:
        """Give a name to ``=Sheet1!$A$1`` or another formula."""
        short = name.split("!")[-1]
        origin = struct("table.CellAddress", Sheet=self.sheet.index - 1 if self.sheet else 0)
        self._api.addNewByName(short, "", origin, 0)
        made = self(short)
        made.refers_to = refers_to
        return made


@plainly
class Name(base_classes.Name):
    """One name."""

    def __init__(self, parent: Names, api: Any) -> None:
        self.office: Connection = parent.office
        self.book = parent.book
        self.parent = parent
        self._api = api

    @property
    def api(self) -> Any:
        """The office's name."""
        return self._api

    @property
    def name(self) -> str:
        """The name; with its sheet before it where only that knows it."""
        sheet = self.parent.sheet
        return f"{sheet.name}!{self._api.Name}" if sheet else str(self._api.Name)

    @name.setter
    def name(self, value: str) -> None:
        self._api.Name = value

    @property
    def refers_to(self) -> str:
        """What it stands for, as an Excel formula."""
        excels = parser(self.book.doc, EXCEL)
        return "=" + str(excels.printFormula(self._api.getTokens(), self._api.ReferencePosition))

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        excels = parser(self.book.doc, EXCEL)
        self._api.setTokens(excels.parseFormula(value.removeprefix("="), self._api.ReferencePosition))

    @property
    def refers_to_range(self) -> Range | None:
        """The cells it stands for; None when it stands for something else."""
        cells = self._api.getReferredCells()
        return None if cells is None else self.book.range_at(cells.RangeAddress)

    def delete(self) -> None:
        """Take the name away."""
        self.parent.api.removeByName(self._api.Name)


def name_of(rng: Range) -> Name | None:
    """The name of exactly these cells, the sheet's own names first."""
    sheet = rng.sheet
    one: Name
    for one in (*sheet.names, *rng.book.names):
        cells = one.api.getReferredCells()
        if cells is not None:
            address = cells.RangeAddress
            if address.Sheet == sheet.index - 1 and Block.of(address) == rng.block:
                return one
    return None


def set_name(rng: Range, value: str) -> None:
    """Name these cells, taking the name from others; ``Sheet1!name`` is known to that sheet only."""
    scope, _, short = value.rpartition("!")
    names = rng.book.sheets(scope.strip("'")).names if scope else rng.book.names
    if short in names:
        names(short).delete()
    quoted = rng.sheet.name.replace("'", "''")
    names.add(short, f"='{quoted}'!{rng.address}")
