"""Reads the lists of a returned Word form: heading rows, rows under them, cells that answer several headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.intake.headings import spellings, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from macros.intake.docx_text import Span
    from macros.intake.layouts import Layout

_EMPTY = re.compile(r"[\s_＿　年月日时分:：/—–-]*")
_BETWEEN = re.compile(r"[ 　\t]*[，,；;、][ 　\t]*|[ 　\t]+")

#: One filled-in record: label as in the form → value as written.
Filled = dict[str, str]


def title_of(text: str, known: dict[str, str]) -> str:
    """The column title a label stands for; empty when it is no label."""
    text = text.strip().rstrip(":：")
    if not text or len(text) > 40:
        return ""
    for part in (text, text.split("_")[-1]):
        for word in spellings(part):
            if word in known:
                return known[word]
    return ""


def value_of(text: str) -> str:
    """What was written: without the printed blanks, and of tick boxes the ticked words."""
    checked, unchecked = words()["word"]["checked"], words()["word"]["unchecked"]
    if any(sign in text for sign in checked + unchecked):
        ticked = re.findall(rf"[{checked}]\s*([^\s{checked}{unchecked}]+)", text)
        if ticked or any(sign in text for sign in unchecked):
            return "、".join(ticked)
    return "" if _EMPTY.fullmatch(text) else text.strip().strip("_＿").strip()


def is_heading_row(row: Sequence[Span], known: dict[str, str]) -> bool:
    """Whether a row holds as many known labels as a list's headings do."""
    titles = {title for span in row for title in _titles(span.text, known)}
    least: int = words()["word"]["list_labels"]
    return len(titles) >= least


def _titles(text: str, known: dict[str, str]) -> tuple[str, ...]:
    """The columns a heading stands for: one, or one for each of its lines; none when it is no heading."""
    whole = title_of(text, known)
    lines = tuple(title_of(line, known) for line in text.split("\n"))
    return (whole,) if whole else lines if all(lines) else ()


def listed(table: Sequence[Sequence[Span]], start: int, known: dict[str, str], layout: Layout) -> list[Filled]:
    """The records under a heading row; a second heading row under merged groups completes it."""
    columns: dict[int, tuple[str, ...]] = {}
    row = start
    while row < len(table) and (row == start or _continues(table[row], known)):
        for span in table[row]:
            titles = _titles(span.text, known)
            if titles and titles not in columns.values():
                columns[span.column] = titles
        row += 1
    plain = {column.title for column in layout.form.columns if column.type == "text"} if layout.form else set()
    records = []
    for spans in table[row:]:
        record = {
            title: value_of(text) for span in spans if span.column in columns
            for title, text in _parts(span.text, columns[span.column], plain)
        }
        if sum(map(bool, record.values())) > 1:
            records.append(record)
    return records


def _parts(text: str, titles: Sequence[str], plain: set[str]) -> Iterator[tuple[str, str]]:
    """What a cell says of each column of its heading, line by line.

    One line for several columns is parted at its blanks or commas, but not where all of them are free text, which has
    blanks and commas of its own.
    """
    if len(titles) == 1:
        return iter([(titles[0], text)])
    lines = text.split("\n", len(titles) - 1)
    if len([line for line in lines if line.strip()]) == 1 and not plain.issuperset(titles):
        parted = _BETWEEN.split(text.strip(), len(titles) - 1)
        lines = parted if len(parted) == len(titles) and lines[0] else lines
    return zip(titles, [*lines, *[""] * (len(titles) - len(lines))], strict=True)


def _continues(row: Sequence[Span], known: dict[str, str]) -> bool:
    """Whether a row still holds headings: cells continued from above, and known labels."""
    return any(span.continued for span in row) and any(title_of(span.text, known) for span in row)
