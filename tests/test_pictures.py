"""The pictures in the pages: the script that makes them from the program knows each, so that none goes stale."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image

from tests.office.pictures import HOME, NAMES, PAPERS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.html")])
SHOWN = {
    (page.parent / unquote(target)).resolve()
    for page in PAGES for target in re.findall(r'(?:\]\(|src=")([^)\s"]+\.png)', page.read_text(encoding="utf-8"))
}


def test_every_picture_of_the_pages_is_made_by_the_script() -> None:
    assert SHOWN
    assert {path for path in SHOWN if path.parent != HOME or path.stem not in NAMES} == set()


def test_every_picture_kept_is_made_by_the_script() -> None:
    assert {path.stem for path in HOME.glob("*.png")} <= {*NAMES}


@pytest.mark.parametrize("name", PAPERS)
def test_a_papers_picture_is_a_page_of_a4_with_few_colours(name: str) -> None:
    with Image.open(HOME / f"{name}.png") as picture:
        short, long = sorted(picture.size)
        assert (picture.mode, abs(long / short - 297 / 210) < 0.01, PAPERS[name][1]) == ("P", True, picture.width)
