"""One open workbook: its path, its sheets and names, saving and closing it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import XlwingsError, base_classes

from addin.libreoffice.engine.errors import BookReadOnly, OfficeRefused, plainly
from addin.libreoffice.engine.formats import Formats
from addin.libreoffice.engine.loading import load_uno, properties
from addin.libreoffice.engine.names import Names
from addin.libreoffice.engine.ranges import Range
from addin.libreoffice.engine.sheet import Sheet
from addin.libreoffice.engine.sheets import Sheets

if TYPE_CHECKING:
    from addin.libreoffice.engine.app import App
    from addin.libreoffice.engine.connection import Connection

#: Suffix to the name of what writes such files.
FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML", ".xls": "MS Excel 97",
    ".ods": "calc8", ".csv": "Text - txt - csv (StarCalc)",
}


@plainly
class Book(base_classes.Book):
    """One open workbook."""

    def __init__(self, app: App, doc: Any) -> None:
        self._app = app
        self.office: Connection = app.office
        self.doc = doc
        self.formats = Formats(doc)

    @property
    def api(self) -> Any:
        """The document."""
        return self.doc

    @property
    def book(self) -> Book:
        """Itself: what is asked of everything that belongs to a workbook when something went wrong."""
        return self

    @property
    def app(self) -> App:
        """The office it is open in."""
        return self._app

    @property
    def sheets(self) -> Sheets:
        """Its sheets."""
        return Sheets(self)

    @property
    def names(self) -> Names:
        """Its names."""
        return Names(self, self.doc.NamedRanges)

    @property
    def fullname(self) -> str:
        """Full path as the system writes it; of a workbook not yet saved, its title."""
        url = self.doc.URL
        return str(load_uno().fileUrlToSystemPath(url)) if url.startswith("file:") else str(url or self.doc.Title)

    @property
    def read_only(self) -> bool:
        """Whether it is open for reading only."""
        return bool(self.doc.isReadonly())

    @property
    def changed(self) -> bool:
        """Whether it differs from its file."""
        return bool(self.doc.isModified())

    @property
    def name(self) -> str:
        """File name with its suffix."""
        return Path(self.fullname).name

    def activate(self) -> None:
        """Bring it to the front."""
        self.doc.CurrentController.Frame.activate()

    def close(self) -> None:
        """Close it without saving."""
        self.doc.close(True)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save it where it lies, or under a new path; without either, in the current folder as Excel does.

        Raises:
            BookReadOnly: it is open for reading only (ADD606).
            XlwingsError: the suffix is unknown.
        """
        if path is None and self.doc.URL:
            self.editable()
            self.doc.store()
            return
        target = Path(os.path.realpath(path or Path.cwd() / f"{self.name}.xlsx"))
        kind = FILTERS.get(target.suffix.lower())
        if kind is None:
            raise XlwingsError(f"LibreOffice cannot write {target.suffix} workbooks")
        options = {"Password": password} if password else {}
        url = load_uno().systemPathToFileUrl(str(target))
        self.doc.storeAsURL(url, properties(FilterName=kind, Overwrite=True, **options))

    def to_pdf(self, path: str, quality: object = None) -> None:
        """Print it to a PDF file."""
        self.doc.storeToURL(load_uno().systemPathToFileUrl(path), properties(FilterName="calc_pdf_Export"))

    def editable(self) -> None:
        """Check that it can be written to.

        Raises:
            BookReadOnly: it is open for reading only (ADD606).
        """
        if self.read_only:
            raise BookReadOnly(self.name)

    def reshapable(self) -> None:
        """Check that sheets can be added, moved and taken out.

        Raises:
            BookReadOnly: it is open for reading only (ADD606).
            OfficeRefused: its structure is protected (ADD605).
        """
        self.editable()
        if self.doc.isProtected():
            raise OfficeRefused("工作簿结构受保护")

    def sheet_at(self, index: int) -> Sheet:
        """The sheet at a position counted from zero."""
        return Sheet(self, self.doc.Sheets.getByIndex(index))

    def range_at(self, address: Any) -> Range:
        """The cells of a UNO range address."""
        return Range.of(self, (address,))
