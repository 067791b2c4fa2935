"""A screen of the tests' own: an X server without a monitor, the mouse and keys of xdotool, and pictures of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from tests.office.again import note_gone

Found = TypeVar("Found")
NEEDED = ("Xvfb", "setpriv", "xdotool", "xwininfo", "import")
#: Seconds within which a window must have shown what is waited for.
PATIENCE = 60.0
#: Seconds a window may need to take the keys.
TAKES = 4.0
#: Pixels; smaller nameless windows are no menus.
LEAST_MENU = 20


@dataclass(frozen=True)
class Display:
    """A running X server; ``name`` is its DISPLAY."""

    name: str

    @property
    def env(self) -> dict[str, str]:
        """This process's environment with the programs' windows on this screen."""
        return {**os.environ, "DISPLAY": self.name, "LC_ALL": "C.UTF-8"}

    def xdotool(self, *words: object) -> str:
        """Run one xdotool command; what it printed, empty when it found nothing."""
        done = subprocess.run(
            ["xdotool", *map(str, words)], env=self.env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        return done.stdout.strip()

    def window(self, title: str) -> int:
        """The X id of the visible window of that title; 0 when there is none (yet)."""
        # xdotool does not find Chinese titles.
        for line in self._xwininfo("-root", "-tree"):
            found = re.match(r'\s*(0x[0-9a-f]+) "(.*?)": ', line)
            if found and found[2] == title and self.shown(int(found[1], 16)):
                return int(found[1], 16)
        return 0

    def shown(self, window: int) -> bool:
        """Whether a window is there to be seen."""
        return any("IsViewable" in told for told in self._xwininfo("-id", hex(window)))

    def popup(self) -> int:
        """The X id of a menu that is open; 0 when there is none. Menus are windows without a name of their own."""
        for line in self._xwininfo("-root", "-children"):
            found = re.match(r'\s*(0x[0-9a-f]+) "LibreOffice.*?"soffice".*?  (\d+)x(\d+)\+', line)
            if found and min(int(found[2]), int(found[3])) > LEAST_MENU and self.shown(int(found[1], 16)):
                return int(found[1], 16)
        return 0

    def await_focus(self, window: int) -> None:
        """Wait until a window that takes the keys by itself has done so."""
        end = time.monotonic() + TAKES
        while time.monotonic() < end and self.xdotool("getwindowfocus") != str(window):
            time.sleep(0.02)
        self.focus(window)

    def focus(self, window: int) -> None:
        """Let a window hear the keys, as a window manager does with one that comes up."""
        until(lambda: self.xdotool("windowfocus", window, "getwindowfocus") == str(window), f"window {window} hears keys")

    def _xwininfo(self, *words: str) -> list[str]:
        done = subprocess.run(["xwininfo", *words], env=self.env, capture_output=True, timeout=PATIENCE, check=False)
        return done.stdout.decode(errors="replace").splitlines()

    def await_window(self, title: str) -> int:
        """The window of that title, once it shows."""
        return until(lambda: self.window(title), f"window {title}")

    def area(self, window: int) -> tuple[int, int, int, int]:
        """Left, top, width and height of a window in pixels; nothing of one that has gone."""
        told = dict(
            line.split("=") for line in self.xdotool("getwindowgeometry", "--shell", window).splitlines() if "=" in line
        )
        left, top, wide, high = (int(told.get(name, 0)) for name in ("X", "Y", "WIDTH", "HEIGHT"))
        return left, top, wide, high

    def click(self, x: int, y: int) -> None:
        """Press and release the left button at a point of the screen."""
        self.xdotool("mousemove", x, y, "click", 1)

    def keys(self, *names: str) -> None:
        """Press keys one after another in the focused window, by their X names."""
        self.xdotool("key", "--delay", 30, *names)

    def type(self, text: str, delay: int = 30) -> None:
        """Type ASCII text into the focused window, with so many milliseconds between two letters."""
        self.xdotool("type", "--delay", delay, text)

    def picture(self, path: Path, *options: str) -> Path:
        """The whole screen as a PNG file; ``options`` are ImageMagick's, as ``-crop 400x200+0+0``."""
        subprocess.run(
            ["import", "-window", "root", *options, str(path)], env=self.env, timeout=PATIENCE, check=True
        )
        return path


def until(ask: Callable[[], Found], what: str, patience: float = PATIENCE) -> Found:
    """Ask again and again until the answer is true; fails naming ``what`` when patience ends."""
    end = time.monotonic() + patience
    while not (answer := ask()):
        if time.monotonic() > end:
            note_gone("")
            pytest.fail(f"did not happen within {patience:.0f} s: {what}")
        time.sleep(0.05)
    return answer


@contextmanager
def started(size: str = "1280x800") -> Iterator[Display]:
    """Start an X server on a free number; it ends with this process.

    Not before: Tk keeps its connection to every screen it has seen, and takes the whole process with it when one of them goes.
    A missing program fails in continuous integration and skips elsewhere.
    """
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        words = f"not installed: {', '.join(missing)}"
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
    read, write = os.pipe()
    server = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", "Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    server.returncode = 0  # nobody waits for it
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()  # written once the server takes connections
    assert number, "Xvfb did not start"
    yield Display(f":{number}")


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    """A screen for the tests of one module."""
    with started() as screen:
        yield screen
