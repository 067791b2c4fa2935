"""Finds the rows papers are asked for, those that are ready, and decides upon each paper before any is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from generator import contexts
from generator.issuing import Planned, kept
from generator.issuing import plan as planned
from generator.joins import link
from generator.states import outside
from generator.subjects import Subject, against, asked, by_key, subjects
from macros.findings import Finding, finding
from macros.forms import forms
from macros.progress import Cancelled, watched

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from generator.definitions import Definition
    from generator.issuing import Desk
    from generator.states import DueOf
    from macros.records import Record
    from macros.register import Register

#: Kinds of document and the numbers they are asked for by; None asks for all that are ready.
Asked = tuple["Definition", "Iterable[str] | None"]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A document that was asked for and not made, with the reasons."""

    form: str
    key: str
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, object]:
        """As ``form --json`` prints it."""
        return {"form": self.form, "key": self.key, "findings": [found.as_json() for found in self.findings]}


@dataclass(slots=True)
class Plan:
    """The papers to make, in order, with their numbers and files, of ``asked`` that were asked for.

    ``left`` were not looked at: the user cancelled.
    """

    asked: int = 0
    papers: list[Planned] = field(default_factory=list)
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
        return f"准备 {self.definition.label} {self.subject.key}"


def plan(register: Register, asked_for: Sequence[Asked], desk: Desk, due: DueOf | None = None) -> Plan:
    """Decide upon the documents of any number of kinds; nothing is written.

    Whoever listens (`macros.progress`) is told of each document and may end the planning; nothing is made then. A
    single document is planned unseen: it is told of when it is made.
    """
    made = Plan(findings=contexts.missing_settings(desk.settings) if asked_for else [])
    desk.open()
    orders = [order for definition, keys in asked_for for order in _orders(register, definition, keys, desk, made)]
    made.asked = len(orders) + len(made.withheld)
    more = 0
    try:
        for order in watched(orders, len(orders), _Order.doing, unit="行") if len(orders) > 1 else orders:
            more += _decide(register, order, desk, due, made)
    except Cancelled as cancelled:
        made.papers.clear()
        made.left = cancelled.done + cancelled.left
        made.findings.append(finding("ADD401", done=0, left=made.left))
        return made
    if desk.resumed:
        made.asked += _left_over(desk, made) - more
        if more:
            made.findings.append(finding("BAT009", value=more))
    return made


def _orders(
    register: Register, definition: Definition, keys: Iterable[str] | None, desk: Desk, made: Plan,
) -> Iterator[_Order]:
    """The documents to make of one kind; rows asked for that are not there or not ready are withheld."""
    today = desk.now.date()
    wanted, missing = _wanted(register, definition, keys, desk)
    made.withheld += missing
    for key, subject in wanted:
        reasons = against(register, definition, subject, today)
        if not reasons:
            yield _Order(definition, key, subject)
        elif keys is not None:
            why = _not_ready(definition, subject.rows[0], key, reasons)
            made.withheld.append(Withheld(definition.code, key, (why,)))


def _decide(register: Register, order: _Order, desk: Desk, due: DueOf | None, made: Plan) -> bool:
    """Plan one document; gives whether it is none of the broken batch that is being finished."""
    definition, key = order.definition, order.key
    context, said = contexts.build(
        register, definition, order.subject, today=desk.now.date(), settings=desk.settings, due=due,
        uses=partial(desk.uses, definition), pictures=desk.pictures,
    )
    made.findings += [found for found in said if found.severity != "error"]
    if context is None:
        errors = tuple(found for found in said if found.severity == "error")
        made.withheld.append(Withheld(definition.code, key, errors))
        return False
    paper, said = planned(definition, order.subject.key, key, context, desk)
    if paper is None:
        if said:
            made.withheld.append(Withheld(definition.code, key, tuple(said)))
        return not said
    made.findings += said
    made.papers.append(paper)
    return False


def _left_over(desk: Desk, made: Plan) -> int:
    """Papers of the broken batch that the register no longer asks for: those finished stand, the others cannot be.

    Gives how many they are.
    """
    left = [entry for waiting in desk.promised.values() for entry in waiting]
    for entry in left:
        finished = kept(desk, entry)
        if finished:
            made.papers.append(Planned(entry.row_key, finished, "new"))
            made.findings.append(finding("BAT007", key=entry.row_key, number=entry.document_no))
        else:
            said = finding("BAT008", key=entry.row_key, form=entry.name, number=entry.document_no)
            made.withheld.append(Withheld(entry.form_no, entry.row_key, (said,)))
    return len(left)


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
