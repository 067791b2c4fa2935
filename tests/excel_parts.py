"""What Excel would mend or refuse in a workbook: rows, columns, tables, names, lists, rules and formulas."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree
from openpyxl.utils import range_boundaries

from tests.office_parts import R, X, values

#: Functions younger than the file format: Excel shows #NAME? where they lack their prefix.
_YOUNG = re.compile(
    r"(?<![\w.])(?:XLOOKUP|XMATCH|FILTER|SORT|SORTBY|UNIQUE|SEQUENCE|LET|LAMBDA|TEXTJOIN|CONCAT|IFS|SWITCH|MAXIFS|MINIFS"
    r"|IFNA|DAYS|XOR|NUMBERVALUE|FORMULATEXT|SHEET|SHEETS|ISOWEEKNUM|UNICODE|UNICHAR)\(",
)
_SHEET_SIGNS = re.compile(r"[\[\]:*?/\\]")
_LONGEST_LIST, _LONGEST_TEXT, _LONGEST_FORMULA, _LONGEST_TITLE = 255, 32767, 8192, 31


def excel(trees: dict[str, etree._Element]) -> Iterator[str]:
    """Everything amiss in the parts of a .xlsx."""
    book, styles = trees["xl/workbook.xml"], trees["xl/styles.xml"]
    titles = [each.get("name", "") for each in book.iter(f"{X}sheet")]
    if len({title.casefold() for title in titles}) != len(titles):
        yield f"xl/workbook.xml: sheets {titles}"
    for title in titles:
        if len(title) > _LONGEST_TITLE or _SHEET_SIGNS.search(title) or title.strip("'") != title:
            yield f"xl/workbook.xml: a sheet called {title}"
    yield from _names(book, trees, len(titles))
    kinds = ("fonts", "fills", "borders", "cellXfs", "cellStyleXfs", "dxfs")
    counts = {kind: len(styles.findall(f"{X}{kind}/*")) for kind in kinds}
    formats = {int(each.get("numFmtId", "0")) for each in styles.iter(f"{X}numFmt")}
    for xf in styles.iterfind(f"{X}cellXfs/{X}xf"):
        for key, kind in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"), ("xfId", "cellStyleXfs")):
            if int(xf.get(key, "0")) >= counts[kind]:
                yield f"xl/styles.xml: {key} {xf.get(key)}"
        if int(xf.get("numFmtId", "0")) >= 164 and int(xf.get("numFmtId", "0")) not in formats:
            yield f"xl/styles.xml: numFmtId {xf.get('numFmtId')}"
    strings = _strings(trees)
    for name, tree in trees.items():
        if tree.tag == f"{X}worksheet":
            for said in (*_cells(tree, counts["cellXfs"], strings), *_rules(tree, counts["dxfs"]), *_ranges(name, tree, trees, strings)):
                yield f"{name}: {said}"


def _box(place: str) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a range that has all four."""
    left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(place))
    return left, top, right, bottom


def _text(node: etree._Element) -> str:
    """What the texts of a cell or a shared string say."""
    return "".join(each.text or "" for each in node.iter(f"{X}t"))


def _strings(trees: dict[str, etree._Element]) -> list[str]:
    shared = trees.get("xl/sharedStrings.xml")
    return [] if shared is None else [_text(each) for each in shared.findall(f"{X}si")]


def _names(book: etree._Element, trees: dict[str, etree._Element], sheets: int) -> Iterator[str]:
    """Names said twice, of sheets that are not there, or that a table has too."""
    named = [(each.get("name", "").casefold(), each.get("localSheetId")) for each in book.iter(f"{X}definedName")]
    tables = [tree for tree in trees.values() if tree.tag == f"{X}table"]
    called = [table.get("displayName", "").casefold() for table in tables]
    if len({*named}) != len(named) or len({*called}) != len(called) or {name for name, _ in named} & {*called}:
        yield f"xl/workbook.xml: names {sorted([name for name, _ in named] + called)}"
    if len({table.get("id") for table in tables}) != len(tables):
        yield f"xl/tables: numbers {[table.get('id') for table in tables]}"
    for each in book.iter(f"{X}definedName"):
        if int(each.get("localSheetId", "0")) >= sheets or "#REF!" in (each.text or ""):
            yield f"xl/workbook.xml: {each.get('name')} is {each.text}"


def _cells(sheet: etree._Element, styles: int, strings: list[str]) -> Iterator[str]:
    """Rows, cells and columns out of their order, styles and texts that are not there, numbers that are none."""
    last_row = last_column = 0
    for row in sheet.iter(f"{X}row"):
        if int(row.get("r", "0")) <= last_row:
            yield f"row {row.get('r')} behind {last_row}"
        last_row, last = int(row.get("r", "0")), 0
        for cell in row:
            column = _box(cell.get("r", ""))[0]
            if column <= last or not cell.get("r", "").endswith(str(last_row)):
                yield f"cell {cell.get('r')} out of its order"
            last = column
            yield from (f"{cell.get('r')}: {said}" for said in _cell(cell, styles, strings))
    for one in sheet.iter(f"{X}col"):
        if int(one.get("min", "0")) <= last_column or int(one.get("max", "0")) < int(one.get("min", "0")):
            yield f"columns {one.get('min')} to {one.get('max')}"
        last_column = int(one.get("max", "0"))


