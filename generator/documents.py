"""Makes documents: finds the rows asked for, those that are ready, and what keeps the others back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator import contexts
from generator.issuing import TEMPLATES, Desk, Issued, issue
from generator.joins import link
from generator.states import outside
from generator.subjects import Subject, against, asked, by_key, subjects
from macros.findings import Finding, finding
from macros.forms import forms
from macros.progress import Cancelled, watched

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.definitions import Definition
    from generator.ledger import Ledger
    from generator.states import DueOf
    from macros.records import Record
    from macros.register import Register


@dataclass(frozen=True, slots=True)
class Withheld:
    """A document that was asked for and not made, with the reasons."""

    form: str
    key: str
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, object]:
        """As ``form --json`` prints it."""
        return {"form": self.form, "key": self.key, "findings": [found.as_json() for found in self.findings]}


def produce(
    register: Register, definition: Definition, keys: Iterable[str] | None, *, out: Path, now: dt.datetime,
    settings: Mapping[str, str], issued: Ledger, templates: Sequence[Path] = (TEMPLATES,), due: DueOf | None = None,
) -> tuple[list[Issued], list[Withheld], list[Finding]]:
    """Make the documents of one kind.

    Args:
        register: all tables.
        definition: the kind of document.
        keys: numbers asked for, of the row itself or of one it refers to; None makes all that are offered, and
            passes over rows that are not ready.
        out: folder for the files.
        now: the moment of issue.
        settings: the register's settings; 公司名称, 城市, 城市简称 and 客户经理 are used here.
        issued: the document register; new papers are entered in it.
        templates: folders searched for templates in turn.
        due: gives clocks' due dates for computed ``clock`` values.

    Returns:
        Documents (new or already there), documents withheld, and what else there is to know.
    """
    batch = work(register, [(definition, keys)], Desk(out, now, settings, issued, templates), due)
    return batch.made, batch.withheld, batch.findings


@dataclass(slots=True)
class Batch:
    """What became of the documents asked for; ``left`` were not begun because the user cancelled."""

    made: list[Issued] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Order:
    """A document to make: its kind, the number it was asked by and the rows it is about."""

    definition: Definition
    key: str
    subject: Subject

    def doing(self) -> str:
        return f"生成 {self.definition.label} {self.subject.key}"


def work(
    register: Register, asked_for: Sequence[tuple[Definition, Iterable[str] | None]], desk: Desk,
    due: DueOf | None = None,
) -> Batch:
    """Make the documents of any number of kinds; see `produce` for the keys.

    Whoever listens (`macros.progress`) is told of each document, and may end the batch before the next one.
    """
    batch = Batch(findings=contexts.missing_settings(desk.settings) if asked_for else [])
    orders = [order for definition, keys in asked_for for order in _orders(register, definition, keys, desk, batch)]
    try:
        for order in watched(orders, len(orders), _Order.doing, unit="份"):
            _make(register, order, desk, due, batch)
    except Cancelled as cancelled:
        batch.left = cancelled.left
        batch.findings.append(finding("ADD401", done=cancelled.done, left=cancelled.left))
    return batch


def _orders(
    register: Register, definition: Definition, keys: Iterable[str] | None, desk: Desk, batch: Batch,
) -> Iterator[_Order]:
    """The documents to make of one kind; rows asked for that are not there or not ready are withheld."""
    today = desk.now.date()
    wanted, missing = _wanted(register, definition, keys, desk)
    batch.withheld += missing
    for key, subject in wanted:
        reasons = against(register, definition, subject, today)
        if not reasons:
            yield _Order(definition, key, subject)
        elif keys is not None:
            why = _not_ready(definition, subject.rows[0], key, reasons)
            batch.withheld.append(Withheld(definition.code, key, (why,)))


def _make(register: Register, order: _Order, desk: Desk, due: DueOf | None, batch: Batch) -> None:
    definition, key = order.definition, order.key
    context, said = contexts.build(
        register, definition, order.subject, today=desk.now.date(), settings=desk.settings, due=due
    )
    batch.findings += [found for found in said if found.severity != "error"]
    if context is None:
        errors = tuple(found for found in said if found.severity == "error")
        batch.withheld.append(Withheld(definition.code, key, errors))
        return
    document, said = issue(definition, order.subject.key, context, desk)
    if document is None:
        batch.withheld.append(Withheld(definition.code, key, tuple(said)))
    else:
        batch.findings += said
        batch.made.append(Issued(key, document.entry, document.state))


def _wanted(
    register: Register, definition: Definition, keys: Iterable[str] | None, desk: Desk,
) -> tuple[list[tuple[str, Subject]], list[Withheld]]:
    """The subjects asked for with the key each was asked by, once each, and the keys nobody knows."""
    today = desk.now.date()
    if keys is None:
        return [(subject.key, subject) for subject in subjects(register, definition, today)], []
    seen = (register, definition.code)
    if seen not in desk.indexes:
        desk.indexes[seen] = by_key(definition, subjects(register, definition, today))
    index = desk.indexes[seen]
    wanted: dict[int, tuple[str, Subject]] = {}
    withheld = []
    for key in dict.fromkeys(keys):
        found = asked(index, key)
        for subject in found:
            wanted.setdefault(id(subject), (key, subject))
        if not found:
            withheld.append(Withheld(definition.code, key, (_unknown(register, definition, key, today),)))
    return list(wanted.values()), withheld


def _unknown(register: Register, definition: Definition, key: str, today: dt.date) -> Finding:
    """Why a key makes no document: its row is none the document is for, or there is no such row."""
    table = forms()[definition.table]
    record = register.find(definition.table, key)
    if record:
        return _not_ready(definition, record, key, outside(definition, link(register, definition, record, today)))
    return finding("DOC024", workbook=table.file, sheet=table.title, key=key, form=definition.label, table=table.title)


def _not_ready(definition: Definition, record: Record, key: str, reasons: list[str]) -> Finding:
    column = record.form.key[0]
    return finding(
        "DOC023", workbook=record.place.workbook, sheet=record.place.sheet, cell=record.cell(column), key=key,
        form=definition.label, why="；".join(reasons),
    )
