"""The province as the sheets of a workbook: indicators, places, cities, clocks, people, overdue rows, trend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.analytics.rollup import by_clock, rate
from macros.analytics.rollup_summary import summary
from macros.analytics.rollup_words import indicators, rules
from macros.clocks.rules import clocks
from macros.records import as_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.analytics.rollup import Province, Ranked
    from macros.analytics.rollup_drill import Drill
    from macros.analytics.rollup_notes import Note
    from macros.analytics.rollup_shapes import Leaf
    from macros.records import Cell

Rows = list[list["Cell"]]
#: A sheet's look and its rows, as `macros.workbooks.reports` takes them.
Sheet = tuple["Mapping[str, Any]", Rows]


def sheets(province: Province, notes: Sequence[Note], drill: Drill) -> list[Sheet]:
    """Every sheet, in the order of the workbook."""
    look = rules()["sheet"]
    return [
        (look["province"], _province(province)), _ranking(province), _cities(province, drill), _demands(province),
        (look["trend"], trend(province)), (look["clocks"], _clocks(province)), *drill.sheets(),
        (look["notes"], [
            [rules()["kinds"][note.kind], note.city or None, note.said, note.folder or None] for note in notes
        ]),
    ]


def _province(province: Province) -> Rows:
    """Each indicator of this month, the last and the period, with the first and the last city."""
    said = rules()["words"]
    return [
        [
            line.indicator.title, line.this, line.before, line.whole.words(), as_cell(line.whole.over),
            as_cell(line.whole.under), said[line.indicator.direction], line.best, line.worst, line.placed,
            len(province.cities) - line.placed, line.indicator.clause or None,
        ] for line in summary(province)
    ]


def _ranking(province: Province) -> Sheet:
    """Every city's figures and places, the first of the first indicator on top."""
    look, said = rules()["sheet"]["ranking"], rules()["words"]
    columns = [look["lead"]]
    for each in indicators():
        columns.append({"name": each.id, "title": each.title, **look["per" if each.each else "rate"]})
        columns.append({
            "name": f"{each.id}_place", **look["place"], "title": look["place"]["title"].format(title=each.title),
        })
    lines: list[tuple[Ranked, ...]] = list(zip(*province.ranking.values(), strict=True))
    rows: Rows = []
    for line in sorted(lines, key=lambda line: line[0].place or len(lines) + 1):
        row: list[Cell] = [line[0].name]
        for one in line:
            without = said["none"] if one.measure.exact is None else said["small"]
            row += [as_cell(one.measure.value), without if one.place is None else one.place]
        rows.append(row)
    return {**look, "columns": columns}, rows


def _cities(province: Province, drill: Drill) -> Sheet:
    """Every city's counts and money, with the way to its managers and overdue rows; the province comes first."""
    look, said = rules()["sheet"]["cities"], rules()["words"]
    lines = rules()["line"]
    columns = [look["lead"], *(
        {"name": each["id"], "title": each["title"], **look["money" if each.get("money") else "each"]}
        for each in lines
    ), *look["last"]]
    rows: Rows = [[said["province"], *(as_cell(province.period.get(each["sum"], 0)) for each in lines), *[None] * 3]]
    for number, (name, city) in enumerate(zip(province.names, province.cities, strict=True)):
        sums = city.period
        rows.append([
            name, *(as_cell(sums.get(each["sum"], 0)) for each in lines), drill.people_of(number),
            drill.late_of(number), drill.folders[number],
        ])
    return {**look, "columns": columns}, rows


def _demands(province: Province) -> Sheet:
    """How far each city's demands of each label have come."""
    look, said = rules()["sheet"]["demands"], rules()["words"]
    stages = [*(each["title"] for each in rules()["stage"]), said["no_stage"]]
    columns = [*look["lead"], *(
        {"name": f"s{number}", "title": title, **look["each"]} for number, title in enumerate(stages)
    ), look["total"]]
    rows: Rows = []
    for name, city in zip(province.names, province.cities, strict=True):
        for label in sorted({label for label, _ in city.stages}):
            counts = [city.stages.get((label, stage), 0) for stage in stages]
            rows.append([name, label, *counts, sum(counts)])
    return {**look, "columns": columns}, rows


def trend(province: Province) -> Rows:
    """Each month of the period under the columns of the sheet: indicators by their id, sums by their name."""
    known = {each.id: each for each in indicators()}
    rows: Rows = []
    for month, sums in province.months.items():
        row: list[Cell] = [month]
        for column in rules()["sheet"]["trend"]["columns"][1:]:
            if column["name"] in known:
                found = province.in_month(known[column["name"]], month)
                row.append(as_cell(found.value) if found else None)
            else:
                row.append(as_cell(sums.get(column["name"], 0)))
        rows.append(row)
    return rows


def _clocks(province: Province) -> Rows:
    """How each hard clock stands in the province and in every city."""
    said = rules()["words"]
    rows = [_clock(said["province"], clock, leaf) for clock, leaf in province.clocks.items()]
    for name, city in zip(province.names, province.cities, strict=True):
        rows += [_clock(name, clock, leaf) for clock, leaf in by_clock([city]).items()]
    return rows


def _clock(city: str, clock: str, leaf: Leaf) -> list[Cell]:
    rule = clocks()[clock]
    return [city, clock, rule.title, as_cell(rate(leaf)), *leaf, rule.clause]
