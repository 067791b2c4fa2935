"""expiring: the leases that end in the months to come, how far each is, and what its renewal would cost."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.billing.expiry import Ending, Step, by_month, endings, fillings, listed, words
from macros.billing.leases import leases
from macros.billing.renewal import Price
from macros.billing.renewal import prices as renewal_prices
from macros.clocks.item import day, iso
from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.bill.reckoning import prices as tariff_of
from macros.commands.bill.reckoning import wrong_rows
from macros.commands.books import write_report
from macros.commands.days import calendar_of
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.hosts import refuse
from macros.records import as_cell

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from macros.clocks.item import Item
    from macros.findings import Finding
    from macros.records import Cell
    from macros.register import Register
    from macros.workbooks.reports import Sheet

_NOTHING = Decimal("0.00")


@no_collection()
def expiring(folder: Path, months: int | None = None, out: Path | None = None, now: str | None = None) -> Answer:
    """List the leases that end by month; writes 到期租约.xlsx and fills blank 年服务费 and 续期建议价 of those listed.

    What the user wrote himself stays, with a finding where it differs from what is computed.

    Raises:
        Refused: ``months`` is out of range.
    """
    ahead = words()["months"] if months is None else months
    if not 0 <= ahead <= words()["most"]:
        raise refuse("COL044", value=ahead, most=words()["most"])
    shelf = Shelf(folder)
    register = shelf.register()
    at = moment(now)
    rows = listed(register.rows("lease"), at.date(), ahead)
    items = _items(register, at)
    priced_, excluded, findings = _prices(register, {row.key for row in rows}, at)
    steps = {key: {item.clock: _step(item) for item in held} for key, held in items.items()}
    found, said = endings(rows, steps, priced_, excluded, register.rows("notice"), at.date())
    findings += said
    updates = fillings(found)
    shelf.update(updates)
    findings += shelf.save()
    path = (out or folder) / words()["workbook"]["file"]
    standing = {each.row.key: _standing(items.get(each.row.key, []), at) for each in found}
    findings += write_report(path, words()["workbook"]["title"], _sheets(found, standing))
    findings = list(dict.fromkeys(findings))
    data = {
        "now": at.isoformat(), "months": [
            {"month": month, **_sums(each), "leases": [_json(one, standing[one.row.key]) for one in each]}
            for month, each in by_month(found).items()
        ],
        "filled": len(updates), "file": str(path),
    }
    return lists.answer(data, _lines(found, standing, len(updates), path), findings)


def fill(shelf: Shelf, register: Register, keys: Collection[str] | None, at: dt.datetime) -> Register:
    """Fill blank 年服务费 and 续期建议价 of leases that end, for papers that print them: what is printed is kept.

    Args:
        shelf: the folder, which is not saved here.
        register: its tables.
        keys: the leases wanted; None means all that end.
        at: the moment of the papers.

    Returns:
        The register with these cells filled.
    """
    rows = [row for row in register.rows("lease") if row["ends_on"] is not None and (keys is None or row.key in keys)]
    wanted = [row for row in rows if row["yearly_fee"] is None or row["renewal_fee"] is None]
    if not wanted:
        return register
    made, excluded, _ = _prices(register, {row.key for row in wanted}, at)
    updates = fillings(endings(wanted, {}, made, excluded, (), at.date())[0])
    shelf.update(updates)
    filled = {row.place: values for row, values in updates}
    leased = tuple(row.changed(filled.get(row.place, {})) for row in register.rows("lease"))
    return register.having({"lease": leased})


def _items(register: Register, at: dt.datetime) -> dict[str, list[Item]]:
    """The pipeline's clocks by lease number, as the board has them."""
    from macros.clocks.engine import judge_all

    found: dict[str, list[Item]] = defaultdict(list)
    for item in judge_all(register, calendar_of(register), at, clocks=list(words()["clocks"].values())).items:
        found[item.key].append(item)
    return found


