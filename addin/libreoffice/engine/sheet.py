"""One sheet: finding cells on it, its names and tables, copying and moving it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import NoSuchObjectError, base_classes

from addin.libreoffice.engine import layout
from addin.libreoffice.engine.addresses import COLUMNS, ROWS, Block, parsed, split
from addin.libreoffice.engine.errors import SheetProtected, plainly
from addin.libreoffice.engine.names import Names
from addin.libreoffice.engine.ranges import Range
from addin.libreoffice.engine.tables import Tables

if TYPE_CHECKING:

    from addin.libreoffice.engine.book import Book
    from addin.libreoffice.engine.connection import Connection


@plainly
class Sheet(base_classes.Sheet):
    """One sheet."""

    def __init__(self, book: Book, api: Any) -> None:
        self.office: Connection = book.office
        self._book = book
        self._api = api

    @property
    def api(self) -> Any:
        """The office's sheet."""
        return self._api

    @property
    def book(self) -> Book:
        """Its workbook."""
        return self._book

    @property
    def index(self) -> int:
        """Its place, counted from 1."""
        return int(self._api.RangeAddress.Sheet) + 1

    @property
    def name(self) -> str:
        """Its title."""
        return str(self._api.Name)

    @name.setter
    def name(self, value: str) -> None:
        self._api.Name = value

    @property
    def visible(self) -> bool:
        """Whether its tab is shown."""
        return bool(self._api.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self._api.IsVisible = bool(value)

    @property
    def names(self) -> Names:
        """Names only this sheet knows."""
        return Names(self._book, self._api.NamedRanges, self)

    @property
    def tables(self) -> Tables:
        """Its tables."""
        return Tables(self)

    @property
    def freeze_panes(self) -> layout.FreezePanes:
        """The rows and columns that stay in sight."""
        return layout.FreezePanes(self)

    @property
    def cells(self) -> Range:
        """All cells."""
        return Range(self, Block(1, 1, ROWS, COLUMNS))

    @property
    def used_range(self) -> Range:
        """From the first used cell to the last."""
        cursor = self._api.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return self.at(Block.of(cursor.RangeAddress))

    def changeable(self) -> None:
        """Check that rows, columns, notes and tables can be changed.

        Raises:
            BookReadOnly: the workbook is open for reading only (ADD606).
            SheetProtected: the sheet is protected (ADD604).
        """
        self._book.editable()
        if self._api.isProtected():
            raise SheetProtected(self._book.name, self.name, "")

    def at(self, block: Block) -> Range:
        """A block of its cells."""
        return Range(self, block)

    def cells_of(self, block: Block) -> Any:
        """A block as the office's cells."""
        return self._api.getCellRangeByPosition(
            block.column - 1, block.row - 1, block.last_column - 1, block.last_row - 1
        )

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        """Cells by address, name, table, range, (row, column), or (row, column, rows, columns); or from one to another.

        Raises:
            NoSuchObjectError: there is no such address or name.
            IndexError: a row or column below 1.
        """
        if isinstance(arg1, int):
            arg1, arg2 = (arg1, arg2), None
        found = self._block(arg1)
        if arg2 is not None:
            found = found.joined(self._block(arg2))
        made = Range(self, found)
        made.arg1_input = arg1 if isinstance(arg1, str) else ""
        return made

    def _block(self, arg: Any) -> Block:
        if isinstance(arg, tuple):
            block = Block(*(int(part) for part in arg))
            if block.row < 1 or block.column < 1:
                raise IndexError("rows and columns count from 1")
            return block
        if not isinstance(arg, str):
            return Block(arg.row, arg.column, *arg.shape)
        title, rest = split(arg)
        if title:
            return self._book.sheets(title)._block(rest)
        if block_of := parsed(rest):
            return block_of
        for names in (self.names, self._book.names):
            cells = names(rest).refers_to_range if rest in names else None
            if cells is not None:
                return cells.block
        body = self.tables(rest).data_body_range if rest in self.tables else None
        if body is None:
            raise NoSuchObjectError(f"{self.name} has no cells {arg}")
        return body.block

    def activate(self) -> None:
        """Turn to it."""
        self._book.doc.CurrentController.setActiveSheet(self._api)

    select = activate

    def clear(self) -> None:
        """Empty all cells and take their formats away."""
        self.cells.clear()

    def clear_contents(self) -> None:
        """Empty all cells."""
        self.cells.clear_contents()

    def clear_formats(self) -> None:
        """Take all formats away."""
        self.cells.clear_formats()

    def autofit(self, axis: str | None = None) -> None:
        """Make rows and columns as large as what they hold."""
        layout.autofit(self.used_range, axis)

    def delete(self) -> None:
        """Take the sheet out of its workbook."""
        self._book.reshapable()
        self._book.doc.Sheets.removeByName(self.name)

    def copy(self, before: Sheet | None = None, after: Sheet | None = None) -> None:
        """Copy it to a place in this or another workbook, named as Excel names copies."""
        near = before or after
        if near is None:
            raise ValueError("a copy needs a place")
        near.book.reshapable()
        place = near.index - 1 if before else near.index
        sheets, number = near.book.sheets, 2
        while f"{self.name[:27]} ({number})" in sheets:
            number += 1
        if near.book.doc == self._book.doc:
            sheets.api.copyByName(self.name, f"{self.name[:27]} ({number})", place)
        else:
            sheets.api.importSheet(self._book.doc, self.name, place)

    def move(self, before: Sheet | None = None, after: Sheet | None = None) -> None:
        """Move it within its workbook."""
        near = before or after
        if near is None:
            raise ValueError("a move needs a place")
        self._book.reshapable()
        self._book.doc.Sheets.moveByName(self.name, near.index - 1 if before else near.index)
