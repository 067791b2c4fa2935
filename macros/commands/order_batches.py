"""batches: which orders go to each customer in the batch now due, what is left and why, how much is covered."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from macros.clocks.item import iso
from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.books import write_report
from macros.commands.days import calendar_of
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.findings import about, finding
from macros.loops.batches import batches as next_batches
from macros.loops.orders import sites
from macros.loops.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.loops.batches import Batch, Ends
    from macros.loops.orders import Site, Unready
    from macros.records import Cell, Record, Value
    from macros.register import Register
    from macros.workbooks.reports import Sheet
    from macros.workdays import Calendar


@no_collection()
def batches(
    customers: Sequence[str], folder: Path, out: Path | None = None, hand_over: bool = False, now: str | None = None,
) -> Answer:
    """Make up every customer's next batch of orders (§2.1.3.3); writes 订单批次.xlsx.

    Args:
        customers: whose batch is handed over although its day has not come; with none, those due.
        folder: the register.
        out: where the workbook goes; the register's folder when None.
        hand_over: enter the day and the batch in 需求 for the demands handed over.
        now: the moment it is, the present when None.
    """
    shelf = Shelf(folder)
    register = shelf.register()
    today, calendar = moment(now).date(), calendar_of(register)
    known = sites(register, _unready(register, today), calendar, today)
    found = next_batches(known, _ends(register, calendar))
    findings = _doubts(register, known, today)
    findings += [finding("LOO006", value=name) for name in customers if name not in {each.customer for each in found}]
    due = [each for each in found if (each.customer in customers if customers else each.is_due(today))]
    handed = [each for each in due if each.sites] if hand_over else []
    shelf.update((site.demand, _entries(each, site, today)) for each in handed for site in each.sites)
    unsaved = shelf.save()
    if unsaved:
        handed = []
    findings += unsaved + _overdue(found, handed, today)
    said = rules()["batches"]["workbook"]
    path = (out or folder) / said["file"]
    findings += write_report(path, said["title"], _sheets(register, found, handed, today))
    batched = [_json(each, each in handed, today) for each in found]
    told = {"day": today.isoformat(), "batches": batched, "file": str(path)}
    return lists.answer(told, _lines(found, handed, today, path), findings)


def _unready(register: Register, today: dt.date) -> Unready:
    """What stands against an order's paper, as its definition tells it."""
    from generator.definitions import definitions
    from generator.joins import link
    from generator.states import reasons

    paper = definitions()[rules()["batches"]["paper"]]

    def against(order: Record) -> Sequence[str]:
        return reasons(paper, link(register, paper, order, today))

    return against


def _ends(register: Register, calendar: Calendar) -> Ends:
    """The last day of a batch by its clock."""
    from macros.clocks.limits import Memory
    from macros.clocks.rules import clocks
    from macros.clocks.settings import switches
    from macros.periods import day_of

    clock, memory = clocks()[rules()["batches"]["clock"]], Memory(calendar, switches(register.settings))

    def ends(begin: dt.date) -> dt.date:
        version = clock.version_on(begin)
        return day_of(memory.end(version, version.limit, begin).due)

    return ends


def _entries(batch: Batch, site: Site, today: dt.date) -> dict[str, Value]:
    """What is entered for a demand handed over; a register without 提交批次 says it in a blank 项目批次."""
    if site.demand.columns[site.demand.form.index["order_batch"]]:
        return {"last_batch_on": today, "order_batch": batch.label}
    return {"last_batch_on": today} if site.demand["batch"] else {"last_batch_on": today, "batch": batch.label}


def _doubts(register: Register, known: Sequence[Site], today: dt.date) -> list[Finding]:
    """Days not entered, customers not told, and sites found long ago that are still in no batch."""
    from macros.clocks.rules import clocks

    limit = clocks()[rules()["batches"]["clock"]].version_on(today).limit
    found = []
    for site in known:
        row = site.demand
        if register.customer_of(row) is None:
            found.append(about(row, "customer_name", "LOO005"))
        ages = {"form_received_on": site.since_received, "plan_signed_on": site.since_signed}
        found += [
            about(row, name, "LOO007") for name, days in ages.items()
            if days is None and (day := row.date(name)) and day <= today
        ]
        if site.kind == "handed" and row["last_batch_on"] is None:
            found.append(about(row, "last_batch_on", "LOO003", day=site.handed_on))
        if site.kind == "handed" and row["order_sent_on"] is None:
            found.append(about(row, "order_sent_on", "LOO004", day=site.handed_on))
        if site.kind == "left" and site.successful and (site.since_signed or 0) > limit:
            found.append(
                about(row, "plan_signed_on", "LOO002", days=site.since_signed, reason=site.reason, cure=site.cure)
            )
    return found


