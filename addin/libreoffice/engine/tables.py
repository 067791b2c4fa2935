"""Excel's tables. To Calc they are database ranges, and it reads and writes them as tables."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.libreoffice.engine.addresses import Block
from addin.libreoffice.engine.errors import plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.libreoffice.engine.connection import Connection
    from addin.libreoffice.engine.ranges import Range
    from addin.libreoffice.engine.sheet import Sheet


@plainly
class Tables(base_classes.Tables):
    """The tables of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.office: Connection = sheet.office
        self.book = sheet.book
        self.sheet = sheet

    @property
    def api(self) -> Any:
        """The workbook's database ranges, those of other sheets among them."""
        return self.book.doc.DatabaseRanges

    @property
    def parent(self) -> Sheet:
        """The sheet."""
        return self.sheet

    def _names(self) -> list[str]:
        here = self.sheet.index - 1
        areas = self.api
        return [name for name in areas.ElementNames if areas.getByName(name).DataArea.Sheet == here]

    def __call__(self, key: str | int) -> Table:
        """The one of this number, counted from 1, or of this name whatever its case."""
        names = self._names()
        if not isinstance(key, str):
            return Table(self.sheet, names[int(key) - 1])
        found = next((name for name in names if name.lower() == key.lower()), None)
        if found is None:
            raise KeyError(key)
        return Table(self.sheet, found)

    def __contains__(self, key: str) -> bool:
        return key.lower() in (name.lower() for name in self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __iter__(self) -> Iterator[Table]:
        return iter([Table(self.sheet, name) for name in self._names()])

    def add(
        self, source_type: object = None, source: Any = None, link_source: object = None, has_headers: bool = True,
        destination: object = None, table_style_name: str | None = None, name: str | None = None,
    ) -> Table:
        """Make a table of a range; of a single cell, of all filled cells around it. Its style is the office's own."""
        self.sheet.changeable()
        areas = self.api
        title = name or next(one for number in count(1) if not areas.hasByName(one := f"Table{number}"))
        rng = getattr(source, "impl", source)
        if rng.block.size == 1:
            rng = rng.current_region
        areas.addNewByName(title, rng.cells.RangeAddress)
        made = areas.getByName(title)
        made.ContainsHeader = has_headers is not False
        made.AutoFilter = True
        return Table(self.sheet, title)


@plainly
class Table(base_classes.Table):
    """One table."""

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.office: Connection = sheet.office
        self.book = sheet.book
        self.sheet = sheet
        self._name = name

    @property
    def api(self) -> Any:
        """The database range."""
        return self.book.doc.DatabaseRanges.getByName(self._name)

    @property
    def parent(self) -> Sheet:
        """The sheet."""
        return self.sheet

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self.api.Name = value
        self._name = value

    display_name = name

    @property
    def range(self) -> Range:
        """All its cells, the heading row included."""
        return self.book.range_at(self.api.DataArea)

    @property
    def header_row_range(self) -> Range | None:
        """Its heading row; None without one."""
        area = self.api
        block = Block.of(area.DataArea)
        return self.sheet.at(block._replace(rows=1)) if area.ContainsHeader else None

    @property
    def data_body_range(self) -> Range | None:
        """Its rows below the heading; None without any."""
        area = self.api
        block, head = Block.of(area.DataArea), int(area.ContainsHeader)
        if block.rows <= head:
            return None
        return self.sheet.at(block._replace(row=block.row + head, rows=block.rows - head))

    @property
    def totals_row_range(self) -> None:
        """Calc keeps no row of totals."""
        return None

    @property
    def insert_row_range(self) -> Range | None:
        """The row a first entry goes to while there are none; else None."""
        block = Block.of(self.api.DataArea)
        return self.sheet.at(block._replace(row=block.row + 1)) if self.data_body_range is None else None

    @property
    def show_headers(self) -> bool:
        """Whether the first row is a heading."""
        return bool(self.api.ContainsHeader)

    @show_headers.setter
    def show_headers(self, value: bool) -> None:
        self.api.ContainsHeader = value

    @property
    def show_autofilter(self) -> bool:
        """Whether the heading has filter buttons."""
        return bool(self.api.AutoFilter)

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        self.api.AutoFilter = value

    def resize(self, range: Any) -> None:
        """Give it other cells. What its filter hides stays hidden."""
        self.sheet.changeable()
        self.api.setDataArea(getattr(range, "impl", range).cells.RangeAddress)


def table_of(rng: Range) -> Table | None:
    """The table the first cell of a range lies in."""
    for table in rng.sheet.tables:
        if Block.of(table.api.DataArea).common(Block(rng.row, rng.column)).size:
            return table
    return None
