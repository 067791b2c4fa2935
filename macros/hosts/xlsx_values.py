"""What one stored cell means, where common readers get it wrong.

Damaged long numbers, dates by Chinese formats, formulas without a result, error values, escaped characters and
commands posing as formulas are all told apart here.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from macros.findings import Finding, finding
from macros.hosts import refuse
from macros.hosts.areas import a1
from macros.hosts.limits import limit
from macros.hosts.number_formats import MOMENTS, moment
from macros.hosts.xml_parts import whole
from macros.patterns import pattern
from macros.records import Broken, Cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.hosts.number_formats import Kind
    from macros.hosts.package import Package

_ESCAPE = pattern(r"_x([0-9A-Fa-f]{4})_")
# Text, names in brackets and quoted sheet names may hold any sign and call nothing.
_INERT = pattern(r'"(?:[^"]|"")*"|(?<!\|)\'[^\']*\'(?=!)')
_BRACKETED = pattern(r"\[[^\[\]]*\]")
_COMMAND = pattern(
    r"[\w']\s*\|\s*[\w']|\b(?:CALL|REGISTER(?:\.ID)?|EXEC|RTD|WEBSERVICE|DDE)\s*\(", re.IGNORECASE
)
_LINK = pattern(r"\[(\d+)\]")
_MEMO = 200_000  # different values remembered so that equal cells share one object


def plain(text: str) -> str:
    """A stored string as the user sees it: ``_x000D_`` and its like stand for one character."""
    if "_x" not in text:
        return text
    shown = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return shown.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def number(text: str, digits_from: int) -> Cell:
    """A stored number; one whose digits a spreadsheet cannot hold is ``Broken("…", "digits")``.

    Only whole numbers are judged, from ``digits_from`` on: spreadsheets themselves store 0.1 with seventeen digits.
    """
    bare = text.strip()
    if len(bare) < 10 and bare.isdecimal() and bare.isascii():
        return int(bare)  # what most cells hold
    try:
        value = float(bare)
    except ValueError:
        return Broken(text, "error")
    if not bare.isascii() or "_" in bare or value - value != 0:
        return Broken(text, "error")
    if abs(value) >= digits_from and value.is_integer():
        return Broken(repr(value), "digits")
    return int(value) if bare.lstrip("-+").isdigit() else value


def is_command(formula: str, command_links: frozenset[int]) -> bool:
    """Whether a formula would start a program or call out when calculated."""
    if command_links and any(whole(one) in command_links for one in _LINK.findall(formula)):
        return True
    return bool(_COMMAND.search(_BRACKETED.sub("", _INERT.sub("x", formula))))


class Values:
    """Turns raw cells of one sheet into values, remembering what was odd."""

    def __init__(self, package: Package, title: str, strings: Sequence[str]) -> None:
        self.package, self.title, self.strings = package, title, strings
        self.memo: dict[tuple[str | None, Kind, str], Cell] = {}
        self.known: dict[str | None, Kind] = {}
        self.odd: dict[str, Finding] = {}
        self.digits_from = limit("sheet", "digits_from")

    def note(self, code: str, row: int, column: int, value: object = "") -> None:
        """Remember the first cell of each oddity."""
        if code not in self.odd:
            self.odd[code] = finding(
                code, workbook=self.package.name, sheet=self.title, cell=a1(row, column), value=value
            )

    def kind(self, style: str | None, row: int, column: int) -> Kind:
        """What the cell's style makes of a number."""
        if style in self.known:
            return self.known[style]
        kinds = self.package.kinds
        if style is None or not kinds:
            return self.known.setdefault(style, kinds[0] if kinds else "")
        index = whole(style)
        if index is not None and index < len(kinds):
            return self.known.setdefault(style, kinds[index])
        self.note("WBK025", row, column, style)
        return ""

    def value(self, type_: str | None, kind: Kind, text: str) -> Cell:
        """A stored value by its type; equal texts and days share one object."""
        if not kind and type_ is None:
            return number(text, self.digits_from) if text else None
        key = (type_, kind, text)
        if key in self.memo:
            return self.memo[key]
        made = self._value(type_, kind, text)
        if len(self.memo) < _MEMO:
            self.memo[key] = made
        return made

    def _value(self, type_: str | None, kind: Kind, text: str) -> Cell:
        if type_ == "s":
            index = whole(text.strip())
            if index is not None and index < len(self.strings):
                return self.strings[index] or None
            raise refuse("WBK007", self.package.name, reason=f"工作表“{self.title}”的共享字符串编号 {text} 不存在")
        if type_ in ("str", "inlineStr"):
            return plain(text) or None
        if type_ == "b":
            return text.strip() in ("1", "true")
        if type_ == "e":
            return Broken(text, "error")
        if not text.strip():
            return None
        if type_ == "d":
            try:
                return dt.datetime.fromisoformat(text.strip().removesuffix("Z"))
            except ValueError:
                return Broken(text, "error")
        if type_ not in (None, "n"):
            return Broken(text, "error")  # of a kind nobody knows: not even a number
        value = number(text, self.digits_from)
        if kind in MOMENTS and isinstance(value, (int, float)):
            return moment(float(value), kind, self.package.epoch_1904, text.strip())
        # As it is shown: who reads figures asks for their unit.
        return f"{value:.15g}{kind}" if kind and value and isinstance(value, (int, float)) else value
