"""Read a file of unknown origin in a child process under limits of time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import macros
from macros.hosts import Refused, Sheet, refuse
from macros.hosts.child import load
from macros.hosts.limits import limit
from macros.hosts.reading import file_kind

if TYPE_CHECKING:
    from macros.findings import Finding
    from macros.hosts.reading import FileKind


def read_untrusted(path: Path) -> tuple[list[Sheet], list[Finding]]:
    """Every sheet of a file that may be hostile.

    Raises:
        Refused: the one exception this ever raises; the finding says why.
    """
    return read_in_child(path, file_kind(path))


def read_in_child(path: Path, kind: FileKind) -> tuple[list[Sheet], list[Finding]]:
    """Read in a child process; a child that dies or dawdles is a refusal (WBK015)."""
    home = Path(macros.__file__).parents[1]
    allowed = limit("child", "seconds")
    try:
        with tempfile.TemporaryFile() as printed:  # a large register passes faster than through a pipe
            # The child starts in our own folder: a planted module beside the workbook must not be found.
            done = subprocess.run(
                [sys.executable, "-m", "macros.hosts.child", str(path.absolute())],
                cwd=home, env={**os.environ, "PYTHONPATH": str(home)}, timeout=allowed, check=False,
                stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                start_new_session=True,  # Ctrl-C is heard by us, who finish the file in hand
            )
            printed.seek(0)
            answer = printed.read().decode("ascii")
    except subprocess.TimeoutExpired as error:
        raise refuse("WBK015", path.name, seconds=allowed, reason=f"按 {kind} 读取超过时限") from error
    except (OSError, ValueError) as error:
        raise refuse("WBK001", path.name, reason="读取进程无法启动") from error
    if done.returncode not in (0, 2):
        raise refuse("WBK015", path.name, seconds=allowed, reason=f"按 {kind} 读取时内存不足或文件内容异常")
    sheets, findings = load(answer)
    if done.returncode == 2:
        raise Refused(findings[0])
    return sheets, findings
