"""One warm LibreOffice with a profile of its own: started when needed, gone without a trace when closed."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import pdf_keeper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.pdf_limits import Limits

#: Seconds that an office asked to end is given.
_GRACE = 10
#: Starts in a row that may fail.
_STARTS = 2
_numbers = iter(range(1, sys.maxsize))
#: Which Python knows the office's bridge, by office: found out at the first start.
_pythons: dict[Path, str] = {}


class Unprintable(Exception):
    """The office refuses this file."""


class Died(Exception):
    """The office ended, or did not start."""


class Slow(Exception):
    """The office took longer than it may; it was ended."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"超过{seconds:.0f}秒")
        self.seconds = seconds


class NoBridge(Exception):
    """No Python on this machine knows the office's bridge."""


class Office:
    """LibreOffice kept running. One thread prints; any thread may close it, which is for good.

    Args:
        program: the office.
        limits: how long a start may take, and after how many files the office is started afresh.
    """

    def __init__(self, program: Path, limits: Limits) -> None:
        self._program, self._limits = _proper(program), limits
        self._keeper: subprocess.Popen[str] | None = None
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._home, self._pipe = Path(), ""
        self._printed = self._failed = 0
        self._closed = False

    def printed(self, source: Path | bytes, seconds: float, count: int = 1) -> bytes:
        """A Word file as PDF.

        Args:
            source: the file, or its content.
            seconds: how long the office may take.
            count: how many documents it holds.

        Raises:
            Unprintable: the office refuses the file.
            Died: it ended, was closed or cannot be started; printing again starts it anew unless it was closed.
            Slow: it took too long.
            NoBridge: it cannot be spoken to on this machine.
        """
        if self._printed and self._printed + count > self._limits.recycle_documents:
            self._end()
        self.open()
        self._printed += count
        given, target = self._home / "in.docx", self._home / "out.pdf"
        try:
            if isinstance(source, bytes):
                given.write_bytes(source)
                source = given
            answer = self._asked({"source": str(source.resolve()), "target": str(target)}, seconds)
            if "done" not in answer:
                if answer["failed"] == "file":
                    raise Unprintable(answer["why"])
                raise Died(answer["why"])
            data = target.read_bytes()
            target.unlink()
        except (OSError, Died, Slow) as error:
            self._end()
            raise Died("LibreOffice意外退出") if isinstance(error, OSError) else error from None
        if not data.startswith(b"%PDF-"):
            raise Unprintable("没有产生文件")
        return data

    def open(self) -> None:
        """Start the office unless it runs; after two starts that failed it is left alone.

        Raises:
            Died: it was closed or cannot be started.
            NoBridge: it cannot be spoken to on this machine.
        """
        if self._keeper is not None:
            return
        if self._closed or self._failed == _STARTS:
            raise Died("LibreOffice未能启动")
        self._failed += 1
        self._start()
        self._failed = 0

    def close(self) -> None:
        """End the office for good."""
        self._closed = True
        self._end()

    def _start(self) -> None:
        """Start the keeper under the first Python that knows the bridge, and wait until its office answers."""
        for python in _candidates(self._program):
            self._pipe = f"towerdeskpdf{os.getpid()}n{next(_numbers)}"
            self._home = Path(tempfile.mkdtemp(prefix=f"{self._pipe}-"))
            self._answers = queue.SimpleQueue()
            command = [python, pdf_keeper.__file__, str(self._program), str(self._home), self._pipe]
            try:
                self._keeper = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                    encoding="utf-8", env=environment(), start_new_session=sys.platform != "win32",
                )
            except OSError:
                self._home.rmdir()
                continue
            if self._closed:  # meanwhile, from another thread
                self._end()
                raise Died("已停止")
            threading.Thread(target=_read, args=(self._keeper, self._answers), daemon=True).start()
            try:
                answer = self._next(self._limits.start_seconds)
            except (Died, Slow) as error:
                self._end()
                if isinstance(error, Slow) or python in _pythons.values():
                    raise Died("LibreOffice未能启动") from None
                continue  # a bridge made for another Python can end the process
            if answer.get("ready"):
                _pythons[self._program] = python
                self._printed = 0
                return
            self._end()
            if answer.get("failed") != "bridge":
                raise Died(answer.get("why", ""))
        raise NoBridge

    def _asked(self, order: dict[str, str], seconds: float) -> dict[str, Any]:
        keeper = self._keeper
        if keeper is None or keeper.stdin is None:
            raise Died("已停止")
        keeper.stdin.write(json.dumps(order) + "\n")
        keeper.stdin.flush()
        return self._next(seconds)

    def _next(self, seconds: float) -> dict[str, Any]:
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise Slow(seconds) from None
        if answer is None:
            raise Died("LibreOffice意外退出")
        return answer

    def _end(self) -> None:
        """End keeper and office with all they left behind."""
        keeper, self._keeper = self._keeper, None
        self._printed = 0
        if keeper is None:
            return
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(keeper.pid)], capture_output=True, check=False)
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(keeper.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            keeper.wait(_GRACE)
        with contextlib.suppress(OSError, ValueError):
            assert keeper.stdin is not None
            keeper.stdin.close()
        pdf_keeper.sweep(self._home, self._pipe)
        if self._home.exists():  # a process just ended was still writing
            time.sleep(0.1)
            pdf_keeper.sweep(self._home, self._pipe)


def _read(keeper: subprocess.Popen[str], answers: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    """Hand on what the keeper says, and its end."""
    assert keeper.stdout is not None
    with keeper.stdout, contextlib.suppress(ValueError, OSError):
        for line in keeper.stdout:
            if line.startswith("{"):
                answers.put(json.loads(line))
    answers.put(None)


def _proper(program: Path) -> Path:
    """On Linux the program itself in the place of the script that starts it: one process to end."""
    proper = program.resolve().parent / "soffice.bin"
    return proper if sys.platform == "linux" and proper.is_file() else program


def _candidates(program: Path) -> Iterator[str]:
    """The Pythons that may know the bridge: the one that did, the office's own, the system's, ours."""
    if program in _pythons:
        yield _pythons[program]
        return
    folders = (program.parent, program.parent.parent / "Resources")
    own = [folder / name for folder in folders for name in ("python.exe", "python")]
    system = Path("/usr/bin/python3")
    yield from (str(path) for path in (*own, system) if path.is_file())
    yield sys.executable


def environment() -> dict[str, str]:
    """Where fonts are found by name: stand-ins for the Chinese fonts of Word that this machine lacks."""
    stand_ins = Path(__file__).parent / "fonts.conf"
    fonts = {"FONTCONFIG_FILE": str(stand_ins)} if stand_ins.is_file() and sys.platform == "linux" else {}
    return {**os.environ, **fonts}
