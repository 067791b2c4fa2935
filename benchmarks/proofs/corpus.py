"""Workbooks of all kinds, from many hands: three cells set and five rows added, and everything else kept.

What is looked at: every other part of the package, byte for byte as it is stored; every row without an edit, byte for
byte; every other cell's value, by our reader and by calamine; and LibreOffice opens ten rich ones and shows the change.
A workbook that cannot be kept is refused with a code and stays as it was.
"""

# ruff: noqa: E501 - one thing a line
from __future__ import annotations

import os
import re
import tempfile
import traceback
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.proofs.fetching import fetched
from benchmarks.proofs.made_by import by_libreoffice, by_openpyxl, by_us, by_xlsxwriter, converted
from macros.hosts import Refused, Sheet, open_book
from macros.hosts.files import FileBook
from macros.hosts.package import open_package
from macros.records import Broken

if TYPE_CHECKING:
    from benchmarks.proofs import Figures, Scale

#: What is written, and looked for.
MARK = "改动标记"
#: Rich workbooks that LibreOffice opens.
SHOWN = 10
_ROW = re.compile(rb"<(?:[\w.-]+:)?row\s[^>]*?\br=[\"'](\d+)[\"'].*?(?=<(?:[\w.-]+:)?row[\s>/]|</(?:[\w.-]+:)?sheetData)", re.DOTALL)
_CODES = re.compile(r"WBK\d{3}")


@dataclass
class Tally:
    """Outcomes by kind of workbook, and what went wrong."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    rich: list[Path] = field(default_factory=list)


def measure(scale: Scale) -> Figures:
    """Gather at least so many workbooks, edit each, compare; a quick run does without what must be fetched."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        kinds = by_us(folder / "made", 2 if scale.quick else 20)
        kinds |= by_openpyxl(folder / "openpyxl", 4 if scale.quick else 24)
        if not scale.quick:
            kinds |= by_xlsxwriter(folder / "xlsxwriter") | by_libreoffice(folder / "libreoffice", kinds)
            kinds |= fetched(folder / "fetched")
        tally = Tally()
        for kind, paths in kinds.items():
            for path in paths:
                tally.outcomes[kind, judged(path, tally)] += 1
        shown = _shown(tally.rich, folder / "shown") if not scale.quick else {}
    files = sum(tally.outcomes.values())
    by_kind: dict[str, dict[str, int]] = {}
    for (kind, outcome), number in sorted(tally.outcomes.items()):
        by_kind.setdefault(kind, {})[outcome] = number
    refused = sum(number for (_, outcome), number in tally.outcomes.items() if outcome.startswith("refused"))
    return {
        "workbooks": files, "kinds": len(by_kind), "kept": files - refused - len(tally.wrong), "refused": refused,
        "silent_changes": len(tally.wrong), "by_kind": by_kind, "shown_by_libreoffice": shown, "wrong": tally.wrong[:20],
        "held": not tally.wrong and files >= scale.count and all(shown.values()),
    }


def judged(path: Path, tally: Tally) -> str:
    """What became of one workbook: ``kept``, ``kept, cells only (code)`` or ``refused code``; wrongs are noted."""
    try:
        before, notes = open_book(path)
        parts, rows, second = _members(path), _rows(path), _calamine(path)
        del notes
    except Refused as refused:
        return f"refused {refused.finding.code}"
    outcome = "kept"
    whole = path.read_bytes()
    try:
        cells = _edit(path, before[0], added=True)
    except Refused as refused:
        if path.read_bytes() != whole:
            tally.wrong.append(f"{path.name}: refused, and changed")
        outcome = f"kept, cells only ({refused.finding.code})"
        try:
            cells = _edit(path, before[0], added=False)
        except Refused as again:
            return f"refused {again.finding.code}"
    try:
        found = _differences(path, before, parts, rows, second, cells)
    except (Refused, AssertionError):
        found = [traceback.format_exc().strip().splitlines()[-1]]
    if found:
        tally.wrong.append(f"{path.parent.name}/{path.name}: {'; '.join(found[:3])}")
        return "wrong"
    if len(tally.rich) < SHOWN and outcome == "kept" and len(parts) > 14:
        tally.rich.append(path)
    return outcome


