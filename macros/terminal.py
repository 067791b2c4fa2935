"""The progress line of a terminal, Ctrl-C that ends work between two items, and an end from outside in good order."""

from __future__ import annotations

import shutil
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from macros.progress import counting, reporting
from macros.widths import signs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from macros.progress import Pace

#: What a system sends a program to end it, or a terminal that closes.
_ENDS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
_STOPPING = "正在取消：做完手上这一项就停；再按一次 Ctrl-C 立即停止"


class _Line:
    """One line that is written over and over, on a terminal only; listens to progress."""

    def __init__(self, stream: TextIO | None) -> None:
        self.cancelled = False
        self._stream = stream
        self._shown = 0

    def __call__(self, pace: Pace) -> None:
        self.show(_STOPPING if self.cancelled else f"{pace.line()}  {pace.doing}")

    def show(self, words: str) -> None:
        """Put ``words`` in place of what the line shows; nothing clears it."""
        if self._stream is None or not self._stream.isatty():
            return
        words = _cut(words, shutil.get_terminal_size().columns - 1)
        self._stream.write(f"\r{' ' * self._shown}\r{words}")
        self._stream.flush()
        self._shown = signs(words)


def _cut(words: str, columns: int) -> str:
    """As much of the words as the columns hold: a line that wraps could not be written over."""
    while signs(words) > columns > 0:
        words = words[:-1]
    return words


@contextmanager
def shown() -> Iterator[None]:
    """Within this block the terminal shows progress, and the first Ctrl-C ends the work between two items.

    What is done is kept then. Work that is not counted, a second Ctrl-C, and being told to end by the system, end at
    once with KeyboardInterrupt: files being written go with it.
    """
    line = _Line(sys.stderr)

    def interrupted(number: int, frame: FrameType | None) -> None:
        if number != signal.SIGINT or line.cancelled or not counting():
            signal.default_int_handler(signal.SIGINT, frame)
        line.cancelled = True
        line.show(_STOPPING)

    # Only the main thread hears signals, and one that is ignored, as in the background, stays ignored.
    usual = {signal.SIGINT: signal.default_int_handler} | dict.fromkeys(_ENDS, signal.SIG_DFL)
    main = threading.current_thread() is threading.main_thread()
    heard = {number: handler for number, handler in usual.items() if main and signal.getsignal(number) is handler}
    for number in heard:
        signal.signal(number, interrupted)
    try:
        with reporting(line):
            yield
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
        line.show("")
