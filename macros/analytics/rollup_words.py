"""Loads what the province's roll-up sums, ranks and says, from ``rules/rollup.toml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from macros.clocks.rules import clocks
from macros.clocks.rules import words as clock_words
from macros.data import toml

#: Stands for a sign that cannot be shown.
UNKNOWN = "\ufffd"


class Indicator(NamedTuple):
    """A figure that cities are compared by: the sums ``over`` divided by the sums ``under``.

    ``direction`` is ``high`` where more is better, else ``low``; a base smaller than ``least`` takes no place. ``each``
    is how many of the base the figure is told for, 0 for a rate in percent.
    """

    id: str
    title: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    direction: str
    least: int
    each: int
    clause: str

    @property
    def monthly(self) -> bool:
        """Whether a month has a figure of its own; how things stand now has none."""
        return not set(rules()["stands"]).issuperset(self.over)


@cache
def rules() -> dict[str, Any]:
    """``rules/rollup.toml``; see its comments."""
    return toml(Path(__file__).parents[1] / "rules" / "rollup.toml")


@cache
def indicators() -> tuple[Indicator, ...]:
    """Every indicator, in the order they are shown."""
    return tuple(
        Indicator(
            one["id"], one["title"], tuple(one["over"]), tuple(one["under"]), one["direction"], one["least"],
            one.get("each", 0), one["clause"],
        ) for one in rules()["indicator"]
    )


@cache
def wanted() -> tuple[str, ...]:
    """The clocks to judge: those that count in the on-time rate, and those that indicators name."""
    named = {name.partition(":")[2] for each in indicators() for name in (*each.over, *each.under)}
    named.add(clock_words()["options"]["score_complaints"]["clock"])
    scored = clock_words()["scored"]
    return tuple(number for number, clock in clocks().items() if clock.kind in scored or number in named)


def readable(text: str) -> str:
    """A folder's name as cells and papers can hold it: signs that no file of ours can hold stand as ``UNKNOWN``."""
    return "".join(sign if sign.isprintable() or (sign.isspace() and sign > " ") else UNKNOWN for sign in text)
