"""The workbooks of a month's run: every operator's wide list, then the control workbook that ties them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.names import safe_name
from macros.billing.movement import movement
from macros.monthly.checks import checks, stops, with_papers
from macros.monthly.control import control_book
from macros.monthly.figures import invoices
from macros.monthly.wide import wide_list
from macros.monthly.words import wide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.billing.accounts import Account
    from macros.billing.movement import Movement
    from macros.findings import Finding
    from macros.monthly.checks import Check
    from macros.monthly.given import MonthRun
    from macros.monthly.wide import WideList
    from macros.monthly.wide_rows import WideRows


class Tied(NamedTuple):
    """A run's checks but for that of its papers, and the way from the month issued before, where there is one."""

    checks: Sequence[Check]
    move: Movement | None


def list_of(run: MonthRun, account: Account, rows: WideRows) -> tuple[str, WideList]:
    """One operator's wide list and its place below the month's folder.

    Raises:
        Refused: a value that no cell can hold.
    """
    made = wide_list(run, account, rows)
    return f"{wide()['folder']}/{_legal(made.name)}", made


def tie(run: MonthRun, lists: Mapping[str, WideList]) -> Tied:
    """Make the checks that need no paper: `macros.monthly.checks.stops` says which of them keep it from being issued.

    Args:
        run: the month; its papers need not be made.
        lists: what stands in each operator's wide list.
    """
    move = movement(run.before, run.bill, run.accounts, run.tariff) if run.before else None
    return Tied(checks(run, lists, invoices(run), move), move)


def control_of(run: MonthRun, tied: Tied) -> tuple[str, bytes, list[Finding]]:
    """The control workbook's name and content, and a finding for every check that does not hold (MON001).

    Args:
        run: the month, its papers made.
        tied: its other checks.

    Raises:
        Refused: a value that no cell can hold.
    """
    held = with_papers(run, tied.checks)
    told = control_book(run, held, tied.move)
    name = _legal(told.name)
    return name, told.content, stops(held, name)


def _legal(name: str) -> str:
    """A file name any system takes: a city's name is the user's own words."""
    stem, _, suffix = name.rpartition(".")
    return f"{safe_name(stem)}.{suffix}"
