"""The map of a proposal as a picture for its paper: the same proposal, the same bytes, and no letters but ASCII."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from macros.consolidation.reach import columns
from macros.sites.sphere import DEGREE
from macros.sites.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

    from macros.consolidation.proposal import Proposal

    Floats = NDArray[np.float64]

#: Lengths a scale bar may have, and distances of meridians: these times a power of ten.
_ROUND = (1, 2, 5)
#: Parts of the picture's width that a scale bar and the space between two meridians may take at most.
_BAR, _MESH = 6, 4
_COLOURS = 256
_KILOMETRE = 1000
_WHITE = "#FFFFFF"


class _View(NamedTuple):
    """Where places stand in the picture: pixels to a metre, and the degrees at its left and upper edge."""

    scale: float
    left: float
    top: float
    squeeze: float

    def at(self, longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
        """Pixels from the left and the upper edge."""
        across = (longitude - self.left) * self.squeeze * DEGREE * self.scale
        return across, (self.top - latitude) * DEGREE * self.scale


def picture(proposal: Proposal) -> bytes:
    """The map as a PNG file, north up: sites, circles, lines to the towers, proposed towers, demands by label."""
    from PIL import Image, ImageDraw

    look: Mapping[str, Any] = words()["picture"]
    fine = look["finer"]
    size = look["width"] * fine, look["height"] * fine
    view = _view(proposal, look, size)
    image = Image.new("RGB", size, f"#{look['ground']}")
    _mesh(ImageDraw.Draw(image), view, look, size)
    image = _sites(image, proposal, view, look)
    pen = ImageDraw.Draw(image)
    _demands(pen, proposal, view, look)
    _scale(pen, view, look, size)
    small = image.resize((look["width"], look["height"]), Image.Resampling.BOX).quantize(_COLOURS)
    stream = io.BytesIO()
    small.save(stream, "PNG", optimize=False, compress_level=9)
    return stream.getvalue()


def _view(proposal: Proposal, look: Mapping[str, Any], size: tuple[int, int]) -> _View:
    """All demands within the margin; a single one in the middle."""
    longitude, latitude, _ = columns(proposal.demands)
    middle = (float(longitude.min() + longitude.max()) / 2, float(latitude.min() + latitude.max()) / 2)
    squeeze = float(np.cos(np.radians(middle[1])))
    wide = max(float(np.ptp(longitude)) * squeeze * DEGREE, look["least_m"])
    high = max(float(np.ptp(latitude)) * DEGREE, look["least_m"])
    margin = 2 * look["margin"] * look["finer"]
    scale = min((size[0] - margin) / wide, (size[1] - margin) / high)
    half = size[0] / 2 / scale / (squeeze * DEGREE), size[1] / 2 / scale / DEGREE
    return _View(scale, middle[0] - half[0], middle[1] + half[1], squeeze)


def _mesh(pen: ImageDraw, view: _View, look: Mapping[str, Any], size: tuple[int, int]) -> None:
    """Meridians and parallels with their degrees."""
    fine, line = look["finer"], f"#{look['line']}"
    font = _font(11 * fine)
    step = _round(size[0] / _MESH / (view.scale * view.squeeze * DEGREE))
    places = max(0, -int(np.floor(np.log10(step) + 1e-9)))
    for number in range(int(view.left // step) + 1, int(view.left // step) + 2 + 2 * _MESH * _ROUND[-1]):
        across = float(view.at(np.array(number * step), np.array(view.top))[0])
        if across < size[0]:
            pen.line([(across, 0), (across, size[1])], fill=line, width=fine)
            pen.text((across + 3 * fine, 2 * fine), f"{number * step:.{places}f}E", fill=f"#{look['text']}", font=font)
    for number in range(int(view.top // step), int(view.top // step) - 2 * _MESH * _ROUND[-1], -1):
        down = float(view.at(np.array(view.left), np.array(number * step))[1])
        if 0 < down < size[1]:
            pen.line([(0, down), (size[0], down)], fill=line, width=fine)
            pen.text((3 * fine, down + 2 * fine), f"{number * step:.{places}f}N", fill=f"#{look['text']}", font=font)


def _sites(image: Image, proposal: Proposal, view: _View, look: Mapping[str, Any]) -> Image:
    """The picture with the towers there are as small squares, darker the more tenants they have, all at once."""
    from PIL import Image

    towers, size = proposal.towers, look["site_px"] * look["finer"]
    across, down = view.at(towers.longitude, towers.latitude)
    with np.errstate(invalid="ignore"):
        seen = np.flatnonzero(
            (across > size) & (down > size) & (across < image.width - size) & (down < image.height - size)
        )
    shades = np.array([[int(colour[at : at + 2], 16) for at in (0, 2, 4)] for colour in look["sites"]], dtype=np.uint8)
    tenants = np.array([min(len(towers.tenants[number]), len(shades) - 1) for number in seen.tolist()], dtype=np.int64)
    rows, columns_ = down[seen].astype(np.int64), across[seen].astype(np.int64)
    canvas = np.array(image)
    for dy in range(-(size // 2), size - size // 2):
        for dx in range(-(size // 2), size - size // 2):
            canvas[rows + dy, columns_ + dx] = shades[tenants]
    return Image.fromarray(canvas)


def _demands(pen: ImageDraw, proposal: Proposal, view: _View, look: Mapping[str, Any]) -> None:
    """Circles below, then lines to the towers, then proposed towers, and the demands themselves on top."""
    fine = look["finer"]
    longitude, latitude, radius = columns(proposal.demands)
    across, down = view.at(longitude, latitude)
    kinds = [_kind(placed.label) for placed in proposal.placed]
    colours = [f"#{look['colours'][kind]}" for kind in kinds]
    wide = radius * view.scale
    for number in np.flatnonzero(wide >= look["circle_px"] * fine)[: look["circles"]].tolist():
        x, y, r = across[number], down[number], wide[number]
        pen.ellipse((x - r, y - r, x + r, y + r), outline=colours[number], width=fine)
    for number, x, y in _towers(proposal, view):
        if np.hypot(x - across[number], y - down[number]) >= look["tie_px"] * fine:
            pen.line([(across[number], down[number]), (x, y)], fill=colours[number], width=fine)
    size = look["dot"] * fine * (0.6 if len(kinds) > look["many"] else 1)
    order = sorted(range(len(kinds)), key=lambda number: (kinds[number], number))
    for number in order:
        _mark(pen, kinds[number], across[number], down[number], size, colours[number])
    joint = dict.fromkeys(
        (round(x, 1), round(y, 1)) for number, x, y in _towers(proposal, view) if proposal.placed[number].tower is None
    )
    for x, y in joint:  # outlines of polygons take ten times as long as a larger one below
        for far, colour in ((size * 1.5 + fine, _WHITE), (size * 1.5, f"#{look['colours']['joint']}")):
            pen.polygon([(x, y - far), (x + far, y), (x, y + far), (x - far, y)], fill=colour)


def _towers(proposal: Proposal, view: _View) -> Iterator[tuple[int, float, float]]:
    """Demands that are to stand on a tower, with the tower's place in the picture."""
    for number, placed in enumerate(proposal.placed):
        if placed.point is not None:
            x, y = view.at(np.array(placed.point[0]), np.array(placed.point[1]))
            yield number, float(x), float(y)


