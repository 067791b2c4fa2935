"""Reads forms that others filled in and sent back as Word documents: 附表3.1, 3.3 and 3.16 (E12)."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from macros.findings import finding
from macros.hosts import Refused, Sheet
from macros.hosts.regular import content
from macros.intake.docx_lists import Filled, is_heading_row, listed, title_of, value_of
from macros.intake.docx_text import Document, Span, read_docx
from macros.intake.headings import compact, words
from macros.intake.layouts import Layout, layouts
from macros.intake.outcome import Outcome, Taken
from macros.intake.taking import take
from macros.values import Unreadable, fold, read_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from macros.findings import Finding
    from macros.intake.held import Known
    from macros.intake.row_findings import Check
    from macros.records import Cell

_PAIR = re.compile(r"([^\s:：]{2,20})[:：][ 　]*([^\t\n]*?)(?=(?:[ 　]{2,}|\t|\n|$))")


def read_form(source: Path | bytes, file: str = "") -> tuple[str, list[Filled], list[Finding]]:
    """Read a returned form.

    Args:
        source: path or content of the .docx.
        file: its name for findings; that of the path when not given.

    Returns:
        id of the layout it is read by ("" when it is no form we know), one dict per record from column title to the
        text written, and findings.
    """
    name = file or (source.name if isinstance(source, Path) else "")
    try:
        data = content(source) if isinstance(source, Path) else source
    except Refused as refused:
        return "", [], [refused.finding]
    document = read_docx(data, name)
    if not isinstance(document, Document):
        return "", [], [document]
    number = _form_number(document)
    if not number:
        return "", [], [finding("INT031", workbook=name)]
    returned = words()["returned"][number]
    layout = layouts()[returned["layout"]]
    said = [finding("INT034", workbook=name, count=document.revisions)] if document.revisions else []
    known = _labels(layout, number)
    pairs: list[tuple[str, str]] = []
    many: list[Filled] = []
    for table in document.tables:
        start = next((i for i, row in enumerate(table) if is_heading_row(row, known)), None)
        if start is None:
            pairs += [pair for row in table for pair in _pairs(row, known)]
        else:
            many += listed(table, start, known, layout)
    pairs += [pair for text in document.paragraphs for pair in _in_text(text, known)]
    crowd = _several(layout, pairs, name)
    if crowd:
        return layout.id, [], [*said, crowd]
    single = _gathered(pairs)
    if "head" in returned:  # the rest of the form speaks of another row
        single = {title: value for title, value in single.items() if title in returned["head"]}
    signed = returned.get("signed")
    if signed and not single.get(signed):
        single[signed] = _signed_on(document)
    if "numbered" in returned:
        _number(many, returned["numbered"])
        single = single if many else {}
    records = [{**single, **one} for one in many] if many else [single] if any(single.values()) else []
    if not records:
        said.append(finding("INT032", workbook=name))
    return layout.id, records, said


def take_form(
    source: Path | bytes, file: str, register: Known, *, check: Check, today: dt.date, customer: str | None = None,
) -> Outcome:
    """Take a returned form in like a sheet of its layout; findings name the form's fields, not cells."""
    layout, records, said = read_form(source, file)
    if not records:
        return Outcome((Taken(file, "", findings=said),))
    titles = list(dict.fromkeys(title for record in records for title in record))
    rows: list[list[Cell]] = [list(titles)]
    rows += [[record.get(title) or None for title in titles] for record in records]
    sheet = Sheet("表单", rows)
    outcome = take([sheet], file, register, check=check, today=today, layout=layout, customer=customer)
    for taken in outcome.taken:
        taken.findings[:] = said + [_placeless(one) for one in taken.findings]
        taken.sheet = ""
    return outcome


def _signed_on(document: Document) -> str:
    """The day the last party signed, ISO; empty while a signature block has no readable date."""
    cells = [span.text for table in document.tables for row in table for span in row]
    days = []
    for text in (*cells, *document.paragraphs):
        if "签字" not in text and "盖章" not in text:
            continue
        for found in re.finditer(r"日\s*期\s*[:：]([^\n\t]*)", text):
            try:
                day = read_date(re.sub(r"\s", "", found[1]))
            except Unreadable:
                day = None
            if day is None:
                return ""
            days.append(day)
    return max(days).isoformat() if days else ""


def _placeless(one: Finding) -> Finding:
    """The finding without the cell, which a Word form does not have."""
    return replace(one, sheet="", cell="", message=one.message.replace(f"{one.sheet} {one.cell}", "", 1))


def _form_number(document: Document) -> str:
    """The annex number printed in the text: 附表3.1, a document number TD-3.1-…, or the form's name."""
    cells = [span.text for table in document.tables for row in table for span in row]
    text = "\n".join((*document.margins, *document.paragraphs, *cells))
    returned = words()["returned"]
    for pattern in (r"TD-(3\.\d+)-", r"附\s*表\s*(3\s*\.\s*\d+)"):
        for found in re.finditer(pattern, text):
            number = re.sub(r"\s", "", found[1])
            if number in returned:
                return number
    plain = re.sub(r"\s", "", text)
    return next((number for number, form in returned.items() if any(name in plain for name in form["names"])), "")


def _labels(layout: Layout, number: str) -> dict[str, str]:
    """Compact label → column title."""
    form = layout.form
    if form is None:
        return {}
    known = {word: form.column(name).title for word, (name, _) in layout.names.items()}
    return known | {compact(word): title for word, title in words()["returned"][number]["labels"].items()}


def _pairs(row: Sequence[Span], known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Label and value in neighbouring cells, or both in one cell."""
    index = 0
    while index < len(row):
        title = title_of(row[index].text, known)
        if not title:
            yield from _in_text(row[index].text, known)
        elif index + 1 < len(row) and not title_of(row[index + 1].text, known):
            yield title, value_of(row[index + 1].text)
            index += 1
        index += 1


def _in_text(text: str, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Label：value in running text."""
    for found in _PAIR.finditer(text):
        title = title_of(found[1], known)
        if title:
            yield title, value_of(found[2])


def _gathered(pairs: Sequence[tuple[str, str]]) -> Filled:
    """The first value written for each column."""
    record: Filled = {}
    for title, value in pairs:
        record[title] = record.get(title) or value
    return record


def _several(layout: Layout, pairs: Sequence[tuple[str, str]], name: str) -> Finding | None:
    """That a document holds more than one form: a part of the key, written beside its label, differs."""
    for column in (layout.form.column(key) for key in layout.form.key) if layout.form else ():
        written = {fold(value): value for title, value in pairs if title == column.title and value}
        if len(written) > 1:
            shown = "、".join(written.values())
            return finding("INT048", workbook=name, field=column.title, value=shown, count=len(written))
    return None


def _number(records: Sequence[Filled], title: str) -> None:
    """Give records without a number the ones after the largest there is, in their order."""
    last = max((int(record[title]) for record in records if record.get(title, "").isdecimal()), default=0)
    for record in records:
        if not record.get(title):
            last += 1
            record[title] = str(last)
