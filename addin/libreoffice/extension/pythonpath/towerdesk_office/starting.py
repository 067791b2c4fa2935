"""Starts the process of one click: through the resident helper when it answers, else directly."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import words

#: Seconds the helper on this machine may take to connect and answer before the click starts without it.
HELPER_PATIENCE = 2.0
#: The office's own Python and libraries must not reach the program's Python.
FOREIGN = (
    "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "PYTHONPLATLIBDIR", "PYTHONNOUSERSITE",
    "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "URE_BOOTSTRAP", "UNO_PATH", "UNO_TYPES", "UNO_SERVICES",
)


class CannotStart(Exception):
    """A click could not be started; its text is the message to the user."""


def home() -> Path:
    """The per-user folder of the program, the same one as ``addin.places.home``, but never made here."""
    named = os.environ.get("TOWERDESK_HOME")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "TowerDesk"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "TowerDesk"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "towerdesk"


def environment() -> dict[str, str]:
    """This process's environment without what belongs to the office's own Python."""
    kept = {name: value for name, value in os.environ.items() if name.upper() not in FOREIGN}
    kept["TOWERDESK_HOME"] = str(home())
    return kept


def interpreter() -> str:
    """The Python that runs the program: the first line the installer wrote into launch.txt.

    Raises:
        CannotStart: there is no such file, it is unreadable, or the program it names is gone.
    """
    source = home() / "launch.txt"
    try:
        lines = source.read_bytes().decode("utf-16").splitlines()
    except (OSError, UnicodeError):
        raise CannotStart(words.message("ADD620", path=str(source))) from None
    found = lines[0].strip() if lines else ""
    if not found or not Path(found).is_file():
        raise CannotStart(words.message("ADD621", path=found or str(source)))
    return found


def ask_helper(path: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """POST to the resident helper; its answer, or None when there is no helper that takes the order."""
    try:
        told = json.loads((home() / "agent.json").read_text(encoding="utf-8"))
        link = http.client.HTTPConnection("127.0.0.1", int(told["port"]), timeout=HELPER_PATIENCE)
        try:
            headers = {"X-TowerDesk-Token": str(told["token"]), "Content-Type": "application/json"}
            link.request("POST", path, json.dumps(body).encode("utf-8"), headers)
            answer = link.getresponse()
            text = answer.read()
        finally:
            link.close()
        found = json.loads(text) if answer.status in (200, 202) else None
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return None  # a dead or foreign helper is no reason to fail a click
    return found if isinstance(found, dict) else None


def start(button: str, book: str, pipe: str) -> bool:
    """Start a click and return once it is sure to run; waits for a process of our own for as long as it runs.

    Returns:
        Whether the click is over; one that the helper took goes on.

    Raises:
        CannotStart: with the message to show.
    """
    order = {"id": button, "host": "libreoffice", "book": book, "hwnd": 0, "pipe": pipe}
    if ask_helper("/click", order):
        return False
    program = interpreter()
    # -P: a folder of ours beside the document must not stand in for the program
    line = [
        program, "-P", "-X", "utf8", "-m", "addin", "click", button, "--host", "libreoffice", f"--book={book}",
        "--pipe", pipe,
    ]
    with tempfile.TemporaryFile() as said:
        try:
            child = subprocess.Popen(
                line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said,
                env=environment(), cwd=str(home()), **_detached(),
            )
        except (OSError, ValueError) as problem:
            raise CannotStart(words.message("ADD622", path=program, reason=str(problem))) from None
        if child.wait():
            said.seek(0)
            last = said.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            if last:
                raise CannotStart(words.message("ADD623", label=words.LABELS[button], reason=last[0]))
    return True


def _detached() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
