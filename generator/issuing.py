"""Plans one document: its values, its number and its file; or finds the one already made of the same."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator import making
from generator.definitions import fields
from generator.files import Folder, is_whole
from generator.ledger import Entry, Ledger, inputs_sha256, source_rows
from generator.making import Job, Source
from generator.template import load
from generator.wording import long_date
from macros.findings import Finding, finding
from macros.hosts import reason

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from generator.contexts import Context
    from generator.definitions import Definition
    from generator.journal import Opened
    from generator.subjects import Subject
    from generator.template import Template
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


@dataclass(frozen=True, slots=True)
class Planned:
    """A document decided upon. ``entry`` lacks the paper's hash until it is pressed.

    ``key`` is how it was asked for; ``job`` is None where there is nothing to press: the paper is there.
    """

    key: str
    entry: Entry
    state: str
    source: Source | None = None
    job: Job | None = None


@dataclass(slots=True)
class Desk:
    """What one batch works with: where papers go, the day, the settings, the ledger and the templates read so far.

    ``apart`` says that papers are made where our disk is not seen; ``pictures`` are those handed over for papers, by
    name, as `generator.figures.picture` gives them; ``resumed`` is the broken batch to be finished.
    ``indexes`` keeps subjects by key for each register and definition, as the board asks for them one by one.
    """

    out: Path
    now: dt.datetime
    settings: Mapping[str, str]
    ledger: Ledger
    templates: Sequence[Path] = (TEMPLATES,)
    apart: bool = False
    resumed: Opened | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)
    folder: Folder = field(init=False)
    plans: Ledger = field(init=False)
    promised: dict[tuple[str, str], deque[Entry]] = field(default_factory=dict)
    indexes: dict[tuple[Register, str], dict[str, list[Subject]]] = field(default_factory=dict)
    _read: dict[tuple[str, str], tuple[Template | None, list[Finding]]] = field(default_factory=dict)
    _sources: dict[tuple[str, str], Source] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder = Folder(self.out, self.ledger.files)
        self.plans = self.ledger
        for entry in self.resumed.promised if self.resumed else ():
            self.promised.setdefault((entry.form_no, entry.row_key), deque()).append(entry)
            self.folder.take(entry.file)

    def open(self) -> None:
        """Begin to plan: numbers given from now on are not given twice, and are free again if nothing comes of it.

        A finished batch's papers are no earlier ones to the same batch resumed.
        """
        promised = self.resumed.promised if self.resumed else []
        numbers = {entry.document_no for entry in promised}
        self.plans = self.ledger.without(numbers) if promised else self.ledger.copy()
        for number in numbers:
            self.plans.reserve(number)

    def template(self, definition: Definition, name: str) -> tuple[Template | None, list[Finding]]:
        """A template by its file name, read and compiled once for the batch."""
        known = self._read.get((definition.code, name))
        if known is None:
            path = self._path(name)
            known = load(path, fields(definition))
            self._read[definition.code, name] = known
            if known[0]:
                making.remember(known[0], fields(definition))
        return known

    def source(self, definition: Definition, opened: Template) -> Source:
        """The template as a worker finds it."""
        known = self._sources.get((definition.code, opened.name))
        if known is None:
            path = self._path(opened.name)
            data = path.read_bytes() if self.apart else b""
            known = Source(str(path.absolute()), opened.sha256, fields(definition), data)
            self._sources[definition.code, opened.name] = known
        return known

    def uses(self, definition: Definition, name: str) -> AbstractSet[str] | None:
        """What a template prints; None where it cannot be read."""
        opened, _ = self.template(definition, name)
        return opened.uses if opened else None

    def _path(self, name: str) -> Path:
        homes = [home / name for home in self.templates if (home / name).is_file()]
        return homes[0] if homes else self.templates[-1] / name


def plan(
    definition: Definition, key: str, asked: str, context: Context, desk: Desk,
) -> tuple[Planned | None, list[Finding]]:
    """Decide upon one document of a finished context: a new one, or the one already made of the same.

    Args:
        definition: the kind of document.
        key: what it is about, as entered in the document register.
        asked: what it was asked for by.
        context: what it prints, without number and day.
        desk: the batch's surroundings; the number and the file's name are taken in it.
    """
    opened, said = desk.template(definition, context.template)
    if opened is None:
        return None, said
    said = _never_printed(definition, context, opened)
    if said:
        return None, said
    inputs = inputs_sha256(context.values, opened.uses)
    earlier = desk.plans.find(definition.code, key, opened.version, inputs)
    if earlier:
        return _again(definition, asked, context, desk, opened, earlier)
    waiting = desk.promised.get((definition.code, key))
    if desk.resumed and not waiting:
        return None, []
    if waiting:
        return _promised(definition, asked, context, desk, opened, waiting.popleft(), inputs)
    number = desk.plans.next_number(definition.series, desk.now.year, desk.settings.get("城市简称", ""))
    group = f"{definition.number} {definition.name}".strip()
    file = desk.folder.place(group, f"{group} {key} {number}")
    entry = Entry(
        number, definition.code, definition.name, context.customer, key, source_rows(context.sources), file,
        opened.name, opened.version, "", inputs, desk.now, desk.settings.get("客户经理", ""),
    )
    desk.plans.add(entry)
    return _pressed(definition, asked, context, desk, opened, entry, "new"), []


def _never_printed(definition: Definition, context: Context, opened: Template) -> list[Finding]:
    """Required values outside of lists that the template has no placeholder for."""
    return [
        finding("DOC017", workbook=opened.name, field=path, form=definition.label)
        for path in context.required if "[]" not in path and path not in opened.uses
    ]


def _pressed(
    definition: Definition, asked: str, context: Context, desk: Desk, opened: Template, entry: Entry,
    state: str,
) -> Planned:
    """The document with the job that makes its paper."""
    day = entry.issued_at.date()
    values = {**context.values, "单据编号": entry.document_no, "签发日期": long_date(day)}
    values |= {each.name: long_date(day) for each in definition.computed if each.kind == "date"}
    target = "" if desk.apart else str((desk.out / entry.file).absolute())
    job = Job(
        entry.document_no, values, f"{definition.name} {entry.document_no}", day, context.required, target
    )
    return Planned(asked, entry, state, desk.source(definition, opened), job)


def _again(
    definition: Definition, asked: str, context: Context, desk: Desk, opened: Template, earlier: Entry,
) -> tuple[Planned | None, list[Finding]]:
    """The document made earlier of the same inputs: left as it is, or made once more if its file is gone."""
    if not earlier.sha256:  # planned in this very batch
        return Planned(asked, earlier, "unchanged"), []
    path = desk.out / earlier.file
    if not path.is_file():
        return _pressed(definition, asked, context, desk, opened, earlier, "restored"), []
    where = {"workbook": Path(earlier.file).name, "key": earlier.row_key}
    try:
        same = hashlib.sha256(path.read_bytes()).hexdigest() == earlier.sha256
    except OSError as error:
        return None, [finding("DOC040", workbook=path.name, why=reason(error))]
    note = finding(
        "DOC041" if same else "DOC042", **where, number=earlier.document_no, file=earlier.file
    )
    return Planned(asked, earlier, "unchanged"), [note]


def _promised(
    definition: Definition, asked: str, context: Context, desk: Desk, opened: Template, entry: Entry,
    inputs: str,
) -> tuple[Planned, list[Finding]]:
    """A document of a broken batch: the paper that was finished, or the one still to be made under its number."""
    same = (entry.template_version, entry.inputs_sha256) == (opened.version, inputs)
    finished = kept(desk, entry)
    if finished:
        said = [] if same else [finding("BAT007", key=entry.row_key, number=entry.document_no)]
        return Planned(asked, finished, "new"), said
    if same:
        return _pressed(definition, asked, context, desk, opened, entry, "new"), []
    fresh = replace(
        entry, template=opened.name, template_version=opened.version, inputs_sha256=inputs,
        source_rows=source_rows(context.sources), customer_name=context.customer,
    )
    said = [finding("BAT006", key=entry.row_key, number=entry.document_no)]
    return _pressed(definition, asked, context, desk, opened, fresh, "new"), said


def kept(desk: Desk, entry: Entry) -> Entry | None:
    """The entry of a paper that a broken batch finished; None where it must be made.

    A file that the journal does not call finished, or that a power cut tore, is made anew; one that was finished and
    is whole but different was changed by hand since and is left alone.
    """
    path = desk.out / entry.file
    sha256 = desk.resumed.done.get(entry.document_no, "") if desk.resumed else ""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if sha256 and (hashlib.sha256(data).hexdigest() == sha256 or is_whole(path)):
        return replace(entry, sha256=sha256)
    if not is_whole(path):
        path.unlink()
    return None
