"""Register folders for the command tests: the sample city built once, a blank one to copy, and rows typed in as a user does."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from macros.commands import Answer, command
from macros.forms import forms
from tests.tables import sheets

HERE = Path(__file__).parent
ROOT = HERE.parent
SAMPLES = ROOT / "workbooks" / "samples" / "city-a"
ANSWERS = HERE / "answers" / "city-a"
CASE: dict[str, Any] = tomllib.loads((SAMPLES / "case.toml").read_text(encoding="utf-8"))
#: Table by its title → the workbook it stands in.
FILES = {form.title: form.file for form in forms().values() if form.workbook}
#: The two moments the boards were counted for.
NOWS = ("2026-11-21T15:30:00", "2026-12-28T09:00:00")


def expected(name: str) -> Any:
    """A counted answer of the sample city."""
    return json.loads((ANSWERS / f"{name}.json").read_text(encoding="utf-8"))


def run(name: str, *words: Any, **options: Any) -> Answer:
    """One command, called as the buttons and the command line call it."""
    return command(name)(*words, **options)


@dataclass
class City:
    """The sample city's register folder and what each command said."""

    folder: Path
    imports: dict[str, Answer] = field(default_factory=dict)
    check: Answer = field(default_factory=lambda: Answer({}, ""))
    boards: list[Answer] = field(default_factory=list)


def take_in_all(folder: Path) -> dict[str, Answer]:
    """Every file of the case, in its order."""
    return {
        row["file"]: run("import", [SAMPLES / row["file"]], folder, customer=row.get("customer"), now=NOWS[0])
        for row in CASE["import"]
    }


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> City:
    """The sample city: imported, checked, the board read at both moments in one register. Only for reading."""
    made = City(tmp_path_factory.mktemp("city") / "台账")
    shutil.copytree(blank, made.folder)
    made.imports = take_in_all(made.folder)
    made.check = run("check", made.folder, now=NOWS[0])
    made.boards = [run("board", made.folder, now=now) for now in NOWS]
    return made


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blank register folder. Only for copying."""
    folder = tmp_path_factory.mktemp("blank") / "台账"
    run("init", folder, "澜江")
    return folder


@pytest.fixture
def folder(tmp_path: Path, blank: Path) -> Path:
    """A blank register of this test's own."""
    return copied(blank, tmp_path)


def copied(source: Path, home: Path) -> Path:
    """A register folder of a test's own."""
    return shutil.copytree(source, home / "台账")


def typed(text: str) -> Any:
    """What a spreadsheet makes of a typed cell: dates and moments become dates, short numbers numbers."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", text):
        return dt.datetime.fromisoformat(text)
    return float(text) if re.fullmatch(r"-?\d{1,9}(\.\d+)?", text) else text


def row_after(sheet: Worksheet) -> int:
    """The first row without content below a sheet's rows."""
    return max((c.row for row in sheet.iter_rows() for c in row if c.value is not None), default=1) + 1


def enter(folder: Path, text: str) -> None:
    """Type readable tables (see tests.tables) into the register's workbooks, below what is there."""
    for file in dict.fromkeys(FILES[title] for title in sheets(text)):
        path = folder / file
        path.write_bytes(_entered(path.read_bytes(), file, text))


@lru_cache(64)  # the same tables are typed into the same blank register for one test after another
def _entered(workbook: bytes, file: str, text: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for title, (headings, *rows) in sheets(text).items():
        if FILES[title] != file:
            continue
        sheet = book[title]
        columns = {str(cell.value): place for place, cell in enumerate(sheet[1], 1)}
        for number, values in enumerate(rows, row_after(sheet)):
            for heading, value in zip(headings, values, strict=True):
                if value is not None:
                    sheet.cell(number, columns[str(heading)]).value = typed(str(value))
        for table in sheet.tables.values():  # as Excel does when one types below a table
            first, last = table.ref.split(":")
            table.ref = f"{first}:{re.sub(r'[0-9]+', '', last)}{max(sheet.max_row, 2)}"
    return _saved(book)


def put(folder: Path, title: str, key: str, column: str, value: Any) -> None:
    """Type one cell over: the row whose first column holds ``key``."""
    path = folder / FILES[title]
    path.write_bytes(_put(path.read_bytes(), title, key, column, value))


@lru_cache(64, typed=True)
def _put(workbook: bytes, title: str, key: str, column: str, value: Any) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    sheet = book[title]
    (number,) = [cell.row for cell in sheet["A"] if str(cell.value) == key]
    (place,) = [number for number, cell in enumerate(sheet[1], 1) if cell.value == column]
    sheet.cell(number, place).value = value
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def look(folder: Path, title: str) -> list[dict[str, Any]]:
    """The rows of a register or output sheet as a user sees them, by heading; reads that sheet and no other."""
    for path in sorted(folder.glob(FILES.get(title, "*.xlsx"))):
        with closing(openpyxl.load_workbook(path, read_only=True)) as book:
            if title in book.sheetnames:
                sheet = book[title]
                sheet.reset_dimensions()  # what the file says of its size is not what is in it
                headings, *rows = sheet.iter_rows(values_only=True)
                rows = [row + (None,) * (len(headings) - len(row)) for row in rows if any(v is not None for v in row)]
                return [dict(zip(map(str, headings), row, strict=True)) for row in rows]
    raise AssertionError(f"no sheet {title}")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, but for what a register remembers (留存)."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "留存" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def codes(answer: Answer) -> list[str]:
    """The codes of an answer's findings, those of imported files too."""
    own = answer.data.get("findings", [])
    return [said["code"] for said in [*own, *(s for f in answer.data.get("files", []) for s in f["findings"])]]


def items(answer: Answer) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """A board's items by clock and key."""
    return (((item["clock"], item["key"]), item) for item in answer.data["items"])


@pytest.fixture(scope="session")
def full(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample city with the supplement and the manager's settings: rows for every kind of paper. Only for copying."""
    folder = copied(city.folder, tmp_path_factory.mktemp("full"))
    run("import", sorted((SAMPLES.parent / "supplement").glob("*.csv")), folder, now=NOWS[0])
    for name, value in CASE["settings"].items():
        put(folder, "假设", name, "采用", value)
    return folder
