"""Says what a sheet holds before it is drawn: its columns, its first rows, what it is coloured by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from macros.delivered import delivered
from macros.forms import Column, Form, forms
from macros.pricing.parameters import FORM as PRICES
from macros.pricing.parameters import shipped
from macros.records import Cell, as_cell
from macros.workbooks.words import assumptions, boards, guide, style

#: Form whose sheet starts with rows: the assumptions, to be switched there.
ASSUMPTIONS = "assumption"
CITY = "城市"
#: Parts the options of an assumption in its cell.
OPTION_MARK = "／"


@dataclass(frozen=True, slots=True)
class Plan:
    """One table sheet.

    ``frozen`` columns stay in sight; ``colour`` names the words of ``style.toml`` (``state``, ``level``) that
    colour the first column, or is ``hints`` where our own columns 时限提示 and 检查结果 colour the row, or empty.
    ``choices`` gives drop-downs to single cells by (row of ``rows``, column), both from 0. ``nothing`` is what a sheet
    that the program fills says where it has no rows; ``lines`` how high the rows of one filled later are.
    """

    title: str
    purpose: str
    clause: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    colour: str
    frozen: int
    rows: tuple[tuple[Cell, ...], ...] = ()
    choices: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    nothing: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Shelf:
    """One workbook: its title, its file among the blank ones, its sheets, and how it is worked with."""

    title: str
    file: str
    purpose: str
    sheets: tuple[Plan, ...]
    steps: tuple[str, ...]


def of_form(form: Form, city: str) -> Plan:
    """A register table's sheet."""
    titles = tuple(form.column(name).title for name in form.key)
    last = max(form.index[name] for name in form.key)
    # A key far to the right would freeze half the window.
    frozen = last + 1 if last < len(form.key) + 1 else 1
    rows, choices = _assumptions(city) if form.code == ASSUMPTIONS else (_delivered(form), {})
    return Plan(form.title, form.purpose, form.clause, titles, form.columns, "hints", frozen, rows, choices)


def _assumptions(city: str) -> tuple[tuple[tuple[str, ...], ...], dict[tuple[int, int], tuple[str, ...]]]:
    """The rows of 假设 as they stand in the form's columns, with the drop-down of each choice."""
    form = forms()[ASSUMPTIONS]
    rows, choices = [], {}
    for number, entry in enumerate(assumptions()):
        chosen = city if entry["id"] == CITY else entry["default"]
        words = {
            "assumption_no": entry["id"], "topic": entry["topic"], "chosen": chosen,
            "options": OPTION_MARK.join(entry["options"]), "reason": entry["reason"], "clause": entry["clause"],
        }
        rows.append(tuple(words.get(column.name, "") for column in form.columns))
        if entry["options"]:
            choices[number, form.index["chosen"]] = tuple(entry["options"])
    return tuple(rows), choices


def _delivered(form: Form) -> tuple[tuple[Cell, ...], ...]:
    """The rows a register table is delivered with: prices and rates in force, indicators still without weights."""
    records = shipped() if form.code == PRICES else delivered(form.code)
    return tuple(tuple(as_cell(value) for value in record.values) for record in records)


def of_board(sheet: dict[str, Any], others: dict[str, dict[str, Any]]) -> Plan:
    """A sheet the program fills; ``same_as`` borrows another's columns, ``first`` replaces the first of them."""
    raw = list(others[sheet["same_as"]]["columns"] if "same_as" in sheet else sheet["columns"])
    if "first" in sheet:
        raw[0] = sheet["first"]
    columns = tuple(Column(**one) for one in raw)
    words, lines = sheet.get("nothing", guide()["nothing"]), sheet.get("lines", 1)
    return Plan(sheet["title"], sheet["purpose"], "", (), columns, sheet["colour"], 1, nothing=words, lines=lines)


def nothing(plan: Plan) -> list[Cell]:
    """The row of a sheet that has none: its words in the first column whose text begins at the left.

    From there they run on over the blank cells beside them.
    """
    sides = [style()["type"][column.type]["align"] for column in plan.columns]
    place = sides.index("left") if "left" in sides else 0
    return [plan.nothing if number == place else None for number in range(len(sides))]


def nothing_in(file: str, sheet: str) -> list[Cell]:
    """What a sheet of a workbook that the program fills says without rows."""
    (sheets,) = (book["sheet"] for book in boards() if f"{book['title']}.xlsx" == file)
    known = {one["title"]: one for one in sheets}
    return nothing(of_board(known[sheet], known))


def shelves(city: str = "") -> tuple[Shelf, ...]:
    """Every workbook: the registers, then those the program fills."""
    from macros.data import toml
    from macros.forms import HERE

    raw, start = toml(HERE / "workbooks.toml")["workbook"], guide()["start"]
    registers = [
        Shelf(
            one["title"], one["file"], "", tuple(of_form(forms()[code], city) for code in one["forms"]),
            (*([start["pointer"]] if one["title"] == start["workbook"] else []), *guide()["steps"]),
        )
        for one in raw
    ]
    outputs = [
        Shelf(
            one["title"], one["file"], one["purpose"],
            tuple(of_board(sheet, {s["title"]: s for s in one["sheet"]}) for sheet in one["sheet"]),
            tuple(guide()["output_steps"]),
        )
        for one in boards()
    ]
    return (*registers, *outputs)
