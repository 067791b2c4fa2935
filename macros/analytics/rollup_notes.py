"""What a reader of the roll-up must know: which registers are not in it, and which are counted differently."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from macros.analytics.rollup_words import readable, rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.analytics.rollup import Province
    from macros.findings import Finding


class Note(NamedTuple):
    """One remark: its kind (unread, missing, basis, same, period, capped), the city, what is said, its folder."""

    kind: str
    city: str
    said: str
    folder: str = ""


def notes(province: Province, unread: Sequence[tuple[str, Finding]], at: str, listed: int) -> list[Note]:
    """Every remark, the gravest first.

    Args:
        province: the cities.
        unread: folders that could not be read, with the reason.
        at: the moment of the roll-up as people read it.
        listed: overdue rows that the workbook lists.
    """
    said = rules()["words"]
    found = [Note("unread", "", why.message, folder) for folder, why in unread]
    found += [
        Note("missing", name, one, readable(city.folder))
        for name, city in zip(province.names, province.cities, strict=True) for one in city.missing
    ]
    known = Counter(city.name for city in province.cities if city.name)
    found += [
        Note("same", name, said["same"].format(name=city.name, count=known[city.name]), readable(city.folder))
        for name, city in zip(province.names, province.cities, strict=True) if known[city.name] > 1
    ]
    found += [
        Note("same", name, said["nameless"], readable(city.folder))
        for name, city in zip(province.names, province.cities, strict=True) if not city.name
    ]
    found += _basis(province)
    if province.months:
        months = list(province.months)
        found.append(Note("period", "", said["period"].format(first=months[0], last=months[-1], at=at)))
    overdue = int(province.now.get("overdue", 0))
    if overdue > listed:
        found.append(Note("capped", "", said["capped"].format(all=overdue, listed=listed)))
    return found + _cut(province)


def _cut(province: Province) -> list[Note]:
    """The sheets of managers and of customers that have more lines than they show."""
    room, found = rules()["lines"], []
    for which, name in enumerate(("managers", "customers")):
        lines = sum(len({whose[which] for whose in city.leaves}) for city in province.cities)
        if lines > room:
            title = rules()["sheet"][name]["title"]
            found.append(Note("capped", "", rules()["words"]["cut"].format(title=title, all=lines, room=room)))
    return found


def _basis(province: Province) -> list[Note]:
    """What most cities count by, and which count otherwise."""
    said = rules()["words"]
    found: list[Note] = []
    for each in rules()["basis"]:
        values = [city.basis.get(each["id"], "") for city in province.cities]
        many = Counter(values)
        if not many:
            continue
        usual = min(many, key=lambda value: (-many[value], value))
        found.append(Note("basis", "", said["most"].format(title=each["title"], count=many[usual], value=usual)))
        found += [
            Note("basis", name, said["differs"].format(title=each["title"], value=value), readable(city.folder))
            for name, city, value in zip(province.names, province.cities, values, strict=True) if value != usual
        ]
    return found


def differing(found: Sequence[Note]) -> list[str]:
    """The cities that count differently, each once."""
    return list(dict.fromkeys(note.city for note in found if note.kind == "basis" and note.city))
