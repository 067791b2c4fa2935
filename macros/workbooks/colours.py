"""Colours cells by what stands in the row: wrong cells, how a time limit stands, how serious a finding is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter

from macros.workbooks.words import style

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from macros.workbooks.plan import Plan

CHECK, DUE = "check_hint", "due_hint"


def colour_rows(sheet: Worksheet, plan: Plan) -> None:
    """Add the sheet's colour rules down to its last row."""
    last = style()["sheet"]["last_row"]
    letters = {column.name: get_column_letter(number) for number, column in enumerate(plan.columns, 1)}
    if plan.colour == "hints":
        ours = [column.name for column in plan.columns if column.ours]
        end = get_column_letter(len(plan.columns) - len(ours))
        check, due = letters[CHECK], letters[DUE]
        for look in style()["cell"]:
            _add(sheet, f"A2:{end}{last}", quoted_cell(check, look["quotes"]), look)
        _add(sheet, f"{check}2:{check}{last}", f'LEN(${check}2)>0', style()["hint"])
        for state in style()["state"]:
            _add(sheet, f"{due}2:{due}{last}", begins(due, state["word"]), state)
    elif plan.colour:
        for state in style()[plan.colour]:
            _add(sheet, f"A2:A{last}", begins("A", state["word"]), state)


def quoted_cell(check: str, quotes: str) -> str:
    """Whether the heading's title, without its unit, stands in these quotes in the row's hint.

    FIND and not SEARCH: the latter takes ? and * for other signs, and in LibreOffice whole patterns.
    """
    opening, closing = quotes[0], quotes[1]
    return f'ISNUMBER(FIND("{opening}"&LEFT(A$1,FIND("（",A$1&"（")-1)&"{closing}",${check}2))'


def begins(letter: str, word: str) -> str:
    """Whether the row's cell in a column begins with the word; what follows may name other states."""
    return f'LEFT(${letter}2,{len(word)})="{word}"'


def _add(sheet: Worksheet, area: str, formula: str, look: dict[str, Any]) -> None:
    font = None
    if "text" in look:
        font = Font(color=look["text"], bold=look.get("bold"), italic=look.get("italic"))
    dye = DifferentialStyle(font=font, fill=PatternFill(bgColor=look["fill"], fill_type="solid"))
    sheet.conditional_formatting.add(area, Rule(type="expression", dxf=dye, formula=[formula], stopIfTrue=True))
