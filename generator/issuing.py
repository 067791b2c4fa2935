"""Issues one document: renders it, gives it its number and file, and enters it; or finds the one already made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from generator import template
from generator.definitions import fields
from generator.files import Folder, write_new
from generator.ledger import Entry, Ledger, inputs_sha256, source_rows
from generator.wording import long_date
from macros.findings import Finding, finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from generator.contexts import Context
    from generator.definitions import Definition
    from generator.subjects import Subject
    from macros.register import Register

#: The program's own templates, used where the user has none of that name.
TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that exists: ``key`` as it was asked for, ``state`` new, unchanged or restored."""

    key: str
    entry: Entry
    state: str

    def as_json(self) -> dict[str, str]:
        """As ``form --json`` prints it."""
        entry = self.entry
        return {
            "form": entry.form_no, "key": self.key, "file": entry.file, "number": entry.document_no,
            "sha256": entry.sha256,
        }


@dataclass(slots=True)
class Desk:
    """What one batch works with: where papers go, the day, the settings, the ledger and the templates read so far.

    ``indexes`` keeps subjects by key for each register and definition, as the board asks for them one by one.
    """

    out: Path
    now: dt.datetime
    settings: Mapping[str, str]
    ledger: Ledger
    templates: Sequence[Path] = (TEMPLATES,)
    folder: Folder = field(init=False)
    indexes: dict[tuple[Register, str], dict[str, list[Subject]]] = field(default_factory=dict)
    _read: dict[tuple[str, str], tuple[template.Template | None, list[Finding]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder = Folder(self.out, self.ledger.files)

    def template(self, definition: Definition, name: str) -> tuple[template.Template | None, list[Finding]]:
        """A template by its file name, read and compiled once for the batch."""
        known = self._read.get((definition.code, name))
        if known is None:
            homes = [home / name for home in self.templates if (home / name).is_file()]
            known = template.load(homes[0] if homes else self.templates[-1] / name, fields(definition))
            self._read[definition.code, name] = known
        return known


def issue(
    definition: Definition, key: str, context: Context, desk: Desk,
) -> tuple[Issued | None, list[Finding]]:
    """Make one document of a finished context, or find the one already made of the same.

    Args:
        definition: the kind of document.
        key: what it is about, as entered in the document register.
        context: what it prints, without number and day.
        desk: the batch's surroundings; the new document is entered in its ledger.
    """
    opened, said = desk.template(definition, context.template)
    if opened is None:
        return None, said
    said = _never_printed(definition, context, opened)
    if said:
        return None, said
    inputs = inputs_sha256(context.values, opened.uses)
    earlier = desk.ledger.find(definition.code, key, opened.version, inputs)
    if earlier:
        return _again(definition, key, context, desk, opened, earlier)
    number = desk.ledger.next_number(definition.series, desk.now.year, desk.settings.get("城市简称", ""))
    data, said = _filled(definition, context, opened, number, desk.now.date())
    if data is None:
        return None, said
    group = f"{definition.number} {definition.name}".strip()
    file = desk.folder.place(group, f"{group} {key} {number}")
    problem = _written(desk.out / file, data)
    if problem:
        return None, [problem]
    entry = Entry(
        number, definition.code, definition.name, context.customer, key, source_rows(context.sources), file,
        opened.name, opened.version, hashlib.sha256(data).hexdigest(), inputs, desk.now,
        desk.settings.get("客户经理", ""),
    )
    desk.ledger.add(entry)
    return Issued(key, entry, "new"), []


def _never_printed(definition: Definition, context: Context, opened: template.Template) -> list[Finding]:
    """Required values outside of lists that the template has no placeholder for."""
    return [
        finding("DOC017", workbook=opened.name, field=path, form=definition.label)
        for path in context.required if "[]" not in path and path not in opened.uses
    ]


def _filled(
    definition: Definition, context: Context, opened: template.Template, number: str, day: dt.date,
) -> tuple[bytes | None, list[Finding]]:
    values = {**context.values, "单据编号": number, "签发日期": long_date(day)}
    values |= {each.name: long_date(day) for each in definition.computed if each.kind == "date"}
    title = f"{definition.name} {number}"
    return template.render(opened, values, title=title, day=day, required=context.required)


def _again(
    definition: Definition, key: str, context: Context, desk: Desk, opened: template.Template, earlier: Entry,
) -> tuple[Issued | None, list[Finding]]:
    """The document made earlier of the same inputs: left as it is, or made once more if its file is gone."""
    path = desk.out / earlier.file
    where = {"workbook": Path(earlier.file).name, "key": key}
    if path.is_file():
        try:
            same = hashlib.sha256(path.read_bytes()).hexdigest() == earlier.sha256
        except OSError as error:
            return None, [_unwritable(path, error)]
        code = "DOC041" if same else "DOC042"
        note = finding(code, **where, number=earlier.document_no, file=earlier.file)
        return Issued(key, earlier, "unchanged"), [note]
    data, said = _filled(definition, context, opened, earlier.document_no, earlier.issued_at.date())
    if data is None:
        return None, said
    problem = _written(path, data)
    if problem:
        return None, [problem]
    if hashlib.sha256(data).hexdigest() != earlier.sha256:
        return Issued(key, earlier, "restored"), [finding("DOC043", **where, number=earlier.document_no)]
    return Issued(key, earlier, "restored"), []


def _written(path: Path, data: bytes) -> Finding | None:
    try:
        write_new(path, data)
    except OSError as error:
        return _unwritable(path, error)
    return None


def _unwritable(path: Path, error: OSError) -> Finding:
    return finding("DOC040", workbook=path.name, why=error.strerror or type(error).__name__)
