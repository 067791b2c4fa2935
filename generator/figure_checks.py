"""Finds what is wrong in the figures that a definition asks for."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from generator.figures import CHARTS, PICTURES, SPANS
from macros.forms import forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_KEYS = ("name", "kind", "list", "label", "series", "title", "unit", "by", "most")
#: Column types that a chart can show.
_NUMBERS = ("integer", "decimal", "money", "rate")
_ONE_SERIES = "pie"


def problems(raw: Mapping[str, Any], lists: Mapping[str, str]) -> Iterator[str]:
    """Everything wrong in a definition's figures.

    Args:
        raw: the definition as read from TOML.
        lists: the tables of its lists.
    """
    seen: set[str] = set()
    for position, each in enumerate(raw.get("figures", ())):
        place = f"figures[{position}]"
        name, kind = str(each.get("name", "")), each.get("kind")
        if not name.isidentifier() or name in seen:
            yield f"{place}: the name {name!r} is no identifier, or there are two"
        seen.add(name)
        for key in each:
            if key not in _KEYS:
                yield f"{place}: unknown key {key!r}{_near(key, _KEYS)}"
        if kind not in (*CHARTS, *PICTURES):
            yield f"{place}: no kind {kind!r}{_near(str(kind), (*CHARTS, *PICTURES))}"
        elif kind in CHARTS:
            yield from _chart(place, each, lists)
    names = [each.get("name") for each in raw.get("figures", ())]
    for position, block in enumerate(raw.get("layout", ())):
        if block.get("block") == "figure":
            for name in block["name"] if isinstance(block["name"], list) else [block["name"]]:
                if name not in names:
                    yield f"layout[{position}]: no figure {name!r}{_near(name, map(str, names))}"


def _chart(place: str, raw: Mapping[str, Any], lists: Mapping[str, str]) -> Iterator[str]:
    table = lists.get(raw.get("list", ""), "")
    if table not in forms():
        yield f"{place}: no list {raw.get('list')!r}{_near(str(raw.get('list')), lists)}"
        return
    form = forms()[table]
    if raw.get("label") not in form.index:
        yield f"{place}: no column {raw.get('label')!r} in {table}{_near(str(raw.get('label')), form.index)}"
    if raw.get("by", "month") not in SPANS:
        yield f"{place}: by can only be one of {', '.join(SPANS)}"
    if not raw.get("series") or (raw["kind"] == _ONE_SERIES and len(raw["series"]) > 1):
        yield f"{place}: needs series, a pie just one"
    for one in raw.get("series", ()):
        column = one.get("column", "")
        if not one.get("title"):
            yield f"{place}: a series has no title"
        if column and (column not in form.index or form.column(column).type not in _NUMBERS):
            yield f"{place}: no column of numbers {column!r} in {table}{_near(column, form.index)}"


def _near(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), 1, 0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
