"""A month's accounts as rows of tables: charges for annex 3.9, runs for 3.10, account and its lines for 3.11."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.billing.month import days_of
from macros.billing.records import RUN
from macros.billing.taxes import rate, titles
from macros.billing.working import days, tenants, working, yearly_base
from macros.forms import forms
from macros.pricing.parameters import words
from macros.records import Place, Record
from macros.values import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.billing.accounts import Account
    from macros.billing.generators import Run
    from macros.billing.lines import Line
    from macros.billing.month import Bill
    from macros.billing.records import Adjustment
    from macros.pricing.parameters import Tariff
    from macros.records import Value

_NOTHING = Decimal("0.00")


def tables(
    bill: Bill, made: Sequence[Account], tariff: Tariff, settings: Mapping[str, str], earlier: Iterable[Record],
) -> dict[str, tuple[Record, ...]]:
    """The rows of charge, generator, statement and statement_line for one month, by form code.

    Args:
        bill: the month.
        made: its accounts.
        tariff: for the tax rates.
        settings: the register's settings; the account to pay into is one of them.
        earlier: the register's own statement rows, whose dates (submitted, confirmed, paid) stand.
    """
    return {
        "charge": tuple(row for account in made for row in _charges(bill.month, account)),
        "generator": tuple(_run(row, bill, tariff) for row in bill.runs if not row.repeats),
        "statement": tuple(_statement(bill.month, account, settings, earlier) for account in made),
        "statement_line": tuple(row for account in made for row in _items(bill.month, account)),
    }


def _charges(month: str, account: Account) -> Iterable[Record]:
    """One row per lease: those running this month, then those that only have a correction."""
    fixes: dict[str, list[Adjustment]] = defaultdict(list)
    for fix in account.adjustments:
        fixes[fix.key].append(fix)
    for line in account.lines:
        yield _charge(month, line, fixes.pop(line.lease.key, []))
    for key, left in fixes.items():
        yield _correction(month, key, left)


def _charge(month: str, line: Line, fixes: Sequence[Adjustment]) -> Record:
    form, row = forms()["charge"], line.lease.row
    own = row.form.index
    values: dict[str, Value] = {column.name: row[column.name] for column in form.columns if column.name in own}
    values |= dict.fromkeys((item["name"] for item in words()["item"]), _NOTHING)
    values |= dict(line.items)
    values |= {
        "month": month, "starts_on": line.lease.since, "days": days(line), "tenants": tenants(line),
        "yearly_base": yearly_base(line),
        "working": working(line), "amount": line.amount,
        "extras": sum((amount for name, amount in line.items if name in _extras()), _NOTHING),
    }
    return Record(form, _values("charge", values | _fixed(fixes, line.amount)), row.place, (0,) * len(form.columns))


def _correction(month: str, key: str, fixes: Sequence[Adjustment]) -> Record:
    form = forms()["charge"]
    values: dict[str, Value] = {
        "month": month, "operator": fixes[0].operator, "lease_no": key, "site_code": fixes[0].site, "amount": _NOTHING,
    }
    place = Place(forms()["lease"].file, forms()["lease"].title, 1)
    return Record(form, _values("charge", values | _fixed(fixes, _NOTHING)), place, (0,) * len(form.columns))


def _fixed(fixes: Sequence[Adjustment], amount: Decimal) -> dict[str, Value]:
    more = sum((fix.amount for fix in fixes if fix.amount > 0), _NOTHING)
    less = sum((fix.amount for fix in fixes if fix.amount < 0), _NOTHING)
    why = "；".join(f"{fix.month} {fix.amount}：{fix.reason}" for fix in fixes)
    return {"adjust": more, "refund": less, "adjust_why": why or None, "total": amount + more + less}


def _run(run: Run, bill: Bill, tariff: Tariff) -> Record:
    _, last = days_of(bill.month)
    tax = rate(tariff, last, RUN)
    fresh: dict[str, Value] = {
        "month": bill.month, "billed_h": Decimal(run.hours), "fee": run.fee, "tax_rate": tax,
        "fee_taxed": None if tax is None else round_half_up(run.fee * (1 + tax)),
        "note": run.row["note"] or run.why or None,
    }
    row = run.row
    values = tuple(fresh.get(column.name, row[column.name]) for column in row.form.columns)
    return Record(row.form, values, row.place, row.columns)


def _statement(
    month: str, account: Account, settings: Mapping[str, str], earlier: Iterable[Record],
) -> Record:
    form = forms()["statement"]
    held = next((row for row in earlier if row["month"] == month and row["operator"] == account.operator), None)
    values: dict[str, Value] = {column.name: held[column.name] if held else None for column in form.columns}
    rates = [one.rate for one in account.taxes]
    values |= {
        "month": month, "operator": account.operator, "sites": len({one.lease.site for one in account.lines}),
        "orders": len(account.lines), "total_ex_tax": account.net, "tax": account.tax, "total": account.total,
        "tax_rate": rates[0] if len(rates) == 1 else None,
        "account": values["account"] or settings.get(words()["statement"]["account"]) or None,
    }
    place = held.place if held else Place(form.file, form.title, 1)
    return Record(form, _values("statement", values), place, held.columns if held else (0,) * len(form.columns))


def _items(month: str, account: Account) -> Iterable[Record]:
    """The account's lines as annex 3.11 lists them: each item with an amount, then what earlier months owe."""
    form = forms()["statement_line"]
    sums = [(title, account.items.get(name, _NOTHING)) for name, title in titles().items() if account.items.get(name)]
    more = sum((fix.amount for fix in account.adjustments if fix.amount > 0), _NOTHING)
    less = sum((fix.amount for fix in account.adjustments if fix.amount < 0), _NOTHING)
    named = words()["statement"]
    sums += [(title, amount) for title, amount in ((named["more"], more), (named["less"], less)) if amount]
    for title, amount in sums:
        values: dict[str, Value] = {"month": month, "operator": account.operator, "item": title, "ours": amount}
        place = Place(form.file, form.title, 1)
        yield Record(form, _values("statement_line", values), place, (0,) * len(form.columns))


def _extras() -> set[str]:
    return {item["name"] for item in words()["item"] if item["kind"] in ("plain", "lump")}


def _values(code: str, values: Mapping[str, Value]) -> tuple[Value, ...]:
    return tuple(values.get(column.name) for column in forms()[code].columns)