def _overdue(found: Sequence[Batch], handed: Sequence[Batch], today: dt.date) -> list[Finding]:
    return [
        finding(
            "LOO001", customer=each.customer, label=each.label, due=each.due, count=len(each.sites),
            keys="、".join(site.demand.key for site in each.sites),
        ) for each in found if each.sites and each.is_due(today) and each not in handed
    ]


def _sheets(register: Register, found: Sequence[Batch], handed: Sequence[Batch], today: dt.date) -> list[Sheet]:
    ready, left, cover = rules()["batches"]["sheet"]
    orders = register.groups("order", ("demand_no",))
    return [
        (ready, [
            [
                each.customer, each.number, each.due, today if each in handed else None, site.demand.key,
                site.demand.text("site_name"), "、".join(row.key for row in orders[(site.demand["demand_no"],)]),
                site.since_received, site.since_signed,
            ] for each in found for site in each.sites
        ]),
        (left, [
            [
                each.customer, site.demand.key, site.demand.text("site_name"), site.since_received, site.since_signed,
                site.reason, site.cure,
            ] for each in found for site in _oldest(each)
        ]),
        (cover, [_cover(each) for each in found]),
    ]


def _waited(site: Site) -> str:
    return "" if site.since_received is None else f"收到3.1后{site.since_received}个工作日："


def _oldest(each: Batch) -> list[Site]:
    """What is left, the longest waiting first."""
    return sorted(each.left, key=lambda site: -(site.since_received or 0))


def _cover(each: Batch) -> list[Cell]:
    waiting = sum(site.successful for site in each.left)
    return [
        each.customer, each.number, each.due, each.successful, each.signed, each.handed, len(each.sites), waiting,
        len(each.left) - waiting, _share(each),
    ]


def _share(each: Batch) -> str:
    """How much of the successful sites is signed, handed over or in this batch."""
    if not each.successful:
        return ""
    share = Decimal(100 * (each.signed + each.handed + len(each.sites))) / each.successful
    return f"{share.quantize(Decimal(1), ROUND_HALF_UP)}%"


def _json(each: Batch, handed: bool, today: dt.date) -> dict[str, Any]:
    def site(one: Site) -> dict[str, Any]:
        return {
            "key": one.demand.key, "since_received": one.since_received, "since_signed": one.since_signed,
            "successful": one.successful, "reason": one.reason,
        }

    return {
        "customer": each.customer, "number": each.number, "due": iso(each.due),
        "is_due": each.is_due(today), "handed_over": handed, "sites": [site(one) for one in each.sites],
        "left": [site(one) for one in each.left], "successful": each.successful, "signed": each.signed,
        "handed": each.handed, "coverage": _share(each),
    }


def _lines(found: Sequence[Batch], handed: Sequence[Batch], today: dt.date, path: Path) -> list[str]:
    lines = [f"截至 {today}：订单批次 {len(found)} 家客户，登记提交 {len(handed)} 家。明细见《{path.name}》。"]
    for each in found:
        due = f"应于 {each.due} 提交" if each.due else "没有待交的站址"
        lines.append(
            f"  {each.customer} {each.label}  {due}  本批 {len(each.sites)}  未交 {len(each.left)}  "
            f"选址成功 {each.successful}，已签 {each.signed}，已提交待签 {each.handed}，覆盖率 {_share(each) or '无'}"
            + ("  已登记提交" if each in handed else "")
        )
        told = [f"    本批 {site.demand.key} {site.demand.text('site_name')}" for site in each.sites]
        told += [
            f"    未交 {one.demand.key} {_waited(one)}{one.reason}" for one in _oldest(each)
        ]
        most = rules()["batches"]["shown"]
        lines += told[:most] + ([f"    ……另有 {len(told) - most} 条"] if len(told) > most else [])
    return lines
