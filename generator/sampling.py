"""Picks a few rows of each kind to show what its papers look like: the most urgent that can be made."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator import contexts
from generator.states import parts_of
from generator.subjects import against, subjects
from macros.periods import day_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from generator.definitions import Definition
    from generator.subjects import Subject
    from macros.clocks.item import Item
    from macros.register import Register


def sampled(
    register: Register, definition: Definition, items: Sequence[Item], today: dt.date, each: int,
) -> list[str]:
    """Keys of ``each`` papers of every template the definition has.

    Rows the board calls for come first, the deadlines around today leading; of a kind that no row is complete for, the
    first ready ones are given all the same, so that the reasons against them are told.

    Args:
        register: all tables.
        definition: the kind of document.
        items: the board.
        today: the day of issue.
        each: how many of a template.
    """
    called = _called(definition, items, today)
    ready = [s for s in subjects(register, definition, today) if not against(register, definition, s, today)]
    ready.sort(key=lambda subject: called.get(parts_of(subject.key), len(called)))
    wanted = {definition.template: each} | {variant.template: each for variant in definition.variants}
    counted = Counter[str]()
    keys: list[str] = []
    for subject in dict.fromkeys(ready):
        template = _template(register, definition, subject, today)
        if template and counted[template] < wanted[template]:
            counted[template] += 1
            keys.append(subject.key)
        if counted == wanted:
            break
    return keys or list(dict.fromkeys(subject.key for subject in ready))[:each]


def _called(definition: Definition, items: Sequence[Item], today: dt.date) -> dict[frozenset[str], int]:
    """The parts of the keys the board calls for with this paper, ranked by how near today their deadlines are."""
    due = sorted(
        (abs(day_of(item.due) - today), item.key) for item in items
        if item.due and item.state in ("open", "late") and item.clock in definition.due
    )
    return {key: rank for rank, key in enumerate(dict.fromkeys(parts_of(key) for _, key in due))}


def _template(register: Register, definition: Definition, subject: Subject, today: dt.date) -> str:
    """The template a complete row is printed with; empty when something required is missing."""
    context, _ = contexts.build(register, definition, subject, today=today, settings={})
    return context.template if context else ""
