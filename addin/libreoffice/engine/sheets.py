"""The sheets of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import NoSuchObjectError, base_classes

from addin.libreoffice.engine.errors import plainly
from addin.libreoffice.engine.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.libreoffice.engine.book import Book
    from addin.libreoffice.engine.connection import Connection


@plainly
class Sheets(base_classes.Sheets):
    """The sheets of one workbook, in their order."""

    def __init__(self, book: Book) -> None:
        self.office: Connection = book.office
        self.book = book

    @property
    def api(self) -> Any:
        """The office's collection."""
        return self.book.doc.Sheets

    @property
    def active(self) -> Sheet:
        """The sheet in front."""
        return Sheet(self.book, self.book.doc.CurrentController.ActiveSheet)

    def __call__(self, key: str | int) -> Sheet:
        """The one of this number, counted from 1, or of this name whatever its case."""
        if not isinstance(key, str):
            if not 1 <= key <= len(self):
                raise NoSuchObjectError(f"{self.book.name} has no sheet number {key}")
            return self.book.sheet_at(int(key) - 1)
        found = next((name for name in self.api.ElementNames if name.lower() == key.lower()), None)
        if found is None:
            raise NoSuchObjectError(f"{self.book.name} has no sheet {key}")
        return Sheet(self.book, self.api.getByName(found))

    def __contains__(self, key: str) -> bool:
        return key.lower() in (name.lower() for name in self.api.ElementNames)

    def __len__(self) -> int:
        return int(self.api.Count)

    def __iter__(self) -> Iterator[Sheet]:
        return iter([self.book.sheet_at(index) for index in range(len(self))])

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """A new sheet, and turn to it; before the active one when no place is named."""
        self.book.reshapable()
        place = before.index - 1 if before else after.index if after else self.active.index - 1
        number = len(self) + 1
        while name is None and f"Sheet{number}" in self:
            number += 1
        self.api.insertNewByName(name or f"Sheet{number}", place)
        made = self.book.sheet_at(place)
        made.activate()
        return made
