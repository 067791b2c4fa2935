"""Stream the rows of .xlsx and .xlsm worksheets, keeping to the used area however far a stray cell lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.hosts import Sheet
from macros.hosts.areas import area
from macros.hosts.package import Package, open_package
from macros.hosts.xlsx_gather import Gather
from macros.hosts.xlsx_plain import for_parser
from macros.hosts.xlsx_values import plain
from macros.hosts.xml_parts import feed, local, parser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from xml.parsers import expat

    from macros.findings import Finding
    from macros.hosts.areas import Area
    from macros.records import Cell

_DIGITS = "0123456789"

_ROW, _CELL, _VALUE, _FORMULA, _TEXT, _PHONETIC, _MERGE, _DATA = range(1, 9)
_NAMES = {"row": _ROW, "c": _CELL, "v": _VALUE, "f": _FORMULA, "t": _TEXT, "rPh": _PHONETIC,
          "mergeCell": _MERGE, "sheetData": _DATA}


def shared_strings(package: Package) -> list[str]:
    """The workbook's string table; rich text joined, phonetic guides left out."""
    return list(each_string(package))


def each_string(package: Package) -> Iterator[str]:
    """The strings of the workbook's table one by one."""
    strings: list[str] = []
    if package.strings is None:
        return
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
        yield from strings
        strings.clear()


def stream(
    package: Package, title: str, strings: Sequence[str], merges: list[Area], notes: list[Finding],
    chunks: Iterable[bytes] | None = None,
) -> Iterator[tuple[int, list[Cell]]]:
    """Rows that hold a value, as (1-based number, cells); fills ``merges`` and ``notes`` by the end.

    ``chunks`` stands for the part's own bytes where only some of its rows are wanted.

    Raises:
        Refused: damaged part, rows out of order (WBK007), DTD (WBK013), too many cells (WBK014).
    """
    sheet = package.sheet_part(title)
    gather = Gather(package, title, strings)
    if chunks is not None:
        gather.blank_run = gather.last_row  # rows left out are not blank
    made = parser(package.name, sheet.part)
    _listen(made, gather, merges)
    pieces = for_parser(package.zip.chunks(sheet.part) if chunks is None else chunks, gather, sheet.part)
    for _ in feed(made, pieces, package.name, sheet.part):
        yield from gather.ready
        gather.ready.clear()
    notes.extend(gather.values.odd.values())


def _listen(made: expat.XMLParserType, gather: Gather, merges: list[Area]) -> None:
    """Have the parser hand the cells it meets to ``gather``."""
    codes: dict[str, int] = {}
    current: list[Cell] = []
    grab: list[str] | None = None
    text: list[str] = []
    formula: list[str] | None = None
    column = 0
    type_: str | None = None
    style: str | None = None
    has_value = phonetic = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal current, grab, formula, column, type_, style, has_value, phonetic
        code = codes.get(name)
        if code is None:
            code = codes[name] = _NAMES.get(local(name), 0)
        if code == _CELL:
            address = attributes.get("r")
            column = column + 1 if address is None else gather.column(address.rstrip(_DIGITS))
            type_, style = attributes.get("t"), attributes.get("s")
            formula, has_value = None, False
            text.clear()
        elif code == _VALUE:
            grab, has_value = text, True
        elif code == _TEXT:
            if not phonetic and gather.inside:
                grab, has_value = text, True
        elif code == _FORMULA:
            grab = formula = []
        elif code == _ROW:
            gather.begin(attributes.get("r"))
            current, column = [], 0
        elif code == _PHONETIC:
            phonetic = True
        elif code == _MERGE:
            if merged := area(attributes.get("ref", "")):
                merges.append(merged)
        elif code == _DATA:
            gather.inside = True

    def end(name: str) -> None:
        nonlocal grab, phonetic
        code = codes[name]
        if code == _CELL:
            content = "".join(text)
            if formula is not None:
                gather.put(current, column, gather.calculated(column, type_, style, "".join(formula), content))
            elif has_value:
                gather.put(current, column, gather.value(column, type_, style, content))
        elif code in (_VALUE, _TEXT, _FORMULA):
            grab = None
        elif code == _ROW:
            gather.end(current)
        elif code == _PHONETIC:
            phonetic = False
        elif code == _DATA:
            gather.inside = False

    def data(words: str) -> None:
        if grab is not None:
            grab.append(words)

    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, data


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
