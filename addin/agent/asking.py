"""Asks the menus' process, and lets every paper pass when it does not answer in time."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from addin.agent.workers import Worker
from addin.ribbon import tab

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Seconds a menu waits; a register that takes longer to read is known at the next opening.
PATIENCE = 0.06
#: Seconds after the last question until the register is let go.
_IDLE = 1800.0


def every(sheet: str) -> list[dict[str, Any]]:
    """Every paper button of a sheet, allowed."""
    return [
        {"id": button.id, "enabled": True, "why": []}
        for button in tab().buttons() if button.id.startswith("form_") and sheet in button.sheets
    ]


class Menus:
    """The process that holds the register; started at the first question and ended when none came for long."""

    def __init__(
        self, words: Sequence[str], stamp: Callable[[], str], patience: float = PATIENCE, idle: float = _IDLE,
    ) -> None:
        self._words, self._stamp, self._patience, self._idle = words, stamp, patience, idle
        self._changed = threading.Condition()
        self._worker: Worker | None = None
        self._number = 0
        #: number of the question being answered, 0 when none is
        self._open = 0
        self._found: dict[int, Any] = {}
        self._asked = 0.0
        self._closed = False

    def buttons(self, path: str, sheet: str, rows: list[int]) -> tuple[bool, list[dict[str, Any]]]:
        """The paper buttons for selected rows, and whether the register was asked.

        While it is being read, every paper of the sheet is allowed.
        """
        possible = every(sheet)
        if not possible:
            return True, []
        found = self._ask({"path": path, "sheet": sheet, "rows": rows})
        return (True, found) if isinstance(found, list) else (False, possible)

    def tick(self) -> None:
        """End the process when it is of an older program, or nobody has asked for long."""
        stamp = self._stamp()
        with self._changed:
            worker = self._worker
            if worker is None or self._open:
                return
            if worker.stamp == stamp and time.monotonic() - self._asked < self._idle:
                return
            self._worker = None
        worker.dismiss()

    def close(self) -> None:
        """End the process."""
        with self._changed:
            self._closed, worker, self._worker = True, self._worker, None
            self._changed.notify_all()
        if worker:
            worker.dismiss()

    def _ask(self, question: dict[str, Any]) -> Any:
        until = time.monotonic() + self._patience
        with self._changed:
            # One question at a time: those asked while a register is being read would only pile up.
            if self._closed or not self._changed.wait_for(lambda: not self._open, self._patience):
                return None
            self._number = number = self._number + 1
            if self._worker is None:
                try:
                    self._worker = Worker(self._words, self._stamp(), self._heard, self._gone)
                except OSError:
                    return None
            self._open, self._asked = number, time.monotonic()
            worker = self._worker
        worker.tell(question | {"n": number})
        with self._changed:
            self._changed.wait_for(lambda: self._open != number, max(0.0, until - time.monotonic()))
            found, self._found = self._found.get(number), {}
            return found

    def _heard(self, worker: Worker, told: dict[str, Any]) -> None:
        with self._changed, suppress(KeyError):
            if told["n"] == self._open:
                self._found, self._open = {self._open: told["buttons"]}, 0
                self._changed.notify_all()

    def _gone(self, worker: Worker) -> None:
        with self._changed:
            if self._worker is worker:
                self._worker, self._open = None, 0
                self._changed.notify_all()
