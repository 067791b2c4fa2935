"""sites: who is on every tower and since when, how much room is left, and what may be registered twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.clocks.item import iso
from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.books import write_report
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.findings import about

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.records import Cell, Record
    from macros.sites.sharing import Period
    from macros.workbooks.reports import Sheet


@no_collection()
def sites(folder: Path, out: Path | None = None, now: str | None = None) -> Answer:
    """List every site with its tenants, anchor and room left, and their changes over time; writes 站址资源.xlsx.

    Tenants are those of 使用单位 and of running leases together; where the two differ a finding says so.
    """
    from macros.data import toml
    from macros.sites.duplicates import namesakes, neighbours
    from macros.sites.sharing import timelines
    from macros.sites.towers import tenants_of, towers
    from macros.sites.words import RULES, limits

    shelf = Shelf(folder)
    register = shelf.register()
    day = moment(now).date()
    limit, words = limits(day), toml(RULES / "sites.toml")
    held, findings = towers(register, day)
    findings += namesakes(held, register.rows("site"))
    findings += neighbours(held, register.rows("site"), limit.same_place)
    known = timelines(register.rows("lease"))
    rows = {row.key: row for row in reversed(register.rows("site")) if row.key}
    told: list[dict[str, Any]] = []
    for code, tenants in zip(held.codes, held.tenants, strict=True):
        row, periods = rows[code], known.get(code, [])
        present = next((each for each in periods if each.runs(day)), None)
        leased = frozenset(present.operators if present else ())
        if tenants_of(row.text("tenants")) != leased and periods:
            nobody = words["words"]["nobody"]
            stated = row.text("tenants") or nobody
            findings.append(about(row, "tenants", "SIT010", leased="、".join(sorted(leased)) or nobody, present=stated))
        told.append(_site(row, sorted(tenants), limit.tenants, present, periods))
    path = (out or folder) / words["workbook"]["file"]
    findings += write_report(path, words["workbook"]["title"], _sheets(told, rows, words))
    data = {"day": day.isoformat(), "sites": [_json(each) for each in told], "file": str(path)}
    return lists.answer(data, [_text(told, day, path)], findings)


def _site(
    row: Record, tenants: Sequence[str], most: int, present: Period | None, periods: Sequence[Period],
) -> dict[str, Any]:
    return {
        "code": row.key, "name": row.text("site_name"), "tenants": tenants, "left": max(most - len(tenants), 0),
        "anchor": list(present.anchor) if present else [], "since": present.first if present else None,
        "periods": periods,
    }


def _json(each: Mapping[str, Any]) -> dict[str, Any]:
    since = each["since"]
    return {**each, "since": iso(since), "periods": [
        {
            "from": period.first.isoformat(), "to": iso(period.last),
            "tenants": list(period.operators), "anchor": list(period.anchor),
        } for period in each["periods"]
    ]}


def _sheets(told: Sequence[Mapping[str, Any]], rows: Mapping[str, Record], words: Mapping[str, Any]) -> list[Sheet]:
    said, (present, changes) = words["words"], words["sheet"]
    standing: list[list[Cell]] = []
    history: list[list[Cell]] = []
    for each in told:
        row, count = rows[each["code"]], len(each["tenants"])
        height = row["tower_height"]
        standing.append([
            each["code"], each["name"], row.text("county"), row.text("tower_kind"),
            None if height is None else float(str(height)),
            said["empty"] if not count else said["single"] if count == 1 else said["shared"],
            "、".join(each["tenants"]), count, each["left"], "、".join(each["anchor"]), each["since"],
            row.text("tenants"),
        ])
        history += [
            [
                each["code"], each["name"], period.first, period.last.isoformat() if period.last else said["onwards"],
                "、".join(period.operators), len(period.operators), "、".join(period.anchor),
            ] for period in each["periods"]
        ]
    return [(present, standing), (changes, history)]


def _text(told: Sequence[Mapping[str, Any]], day: dt.date, path: Path) -> str:
    counts = [len(each["tenants"]) for each in told]
    return (
        f"截至 {day}：站址 {len(told)} 个，共享 {sum(count > 1 for count in counts)}，独享 {counts.count(1)}，"
        f"空置 {counts.count(0)}；还有空位 {sum(each['left'] for each in told)} 个。明细见《{path.name}》。"
    )
