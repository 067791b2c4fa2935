"""A month worked out from the register: its bill, the corrections it owes earlier months, its accounts and snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from macros.billing import snapshot as snapshots
from macros.billing.accounts import Account, accounts
from macros.billing.month import Bill, days_of
from macros.billing.month import bill as billed_month
from macros.billing.records import Adjustment, Issued, adjustments, charges, read_issued
from macros.billing.tables import tables
from macros.billing.taxes import with_rates
from macros.findings import finding
from macros.forms import forms
from macros.hosts import refuse
from macros.months import is_month, name_of, previous
from macros.pricing.parameters import Tariff, shipped, tariff

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.records import Place
    from macros.register import Register

#: Where months are kept below a register, the record of an issued one, and what a preview's folder is called.
OUT, RECORD, PREVIEW = "账单", "出账记录.json", "（预览）"


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


def check_month(month: str) -> None:
    """Make sure the words name a month.

    Raises:
        Refused: they do not (BIL024).
    """
    if not is_month(month):
        raise refuse("BIL024", value=month)


def prices(register: Register) -> tuple[Tariff, list[Finding]]:
    """The register's own parameters; those delivered with the program where it has no table of them."""
    rows = register.rows("price")
    made, findings = tariff(rows or shipped())
    return made, findings if rows else [*findings, finding("BIL025", workbook=forms()["price"].file)]


def wrong_rows(register: Register, today: dt.date) -> dict[Place, str]:
    """The leases and runs that the register's check finds in error, with its first message."""
    return {place: said.message for place, said in errors(register, today).items()}


def errors(register: Register, today: dt.date) -> dict[Place, Finding]:
    """The first error that the register's check finds in each wrong lease and run."""
    from macros.validation import validate

    tables_ = {forms()[code].title: code for code in ("lease", "generator")}
    found: dict[tuple[str, str, int], Finding] = {}
    for said in validate(register, today):
        if said.severity == "error" and said.sheet in tables_ and said.cell:
            row = int(said.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            found.setdefault((said.workbook, said.sheet, row), said)
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
    made, findings = prices(register)
    mistakes = errors(register, at.date())
    wrong = {place: said.message for place, said in mistakes.items()}

    def again(name: str) -> Bill:
        return billed_month(name, register.rows("lease"), register.rows("generator"), made, wrong)

    now = again(month)
    owed = adjustments([earlier[name] for name in sorted(earlier) if name < month], again)
    fixes, untaxed = with_rates(owed, made, days_of(month)[1])
    # What a row is left out for is said here too; a row wrong in another month's matters is not.
    whys = {one.why for one in now.excluded if one.doubted} | {one.why for one in now.runs if one.doubted}
    findings += [said for said in mistakes.values() if said.message in whys]
    if days_of(month)[1] >= at.date():
        findings.append(finding("BIL026", month=month, last=days_of(month)[1]))
    files = snapshots.take(register)
    return Month(
        now, made, accounts(now, fixes, made), fixes, files, snapshots.digest(files),
        list(dict.fromkeys([*findings, *now.findings, *untaxed])),
    )


def charged(register: Register, at: dt.datetime, months: Sequence[str] = ()) -> Register:
    """The register with the charges of the named months, of the one before ``at`` where none is named (annex 3.9)."""
    rows: list[Any] = []
    for month in sorted(set(months)) or [previous(name_of(at))]:
        now, made, _ = billed(register, month, at)
        rows += tables(now, accounts(now, [], made), made, register.settings, ())["charge"]
    return register.having({"charge": tuple(rows)})


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


def last_before(earlier: Mapping[str, Issued], month: str) -> Issued | None:
    """The latest month issued before this one."""
    names = [name for name in earlier if name < month]
    return earlier[max(names)] if names else None
