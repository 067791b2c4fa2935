"""How cells look: type face, alignment, wrapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.libreoffice.engine.errors import plainly
from addin.libreoffice.engine.formats import Colour, from_number, to_number, uniform
from addin.libreoffice.engine.loading import enum

if TYPE_CHECKING:
    from addin.libreoffice.engine.connection import Connection
    from addin.libreoffice.engine.ranges import Range

_BOLD, _NORMAL = 150.0, 100.0
_ACROSS = {"general": "STANDARD", "justify": "BLOCK", "distributed": "BLOCK", "fill": "REPEAT",
           "center_across_selection": "CENTER"}
_UPRIGHT = {"top": 1, "center": 2, "bottom": 3, "justify": 4, "distributed": 4}


@plainly
class Font(base_classes.Font):
    """The type face of a range. Chinese text has attributes of its own in Calc; both are set."""

    def __init__(self, rng: Range) -> None:
        self.office: Connection = rng.office
        self.book = rng.book
        self._range = rng

    @property
    def api(self) -> Any:
        """The office's cells, which carry the attributes."""
        return self._range.cells

    def _set(self, name: str, value: Any) -> None:
        self._range.writable()
        for script in ("", "Asian", "Complex"):
            setattr(self.api, name + script, value)

    @property
    def bold(self) -> bool:
        """Bold."""
        return bool(self.api.CharWeight > _NORMAL)

    @bold.setter
    def bold(self, value: bool) -> None:
        self._set("CharWeight", _BOLD if value else _NORMAL)

    @property
    def italic(self) -> bool:
        """Italic."""
        return bool(self.api.CharPosture.value == "ITALIC")

    @italic.setter
    def italic(self, value: bool) -> None:
        self._set("CharPosture", enum("awt.FontSlant", "ITALIC" if value else "NONE"))

    @property
    def size(self) -> float:
        """Points."""
        return float(self.api.CharHeight)

    @size.setter
    def size(self, value: float) -> None:
        self._set("CharHeight", float(value))

    @property
    def name(self) -> str:
        """Name of the face."""
        return str(self.api.CharFontName)

    @name.setter
    def name(self, value: str) -> None:
        self._set("CharFontName", value)

    @property
    def color(self) -> Colour | None:
        """Red, green, blue; None for the automatic colour."""
        return from_number(self.api.CharColor)

    @color.setter
    def color(self, value: Colour | str | int) -> None:
        self._range.writable()
        self.api.CharColor = to_number(value)


def wrap_text(rng: Range) -> bool | None:
    """Whether long texts are broken into lines; None when cells differ."""
    found = uniform(rng.cells, "IsTextWrapped")
    return None if found is None else bool(found)


def set_wrap_text(rng: Range, value: bool) -> None:
    """Break long texts into lines, or do not."""
    rng.writable()
    rng.cells.IsTextWrapped = bool(value)


def horizontal_alignment(rng: Range) -> str | None:
    """Alignment across, by Excel's words; None when cells differ."""
    found = uniform(rng.cells, "HoriJustify")
    words = {"STANDARD": "general", "BLOCK": "justify", "REPEAT": "fill"}
    return None if found is None else words.get(found.value, found.value.lower())


def set_horizontal_alignment(rng: Range, value: str) -> None:
    """Align across."""
    rng.writable()
    rng.cells.HoriJustify = enum("table.CellHoriJustify", _ACROSS.get(value, value.upper()))


def vertical_alignment(rng: Range) -> str | None:
    """Alignment up and down, by Excel's words; None when cells differ."""
    found = uniform(rng.cells, "VertJustify")
    return None if found is None else {0: "bottom", 1: "top", 2: "center", 3: "bottom"}.get(found, "justify")


def set_vertical_alignment(rng: Range, value: str) -> None:
    """Align up and down."""
    rng.writable()
    rng.cells.VertJustify = _UPRIGHT[value]
