"""A user at a visible LibreOffice: presses buttons with the mouse, answers the small windows by keys, reads what they say."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tkinter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from addin.ribbon import Menu, tab
from addin.showing import NAME
from macros.forms import forms
from tests.office.again import note_gone
from tests.office.display import until
from tests.office.screen import Bench, bench

LABELS = {button.id: button.label for button in tab().buttons()}
ITEMS = [item for group in tab().groups for item in group.items]
#: The menu each of its buttons is in.
MENUS = {button.id: item for item in ITEMS if isinstance(item, Menu) for button in item.buttons}
#: The buttons of the manager's own work and of the register's safety, which have a module of tests of their own.
OFFICE = {
    "dashboard", "service", "customers", "visits", "care", "checklist", "plan_make", "plan_submit", "plan_approve",
    "plan_return", "plan_carry", "report_week", "report_month", "report_meeting", "report_quarter", "report_kpi",
    "report_forecast", "report_handover", "rollup", "snapshot", "restore", "history", "verify", "merge", "mask",
    "assumptions", "selftest",
}
#: Where papers are entered; it stays open.
LEDGER = "单据登记簿.xlsx"
#: Stands for the user's own programs: notes what it is to open.
OPENER = """#!/bin/sh
echo "$1" >> "{log}"
"""
#: Width and height of the office's windows in pixels: room for the whole toolbar.
WINDOW = (3300, 900)
#: Seconds a click may take from the press to the end of its process.
PATIENCE = 60.0
#: Seconds in which a button of a message has shown that it was pressed.
HEARS = 2.0
#: Seconds a menu may take to open; a window that was just given its size may not hear the first press.
OPENS = 3.0


@dataclass(frozen=True)
class Answer:
    """What is done in a window: by its title, what is typed over its field, and the keys after that.

    A window for a ``file`` is Tk's own, which leaves it to a window manager to give it the keys.
    """

    title: str
    text: str = ""
    keys: tuple[str, ...] = ("Return",)
    file: bool = False


@dataclass(frozen=True)
class Done:
    """What came of a press: the exit status of its process and the texts it put before the user."""

    status: int
    said: str


@dataclass
class User:
    """Somebody before the screen; ``pressed`` are the buttons pressed so far."""

    bench: Bench
    opened_log: Path
    clipboard: tkinter.Tk
    pressed: set[str] = field(default_factory=set)
    #: Rows of register sheets as they were when first looked at; none moves.
    _sheets: dict[str, list[list[Any]]] = field(default_factory=dict)
    #: The middle of every button of the toolbar, window by window.
    _spots: dict[int, dict[str, tuple[int, int]]] = field(default_factory=dict)

    @property
    def opened(self) -> list[str]:
        """What the user's own programs were asked to open."""
        return self.opened_log.read_text(encoding="utf-8").splitlines() if self.opened_log.is_file() else []

    @property
    def folder(self) -> Path:
        """The register."""
        return self.bench.folder

    def rows(self, workbook: str, sheet: str) -> list[list[Any]]:
        """The rows of a sheet of an open workbook as they stand there, the heading first."""
        found: list[list[Any]] = self.bench.app.books[workbook].sheets[sheet].used_range.options(ndim=2).value
        return found

    def go(self, sheet: str, key: str, heading: str = "") -> None:
        """Select the row of a register sheet that holds ``key``, in its cell or in the one below a heading."""
        workbook = next((form.file for form in forms().values() if form.title == sheet), f"{sheet}.xlsx")
        self.only(workbook)
        if sheet not in self._sheets:
            self._sheets[sheet] = self.rows(workbook, sheet)
        rows = self._sheets[sheet]
        row, column = next((r, c) for r, cells in enumerate(rows, 1) for c, cell in enumerate(cells, 1) if cell == key)
        self.bench.select(workbook, sheet, row, rows[0].index(heading) + 1 if heading else column)
        until(lambda: self.bench.frame.Title.startswith(workbook), f"{workbook} comes to the front")

    def only(self, workbook: str) -> None:
        """Have that workbook and the ledger open, and no other."""
        books = self.bench.app.books
        for name in (LEDGER, workbook):
            if name not in [book.name for book in books]:
                books.open(str(self.folder / name))
        for book in list(books):
            if book.name not in (LEDGER, workbook):
                book.close()

    def leave(self, path: Path) -> None:
        """Have one blank workbook open, at ``path``, and none of the register: what is not saved is lost."""
        openpyxl.Workbook().save(path)
        books = self.bench.app.books
        books.open(str(path)).activate()
        for book in list(books):
            if book.name != path.name:
                book.close()
        until(lambda: self.bench.frame.Title.startswith(path.name), f"{path.name} comes to the front")

    def save(self) -> None:
        """Save every open workbook."""
        for book in self.bench.app.books:
            book.save()

    def press(self, button: str, *answers: Answer) -> Done:
        """Press a button, answer its questions in their order, read and close its messages until its process ends."""
        before = len(self._ended(button))
        self._click(button)
        self.pressed.add(button)
        for answer in answers:
            self._answer(answer)
        said, end = [], time.monotonic() + PATIENCE
        while len(self._ended(button)) == before:
            if time.monotonic() > end:
                note_gone("")
                raise AssertionError(f"{button} did not end")
            window = self.bench.display.window(LABELS[button]) or self.bench.display.window(NAME)
            if window:
                said.append(self._read(window))
            time.sleep(0.1)  # each look costs the two processors something
        return Done(self._ended(button)[-1], "\n".join(said))

    def _click(self, button: str) -> None:
        display = self.bench.display
        window = display.await_window(self.bench.frame.Title)
        # Without a window manager nobody gives a window a place and a size.
        display.xdotool("windowmove", window, 0, 0, "windowsize", "--sync", window, *WINDOW, "windowraise", window)
        if window not in self._spots:
            self._spots[window] = until(self._toolbar, "the toolbar is there")
        menu = MENUS.get(button)
        x, y = self._spots[window][menu.label if menu else LABELS[button]]
        if menu is None:
            self._point(x, y)
            return
        # Entries that are grey are not in the menu; the helper may just be telling which these are.
        place = until(lambda: self._opened_menu(menu, button, x, y), f"{button} in its menu")
        display.keys(*["Down"] * place, "Return")

    def _opened_menu(self, menu: Menu, button: str, x: int, y: int) -> int:
        """Open a menu; where the entry stands in it, from 1."""
        display, before = self.bench.display, self._entries(menu)
        self._point(x, y)
        end = time.monotonic() + OPENS
        while not display.popup() and time.monotonic() < end:
            time.sleep(0.02)
        if display.popup() and button in before and before == self._entries(menu):
            return before.index(button) + 1
        display.keys("Escape")
        until(lambda: not display.popup(), f"menu {menu.label} closes")
        return 0

    def _entries(self, menu: Menu) -> list[str]:
        sheet = self.bench.frame.Controller.ActiveSheet.Name
        return [one.id for one in menu.buttons if not one.sheets or (sheet in one.sheets and self.bench.enabled(one.id))]

    def _point(self, x: int, y: int) -> None:
        """Click, and leave with the pointer: without a window manager Tk loses the keys of a window that comes up below it."""
        self.bench.display.xdotool("mousemove", x, y, "click", 1, "mousemove", 1, 1)

    def _answer(self, answer: Answer) -> None:
        display = self.bench.display
        window = display.await_window(answer.title)
        (display.focus if answer.file else display.await_focus)(window)
        if answer.text:
            display.type(answer.text, 4)
        display.keys(*answer.keys)
        until(lambda: display.window(answer.title) != window, f"window {answer.title} goes")

    def _read(self, window: int) -> str:
        """Copy the text of a message by its first button, and close it by its last."""
        display = self.bench.display
        self.clipboard.clipboard_clear()
        self.clipboard.update()
        self._insist(window, 60, self._copied)
        text = self._copied()
        self._insist(window, -60, lambda: not display.shown(window))
        return text

    def _insist(self, window: int, across: int, ask: Callable[[], object]) -> None:
        """Click a button of a message until that has shown: a window is seen a little before it has its size and hears.

        ``across`` counts from the window's left edge, or from its right one where it is negative.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            left, top, wide, high = self.bench.display.area(window)
            if not wide:  # it went while we looked
                if ask():
                    return
                continue
            self._point(left + across + (wide if across < 0 else 0), top + high - 30)
            again = time.monotonic() + HEARS
            while time.monotonic() < again:
                if ask():
                    return
                time.sleep(0.02)
        raise AssertionError("the message does not hear the mouse")

    def _copied(self) -> str:
        self.clipboard.update()  # hear that another program has put something there
        with suppress(tkinter.TclError):
            return str(self.clipboard.clipboard_get(type="UTF8_STRING"))
        return ""

    def _ended(self, button: str) -> list[int]:
        """The exit statuses of the clicks on a button so far, from the program's own log."""
        log = self.bench.home / "click.log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
        return [int(line.split()[-2]) for line in lines if f" {button} libreoffice " in line]

    def _toolbar(self) -> dict[str, tuple[int, int]]:
        """The middle of every button of the toolbar, once the window has its size and all of them are in it."""
        if self.bench.frame.ContainerWindow.getPosSize().Width != WINDOW[0]:
            return {}
        places = self.bench.places()
        found = {item.label: places.get(item.label, (0, 0, 0, 0)) for item in ITEMS}
        if not all(wide and high for _, _, wide, high in found.values()):
            return {}
        return {label: (x + wide // 2, y + high // 2) for label, (x, y, wide, high) in found.items()}


@contextmanager
def seated(folder: Path, home: Path, now: str) -> Iterator[User]:
    """A user before a visible office with a register open and the resident helper at work, as after an installation."""
    opener = home / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(OPENER.format(log=home / "opened"), encoding="utf-8")
    opener.chmod(0o755)
    path = f"{opener.parent}{os.pathsep}{os.environ['PATH']}"
    settings = {"TOWERDESK_NOW": now, "TOWERDESK_STAYS": "0", "PATH": path}
    with bench(folder, home / "office", **settings) as opened, _helper(opened, settings):
        clipboard = tkinter.Tk(screenName=opened.display.name)
        clipboard.withdraw()
        try:
            yield User(opened, home / "opened", clipboard)
        finally:
            clipboard.destroy()


@contextmanager
def _helper(desk: Bench, settings: dict[str, str]) -> Iterator[None]:
    env = {**desk.display.env, **settings, "TOWERDESK_HOME": str(desk.home)}
    running = subprocess.Popen([sys.executable, "-X", "utf8", "-m", "addin", "agent"], env=env)
    try:
        until((desk.home / "agent.json").is_file, "the helper is there")
        yield
    finally:
        running.terminate()
        running.wait(PATIENCE)
