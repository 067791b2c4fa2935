"""The way down from a city to its managers and customers, and to the overdue rows in its own workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from macros.analytics.rollup import by_person, rate
from macros.analytics.rollup_shapes import together
from macros.analytics.rollup_words import UNKNOWN, rules
from macros.clocks.rules import clocks
from macros.records import Link, as_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.analytics.rollup import Province
    from macros.analytics.rollup_shapes import Late, Leaf
    from macros.records import Cell

Key = TypeVar("Key")

#: A spreadsheet's formula takes no longer text, and a link is one.
_LONGEST = 255
#: The sign that parts a file from a place in it, and that of a name that cannot be written: no link leads there.
_NO_WAY = frozenset(("#", UNKNOWN))
#: Which part of a leaf's key names whom.
_MANAGER, _CUSTOMER = 0, 1
_SHEETS = {_MANAGER: "managers", _CUSTOMER: "customers"}


class Line(NamedTuple):
    """One manager or customer of a city, with the clocks they had."""

    city: int
    name: str
    clocks: Mapping[str, Leaf]
    total: Leaf


class Drill:
    """Where each city's people and overdue rows stand in the workbook.

    ``folders`` lead from the workbook's folder to each city's, as they can be read.
    """

    def __init__(self, province: Province, folders: Sequence[str]) -> None:
        self.province, self.folders = province, folders
        self.people = {which: _lines(province, which)[: rules()["lines"]] for which in _SHEETS}
        self.late = [
            (number, one) for number, city in enumerate(province.cities)
            for one in sorted(city.late, key=_by_person)
        ]
        self._late_of = _first(number for number, _ in self.late)
        self._people_of = {which: _first(line.city for line in lines) for which, lines in self.people.items()}
        self._late_of_person = {
            _MANAGER: _first((number, one.manager) for number, one in self.late),
            _CUSTOMER: _first((number, one.customer) for number, one in self.late),
        }

    def sheets(self) -> list[tuple[Mapping[str, Any], list[list[Cell]]]]:
        """The sheets of managers, of customers and of overdue rows."""
        look = rules()["sheet"]
        made: list[tuple[Mapping[str, Any], list[list[Cell]]]] = []
        for which, name in _SHEETS.items():
            columns = [
                {**one, "title": one["title"].format(who=look[name]["who"])} for one in look["managers"]["columns"]
            ]
            spec = {key: value for key, value in look[name].items() if key != "same_as"}
            made.append(({**spec, "columns": columns}, [self._person(which, line) for line in self.people[which]]))
        made.append((look["late"], [self._overdue(number, one) for number, one in self.late]))
        return made

    def people_of(self, number: int) -> Cell:
        """The way to a city's managers."""
        row = self._people_of[_MANAGER].get(number)
        return _here(rules()["words"]["people"], _SHEETS[_MANAGER], row) if row else None

    def late_of(self, number: int) -> Cell:
        """The way to a city's overdue rows."""
        return _way(int(self.province.cities[number].now.get("overdue", 0)), self._late_of.get(number))

    def _person(self, which: int, line: Line) -> list[Cell]:
        missed = {clock: leaf.late for clock, leaf in line.clocks.items() if leaf.late}
        worst = max(missed, key=lambda clock: (missed[clock], clock), default="")
        return [
            self.province.names[line.city], line.name, as_cell(rate(line.total)), *line.total,
            rules()["words"]["worst"].format(title=clocks()[worst].title, count=missed[worst]) if worst else None,
            _way(line.total.overdue, self._late_of_person[which].get((line.city, line.name))),
        ]

    def _overdue(self, number: int, one: Late) -> list[Cell]:
        shown = rules()["words"]["row" if one.row else "table"].format(
            workbook=one.workbook.rpartition(".")[0], sheet=one.sheet, row=one.row,
        )
        there = Link(shown, f"{self.folders[number]}/{one.workbook}", one.sheet, f"A{one.row or 1}")
        reachable = len(there.target) <= _LONGEST and _NO_WAY.isdisjoint(self.folders[number])
        return [
            self.province.names[number], one.manager, one.customer, one.clock, one.title, one.key, one.due, one.days,
            there if reachable else shown,
        ]


def _by_person(one: Late) -> tuple[object, ...]:
    return one.manager, one.customer, one.due, one.clock, one.row, one.key


def _lines(province: Province, which: int) -> list[Line]:
    return [
        Line(number, name, found, together(found.values()))
        for number, city in enumerate(province.cities) for name, found in by_person(city, which).items()
    ]


def _first(keys: Iterable[Key]) -> dict[Key, int]:
    """The sheet row in which each of the lines' keys stands first; headings are in row 1."""
    found: dict[Key, int] = {}
    for row, key in enumerate(keys, 2):
        found.setdefault(key, row)
    return found


def _way(count: int, row: int | None) -> Cell:
    """So many overdue rows, leading to the first of them that is listed."""
    said = rules()["words"]
    if not count:
        return None
    return _here(said["of"].format(count=count), "late", row) if row else str(said["unlisted"].format(count=count))


def _here(text: str, sheet: str, row: int) -> Link:
    return Link(text, "", rules()["sheet"][sheet]["title"], f"A{row}")
