"""The workbooks open in one office: which they are, opening and making them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import XlwingsError, base_classes

from addin.libreoffice.engine.book import FILTERS, Book
from addin.libreoffice.engine.errors import plainly
from addin.libreoffice.engine.loading import load_uno, properties

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.libreoffice.engine.app import App
    from addin.libreoffice.engine.connection import Connection

# com.sun.star.document.MacroExecMode.USE_CONFIG_REJECT_CONFIRMATION: what the user's own settings let run without
# asking; a question would stop the office.
_MACROS = 5


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
        # A visible Calc hangs, or falls, where a workbook is loaded on another thread than that of its windows.
        given = properties(MacroExecutionMode=_MACROS, UpdateDocMode=0, OnMainThread=True, **options)
        document = self.office.desktop.loadComponentFromURL(url, "_blank", 0, given)
        if not is_workbook(document):
            raise XlwingsError(f"LibreOffice could not load {url}")
        return Book(self.app, document)


def _same(one: str, other: str) -> bool:
    return os.path.normcase(one) == os.path.normcase(other)
