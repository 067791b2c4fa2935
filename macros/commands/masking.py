"""mask: a copy of the register in which names, telephone numbers and e-mail addresses cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.commands import Answer, lists
from macros.customers import masked_parts
from macros.customers.masks import Secrets, discovered, masked_cell, rules
from macros.findings import finding
from macros.forms import forms, workbooks
from macros.headings import match
from macros.hosts import Refused, reason, refuse
from macros.hosts.files import FileBook
from macros.hosts.package import open_package
from macros.hosts.rawzip import RawZip
from macros.hosts.saving import replace_bytes, replace_file
from macros.hosts.zip_write import rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    from macros.findings import Finding
    from macros.forms import Form
    from macros.records import Cell


class Masked(NamedTuple):
    """One workbook of the copy: cells and other parts that were changed."""

    file: str
    cells: int
    parts: int


def mask(folder: Path, out: Path, now: str | None = None) -> Answer:
    """Write a masked copy of every workbook of the register into ``out``; the register itself is only read.

    Columns marked `personal` are masked as a whole; their values are masked wherever else they stand, in cells, shared
    strings, comments and properties. Papers and other files are not copied. A workbook in which a value is left is
    not written.

    Raises:
        Refused: ``out`` is no empty folder apart from the register, or a workbook cannot be read.
    """
    del now  # nothing in a copy depends on the day
    _check(folder, out)
    files = [file for file in workbooks() if (folder / file).is_file()]
    if not files:
        raise refuse("CMD001", value=str(folder))
    secrets = Secrets(_values([folder / file for file in files]))
    findings = [finding("CUS063", value=value) for value in secrets.shared]
    made: list[Masked] = []
    for file in files:
        try:
            one, said = _copy(folder / file, out / file, secrets)
        except Refused as refused:
            findings.append(refused.finding)
            continue
        made += [one] if one else []
        findings += said
    others = sorted(path.name for path in folder.iterdir() if path.name not in files and not path.name.startswith("."))
    if others:
        findings.append(finding("CUS064", files="、".join(others)))
    data = {"out": str(out), "values": len(secrets.masks), "books": [one._asdict() for one in made]}
    return lists.answer(data, _lines(made, len(files), secrets, out), findings)


def _check(folder: Path, out: Path) -> None:
    """A copy inside its register would be read as part of it, and one among other files would not be told apart."""
    here, there = folder.resolve(), out.resolve()
    if here in (there, *there.parents) or there in here.parents:
        raise refuse("CUS060", value=str(out), why=rules()["words"]["inside"])
    try:
        if out.exists() and any(out.iterdir()):
            raise refuse("CUS060", value=str(out), why=rules()["words"]["full"])
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refuse("CUS060", value=str(out), why=reason(error)) from error


def _values(paths: list[Path]) -> list[str]:
    """Every personal value of the register as it stands in its cell, in free text or among a workbook's authors."""
    found: dict[str, None] = {}
    for path in paths:
        book = FileBook(path)
        for title in book.sheets():
            for _, _, value, personal, free in _cells(title, book.sheet(title).rows):
                if personal:
                    found[_shown(value)] = None
                elif free and isinstance(value, str):
                    found |= dict.fromkeys(discovered(value))
        with path.open("rb") as file:
            zipped = RawZip(file, path.name)
            for part in zipped.members:
                text = masked_parts.decode(zipped.read(part)) if masked_parts.is_text(part) else None
                found |= dict.fromkeys(masked_parts.spoken(part, text) if text else ())
    return list(found)


def _cells(title: str, rows: list[list[Cell]]) -> Iterator[tuple[int, int, Cell, bool, bool]]:
    """Every filled cell below the headings: row, column, value, whether its column is personal, whether free text."""
    form = next((form for form in forms().values() if form.title == title and form.workbook), None)
    personal, fixed = _columns(form, rows[0] if rows else [])
    for number, row in enumerate(rows[1:], 2):
        for place, value in enumerate(row, 1):
            if value is not None and value != "":
                yield number, place, value, place in personal, place not in fixed


def _columns(form: Form | None, headings: list[Cell]) -> tuple[frozenset[int], frozenset[int]]:
    """The sheet columns that are personal, and those that hold codes or words of a list."""
    if form is None:
        return frozenset(), frozenset()
    placed = list(zip(form.columns, match(form, headings).columns, strict=True))
    return (
        frozenset(number for column, number in placed if number and column.personal),
        frozenset(number for column, number in placed if number and column.type in ("code", "choice")),
    )


def _shown(value: Cell) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def _copy(source: Path, target: Path, secrets: Secrets) -> tuple[Masked | None, list[Finding]]:
    """Write one workbook masked; None, with the reasons, where something is left."""
    replace_bytes(target, source.read_bytes())
    try:
        cells = _mask_cells(target, secrets)
        parts, said = _mask_parts(target, secrets)
        wrong = _left(target, secrets)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    if wrong:
        target.unlink(missing_ok=True)
        return None, [*said, *wrong]
    return Masked(target.name, cells, parts), said


def _mask_cells(target: Path, secrets: Secrets) -> int:
    book = FileBook(target)
    count = 0
    for title in book.sheets():
        edits: dict[tuple[int, int], Cell] = {}
        for row, column, value, personal, _ in _cells(title, book.sheet(title).rows):
            if not isinstance(value, str | int | float) or isinstance(value, bool):
                continue
            shown = _shown(value)
            if not personal and masked_parts.short_number(shown) and not isinstance(value, str):
                continue
            wanted = masked_cell(shown) if personal else secrets.sub(shown)
            if wanted != shown:
                edits[row, column] = wanted
        if edits:
            book.update(title, edits)
            count += len(edits)
    book.save()
    return count


def _mask_parts(target: Path, secrets: Secrets) -> tuple[int, list[Finding]]:
    """Mask what stands outside of cells; parts without a value keep their bytes."""
    changed: dict[str, bytes] = {}
    findings: list[Finding] = []
    with target.open("rb") as file:
        zipped = RawZip(file, target.name)
        for part in zipped.members:
            if part.endswith(tuple(rules()["opaque"]["suffixes"])):
                findings.append(finding("CUS062", workbook=target.name, part=_say("opaque", part)))
            content = zipped.read(part) if masked_parts.is_text(part) else b""
            text = masked_parts.decode(content)
            if text:
                new = masked_parts.masked(text, secrets)
                if new != text:
                    changed[part] = new.encode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")

    def write(out: IO[bytes]) -> None:
        with target.open("rb") as file:
            rewrite(RawZip(file, target.name), out, changed)

    if changed:
        replace_file(target, write, _check_package)
    return len(changed), findings


def _check_package(made: Path) -> None:
    with made.open("rb") as file:
        open_package(file, made.name)


def _left(target: Path, secrets: Secrets) -> list[Finding]:
    """Where a value can still be read in the finished copy."""
    with target.open("rb") as file:
        zipped = RawZip(file, target.name)
        return [
            finding("CUS061", workbook=target.name, part=_say("left", part)) for part in zipped.members
            if masked_parts.left(part, zipped.read(part), secrets)
        ]


def _say(name: str, part: str) -> str:
    return str(rules()["words"][name]).format(part=part)


def _lines(made: list[Masked], asked: int, secrets: Secrets, out: Path) -> list[str]:
    words = rules()["words"]
    return [
        words["done"].format(
            books=len(made), out=out, values=len(secrets.masks), cells=sum(one.cells for one in made),
            parts=sum(one.parts for one in made),
        ),
        words["checked"] if len(made) == asked else words["failed"].format(books=asked - len(made)),
    ]
