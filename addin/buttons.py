"""What each button runs: the words of a command, from buttons.toml and, for papers, their definitions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from macros.data import toml

SOURCE = Path(__file__).with_name("buttons.toml")
#: How the button of a paper is called.
PREFIX = "form_"


@dataclass(frozen=True, slots=True)
class Order:
    """One button's command: words with gathered parts in braces, and what happens before and after.

    ``confirm`` is the finding that stops the command until the user has looked and wants it all the same. ``books``
    says how the register's open workbooks must stand for a command that works on the files: "closed" or "saved".
    """

    words: tuple[str, ...]
    doing: str
    show: str = ""
    tell: str = ""
    open: str = ""
    window: bool = False
    paper: str = ""
    confirm: str = ""
    books: str = ""

    def wants(self, part: str) -> bool:
        """Whether the command needs this gathered part."""
        return f"{{{part}}}" in self.words


@cache
def orders() -> dict[str, Order]:
    """Every button's order by its id."""
    from generator.definitions import definitions

    raw = toml(SOURCE)
    found = {name: _order(entry) for name, entry in raw["button"].items()}
    pattern = _order(raw["papers"])
    for code, definition in definitions().items():
        if definition.made_by:
            continue  # its command makes it, not a selected row
        found[button_of(code)] = replace(pattern, paper=code, doing=pattern.doing.format(name=definition.name))
    return found


def button_of(code: str) -> str:
    """The button of a paper: 3.4 → form_3_4, delay-notice → form_delay_notice."""
    return PREFIX + code.replace(".", "_").replace("-", "_")


def filled(order: Order, parts: dict[str, list[str]]) -> list[str]:
    """The words of a call: every part in braces replaced by what was gathered for it, none, one or many words.

    Raises:
        KeyError: a part was not gathered.
    """
    words: list[str] = []
    for word in order.words:
        words += parts[word[1:-1]] if word.startswith("{") else [word]
    return words


def _order(entry: dict[str, object]) -> Order:
    return Order(**{**entry, "words": tuple(entry["words"])})  # type: ignore[arg-type]
