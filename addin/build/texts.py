"""The sheet of texts of TowerDesk.xlam: what its macros say, by name."""

from __future__ import annotations

from pathlib import Path

from addin import ribbon
from macros.data import toml
from macros.escaping import escape

SOURCE = Path(__file__).parent.parent / "vba" / "texts.toml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def texts() -> dict[str, str]:
    """Every text by name: those of texts.toml, and the label of each button by its id.

    Raises:
        ValueError: a button's id is also the name of a text.
    """
    said = {name: str(text).strip() for name, text in toml(SOURCE).items()}
    labels = {button.id: button.label for button in ribbon.tab().buttons()}
    if twice := said.keys() & labels.keys():
        raise ValueError(f"texts named like buttons: {sorted(twice)}")
    return said | labels


def sheet() -> str:
    """The worksheet part: names in column A, texts in column B, from the first row without a gap."""
    rows = "".join(
        f'<row r="{number}">{_cell(f"A{number}", name)}{_cell(f"B{number}", text)}</row>'
        for number, (name, text) in enumerate(texts().items(), 1)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetPr codeName="Sheet1"/><sheetData>{rows}</sheetData></worksheet>'


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
