"""A visible LibreOffice with our extension on a screen of the tests' own, watched through UNO, pressed by mouse and keys."""

from __future__ import annotations

import builtins
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from addin.build.oxt import made
from addin.libreoffice import engine
from addin.libreoffice.engine.process import UNATTENDED, write_registry
from tests.office.again import note_gone
from tests.office.display import Display, started, until

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
PATIENCE = 60.0
#: Wide enough for every button of the toolbar.
SIZE = "3400x1000"
#: com.sun.star.accessibility.AccessibleRole: PANEL, ROOT_PANE, STATUS_BAR, TOOL_BAR.
BARS = (40, 49, 57, 63)


@dataclass
class Bench:
    """A running office with a register open; ``home`` is the program's per-user folder."""

    display: Display
    app: Any
    home: Path
    folder: Path

    @property
    def frame(self) -> Any:
        """The window in front."""
        return self.app.api.getCurrentFrame()

    def press(self, label: str) -> None:
        """Click a toolbar button of the window in front by the mouse."""
        window = self.display.await_window(self.frame.Title)
        self.display.xdotool("windowraise", window)
        found = until(lambda: self.place(label), f"toolbar button {label}")
        assert found
        x, y, wide, high = found
        self.display.click(x + wide // 2, y + high // 2)

    def place(self, label: str) -> tuple[int, int, int, int] | None:
        """Where a toolbar button is on the screen: left, top, width, height."""
        return self.places().get(label)

    def places(self) -> dict[str, tuple[int, int, int, int]]:
        """Where every toolbar button is, by its label."""
        # The office does not count the menu bar, which the desktop draws.
        left, top, _, high = self.display.area(self.display.window(self.frame.Title))
        top += high - self.frame.ContainerWindow.getPosSize().Height
        here = self.frame.ContainerWindow.AccessibleContext.getLocationOnScreen()
        left, top = left - here.X, top - here.Y
        found = {}
        for item in _walk(self.frame.ContainerWindow.AccessibleContext, 12):
            if item.AccessibleName and item.AccessibleRole not in BARS:
                at, size = item.getLocationOnScreen(), item.getSize()
                found[str(item.AccessibleName)] = (left + at.X, top + at.Y, size.Width, size.Height)
        return found

    def dispatch(self, button: str) -> bool:
        """Do what a menu entry does: send the button's URL to the window; False when it is grey."""
        url = engine.load_uno().createUnoStruct("com.sun.star.util.URL")
        url.Complete = f"vnd.towerdesk:{button}"
        found = self.frame.queryDispatch(url, "_self", 0)
        assert found is not None, button
        if not self.enabled(button):
            return False
        found.dispatch(url, ())
        return True

    def enabled(self, button: str) -> bool:
        """Whether the office shows a button as one that can be pressed, as it tells who shows it."""
        return told(self.frame, button)

    def select(self, workbook: str, sheet: str, row: int, column: int = 1) -> None:
        """Bring a register workbook to the front and select a cell's row there."""
        path = str(self.folder / workbook)
        book = next((one for one in self.app.books if one.fullname == path), None) or self.app.books.open(path)
        book.activate()
        book.sheets[sheet].activate()
        book.sheets[sheet].range((row, column)).select()


@contextmanager
def bench(folder: Path, home: Path, *, python: str = sys.executable, **settings: str) -> Iterator[Bench]:
    """Start a visible office with the extension and the demand register open.

    Args:
        folder: the register.
        home: an empty folder for profile and the program's own files.
        python: the interpreter that the installer would have written down.
        settings: further variables of the office's environment, and so of the clicks'.
    """
    if not shutil.which("soffice"):
        pytest.fail("LibreOffice is missing") if os.environ.get("CI") == "true" else pytest.skip("LibreOffice is missing")
    own = home / "own"
    own.mkdir(parents=True)
    (own / "launch.txt").write_bytes(f"{python}\r\n".encode("utf-16"))
    profile = _profile(home)
    with started(SIZE) as display, (home / "office.log").open("wb") as log:
        pipe = f"bench{os.getpid()}"
        env = {**display.env, "SAL_USE_VCLPLUGIN": "gtk3", "TOWERDESK_HOME": str(own), **settings}
        office = subprocess.Popen(
            [
                "soffice", "--norestore", "--nologo", "--nofirststartwizard", f"-env:UserInstallation={profile.as_uri()}",
                f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext", "--calc", str(folder / "需求台账.xlsx"),
            ],
            env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
        try:
            app = until(lambda: _attached(pipe), "the office answers", PATIENCE)
            until(lambda: len(app.books), "the register is open", PATIENCE)
            yield Bench(display, app, own, folder)
        finally:
            if office.poll() is not None:
                note_gone(log.name)
            with suppress(ProcessLookupError):
                os.killpg(office.pid, 9)
            office.wait()


def _profile(home: Path) -> Path:
    """A fresh profile with the extension in it; LibreOffice registers nothing for root alone, so not as root."""
    base = home / "office"
    profile = base / "profile"
    profile.mkdir(parents=True)
    write_registry(profile, UNATTENDED)
    extension = base / "TowerDesk.oxt"
    extension.write_bytes(made())
    words = ["unopkg", "add", "-f", "-s", f"-env:UserInstallation={profile.as_uri()}", str(extension)]
    if IS_ROOT:
        for path in [base, *base.rglob("*")]:
            os.chown(path, 65534, 65534)
        for above in [home, *home.parents]:
            with suppress(OSError):
                above.chmod(above.stat().st_mode | 0o011)
        words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", f"HOME={base}", *words]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert not done.returncode, done.stderr
    return profile


def _attached(pipe: str) -> Any:
    try:
        return engine.attach(pipe)
    except Exception:  # not there yet
        time.sleep(0.2)
        return None


def _walk(item: Any, deep: int) -> Iterator[Any]:
    """An accessible thing and what stands in its bars: looking into the sheet's cells would take for ever."""
    yield item
    if deep and item.AccessibleRole in BARS:
        for number in range(item.AccessibleChildCount):
            try:
                child = item.getAccessibleChild(number)
                below = child.AccessibleContext if child is not None else None
            except Exception:  # it went while we looked; and no exception of the office may leave this generator
                return
            if below is not None:
                yield from _walk(below, deep - 1)


def told(frame: Any, button: str) -> bool:
    """The state that a window's dispatcher tells a control that shows a button."""
    uno, plain = engine.load_uno(), builtins.__import__
    sys.path.append(str(Path(uno.__file__).parent))
    # UNO's own import makes com.sun.star a package; the engine keeps it out of the program.
    builtins.__import__ = uno._uno_import
    try:
        import unohelper
        from com.sun.star.frame import XStatusListener
    finally:
        builtins.__import__ = plain
        sys.path.pop()

    class Control(unohelper.Base, XStatusListener):  # type: ignore[misc]
        """Notes the state it is told."""

        state: Any = None

        def statusChanged(self, event: Any) -> None:  # noqa: N802
            """As the office calls it."""
            self.state = event.IsEnabled

        def disposing(self, event: Any) -> None:
            """Nothing is held."""

    url = engine.load_uno().createUnoStruct("com.sun.star.util.URL")
    url.Complete = f"vnd.towerdesk:{button}"
    found, control = frame.queryDispatch(url, "_self", 0), Control()
    found.addStatusListener(control, url)
    until(lambda: control.state is not None, f"state of {button}")
    found.removeStatusListener(control, url)
    return bool(control.state)
