"""Loads the 42 clocks from ``rules/clocks.toml``: triggers, limits with their dated versions, conditions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.records import Value

Kind = Literal["hard", "soft", "customer", "cycle", "quota", "consequence", "contract", "escalation", "event"]
Shape = Literal["row", "cycle", "period", "chain"]
Unit = Literal[
    "WD", "day", "minute", "hour", "at-once", "month-before", "month-end", "day-of-month", "column", "week-end"
]

RULES = Path(__file__).parents[1] / "rules"


@dataclass(frozen=True, slots=True)
class Version:
    """A limit in force from the day ``effective``; ``vip`` is the limit of customers of level VIP."""

    effective: dt.date
    limit: int
    unit: Unit
    vip: int | None = None
    forward: bool = False

    def limit_at(self, level: str) -> int:
        """The limit at a service level."""
        return self.vip if self.vip is not None and level == words()["vip"] else self.limit

    def text(self, level: str = "") -> str:
        """The limit as the screens show it: ``30 WD``, ``60 min``."""
        return str(words()["limits"][self.unit]).format(n=self.limit_at(level))


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row must show for a clock to run; exactly one of the tests is set.

    ``blank_counts`` is a setting and the choice under which a blank satisfies the condition too.
    """

    column: str
    test: Literal["equals", "among", "differs", "filled", "blank", "current"]
    wanted: tuple[Value, ...]
    blank_counts: tuple[str, str] | None = None
    blank_note: str = ""

    def holds(self, value: Value, today: dt.date, settings: Mapping[str, str]) -> bool:
        """Whether a cell's value satisfies the condition on the day ``today``."""
        if value is None:
            if self.blank_counts:
                setting, choice = self.blank_counts
                return settings.get(setting, choice_defaults()[setting]) == choice
            return self.test == "blank"
        if self.test == "current":
            return isinstance(value, dt.date) and value >= today
        if self.test == "differs":
            return value not in self.wanted
        return self.test == "filled" or (self.test != "blank" and value in self.wanted)


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """One of the 42 clocks; the fields are those of ``rules/clocks.toml``."""

    id: str
    title: str
    kind: Kind
    clause: str
    shape: Shape
    table: str
    form: str
    action: str
    versions: tuple[Version, ...]
    trigger: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    closing: Literal["first", "all"] = "first"
    rounds: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    due_column: str = ""
    ask: str = ""
    last: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    interval: tuple[str, ...] = ()
    grid: bool = False
    after: str = ""
    on: tuple[str, ...] = ()
    from_lapse: bool = False
    guarded: bool = False
    period: Literal["", "month", "week"] = ""
    lag: int = 0
    back: int | None = None
    group: Literal["", "operator", "customer", "register"] = ""
    member: str = ""
    dated: str = ""
    agreed_day: str = ""
    exists: bool = False
    latest: str = ""

    def version_on(self, day: dt.date) -> Version:
        """The version in force on the trigger day; the first one also serves earlier days."""
        chosen = self.versions[0]
        for version in self.versions:
            if version.effective <= day:
                chosen = version
        return chosen

    @property
    def tables(self) -> frozenset[str]:
        """Every table whose rows the clock reads."""
        joined = {name.partition(".")[0] for name in self.last + self.until + self.interval if "." in name}
        return frozenset({self.table} | joined | ({"lease"} if self.group == "operator" else set()))


def _condition(raw: dict[str, Any]) -> Condition:
    test = next(name for name in ("equals", "among", "differs", "filled", "blank", "current") if name in raw)
    wanted = raw[test] if isinstance(raw[test], list) else [raw[test]]
    counts = raw.get("blank_counts")
    return Condition(
        raw["column"], test, tuple(wanted), (counts["setting"], counts["choice"]) if counts else None,
        raw.get("blank_note", ""),
    )


def parse(text: str) -> tuple[dict[str, Clock], frozenset[str]]:
    """Read clocks from TOML text.

    Returns:
        The clocks by id, and the columns (``table.column``) that hold agreements about the future.

    Raises:
        TypeError: an unknown or missing field: our mistake, not the user's.
    """
    import tomllib

    return _made(tomllib.loads(text))


def _made(raw: Mapping[str, Any]) -> tuple[dict[str, Clock], frozenset[str]]:
    clocks: dict[str, Clock] = {}
    for entry in raw["clock"]:
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()
        }
        fields["versions"] = tuple(sorted((Version(**v) for v in entry["versions"]), key=lambda v: v.effective))
        fields["when"] = tuple(_condition(condition) for condition in entry.get("when", ()))
        clocks[entry["id"]] = Clock(**fields)
    return clocks, frozenset(raw["terms"])


@cache
def _loaded() -> tuple[Mapping[str, Clock], frozenset[str]]:
    clocks, terms = _made(toml(RULES / "clocks.toml"))
    return MappingProxyType(clocks), terms


def clocks() -> Mapping[str, Clock]:
    """Every clock by its id, K01 to K42."""
    return _loaded()[0]


def terms() -> frozenset[str]:
    """Columns (``table.column``) that hold an agreement about the future and are read whatever `now` is."""
    return _loaded()[1]


@cache
def words() -> Mapping[str, Any]:
    """The words and small parameters of boards and explanations, from ``rules/clock_words.toml``."""
    return MappingProxyType(toml(RULES / "clock_words.toml"))


@cache
def choice_defaults() -> Mapping[str, str]:
    """The choice taken for each setting that clocks consult, where the user chose none."""
    return MappingProxyType(dict(words()["settings"]))
