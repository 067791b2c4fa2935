"""Reads the switches of time counting out of the user's assumptions (table 假设)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from macros.clocks.rules import words
from macros.periods import HOUSE, Conventions

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Switches:
    """How deadlines are counted and judged here.

    ``lapses_at`` is the time of day a day's deadline ends, None for 24:00 (assumption 2); ``trigger_counts`` says
    that the trigger day is day 1 (assumption 1); ``payday`` rolls a day of the month as `Conventions.reminder`
    does (assumption 7).
    """

    conventions: Conventions = HOUSE
    lapses_at: dt.time | None = None
    trigger_counts: bool = False
    payday: Literal["back", "forward", "nominal"] = "back"


def switches(settings: Mapping[str, str]) -> Switches:
    """The switches the user chose; a choice that is not on offer leaves the default.

    Args:
        settings: chosen text by the assumption's number, as `Register.settings`.
    """
    chosen: dict[str, Any] = {}
    for name, switch in words()["switches"].items():
        meaning = switch["choices"].get(settings.get(switch["setting"], ""))
        if meaning:
            chosen[name] = meaning
    hours = words()["hours"]
    office = _hours(settings.get(hours["setting"], "")) or _hours(hours["default"])
    closes = office[1] if office else None
    if _chosen(settings, hours["office"]):
        chosen["office_hours"] = office
    if _chosen(settings, hours["receipt"]):
        chosen["closes_at"] = closes
    options = words()["options"]
    payday = options["payday"]
    return Switches(
        Conventions(**chosen) if chosen else HOUSE,
        closes if _chosen(settings, hours["lapse"]) else None,
        _chosen(settings, options["trigger_counts"]),
        payday["choices"].get(settings.get(payday["setting"], ""), "back"),
    )


def _chosen(settings: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return any(settings.get(number) == choice for number, choice in wanted.items())


def _hours(text: str) -> tuple[dt.time, dt.time] | None:
    """Opening and closing time of ``08:30-17:30``; None when the text is none."""
    opens, _, closes = text.partition("-")
    try:
        hours = dt.time.fromisoformat(opens.strip().zfill(5)), dt.time.fromisoformat(closes.strip().zfill(5))
    except ValueError:
        return None
    return hours if hours[0] < hours[1] else None
