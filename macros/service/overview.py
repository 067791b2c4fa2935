"""Everything the overview of service shows at a moment: running cases, supervision, months, call-backs, owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.board import instant
from macros.months import first_of, last_of, previous
from macros.service.cases import cases
from macros.service.counts import counted, grouped
from macros.service.owners import handovers, owner
from macros.service.rules import rules
from macros.service.sampling import callbacks, sample
from macros.service.steps import next_step, step_clocks
from macros.service.supervision import supervised

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from macros.records import Record
    from macros.register import Register
    from macros.service.cases import Case
    from macros.service.counts import ServiceMonth
    from macros.service.owners import Owner
    from macros.service.steps import Step
    from macros.service.supervision import Supervised
    from macros.workdays import Calendar


class Running(NamedTuple):
    """A case that still needs something, the step, and who owns it."""

    case: Case
    step: Step
    owner: Owner


class Overview(NamedTuple):
    """The overview at a moment; ``months`` ends with the month asked for, ``sampled`` are the call-backs proposed."""

    at: dt.datetime
    month: str
    months: Mapping[str, ServiceMonth]
    running: Sequence[Running]
    supervised: Sequence[Supervised]
    sampled: Sequence[Case]
    called: Sequence[tuple[Case, Record]]
    handed: Sequence[tuple[Case, Record]]

    @property
    def counts(self) -> ServiceMonth:
        """The month asked for."""
        return self.months[self.month]


def overview(register: Register, calendar: Calendar, at: dt.datetime, month: str) -> Overview:
    """Look at all cases once.

    Args:
        register: the tables.
        calendar: the working days.
        at: the moment; what is dated later is not yet known.
        month: the month of the figures, ``2026-11``.
    """
    said = rules()["supervision"]
    found = cases(register, calendar, at, clocks=(*step_clocks(), said["clock"], said["missed"]))
    running = [
        Running(case, step, owner(register, case.record, at))
        for case in found if (step := next_step(case, at)) is not None
    ]
    running.sort(key=lambda one: (
        one.step.item is None or one.step.item.due is None,
        instant(one.step.item)[1] if one.step.item else one.case.asked, one.case.asked, one.case.key,
    ))
    latest = callbacks(register)
    in_hand = {one.case.record.place for one in running}
    shown = [case for case in found if case.month == month or case.record.place in in_hand]
    return Overview(
        at, month, _months(found, at, month), running, supervised(found, register, calendar, at), sample(found, month),
        [
            (case, row) for case in found if (row := latest.get(case.key)) is not None
            and (on := row.date("called_on")) and f"{on:%Y-%m}" == month and on <= at.date()
        ],
        [(case, row) for case in shown for row in handovers(register, case.key, at)],
    )


def _months(found: Sequence[Case], at: dt.datetime, month: str) -> dict[str, ServiceMonth]:
    """The trend's months by name, the oldest first."""
    groups = grouped(found, lambda case: case.month)
    names = [previous(month, back) for back in reversed(range(rules()["trend_months"]))]
    return {name: counted(groups.get(name, []), first_of(name), last_of(name), at) for name in names}
