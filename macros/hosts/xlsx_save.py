"""Work out which parts of a workbook its pending edits touch, and write them."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING

from macros.hosts import TableRef, refuse
from macros.hosts.areas import area, reaching
from macros.hosts.limits import limit
from macros.hosts.xlsx_areas import (
    follow,
    forget_below,
    table_heading,
    table_ref,
    unfiltered,
)
from macros.hosts.xlsx_cells import CellWriter
from macros.hosts.xlsx_rows import attribute, split
from macros.hosts.xlsx_scan import End, find_end
from macros.hosts.xlsx_styles import Styles
from macros.hosts.xlsx_write import Patch, Template
from macros.hosts.zip_write import Packed, rewrite
from macros.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.hosts.areas import Area
    from macros.hosts.package import Package
    from macros.hosts.pending import Pending
    from macros.hosts.xlsx_check import Stretches
    from macros.records import Cell

#: What a cell takes in a worksheet part, roughly.
_CELL_BYTES = 40
_P = rb"(?:[\w.-]+:)?"
_TABLE = pattern(rb"<" + _P + rb"table(?=\s)([^>]*)>")
_CALC = pattern(rb"(<" + _P + rb"calcPr(?=[\s/>]))([^>]*?)(/?>)")
_FULL = pattern(rb"""\sfullCalcOnLoad\s*=\s*["'][^"']*["']""")


def write_book(package: Package, pending: Mapping[str, Pending], out: IO[bytes]) -> dict[str, Stretches]:
    """Write the workbook with its pending edits; the parts written anew, with what of each was not touched.

    Raises:
        Refused: an edit cannot be made without risk to what else is in the file.
        OSError: a fault of writing.
    """
    check_changeable(package)
    styles = Styles(
        package.name, package.zip.read(package.styles) if package.styles else None, package.kinds
    )
    changed: dict[str, bytes | Packed] = {}
    kept: dict[str, Stretches] = {}
    try:
        overwrote_formula = False
        for title, edits in pending.items():
            if edits.rows is not None:
                _replace(package, title, edits.rows, styles, changed)
                overwrote_formula = True
            else:
                patch = _patch(package, title, edits, styles, changed)
                overwrote_formula |= patch.overwrote_formula
                kept[package.sheets[title].part] = patch.kept
        written = _write_changed(package, styles, changed, overwrote_formula, out)
        return {part: kept.get(part, []) for part in written}
    finally:
        for content in changed.values():
            if isinstance(content, Packed):
                content.close()


def _write_changed(
    package: Package, styles: Styles, changed: dict[str, bytes | Packed], overwrote_formula: bool, out: IO[bytes]
) -> list[str]:
    if styles.dirty and package.styles and styles.xml:
        changed[package.styles] = styles.xml
    removed: set[str] = set()
    if package.calculation:
        main = package.zip.read(package.workbook)
        if b"fullCalcOnLoad=\"1\"" not in main:
            changed[package.workbook] = _recalculating(main)
        if overwrote_formula:
            removed.add(package.calculation)
            changed |= _forget(package, package.calculation)
    rewrite(package.zip, out, changed, removed)
    return list(changed)


def check_changeable(package: Package) -> None:
    """Make sure that a workbook may be written.

    Raises:
        Refused: it is signed (WBK040) or a shared workbook with its revisions (WBK041).
    """
    names = [name.lower() for name in package.zip.members]
    if any(name.startswith("_xmlsignatures/") for name in names):
        raise refuse("WBK040", package.name)
    if any(name.startswith("xl/revisions/") for name in names):
        raise refuse("WBK041", package.name)


def _main_table(package: Package, title: str) -> tuple[str, TableRef, Area] | None:
    """The sheet's table, the largest where there are several: its part, reference and area."""
    found = [(part, table, where) for part, table in package.tables(title) if (where := area(table.ref))]
    return max(found, key=lambda one: (one[2][2] - one[2][0] + 1) * (one[2][3] - one[2][1] + 1), default=None)


def _writer(package: Package, title: str, styles: Styles) -> CellWriter:
    _, _, found = next(split(package.zip.chunks(package.sheets[title].part), package.name))
    return CellWriter(package.name, title, found.prefix, package.epoch_1904, styles)


def _replace(
    package: Package, title: str, rows: Sequence[Sequence[Cell]], styles: Styles, changed: dict[str, bytes | Packed]
) -> None:
    part = package.sheets[title].part
    table = _main_table(package, title)
    width = max(map(len, rows), default=0)
    _check_size(package, title, len(rows), width)
    heading = table[2][0] if table else 1
    last = max(len(rows), heading + 1)

    def finish(tail: bytes) -> bytes:
        kept = forget_below(unfiltered(tail), heading)
        return follow(kept, (heading + 1, *table[2][1:]), last) if table else kept

    if table:
        _, left, _, right = table[2]
        xml = package.zip.read(table[0])
        if len(rows) >= heading:
            names = list(rows[heading - 1][left - 1 :])
            while names and names[-1] in (None, ""):
                names.pop()
            texts = [str(name) for name in names if isinstance(name, str) and name]
            if len(texts) != len(names) or len({text.casefold() for text in texts}) < len(texts) or not texts:
                raise refuse("WBK047", package.name, sheet=title, reason="表头有空白、重复或不是文本的列名")
            right = left + len(texts) - 1
            xml = table_heading(xml, texts)
        changed[table[0]] = table_ref(unfiltered(xml), (heading, left, last, right))
    writer = _writer(package, title, styles)
    from macros.hosts.xlsx_replace import replaced  # most commands only add and change

    made = replaced(package.zip.chunks(part), writer, rows, heading, finish)
    changed[part] = Packed(made, _CELL_BYTES * len(rows) * width)


