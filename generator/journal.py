"""The journal of a batch: what is to be made stands on disk before anything is, so that a broken batch can be finished.

One line each, as JSON: the batch, its papers with the numbers and files they were given, then what became of each.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from generator.files import clear_temporary, flush_folder, take_name
from generator.ledger import Entry
from macros.beside import beside
from macros.hosts import reason, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

NAME = "批次日志.jsonl"
#: A byte no journal is long enough to have: where Windows locks a byte, nobody else may read it.
_FAR = 1 << 30


@dataclass(slots=True)
class Opened:
    """A batch that was begun: its head, the papers promised, and the hashes of those that were finished."""

    at: dt.datetime
    head: Mapping[str, Any]
    promised: list[Entry] = field(default_factory=list)
    done: dict[str, str] = field(default_factory=dict)

    def told(self, out: Path) -> dict[str, Any]:
        """What findings say of it."""
        return {"value": out, "at": f"{self.at:%Y-%m-%d %H:%M}", "papers": len(self.promised), "done": len(self.done)}


class Journal:
    """The journal of the batch under way, held by this process until it is closed or the process ends."""

    def __init__(self, path: Path, stream: IO[str]) -> None:
        self.path, self._stream = path, stream

    def done(self, number: str, sha256: str) -> None:
        """A paper is finished; the line outlives this process, if not a power cut."""
        self._stream.write(_line({"done": number, "sha256": sha256}))
        self._stream.flush()

    def settle(self) -> None:
        """Make the lines so far last through a power cut."""
        os.fsync(self._stream.fileno())

    def close(self) -> None:
        """The batch is over: its papers stand in the document register."""
        self._stream.close()
        self.path.unlink(missing_ok=True)
        flush_folder(self.path.parent)

    def leave(self) -> None:
        """The batch stopped half-way; its journal stays for who finishes it."""
        self._stream.close()


def begin(out: Path, at: dt.datetime, head: Mapping[str, Any], papers: Iterable[Entry]) -> Journal:
    """Write down a batch before its first paper is made; it is on disk when this returns.

    Raises:
        Refused: the folder cannot be written to (WBK035), another batch was begun in it (BAT001), or one is begun at
            this very moment (BAT003).
    """
    before = read(out)
    if before:
        raise refuse("BAT001", **before.told(out))
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle, made = beside(out)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(_line({"at": at.isoformat(), **head}))
            stream.writelines(_line({"paper": _raw(entry)}) for entry in papers)
            stream.flush()
            os.fsync(stream.fileno())
        take_name(made, out / NAME)
    except FileExistsError as error:
        raise refuse("BAT003", value=out) from error
    except OSError as error:
        raise refuse("WBK035", NAME, reason=reason(error)) from error
    journal = hold(out)
    # Its own work file, and what others left that were killed before they had a journal.
    clear_temporary(out)
    flush_folder(out)
    return journal


def hold(out: Path) -> Journal:
    """Go on with the batch begun in a folder.

    Raises:
        Refused: another process is at it (BAT003), or the journal cannot be written (WBK035).
    """
    path = out / NAME
    try:
        stream = path.open("a", encoding="utf-8", newline="\n")
    except OSError as error:
        raise refuse("WBK035", NAME, reason=reason(error)) from error
    if not _alone(stream):
        stream.close()
        raise refuse("BAT003", value=out)
    # What a power cut left of a line must not run into the next one.
    stream.write("\n")
    return Journal(path, stream)


def read(out: Path) -> Opened | None:
    """The batch that was begun in a folder and not closed, if any.

    Raises:
        Refused: its journal cannot be read (BAT004).
    """
    path = out / NAME
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refuse("BAT004", value=path, why=reason(error)) from error
    try:
        head = json.loads(lines[0])
        opened = Opened(dt.datetime.fromisoformat(head["at"]), head)
        for line in lines[1:]:
            _take(opened, line)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise refuse("BAT004", value=path, why=f"{type(error).__name__}") from error
    return opened


def _take(opened: Opened, line: str) -> None:
    """One line; one that a power cut tore says nothing: its paper is looked at itself."""
    try:
        raw = json.loads(line)
    except ValueError:
        return
    if "paper" in raw:
        fields = raw["paper"]
        opened.promised.append(Entry(**{**fields, "issued_at": dt.datetime.fromisoformat(fields["issued_at"])}))
    elif "done" in raw:
        opened.done[raw["done"]] = raw["sha256"]


def _raw(entry: Entry) -> dict[str, Any]:
    fields = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
    return {**fields, "issued_at": entry.issued_at.isoformat()}


def _line(raw: Mapping[str, Any]) -> str:
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":")) + "\n"


def _alone(stream: IO[str]) -> bool:
    """Lock the journal for this process; the lock goes with the process, however it ends, and to no child."""
    try:
        if sys.platform == "win32":
            import msvcrt

            stream.seek(_FAR)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
