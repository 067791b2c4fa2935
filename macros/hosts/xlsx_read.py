"""Stream the rows of .xlsx and .xlsm worksheets, keeping to the used area however far a stray cell lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.hosts import Sheet, refuse
from macros.hosts.areas import a1, area, column_number
from macros.hosts.limits import limit
from macros.hosts.package import Package, open_package
from macros.hosts.xlsx_values import Values, is_command, plain
from macros.hosts.xml_parts import feed, local, parser, whole
from macros.records import Broken, Cell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from macros.findings import Finding
    from macros.hosts.areas import Area

_DIGITS = "0123456789"

_ROW, _CELL, _VALUE, _FORMULA, _TEXT, _PHONETIC, _MERGE, _DATA = range(1, 9)
_NAMES = {"row": _ROW, "c": _CELL, "v": _VALUE, "f": _FORMULA, "t": _TEXT, "rPh": _PHONETIC,
          "mergeCell": _MERGE, "sheetData": _DATA}


def shared_strings(package: Package) -> list[str]:
    """The workbook's string table; rich text joined, phonetic guides left out."""
    strings: list[str] = []
    if package.strings is None:
        return strings
    pieces: list[str] = []
    state = {"text": False, "phonetic": False}

    def start(name: str, _: dict[str, str]) -> None:
        bare = local(name)
        if bare == "t":
            state["text"] = not state["phonetic"]
        elif bare == "rPh":
            state["phonetic"] = True

    def end(name: str) -> None:
        bare = local(name)
        if bare == "t":
            state["text"] = False
        elif bare == "rPh":
            state["phonetic"] = False
        elif bare == "si":
            strings.append(plain("".join(pieces)))
            pieces.clear()

    def text(data: str) -> None:
        if state["text"]:
            pieces.append(data)

    made = parser(package.name, package.strings)
    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, text
    for _ in feed(made, package.zip.chunks(package.strings), package.name, package.strings):
        pass
    return strings


