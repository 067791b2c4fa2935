"""Workbooks: which are open, opening, saving and closing them."""

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
from addin.libreoffice.engine.sheets import Sheet, Sheets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.libreoffice.engine.app import App
    from addin.libreoffice.engine.connection import Connection

FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML", ".xls": "MS Excel 97",
    ".ods": "calc8", ".csv": "Text - txt - csv (StarCalc)",
}
# com.sun.star.document.MacroExecMode.USE_CONFIG_REJECT_CONFIRMATION: what the user's own settings let run without
# asking; a question would stop the office.
_MACROS = 5
_XL_OOX = 3  # com.sun.star.sheet.AddressConvention: Excel's addresses with commas between arguments


class AmbiguousName(KeyError):
    """Several open workbooks have this name; only the full path tells them apart."""


def is_workbook(document: Any) -> bool:
    """Whether one of the office's components is a Calc document."""
    return document is not None and document.supportsService("com.sun.star.sheet.SpreadsheetDocument")


@plainly
class Books(base_classes.Books):
    """The open workbooks of one office.

    Unlike Excel, Calc opens workbooks of the same name from different folders: a full path finds the right one,
    a bare name of several is refused.
    """

    def __init__(self, app: App, chosen: str = "") -> None:
        self.app = app
        self.office: Connection = app.office
        self._chosen = chosen

    @property
    def api(self) -> Any:
        """The office's components."""
        return self.office.desktop.Components

    @property
    def active(self) -> Book | None:
        """The workbook the office was attached for, else the one in front; None when none is open."""
        if self._chosen:
            return self(self._chosen) if self._chosen in self else None
        current = self.office.desktop.CurrentComponent
        if is_workbook(current):
            return Book(self.app, current)
        return next(iter(self), None)

    def __iter__(self) -> Iterator[Book]:
        found, documents = [], self.api.createEnumeration()
        while documents.hasMoreElements():
            document = documents.nextElement()
            if is_workbook(document):
                found.append(Book(self.app, document))
        return iter(found)

    def __len__(self) -> int:
        return sum(1 for _ in self)  # list() would ask for the length first

    def __call__(self, key: str | int) -> Book:
        """The one of this number, counted from 1, of this full path, or of this name whatever its case."""
        books = list(self)
        if not isinstance(key, str):
            return books[int(key) - 1]
        paths = [(book, book.fullname) for book in books]
        for book, path in paths:
            if _same(path, key):
                return book
        named = [book for book, path in paths if Path(path).name.lower() == key.lower()]
        if len(named) > 1:
            raise AmbiguousName(key)
        if not named:
            raise KeyError(key)
        return named[0]

    def __contains__(self, key: str | int) -> bool:
        try:
            self(key)
        except (KeyError, IndexError):
            return False
        return True

    def add(self) -> Book:
        """Make a new workbook, named as Excel would: Book1, Book2 and so on."""
        book = self._load("private:factory/scalc", {})
        number = sum(1 for one in self if not one.doc.URL)
        book.doc.Title = f"Book{number}"
        return book

    def open(
        self, fullname: str, update_links: object = None, read_only: bool | None = None, format: object = None,
        password: str | None = None, *_: object,
    ) -> Book:
        """Open a workbook, or take the one already open from that very path.

        Raises:
            XlwingsError: LibreOffice cannot read it, or its password is wrong.
        """
        path = os.path.realpath(fullname)
        for book in self:
            if book.doc.URL and _same(book.fullname, path):
                return book
        options: dict[str, Any] = {"ReadOnly": True} if read_only else {}
        if password:
            options["Password"] = password
        if path.lower().endswith(".xlam"):  # Calc does not know add-ins by their suffix
            options["FilterName"] = FILTERS[".xlsm"]
        return self._load(load_uno().systemPathToFileUrl(path), options)

    def _load(self, url: str, options: dict[str, Any]) -> Book:
        given = properties(MacroExecutionMode=_MACROS, UpdateDocMode=0, **options)
        document = self.office.desktop.loadComponentFromURL(url, "_blank", 0, given)
        if not is_workbook(document):
            raise XlwingsError(f"LibreOffice could not load {url}")
        return Book(self.app, document)


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

    def parser(self) -> Any:
        """A parser for formulas as Excel writes them."""
        parser = self.doc.createInstance("com.sun.star.sheet.FormulaParser")
        parser.CompileEnglish = True
        parser.FormulaConvention = _XL_OOX
        return parser


def _same(one: str, other: str) -> bool:
    return os.path.normcase(one) == os.path.normcase(other)
