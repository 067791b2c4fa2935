"""A register folder: its workbooks opened, its tables read into a Register, results written back."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from macros.clocks.quiet import no_collection
from macros.commands.folders import absent, is_register
from macros.commands.times import moment
from macros.findings import finding
from macros.forms import Form, by_file, forms, workbooks
from macros.headings import match
from macros.hosts import Refused, opening, refuse
from macros.hosts.files import FileBook
from macros.hosts.limits import limit
from macros.lazily import OnDemand
from macros.reader import read
from macros.records import as_cell
from macros.register import Register

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from macros.findings import Finding
    from macros.hosts import Book
    from macros.records import Cell, Record, Value


class Shelf:
    """One register folder. Edits are collected per workbook and written by `save`, each file at once or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._books: dict[str, Book] = {}
        self._columns: dict[str, tuple[int, ...]] = {}
        self._titles: dict[str, frozenset[str]] = {}
        self._touched: set[str] = set()
        self._unlisted: list[Finding] = []
        self._rows = 0
        #: workbooks written so far
        self.saved: set[str] = set()
        if not is_register(folder):
            raise refuse("CMD001", value=str(folder))

    def register(self) -> Register:
        """Read every table. A missing workbook is a finding and its tables are empty.

        Raises:
            Refused: a workbook cannot be read.
        """
        register = self.on_demand()
        with no_collection():
            return Register(dict(register.tables), register.findings)

    def reread(self, register: Register, saved: Collection[str]) -> Register:
        """The register after workbooks were ``saved``: their tables are read, and those of workbooks open in a program.

        For a command that saves time and again and each time goes on from what is there.

        Raises:
            Refused: a workbook cannot be read.
        """
        kept = {file for file, book in self._books.items() if isinstance(book, FileBook)}.difference(saved)
        anew = self.on_demand().tables
        with no_collection():
            return Register({
                code: rows if forms()[code].file in kept else anew[code] for code, rows in register.tables.items()
            }, register.told)

    def on_demand(self) -> Register:
        """Every table, each read when it is first asked for: for commands that need few and change none before.

        Whoever asks for a table of a workbook that cannot be read is refused only then.
        """
        said: dict[str, list[Finding]] = {}

        def table(code: str) -> tuple[Record, ...]:
            records, said[code] = self._table(forms()[code])
            return tuple(records)

        def findings() -> tuple[Finding, ...]:
            for code in made:
                made[code]
            return (*self._missing(), *(one for code in made for one in said[code]))

        made = OnDemand(forms(), table)
        return Register(made, findings)

    def _table(self, form: Form) -> tuple[list[Record], list[Finding]]:
        """One table's records and what reading them had to say; the rows are large and let go at once."""
        if not form.workbook or not self.has(form):
            return [], []
        rows = self._book(form.file).sheet(form.title).rows
        self._columns[form.code] = match(form, rows[0] if rows else ()).columns
        with no_collection():
            return read(form, rows, form.file, form.title)

    def has(self, form: Form) -> bool:
        """Whether the folder has the table's sheet; registers of earlier versions lack some."""
        if not (self.folder / form.file).is_file():
            return False
        if form.file not in self._titles:
            self._titles[form.file] = frozenset(self._book(form.file).sheets())
        return form.title in self._titles[form.file]

    def need(self, form: Form) -> None:
        """Make sure the table's sheet is there.

        Raises:
            Refused: it is not, or its workbook is not.
        """
        if not self.has(form):
            raise Refused(absent(form.file, form if (self.folder / form.file).is_file() else None))

    def _missing(self) -> Iterator[Finding]:
        """What the folder should hold and does not."""
        for file, shelf_forms in by_file().items():
            if not (self.folder / file).is_file():
                yield absent(file)
            else:
                yield from (absent(file, form) for form in shelf_forms if not self.has(form))

    def append(self, form: Form, rows: Iterable[Sequence[Value]]) -> None:
        """Add typed rows, in the form's column order, below the table's last row.

        Raises:
            Refused: the workbook, the sheet or one of the table's columns is not there.
        """
        self.need(form)
        if form.code not in self._columns:
            self._table(form)
        columns = self._columns[form.code]
        cells: list[list[Cell]] = []
        for values in rows:
            line: list[Cell] = [None] * max(columns)
            for column, number, value in zip(form.columns, columns, values, strict=True):
                if number:
                    line[number - 1] = as_cell(value)
                elif value is not None:
                    raise refuse("CMD004", form.file, sheet=form.title, value=column.title)
            cells.append(line)
        if cells:
            self._book(form.file).append(form.title, cells)
            self._touched.add(form.file)
            self._rows += len(cells)

    def update(self, changes: Iterable[tuple[Record, Mapping[str, Value]]]) -> None:
        """Set columns of rows that were read from this folder."""
        self._rows += self._set(changes)

    def _set(self, changes: Iterable[tuple[Record, Mapping[str, Value]]]) -> int:
        """Set columns of rows; how many rows."""
        cells: dict[tuple[str, str], dict[tuple[int, int], Cell]] = {}
        for record, values in changes:
            place = record.place
            for name, value in values.items():
                number = record.columns[record.form.index[name]]
                if not number:
                    raise refuse("CMD004", place.workbook, sheet=place.sheet, value=record.form.column(name).title)
                cells.setdefault((place.workbook, place.sheet), {})[place.row, number] = as_cell(value)
        for (workbook, sheet), edits in cells.items():
            self._book(workbook).update(sheet, edits)
            self._touched.add(workbook)
        return sum(len({row for row, _ in edits}) for edits in cells.values())

    def hint(self, register: Register, column: str, texts: Mapping[tuple[str, str, int], str]) -> None:
        """Write one of our own columns beside the rows; rows without a text are cleared, equal ones left alone."""
        edits: list[tuple[Record, dict[str, Value]]] = []
        for code, records in register.tables.items():
            position = forms()[code].index[column]
            for record in records:
                text = texts.get((record.place.workbook, record.place.sheet, record.place.row)) or None
                if record.columns[position] and record.values[position] != text:
                    edits.append((record, {column: text}))
        self._set(edits)

    def output(self, file: str, sheet: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Make ``rows`` the content of an output sheet (待办, 问题清单 …).

        Without rows it says so. Rows beyond its room are left out: its last line and a finding of `save` say how many.
        """
        from macros.workbooks.plan import nothing_in

        made, room = list(rows), limit("sheet", "rows")
        made += [] if len(made) > 1 else [nothing_in(file, sheet)]
        if len(made) > room:
            many, left = len(made) - 1, len(made) - room + 1
            self._unlisted.append(finding("CMD016", workbook=file, sheet=sheet, value=many, room=room, left=left))
            made[room - 1 :] = [[self._unlisted[-1].message]]
        self._book(file).replace(sheet, made)
        self._touched.add(file)

    def sheet_rows(self, file: str, sheet: str) -> list[list[Cell]]:
        """The rows of any sheet of the folder, as saved."""
        return self._book(file).sheet(sheet).rows

    def blocked(self, files: Iterable[str] | None = None) -> list[Finding]:
        """Which of the workbooks, those touched when none are named, cannot be written now, and why."""
        findings: list[Finding] = []
        for file in sorted(self._touched if files is None else files):
            try:
                opening.check_writable(self.folder / file)
            except Refused as refused:
                findings.append(refused.finding)
        return findings

    def save(self) -> list[Finding]:
        """Write every workbook touched; one that cannot be written gives a finding and stays as it was.

        What the register was before is kept, and what changed goes to its trail.
        """
        findings, self._unlisted = self._unlisted, []
        untold: list[Finding] = []
        try:
            with self._kept(untold):
                findings += self._saved()
        except Refused as refused:
            findings.append(refused.finding)
        self._touched.clear()
        self._rows = 0
        return findings + untold

    def _kept(self, untold: list[Finding]) -> AbstractContextManager[None]:
        """What keeps a register's memory while its workbooks are saved; nothing where only outputs are."""
        kept = sorted(self._touched.intersection(workbooks()))
        if not kept:
            return nullcontext()
        from macros.history.keeping import keeping  # who only reads has no use for it

        return keeping(self.folder, kept, moment(None), untold, rows=self._rows)

    def _saved(self) -> list[Finding]:
        findings: list[Finding] = []
        for file in sorted(self._touched):
            try:
                self._books[file].save()
                self.saved.add(file)
            except Refused as refused:
                findings.append(refused.finding)
        return findings

    def _book(self, file: str) -> Book:
        if file not in self._books:
            path = self.folder / file
            if not path.is_file():
                raise Refused(absent(file))
            self._books[file] = opening.book(path)
        return self._books[file]
