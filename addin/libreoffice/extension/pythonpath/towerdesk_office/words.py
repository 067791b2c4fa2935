"""The buttons and messages written into the extension when it was built."""

from __future__ import annotations

import json
import os
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120

with open(os.path.join(_HERE, "words.json"), encoding="utf-8") as _source:  # noqa: PTH118, PTH123
    _WORDS: dict[str, Any] = json.load(_source)

#: The product's name in titles and the status bar.
PRODUCT: str = _WORDS["product"]
#: Label of every button by its id.
LABELS: dict[str, str] = {one["id"]: one["label"] for one in _WORDS["buttons"]}
#: The sheets each button works on; empty when it works anywhere.
SHEETS: dict[str, frozenset[str]] = {one["id"]: frozenset(one["sheets"]) for one in _WORDS["buttons"]}
#: The buttons of every menu by the menu's id.
MENUS: dict[str, list[str]] = _WORDS["menus"]


def message(code: str, **details: str) -> str:
    """A message of the catalogue with its placeholders filled."""
    text: str = _WORDS["messages"][code]
    for name, value in details.items():
        text = text.replace("{" + name + "}", value)
    return text


def starting(button: str) -> str:
    """What the status bar says from the click until the command speaks for itself."""
    return f"{PRODUCT}：{LABELS[button]}…"


def icon(button: str) -> str:
    """The path of a button's small picture."""
    return os.path.normpath(os.path.join(_HERE, "..", "..", "icons", button + "_16.png"))  # noqa: PTH118