def _step(item: Item) -> Step:
    due, done = item.due, item.closed_on
    return Step(item.clock, day(due) if due else None, item.state, day(done) if done else None)


def _prices(
    register: Register, wanted: Collection[str], at: dt.datetime,
) -> tuple[dict[str, Price], dict[str, str], list[Finding]]:
    """Computed prices of the wanted leases, why others of them have none, and what was found about the parameters."""
    tariff, findings = tariff_of(register)
    known, out, _ = leases(register.rows("lease"), tariff, wrong_rows(register, at.date()))
    made, missing = renewal_prices(known, wanted, tariff, at.date())
    return made, {one.key: one.why for one in out}, [*findings, *missing]


def _standing(items: Sequence[Item], at: dt.datetime) -> str:
    """How pressing the next step is, in the words that the sheets are coloured by."""
    from macros.clocks import board
    from macros.clocks.rules import words as clock_words

    running = [item for item in items if item.running]
    if not running:
        return str(clock_words()["states"]["met"]) if items else ""
    return str(clock_words()["hint"][board.standing(min(running, key=board.instant), at)])


def _sums(held: Sequence[Ending]) -> dict[str, Any]:
    return {
        "count": len(held), "yearly": str(sum((one.yearly or _NOTHING for one in held), _NOTHING)),
        "renewal": str(sum((one.renewal or _NOTHING for one in held), _NOTHING)),
    }


def _sheets(found: Sequence[Ending], standing: Mapping[str, str]) -> list[Sheet]:
    detail, monthly = words()["sheet"]
    rows: list[list[Cell]] = [
        [
            standing[one.row.key], one.month, one.row.key, one.row.text("operator"), one.row.text("county"),
            one.row.text("site_code"), one.row.text("site_name"), one.ends_on, one.stage,
            one.next_step.due if one.next_step else None, as_cell(one.yearly), as_cell(one.renewal),
            as_cell(one.difference), one.basis, one.termination.date("effective_on") if one.termination else None,
            as_cell(one.termination["compensation"]) if one.termination else None,
        ] for one in found
    ]
    sums: list[list[Cell]] = [
        [month, len(held), float(each["yearly"]), float(each["renewal"])]
        for month, held in by_month(found).items() for each in [_sums(held)]
    ]
    return [(detail, rows), (monthly, sums)]


def _json(one: Ending, standing: str) -> dict[str, Any]:
    end = one.termination
    effective = end.date("effective_on") if end else None
    return {
        "key": one.row.key, "customer": one.row.text("operator"), "site": one.row.text("site_code"),
        "ends_on": one.ends_on.isoformat(), "stage": one.stage, "standing": standing,
        "yearly": _amount(one.yearly), "renewal": _amount(one.renewal), "difference": _amount(one.difference),
        "basis": one.basis, "compensation": _amount(end["compensation"]) if end else None,
        "terminates_on": iso(effective),
        "steps": {
            clock: {
                "due": iso(step.due), "state": step.state,
                "done_on": iso(step.done_on),
            } for clock, step in one.steps.items()
        },
    }


def _amount(value: object) -> str | None:
    return None if value is None else str(value)


def _shown(value: Decimal | None) -> str:
    return f"{value:,}" if value else "—"


def _lines(found: Sequence[Ending], standing: Mapping[str, str], filled: int, path: Path) -> list[str]:
    lines = [f"到期租约 {len(found)} 份；补填年服务费或续期建议价 {filled} 份；清单见《{path.name}》。"]
    for month, held in by_month(found).items():
        yearly, renewal = (Decimal(_sums(held)[name]) for name in ("yearly", "renewal"))
        lines.append(f"{month}  {len(held)} 份  现年服务费 {yearly:,}  续期建议价 {renewal:,}")
        lines += [
            f"  {one.ends_on} {one.row.key} {one.row.text('operator')}  {one.stage} {standing[one.row.key]}"
            f"  {_shown(one.yearly)} → {_shown(one.renewal)}" for one in held
        ]
    return lines[:60]
