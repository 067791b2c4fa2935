"""A range: some cells of one sheet, and everything that can be asked of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.libreoffice.engine import blocks, edits, formats, formulas, layout, looks, names, neighbours, notes, tables
from addin.libreoffice.engine.addresses import Block
from addin.libreoffice.engine.errors import SheetProtected, plainly
from addin.libreoffice.engine.formats import uniform

if TYPE_CHECKING:
    from addin.libreoffice.engine.book import Book
    from addin.libreoffice.engine.connection import Connection
    from addin.libreoffice.engine.sheet import Sheet


@plainly
class Range(base_classes.Range):
    """Cells of one sheet. A selection may have several areas; all but its address speaks of the first, as in Excel.

    Attributes:
        block: the first area.
        areas: all areas.
        arg1_input: how the range was asked for, where as text.
    """

    arg1_input = ""
    #: xlwings cuts large ranges into pieces of so many cells. Reading leaves out what is beyond the used cells anyway.
    max_cells_per_read = None
    max_cells_per_write = 1_000_000
    options: dict[str, Any]

    raw_value = property(blocks.read, blocks.write, doc="Values: one for one cell, else rows.")
    formula = property(formulas.read, formulas.write, doc="Formulas in Excel's spelling; values as text.")
    formula2 = property(formulas.read, formulas.write, doc="The same: Calc has no spilling formulas.")
    number_format = property(formats.number_format, formats.set_number_format, doc="Code of the format.")
    color = property(formats.colour, formats.set_colour, doc="Fill.")
    wrap_text = property(looks.wrap_text, looks.set_wrap_text, doc="Break long texts into lines.")
    horizontal_alignment = property(looks.horizontal_alignment, looks.set_horizontal_alignment, doc="Across.")
    vertical_alignment = property(looks.vertical_alignment, looks.set_vertical_alignment, doc="Up and down.")
    row_height = property(layout.row_height, layout.set_row_height, doc="Points; 0 hidden, None different.")
    column_width = property(layout.column_width, layout.set_column_width, doc="Characters; None different.")
    row_hidden = property(layout.row_hidden, layout.set_row_hidden, doc="Hidden or filtered rows.")
    column_hidden = property(layout.column_hidden, layout.set_column_hidden, doc="Hidden columns.")
    merge_cells = property(layout.merge_cells, doc="All merged, none, or None for some.")
    name = property(names.name_of, names.set_name, doc="The name of exactly these cells.")
    table = property(tables.table_of, doc="The table of the first cell.")
    note = property(notes.note, doc="The note on the first cell.")
    hyperlink = property(notes.hyperlink, doc="Where the first cell's link leads.")
    font = property(looks.Font, doc="Type face.")
    data_validation = property(notes.DataValidation, doc="Allowed values.")
    merge = layout.merge
    unmerge = layout.unmerge
    autofit = layout.autofit
    add_note = notes.add_note
    add_hyperlink = notes.add_hyperlink
    current_region = property(neighbours.current_region, doc="The filled cells around.")
    end = neighbours.end
    clear = edits.clear
    clear_contents = edits.clear_contents
    clear_formats = edits.clear_formats
    insert = edits.insert
    delete = edits.delete
    copy = edits.copy
    move = edits.move

    def __init__(self, sheet: Sheet, block: Block, areas: tuple[Block, ...] = ()) -> None:
        self.office: Connection = sheet.office
        self._sheet = sheet
        self.block = block
        self.areas = areas or (block,)
        self._cells: Any = None

    @classmethod
    def of(cls, book: Book, addresses: Any) -> Range:
        """Areas of one sheet, given as UNO's range addresses."""
        areas = tuple(Block.of(address) for address in addresses)
        return cls(book.sheet_at(addresses[0].Sheet), areas[0], areas)

    @property
    def sheet(self) -> Sheet:
        """Its sheet."""
        return self._sheet

    @property
    def book(self) -> Book:
        """Its workbook."""
        return self._sheet.book

    @property
    def cells(self) -> Any:
        """The first area as the office's cells."""
        if self._cells is None:
            self._cells = self._sheet.cells_of(self.block)
        return self._cells

    @property
    def api(self) -> Any:
        """The same; None for an empty range, which xlwings then does not write to."""
        return self.cells if self.block.size else None

    @property
    def coords(self) -> tuple[Sheet, int, int, int, int]:
        """Sheet, row, column, rows, columns."""
        return (self._sheet, *self.block)

    @property
    def row(self) -> int:
        """First row."""
        return self.block.row

    @property
    def column(self) -> int:
        """First column."""
        return self.block.column

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.block.rows, self.block.columns

    @property
    def has_array(self) -> bool:
        """Calc's array formulas are not told from others."""
        return False

    def __len__(self) -> int:
        return self.block.size

    def __call__(self, arg1: int, arg2: int | None = None) -> Range:
        """One cell by row and column, or by number along the rows; both may lie beyond the range."""
        if arg2 is None:
            row, column = divmod(arg1 - 1, self.block.columns)
        else:
            row, column = arg1 - 1, arg2 - 1
        return self.part(Block(row, column))

    def part(self, block: Block) -> Range:
        """A block counted from the range's first cell, which is row 0, column 0."""
        return self._sheet.at(block._replace(row=self.row + block.row, column=self.column + block.column))

    def writable(self) -> None:
        """Check that the cells can be written: Calc passes over some of its refusals in silence.

        Raises:
            BookReadOnly: the workbook is open for reading only (ADD606).
            SheetProtected: the sheet is protected and one of the cells is locked (ADD604).
        """
        self.book.editable()
        if self._sheet.api.isProtected():
            shared = uniform(self.cells, "CellProtection")
            if shared is None or shared.IsLocked:
                raise SheetProtected(self.book.name, self._sheet.name, self.block.a1("", ""))

    @property
    def address(self) -> str:
        """All areas as ``$A$1:$B$2,$D$4``."""
        return self.get_address()

    def get_address(self, row_absolute: bool = True, col_absolute: bool = True, external: bool = False) -> str:
        """All areas, with or without ``$``, and with workbook and sheet before each when ``external``."""
        before = ""
        if external:
            before = f"[{self.book.name}]{self._sheet.name}"
            if re.search(r"[^\w.\[\]]", before):
                before = "'" + before.replace("'", "''") + "'"
            before += "!"
        marks = "$" * bool(row_absolute), "$" * bool(col_absolute)
        return ",".join(before + area.a1(*marks) for area in self.areas)

    @property
    def merge_area(self) -> Range:
        """The merged cell the first cell belongs to."""
        return self._sheet.at(layout.merge_area(self))

    def get_special_cells(self, cell_type: str, value_type: object = None) -> list[Range]:
        """The areas that are neither hidden nor filtered out; other kinds are not implemented."""
        if cell_type != "visible":
            raise NotImplementedError(cell_type)
        return [self._sheet.at(block) for block in layout.visible(self)]

    def select(self) -> None:
        """Turn to the sheet and select the cells."""
        self._sheet.activate()
        self.book.doc.CurrentController.select(self.cells)
