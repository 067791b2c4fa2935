"""One writer at a time: a lock file beside the workbook, and the marks of a spreadsheet that has it open."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from macros.beside import alive, beside
from macros.hosts import reason, refuse
from macros.hosts.limits import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAUSE = 0.05
#: Bytes of a name that leave room for what a lock adds to it: 255 are the most that disks take.
_LONGEST = 190


def _host() -> str:
    """This machine's name."""
    if sys.platform == "win32":
        import socket

        return socket.gethostname()
    return os.uname().nodename


def lock_path(path: Path) -> Path:
    """The lock file of a workbook; a long name is told by its hash, for the lock's must be longer still."""
    name = path.name.encode("utf-8", "surrogatepass")
    told = path.name if len(name) <= _LONGEST else hashlib.sha256(name).hexdigest()
    return path.with_name(f".~{told}.towerdesk-lock")


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the workbook's lock; a lock whose process is gone, or which is too old, is taken over.

    Raises:
        Refused: another program holds it (WBK031), or the folder cannot be written (WBK035).
    """
    lock = lock_path(path)
    mark = json.dumps({"pid": os.getpid(), "host": _host(), "id": os.urandom(16).hex()})
    until = time.monotonic() + seconds("lock", "wait_seconds")
    unmarked_since = None
    while not _create(lock, mark, path.name):
        owner = _owner(lock)
        if owner:
            unmarked_since = None
        elif unmarked_since is None:
            unmarked_since = time.monotonic()
        # Whoever makes a lock says at once whose it is; one that nobody claims was left by a crash at that moment.
        forsaken = unmarked_since is not None and (
            time.monotonic() - unmarked_since > seconds("lock", "unmarked_seconds")
        )
        if forsaken or _stale(lock, owner):
            # Renaming first lets only one of several waiting programs take a stale lock away.
            aside = lock.with_name(f"{lock.name}.{os.urandom(16).hex()}")
            with suppress(OSError):
                lock.rename(aside)
                if _owner(aside) != owner:
                    _give_back(aside, lock)
                aside.unlink()
        elif time.monotonic() > until:
            raise refuse("WBK031", path.name, owner=f"{owner.get('host', '另一台')} 上的程序")
        else:
            time.sleep(_PAUSE)
    try:
        yield
    finally:
        with suppress(OSError):
            if lock.read_text(encoding="utf-8") == mark:
                lock.unlink()


def check_closed(path: Path) -> None:
    """Make sure no spreadsheet program has the workbook open.

    Raises:
        Refused: one has (WBK032), or the file may only be read (WBK080).
    """
    for owner in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if owner.exists() and not _abandoned(owner):
            raise refuse("WBK032", path.name, owner=owner.name)
    try:
        with path.open("r+b"):
            pass
    except FileNotFoundError as error:
        raise refuse("WBK001", path.name, reason=reason(error)) from error
    except PermissionError as error:
        if _read_only(path):
            raise refuse("WBK080", path.name) from error
        raise refuse("WBK032", path.name, owner=f"~${path.name}") from error
    except OSError as error:
        raise refuse("WBK001", path.name, reason=reason(error)) from error


def _read_only(path: Path) -> bool:
    """Whether nobody has the file open but we may not write it: only Windows keeps others from an open file."""
    try:
        return sys.platform != "win32" or not path.stat().st_mode & stat.S_IWRITE
    except OSError:
        return False


def _abandoned(owner: Path) -> bool:
    """Whether an owner file was left by a crash: on Windows its program keeps it open, elsewhere nobody can tell."""
    if sys.platform != "win32":
        return False
    try:
        with owner.open("r+b"):
            return True
    except OSError:
        return False


def _create(lock: Path, mark: str, workbook: str) -> bool:
    try:
        file = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    except OSError as error:
        raise refuse("WBK035", workbook, reason=reason(error)) from error
    try:
        with os.fdopen(file, "w", encoding="utf-8") as out:
            out.write(mark)
    except OSError as error:  # a full disk has room for a name, not for what stands in the file
        with suppress(OSError):
            lock.unlink()
        raise refuse("WBK035", workbook, reason=reason(error)) from error
    return True


def _owner(lock: Path) -> dict[str, object]:
    try:
        found = json.loads(lock.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _stale(lock: Path, owner: dict[str, object]) -> bool:
    try:
        lock_time = lock.stat().st_mtime
        age = time.time() - lock_time
    except OSError:
        return False
    if age > seconds("lock", "stale_seconds"):
        # A share's clock may differ from ours: its own says how old a lock there is.
        return _clock(lock) - lock_time > seconds("lock", "stale_seconds")
    pid = owner.get("pid")
    return owner.get("host") == _host() and isinstance(pid, int) and not alive(pid)


def _clock(lock: Path) -> float:
    """The time as the disk of a lock tells it, ours where it does not."""
    with suppress(OSError):
        handle, made = beside(lock.parent)
        try:
            return os.fstat(handle).st_mtime
        finally:
            os.close(handle)
            made.unlink(missing_ok=True)
    return time.time()


def _give_back(aside: Path, lock: Path) -> None:
    """Put back a lock that another program had made since it was found stale."""
    with suppress(OSError):
        lock.hardlink_to(aside)
