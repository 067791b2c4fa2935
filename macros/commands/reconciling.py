"""reconcile: a month's bill against an operator's own list, every difference explained to the cent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.billing.month import bill as billed_month
from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.bill.reckoning import OUT, check_month, history, prices, wrong_rows
from macros.commands.reconcile_files import Compared, papers, workbook
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.whole import check_whole
from macros.findings import finding
from macros.forms import forms
from macros.hosts import Refused, refuse

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from macros.billing.month import Bill
    from macros.billing.records import Charge, Issued
    from macros.findings import Finding
    from macros.pricing.parameters import Tariff
    from macros.reconcile.forward import Forward
    from macros.reconcile.ledger import Ledger
    from macros.reconcile.places import Spot
    from macros.records import Record, Value
    from macros.register import Register

#: Where the results go when no folder is named.
HOME = "对账"
_DAY = timedelta(days=1)


@no_collection()
def reconcile(
    month: str, ledger: Path, folder: Path, out: Path | None = None, now: str | None = None, customer: str = "",
    accept: bool = False,
) -> Answer:
    """Compare the month as the register bills it with an operator's list; writes the results into ``out``.

    Args:
        month: ``YYYY-MM``.
        ledger: the operator's workbook or text table, in any layout.
        folder: the register.
        out: where workbook and papers go.
        now: the moment it is, the present when None.
        customer: operator or customer, where the list does not tell, or only one county's leases are meant.
        accept: read unknown headings by likeness, and remember them and the matches by site or name.

    Raises:
        Refused: no such month, an unreadable list, an unknown operator, nothing billed for it, or leases or runs
            that cannot be read whole.
    """
    check_month(month)
    shelf = Shelf(folder)
    register = shelf.register()
    at, home = moment(now), out or folder / HOME
    odd = check_whole(register, "lease", "generator")
    read = _read(Path(ledger), month, register, accept)
    tariff, said = prices(register)
    wrong = wrong_rows(register, at.date())

    def billed(name: str) -> Bill:
        return billed_month(name, register.rows("lease"), register.rows("generator"), tariff, wrong)

    bill = billed(month)
    findings = [*odd, *read.findings, *said]
    issued: dict[str, Issued] = {}
    try:
        issued = history(folder / OUT)
    except Refused as refused:
        findings.append(refused.finding)
    found = [
        _compare(who, every, read, register, bill, tariff, _before(month, issued, billed))
        for who, every in _customers(read, register, bill, customer)
    ]
    findings += _learn(shelf, read, found, at) if accept else _open_matches(found, read.file)
    files = [workbook(home, one, read.file, at) for one in found]
    documents, withheld, said = papers(shelf, register, found, read.file, home, at)
    findings += [*said, *shelf.save()]
    made = {"files": files, "documents": documents, "withheld": withheld}
    return _answer(month, found, made, list(dict.fromkeys(findings)), home)


def _read(path: Path, month: str, register: Register, accept: bool) -> Ledger:
    """The list's lines.

    Raises:
        Refused: it cannot be read, or holds no lines of the month.
    """
    from macros.hosts.safe import read_untrusted
    from macros.intake import mappings_of
    from macros.reconcile.headings import recall
    from macros.reconcile.ledger import read_ledger

    sheets, odd = read_untrusted(path)
    read = read_ledger(sheets, path.name, month, recall(mappings_of(register)), accept)
    if read.failed:
        raise Refused(lists.ordered(read.findings)[0])
    read.findings[:0] = odd
    return read


def _customers(
    read: Ledger, register: Register, bill: Bill, customer: str,
) -> list[tuple[Mapping[str, Value], list[str]]]:
    """Whom to compare for, with every operator the list is of.

    Raises:
        Refused: nobody knows whose list it is (REC008, INT011), or nothing is billed for them (REC013).
    """
    from macros.choices import choices
    from macros.intake.given import given_values
    from macros.reconcile.whose import operators_of

    given, refusal = given_values(customer or None, register, choices()["operator"])
    if refusal:
        raise Refused(refusal)
    holders = {line.lease.key: line.lease.operator for line in bill.lines}
    every = operators_of(read, holders)
    wanted: list[Mapping[str, Value]] = [given] if given else [{"operator": name} for name in every]
    if not wanted:
        raise refuse("REC008", read.file)
    for who in wanted:
        if who["operator"] not in holders.values():
            raise refuse("REC013", value=who["operator"], month=bill.month)
    # A list that only one operator's lines were expected in is wholly theirs.
    several = [name for name in every if name] if len(every) > 1 else []
    return [(who, several) for who in wanted]


def _compare(
    who: Mapping[str, Value], several: Sequence[str], read: Ledger, register: Register, bill: Bill, tariff: Tariff,
    before: tuple[str, Sequence[Charge]],
) -> Compared:
    from macros.billing.month import days_of, spans_of
    from macros.intake import mappings_of
    from macros.reconcile.memory import recall
    from macros.reconcile.run import reconcile as compare
    from macros.reconcile.views import month_of
    from macros.reconcile.whose import lines_of

    operator, county = str(who["operator"]), str(who.get("county") or "")
    spans, _ = spans_of(tariff, *days_of(bill.month))
    remembered = recall(mappings_of(register), operator)
    spots = {row.text("site_code"): _spot(row) for row in register.rows("site")}
    holders = {line.lease.key: line.lease.operator for line in bill.lines}
    made = compare(
        bill, lines_of(read, operator, several, holders), operator=operator, spans=spans, spots=spots,
        known={row.key for row in register.rows("lease")}, remembered=remembered, county=county,
        unread=read.unread,
    )
    month = month_of((lease for line in bill.lines for lease in line.leases), spans)
    return Compared(made, month, _forward(bill, before, operator, county, register, tariff), who, remembered)


def _spot(row: Record) -> Spot:
    from macros.reconcile.places import Spot

    longitude, latitude = row["longitude"], row["latitude"]
    known = isinstance(longitude, Decimal) and isinstance(latitude, Decimal)
    return Spot(row.text("site_name"), (float(str(longitude)), float(str(latitude))) if known else None)


def _before(month: str, issued: Mapping[str, Issued], billed: Callable[[str], Bill]) -> tuple[str, Sequence[Charge]]:
    """Last month's charges: as issued, else as the register would bill them now."""
    from macros.billing.month import days_of
    from macros.billing.records import charges

    last = (days_of(month)[0] - _DAY).strftime("%Y-%m")
    return last, issued[last].charges if last in issued else charges(billed(last))


