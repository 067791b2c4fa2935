"""Matches the headings of a sheet to a layout's columns and says how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.intake.datums import plain
from macros.intake.headings import compact, remarks, shown, spellings
from macros.intake.units import fits, says, without_unit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from macros.intake.headings import Block, Heading
    from macros.intake.layouts import Layout, Pass

#: Remembered mappings: layout title and compact heading → column, by English name; "" for "leave it out".
Remembered = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Match:
    """How a block of headings fits a layout.

    ``columns`` holds one dict per pass, English column name → heading. ``passed_over`` are headings beaten by another
    for the same column, as (heading, winner, column name); ``units`` those whose unit is not the column's;
    ``repeated`` the same heading over two columns.
    """

    layout: Layout
    block: Block
    columns: tuple[dict[str, Heading], ...]
    unmatched: tuple[Heading, ...]
    passed_over: tuple[tuple[Heading, Heading, str], ...]
    units: tuple[tuple[Heading, str], ...]
    repeated: tuple[tuple[Heading, Heading], ...]
    missing: tuple[str, ...]
    confidence: float

    @property
    def matched(self) -> int:
        """How many headings found a column."""
        return len({heading.column for columns in self.columns for heading in columns.values()})


def match(layout: Layout, block: Block, given: Collection[str], remembered: Remembered) -> Match:
    """Match ``block`` to ``layout``; ``given`` are columns whose value comes from elsewhere (``--customer``)."""
    columns, taken, beaten, units = [], set(), [], []
    repeated = _repeated(block)
    for one in layout.passes:
        found, lost, wrong = _pass(layout, one, block, remembered)
        columns.append(found)
        taken |= {heading.column for heading in found.values()}
        beaten += lost
        units += wrong
    ignored = {h.column for h in block.headings if remembered.get((layout.title, compact(h.text))) == ""}
    fixed = set(layout.passes[0].fixed)
    missing = tuple(
        name for name in layout.needs if name not in columns[0] and name not in given and name not in fixed
    )
    unmatched = tuple(h for h in block.headings if h.column not in taken | ignored)
    return Match(
        layout, block, tuple(columns), unmatched, tuple(x for x in beaten if x[0].column not in taken),
        tuple(x for x in units if x[0].column not in taken), repeated, missing,
        _confidence(layout, block, columns, len(taken | ignored)),
    )


def _repeated(block: Block) -> tuple[tuple[Heading, Heading], ...]:
    """Headings that stand over two columns, with the first of the two."""
    first: dict[str, Heading] = {}
    found = []
    for heading in block.headings:
        known = first.setdefault(compact(heading.text) or heading.text, heading)
        if known is not heading:
            found.append((heading, known))
    return tuple(found)


def _pass(layout: Layout, one: Pass, block: Block, remembered: Remembered) -> tuple[
    dict[str, Heading], list[tuple[Heading, Heading, str]], list[tuple[Heading, str]]
]:
    best: dict[str, tuple[float, Heading]] = {}
    beaten: list[tuple[Heading, Heading, str]] = []
    units: list[tuple[Heading, str]] = []
    others = [compact(other.group) for other in layout.passes if other.group and other.group != one.group]
    for heading in block.headings:
        parts = tuple(part for whole in heading.parts for part in whole.split("_") if part)
        if any(compact(part) in others for part in parts):
            continue
        known = remembered.get((layout.title, compact(heading.text)))
        if known is not None:
            name, rank, wrong = known, -1.0, ""
        else:
            name, rank, wrong = _column(layout, parts, compact(one.group))
        if wrong:
            units.append((heading, wrong))
        if not name:
            continue
        if name in best and best[name][0] <= rank:
            beaten.append((heading, best[name][1], name))
            continue
        if name in best:
            beaten.append((best[name][1], heading, name))
        best[name] = (rank, heading)
    found = {name: heading for name, (_, heading) in best.items()}
    return found, [(lost, found[name], name) for lost, _, name in beaten], units


def _column(layout: Layout, parts: tuple[str, ...], group: str) -> tuple[str, float, str]:
    """The column of a heading, its rank, and the column whose unit it lacks; empty where there is none.

    The whole path is tried first, then the field under fewer and fewer of its groups.
    """
    inside = [i for i, part in enumerate(parts) if group and compact(part) == group]
    start = inside[0] + 1 if inside else 0
    apart = any(compact(part).startswith(word) for part in parts[:-1] for word in layout.apart)
    wrong = ""
    for dropped in range(len(parts)):
        if apart and dropped:
            break
        path = "_".join(parts[dropped:])
        for cut, spelling in enumerate(spellings(path)):
            known = layout.names.get(spelling)
            if known is None:
                continue
            if _unit_fits(layout, known[0], remarks(path)[:cut]):
                return known[0], known[1] + 10 * max(0, dropped - start) + cut / 10 - (20 if inside else 0), ""
            wrong = known[0]
        bare, unit = without_unit(spellings(path)[-1] if spellings(path) else "")
        known = layout.names.get(bare)
        if unit and known and _unit_fits(layout, known[0], (unit,)):
            return known[0], known[1] + 10 * max(0, dropped - start) + 5 - (20 if inside else 0), ""
    if len(parts) > 1 and not apart:
        return *_turned(layout, parts), wrong
    return "", 0.0, wrong


def _turned(layout: Layout, parts: tuple[str, ...]) -> tuple[str, float]:
    """The column of a group and a field that are one word the other way round: 建造成本（元） over 铁塔."""
    group, field = parts[-2:]
    for spelling in spellings(field + group):
        known = layout.names.get(spelling)
        if known and _unit_fits(layout, known[0], remarks(group)):
            return known[0], known[1] + 50
    return "", 0.0


def _unit_fits(layout: Layout, name: str, said: tuple[str, ...]) -> bool:
    """Whether the bracketed remarks left out of a heading leave its meaning alone."""
    form = layout.form
    if form is None:
        return False
    return fits(form.column(name), [one for remark in plain(form, name, said) for one in says(remark)])


def _confidence(layout: Layout, block: Block, columns: list[dict[str, Heading]], matched: int) -> float:
    """Share of telltales found, or the share of headings understood, if higher.

    An export of a few stages shows few telltales; it is one when it has at least one column that may be written.
    """
    heard = {name for heading in block.headings for name in _all_names(heading)}
    titles: set[str] = set()
    if layout.form:
        titles = {compact(layout.form.column(name).title) for found in columns for name in found}
    hits = sum(any(compact(word) in heard or compact(word) in titles for word in any_of) for any_of in layout.telltale)
    share = hits / len(layout.telltale)
    written = layout.mode == "add" or (layout.takes & columns[0].keys() and len(columns[0]) > 2)
    return max(share, matched / len(block.headings)) if written and block.headings else share


def _all_names(heading: Heading) -> tuple[str, ...]:
    return (*spellings(heading.text), *spellings(shown(heading.parts[-1])))


def remembered_mappings(rows: Mapping[tuple[str, str], str], by_title: Mapping[str, Layout]) -> Remembered:
    """The user's 列映射, (layout, heading) → column, with columns by English name; rows that fit nothing are left out.

    A column may be given by title, heading or English name; 不导入 or a dash leaves the heading out.
    """
    found: Remembered = {}
    for (title, heading), column in rows.items():
        layout = by_title.get(compact(title))
        if layout is None or layout.form is None:
            continue
        if not compact(column) or column == "不导入":
            found[layout.title, compact(heading)] = ""
            continue
        named = {compact(c.title): c.name for c in layout.form.columns} | {c.name: c.name for c in layout.form.columns}
        name = named.get(compact(column)) or named.get(column)
        if name:
            found[layout.title, compact(heading)] = name
    return found
