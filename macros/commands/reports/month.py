"""report month: the analysis of a month in four parts, customers, market, products and service, in Word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.commands import Answer, lists
from macros.commands.bill.reckoning import OUT, charged, history
from macros.commands.days import calendar_of
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.worked_out import issue
from macros.findings import finding
from macros.months import is_month, name_of
from macros.periods import CalendarError
from macros.tables import records
from macros.work.analysis import customers, market
from macros.work.analysis_money import products, service
from macros.work.periods import compared
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.billing.records import Issued
    from macros.records import Record, Value
    from macros.register import Register
    from macros.tables import Values


def report(folder: Path, what: Sequence[str], out: Path, now: str | None = None) -> Answer:
    """Analyse a month from the registers and print it.

    Args:
        folder: the register.
        what: the month; the present one, up to now, when not given.
        out: where the paper goes.
        now: the moment it is, the present when None.
    """
    at = moment(now)
    month = what[0] if what else name_of(at.date())
    if not is_month(month) or month > name_of(at.date()):
        said = finding("WRK001", value=month) if not is_month(month) else finding("WRK061", month=month)
        return lists.vain({"month": month}, [said])
    shelf = Shelf(folder)
    register = shelf.register()
    try:
        told, rows = analysed(register, month, at, history(folder / OUT))
    except CalendarError as error:
        said = finding("WRK013", why=error)
        return lists.vain({"month": month}, [said])
    tables = {"analysis": records("analysis", [told]), "analysis_line": records("analysis_line", rows)}
    paper = rules("analysis")["paper"]
    documents, withheld, findings = issue(shelf, register, [(register.having(tables), [paper])], out, at)
    findings += shelf.save()
    if not (folder / OUT / month).is_dir():
        findings.append(finding("WRK060", month=month))
    data: dict[str, Any] = {
        "month": month, **{name: told[name] for name in ("customers", "market", "products", "service")},
        "lines": [{name: _plain(value) for name, value in row.items()} for row in rows], "documents": documents,
        "withheld": withheld,
    }
    return lists.answer(data, _lines(data), findings, withheld)


def analysed(
    register: Register, month: str, at: dt.datetime, issued: Mapping[str, Issued],
) -> tuple[Values, list[Values]]:
    """The paper's row with a sentence of each part, and the lines of its tables.

    Args:
        register: all tables.
        month: the month.
        at: the moment.
        issued: the months billed so far: their fees are as issued, those of others as worked out now.

    Raises:
        CalendarError: the calendar does not hold the month.
    """
    whole, calendar = compared(month, at.date()), calendar_of(register)
    charges = _charges(register, (whole.month, whole.before), at, issued)
    parts = {
        "customers": customers(register, calendar, whole), "market": market(register, whole),
        "products": products(register, charges, whole), "service": service(register, calendar, whole, at),
    }
    told: Values = {"month": month, "first": whole.first, "last": whole.last}
    told |= {name: said for name, (said, _) in parts.items()}
    lines = [line for _, found in parts.values() for line in found]
    return told, [{**line, "month": month, "line_no": number} for number, line in enumerate(lines, 1)]


def _charges(
    register: Register, months: Sequence[str], at: dt.datetime, issued: Mapping[str, Issued],
) -> tuple[Record, ...]:
    """The fees of leases in some months."""
    made: list[Values] = [
        {"month": name, "lease_no": one.key, "product_class": lease["product_class"], "amount": one.amount}
        for name in months if name in issued for one in issued[name].charges
        if (lease := register.find("lease", one.key))
    ]
    left = [name for name in months if name not in issued]
    return (*records("charge", made), *(charged(register, at, left).rows("charge") if left else ()))


def _plain(value: Value) -> object:
    return value if isinstance(value, str | int) or value is None else str(value)


def _lines(data: dict[str, Any]) -> list[str]:
    parts = ("customers", "market", "products", "service")
    lines = [f"{data['month']}月度分析：", *(f"  {data[name]}" for name in parts)]
    lines += [f"  {row['number']}  {row['file']}" for row in data["documents"]]
    return lines + [f"  扣发：{said['message']}" for row in data["withheld"] for said in row["findings"]]
