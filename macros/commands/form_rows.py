"""What papers print besides the register's own rows: charges, proposals, milestones and what the board says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.commands.days import calendar_of
from macros.commands.judging import judged
from macros.commands.times import moment
from macros.forms import forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.definitions import Definition
    from generator.states import DueOf
    from macros.clocks.item import Item
    from macros.commands.shelf import Shelf
    from macros.register import Register

#: The paper that proposes the price of a renewal: where the lease holds none, it is computed and kept.
_PROPOSES = "3.12"
#: Months that a key may name.
_MONTHS = re.compile(r"(?<!\d)20\d\d-(?:0[1-9]|1[0-2])(?!\d)")


def board_of(register: Register, now: str | None, clocks: Sequence[str] | None = None) -> list[Item]:
    """The board, or what it says of the named clocks."""
    if clocks is not None and not clocks:
        return []
    return judged(register, moment(now), clocks).items


def filled_in(
    shelf: Shelf, register: Register, orders: Sequence[tuple[Definition, list[str] | None]], now: str | None,
) -> Register:
    """The register with what papers of these kinds print and nobody types: charges, proposals, milestones, meetings."""
    if any(definition.table == "charge" for definition, _ in orders):
        from macros.commands.bill.reckoning import charged

        asked = [keys for definition, keys in orders if definition.table == "charge"]
        months = [part for keys in asked for key in keys or () for part in _MONTHS.findall(key)]
        register = charged(register, moment(now), months)
    proposing = [keys for definition, keys in orders if definition.code == _PROPOSES]
    if proposing:
        from macros.commands.expiring import fill

        wanted = None if None in proposing else {key for keys in proposing for key in keys or ()}
        register = fill(shelf, register, wanted, moment(now))
    if any(each.table == "milestone" for definition, _ in orders for each in definition.lists):
        from macros.commands.scheduling import refresh

        register = refresh(shelf, register, moment(now).date())
    meeting = [keys for definition, keys in orders if definition.table == "meeting" and _worked_out(definition)]
    if meeting:
        from macros.commands.reports.meeting_pack import filled

        named = None if None in meeting else {key for keys in meeting for key in keys or ()}
        register = filled(register, named, moment(now))
    return register


def _worked_out(definition: Definition) -> bool:
    """Whether a paper lists rows that stand in no workbook."""
    return any(not forms()[each.table].workbook for each in definition.lists)


def due_of(register: Register, items: Sequence[Item]) -> DueOf:
    """When clocks fall due, as the board says, with the limits it cannot know yet."""
    from generator.states import due_from
    from macros.clocks.limits import Memory
    from macros.clocks.settings import switches

    return due_from(items, Memory(calendar_of(register), switches(register.settings)))
