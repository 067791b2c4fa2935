"""notices: the fees that changed in a month because of others on the site, and the annex 3.13 each customer is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.clocks.quiet import no_collection
from macros.commands import DONE, FOUND, Answer, lists
from macros.commands.bill.reckoning import OUT, billed, check_month, history, prices, wrong_rows
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.forms import forms
from macros.hosts import Refused

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

    from macros.billing.changes import Change
    from macros.billing.notice_rows import Notices
    from macros.findings import Finding
    from macros.register import Register

PAPER = "3.13"


@no_collection()
def notices(month: str, folder: Path, out: Path | None = None, now: str | None = None) -> Answer:
    """Enter a month's changes of fees in 业务变更, set what they start in 租约, and make their papers.

    A second run enters nothing that is there already and makes no paper anew.

    Raises:
        Refused: no such month, or the register cannot be written; nothing was entered.
    """
    from macros.billing.notice_rows import lease_updates
    from macros.billing.notice_rows import notices as rows_of

    check_month(month)
    shelf = Shelf(folder)
    register = shelf.register()
    at = moment(now)
    found, fees, findings = changed(register, month, at)
    owed = _owed(register, folder / OUT, month, at)
    issued = [row.text("row_key") for row in register.rows("document")]
    made = rows_of(found, month, register.rows("notice"), issued, owed)
    updates, said = lease_updates(found, fees)
    findings += [*made.findings, *said]
    form = forms()["notice"]
    shelf.append(form, [[row.get(column.name) for column in form.columns] for row in made.rows])
    shelf.update(updates)
    if blocked := shelf.blocked():
        raise Refused(blocked[0])
    findings += shelf.save()
    papers = _papers(made, folder, out, now)
    return _answer(month, found, made, len(updates), findings, papers)


def changed(
    register: Register, month: str, at: dt.datetime,
) -> tuple[list[Change], dict[str, Decimal], list[Finding]]:
    """A month's changes, today's yearly fee of each running lease, and what was found on the way."""
    from macros.billing.changes import changes
    from macros.billing.leases import leases
    from macros.billing.years import Rules, fees_on

    tariff, findings = prices(register)
    known, _, said = leases(register.rows("lease"), tariff, wrong_rows(register, at.date()))
    rules = Rules(tariff)
    today = rules.on(at.date())
    fees = fees_on(known, today, at.date()) if today else {}
    findings += [*said, *([] if today else rules.missing(at.date()))]
    return changes(known, tariff, month), fees, findings


def _owed(register: Register, home: Path, month: str, at: dt.datetime) -> dict[str, Decimal]:
    """What issued months, this one and later, are owed by lease: the changes they did not know of."""
    from macros.billing.records import adjustments

    issued = history(home)
    if not any(name >= month for name in issued):
        return {}
    owed: dict[str, Decimal] = {}
    for fix in adjustments([issued[name] for name in sorted(issued)], lambda name: billed(register, name, at)[0]):
        if fix.month >= month:
            owed[fix.key] = owed.get(fix.key, fix.amount - fix.amount) + fix.amount
    return owed


def _papers(made: Notices, folder: Path, out: Path | None, now: str | None) -> dict[str, Any]:
    from macros.commands.forming import form

    if not made.numbers:
        return {"documents": [], "withheld": [], "findings": []}
    return form(PAPER, made.numbers, folder, out=out, now=now).data


def _answer(
    month: str, found: Sequence[Change], made: Notices, updated: int, findings: Sequence[Finding],
    papers: dict[str, Any],
) -> Answer:
    findings = list(dict.fromkeys(findings))
    told = {
        "month": month,
        "changes": [_json(change) for change in found],
        "notices": made.numbers, "added": [row["notice_no"] for row in made.rows], "leases_updated": updated,
        "documents": papers["documents"], "withheld": papers["withheld"],
        "findings": [*(said.as_json() for said in findings), *papers["findings"]],
    }
    lines = [
        f"{month} 费用变更 {sum(change.repriced for change in found)} 项（另有起租、退租"
        f" {sum(not change.repriced for change in found)} 项）：新登记 {len(made.rows)} 行，"
        f"通知单 {len(papers['documents'])} 份，扣发 {len(papers['withheld'])} 份；更新租约 {updated} 份。",
    ]
    lines += lists.some([
        f"  {change.on} {change.lease.key} {change.lease.operator} {change.reason}："
        f"年服务费 {change.fee_before:,} → {change.fee_after:,}" for change in found if change.repriced
    ])
    if findings:
        lines.append(lists.text(findings))
    lines += lists.some([
        f"  扣发 {row['key']}：{said['message']}" for row in papers["withheld"] for said in row["findings"]
    ])
    failed = lists.failed(findings) or bool(papers["withheld"])
    return Answer(told, "\n".join(lines), FOUND if failed else DONE)


def _json(change: Change) -> dict[str, Any]:
    return {
        "key": change.lease.key, "customer": change.lease.operator, "site": change.lease.site,
        "on": change.on.isoformat(), "item": change.item, "before": change.before, "after": change.after,
        "fee_before": _text(change.fee_before), "fee_after": _text(change.fee_after),
        "discount_before": _text(change.discount_before), "discount_after": _text(change.discount_after),
        "reason": change.reason,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