def _patch(
    package: Package, title: str, edits: Pending, styles: Styles, changed: dict[str, bytes | Packed]
) -> Patch:
    """Patch one sheet; the patch tells what it met."""
    part = package.sheets[title].part
    cells = {row: dict(line) for row, line in edits.cells.items()}
    template, new_from, data, last = Template(), limit("sheet", "rows") + 1, None, 0
    if edits.added:
        table = _main_table(package, title)
        where = table[2] if table else (1, 1, limit("sheet", "rows"), limit("sheet", "columns"))
        end = find_end(package.zip.chunks(part), where, package.name, where[2] if table else where[0])
        touched = [row for row, line in edits.cells.items() if row > where[0] and _any_value(line, where)]
        others = [one for _, other in package.tables(title) if (one := area(other.ref)) and one != where]
        full, below = reaching(where, {*end.below, *touched}, [*others, *end.merges])
        typed = full[2] if full[2] > where[2] else end.last_data
        new_from = max([typed, *(row for row in touched if row <= full[2])]) + 1
        last = new_from + len(edits.added) - 1
        template = end.template
        _check_room(package, title, edits.added, where, table, last, below)
        for number, row in enumerate(edits.added, new_from):
            _check_formulas(package, title, number, row, where[1], end)
            line = cells.setdefault(number, {})
            line |= {where[1] + at: value for at, value in enumerate(row) if value is not None}
        if table:
            data, last = (where[0] + 1, *where[1:]), max(last, full[2])
            if last > where[2]:
                xml = package.zip.read(table[0])
                changed[table[0]] = table_ref(xml, (*where[:2], last, where[3]))
        else:
            data = (2, 1, end.last_data, limit("sheet", "columns"))
    writer = _writer(package, title, styles)
    patch = Patch(writer, cells, template, new_from)
    size = package.zip.members[part].inflated
    pieces = patch.stream(package.zip.chunks(part), lambda tail: follow(tail, data, last) if data else tail)
    changed[part] = Packed(pieces, size)
    return patch


def _any_value(line: Mapping[int, Cell], where: Area) -> bool:
    return any(value is not None and where[1] <= column <= where[3] for column, value in line.items())


def _check_room(
    package: Package, title: str, added: list[Sequence[Cell]], where: Area,
    table: tuple[str, TableRef, Area] | None, last: int, below: int,
) -> None:
    width = max(map(len, added))
    _check_size(package, title, last, where[1] + width - 1)
    if table is None:
        return
    if width > where[3] - where[1] + 1:
        raise refuse("WBK047", package.name, sheet=title, reason=f"要追加 {width} 列，多于表 {table[1].name}")
    opening = _TABLE.search(package.zip.read(table[0]))
    if opening and (attribute(opening[1], b"totalsRowCount") or b"0") != b"0":
        raise refuse("WBK048", package.name, sheet=title, value=table[1].name)
    if below and last >= below:
        raise refuse("WBK049", package.name, sheet=title, row=below)


def _check_formulas(package: Package, title: str, number: int, row: Sequence[Cell], left: int, end: End) -> None:
    """Refuse to write values over the user's formulas outside of the table."""
    worked = end.formulas.get(number, set())
    if any(value is not None and column in worked for column, value in enumerate(row, left)):
        raise refuse("WBK049", package.name, sheet=title, row=number)


def _check_size(package: Package, title: str, rows: int, columns: int) -> None:
    if rows > limit("sheet", "rows") or columns > limit("sheet", "columns"):
        raise refuse("WBK047", package.name, sheet=title, reason=f"需要 {rows} 行 {columns} 列，工作表放不下")


def _recalculating(main: bytes) -> bytes:
    """The workbook part with the request that formulas be calculated on opening: their inputs have changed."""
    def put(match: re.Match[bytes]) -> bytes:
        return match[1] + _FULL.sub(b"", match[2]).rstrip() + b' fullCalcOnLoad="1"' + match[3]

    return _CALC.sub(put, main, count=1)


def _forget(package: Package, part: str) -> dict[str, bytes]:
    """Content types and relations without the calculation chain, which the spreadsheet rebuilds."""
    types = package.zip.find("[Content_Types].xml") or "[Content_Types].xml"
    folder, _, base = package.workbook.rpartition("/")
    relations = package.zip.find(f"{folder}/_rels/{base}.rels") or f"{folder}/_rels/{base}.rels"
    override = rb"<" + _P + rb"Override\s[^>]*PartName\s*=\s*[\"']/" + re.escape(part.encode()) + rb"[\"'][^>]*>"
    relation = rb"<" + _P + rb"Relationship\s[^>]*/calcChain[\"'][^>]*>"
    return {
        types: re.sub(override, b"", package.zip.read(types), flags=re.IGNORECASE),
        relations: re.sub(relation, b"", package.zip.read(relations)),
    }
