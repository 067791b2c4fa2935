"""The map in the proposal's paper: each demand in its colour at its place, the same bytes again, the colours of the page."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from macros.consolidation.demands import Demand
from macros.consolidation.picture import picture
from macros.consolidation.proposal import Placed, Proposal
from macros.consolidation.reach import Reach
from macros.sites.towers import Towers
from macros.sites.words import words
from tests.city import NOWS, City, copied, run

LOOK = words()["picture"]
#: North-west on an existing tower, north-east and south-east sharing a new tower between them, south-west on its own.
DEMANDS = [
    Demand("XQ-1", "移动", 111.00, 31.02, 100.0), Demand("XQ-2", "联通", 111.02, 31.02, None),
    Demand("XQ-3", "电信", 111.02, 31.00, 900.0), Demand("XQ-4", "移动", 111.00, 31.00, 0.0),
]
PLACED = [
    Placed("存量共享", tower=0, metres=0.0, point=(111.00, 31.02)), Placed("新建共享", partners=(2,), point=(111.02, 31.01)),
    Placed("新建共享", partners=(1,), point=(111.02, 31.01)), Placed("新建独享"),
]


def proposal(demands: list[Demand], placed: list[Placed]) -> Proposal:
    """Demands among two towers, one with two tenants in the middle, and one whose place is not known."""
    towers = Towers(
        ["1", "2"], ["甲", "乙"], np.array([111.01, np.nan]), np.array([31.01, np.nan]), [frozenset({"移动", "联通"}), frozenset()]
    )
    return Proposal(demands, towers, placed, Reach())


def seen(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def near(image: Image.Image, x: float, y: float, colour: str) -> bool:
    """Whether the pixel shows a colour, but for what the palette rounds off."""
    wanted = [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
    found = image.getpixel((round(x), round(y)))
    assert isinstance(found, tuple)
    return all(abs(a - b) <= 12 for a, b in zip(found, wanted, strict=True))


def test_every_demand_stands_at_its_place_in_the_colour_of_its_label() -> None:
    """0.02° of latitude are 2,224 m and fill the height within the margins; as many of longitude at 31° are
    cos 31.01° = 0.857 of that, in the middle of the width."""
    image = seen(picture(proposal(DEMANDS, PLACED)))
    assert image.size == (LOOK["width"], LOOK["height"])
    top, bottom = LOOK["margin"], LOOK["height"] - LOOK["margin"]
    half = 0.857 * (bottom - top) / 2
    left, right = LOOK["width"] / 2 - half, LOOK["width"] / 2 + half
    assert near(image, left, top, "2E7D32")
    assert near(image, right, top, "1565C0")
    assert near(image, right, bottom, "1565C0")
    assert near(image, left, bottom, "E65100")
    assert near(image, right, (top + bottom) / 2, "1565C0")  # the proposed tower
    assert near(image, (left + right) / 2, (top + bottom) / 2, LOOK["sites"][2])  # a site with two tenants
    assert near(image, right, top + (bottom - top) / 4, "1565C0")  # the line between them


def test_the_same_proposal_gives_the_same_bytes() -> None:
    assert picture(proposal(DEMANDS, PLACED)) == picture(proposal(DEMANDS, PLACED))


def test_a_single_demand_is_a_map_too() -> None:
    image = seen(picture(proposal(DEMANDS[:1], PLACED[:1])))
    assert near(image, LOOK["width"] / 2, LOOK["height"] / 2, "2E7D32")


def test_a_demand_without_a_known_label_is_grey() -> None:
    image = seen(picture(proposal(DEMANDS[:1], [Placed("待定")])))
    assert near(image, LOOK["width"] / 2, LOOK["height"] / 2, "757575")


def test_the_colours_are_those_of_the_map_page() -> None:
    page = (Path(__file__).parents[1] / "macros" / "consolidation" / "map.html").read_text(encoding="utf-8")
    found = re.search(r'labels: \[(.*?)\].*?rooms: \[(.*?)\]', page, re.DOTALL)
    assert found is not None
    labels, rooms = (re.findall(r"#(\w{6})", text.upper()) for text in found.groups())
    assert list(LOOK["colours"].values()) == labels
    assert LOOK["sites"] == rooms


@pytest.fixture(scope="module")
def paper(city: City, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sample city's proposal in Word, as parts."""
    folder = copied(city.folder, tmp_path_factory.mktemp("picture"))
    (made,) = run("consolidate", folder, out=folder / "出", now=NOWS[0]).data["documents"]
    with zipfile.ZipFile(made["file"]) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_map_stands_in_the_paper_in_its_own_proportions(paper: dict[str, bytes]) -> None:
    (name,) = [name for name in paper if name.startswith("word/media/")]
    image = seen(paper[name])
    assert image.size == (LOOK["width"], LOOK["height"])
    shown = re.search(rb'<wp:extent cx="(\d+)" cy="(\d+)"/>', paper["word/document.xml"])
    assert shown is not None
    assert int(shown[1]) / int(shown[2]) == pytest.approx(LOOK["width"] / LOOK["height"], rel=0.01)


def test_the_paper_explains_the_maps_signs_in_words(paper: dict[str, bytes]) -> None:
    words_ = re.sub("<[^>]+>", "", paper["word/document.xml"].decode())
    assert "附图：需求地图" in words_
    assert "橙色三角为新建独享" in words_