def _edit(path: Path, first: Sheet, added: bool) -> dict[tuple[int, int], object]:
    """Set three cells of the first sheet that hold no formula, add five rows; what the cells hold now."""
    book = FileBook(path)
    spots = [
        (r, c) for r, row in enumerate(first.rows, 1) for c, value in enumerate(row, 1)
        if r > 1 and not isinstance(value, Broken) and isinstance(value, (str, int, float)) and not isinstance(value, bool)
    ]
    chosen = [spots[0], spots[len(spots) // 2], spots[-1]] if spots else [(1, 1)]
    cells: dict[tuple[int, int], str] = dict.fromkeys(chosen, MARK)
    book.update(first.title, cells)
    if added:
        book.append(first.title, [[MARK] for _ in range(5)])
    book.save()
    return dict(cells)


def _members(path: Path) -> dict[str, bytes]:
    """Every member as it is stored, in its order."""
    with zipfile.ZipFile(path) as book, path.open("rb") as file:
        found = {}
        for info in book.infolist():
            file.seek(info.header_offset + 26)
            head = file.read(4)
            file.seek(int.from_bytes(head[:2], "little") + int.from_bytes(head[2:], "little"), os.SEEK_CUR)
            found[info.filename.replace("\\", "/")] = file.read(info.compress_size)
        return found


def _rows(path: Path) -> dict[int, bytes]:
    """The rows of the first sheet as bytes, by number."""
    with path.open("rb") as file:
        package = open_package(file, path.name)
        xml = package.zip.read(next(iter(package.sheets.values())).part)
    return {int(match[1]): match[0].strip() for match in _ROW.finditer(xml)}


def _calamine(path: Path) -> dict[str, list[list[Any]]] | None:
    """Every sheet by another reader; None where it cannot read the file."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, ValueError, OSError, KeyError):
        return None


def _differences(
    path: Path, before: list[Sheet], parts: dict[str, bytes], rows: dict[int, bytes],
    second: dict[str, list[list[Any]]] | None, cells: dict[tuple[int, int], object],
) -> list[str]:
    """What changed and should not have."""
    with path.open("rb") as file:
        package = open_package(file, path.name)
        allowed = {next(iter(package.sheets.values())).part, *(part for part, _ in package.tables(before[0].title))}
        allowed |= {package.styles or ""}
    if any("calcChain" in name for name in parts):
        allowed |= {package.workbook, "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/calcChain.xml"}
    after, now = _members(path), open_book(path)[0]
    found = [f"part {name}" for name in parts if after.get(name) != parts[name] and name not in allowed]
    found += [f"new part {name}" for name in after.keys() - parts.keys()]
    found += ["order of parts"] if [n for n in parts if n in after] != [n for n in after if n in parts] else []
    edited = {row for row, _ in cells}
    new = _rows(path)
    found += [f"row {n}" for n, body in rows.items() if n not in edited and new.get(n) != body and MARK.encode() not in new.get(n, b"")]
    found += [f"sheet {one.title}" for one, other in zip(before[1:], now[1:], strict=True) if one != other]
    found += _cells(before[0].rows, now[0].rows, cells, "")
    again = _calamine(path)
    if second is not None:
        if again is None:
            return [*found, "calamine cannot read it any more"]
        title = before[0].title
        found += [f"calamine: sheet {name}" for name in second if name != title and second[name] != again.get(name)]
        found += _cells(second.get(title, []), again.get(title, []), cells, "calamine: ")
    return found


def _cells(before: list[list[Any]], now: list[list[Any]], cells: dict[tuple[int, int], object], who: str) -> list[str]:
    """Cells that differ and were not set; where rows were added, their own cells."""
    blank = (None, "")
    found = []
    for r in range(max(len(before), len(now))):
        for c in range(max(len(before[r]) if r < len(before) else 0, len(now[r]) if r < len(now) else 0)):
            old = before[r][c] if r < len(before) and c < len(before[r]) else None
            new = now[r][c] if r < len(now) and c < len(now[r]) else None
            if (r + 1, c + 1) in cells:
                found += [] if new == MARK else [f"{who}R{r + 1}C{c + 1} is not set"]
            elif old != new and not (old in blank and new in blank) and not (old in blank and new == MARK):
                found.append(f"{who}R{r + 1}C{c + 1} {old!r} → {new!r}")
    return found


def _shown(paths: list[Path], folder: Path) -> dict[str, bool]:
    """Whether LibreOffice opens each and shows the change."""
    folder.mkdir()
    made = converted(paths, folder, "csv:Text - txt - csv (StarCalc):44,34,76,1")
    return {path.name: MARK in made[path.stem].read_text(encoding="utf-8") if path.stem in made else False for path in paths}
