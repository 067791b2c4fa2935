"""All workbooks of a month's run, one after the other: every operator's wide list, then the control workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.names import safe_name
from macros.billing.movement import movement
from macros.findings import finding
from macros.monthly.control import control_book
from macros.monthly.wide import wide_list
from macros.monthly.wide_rows import WideRows
from macros.monthly.words import control, wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.findings import Finding
    from macros.monthly.given import MonthRun
    from macros.monthly.wide import WideList


def books(run: MonthRun, findings: list[Finding]) -> Iterator[tuple[str, bytes]]:
    """Each workbook's place below the month's folder and its content; the same run always gives the same bytes.

    Args:
        run: the month.
        findings: takes one for every check of the control workbook that does not hold (MON001).

    Raises:
        Refused: a value that no cell can hold.
    """
    rows = WideRows(run)
    lists: dict[str, WideList] = {}
    for account in run.accounts:
        made = wide_list(run, account, rows)
        lists[account.operator] = made._replace(content=b"")
        yield f"{wide()['folder']}/{_legal(made.name)}", made.content
    move = movement(run.before, run.bill, run.accounts, run.tariff) if run.before else None
    told = control_book(run, lists, move)
    name = _legal(told.name)
    findings += [
        finding(
            "MON001", workbook=name, sheet=control()["sheet"]["checks"]["title"], key=one.operator,
            check=control()["check"][one.name], left=one.left, right=one.right, value=one.left - one.right,
        ) for one in told.checks if not one.holds
    ]
    yield name, told.content


def _legal(name: str) -> str:
    """A file name any system takes: a city's name is the user's own words."""
    stem, _, suffix = name.rpartition(".")
    return f"{safe_name(stem)}.{suffix}"