def _forward(
    bill: Bill, before: tuple[str, Sequence[Charge]], operator: str, county: str, register: Register, tariff: Tariff,
) -> Forward:
    from macros.billing.movement import lease_steps
    from macros.billing.records import charges
    from macros.reconcile.forward import forward, of_operator

    counties = {row.key: row.text("county") for row in register.rows("lease")}
    last, held = before
    was = of_operator(held, operator, counties, county)
    now = of_operator(charges(bill), operator, counties, county)
    closing = len(now), sum((one.amount for one in now), Decimal("0.00"))
    if not county:
        statement = next(one for one in bill.statements if one.operator == operator)
        closing = len(statement.lines) + len(statement.runs), statement.net
    own = {one.key for one in (*was, *now)}
    moved = [
        one for one in lease_steps(last, was, bill, tariff) if one.operator == operator and one.key in own
    ]
    opening = last, len(was), sum((one.amount for one in was), Decimal("0.00"))
    return forward(bill.month, moved, was, now, opening, closing)


def _learn(shelf: Shelf, read: Ledger, found: Sequence[Compared], at: dt.datetime) -> list[Finding]:
    """Remember headings and matches in 列映射."""
    from macros.reconcile.memory import confirmed, title_of

    form = forms()["mapping"]
    said: list[Finding] = []
    rows: list[tuple[str, str, str]] = list(read.learned)
    for one in found:
        matches = confirmed(one.made, one.remembered)
        rows += matches
        if matches:
            title = title_of(one.made.operator)
            said.append(finding("REC012", workbook=form.file, value=title, count=len(matches)))
    shelf.append(form, [[*row, at.date(), *[None] * (len(form.columns) - 4)] for row in rows])
    return said


def _open_matches(found: Sequence[Compared], file: str) -> list[Finding]:
    from macros.reconcile.memory import doubtful

    counts = [len(doubtful(one.made)) for one in found]
    return [finding("REC011", workbook=file, count=sum(counts))] if any(counts) else []


def _answer(
    month: str, found: Sequence[Compared], made: Mapping[str, Any], findings: Sequence[Finding], home: Path,
) -> Answer:
    from macros.reconcile.report import as_json, as_text

    runs = [one.made for one in found]
    differs = any(one.differing for one in runs)

    def told() -> dict[str, Any]:
        return {
            **as_json(month, runs, [one.forward for one in found]), **made,
            "findings": [one.as_json() for one in findings],
        }

    text = [as_text(one.made, one.forward) for one in found]
    text += [f"结果存于“{home}”：" + "、".join(Path(file).name for file in made["files"])]
    text += [f"  {row['number']}  {Path(row['file']).name}" for row in made["documents"]]
    text += [f"  扣发 {row['form']}：{said['message']}" for row in made["withheld"] for said in row["findings"]]
    return Answer(told, lists.whole(text, findings), lists.status(findings, differs or made["withheld"]))
