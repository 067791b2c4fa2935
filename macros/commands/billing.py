"""bill: one month's charges of every lease, the statements of every customer, and the record of what was issued."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from macros.billing import snapshot as snapshots
from macros.billing.accounts import Account, accounts, far_off
from macros.billing.lines import segment_amount
from macros.billing.month import Bill, days_of
from macros.billing.month import bill as billed_month
from macros.billing.records import Adjustment, Issued, adjustments, charges, read_issued
from macros.billing.tables import tables
from macros.clocks.quiet import no_collection
from macros.commands import DONE, FOUND, Answer, lists
from macros.commands.month_books import back_to, write_books
from macros.commands.setup import OWN_TEMPLATES, TEMPLATES
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.findings import finding
from macros.forms import forms
from macros.hosts import refuse
from macros.hosts.saving import replace_file
from macros.monthly.given import MonthRun
from macros.pricing.parameters import Tariff, shipped, tariff
from macros.register import Register

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from generator.documents import Batch
    from macros.findings import Finding
    from macros.records import Place, Record, Value

OUT, RECORD, SNAPSHOT, PREVIEW = "账单", "出账记录.json", "快照.zip", "（预览）"
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
DAY = timedelta(days=1)
#: The papers of a month, in the order they are numbered.
PAPERS = ("3.9", "3.10", "3.11")


@dataclass(frozen=True, slots=True)
class Month:
    """A month worked out: what it is made of, its accounts, and what there is to say about it."""

    bill: Bill
    tariff: Tariff
    accounts: Sequence[Account]
    adjustments: Sequence[Adjustment]
    snapshot: Mapping[str, bytes]
    digest: str
    findings: Sequence[Finding]

    def issued(self) -> Issued:
        """The record kept of it."""
        totals = {account.operator: account.total for account in self.accounts}
        return Issued(self.bill.month, self.digest, charges(self.bill), self.adjustments, totals)


@no_collection()
def bill(
    month: str, folder: Path, out: Path | None = None, now: str | None = None, dry_run: bool = False,
    confirm: bool = False,
) -> Answer:
    """Bill a month; writes papers, workbooks, snapshot and record below ``out`` and the totals into the register.

    A dry run writes the same files into a folder of its own and leaves the register alone. A month issued before is
    never changed: what differs now becomes a correction on the next month.

    Raises:
        Refused: no such month, an unreadable record of an earlier month, or 单据登记簿 cannot be written.
    """
    check_month(month)
    shelf = Shelf(folder)
    register = shelf.register()
    home, at = out or folder / OUT, moment(now)
    earlier = history(home)
    made = work_out(register, month, at, earlier)
    findings = list(made.findings)
    before = earlier.get(month)
    if before is not None and not _same(before, made):
        findings.append(finding("BIL021", month=month, value=len(_different(before, made))))
        return _answer(made, None, {}, findings)
    if before is not None:
        findings.append(finding("BIL022", month=month, value=str(home / month)))
    doubts = [] if confirm or before is not None else far_off(made.accounts, _last_before(earlier, month))
    if doubts:
        return _answer(made, None, {}, [*findings, *doubts])
    place = home / (month + (PREVIEW if dry_run else ""))
    if dry_run:
        _clear(place)
    own = tables(made.bill, made.accounts, made.tariff, register.settings, register.rows("statement"))
    batch, wrote = _papers(shelf, register, made, own, place, at, enter=not dry_run)
    findings += [*batch.findings, *wrote]
    run = MonthRun(
        made.bill, made.accounts, _last_before(earlier, month), own, register, made.tariff, len(batch.made),
        len(batch.withheld), back_to(shelf.folder, place),
    )
    books, wrote = write_books(run, place, issued=before is not None)
    findings += wrote
    if before is None:
        _keep(place, made)
    return _answer(made, batch, {"folder": str(place)}, findings, books)


def check_month(month: str) -> None:
    """Make sure the words name a month.

    Raises:
        Refused: they do not (BIL024).
    """
    if not _MONTH.fullmatch(month):
        raise refuse("BIL024", value=month)


def prices(register: Register) -> tuple[Tariff, list[Finding]]:
    """The register's own parameters; those delivered with the program where it has no table of them."""
    rows = register.rows("price")
    made, findings = tariff(rows or shipped())
    return made, findings if rows else [*findings, finding("BIL025", workbook=forms()["price"].file)]


