"""Where the helper is to be found: agent.json with its port and token, the lock that keeps it single, its log."""

from __future__ import annotations

import errno
import http.client
import json
import logging
import os
import secrets
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.places import home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper

HOST = "127.0.0.1"
#: The header that carries the token.
TOKEN = "X-TowerDesk-Token"
_PRIVATE = 0o600
_LOG_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What agent.json says of the running helper."""

    port: int
    token: str
    pid: int
    version: str


def new_token() -> str:
    """256 bits nobody can guess."""
    return secrets.token_urlsafe(32)


def load() -> Facts | None:
    """What agent.json says; None when it is missing or damaged."""
    try:
        raw = json.loads((home() / "agent.json").read_text(encoding="ascii"))
        return Facts(int(raw["port"]), str(raw["token"]), int(raw["pid"]), str(raw["version"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(facts: Facts) -> None:
    """Write agent.json at once, readable by its user only.

    Raises:
        OSError: the per-user folder cannot be written.
    """
    handle, name = tempfile.mkstemp(prefix=".~", suffix=".tmp", dir=home())  # mkstemp files are 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(asdict(facts), file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(home() / "agent.json")
    finally:
        Path(name).unlink(missing_ok=True)


def drop(token: str) -> None:
    """Remove agent.json if it is still the one with this token."""
    found = load()
    if found and found.token == token:
        with suppress(OSError):
            (home() / "agent.json").unlink(missing_ok=True)


@contextmanager
def alone() -> Iterator[bool]:
    """Hold the lock of the only helper within the block; says whether it was free.

    The system lets it go when the process ends, however it ends.
    """
    handle = os.open(home() / "agent.lock", os.O_RDWR | os.O_CREAT, _PRIVATE)
    try:
        yield _locked(handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # A home on a network drive may know no locks; there agent.json alone keeps the helper single.
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
    return True


def ask(
    facts: Facts, method: str, path: str, body: dict[str, Any] | None = None, seconds: float = 2.0,
) -> tuple[int, dict[str, Any]]:
    """One request to the helper: status and JSON answer.

    Raises:
        OSError: nobody answers there.
        ValueError: what answers is no helper.
    """
    connection = http.client.HTTPConnection(HOST, facts.port, timeout=seconds)
    try:
        connection.request(
            method, path, None if body is None else json.dumps(body),
            {TOKEN: facts.token, "Content-Type": "application/json"},
        )
        reply = connection.getresponse()
        found = json.loads(reply.read(1 << 20))
    except http.client.HTTPException as error:
        raise ValueError(type(error).__name__) from error
    finally:
        connection.close()
    if not isinstance(found, dict):
        raise ValueError("no object")
    return reply.status, found


def living() -> tuple[Facts, dict[str, Any]] | None:
    """The running helper and what it says of itself; None when agent.json is missing or nobody answers to it."""
    facts = load()
    if facts is None:
        return None
    try:
        status, said = ask(facts, "GET", "/status")
    except (OSError, ValueError):
        return None
    return (facts, said) if status == http.client.OK and said.get("product") == "towerdesk" else None


class _Private(RotatingFileHandler):
    """A log that only its user can read."""

    def _open(self) -> TextIOWrapper:
        return open(
            self.baseFilename, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, _PRIVATE)
        )


def journal() -> logging.Logger:
    """The helper's log: times, button ids, statuses, process ids and codes; never a cell, a file or a token."""
    log = logging.getLogger("towerdesk.agent")
    if not log.handlers:
        handler = _Private(home() / "agent.log", maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False
    return log
