"""The register tables a month is made of, as canonical text: the same rows give the same bytes and the same hash."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

from macros.forms import forms
from macros.pricing.parameters import words
from macros.register import Register, assemble

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from macros.records import Cell, Record, Value

_SUFFIX = ".csv"
_ROW = "#"
#: Every member bears this moment, so that the archive's bytes depend on the rows only.
_MADE = (1980, 1, 1, 0, 0, 0)


def take(register: Register) -> dict[str, bytes]:
    """The tables of a month's run as CSV by file name, each row with the sheet row it stood in."""
    return {code + _SUFFIX: _csv(register.rows(code)) for code in words()["snapshot"]["tables"]}


def digest(files: Mapping[str, bytes]) -> str:
    """The SHA-256 of a snapshot: of its file names and contents, not of how they are packed."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\n{len(files[name])}\n".encode())
        whole.update(files[name])
    return whole.hexdigest()


def packed(files: Mapping[str, bytes]) -> bytes:
    """A snapshot as one archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _MADE), files[name], zipfile.ZIP_DEFLATED, 6)
    return made.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of a snapshot archive.

    Raises:
        zipfile.BadZipFile: it is none.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def restored(files: Mapping[str, bytes]) -> Register:
    """The register that a snapshot holds; its rows know the sheet rows they stood in."""
    return assemble(_sheets(files))


def _csv(records: Sequence[Record]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if records:
        form = records[0].form
        writer.writerow([_ROW, *(column.heading for column in form.columns if not column.ours)])
        own = [position for position, column in enumerate(form.columns) if not column.ours]
        for record in records:
            writer.writerow([record.place.row, *(_text(record.values[position]) for position in own)])
    return text.getvalue().encode()


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return str(value)


def _sheets(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, list[Sequence[Cell]]]]:
    for name, data in files.items():
        form = forms().get(name.removesuffix(_SUFFIX))
        if form is None or not data:
            continue
        lines = csv.reader(io.StringIO(data.decode(), newline=""))
        rows: list[Sequence[Cell]] = [next(lines)[1:]]
        for number, *cells in lines:
            rows += [()] * (int(number) - len(rows) - 1)
            rows.append([cell or None for cell in cells])
        yield form.file, form.title, rows
