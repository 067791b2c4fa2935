"""A small window for long orders: how far, how fast, how long still, stop, open the folder.

The window is a process of its own, fed through its standard input: it answers at once however busy the work is, and
neither Tk nor the spreadsheet's bridge has to share a thread with the other.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from tkinter import ttk

    from macros.progress import Pace

_STOP = "stop"
_WIDTH, _LETTERS, _STEPS = 380, 46, 1000
#: Milliseconds between two looks at what the work sends.
_EVERY = 60
#: Seconds the window may take to go.
_PATIENCE = 2.0


class Window:
    """The work's end of the window: a listener of `macros.progress`. Without a screen it is silent.

    The window comes up ``after`` so many seconds: for work that is done by then none is shown.
    """

    def __init__(self, title: str, folder: Path, after: float = 0.0) -> None:
        self.cancelled = False
        self._words = [sys.executable, "-P", "-X", "utf8", "-m", "addin.window", title, str(folder)]
        self._told = ""
        self._closed = False
        self._changing = threading.Lock()
        self._shown: subprocess.Popen[str] | None = None
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._opener = threading.Timer(after, self._open)
        self._opener.daemon = True
        if after:
            self._opener.start()
        else:
            self._open()

    def __call__(self, pace: Pace) -> None:
        """Show how far the work is."""
        self._told = json.dumps({"part": pace.fraction, "line": pace.line(), "doing": pace.doing})
        with self._changing:
            self._send()

    def close(self) -> None:
        """Take the window away."""
        with self._changing:
            self._closed = True
        self._opener.cancel()
        if self._shown is None:
            return
        with contextlib.suppress(OSError):
            assert self._shown.stdin is not None
            self._shown.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._shown.wait(_PATIENCE)
        self._listener.join(_PATIENCE)

    def _open(self) -> None:
        hidden: Any = {"creationflags": 0x08000000} if sys.platform == "win32" else {}  # no console window
        with self._changing:
            if self._closed:
                return
            self._shown = subprocess.Popen(
                self._words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                encoding="utf-8", **hidden,
            )
            self._listener.start()
            if self._told:
                self._send()

    def _send(self) -> None:
        if self._shown is not None:
            with contextlib.suppress(OSError, ValueError):  # the window is gone; the work goes on
                print(self._told, file=self._shown.stdin, flush=True)

    def _listen(self) -> None:
        assert self._shown is not None and self._shown.stdout is not None
        with self._shown.stdout as said:
            for line in said:
                if line.strip() == _STOP:
                    self.cancelled = True


@contextlib.contextmanager
def job_window(title: str, folder: Path, after: float = 0.0) -> Iterator[Window]:
    """Show a window while the block works; stopping it ends the work between two items, with what is done kept."""
    window = Window(title, folder, after)
    try:
        yield window
    finally:
        window.close()


def show(title: str, folder: Path) -> None:
    """Be the window until standard input ends.

    Raises:
        Refused: there is no Tk (ADD405) or no screen (ADD406).
    """
    from tkinter import ttk

    from addin.dialogs.looks import px, root
    from addin.dialogs.looks import show as bring
    from addin.dialogs.looks import window as made

    base = root()

    def stop() -> None:
        button.state(["disabled"])
        line.configure(text="正在停止：做完手上这一份就停…")
        print(_STOP, flush=True)

    shown = made(title, stop)
    frame = ttk.Frame(shown, padding=px(shown, 18))
    frame.pack(fill="both", expand=True)
    doing = ttk.Label(frame, text="正在准备…", width=_LETTERS)
    doing.pack(anchor="w")
    bar = ttk.Progressbar(frame, length=px(shown, _WIDTH), maximum=_STEPS)
    bar.pack(fill="x", pady=px(shown, 8))
    line = ttk.Label(frame, style="Faint.TLabel")
    line.pack(anchor="w", pady=(0, px(shown, 12)))
    button = ttk.Button(frame, text="取消", command=stop)
    button.bind("<Return>", lambda event: stop())
    button.pack(side="right")
    ttk.Button(frame, text="打开文件夹", command=lambda: _open(folder)).pack(side="right", padx=px(shown, 8))
    shown.resizable(False, False)
    news: list[dict[str, Any]] = []
    ended = threading.Event()
    threading.Thread(target=_read, args=(news, ended), daemon=True).start()

    def look() -> None:
        if ended.is_set():
            base.destroy()
            return
        if news:
            _tell(news[-1], doing, bar, line, stopping="disabled" in button.state())
            news.clear()
        base.after(_EVERY, look)

    bring(shown, button)
    look()
    base.mainloop()


def _tell(
    told: dict[str, Any], doing: ttk.Label, bar: ttk.Progressbar, line: ttk.Label, *, stopping: bool,
) -> None:
    words = str(told["doing"])
    doing.configure(text=words if len(words) <= _LETTERS else words[: _LETTERS - 1] + "…")
    bar.configure(value=_STEPS * float(told["part"]))
    if not stopping:
        line.configure(text=told["line"])


def _read(news: list[dict[str, Any]], ended: threading.Event) -> None:
    for line in sys.stdin:
        with contextlib.suppress(ValueError):
            news.append(json.loads(line))
    ended.set()


def _open(folder: Path) -> None:
    """Open the folder, or the nearest above it that is there already."""
    from addin.showing import open_file

    open_file(next(path for path in (folder, *folder.parents) if path.is_dir()))


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    show(sys.argv[1], Path(sys.argv[2]))
