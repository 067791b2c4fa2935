"""Closed .xlsx and .xlsm files as books: what an edit does not touch keeps its very bytes."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING

from macros.hosts import Sheet, reason, refuse
from macros.hosts.areas import area, cells_of
from macros.hosts.limits import seconds
from macros.hosts.locks import check_closed, hold
from macros.hosts.package import Package, open_package
from macros.hosts.pending import Pending, check_cells
from macros.hosts.reading import file_kind
from macros.hosts.saving import replace_file
from macros.hosts.strays import clear
from macros.hosts.xlsx_check import check_parts
from macros.hosts.xlsx_read import read_sheet, shared_strings
from macros.hosts.xlsx_save import write_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.records import Cell


class FileBook:
    """A closed workbook file.

    Raises:
        Refused: the file cannot be read, or is of a kind that cannot be written (WBK042).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        kind = file_kind(path)
        if kind != "xlsx":
            raise refuse("WBK042", path.name, kind=kind)
        #: findings of the last reading: what is odd but readable
        self.notes: list[Finding] = []
        self._pending: dict[str, Pending] = {}
        self._strings: tuple[bytes, list[str]] | None = None
        self._package: Package | None = None
        with self._open() as file:
            package = self._reopened(file)
            self._titles = list(package.sheets)
            self._seen = _fingerprint(package)

    @property
    def name(self) -> str:
        """File name with its suffix."""
        return self.path.name

    def sheets(self) -> list[str]:
        """Titles of the worksheets in their order."""
        return list(self._titles)

    def sheet(self, title: str) -> Sheet:
        """Read one worksheet as last saved."""
        with self._open() as file:
            package = self._reopened(file)
            package.sheet_part(title)
            print_ = _fingerprint(package)
            if self._strings is None or self._strings[0] != print_:
                self._strings = (print_, shared_strings(package))
            self.notes = list(package.notes)
            return read_sheet(package, title, self._strings[1], self.notes)

    def replace(self, title: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Make ``rows`` (the heading included) the whole content of one of our own output sheets."""
        self._check_title(title)
        self._pending[title] = Pending(rows=[list(row) for row in rows])

    def append(self, title: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows after the last data row of the sheet's table."""
        self._check_title(title)
        self._pending.setdefault(title, Pending()).add(rows)

    def update(self, title: str, cells: Mapping[tuple[int, int], Cell]) -> None:
        """Set single cells by (row, column)."""
        self._check_title(title)
        check_cells(cells, self.name, title)
        self._pending.setdefault(title, Pending()).put(cells)

    def save(self) -> None:
        """Write every edit since the last save at once; on a refusal the edits stay pending."""
        if not self._pending:
            return
        touched: dict[str, list[tuple[int, int]]] = {}

        def write(out: IO[bytes]) -> None:
            # Open only while copying: Windows does not replace a file that is open, not even by us.
            with self._open() as file:
                package = self._reopened(file)
                if _fingerprint(package) != self._seen:
                    raise refuse("WBK033", self.name)
                touched.update(write_book(package, self._pending, out))

        target = self.path.resolve()  # a link stays a link
        check_closed(target)
        with hold(target):
            replace_file(target, write, lambda made: check_parts(made, touched))
            with self._open() as file:
                self._seen = _fingerprint(self._reopened(file))
            self._pending = {}
            clear(target.parent, seconds("lock", "stale_seconds"))

    def _check_title(self, title: str) -> None:
        if title not in self._titles:
            raise refuse("WBK030", self.name, value=title)

    def _reopened(self, file: IO[bytes]) -> Package:
        self._package = open_package(file, self.name, self._package)
        return self._package

    def _open(self) -> IO[bytes]:
        try:
            return self.path.open("rb")
        except OSError as error:
            raise refuse("WBK001", self.name, reason=reason(error)) from error


def table_area(sheet: Sheet) -> tuple[int, int, int, int] | None:
    """The area of a sheet's table, the largest where it has several; None where it has none."""
    found = [where for table in sheet.tables if (where := area(table.ref))]
    return max(found, key=cells_of, default=None)


def _fingerprint(package: Package) -> bytes:
    """What tells one version of the file from another: every member's directory record, checksums included."""
    digest = hashlib.sha256()
    for member in package.zip.members.values():
        digest.update(member.record)
    return digest.digest()