def stream(
    package: Package, title: str, strings: list[str], merges: list[Area], notes: list[Finding]
) -> Iterator[tuple[int, list[Cell]]]:
    """Rows that hold a value, as (1-based number, cells); fills ``merges`` and ``notes`` by the end.

    Raises:
        Refused: damaged part, rows out of order (WBK007), DTD (WBK013), too many cells (WBK014).
    """
    sheet = package.sheet_part(title)
    cells = Values(package, title, strings)
    used_columns, blank_run = limit("sheet", "used_columns"), limit("sheet", "blank_run")
    last_row, last_column, most_cells = (limit("sheet", name) for name in ("rows", "columns", "cells"))
    codes: dict[str, int] = {}
    addresses: dict[str, int] = {}
    ready: list[tuple[int, list[Cell]]] = []
    current: list[Cell] = []
    grab: list[str] | None = None
    text: list[str] = []
    formula: list[str] | None = None
    row = column = kept_row = count = 0
    type_: str | None = None
    style: str | None = None
    has_value = phonetic = inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal grab, formula, row, column, type_, style, has_value, phonetic, inside
        code = codes.get(name)
        if code is None:
            code = codes[name] = _NAMES.get(local(name), 0)
        if code == _CELL:
            address = attributes.get("r")
            if address is None:
                column += 1
            else:
                letters = address.rstrip(_DIGITS)
                column = addresses.get(letters) or addresses.setdefault(letters, column_number(letters))
                if not 0 < column <= last_column:
                    raise refuse("WBK007", package.name, reason=f"工作表“{title}”的单元格地址 {address} 不合法")
            type_, style = attributes.get("t"), attributes.get("s")
            formula, has_value = None, False
            text.clear()
        elif code == _VALUE:
            grab, has_value = text, True
        elif code == _TEXT:
            if not phonetic and inside:
                grab, has_value = text, True
        elif code == _FORMULA:
            grab = formula = []
        elif code == _ROW:
            number_ = attributes.get("r", str(row + 1))
            following = whole(number_) or 0
            if not row < following <= last_row:
                raise refuse("WBK007", package.name, reason=f"工作表“{title}”的行号 {number_} 不合法或重复")
            row, column = following, 0
            current.clear()
        elif code == _PHONETIC:
            phonetic = True
        elif code == _MERGE:
            if merged := area(attributes.get("ref", "")):
                merges.append(merged)
        elif code == _DATA:
            inside = True

    def end(name: str) -> None:
        nonlocal grab, kept_row, count, phonetic, inside
        code = codes[name]
        if code == _CELL:
            if formula is not None or has_value:
                keep()
        elif code in (_VALUE, _TEXT, _FORMULA):
            grab = None
        elif code == _ROW:
            if current:
                if row - kept_row > blank_run:
                    cells.note("WBK024", row, next(i for i, one in enumerate(current, 1) if one is not None))
                    return
                kept_row = row
                count += len(current)
                if count > most_cells:
                    raise refuse("WBK014", package.name, sheet=title, limit=most_cells, row=row)
                ready.append((row, current.copy()))
        elif code == _PHONETIC:
            phonetic = False
        elif code == _DATA:
            inside = False

    def keep() -> None:
        value: Cell
        words = "".join(formula) if formula is not None else ""
        if words and is_command(words, package.command_links):
            value = Broken("=" + words, "command")
            cells.note("WBK022", row, column, "=" + words)
        elif formula is not None and type_ != "str" and not "".join(text).strip():
            value = Broken("=" + words, "formula")
        else:
            kind = cells.kind(style, row, column) if type_ is None or type_ == "n" else ""
            value = cells.value(type_, kind, text[0] if len(text) == 1 else "".join(text))
        if value is None:
            return
        if column > used_columns:
            cells.note("WBK024", row, column)
            return
        gap = column - len(current)
        if gap == 1:
            current.append(value)
        elif gap > 1:
            current.extend([None] * (gap - 1))
            current.append(value)
        elif current[column - 1] is None:
            current[column - 1] = value
        else:
            raise refuse("WBK007", package.name, reason=f"工作表“{title}”的单元格 {a1(row, column)} 重复")

    def data(words: str) -> None:
        if grab is not None:
            grab.append(words)

    made = parser(package.name, sheet.part)
    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, data
    for _ in feed(made, package.zip.chunks(sheet.part), package.name, sheet.part):
        yield from ready
        ready.clear()
    notes.extend(cells.odd.values())


def read_sheet(package: Package, title: str, strings: list[str], notes: list[Finding]) -> Sheet:
    """One sheet whole; ``notes`` gains what is worth telling."""
    rows: list[list[Cell]] = []
    merges: list[Area] = []
    for number_, cells in stream(package, title, strings, merges, notes):
        while len(rows) < number_ - 1:
            rows.append([])
        rows.append(cells)
    tables = [table for _, table in package.tables(title)]
    return Sheet(title, rows, merges, package.sheets[title].hidden, tables)


def read_book(path: Path) -> tuple[list[Sheet], list[Finding]]:
    """Every sheet of an .xlsx or .xlsm, with findings that do not keep it from being read.

    Raises:
        Refused: the file cannot be read.
    """
    with path.open("rb") as file:
        package = open_package(file, path.name)
        notes = list(package.notes)
        strings = shared_strings(package)
        return [read_sheet(package, title, strings, notes) for title in package.sheets], notes


def rows(path: Path, title: str) -> Iterator[list[Cell]]:
    """The rows of one sheet one by one, blank rows as empty lists, without holding the sheet in memory.

    Raises:
        Refused: the file cannot be read.
    """
    with path.open("rb") as file:
        package = open_package(file, path.name)
        expected = 1
        for number_, cells in stream(package, title, shared_strings(package), [], []):
            for _ in range(expected, number_):
                yield []
            yield cells
            expected = number_ + 1
