"""The sample city against answers counted independently: rows, seeded errors, every deadline of two boards."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest

from tests.city import CASE, NOWS, SAMPLES, City, contents, copied, expected, items, run

ERRORS = expected("row_errors")
BOARDS = [expected("board_1"), expected("board_2")]
FILES = [row["file"] for row in CASE["import"]]
NUMBERS = ("added", "updated", "unchanged", "rejected")


def same(said: str, wanted: list[str]) -> bool:
    """Whether a finding's field is one of the names, brackets and blanks apart."""
    bare = [re.sub(r"[\s（）()“”]", "", name) for name in [said, *wanted]]
    return bare[0] in bare[1:]


@pytest.fixture(scope="module")
def said(city: City) -> dict[tuple[str, str], list[dict[str, str]]]:
    """Findings of all imports and of check, by key and by (file, row)."""
    found: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for file, answer in city.imports.items():
        for sheet in answer.data["files"]:
            for one in sheet["findings"]:
                found["", one["key"]].append(one)
                found[file, re.sub(r"\D", "", one["cell"])].append(one)
    for one in city.check.data["findings"]:
        found["", one["key"]].append(one)
    return found


@pytest.mark.parametrize("file", FILES)
def test_every_data_row_is_counted_and_accounted_for(city: City, file: str) -> None:
    sheets = city.imports[file].data["files"]
    wanted = [(row["sheet"] or "", row["rows"]) for row in expected("import")["files"] if row["file"] == file]
    assert [(row["sheet"], row["rows"]) for row in sheets if row["rows"]] == wanted
    assert [sum(row[name] for name in NUMBERS) for row in sheets] == [row["rows"] for row in sheets]


@pytest.mark.parametrize("error", ERRORS["errors"], ids=lambda e: f"{e['file']}-{e['row']}-{e['kind']}")
def test_every_seeded_error_is_found_on_its_row_and_field(
    said: dict[tuple[str, str], list[dict[str, str]]], error: dict[str, Any],
) -> None:
    here = said[error["file"], str(error["row"])] + (said["", error["key"]] if error["key"] else [])
    assert any(same(one["field"], error["fields"]) or one["value"] == error["value"] for one in here)


@pytest.mark.parametrize("table", list(ERRORS["clean"]))
def test_rows_without_an_error_carry_no_error(
    said: dict[tuple[str, str], list[dict[str, str]]], table: str,
) -> None:
    wrong = [one["message"] for key in ERRORS["clean"][table] for one in said["", key] if one["severity"] == "error"]
    assert not wrong


@pytest.mark.parametrize("number", [0, 1], ids=NOWS)
@pytest.mark.parametrize("what", ["due", "state", "provisional", "closed_on", "kind", "clause"])
def test_every_deadline_agrees(city: City, number: int, what: str) -> None:
    board = dict(items(city.boards[number]))
    wrong = []
    for item in BOARDS[number]["items"]:
        ours = board[item["clock"], item["key"]][what]
        wanted = item[what]
        if what == "closed_on":
            ours, wanted = ours and ours[:10], wanted and wanted[:10]
        if what == "clause":  # the answers name the section, we may name the paragraph too
            ours = ours[: len(wanted)]
        if ours not in (wanted.split("|") if what == "state" else [wanted]):
            wrong.append((item["clock"], item["key"], wanted, ours))
    assert not wrong
    assert len(BOARDS[number]["items"]) > 700


@pytest.mark.parametrize("number", [0, 1], ids=NOWS)
def test_clocks_that_do_not_apply_do_not_run(city: City, number: int) -> None:
    board = dict(items(city.boards[number]))
    running = [
        (absent["clock"], absent["key"]) for absent in BOARDS[number]["absent"]
        if (item := board.get((absent["clock"], absent["key"]))) and item["due"] and item["state"] != "waiting"
    ]
    assert not running


def test_the_second_board_found_the_first_ones_closed_deadlines_unchanged(city: City) -> None:
    assert city.boards[1].data["changes"] == []
    first, second = dict(items(city.boards[0])), dict(items(city.boards[1]))
    met = {name: item["due"] for name, item in first.items() if item["state"] in ("met", "met-late")}
    kept = {name: due for name, due in met.items() if name in second}
    assert kept == {name: second[name]["due"] for name in kept}
    # Leases that ended between the two moments are not asked for any more.
    assert {clock for clock, _ in met.keys() - kept.keys()} <= {"K24", "K25"}


def test_taking_the_same_files_again_changes_nothing(city: City, tmp_path: Any) -> None:
    folder = copied(city.folder, tmp_path)
    before = contents(folder)
    again = {
        row["file"]: run("import", [SAMPLES / row["file"]], folder, customer=row.get("customer"), now=NOWS[0])
        for row in CASE["import"]
    }
    assert {(s["added"], s["updated"]) for answer in again.values() for s in answer.data["files"]} == {(0, 0)}
    after = contents(folder)
    assert {name for name in after if after[name] != before.get(name)} <= {"问题清单.xlsx"}
