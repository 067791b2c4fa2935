"""The rows of the control workbook: totals, what was left out, corrections, invoices, where revenue comes from."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.wording import rmb_upper
from macros.billing.causes import titles
from macros.billing.records import RUN
from macros.billing.taxes import titles as item_titles
from macros.monthly.words import control
from macros.pricing.parameters import words
from macros.records import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.billing.movement import Movement
    from macros.monthly.given import MonthRun
    from macros.records import Cell, Record

#: A row of the workbook; amounts stay Decimals and are written digit for digit.
Row = list["Cell | Decimal"]
_NOTHING = Decimal("0.00")


def overview(run: MonthRun) -> list[Row]:
    """Every operator's month beside the one before, then all of them; nothing is said of a month never issued."""
    before = run.before.totals if run.before else {}
    rows: list[Row] = []
    for one in run.accounts:
        fees = one.items.get(RUN, _NOTHING)
        rows.append([
            one.operator, len(one.lines), len({line.lease.site for line in one.lines}), len(one.runs),
            one.net - fees - one.corrected, fees, one.corrected, one.net, one.tax, one.total, before.get(one.operator),
        ])
    told = [before[one.operator] for one in run.accounts if one.operator in before]
    rows.append([
        control()["total"], *(sum(row[at] for row in rows) for at in range(1, 10)),  # type: ignore[misc]
        sum(told, _NOTHING) if told else None,
    ])
    for row in rows:
        total, last = row[9], row[10]
        assert isinstance(total, Decimal | int)
        off = total - last if isinstance(last, Decimal) else None
        row += [off, _share(off, abs(last)) if off is not None and isinstance(last, Decimal) else None]
    return rows


def left_out(run: MonthRun) -> list[Row]:
    """Leases, runs and single fees not billed, those in doubt first, each leading to its row of the register."""
    said = control()
    rows: dict[str, list[Record]] = defaultdict(list)
    for lease in run.register.rows("lease"):
        rows[lease.key].append(lease)
    for line in run.bill.lines:
        held = rows[line.lease.key]
        if len(held) > 1:
            # Of several rows of a number the one its line stands for is not left out.
            rows[line.lease.key] = [row for row in held if row.place != line.lease.row.place]
    found: list[tuple[bool, Row]] = []
    for one in run.bill.excluded:
        held = rows.get(one.key, [])
        # Rows of one number are left out in the register's order.
        row = held.pop(0) if len(held) > 1 else held[0] if held else None
        found.append((one.doubted, _left(said["lease_kind"], one.key, one.why, row, run.back)))
    unstated = ((one, rows[one.key][0] if rows[one.key] else None) for one in run.bill.unstated)
    found += [(True, _left(said["fee_kind"], one.key, one.why, row, run.back)) for one, row in unstated]
    found += [
        (run_.doubted, _left(said["run_kind"], run_.key, run_.why, run_.row, run.back))
        for run_ in run.bill.runs if run_.why
    ]
    return [[said["doubted" if bad else "settled"], *row] for bad, row in sorted(found, key=lambda one: not one[0])]


def _left(kind: str, key: str, why: str, row: Record | None, back: str) -> Row:
    if row is None:
        return [kind, key, None, None, None, why, None]
    place = row.place
    shown = control()["row"].format(sheet=place.sheet, row=place.row)
    link = Link(shown, f"{back}/{place.workbook}", place.sheet, place.cell(1)) if back else shown
    return [kind, key, row.text("operator"), row.text("site_code"), row.text("site_name"), why, link]


def fixes(run: MonthRun) -> list[Row]:
    """The corrections of earlier months this one carries."""
    named, side = item_titles(), words()["statement"]
    return [
        [
            fix.month, fix.operator, fix.key, fix.site, side["more" if fix.amount >= 0 else "less"], fix.amount,
            "；".join(f"{named[name]} {amount}" for name, amount in fix.items.items()), fix.reason,
        ] for account in run.accounts for fix in account.adjustments
    ]


