"""Keeps one LibreOffice running and has it print Word files, as a process of its own beside the program.

Started as a script, with any Python that knows the office's bridge: the office's own is often older than ours and not
the one we run in. Orders come as JSON lines on standard input, answers go as JSON lines to standard output. When the
input ends, because the program closed it or died, the office and its profile go too. Standard library only.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

#: Debian and its kin keep the bridge among the system's Python packages.
PACKAGES = "/usr/lib/python3/dist-packages"
#: Nobody sits at this office: path below org.openoffice, name, type, value.
_QUIET = (
    ("Office.Common/Misc", "UseLocking", "boolean", "false"),
    ("Office.Common/Misc", "UseDocumentOOoLockFile", "boolean", "false"),
    ("Office.Common/Misc", "FirstRun", "boolean", "false"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "boolean", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "boolean", "true"),
    ("Office.Recovery/AutoSave", "Enabled", "boolean", "false"),
    ("Office.Recovery/RecoveryInfo", "Enabled", "boolean", "false"),
    ("Setup/Office", "ooSetupInstCompleted", "boolean", "true"),
)
#: What the office prints, and how: no tags nor outline, pages only put in for the sake of odd numbers left out, and
#: the bookmarks of the text as named places in the file, by which it is parted again.
PRINTED = {
    "UseTaggedPDF": False, "ExportBookmarks": False, "IsSkipEmptyPages": True, "ExportNotes": False,
    "ExportBookmarksToPDFDestination": True, "ReduceImageResolution": False, "UseLosslessCompression": True,
}
#: The office ends with this where it wants to be started once more, as after making a new profile.
_AGAIN = 81
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main() -> int:
    """Start the office named on the command line, then print what is ordered until the input ends."""
    program, home, pipe = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    try:
        uno = _bridge(Path(program).parent)
    except ImportError as error:
        _say(failed="bridge", why=str(error))
        return 1
    _write_profile(home)
    running = _Office(program, home, pipe)
    orders: list[dict[str, str]] = []
    waiting = threading.Semaphore(0)
    threading.Thread(target=_listen, args=(orders, waiting, running), daemon=True).start()
    try:
        desktop = _connected(uno, pipe, running)
        _say(ready=True)
        while True:
            waiting.acquire()
            _say(**_printed(uno, desktop, orders.pop(0)))
            if not running.lives():
                return 1
    except _Gone as error:
        _say(failed="office", why=str(error))
        return 1
    finally:
        running.end()


class _Gone(Exception):
    """The office is no more."""


class _Office:
    """The office process; started again where it asks for that."""

    def __init__(self, program: str, home: Path, pipe: str) -> None:
        self.home, self._pipe = home, pipe
        self._command = [
            program, "--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck",
            f"-env:UserInstallation={_profile(home)}",
            f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
        ]
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        bound = _die_with_parent if sys.platform == "linux" else None
        environment = {**os.environ, "TMPDIR": str(self.home)}
        return subprocess.Popen(
            self._command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, preexec_fn=bound,
        )

    def lives(self) -> bool:
        """Whether it runs; it is started once more where it only asked for that."""
        if self._process.poll() == _AGAIN:
            self._process = self._start()
        return self._process.poll() is None

    def end(self) -> None:
        """End it at once and remove its profile."""
        if sys.platform == "win32":
            subprocess.call(
                ["taskkill", "/F", "/T", "/PID", str(self._process.pid)],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
        else:
            self._process.kill()
        self._process.wait()
        sweep(self.home, self._pipe)


def sweep(home: Path, pipe: str) -> None:
    """Remove what an office that was killed leaves behind: its folder, and the sockets of its two pipes."""
    shutil.rmtree(str(home), ignore_errors=True)
    if sys.platform != "win32":
        profile = hashlib.md5(_profile(home).encode("utf-16-le"))
        single = "SingleOfficeIPC_" + "".join(f"{byte:x}" for byte in profile.digest())
        for name in (pipe, single):
            for folder in ("/tmp", "/var/tmp"):
                with contextlib.suppress(OSError):
                    Path(folder, f"OSL_PIPE_{os.getuid()}_{name}").unlink()


def _profile(home: Path) -> str:
    return (home.resolve() / "profile").as_uri()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)


def _bridge(program: Path) -> Any:
    """The module ``uno``: this Python's own, the system's, or the one beside the office."""
    sys.path += [PACKAGES, str(program), str(program.parent / "Resources")]
    return importlib.import_module("uno")


def _write_profile(home: Path) -> None:
    """A new profile whose office asks nobody anything."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse" oor:type="xs:{kind}">'
        f"<value>{value}</value></prop></item>" for path, name, kind, value in _QUIET
    )
    user = home / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>\n', encoding="utf-8",
    )


def _listen(orders: list[dict[str, str]], waiting: threading.Semaphore, running: _Office) -> None:
    """Take orders beside the printing; at the end of the input end everything, whatever is under way."""
    for line in sys.stdin:
        orders.append(json.loads(line))
        waiting.release()
    running.end()
    os._exit(0)


def _connected(uno: Any, pipe: str, running: _Office) -> Any:
    """The office's desktop, as soon as it answers; the program gives up the waiting, not we."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    nobody = uno.getClass("com.sun.star.connection.NoConnectException")
    while running.lives():
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except nobody:
            time.sleep(0.03)
        else:
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
    raise _Gone("LibreOffice未能启动")


def _printed(uno: Any, desktop: Any, order: dict[str, str]) -> dict[str, str]:
    """Print one file; what went wrong, where something did.

    Raises:
        _Gone: the office died meanwhile.
    """
    gone = uno.getClass("com.sun.star.lang.DisposedException")
    document = None
    try:
        document = desktop.loadComponentFromURL(
            uno.systemPathToFileUrl(order["source"]), "_blank", 0, _named(
                uno, Hidden=True, ReadOnly=True, FilterName="MS Word 2007 XML", MacroExecutionMode=0, UpdateDocMode=0,
            ),
        )
        if document is None:
            return {"failed": "file", "why": "不能打开"}
        wishes = uno.Any("[]com.sun.star.beans.PropertyValue", _named(uno, **PRINTED))
        document.storeToURL(
            uno.systemPathToFileUrl(order["target"]), _named(uno, FilterName="writer_pdf_Export", FilterData=wishes),
        )
    except gone as error:
        raise _Gone("LibreOffice意外退出") from error
    except Exception as error:  # whatever the office has against this file
        return {"failed": "file", "why": " ".join(str(error).split())[:80] or type(error).__name__}
    finally:
        if document is not None:
            with contextlib.suppress(Exception):  # the next order shows whether it still lives
                document.close(True)
    return {"done": order["target"]}


def _named(uno: Any, **values: Any) -> tuple[Any, ...]:
    """Named arguments as the bridge takes them."""
    made = []
    for name, value in values.items():
        argument = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        argument.Name, argument.Value = name, value
        made.append(argument)
    return tuple(made)


def _say(**words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
