"""Registers as readable tables: a heading ``## 需求`` names the form, a table under it holds the rows."""

from __future__ import annotations

from macros.forms import forms
from macros.records import Cell, Record
from macros.register import Register, assemble


def sheets(text: str) -> dict[str, list[list[Cell]]]:
    """The tables of a text by their heading, each a list of rows with the headings first; an empty cell is None.

    Lines that neither begin with ``##`` nor with ``|`` are remarks.
    """
    found: dict[str, list[list[Cell]]] = {}
    rows: list[list[Cell]] = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("## "):
            rows = found.setdefault(line[3:].strip(), [])
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not all(cell and not cell.strip(":-") for cell in cells):
                rows.append([cell or None for cell in cells])
    return found


def register(text: str) -> Register:
    """The register of a text's tables; texts go through the same readers as cells.

    Row numbers are those of a sheet: the headings stand in row 1. A heading that is no form is an error of the test.
    """
    by_title = {form.title: form for form in forms().values()}
    tables = sheets(text)
    unknown = tables.keys() - by_title.keys()
    assert not unknown, f"no such form: {unknown}"
    for title, rows in tables.items():
        known = {name for c in by_title[title].columns for name in (c.title, c.heading, *c.aliases)}
        assert set(rows[0]) <= known, f"{title}: no such column: {set(rows[0]) - known}"
    return assemble((by_title[title].file, title, rows) for title, rows in tables.items())


def row(text: str) -> Record:
    """The first row of a text's only table."""
    (records,) = [records for records in register(text).tables.values() if records]
    return records[0]
