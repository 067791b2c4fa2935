"""The sample city's files: every row counted, every seeded error refused, a second import changes nothing."""

from __future__ import annotations

import csv
from pathlib import Path
from types import MappingProxyType

import pytest

from macros.forms import forms
from macros.hosts.safe import read_untrusted
from macros.intake import Taken, take
from macros.records import Place, Record
from macros.register import Register
from macros.validation import check_row
from tests.intake_files import TODAY, counts

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "workbooks" / "samples" / "city-a"
with (HERE / "answers" / "intake_sample.csv").open(encoding="utf-8") as opened:
    ANSWERS = list(csv.DictReader(opened))
FILES = {answer["file"]: answer["customer"] or None for answer in ANSWERS}


def enter(tables: dict[str, list[Record]], taken: Taken) -> None:
    """Put what was taken into tables, as a register sheet would hold it."""
    if not taken.form:
        return
    form, rows = forms()[taken.form], tables.setdefault(taken.form, [])
    columns = tuple(range(1, len(form.columns) + 1))
    rows += [Record(form, v, Place(form.file, form.title, n), columns) for n, v in enumerate(taken.added, len(rows) + 2)]
    for record, changed in taken.updates:
        values = [changed.get(column.name, old) for column, old in zip(form.columns, record.values, strict=True)]
        rows[rows.index(record)] = Record(form, tuple(values), record.place, record.columns)


def register_of(tables: dict[str, list[Record]]) -> Register:
    return Register(MappingProxyType({code: tuple(rows) for code, rows in tables.items()}))


@pytest.fixture(scope="module")
def twice() -> tuple[dict[tuple[str, str], Taken], dict[tuple[str, str], Taken]]:
    """All files taken in one after the other, and then once more."""
    tables: dict[str, list[Record]] = {}
    sheets = {file: read_untrusted(SAMPLES / file)[0] for file in FILES}
    rounds: list[dict[tuple[str, str], Taken]] = [{}, {}]
    for results in rounds:
        for file, customer in FILES.items():
            outcome = take(
                sheets[file], file, register_of(tables), check=check_row, today=TODAY, customer=customer
            )
            for taken in outcome.taken:
                results[file, taken.sheet] = taken
                enter(tables, taken)
    return rounds[0], rounds[1]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: a["file"] + a["sheet"])
def test_every_row_is_counted_and_every_seeded_error_is_refused(
    twice: tuple[dict[tuple[str, str], Taken], dict[tuple[str, str], Taken]], answer: dict[str, str]
) -> None:
    taken = twice[0][answer["file"], answer["sheet"]]
    assert (taken.layout, taken.rows, taken.rejected) == (answer["layout"], int(answer["rows"]), int(answer["rejected"]))
    assert taken.added_rows + taken.updated + taken.unchanged + taken.rejected == taken.rows


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: a["file"] + a["sheet"])
def test_the_same_file_again_changes_nothing(
    twice: tuple[dict[tuple[str, str], Taken], dict[tuple[str, str], Taken]], answer: dict[str, str]
) -> None:
    taken = twice[1][answer["file"], answer["sheet"]]
    rows, rejected = int(answer["rows"]), int(answer["rejected"])
    assert counts(taken) == (rows, 0, 0, rows - rejected, rejected)


def test_a_damaged_site_code_names_its_cell_and_is_not_restored(
    twice: tuple[dict[tuple[str, str], Taken], dict[tuple[str, str], Taken]]
) -> None:
    taken = twice[0]["存量站址.xlsx", "站址"]
    damaged = [(one.cell, one.field) for one in taken.findings if one.code == "VAL003"]
    assert damaged == [(f"C{row}", "站址编码") for row in (50, 175, 271, 284, 385)]
    codes = {values[forms()["site"].index["site_code"]] for values in taken.added}
    assert not {"429802908000900030", "429803908000900030"} & codes


def test_a_text_table_counts_its_heading_as_row_one(
    twice: tuple[dict[tuple[str, str], Taken], dict[tuple[str, str], Taken]]
) -> None:
    missing = [one for one in twice[0]["联通需求.csv", ""].findings if one.code == "INT020"]
    assert [(one.cell, one.field, one.sheet) for one in missing] == [("B49", "需求编号", "")]


@pytest.mark.parametrize(
    ("file", "rows"), [("移动账单_202610.xlsx", 229), ("联通账单_202610.xlsx", 210), ("电信账单_202610.xlsx", 230)]
)
def test_a_settlement_ledger_is_recognised_and_not_taken(file: str, rows: int) -> None:
    sheets, _ = read_untrusted(SAMPLES / file)
    (taken,) = take(sheets, file, register_of({}), check=check_row, today=TODAY).taken
    assert taken.layout == "运营商结算详单"
    assert counts(taken) == (rows, 0, 0, 0, rows)
    assert not taken.added
    assert [one.code for one in taken.findings] == ["INT006"]
