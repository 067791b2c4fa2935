"""Rows of 业务变更 for a month's changes, each once, and what they set in the lease they are about."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from macros.billing.changes import words
from macros.findings import about

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from macros.billing.changes import Change
    from macros.findings import Finding
    from macros.records import Record, Value


class Notices(NamedTuple):
    """A month's notices: new rows by column name, the numbers of all of them, and what was found."""

    rows: list[dict[str, Value]]
    numbers: list[str]
    findings: list[Finding]


def notices(
    changes: Iterable[Change], month: str, held: Sequence[Record], issued: Iterable[str],
    owed: Mapping[str, Decimal],
) -> Notices:
    """One row for each lease and day whose fee changed while it ran; one that has its row gets no second.

    Args:
        changes: the month's changes.
        month: ``YYYY-MM``.
        held: the rows of 业务变更.
        issued: row keys of papers made so far: a number printed once is not given again, even if its row is gone.
        owed: corrections that months already issued are owed, by lease: such a change is retroactive.
    """
    said = words()["notice"]
    present: dict[tuple[str, Value], list[Record]] = defaultdict(list)
    for row in held:
        if row["kind"] == said["kind"]:
            present[row.text("lease_no"), row["effective_on"]].append(row)
    stem = month.replace("-", "")
    numbers = [int(found["n"]) for key in (*(row.key for row in held), *issued) if (found := _series(key, stem))]
    highest = max(numbers, default=0)
    rows: list[dict[str, Value]] = []
    all_numbers: list[str] = []
    findings: list[Finding] = []
    due = {(change.lease.key, change.on): change for change in changes if change.repriced}
    for (lease_no, on), change in due.items():
        known = next((row for row in present.get((lease_no, on), ()) if _tells(row, change, stem)), None)
        if known is not None:
            all_numbers.append(known.key)
            if (known["fee_before"], known["fee_after"]) != (change.fee_before, change.fee_after):
                findings.append(about(
                    known, "fee_after", "COL020", before=change.fee_before, after=change.fee_after,
                ))
            continue
        highest += 1
        number = said["number"].format(month=stem, n=highest)
        all_numbers.append(number)
        rows.append({
            "notice_no": number, "lease_no": lease_no, "kind": said["kind"], "item": change.item,
            "before": change.before, "after": change.after, "retroactive": lease_no in owed, "effective_on": on,
            "retro_amount": owed.get(lease_no), "reason": change.reason, "fee_before": change.fee_before,
            "fee_after": change.fee_after, "discount_before": change.discount_before,
            "discount_after": change.discount_after,
        })
    findings += [
        about(row, "effective_on", "COL021", lease=row.text("lease_no"))
        for key, rows_ in present.items() if key not in due for row in rows_ if _series(row.key, stem)
    ]
    return Notices(rows, all_numbers, findings)


def _tells(row: Record, change: Change, stem: str) -> bool:
    """Whether a row of the lease and day is about this change, not about another of the same day."""
    return bool(_series(row.key, stem)) or row["item"] == change.item or row["fee_after"] == change.fee_after


def _series(key: str, stem: str) -> re.Match[str] | None:
    """A notice number of the month's own series."""
    found = re.fullmatch(words()["notice"]["series"], key)
    return found if found and found["month"] == stem else None


def lease_updates(
    changes: Iterable[Change], fees: Mapping[str, Decimal],
) -> tuple[list[tuple[Record, dict[str, Value]]], list[Finding]]:
    """What the month's changes set in their leases: 费用变更日期, which starts K23, and 年服务费.

    A lease holds one change at a time. One of an earlier month that the customer was not told of stays until he was;
    a day of telling that belongs to an earlier change is cleared. A yearly fee that is neither blank nor what the
    lease cost before is the user's own and stays.

    Args:
        changes: the month's changes.
        fees: today's yearly fee of each lease that runs today.
    """
    by_lease: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.repriced:
            by_lease[change.lease.key].append(change)
    updates: list[tuple[Record, dict[str, Value]]] = []
    findings: list[Finding] = []
    for held in by_lease.values():
        row = held[-1].lease.row
        values, said = _clock(row, held[-1].on)
        findings += said
        fee, now = row["yearly_fee"], fees.get(held[0].lease.key)
        if now is not None:
            if fee is None or fee in {change.fee_before for change in held}:
                values["yearly_fee"] = now
            elif fee != now:
                findings.append(about(row, "yearly_fee", "COL024", now=now))
        values = {name: value for name, value in values.items() if value != row[name]}
        if values:
            updates.append((row, values))
    return updates, findings


def _clock(row: Record, on: dt.date) -> tuple[dict[str, Value], list[Finding]]:
    """The cells of K23 for a change on a day."""
    earlier, told = row.date("fee_changed_on"), row.date("change_told_on")
    if earlier is not None and earlier >= on:
        return {}, []
    if earlier is not None and told is None and (earlier.year, earlier.month) != (on.year, on.month):
        return {}, [about(row, "change_told_on", "COL022", earlier=earlier, on=on)]
    if told is not None and told < on:
        return {"fee_changed_on": on, "change_told_on": None}, [about(row, "change_told_on", "COL023", on=on)]
    return {"fee_changed_on": on}, []
