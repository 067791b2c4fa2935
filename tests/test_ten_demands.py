"""Ten demands from request to agreement, driven by register edits and commands only.

``lives/ten_demands.md`` tells the story: a heading is a day and what happened, tables are what the manager typed, and
a line with ``>`` is a command with what it must answer. Every date in it is counted by hand.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from macros.forms import forms
from tests.city import copied, put, run, typed
from tests.tables import sheets

STORY = (Path(__file__).parent / "lives" / "ten_demands.md").read_text(encoding="utf-8")


class Day(NamedTuple):
    """One day: its date, what was typed, the commands and their answers."""

    date: str
    told: str
    typed: str
    lines: list[str]


def days(story: str) -> list[Day]:
    """The days of a story."""
    found = []
    for block in re.split(r"^# ", story, flags=re.MULTILINE)[1:]:
        heading, _, rest = block.partition("\n")
        date, _, told = heading.partition(" ")
        lines = [line[2:].strip() for line in rest.splitlines() if line.startswith("> ")]
        found.append(Day(date, told, "\n".join(x for x in rest.splitlines() if x.startswith(("## ", "|"))), lines))
    return found


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """The register the story is written in; each day goes on where the one before ended."""
    folder = copied(blank, tmp_path_factory.mktemp("life"))
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    put(folder, "假设", "客户经理", "采用", "客户经理A")
    return folder


def type_in(folder: Path, text: str) -> None:
    """Type tables into the register: cells of rows that are there, new rows below the others."""
    by_title = {form.title: form for form in forms().values()}
    books: dict[str, Any] = {}
    for title, (headings, *rows) in sheets(text).items():
        form = by_title[title]
        if form.file not in books:
            books[form.file] = openpyxl.load_workbook(folder / form.file)
        sheet = books[form.file][title]
        names = {column.title: column.heading for column in form.columns}
        places = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
        columns = [places[names[str(heading)]] for heading in headings]
        keys = [places[form.column(name).heading] for name in form.key]
        held = {
            tuple(str(sheet.cell(number, key).value) for key in keys): number
            for number in range(2, sheet.max_row + 1) if sheet.cell(number, keys[0]).value is not None
        }
        for row in rows:
            values = dict(zip(columns, row, strict=True))
            number = held.setdefault(tuple(str(values.get(key)) for key in keys), 2 + len(held))
            for column, value in values.items():
                if value is not None:
                    code = form.columns[0].type == "code" and column in keys
                    sheet.cell(number, column).value = str(value) if code else typed(str(value))
        for table in sheet.tables.values():
            table.ref = re.sub(r"\d+$", str(max(len(held) + 1, 2)), table.ref)
    for file, book in books.items():
        book.save(folder / file)


@pytest.mark.parametrize("day", days(STORY), ids=lambda day: f"{day.date} {day.told}")
def test_every_day_makes_its_papers_and_moves_its_clocks(life: Path, day: Day) -> None:
    now = f"{day.date}T18:00"
    type_in(life, day.typed)
    answers: dict[str, Any] = {}
    assert day.lines
    for line in day.lines:
        what, *words = line.split()
        CHECKS[what](life, now, words, answers)


def papers(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """出单 FORM KEY…: each key gets its paper, entered in the document register."""
    form, *keys = words
    answer = run("form", form, keys, life, now=now).data
    assert {row["key"] for row in answer["documents"]} == {*keys}, answer["withheld"]
    assert all(Path(row["file"]).is_file() for row in answer["documents"])


def not_ready(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """不可出 FORM KEY 原因: the paper is withheld and the reason told."""
    form, key, why = words
    answer = run("form", form, [key], life, now=now).data
    assert answer["documents"] == []
    ((said,),) = [row["findings"] for row in answer["withheld"]]
    assert why in said["message"]


def clock(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """时限 CLOCK STATE DUE KEY…: how the clock stands for each key."""
    name, state, due, *keys = words
    if "board" not in answers:
        answers["board"] = run("board", life, now=now).data["items"]
    found = {item["key"]: (item["state"], item["due"]) for item in answers["board"] if item["clock"] == name}
    assert {key: found.get(key) for key in keys} == dict.fromkeys(keys, (state, due))


def label(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """整合 LABEL KEY…: what consolidation proposes for each demand."""
    wanted, *keys = words
    if "labels" not in answers:
        made = run("consolidate", life, now=now).data["demands"]
        answers["labels"] = {row["key"]: row["label"] for row in made}
    assert {key: answers["labels"].get(key) for key in keys} == dict.fromkeys(keys, wanted)


def plan(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """排期 PROJECT DAYS: the project's milestones are drawn, so many working days too late."""
    key, late = words
    (project,) = run("schedule", [key], life, now=now).data["projects"]
    assert (project["key"], project["late_days"]) == (key, int(late))
    assert project["milestones"][-1]["milestone"] == "交付完成"


CHECKS: dict[str, Callable[[Path, str, list[str], dict[str, Any]], None]] = {
    "出单": papers, "不可出": not_ready, "时限": clock, "整合": label, "排期": plan,
}