def _cell(cell: etree._Element, styles: int, strings: list[str]) -> Iterator[str]:
    value, formula, kind = cell.findtext(f"{X}v"), cell.findtext(f"{X}f") or "", cell.get("t", "n")
    if int(cell.get("s", "0")) >= styles:
        yield f"style {cell.get('s')}"
    if (kind == "s" and not (value or "x").isdigit()) or (kind == "s" and int(value or 0) >= len(strings)):
        yield f"text {value}"
    if kind == "n" and value is not None and not re.fullmatch(r"-?\d+(\.\d+)?(E[-+]?\d+)?", value, re.IGNORECASE):
        yield f"number {value}"
    if kind == "b" and value not in ("0", "1"):
        yield f"truth {value}"
    if kind == "inlineStr" and len(_text(cell)) > _LONGEST_TEXT:
        yield "a text that is too long"
    if formula.startswith("=") or len(formula) > _LONGEST_FORMULA or _YOUNG.search(formula) or "#REF!" in formula:
        yield f"formula {formula[:80]}"


def _rules(sheet: etree._Element, looks: int) -> Iterator[str]:
    """Rules and lists that Excel cannot keep: too long, without a look, or with the words of a table."""
    for rule in sheet.iter(f"{X}cfRule"):
        if int(rule.get("dxfId", "-1")) >= looks or not rule.get("priority"):
            yield f"a rule of look {rule.get('dxfId')}"
    for formula in [*sheet.iterfind(f".//{X}cfRule/{X}formula"), *sheet.iterfind(f".//{X}dataValidation/*")]:
        text = formula.text or ""
        if (text.startswith('"') and len(text) - 2 > _LONGEST_LIST) or text.startswith("=") or _YOUNG.search(text):
            yield f"rule {text[:80]}"
        if re.search(r"\[[^\]]*\]", re.sub(r'"[^"]*"', "", text)) or "#REF!" in text:
            yield f"rule {text[:80]}"
    for each in sheet.iter(f"{X}dataValidation"):
        for key, most in (("prompt", 255), ("error", 255), ("promptTitle", 32), ("errorTitle", 32)):
            if len(each.get(key, "")) > most:
                yield f"{key} {each.get(key, '')[:40]}"
    for each in sheet.iterfind(f"{X}headerFooter/*"):
        if len(each.text or "") > _LONGEST_LIST:
            yield f"header {each.text}"


def _ranges(sheet_part: str, sheet: etree._Element, trees: dict[str, etree._Element], strings: list[str]) -> Iterator[str]:
    """Merges and tables that overlap, and tables whose columns are not called as their first row."""
    home = posixpath.dirname(sheet_part)
    taken = [("merge", _box(each.get("ref", ""))) for each in sheet.iter(f"{X}mergeCell")]
    wired = trees.get(f"{home}/_rels/{posixpath.basename(sheet_part)}.rels")
    targets = {} if wired is None else {each.get("Id", ""): each.get("Target", "") for each in wired}
    for part in sheet.iter(f"{X}tablePart"):
        target = targets.get(part.get(f"{R}id", ""), "")
        table = trees[target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(home, target))]
        left, top, right, bottom = _box(table.get("ref", ""))
        taken.append((table.get("displayName", ""), (left, top, right, bottom)))
        columns, ids = (values(table, f".//{X}tableColumn", name) for name in ("name", "id"))
        if bottom <= top or len(columns) != right - left + 1 or len({*ids}) != len(ids):
            yield f"table {table.get('displayName')} over {table.get('ref')} has {len(columns)} columns"
        heads = _row(sheet, top, left, right, strings)
        called = [column.replace("_x000a_", "\n").replace("_x000A_", "\n") for column in columns]
        if heads != called or len({column.casefold() for column in columns}) != len(columns):
            yield f"table {table.get('displayName')}: {[pair for pair in zip(heads, called, strict=False) if pair[0] != pair[1]]}"
        if sheet.find(f"{X}autoFilter") is not None and table.find(f"{X}autoFilter") is not None:
            yield f"table {table.get('displayName')}: two filters on one sheet"
    for place, (one, (left, top, right, bottom)) in enumerate(taken):
        for other, (west, north, east, south) in taken[:place]:
            if left <= east and west <= right and top <= south and north <= bottom:
                yield f"{one} and {other} overlap at {(left, top)}"


def _row(sheet: etree._Element, number: int, left: int, right: int, strings: list[str]) -> list[str]:
    """What the cells of a row say, as text."""
    said = dict.fromkeys(range(left, right + 1), "")
    for cell in sheet.iterfind(f"{X}sheetData/{X}row[@r='{number}']/{X}c"):
        column, value = _box(cell.get("r", ""))[0], cell.findtext(f"{X}v") or ""
        if column in said:
            said[column] = strings[int(value)] if cell.get("t") == "s" else value or _text(cell)
    return list(said.values())
