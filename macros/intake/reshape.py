"""Cuts sheets into the register's shape: tables under each other, a pair of coordinates, a day beside a time."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from macros.findings import finding
from macros.intake.headings import compact, shown, spellings, top_rows, words
from macros.records import column_letter
from macros.values import Unreadable, read_date, read_moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.findings import Finding
    from macros.forms import Form
    from macros.hosts import Sheet
    from macros.intake.headings import Heading
    from macros.records import Cell

_PAIR = re.compile(r"\s*[(（]?\s*([^,，;；、/\s]+)\s*[,，;；、/\s]\s*([^,，;；、/\s]+?)\s*[)）]?\s*")
#: Any day: only the time of day is read after it.
_SOME_DAY = "2000-01-01"

#: A data row: its sheet row and its cells.
_Row = tuple[int, "Sequence[Cell]"]


def stacked(sheet: Sheet, vocabulary: frozenset[str]) -> list[Sheet]:
    """The tables of a sheet that stand under each other, each as a sheet of its own with its rows where they were.

    A table begins with a row of known headings, not those of the table above, after a blank row; between the two
    only lines of one text may stand, its titles.
    """
    least, deep = words()["sheets"]["least_columns"], words()["headings"]["most_rows"]
    starts, blank = [0], -1
    headings: set[str] = set()
    for number, row in enumerate(sheet.rows):
        if headings and blank < 0 and any(map(shown, row)):
            continue
        texts = {text for text in map(shown, row) if text}
        if not texts:
            blank = number
        elif len(texts) > 1:
            known = {text for text in texts if any(word in vocabulary for word in spellings(text))}
            if len(known) >= least and len(known) * 2 > len(texts):
                if headings and not known <= headings:
                    starts.append(blank + 1)
                    headings = set()
                block = takewhile(lambda below: any(map(shown, below)), sheet.rows[number : number + deep])
                headings |= {text for below in block for text in map(shown, below)}
            blank = -1
    if len(starts) == 1:
        return [sheet]
    return [
        replace(
            sheet, rows=[[] for _ in range(first)] + sheet.rows[first:last],
            merges=[merge for merge in sheet.merges if first < merge[0] <= last],
        )
        for first, last in zip(starts, [*starts[1:], len(sheet.rows)], strict=True)
    ]


def split_pairs(sheet: Sheet) -> Sheet:
    """The sheet with a column of coordinate pairs (经纬度) as two: longitudes in its place, latitudes behind all else.

    A sheet that has a column of longitudes besides is left as it is.
    """
    settings = words()["pairs"]
    named = set(map(compact, settings["headings"]))
    top = sheet.rows[: top_rows(sheet)]
    texts = (cell for row in top for cell in row if isinstance(cell, str))
    if any(compact(shown(text)).endswith(settings["parts"][0]) for text in texts):
        return sheet
    for number, row in enumerate(top):
        column = next((c for c, cell in enumerate(row) if isinstance(cell, str) and compact(shown(cell)) in named), -1)
        if column < 0:
            continue
        below = [line[column] for line in sheet.rows[number + 1:] if column < len(line) and line[column] is not None]
        pairs = sum(isinstance(cell, str) and _PAIR.fullmatch(cell) is not None for cell in below)
        if not below or pairs * 2 < len(below):
            return sheet
        width = max(map(len, sheet.rows))
        rows = [list(line) for line in sheet.rows]
        for position, line in enumerate(rows[number:], number):
            cell = line[column] if column < len(line) else None
            found = _PAIR.fullmatch(cell) if isinstance(cell, str) else None
            both = settings["parts"] if position == number else found.groups() if found else None
            if both:
                line += [None] * (width - len(line)) + [both[1]]
                line[column] = both[0]
        return replace(sheet, rows=rows)
    return sheet


def join_days(
    form: Form, columns: Mapping[str, Heading], spare: Sequence[Heading], data: Sequence[_Row], file: str, sheet: str,
) -> tuple[list[_Row], list[Finding]]:
    """Rows whose times of day are joined with the day that stands in a column of its own, and a note of it.

    A time before the one it follows in the form is on the next day: a run from 22:00 to 02:00 crosses midnight.

    Args:
        form: the form the rows feed.
        columns: the headings of its columns.
        spare: the headings of no column, among which the day's is looked for.
        data: the rows.
        file: the file's name, for the note.
        sheet: the sheet's title, for the note.
    """
    named = set(map(compact, words()["days"]["headings"]))
    day_of = next((heading for heading in spare if compact(heading.parts[-1]) in named), None)
    moments = [(c.name, columns[c.name].column) for c in form.columns if c.type == "moment" and c.name in columns]
    if day_of is None or not moments:
        return list(data), []
    joined: list[_Row] = []
    cells = []
    for number, row in data:
        made = _joined(row, day_of.column, [column for _, column in moments])
        if made:
            cells.append(f"{column_letter(moments[0][1])}{number}")
        joined.append((number, made or row))
    if not cells:
        return joined, []
    return joined, [finding(
        "INT041", workbook=file, sheet=sheet, cell=cells[0], field=columns[moments[0][0]].text, day=day_of.text,
        rows=len(cells),
    )]


def _joined(row: Sequence[Cell], day_column: int, columns: Sequence[int]) -> list[Cell] | None:
    """The row with its times of day made moments; None where there are none, or no day."""
    times = {c: time for c in columns if c <= len(row) and (time := _time(row[c - 1])) is not None}
    if not times or day_column > len(row):
        return None
    try:
        day = read_date(row[day_column - 1])
    except Unreadable:
        return None
    if day is None:
        return None
    made = list(row)
    last = dt.datetime.min
    for column, time in times.items():
        moment = dt.datetime.combine(day, time)
        if moment < last:
            moment += dt.timedelta(days=1)
        made[column - 1] = last = moment
    return made


def _time(cell: Cell) -> dt.time | None:
    """The time of day of a cell that holds nothing else."""
    if isinstance(cell, dt.time):
        return cell
    if not isinstance(cell, str):
        return None
    try:
        read_moment(cell)
    except Unreadable as refusal:
        if refusal.code != "VAL018":
            return None
    else:
        return None
    moment = read_moment(f"{_SOME_DAY} {cell.strip()}")
    return moment.time() if moment else None
