"""One value as the XML of one cell. Text is always inline text: it can never become a formula."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from macros.escaping import escape
from macros.hosts import refuse
from macros.hosts.areas import a1
from macros.hosts.limits import limit
from macros.hosts.number_formats import serial
from macros.patterns import pattern
from macros.records import Broken, Link

if TYPE_CHECKING:
    from macros.hosts.xlsx_styles import Styles
    from macros.records import Cell

_CONTROLS = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# What cannot stand as it is, or not without saying that its spaces count.
_SPECIAL = pattern(r"[\x00-\x1f\ufffe\uffff\ud800-\udfff&<>_]|^\s|\s\Z|  ")
_ESCAPED = pattern(r"_(?=x[0-9A-Fa-f]{4}_)")
# Retyped in a cell without a leading quote, these would turn into a formula or lose digits.
_TOUCHY = pattern(r"[=+\-@]|0\d|\d{12}")
_MEMO = 50_000


class CellWriter:
    """Writes cells of one sheet; remembers what it made, for registers repeat themselves."""

    def __init__(self, workbook: str, sheet: str, prefix: bytes, epoch_1904: bool, styles: Styles) -> None:
        self.workbook, self.sheet, self.epoch_1904, self.styles = workbook, sheet, epoch_1904, styles
        self.prefix = prefix.decode()
        self.longest, self.digits_from = limit("sheet", "text"), limit("sheet", "digits_from")
        self.memo: dict[tuple[type, Cell, int], str] = {}

    def cell(self, row: int, column: int, value: Cell, style: int) -> str:
        """The cell's XML with the given style, or a variant of it that shows dates or keeps text as typed.

        Raises:
            Refused: the format cannot hold the value (WBK045, WBK046).
        """
        made = self.memo.get((value.__class__, value, style)) or self.rest(row, column, value, style)
        return f'<{self.prefix}c r="{a1(row, column)}"{made}'

    def rest(self, row: int, column: int, value: Cell, style: int) -> str:
        """The cell's XML after its address, remembered for equal cells.

        Raises:
            Refused: as `cell`.
        """
        made = self._made(a1(row, column), value, style)
        if len(self.memo) >= _MEMO:
            self.memo.clear()  # cells are mostly like those just before
        self.memo[value.__class__, value, style] = made
        return made

    def _made(self, at: str, value: Cell, style: int) -> str:
        """The cell's XML after its address."""
        p = self.prefix
        if value is None or value == "":
            return f' s="{style}"/>' if style else "/>"
        kind = ""
        if isinstance(value, Link):
            content, kind = self._link(value), ' t="str"'
        elif isinstance(value, (str, Broken)):
            text = str(value)
            if _TOUCHY.match(text):
                style = self.styles.variant(style, "text")
            content, kind = self._text(text, at), ' t="inlineStr"'
        elif isinstance(value, bool):
            content, kind = f"<{p}v>{int(value)}</{p}v>", ' t="b"'
        elif isinstance(value, (int, float)):
            if value - value != 0 or (abs(value) >= self.digits_from and value == int(value)):
                raise self._refused(at, value, "超过 15 位或不是数")
            content = f"<{p}v>{value!r}</{p}v>"
        else:
            content = f"<{p}v>{self._serial(value, at)!r}</{p}v>"
            style = self.styles.variant(style, _date_kind(value))
        looks = f' s="{style}"' if style else ""
        return f"{looks}{kind}>{content}</{p}c>"

    def _link(self, link: Link) -> str:
        """A formula that leads to the target and shows the text; both are ours, never a user's."""
        target, shown = (text.replace('"', '""') for text in (link.target, str(link)))
        p, formula = self.prefix, f'HYPERLINK("{target}","{shown}")'
        return f"<{p}f>{escape(formula)}</{p}f><{p}v>{escape(link)}</{p}v>"

    def _serial(self, value: dt.date | dt.time, at: str) -> float:
        if isinstance(value, (dt.datetime, dt.time)) and value.tzinfo is not None:
            raise self._refused(at, value, "带时区，单元格记不下")
        found = serial(value, self.epoch_1904)
        if found is None:
            raise self._refused(at, value, "早于表格日期的起点")
        return found

    def _refused(self, at: str, value: Cell, why: str) -> Exception:
        return refuse("WBK045", self.workbook, sheet=self.sheet, cell=at, value=value, reason=why)

    def _text(self, text: str, at: str) -> str:
        p = self.prefix
        if len(text) <= self.longest and not _SPECIAL.search(text):
            return f"<{p}is><{p}t>{text}</{p}t></{p}is>"
        clean = _CONTROLS.sub("", text)
        if len(clean) > self.longest:
            raise refuse("WBK046", self.workbook, sheet=self.sheet, cell=at, limit=self.longest, size=len(clean))
        encoded = _ESCAPED.sub("_x005F_", clean).replace("\r", "_x000D_")
        encoded = escape(encoded)
        space = ' xml:space="preserve"' if encoded != encoded.strip() or "\n" in encoded or "  " in encoded else ""
        return f"<{p}is><{p}t{space}>{encoded}</{p}t></{p}is>"


def _date_kind(value: dt.date | dt.time) -> str:
    if isinstance(value, dt.time):
        return "time"
    return "moment" if isinstance(value, dt.datetime) and value.time() != dt.time() else "date"
