"""Writes the workbooks of a month's run beside its papers, and never over one that was issued."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from generator.files import holds
from generator.hands import ALONE, Line
from macros.commands.books import write
from macros.findings import finding
from macros.hosts import Refused
from macros.progress import steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from generator.hands import Hands
    from macros.findings import Finding
    from macros.monthly.books import Tied
    from macros.monthly.given import MonthRun
    from macros.monthly.wide import WideList
    from macros.monthly.wide_rows import WideRows


class Written(NamedTuple):
    """The workbooks that are there now, and what was found."""

    books: list[Path]
    findings: list[Finding]


#: What forked workers hold: the month, and what all its lists share.
_shared: list[tuple[MonthRun, WideRows]] = []


def write_lists(
    run: MonthRun, place: Path, hands: Hands, *, issued: bool,
) -> tuple[Mapping[str, WideList], Written]:
    """Write every operator's wide list below ``place``; what cannot be written is a finding and the others follow.

    Args:
        run: the month; its papers need not be made.
        place: the month's folder.
        hands: who makes the lists: workers only where they hold what we hold, since handing a month over costs as
            much as its lists.
        issued: whether the month has been issued: its workbooks stay as they are, and only missing ones are written.
            Those of a run that was broken off are no issued ones and are written anew.

    Returns:
        What stands in each list, by operator, and the workbooks.

    Raises:
        Cancelled: the user has had enough; what is written stays.
    """
    from macros.monthly.wide_rows import WideRows

    lists: dict[str, WideList] = {}
    _shared[:] = [(run, WideRows(run))]
    # The largest first, so that no worker is left with it when the others are done.
    order = sorted(range(len(run.accounts)), key=lambda place: -len(run.accounts[place].lines))
    near = hands if hands.near else ALONE

    def made() -> Iterator[tuple[str, bytes]]:
        line: Line[int, tuple[str, WideList]] = Line(near, _list)
        with steps(len(order), "份") as begin:
            for operator, (name, found) in line.results((run.accounts[at].operator, at) for at in order):
                lists[operator] = found._replace(content=b"")
                begin(name)
                yield name, found.content

    try:
        written = _write_all(made(), place, issued=issued)
    finally:
        _shared.clear()
    return lists, Written(sorted(written.books), written.findings)


def _list(account: int) -> tuple[str, WideList]:
    from macros.monthly.books import list_of

    run, rows = _shared[0]
    return list_of(run, run.accounts[account], rows)


def write_control(run: MonthRun, tied: Tied, place: Path, *, issued: bool) -> Written:
    """Write the control workbook below ``place``; what does not tie is a finding (MON001).

    Args:
        run: the month, its papers made.
        tied: its checks, from `macros.monthly.books.tie`.
        place: the month's folder.
        issued: as for `write_lists`.
    """
    from macros.monthly.books import control_of

    try:
        name, content, findings = control_of(run, tied)
    except Refused as refused:
        return Written([], [refused.finding])
    made = _write_all([(name, content)], place, issued=issued)
    return Written(made.books, [*findings, *made.findings])


def _write_all(made: Iterable[tuple[str, bytes]], place: Path, *, issued: bool) -> Written:
    there: list[Path] = []
    findings: list[Finding] = []
    try:
        for name, content in made:
            path = place / name
            if issued and path.is_file():
                if not holds(path, content):
                    findings.append(finding("MON002", workbook=path.name, value=path.name))
                there.append(path)
                continue
            said = write(path, content)
            findings += said
            there += [] if said else [path]
    except Refused as refused:
        findings.append(refused.finding)
    return Written(there, findings)


def back_to(folder: Path, place: Path) -> str:
    """The way from the month's folder to the register's, for links; empty where there is none, as between drives."""
    try:
        return os.path.relpath(folder.resolve(), place.resolve()).replace(os.sep, "/")
    except ValueError:
        return ""
