"""The snapshot kept with a month's run: whatever the run was made of, so that it can be finished or made once more."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from macros.billing import snapshot as snapshots
from macros.commands.bill.reckoning import RECORD, history
from macros.commands.setup import OWN_TEMPLATES, TEMPLATES
from macros.findings import Finding
from macros.forms import forms
from macros.hosts import reason, refuse
from macros.hosts.saving import replace_bytes
from macros.register import Register

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from generator.definitions import Definition
    from macros.billing.records import Issued

SNAPSHOT = "快照.zip"
#: Members beside the tables: how the run was made, and the templates it used.
_RUN, _TEMPLATES = "出账.json", f"{OWN_TEMPLATES}/"


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot that was read: the month, the moment it was billed, and everything that went into it."""

    month: str
    at: dt.datetime
    back: str
    raw: Mapping[str, Any]
    files: Mapping[str, bytes]

    def register(self) -> Register:
        """The register as it was: its rows know the cells they stood in, and what reading them had to say."""
        held = snapshots.restored(self.files)
        columns = self.raw["columns"]
        tables = {
            code: tuple(replace(row, columns=tuple(columns[code])) for row in rows) if code in columns else rows
            for code, rows in held.tables.items()
        }
        return Register(tables, tuple(Finding(**said) for said in self.raw["findings"]))

    def templates(self, folder: Path) -> Path:
        """Write the templates of the run into a folder of their own."""
        for name, data in self.files.items():
            if name.startswith(_TEMPLATES):
                folder.joinpath(name.removeprefix(_TEMPLATES)).write_bytes(data)
        return folder

    def earlier(self, home: Path) -> dict[str, Issued]:
        """The months issued before it, as their records stand below a folder.

        Raises:
            Refused: a record is not there or no longer what it was (BAT019).
        """
        for month, sha256 in self.raw["earlier"].items():
            path = home / month / RECORD
            if not path.is_file() or _sha256(path) != sha256:
                raise refuse("BAT019", value=path)
        return {month: issued for month, issued in history(home).items() if month in self.raw["earlier"]}


def keep(
    place: Path, tables: Mapping[str, bytes], register: Register, *, month: str, at: dt.datetime, back: str,
    earlier: Mapping[str, Issued], own: Path, papers: Sequence[Definition],
) -> None:
    """Write the snapshot of a run that is about to begin.

    Args:
        place: the month's folder.
        tables: the register's tables, from `macros.billing.snapshot.take`.
        register: the register.
        month: the month.
        at: the moment it is billed.
        back: the way from the month's folder to the register's, as links go.
        earlier: the months issued before, below ``place``'s own folder.
        own: the register's folder of templates.
        papers: the kinds of paper made.

    Raises:
        Refused: it cannot be written (WBK035).
    """
    codes = {name.rpartition(".")[0] for name in tables}
    sheets = {forms()[code].title for code in codes}
    raw = {
        "month": month, "at": at.isoformat(), "back": back,
        "earlier": {name: _sha256(place.parent / name / RECORD) for name in sorted(earlier)},
        "columns": {code: list(rows[0].columns) for code in sorted(codes) if (rows := register.rows(code))},
        "findings": [said.as_json() for said in register.findings if said.sheet in sheets],
    }
    members = {**tables, _RUN: (json.dumps(raw, ensure_ascii=False, indent=0) + "\n").encode()}
    names = {definition.template for definition in papers}
    names |= {variant.template for definition in papers for variant in definition.variants}
    for name in names:
        found = next((home / name for home in (own, TEMPLATES) if (home / name).is_file()), None)
        if found:
            members[_TEMPLATES + name] = found.read_bytes()

    replace_bytes(place / SNAPSHOT, snapshots.packed(members))


def read(path: Path) -> Kept:
    """Read a snapshot.

    Raises:
        Refused: it is none (BAT018).
    """
    try:
        files = snapshots.unpacked(path.read_bytes())
        raw = json.loads(files[_RUN])
        return Kept(raw["month"], dt.datetime.fromisoformat(raw["at"]), raw["back"], raw, files)
    except OSError as error:
        raise refuse("BAT018", value=path, why=reason(error)) from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise refuse("BAT018", value=path, why="不是出账时保存的快照") from error


def unfinished(place: Path) -> Kept | None:
    """The run that was broken off in a month's folder after its snapshot was written."""
    return read(place / SNAPSHOT) if (place / SNAPSHOT).is_file() and not (place / RECORD).is_file() else None


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
