"""One worker process as the helper sees it, and the job it is given."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from addin.agent.processes import spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Seconds an idle worker has to end by itself before it is killed.
_GRACE = 2.0


@dataclass(slots=True, eq=False)
class Job:
    """An order on its way: settled with a ``result``, or with the code of what went wrong.

    ``detail`` is the name of an exception's type or an exit status, never a message. Times are monotonic seconds.
    """

    order: dict[str, Any]
    begun: float = field(default_factory=time.monotonic)
    ended: float = 0.0
    result: Any = None
    fault: str = ""
    detail: str = ""
    retried: bool = False
    settled: threading.Event = field(default_factory=threading.Event)

    @property
    def name(self) -> str:
        """The id of the button."""
        return str(self.order.get("id", ""))

    @property
    def seconds(self) -> float:
        """How long it has been going on, or went on."""
        return (self.ended or time.monotonic()) - self.begun


class Worker:
    """A started process. ``heard`` gets each line it says, ``gone`` is called once when it has ended."""

    def __init__(
        self, words: Sequence[str], stamp: str, heard: Callable[[Worker, dict[str, Any]], None],
        gone: Callable[[Worker], None],
    ) -> None:
        """Start the process.

        Raises:
            OSError: it cannot be started.
        """
        self.stamp, self.born = stamp, time.monotonic()
        self.ready = self.taken = self.dismissed = False
        self.job: Job | None = None
        self._heard, self._gone = heard, gone
        self._writing = threading.Lock()
        self.process = spawn(words)
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self.born

    def tell(self, order: dict[str, Any]) -> None:
        """Write one line to it; when it is not there any more, ``gone`` says so."""
        assert self.process.stdin is not None
        with self._writing, suppress(OSError, ValueError):
            self.process.stdin.write(json.dumps(order).encode("ascii") + b"\n")
            self.process.stdin.flush()

    def dismiss(self) -> None:
        """End it; only for one without an order."""
        self.dismissed = True
        with suppress(OSError):
            self.process.terminate()
        try:
            self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once."""
        with suppress(OSError):
            self.process.kill()
        self.process.wait()

    def _listen(self) -> None:
        assert self.process.stdout is not None and self.process.stdin is not None
        for line in self.process.stdout:
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if isinstance(told, dict):
                self._heard(self, told)
        self.process.wait()
        self.process.stdout.close()
        with suppress(OSError):
            self.process.stdin.close()
        self._gone(self)
