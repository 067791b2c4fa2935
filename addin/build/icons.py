"""Draws the pictures of the buttons; run by hand when a button is added (needs Pillow and Noto Sans CJK), kept in git.

Run as ``python -m addin.build.icons``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.ribbon import Button, Menu, tab
from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURES = Path(__file__).parent.parent / "icons"
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc")
#: LibreOffice's small and large buttons, WPS's large ones.
SIZES = (16, 26, 32)
#: Everything is drawn on a grid of 32 and this many times larger than shown, then made small.
GRID, FINER = 32, 8
INK, PAPER, EDGE, RED, GREEN, AMBER = "#3c4650", "#ffffff", "#8a949e", "#c8372d", "#2c8a4b", "#e8a317"


class Pen:
    """A drawing of one size in grid units: scales points and widths, so that the shapes below are written once."""

    def __init__(self, size: int) -> None:
        from PIL import Image, ImageDraw

        self.size = size
        self.scale = size * FINER / GRID
        self.image = Image.new("RGBA", (size * FINER, size * FINER), (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self.image)

    def _at(self, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def box(
        self, x: float, y: float, right: float, bottom: float, fill: str, edge: str = "", round_: float = 0,
    ) -> None:
        """A rectangle with round corners."""
        self.draw.rounded_rectangle(
            self._at([(x, y), (right, bottom)]), round_ * self.scale, fill or None, edge or None, round(2 * self.scale)
        )

    def shape(self, fill: str, *points: tuple[float, float]) -> None:
        """A filled polygon."""
        self.draw.polygon(self._at(list(points)), fill)

    def line(self, colour: str, width: float, *points: tuple[float, float]) -> None:
        """A line with round ends."""
        at = self._at(list(points))
        self.draw.line(at, colour, round(width * self.scale), "curve")
        half = width * self.scale / 2
        for x, y in (at[0], at[-1]):
            self.draw.ellipse([x - half, y - half, x + half, y + half], colour)

    def disc(self, x: float, y: float, radius: float, fill: str, edge: str = "") -> None:
        """A filled circle."""
        box = self._at([(x - radius, y - radius), (x + radius, y + radius)])
        self.draw.ellipse(box, fill or None, edge or None, round(2.5 * self.scale))

    def text(self, words: str, x: float, y: float, height: float, colour: str) -> None:
        """Words centred on a point."""
        from PIL import ImageFont

        font = ImageFont.truetype(str(FONT), round(height * self.scale), index=2)  # 2: the simplified forms
        left, top, right, bottom = self.draw.textbbox((0, 0), words, font=font)
        self.draw.text((x * self.scale - (left + right) / 2, y * self.scale - (top + bottom) / 2), words, colour, font)

    def shrunk(self) -> Any:
        """The picture in the size it is shown in."""
        from PIL import Image

        return self.image.resize((self.size, self.size), Image.Resampling.LANCZOS)


def paper(pen: Pen, colour: str, words: str) -> None:
    """A sheet in the group's colour with its number or character."""
    pen.shape(colour, (1, 0), (25, 0), (31, 6), (31, 32), (1, 32))
    pen.text(words, 16, 17, 23, PAPER)


def page(pen: Pen, x: float = 5, y: float = 2, right: float = 27, bottom: float = 30) -> None:
    """A white sheet with an edge."""
    pen.box(x, y, right, bottom, PAPER, EDGE, 2)


def lines(pen: Pen, *heights: float) -> None:
    """Lines of text on a page."""
    for y in heights:
        pen.line(EDGE, 2, (10, y), (22, y))


def calendar(pen: Pen, colour: str) -> None:
    """A calendar sheet."""
    pen.box(2, 4, 30, 30, PAPER, colour, 3)
    pen.box(2, 4, 30, 12, colour, "", 3)
    for x in (9, 23):
        pen.line(INK, 3, (x, 2), (x, 7))


def arrow_in(pen: Pen, x: float, y: float, colour: str) -> None:
    """An arrow pointing down onto a point."""
    pen.line(colour, 4, (x, y - 14), (x, y - 4))
    pen.shape(colour, (x - 7, y - 7), (x + 7, y - 7), (x, y + 1))


def _board(pen: Pen) -> None:
    calendar(pen, RED)
    pen.line(RED, 4, (9, 20), (14, 25), (23, 16))


def _check(pen: Pen) -> None:
    page(pen)
    lines(pen, 9, 14)
    pen.disc(21, 22, 9, GREEN)
    pen.line(PAPER, 3, (16.5, 22), (20, 25.5), (25.5, 18.5))


