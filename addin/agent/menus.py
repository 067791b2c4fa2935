"""Tells which papers the selected rows allow, from the saved workbooks of their register.

Run as a process of its own, it reads one question a line and answers each with a line: a large register takes
seconds to read and much memory, which would make the helper answer slowly and stay large.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.buttons import button_of
from generator.definitions import definitions
from generator.joins import link
from generator.states import offered, outside
from macros.clocks.quiet import no_collection
from macros.commands.times import moment
from macros.findings import finding
from macros.forms import by_file, forms
from macros.hosts import Refused, opening
from macros.reader import read
from macros.register import Register

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from generator.definitions import Definition
    from macros.forms import Form
    from macros.records import Record

    #: Rows of the tables of one workbook, by form code.
    _Tables = dict[str, tuple[Record, ...]]
    #: Modification time and size of a file; None when it is not there.
    _Mark = tuple[int, int] | None

#: Register folders kept; a manager works in one, and now and then looks into a second.
_FOLDERS = 2
#: More rows than this are not looked at, they would take longer than a menu takes to open.
MOST_ROWS = 500


class Registers:
    """Registers as last saved. A workbook is read again when its time or size has changed, and only it."""

    def __init__(self) -> None:
        self._tables: dict[Path, dict[str, tuple[_Mark, _Tables]]] = {}
        self._made: dict[Path, tuple[dict[str, _Mark], Register]] = {}

    def register(self, folder: Path) -> Register:
        """The register of a folder.

        Raises:
            Refused: one of its workbooks cannot be read, as while it is being saved.
        """
        marks = {file: _mark(folder / file) for file in by_file()}
        made = self._made.pop(folder, None)
        if made is None or made[0] != marks:
            made = (marks, self._read(folder, marks))
        self._made[folder] = made
        for old in list(self._made)[:-_FOLDERS]:
            del self._made[old], self._tables[old]
        return made[1]

    def _read(self, folder: Path, marks: dict[str, _Mark]) -> Register:
        kept = self._tables.setdefault(folder, {})
        with no_collection():
            for file, held in by_file().items():
                if file not in kept or kept[file][0] != marks[file]:
                    kept.pop(file, None)
                    kept[file] = (marks[file], _tables(folder / file, held) if marks[file] else {})
        shelved = [form for form in forms().values() if form.workbook]
        return Register({form.code: kept[form.file][1].get(form.code, ()) for form in shelved})


def _mark(path: Path) -> _Mark:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size)


def _tables(path: Path, held: Sequence[Form]) -> _Tables:
    book = opening.book(path)
    titles = set(book.sheets())
    return {
        form.code: tuple(read(form, book.sheet(form.title).rows, path.name, form.title)[0])
        for form in held if form.title in titles
    }


@cache
def papers(table: str) -> Mapping[str, Definition]:
    """The papers that rows of a table make, themselves or through a table worked out of them, by their code."""
    return {
        code: definition for code, definition in definitions().items()
        if table in (definition.table, forms()[definition.table].rows_of) and not definition.made_by
    }


def buttons(register: Register, form: Form, rows: Sequence[int], today: dt.date) -> list[dict[str, Any]]:
    """Every paper of a table: whether each of the sheet rows allows it, and in Chinese why not.

    A row below the last saved one may hold what was typed since, so that nothing is said against it.

    Args:
        register: all tables, for the joins.
        form: the table whose rows are selected.
        rows: sheet row numbers.
        today: the day of issue.
    """
    known = {record.place.row: record for record in register.rows(form.code)}
    last = max(known, default=1)
    against: dict[str, list[str]] = {code: [] for code in papers(form.code)}
    for row in rows:
        if row > last:
            continue
        prefix = f"第 {row} 行：" if len(rows) > 1 else ""
        for code, why in _against(register, form, known.get(row), row, today).items():
            against[code] += [prefix + reason for reason in why]
    return [
        {"id": button_of(code), "enabled": bool(rows) and not why, "why": why} for code, why in against.items()
    ]


def _against(
    register: Register, form: Form, record: Record | None, row: int, today: dt.date,
) -> dict[str, list[str]]:
    mine = papers(form.code)
    if record is None:
        empty = finding("ADD113", workbook=form.file, sheet=form.title, value=row).message
        return {code: [empty] for code in mine}
    found = {definition.code: why for definition, why in offered(register, record, today, mine)}
    for code, definition in mine.items():
        if definition.table != form.code:
            found[code] = []  # whether a worked-out row is ready is known when it is worked out
        elif code not in found:
            found[code] = outside(definition, link(register, definition, record, today))
    return found


def answer(registers: Registers, question: Mapping[str, Any], today: dt.date) -> list[dict[str, Any]] | None:
    """The buttons for a question; None when the register cannot tell, so that no button is held back.

    Args:
        registers: those read so far.
        question: ``path`` of the workbook, title of the ``sheet``, numbers of the ``rows``.
        today: the day of issue.
    """
    path, rows = Path(question["path"]), question["rows"]
    form = next((form for form in forms().values() if form.title == question["sheet"]), None)
    if form is None:
        return []
    # The address of a workbook in the cloud is no path; its local copy is not ours to guess.
    if "://" in question["path"] or not path.is_absolute() or len(rows) > MOST_ROWS:
        return None
    if path.name != form.file:
        other = finding("ADD114", workbook=path.name, sheet=form.title, value=form.file).message
        return [{"id": button_of(code), "enabled": False, "why": [other]} for code in papers(form.code)]
    if not path.is_file():
        return None
    try:
        return buttons(registers.register(path.parent), form, rows, today)
    except Refused:
        return None


def main() -> int:
    """Answer questions until the input ends."""
    registers = Registers()
    for line in sys.stdin.buffer:
        question = json.loads(line)
        try:
            found = answer(registers, question, moment(None).date())
        except Exception:
            found = None  # a menu must open whatever a register holds; the click will say what is wrong
        sys.stdout.write(json.dumps({"n": question["n"], "buttons": found}) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