def wrong_rows(register: Register, today: dt.date) -> dict[Place, str]:
    """The leases and runs that the register's check finds in error, with its first message."""
    from macros.validation import validate

    tables_ = {forms()[code].title: code for code in ("lease", "generator")}
    found: dict[tuple[str, str, int], str] = {}
    for said in validate(register, today):
        if said.severity == "error" and said.sheet in tables_ and said.cell:
            row = int(said.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            found.setdefault((said.workbook, said.sheet, row), said.message)
    return {
        row.place: found[row.place.workbook, row.place.sheet, row.place.row]
        for code in tables_.values() for row in register.rows(code)
        if (row.place.workbook, row.place.sheet, row.place.row) in found
    }


def billed(register: Register, month: str, at: dt.datetime) -> tuple[Bill, Tariff, list[Finding]]:
    """The month's bill as the register stands, with its prices and what was found about them."""
    made, findings = prices(register)
    wrong = wrong_rows(register, at.date())
    return billed_month(month, register.rows("lease"), register.rows("generator"), made, wrong), made, findings


def work_out(register: Register, month: str, at: dt.datetime, earlier: Mapping[str, Issued]) -> Month:
    """A month with its corrections of the months issued before it."""
    now, made, findings = billed(register, month, at)
    wrong = wrong_rows(register, at.date())
    again = partial(
        _bill_of, leases=register.rows("lease"), runs=register.rows("generator"), tariff_=made, wrong=wrong
    )
    fixes = adjustments([earlier[name] for name in sorted(earlier) if name < month], again)
    if days_of(month)[1] >= at.date():
        findings.append(finding("BIL026", month=month, last=days_of(month)[1]))
    files = snapshots.take(register)
    return Month(
        now, made, accounts(now, fixes, made), fixes, files, snapshots.digest(files), [*findings, *now.findings]
    )


def charged(register: Register, at: dt.datetime, months: Sequence[str] = ()) -> Register:
    """The register with the charges of the named months, of the one before ``at`` where none is named (annex 3.9)."""
    before = (at.replace(day=1) - DAY).strftime("%Y-%m")
    rows: list[Any] = []
    for month in sorted(set(months)) or [before]:
        now, made, _ = billed(register, month, at)
        rows += tables(now, accounts(now, [], made), made, register.settings, ())["charge"]
    return Register({**register.tables, "charge": tuple(rows)}, register.findings)


def _bill_of(month: str, *, leases: Any, runs: Any, tariff_: Tariff, wrong: Mapping[Place, str]) -> Bill:
    return billed_month(month, leases, runs, tariff_, wrong)


def history(home: Path) -> dict[str, Issued]:
    """The months issued below a folder.

    Raises:
        Refused: a record cannot be read (BIL023).
    """
    found = {}
    for path in sorted(home.glob(f"*/{RECORD}")):
        if path.parent.name.endswith(PREVIEW):
            continue
        try:
            issued = read_issued(path.read_bytes())
        except (OSError, ValueError) as error:
            raise refuse("BIL023", value=str(path)) from error
        found[issued.month] = issued
    return found


def _last_before(earlier: Mapping[str, Issued], month: str) -> Issued | None:
    names = [name for name in earlier if name < month]
    return earlier[max(names)] if names else None


def _same(before: Issued, made: Month) -> bool:
    return not _different(before, made)


def _different(before: Issued, made: Month) -> set[tuple[str, str]]:
    """The charges of an issued month that come out differently now."""
    then = {(one.operator, one.key): dict(one.items) for one in before.charges}
    now = {(one.operator, one.key): dict(one.items) for one in charges(made.bill)}
    return {who for who in then.keys() | now.keys() if then.get(who) != now.get(who)}


def _clear(place: Path) -> None:
    """Take an earlier preview away: a folder of that name with nothing of ours in it is left alone."""
    if (place / RECORD).is_file():
        shutil.rmtree(place)


def _papers(
    shelf: Shelf, register: Register, made: Month, own: Mapping[str, tuple[Record, ...]], place: Path,
    at: dt.datetime, *, enter: bool,
) -> tuple[Batch, list[Finding]]:
    """Make the month's papers; enter them and the month's totals in the register unless it is a preview.

    Raises:
        Refused: 单据登记簿 cannot be written; no paper was made.
    """
    from generator.definitions import definitions
    from generator.documents import work
    from generator.issuing import Desk
    from generator.ledger import Ledger
    from generator.states import due_from
    from macros.clocks.engine import evaluate
    from macros.commands.days import calendar_of
    from macros.hosts import Refused

    entered = forms()["document"]
    if enter and (blocked := shelf.blocked([entered.file])):
        raise Refused(blocked[0])
    printed = Register({**register.tables, **own}, register.findings)
    ledger = Ledger.of(register)
    known = len(ledger.entries)
    desk = Desk(place, at, register.settings, ledger, (shelf.folder / OWN_TEMPLATES, TEMPLATES))
    # The clocks of the month's statements alone: a board of the whole register would take longer than the month.
    few = {code: register.tables.get(code, ()) for code in ("assumption", "holiday", "override", "customer")}
    items = evaluate(Register({**few, "statement": own["statement"]}), calendar_of(register), at)
    batch = work(printed, [(definitions()[code], None) for code in PAPERS], desk, due_from(items))
    if not enter:
        return batch, []
    shelf.append(entered, [
        [entry.values().get(column.name) for column in entered.columns] for entry in ledger.entries[known:]
    ])
    _enter(shelf, register, own)
    return batch, shelf.save()


def _enter(shelf: Shelf, register: Register, own: Mapping[str, Sequence[Record]]) -> None:
    """Write the month's totals, its lines and the runs' fees into the register's tables."""
    for code in ("statement", "statement_line"):
        form, held = forms()[code], {row.key: row for row in register.rows(code)}
        columns = [column.name for column in form.columns if not column.ours]
        new = [row for row in own[code] if row.key not in held]
        shelf.append(form, [[*row.values] for row in new])
        shelf.update([(held[row.key], _news(row, held[row.key], columns)) for row in own[code] if row.key in held])
    runs = {row.place: row for row in register.rows("generator")}
    names = ("month", "billed_h", "fee", "tax_rate", "fee_taxed")
    shelf.update([(runs[row.place], _news(row, runs[row.place], names)) for row in own["generator"]])


def _news(row: Record, held: Record, columns: Sequence[str]) -> dict[str, Value]:
    """What a worked-out row says that the register's own does not say yet; a blank takes nothing away."""
    return {name: row[name] for name in columns if row[name] is not None and row[name] != held[name]}


def _keep(place: Path, made: Month) -> None:
    """Write the snapshot and the record; the record comes last, as it is what makes the month an issued one."""
    place.mkdir(parents=True, exist_ok=True)
    for name, data in ((SNAPSHOT, snapshots.packed(made.snapshot)), (RECORD, made.issued().as_bytes())):
        def put(beside: IO[bytes], data: bytes = data) -> None:
            beside.write(data)

        replace_file(place / name, put, lambda written: None)


def _answer(
    made: Month, batch: Batch | None, where: Mapping[str, str], findings: Sequence[Finding], books: Sequence[Path] = (),
) -> Answer:
    own = made.bill
    documents = [row.as_json() for row in batch.made] if batch else []
    home = Path(where["folder"]) if where else None
    files = {row["key"]: str(home / row["file"]) for row in documents if row["form"] == "3.11" and home}
    withheld = [row.as_json() for row in batch.withheld] if batch else []
    said = list(dict.fromkeys(findings))

    def told() -> dict[str, Any]:
        return {
            "month": own.month,
            "statements": [
                {
                    "customer": one.operator, "file": files.get(f"{own.month}/{one.operator}"), "lines": len(one.lines),
                    "total_ex_tax": str(one.net), "tax": str(one.tax), "total": str(one.total),
                } for one in made.accounts
            ],
            "control": {
                "leases_in": own.leases_in, "lines_out": len(own.lines),
                "excluded": [{"key": one.key, "why": one.why} for one in own.excluded],
                "total_ex_tax": str(sum(one.net for one in made.accounts)),
            },
            "snapshot": made.digest,
            "lines": [_line(one) for one in own.lines],
            "runs": [
                {"key": one.key, "customer": one.operator, "fee": str(one.fee), "why": one.why} for one in own.runs
            ],
            "adjustments": [
                {
                    "month": one.month, "key": one.key, "customer": one.operator, "amount": str(one.amount),
                    "reason": one.reason,
                } for one in made.adjustments
            ],
            "documents": documents, "withheld": withheld, "workbooks": [str(path) for path in books], **where,
            "findings": [one.as_json() for one in said],
        }

    failed = bool(withheld) or lists.failed(said)
    return Answer(told, _text(made, where, withheld, said), FOUND if failed else DONE)


def _line(line: Any) -> dict[str, Any]:
    lease = line.lease
    return {
        "key": lease.key, "customer": lease.operator, "site": lease.site, "amount": str(line.amount),
        "items": {name: str(amount) for name, amount in line.items},
        "segments": [
            {
                "from": one.first.isoformat(), "to": one.last.isoformat(), "tenants": one.tenants,
                "anchor": lease.terms.anchor, "days": one.days, "amount": str(segment_amount(lease, one)),
            } for one in line.segments
        ],
    }


def _text(
    made: Month, where: Mapping[str, str], withheld: Sequence[Mapping[str, Any]], findings: Sequence[Finding],
) -> str:
    own = made.bill
    lines = [f"{own.month} 账单：租约 {own.leases_in} 份，出账 {len(own.lines)} 条，未出账 {len(own.excluded)} 份。"]
    lines += [
        f"  {one.operator}  {len(one.lines)} 条  不含税 {one.net:,}  税额 {one.tax:,}  价税合计 {one.total:,}"
        + (f"  其中历史调整 {sum(fix.amount for fix in one.adjustments):,}" if one.adjustments else "")
        for one in made.accounts
    ]
    lines.append(f"  数据快照 {made.digest[:16]}" + (f"；存于“{where['folder']}”" if where else "；没有出账"))
    lines += [f"  未出账 {one.key}：{one.why}" for one in own.excluded if one.doubted][:20]
    for row in withheld[:20]:
        lines.append(f"  扣发 {row['form']} {row['key']}：")
        lines += [f"    {one['message']}" for one in row["findings"]]
    return "\n".join(lines + ([lists.text(findings)] if findings else []))
