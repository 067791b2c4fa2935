"""What hangs on a cell: its note, its link, its list of allowed values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.libreoffice.engine.errors import plainly
from addin.libreoffice.engine.loading import enum, struct

if TYPE_CHECKING:
    from addin.libreoffice.engine.connection import Connection
    from addin.libreoffice.engine.ranges import Range

_RULES = {
    "ANY": "none", "LIST": "list", "WHOLE": "whole_number", "DECIMAL": "decimal", "DATE": "date", "TIME": "time",
    "TEXT_LEN": "text_length", "CUSTOM": "custom",
}


@plainly
class Note(base_classes.Note):
    """The note on one cell."""

    def __init__(self, rng: Range) -> None:
        self.office: Connection = rng.office
        self.book = rng.book
        self._range = rng

    @property
    def api(self) -> Any:
        """The office's annotation."""
        return self._range.cells.getCellByPosition(0, 0).Annotation

    @property
    def text(self) -> str:
        """What it says."""
        return str(self.api.String)

    @text.setter
    def text(self, value: str) -> None:
        self.api.String = value

    def delete(self) -> None:
        """Take it away."""
        notes, rng = self._range.sheet.api.Annotations, self._range
        for index in range(notes.Count):
            place = notes.getByIndex(index).Position
            if (place.Row + 1, place.Column + 1) == (rng.row, rng.column):
                notes.removeByIndex(index)
                return


def note(rng: Range) -> Note | None:
    """The note on the first cell."""
    found = Note(rng)
    return found if found.text else None


def add_note(rng: Range, text: str) -> Note:
    """Put a note on the first cell."""
    rng.sheet.changeable()
    place = struct("table.CellAddress", Sheet=rng.sheet.index - 1, Row=rng.row - 1, Column=rng.column - 1)
    rng.sheet.api.Annotations.insertNew(place, text)
    return Note(rng)


def hyperlink(rng: Range) -> str:
    """Where the link in the first cell leads.

    Raises:
        KeyError: the cell has none.
    """
    fields = rng.cells.getCellByPosition(0, 0).TextFields
    if not fields.hasElements():
        raise KeyError("the cell has no hyperlink")
    return str(fields.createEnumeration().nextElement().URL)


def add_hyperlink(rng: Range, address: str, text_to_display: str | None = None, screen_tip: str | None = None) -> None:
    """Make a link the whole content of the first cell."""
    rng.writable()
    cell = rng.cells.getCellByPosition(0, 0)
    cell.String = ""
    field = rng.book.doc.createInstance("com.sun.star.text.TextField.URL")
    field.URL, field.Representation = address, text_to_display or address
    cell.insertTextContent(cell.createTextCursor(), field, False)


@plainly
class DataValidation(base_classes.DataValidation):
    """The values a cell allows."""

    def __init__(self, rng: Range) -> None:
        self.office: Connection = rng.office
        self.book = rng.book
        self._range = rng

    @property
    def api(self) -> Any:
        """The office's rule."""
        return self._range.cells.Validation

    @property
    def type(self) -> str:
        """The kind of rule; ``none`` without one."""
        return _RULES[self.api.Type.value]

    @property
    def source(self) -> str:
        """The allowed values with commas between them, or the range or name they come from."""
        return str(self.api.getFormula1()).replace('"', "").replace(";", ",")

    def set_list(self, source: Any, in_cell_dropdown: bool = True) -> None:
        """Allow the values of a list, of a range or of a name."""
        rule = self.api
        rule.Type = enum("sheet.ValidationType", "LIST")
        if hasattr(source, "block"):
            quoted = source.sheet.name.replace("'", "''")
            rule.setFormula1(f"$'{quoted}'.{source.address}")
        elif hasattr(source, "refers_to"):
            rule.setFormula1(source.api.Name)
        else:
            rule.setFormula1(";".join(f'"{value}"' for value in source))
        rule.ShowList = 1 if in_cell_dropdown else 0
        self._range.cells.Validation = rule

    def delete(self) -> None:
        """Allow everything."""
        rule = self.api
        rule.Type = enum("sheet.ValidationType", "ANY")
        self._range.cells.Validation = rule