def invoices(run: MonthRun) -> list[Row]:
    """One row for each operator and rate; the payer's particulars where the register knows exactly one."""
    rows: list[Row] = []
    account = run.settings.get(words()["statement"]["account"]) or None
    for one in run.accounts:
        payer = _payer(run.register.rows("customer"), one.operator)
        for tax in one.taxes:
            total = tax.net + tax.tax
            rows.append([
                len(rows) + 1, run.bill.month, one.operator, *payer, tax.rate, tax.net, tax.tax, total,
                rmb_upper(total), account,
            ])
    return rows


def _payer(customers: Iterable[Record], operator: str) -> tuple[str | None, ...]:
    """Name, tax number and bank to invoice; those of the operator's whole branch before those of its counties."""
    own = [row for row in customers if row["operator"] == operator and row["tax_name"]]
    for chosen in ([row for row in own if not row["county"]], own):
        told = {tuple(row.text(name) or None for name in ("tax_name", "tax_no", "bank")) for row in chosen}
        if len(told) == 1:
            return told.pop()
    return None, None, None


def products(run: MonthRun) -> list[Row]:
    """Revenue by product and operator, largest first, then runs and corrections; the last row adds them up."""
    said = control()["sheet"]["products"]
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in run.bill.lines:
        sums[line.lease.row.text("product") or said["unnamed"]][line.lease.operator] += line.amount
    listed = sorted(sums.items(), key=lambda one: (-sum(one[1].values()), one[0]))
    for account in run.accounts:
        sums[said["runs"]][account.operator] += account.items.get(RUN, _NOTHING)
        sums[said["fixes"]][account.operator] += account.corrected
    return _crossed(run, [*listed, *((name, sums[name]) for name in (said["runs"], said["fixes"]))])


def items(run: MonthRun) -> list[Row]:
    """Revenue by item of annex 3.11 and operator."""
    listed = [
        (title, {one.operator: one.items[name] for one in run.accounts if one.items.get(name)})
        for name, title in item_titles().items()
    ]
    corrected = {one.operator: one.corrected for one in run.accounts}
    shown = [(title, sums) for title, sums in listed if sums]
    return _crossed(run, [*shown, (control()["sheet"]["products"]["fixes"], corrected)])


def _crossed(run: MonthRun, sums: Sequence[tuple[str, Mapping[str, Decimal]]]) -> list[Row]:
    """A row for each name with every operator's amount, their sum and its share; then the sums of all rows."""
    operators = [one.operator for one in run.accounts]
    rows: list[Row] = []
    everything = sum((amount for _, held in sums for amount in held.values()), _NOTHING)
    whole = {who: sum((held.get(who, _NOTHING) for _, held in sums), _NOTHING) for who in operators}
    for name, held in [*sums, (control()["total"], whole)]:
        total = sum(held.values(), _NOTHING)
        rows.append([name, *(held.get(who, _NOTHING) for who in operators), total, _share(total, everything)])
    return rows


def waterfall(move: Movement, operators: Sequence[str]) -> list[Row]:
    """From last month to this: a row for each cause, with what a chart of it needs in its last four columns."""
    said = control()
    sums = move.sums()
    steps = [
        (title, [sums.get((who, cause), _NOTHING) for who in operators]) for cause, title in titles().items()
    ]
    start = [move.start.get(who, _NOTHING) for who in operators]
    end = [move.end.get(who, _NOTHING) for who in operators]
    level = sum(start, _NOTHING)
    spec = said["sheet"]["movement"]
    rows: list[Row] = [[spec["from"].format(month=move.before), *start, level, None, level, None, None]]
    for title, amounts in steps:
        total = sum(amounts, _NOTHING)
        floor, level = min(level, level + total), level + total
        up, down = (total, None) if total > 0 else (None, -total) if total else (None, None)
        rows.append([title, *amounts, total, floor, None, up, down])
    rows.append([spec["to"].format(month=move.month), *end, sum(end, _NOTHING), None, sum(end, _NOTHING), None, None])
    return rows


def steps(move: Movement) -> list[Row]:
    """Every lease's change by cause, the largest first; runs and corrections of an operator stand as one."""
    causes = list(titles())
    ordered = sorted(move.steps, key=lambda one: (causes.index(one.cause), -abs(one.amount), one.operator, one.key))
    return [[titles()[one.cause], one.operator, one.key or None, one.amount] for one in ordered]


def _share(part: Decimal | int, whole: Decimal) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.0001")) if whole else None
