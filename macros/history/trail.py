"""The audit trail of a register: lines that are only ever added, each with the hash of the one before.

A line that was changed, taken out or put in between breaks the chain at its place; lines cut off at the end are
missed because `heads` and every copy of the register remember how many there were.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.history import notes
from macros.history.settings import place
from macros.hosts import reason, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

#: What is a text in an event that has it, and how many texts tell of a cell.
_TEXTS, _CELL = frozenset({"file", "by", "modified", "unread", "name", "sha256", "note", "host", "program"}), 7
#: What the first line carries as the hash of the one before.
START = ""


class End(NamedTuple):
    """How far a trail goes: its number of lines and the hash of the last one."""

    lines: int = 0
    last: str = START


class Break(NamedTuple):
    """A place where the chain does not hold: 1-based line, and why (torn, changed, gap, short)."""

    line: int
    why: str


def noted(raw: Any) -> End:
    """An end as it was written down.

    Raises:
        ValueError: it is none.
    """
    lines, last = raw
    return End(notes.count(lines), notes.text(last))


def path(folder: Path) -> Path:
    """The trail of a register."""
    return place(folder, "trail")


def append(folder: Path, events: Iterable[Mapping[str, Any]], end: End) -> End:
    """Add events as lines, on disk when this returns; a line torn by a power cut is cleared away first.

    Args:
        folder: the register.
        events: what happened, as plain data.
        end: the end as last known; where the file says otherwise, the file counts.

    Raises:
        Refused: the trail cannot be written (HIS002).
    """
    file = path(folder)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with notes.opened(file, "a+b") as stream:
            _mend(stream)
            now = _end(stream, end)
            made = b""
            lines, last = now
            for event in events:
                lines += 1
                line = _line({"n": lines, **event, "prev": last})
                last = hashlib.sha256(line).hexdigest()
                made += line + b"\n"
            stream.write(made)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise refuse("HIS002", value=reason(error)) from error
    return End(lines, last)


def _line(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def _mend(stream: Any) -> None:
    """Cut off a last line without its end: it never was one."""
    size = stream.seek(0, os.SEEK_END)
    at = size
    while at:
        step = min(at, 1 << 16)
        stream.seek(at - step)
        block = stream.read(step)
        found = block.rfind(b"\n")
        if at == size and found == len(block) - 1:
            return
        if found >= 0:
            stream.truncate(at - step + found + 1)
            stream.seek(0, os.SEEK_END)
            return
        at -= step
    stream.truncate(0)


def _end(stream: Any, known: End) -> End:
    """The last line's number and hash, read from the end of the file."""
    size = at = stream.seek(0, os.SEEK_END)
    tail = b""
    while at and tail.count(b"\n") < 2:
        step = min(at, 1 << 16)
        at -= step
        stream.seek(at)
        tail = stream.read(step) + tail
    stream.seek(0, os.SEEK_END)
    if not size:
        return End()
    line = tail[:-1].rpartition(b"\n")[2]
    with suppress(ValueError, KeyError, TypeError):
        return End(int(notes.parsed(line)["n"]), hashlib.sha256(line).hexdigest())
    return known


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """Every line that can be read, in order; damaged ones are passed over, `verify` tells of them.

    Raises:
        Refused: the trail cannot be read (HIS002).
    """
    for line in _lines(folder):
        with suppress(*notes.WRONG):
            yield _sound(notes.parsed(line))


def _sound(event: dict[str, Any]) -> dict[str, Any]:
    """An event that says what events say.

    Raises:
        ValueError: it does not.
        KeyError: it lacks something.
    """
    for name in ("at", "who", "why", "event", *event.keys() & _TEXTS):
        notes.text(event[name])
    notes.count(event.get("more", 0))
    for cell in event.get("cells", ()):
        if len([notes.text(one) for one in cell]) != _CELL:
            raise ValueError(cell)
    if event["event"] in ("saved", "outside"):
        notes.text(event["file"])
    if event["event"] == "snapshot":
        notes.text(event["name"]), notes.text(event["sha256"])
    return event


def _lines(folder: Path) -> Iterator[bytes]:
    try:
        with path(folder).open("rb") as stream:
            for line in stream:
                yield line.removesuffix(b"\n")
    except FileNotFoundError:
        return
    except OSError as error:
        raise refuse("HIS002", value=reason(error)) from error


def verify(folder: Path, known: Iterable[End]) -> list[Break]:
    """Where the chain is broken.

    Args:
        folder: the register.
        known: ends that were remembered elsewhere, each of which the trail must pass through.
    """
    breaks: list[Break] = []
    hashes: dict[int, str] = {0: START}
    number, last = 0, START
    for number, line in enumerate(_lines(folder), 1):
        try:
            event = notes.parsed(line)
            if event["n"] != number or event["prev"] != last:
                breaks.append(Break(number, "gap" if event["n"] != number else "changed"))
        except (ValueError, KeyError, TypeError):
            breaks.append(Break(number, "torn"))
        last = hashes[number] = hashlib.sha256(line).hexdigest()
    for end in sorted(set(known)):
        if end.lines > number:
            breaks.append(Break(number, "short"))
        elif hashes[end.lines] != end.last:
            breaks.append(Break(end.lines, "changed"))
    return list(dict.fromkeys(breaks))
