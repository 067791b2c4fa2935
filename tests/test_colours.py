"""Colours of workbooks and charts can be read, on grey paper and by colour-blind eyes too, and never speak alone.

Contrast and lightness are those of WCAG 2.1 and CIE L*a*b*; colour blindness is simulated by the matrices of Machado,
Oliveira and Fernandes (2009), severity 1.0, on linear light.
"""

import itertools
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from generator.figure_marks import look_of
from macros.workbooks.words import RULES, style

EYES = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
#: What is urgent, done too late, near, and what waits or is well: the darker on grey paper, the more urgent.
URGENCY = (("逾期",), ("今日",), ("逾期办结",), ("临近",), ("暂定", "等待", "正常", "进行中", "按时办结"))


def light(colour: str) -> Any:
    signs = np.array([int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)])
    return np.where(signs <= 0.04045, signs / 12.92, ((signs + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    dark, bright = sorted(float(_XYZ[1] @ light(colour)) for colour in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def seen(colour: str, eye: str = "all colours") -> Any:
    """The colour as L*, a* and b*."""
    shares = _XYZ @ np.clip(np.array(EYES[eye]) @ light(colour), 0, 1) / np.array([0.9505, 1, 1.089])
    x, y, z = np.where(shares > 0.008856, np.cbrt(shares), 7.787 * shares + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one: str, other: str, eye: str) -> float:
    return float(np.linalg.norm(seen(one, eye) - seen(other, eye)))


def pairs(found: Any, place: str) -> Iterator[tuple[str, str, str]]:
    """Every fill of a rule file with the text on it, the house's ink where it names none."""
    if isinstance(found, dict):
        for key in ("fill", "colour", "heading", "differs"):
            if re.fullmatch("[0-9A-F]{6}", str(found.get(key, ""))):
                yield f"{place} {key}", str(found[key]), str(found.get("text", found.get("quiet", "262626")))
        for key, value in found.items():
            yield from pairs(value, f"{place}.{key}")
    elif isinstance(found, list):
        for number, value in enumerate(found):
            yield from pairs(value, f"{place}[{number}]")


def papers() -> Iterator[tuple[str, str, str]]:
    """Coloured letters of papers stand on white."""
    for one in tomllib.loads((RULES / "house.toml").read_text(encoding="utf-8"))["style"]:
        if "colour" in one:
            yield f"house.toml {one['name']}", "FFFFFF", one["colour"]


def on_white() -> Iterator[tuple[str, str, str]]:
    look = tomllib.loads((RULES / "dashboard.toml").read_text(encoding="utf-8"))["look"]
    for name in ("ink", "quiet", "title"):
        yield f"dashboard.toml {name}", "FFFFFF", look[name]
    for name, colour in look["state"].items():
        yield f"dashboard.toml {name}", "FFFFFF", colour


ALL = [
    *(pair for path in sorted(RULES.glob("*.toml")) if path.name != "house.toml"
      for pair in pairs(tomllib.loads(path.read_text(encoding="utf-8")), path.name)),
    *papers(), *on_white(),
]


def test_the_rules_are_searched() -> None:
    """style.toml alone has twelve groups, two cells, a hint, nine states, three levels, two verdicts, seven of service."""
    assert len([place for place, _, _ in ALL if place.startswith("style.toml")]) == 12 + 2 + 1 + 9 + 3 + 2 + 7
    assert {place.partition(".")[0] for place, _, _ in ALL} == {"style", "dashboard", "control", "reconcile", "house"}


@pytest.mark.parametrize(("fill", "text"), [pytest.param(fill, text, id=place) for place, fill, text in ALL])
def test_text_can_be_read_on_its_fill(fill: str, text: str) -> None:
    assert contrast(fill, text) >= 4.5


def fills() -> dict[str, str]:
    return {state["word"]: state["fill"] for state in style()["state"]}


def test_every_state_has_its_urgency() -> None:
    assert sorted(itertools.chain(*URGENCY)) == sorted(fills())


@pytest.mark.parametrize(("more", "less"), list(itertools.pairwise(URGENCY)))
def test_on_grey_paper_the_more_urgent_is_darker(more: tuple[str, ...], less: tuple[str, ...]) -> None:
    """Two steps of lightness are seen side by side; what must be done now is bold as well."""
    assert max(seen(fills()[word])[0] for word in more) + 2 <= min(seen(fills()[word])[0] for word in less)
    assert [state["word"] for state in style()["state"] if state.get("bold")] == ["逾期", "今日"]


@pytest.mark.parametrize("words", ["level", "verdict", "service"])
def test_on_grey_paper_what_is_wrong_is_the_darkest_and_bold(words: str) -> None:
    wrong = {look["fill"] for look in style()[words] if look.get("bold")}
    others = [look["fill"] for look in style()[words] if not look.get("bold")]
    assert len(wrong) == 1
    assert max(seen(fill)[0] for fill in wrong) + 2 <= min(seen(fill)[0] for fill in others)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("words", ["state", "level", "verdict", "service", "cell"])
def test_fills_that_mean_different_things_look_different_to_every_eye(words: str, eye: str) -> None:
    used = {look["fill"] for look in style()[words]}
    assert min(apart(one, other, eye) for one, other in itertools.combinations(used, 2)) > 5


@pytest.mark.parametrize("eye", EYES)
def test_the_colours_of_charts_look_different_to_every_eye_and_stand_out_from_paper(eye: str) -> None:
    palette = look_of()["palette"]
    assert min(apart(one, other, eye) for one, other in itertools.combinations(palette, 2)) > 15
    assert min(contrast(colour, "FFFFFF") for colour in palette) >= 2


@pytest.mark.parametrize("words", ["state", "level", "verdict", "service"])
def test_a_colour_follows_from_a_word_in_the_cell(words: str) -> None:
    assert all(look["word"] and look["title"].startswith(look["word"]) for look in style()[words])


def test_a_wrong_cell_is_named_in_words_in_its_row() -> None:
    """A cell is coloured since the row's hint quotes its heading: errors in one kind of quotes, doubts in another."""
    assert [look["quotes"] for look in style()["cell"]] == ["“”", "‘’"]


def test_lines_differ_in_their_markers_too() -> None:
    assert len(set(look_of()["markers"])) == len(look_of()["markers"]) == len(look_of()["palette"])