def _mark(pen: ImageDraw, kind: str, x: float, y: float, size: float, colour: str) -> None:
    """A demand: round on an existing tower, square on a shared new one, a triangle on its own."""
    if kind == "exclusive":
        foot = y + size * 0.8
        pen.polygon([(x, y - size * 1.2), (x + size * 1.1, foot), (x - size * 1.1, foot)], fill=colour, outline=_WHITE)
    elif kind == "joint":
        half = size * 0.85
        pen.rectangle((x - half, y - half, x + half, y + half), fill=colour, outline=_WHITE)
    else:
        pen.ellipse((x - size, y - size, x + size, y + size), fill=colour, outline=_WHITE)


def _scale(pen: ImageDraw, view: _View, look: Mapping[str, Any], size: tuple[int, int]) -> None:
    """A scale bar in the lower left corner, an arrow to the north in the upper right one, on white, and a frame."""
    fine, ink, ground = look["finer"], "#212121", f"#{look['ground']}"
    metres = _round(size[0] / _BAR / view.scale)
    long = metres * view.scale
    left, base = 14 * fine, size[1] - 14 * fine
    pen.rectangle((left - 8 * fine, base - 26 * fine, left + long + 8 * fine, base + 8 * fine), fill=ground)
    pen.line([(left, base - 6 * fine), (left, base), (left + long, base), (left + long, base - 6 * fine)],
             fill=ink, width=2 * fine)
    said = f"{metres / _KILOMETRE:g} km" if metres >= _KILOMETRE else f"{metres:g} m"
    pen.text((left + 4 * fine, base - 24 * fine), said, fill=ink, font=_font(13 * fine))
    x, y = size[0] - 24 * fine, 16 * fine
    pen.rectangle((x - 14 * fine, y - 10 * fine, x + 14 * fine, y + 42 * fine), fill=ground)
    arrow = ((0, -4), (8, 18), (0, 12), (-8, 18))
    pen.polygon([(x + east * fine, y + south * fine) for east, south in arrow], fill=ink)
    pen.text((x, y + 20 * fine), "N", fill=ink, font=_font(15 * fine), anchor="ma")
    pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=f"#{look['text']}", width=fine)


def _round(most: float) -> float:
    """The largest round length not above ``most``."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(times * power for times in _ROUND if times * power <= most * (1 + 1e-9)))


def _kind(label: str) -> str:
    """The label's name in the rules; a label that none of them knows is drawn as such."""
    return next((name for name, word in words()["labels"].items() if word == label), "other")


def _font(size: int) -> Any:
    """Pillow's own letters: the same on every machine."""
    from PIL import ImageFont

    return ImageFont.load_default(size)
