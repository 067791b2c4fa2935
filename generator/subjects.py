"""Names what each document is about: one register row, or a group of rows with the same values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.joins import link
from generator.states import belongs, reasons
from macros.forms import forms

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from generator.definitions import Definition
    from macros.records import Record, Value
    from macros.register import Register


_PERIOD = re.compile(r"\d{4}-W?\d\d")
#: How a blank reads in a group's key: its rows are a group too, so that none is lost.
_UNSAID = "未填"


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What one document is about. ``key`` is the row's own number, or a group's values with a slash between them."""

    key: str
    rows: tuple[Record, ...]


def subjects(register: Register, definition: Definition, today: dt.date) -> list[Subject]:
    """Everything the definition could make a document of, whether it is offered or not, in sheet order."""
    rows = [
        record for record in register.rows(definition.table)
        if not definition.where or belongs(definition, link(register, definition, record, today))
    ]
    if not definition.group:
        return [Subject(record.key, (record,)) for record in rows]
    groups: dict[tuple[Value, ...], list[Record]] = {}
    for record in rows:
        groups.setdefault(tuple(record[name] for name in definition.group), []).append(record)
    return [
        Subject("/".join(_UNSAID if value is None else str(value) for value in values), tuple(records))
        for values, records in groups.items()
    ]


def against(register: Register, definition: Definition, subject: Subject, today: dt.date) -> list[str]:
    """Why the document is not offered yet, each reason once; of a group every row must be ready."""
    said = [reasons(definition, link(register, definition, record, today)) for record in subject.rows]
    return list(dict.fromkeys(reason for each in said for reason in each))


def by_key(definition: Definition, known: list[Subject]) -> dict[str, list[Subject]]:
    """Subjects by every number people ask for them with.

    Their own key first; else that of a row they refer to (an order by its demand), their month or one part of their
    key (all that concerns one customer), and for groups the key of any of their rows.
    """
    own: dict[str, list[Subject]] = {}
    other: dict[str, list[Subject]] = {}
    form = forms()[definition.table]
    parts = definition.group or form.key
    naming = {column.name for column in form.columns if column.refers or column.type == "month"} | {*parts}
    codes = {column.name for column in form.columns if column.type == "code"}
    naming |= {ours for join in definition.joins for _, ours in join.on if ours in codes}
    for subject in known:
        own.setdefault(subject.key, []).append(subject)
        names = {record.text(name) for record in subject.rows for name in naming}
        if definition.group:
            names |= {record.key for record in subject.rows}
        for name in names - {"", subject.key}:
            other.setdefault(name, []).append(subject)
    return {**other, **own}


def asked(index: Mapping[str, list[Subject]], key: str) -> list[Subject]:
    """The subjects a key asks for; none when nobody knows it.

    The board names recurring duties by whom and when, 移动 2026-10: those subjects answer to every part. A period
    the table knows nothing of, as for a list of what runs at its end, narrows nothing.
    """
    if key in index:
        return index[key]
    parts = key.replace("/", " ").split()
    known = [part for part in parts if part in index]
    if not known or any(part not in index and not _PERIOD.fullmatch(part) for part in parts):
        return []
    first, *others = [index[part] for part in known]
    return [subject for subject in first if all(subject in each for each in others)]
