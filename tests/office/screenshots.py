"""Pictures of the screen for `tests.office.pictures`: the buttons over a register, what one of them tells, a long order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from addin.ribbon import tab
from addin.window import Window, job_window
from macros.commands import command
from macros.progress import Pace, reporting
from tests.city import NOWS, copied
from tests.office.display import until
from tests.office.pressing import LABELS, WINDOW, User, seated

#: Heights of the pictures of the office's window, with a menu and with what a button tells; below is nothing but cells.
HIGH, TOLD = 480, 600
#: The groups of buttons that begin a new line where the toolbar is shown whole: it is too wide to be read in one.
FOLDS = ("billing_group", "tools_group")
#: Pixels around a button, and between two lines of the toolbar.
EDGE, APART = 4, 10
#: Seconds a window may take to have drawn itself.
DRAWN = 1.5
#: The part of a long order that is done in its picture.
HALF = 0.5
#: The row the toolbar's menu is shown for, and the deadline that is explained: sheet and what stands in the row.
ROW, LATE = ("需求", "XQ-YD-0017"), ("待办", "XQ-YD-0022")


def taken(register: Path, home: Path, now: str, names: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Each picture as it is taken: its name and a PNG file in ``home``."""
    with seated(register, home, now) as user:
        for name in names:
            shot = home / f"{name}.png"
            SHOWN[name](user, shot)
            yield name, shot


def ribbon(user: User, shot: Path) -> None:
    """The buttons over a register, one of their menus open: papers that the row is not ready for are grey."""
    user.go(*ROW)
    point(user, "需求单据")
    until(user.bench.display.popup, "the menu is open")
    window_shown(user, shot, WINDOW[0], HIGH)
    user.bench.display.keys("Escape")
    folded(shot, user.bench.places())


def folded(shot: Path, places: dict[str, tuple[int, int, int, int]]) -> None:
    """Put what lies right of the window's part that is shown below it, in a line of the toolbar for each fold."""
    with Image.open(shot) as taken:
        whole = taken.convert("RGB")
    _, top, _, high = places[LABELS["board"]]
    end = max(x + wide for x, _, wide, _ in places.values()) + EDGE
    cuts = [*folds(places), end]
    lines = [whole.crop((left, top - EDGE, right, top + high + EDGE)) for left, right in pairwise(cuts)]
    tall = HIGH + sum(line.height + APART for line in lines)
    picture, at = Image.new("RGB", (cuts[0], tall), "white"), HIGH
    picture.paste(whole.crop((0, 0, cuts[0], HIGH)), (0, 0))
    for line in lines:
        picture.paste(line, (0, at + APART))
        at += line.height + APART
    picture.save(shot)


def folds(places: dict[str, tuple[int, int, int, int]]) -> list[int]:
    """Where the groups that begin a new line stand."""
    first = {group.id: group.items[0].label for group in tab().groups}
    return [places[first[name]][0] - EDGE for name in FOLDS]


def click(user: User, shot: Path) -> None:
    """How a deadline was worked out, told over the board."""
    user.go(*LATE)
    point(user, LABELS["explain"])
    window = user.bench.display.await_window(LABELS["explain"])
    window_shown(user, shot, folds(user.bench.places())[0], TOLD)
    user.bench.display.focus(window)
    user.bench.display.keys("Escape")


def job(user: User, shot: Path) -> None:
    """A long order on its way in its own window: the papers that the board calls for; it is stopped then."""
    register = copied(user.folder, shot.parent / "副本")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", user.bench.display.name)
        with job_window(LABELS["due_forms"], register) as window, reporting(Photographer(window, user, shot)):
            command("form")("", [], register, due=True, out=shot.parent / "单据", now=NOWS[0])


class Photographer:
    """Hears how far an order is, lets its window show it, takes the picture when half is done, and has had enough."""

    def __init__(self, window: Window, user: User, shot: Path) -> None:
        self.window, self.display, self.shot, self.cancelled = window, user.bench.display, shot, False

    def __call__(self, pace: Pace) -> None:
        """Pass it on to the window."""
        self.window(pace)
        if pace.fraction < HALF or self.cancelled:
            return
        time.sleep(DRAWN)
        left, top, wide, high = self.display.area(self.display.await_window(LABELS["due_forms"]))
        self.display.picture(self.shot, "-crop", f"{wide}x{high}+{left}+{top}", "+repage")
        self.cancelled = True


def point(user: User, label: str) -> None:
    """Press a button of the toolbar of the window in front, which gets its size first."""
    bench = user.bench
    window = bench.display.await_window(bench.frame.Title)
    bench.display.xdotool("windowmove", window, 0, 0, "windowsize", "--sync", window, *WINDOW, "windowraise", window)
    until(lambda: bench.frame.ContainerWindow.getPosSize().Width == WINDOW[0], "the window has its size")
    x, y, wide, high = bench.places()[until(lambda: label if bench.place(label) else "", f"button {label}")]
    bench.display.xdotool("mousemove", x + wide // 2, y + high // 2, "click", 1, "mousemove", 1, WINDOW[1])


def window_shown(user: User, shot: Path, wide: int, high: int) -> None:
    """Take the upper left part of the office's window, once it has drawn itself."""
    time.sleep(DRAWN)
    user.bench.display.picture(shot, "-crop", f"{wide}x{high}+0+0", "+repage")


SHOWN: dict[str, Callable[[User, Path], None]] = {"ribbon": ribbon, "click": click, "job": job}