def _row_forms(pen: Pen) -> None:
    page(pen)
    lines(pen, 8, 24)
    pen.box(1, 11.5, 31, 20.5, "#1f6fb5", "", 2)
    pen.line(PAPER, 2.5, (6, 16), (26, 16))


def _due_forms(pen: Pen) -> None:
    page(pen, 10, 1, 30, 25)
    page(pen, 6, 4, 26, 28)
    page(pen, 2, 7, 22, 31)
    pen.line(RED, 3, (7, 15), (17, 15))
    pen.line(EDGE, 2, (7, 20), (17, 20))
    pen.line(EDGE, 2, (7, 25), (17, 25))


def _explain(pen: Pen) -> None:
    calendar(pen, "#1f6fb5")
    pen.text("?", 16, 21, 20, "#1f6fb5")


def _preview(pen: Pen) -> None:
    calendar(pen, AMBER)
    pen.line(INK, 5, (12, 25), (25, 14))
    pen.shape(AMBER, (7, 29), (9, 23), (14, 28))


def _import_files(pen: Pen) -> None:
    pen.line(INK, 4, (4, 19), (4, 28), (28, 28), (28, 19))
    arrow_in(pen, 16, 22, "#1f6fb5")
    pen.line("#1f6fb5", 4, (16, 3), (16, 12))


def _open_papers(pen: Pen) -> None:
    pen.shape("#c98a10", (2, 5), (12, 5), (15, 9), (29, 9), (29, 28), (2, 28))
    pen.box(7, 7, 25, 20, PAPER, EDGE, 1)
    pen.shape(AMBER, (2, 28), (6, 14), (31, 14), (28, 28))


def _workdays(pen: Pen) -> None:
    calendar(pen, GREEN)
    for y in (16.5, 23):
        for place, x in enumerate((6, 13, 20)):
            pen.box(x, y, x + 5, y + 4.5, RED if place == 2 else "#9aa5af")


def _import_notice(pen: Pen) -> None:
    page(pen)
    pen.line(RED, 3.5, (9, 8), (23, 8))
    pen.line(RED, 1.5, (9, 12), (23, 12))
    arrow_in(pen, 16, 27, "#1f6fb5")


def _lint(pen: Pen) -> None:
    page(pen, 2, 2, 23, 30)
    pen.text("W", 12, 10, 13, "#1f6fb5")
    pen.line(INK, 4, (24, 25), (29, 30))
    pen.disc(19, 20, 7.5, PAPER, INK)


def _init(pen: Pen) -> None:
    pen.box(2, 3, 28, 27, PAPER, GREEN, 2)
    for at in (11, 19):
        pen.line(GREEN, 2, (3, at), (27, at))
        pen.line(GREEN, 2, (at, 4), (at, 26))
    pen.disc(24, 24, 8, GREEN)
    pen.line(PAPER, 3, (24, 19.5), (24, 28.5))
    pen.line(PAPER, 3, (19.5, 24), (28.5, 24))


def _doctor(pen: Pen) -> None:
    pen.box(1, 6, 31, 29, RED, "", 4)
    pen.box(10, 2, 22, 9, "", RED, 2)
    pen.line(PAPER, 5, (16, 11), (16, 24))
    pen.line(PAPER, 5, (9.5, 17.5), (22.5, 17.5))


def _help(pen: Pen) -> None:
    pen.disc(16, 16, 15, "#1f6fb5")
    pen.text("?", 16, 16, 24, PAPER)


DRAWN: dict[str, Callable[[Pen], None]] = {
    "board": _board, "check": _check, "row_forms": _row_forms, "due_forms": _due_forms, "explain": _explain,
    "preview": _preview, "import_files": _import_files, "open_papers": _open_papers, "workdays": _workdays,
    "import_notice": _import_notice, "lint": _lint, "init": _init, "doctor": _doctor, "help": _help,
    "help_menu": _help,
}


def main() -> int:
    """Draw every button and menu in every size."""
    PICTURES.mkdir(exist_ok=True)
    given = toml(Path(__file__).with_suffix(".toml"))
    for group in tab().groups:
        menus = [item for item in group.items if isinstance(item, Menu)]
        drawn: list[Button | Menu] = [*group.buttons(), *menus]
        for item in drawn:
            for size in SIZES:
                pen = Pen(size)
                if item.id in DRAWN:
                    DRAWN[item.id](pen)
                else:
                    # 3.15 → 15: at 16 pixels the whole number would be a smear
                    words = given["characters"].get(item.id) or item.id.rpartition("_")[2]
                    paper(pen, given["colours"][group.id], words)
                pen.shrunk().save(PICTURES / f"{item.id}_{size}.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
