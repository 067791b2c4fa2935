"""The extension in a visible LibreOffice: its toolbar is there, buttons follow the sheet, a press starts the click."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from addin.build import oxt
from addin.desk import caller_of
from addin.libreoffice import engine
from addin.ribbon import Menu, tab
from tests.city import City, contents, copied, look, run
from tests.office.display import until
from tests.office.screen import Bench, bench

pytestmark = pytest.mark.office
BUTTONS = {button.id: button for button in tab().buttons()}
ON_TOOLBAR = [item for group in tab().groups for item in group.items]
#: Notes the words of a click, as the program would get them.
NOTING = """#!/bin/sh
printf '%s\\n' "$*" >> "{log}"
"""


@pytest.fixture(scope="module")
def desk(city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    home = tmp_path_factory.mktemp("extension")
    folder = home / "澜江 台账=1"
    folder.mkdir()
    python = home / "python"
    python.write_text(NOTING.format(log=home / "started"))
    python.chmod(0o755)
    with bench(copied(city.folder, folder), home / "office", python=str(python)) as opened:
        yield opened


def started(desk: Bench) -> list[str]:
    log = desk.home.parents[1] / "started"
    return log.read_text(encoding="utf-8").splitlines() if log.is_file() else []


def test_two_makings_are_the_same_bytes() -> None:
    assert oxt.made() == oxt.made()


def test_every_button_and_menu_of_the_ribbon_is_on_the_toolbar(desk: Bench) -> None:
    assert {item.label for item in ON_TOOLBAR} - desk.places().keys() == set()


def test_the_mouse_on_a_button_starts_its_click_for_the_workbook_in_front(desk: Bench) -> None:
    desk.press("今日待办")
    until(lambda: started(desk), "the click starts")
    (words,) = started(desk)
    assert words.startswith("-P -X utf8 -m addin click board --host libreoffice --book=")
    assert f"--book={desk.folder / '需求台账.xlsx'} --pipe " in words


@pytest.mark.parametrize("button", [button for button in BUTTONS if not BUTTONS[button].sheets and button != "board"])
def test_a_button_starts_its_click(desk: Bench, button: str) -> None:
    before = len(started(desk))
    assert desk.dispatch(button)
    until(lambda: len(started(desk)) > before, f"click {button}")
    assert started(desk)[-1].split()[6] == button


@pytest.mark.parametrize("sheet", sorted({sheet for button in BUTTONS.values() for sheet in button.sheets if sheet in ("需求", "订单", "变更", "工单")}))
def test_the_papers_of_a_sheet_can_be_pressed_there_and_the_others_not(desk: Bench, sheet: str) -> None:
    desk.select("需求台账.xlsx", sheet, 2)
    able = {name for name, button in BUTTONS.items() if button.sheets and desk.enabled(name)}
    assert able == {name for name, button in BUTTONS.items() if sheet in button.sheets}


@pytest.mark.parametrize("button", [button for button in BUTTONS if BUTTONS[button].sheets == ("需求",)])
def test_a_papers_button_starts_its_click_on_its_sheet(desk: Bench, button: str) -> None:
    desk.select("需求台账.xlsx", "需求", 2)
    before = len(started(desk))
    assert desk.dispatch(button)
    until(lambda: len(started(desk)) > before, f"click {button}")
    assert started(desk)[-1].split()[6] == button


def typing(desk: Bench, row: int, column: int, text: str) -> Any:
    """Type into a cell of 需求 without ending the edit; the cell."""
    desk.select("需求台账.xlsx", "需求", row, column)
    desk.display.focus(desk.display.await_window(desk.frame.Title))
    desk.display.type(text)
    return desk.app.books["需求台账.xlsx"].sheets["需求"].range((row, column))


def test_what_is_being_typed_into_a_cell_is_entered_before_the_click_starts(desk: Bench) -> None:
    before, cell = len(started(desk)), typing(desk, 400, 7, "abc")
    assert cell.value is None
    desk.press("检查台账")
    until(lambda: len(started(desk)) > before, "the click starts")
    assert cell.value == "abc"


def test_what_a_cell_does_not_admit_is_refused_by_calc_and_leaves_the_cell_as_it_was(desk: Bench) -> None:
    before, cell = len(started(desk)), typing(desk, 2, 2, "abc")
    desk.press("检查台账")
    desk.display.focus(desk.display.await_window("填写有误"))
    assert len(started(desk)) == before
    desk.display.keys("Return")
    until(lambda: len(started(desk)) > before, "the click starts")
    assert cell.value == "移动"


def test_menus_hold_the_papers() -> None:
    held = {button.id for item in ON_TOOLBAR if isinstance(item, Menu) for button in item.buttons}
    assert {name for name, button in BUTTONS.items() if button.sheets} - held == set()


# A real click, in a process of its own, on the open workbooks of a headless office.


@pytest.fixture
def opened(calc: Any, city: City, tmp_path: Path) -> Iterator[tuple[Any, Path]]:
    folder = copied(city.folder, tmp_path)
    books = [calc.books.open(str(folder / name)) for name in ("需求台账.xlsx", "待办.xlsx")]
    books[0].activate()
    yield calc, folder
    for book in list(calc.books):
        book.close()


def click(app: Any, folder: Path, button: str, home: Path) -> int:
    pipe = app.impl.office.pipe
    env = {**os.environ, "TOWERDESK_HOME": str(home), "TOWERDESK_NOW": "2026-11-21T15:30:00", "TOWERDESK_STAYS": "0"}
    words = ["-P", "-X", "utf8", "-m", "addin", "click", button, "--host", "libreoffice", f"--book={folder / '需求台账.xlsx'}", "--pipe", pipe]
    assert caller_of(words[6:]).id == button
    return subprocess.run([sys.executable, *words], env=env, cwd=home, timeout=120, check=False).returncode


def test_a_live_click_writes_what_the_command_writes_and_saves_nothing(opened: tuple[Any, Path], tmp_path_factory: pytest.TempPathFactory) -> None:
    calc, folder = opened
    home = tmp_path_factory.mktemp("home")
    twin = copied(folder, home)
    before = contents(folder)
    assert click(calc, folder, "board", home) == run("board", twin, now="2026-11-21T15:30:00").status
    heading, *rows = calc.books["待办.xlsx"].sheets["待办"].used_range.value
    shown = [(row[heading.index("单号")], row[heading.index("时限")], row[heading.index("状态")]) for row in rows]
    assert shown == [(row["单号"], row["时限"], row["状态"]) for row in look(twin, "待办")]
    open_now = {"需求台账.xlsx", "待办.xlsx"}
    assert {name: data for name, data in contents(folder).items() if name in open_now} == {name: before[name] for name in open_now}
    assert json.loads((home / "settings.json").read_text(encoding="utf-8"))["register"] == str(folder)
    assert " board libreoffice 0 " in (home / "click.log").read_text(encoding="utf-8")


def test_the_engine_is_loaded_without_a_visible_office() -> None:
    assert engine.load_uno()
