"""All workbooks of a month's run, one after the other: every operator's wide list, then the control workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.names import safe_name
from macros.billing.movement import movement
from macros.monthly.checks import checks, stops
from macros.monthly.control import control_book
from macros.monthly.figures import invoices
from macros.monthly.wide import wide_list
from macros.monthly.wide_rows import WideRows
from macros.monthly.words import wide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from macros.billing.movement import Movement
    from macros.findings import Finding
    from macros.monthly.checks import Check
    from macros.monthly.given import MonthRun
    from macros.monthly.wide import WideList


def books(run: MonthRun, findings: list[Finding]) -> Iterator[tuple[str, bytes]]:
    """Each workbook's place below the month's folder and its content; the same run always gives the same bytes.

    Args:
        run: the month, its papers made.
        findings: takes one for every check of the control workbook that does not hold (MON001).

    Raises:
        Refused: a value that no cell can hold.
    """
    lists: dict[str, WideList] = {}
    yield from list_books(run, lists)
    name, content, said = control_of(run, lists)
    findings += said
    yield name, content


def list_books(run: MonthRun, lists: dict[str, WideList]) -> Iterator[tuple[str, bytes]]:
    """Each operator's wide list; they do not depend on the papers.

    Args:
        run: the month.
        lists: takes what stands in each, by operator.

    Raises:
        Refused: a value that no cell can hold.
    """
    rows = WideRows(run)
    for account in run.accounts:
        made = wide_list(run, account, rows)
        lists[account.operator] = made._replace(content=b"")
        yield f"{wide()['folder']}/{_legal(made.name)}", made.content


def held_before(run: MonthRun, lists: Mapping[str, WideList]) -> list[Check]:
    """The checks that can be made before any paper is: `macros.monthly.checks.stops` says what keeps it from that."""
    return checks(run, lists, invoices(run), _moved(run))


def control_of(run: MonthRun, lists: Mapping[str, WideList]) -> tuple[str, bytes, list[Finding]]:
    """The control workbook's name and content, and a finding for every check that does not hold (MON001).

    Raises:
        Refused: a value that no cell can hold.
    """
    told = control_book(run, lists, _moved(run))
    name = _legal(told.name)
    return name, told.content, stops(told.checks, name)


def _moved(run: MonthRun) -> Movement | None:
    """The way from the month issued before, where there is one."""
    return movement(run.before, run.bill, run.accounts, run.tariff) if run.before else None


def _legal(name: str) -> str:
    """A file name any system takes: a city's name is the user's own words."""
    stem, _, suffix = name.rpartition(".")
    return f"{safe_name(stem)}.{suffix}"
