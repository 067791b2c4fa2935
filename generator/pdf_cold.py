"""LibreOffice called anew for every file: where no Python knows its bridge, so that it cannot be kept running."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from generator.pdf_keeper import PRINTED
from generator.pdf_office import Died, Slow, Unprintable, environment

if TYPE_CHECKING:
    from generator.pdf_limits import Limits


class ColdOffice:
    """Prints as `generator.pdf_office.Office` does, with one call and a start of some seconds each."""

    def __init__(self, program: Path, limits: Limits) -> None:
        self._program, self._limits = program, limits
        self._home = Path(tempfile.mkdtemp(prefix=f"towerdeskpdf{os.getpid()}n-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def printed(self, source: Path | bytes, seconds: float, count: int = 1) -> bytes:
        """A Word file as PDF; see `generator.pdf_office.Office.printed`."""
        if self._closed:
            raise Died("已停止")
        given, out = self._home / "in.docx", self._home / "out"
        if isinstance(source, bytes):
            given.write_bytes(source)
            source = given
        shutil.rmtree(out, ignore_errors=True)
        wishes = {name: {"type": "boolean", "value": str(value).lower()} for name, value in PRINTED.items()}
        command = [
            str(self._program), "--headless", "--norestore", "--nolockcheck", "--nodefault",
            f"-env:UserInstallation={(self._home.resolve() / 'profile').as_uri()}", "--infilter=MS Word 2007 XML",
            "--convert-to", f"pdf:writer_pdf_Export:{json.dumps(wishes)}", "--outdir", str(out), str(source.resolve()),
        ]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=sys.platform != "win32", env=environment(),
            )
            self._process.wait(self._limits.start_seconds + seconds)
        except OSError as error:
            raise Died(error.strerror or "不能启动") from error
        except subprocess.TimeoutExpired:
            raise Slow(seconds) from None
        finally:
            self._end()
        if self._process is not None and self._process.returncode < 0:
            raise Died("LibreOffice意外退出")
        printed = out / f"{source.stem}.pdf"
        if not printed.is_file() or not printed.stat().st_size:
            raise Unprintable("没有产生文件")
        return printed.read_bytes()

    def open(self) -> None:
        """Nothing is kept open."""

    def close(self) -> None:
        """End the call under way, and take no further one."""
        self._closed = True
        self._end()
        shutil.rmtree(self._home, ignore_errors=True)

    def _end(self) -> None:
        """End the call with the children it started, and nothing else."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
