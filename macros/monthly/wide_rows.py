"""The values of a wide list: what each lease pays, and what every figure of its price and sharing is."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from macros.billing.lines import cents, yuan
from macros.forms import forms
from macros.monthly.parts import PARTS, Parts
from macros.monthly.sharers import Sharers
from macros.monthly.words import wide
from macros.pricing.fees import base_share, site_share
from macros.pricing.parameters import words
from macros.pricing.regimes import SCALE
from macros.records import as_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from macros.billing.accounts import Account
    from macros.billing.lines import Line
    from macros.billing.records import Adjustment
    from macros.monthly.given import MonthRun
    from macros.records import Record

_NOTHING = Decimal("0.00")
#: Columns of annex 3.9 that are listed as they are.
COPIED = (
    "operator", "county", "lease_no", "site_code", "site_name", "product", "room_kind", "antenna_height", "units",
    "sharing", "anchor", "starts_on", "ends_on", "days", "yearly_base", "working", "adjust_why",
)
#: Columns of the lease that annex 3.9 does not print.
_LEASE = ("demand_no", "generator_mode", "product_class")
_SITE_FEES = ("site_rent", "power_fee")
#: Operators besides one's own that a list has columns for.
_SHARERS = 2


class WideRows:
    """Makes the rows of every operator's list; what all lists share is gathered once."""

    def __init__(self, run: MonthRun) -> None:
        self.run = run
        self._charges = run.by_operator("charge")
        self._sharers, self._parts = Sharers(run.bill.lines), Parts()
        self._sites, self._before = run.sites(), run.charged_before()
        form = forms()["charge"]
        self._copied = itemgetter(*(form.index[name] for name in COPIED))
        self._items = [str(item["name"]) for item in words()["item"]]

    def charges(self, account: Account) -> list[Record]:
        """The operator's rows of annex 3.9: leases of the month, then others that only have a correction."""
        return self._charges[account.operator]

    def of(self, account: Account, charges: Iterable[Record]) -> Iterator[dict[str, Any]]:
        """The list's rows of some of these, one after the other: every source with a value.

        Amounts are Decimals, everything else is a cell.
        """
        fixes: dict[str, list[Adjustment]] = {}
        for fix in account.adjustments:
            fixes.setdefault(fix.key, []).append(fix)
        lines: dict[str, Line] = {line.lease.key: line for line in account.lines}
        for row in charges:
            line = lines.get(row.text("lease_no"))
            yield self._row(row, line, fixes.get(row.text("lease_no"), []))

    def _row(self, row: Record, line: Line | None, fixes: Sequence[Adjustment]) -> dict[str, Any]:
        values: dict[str, Any] = dict(zip(COPIED, self._copied(row.values), strict=True))
        values["month_code"], values["anchor"] = self.run.code, as_cell(values["anchor"])
        site = self._sites.get(row.text("site_code"))
        city = self.run.settings.get("城市", "")
        values |= {
            "city": city, "site_city": (site.text("city") if site else "") or city,
            "ownership": site.text("ownership") if site else None,
        }
        charged: dict[str, Decimal] = {}
        if line is None:
            values["working"] = wide()["only_corrected"]["working"]
        else:
            charged = dict(line.items)
            values |= {name: as_cell(line.lease.row[name]) for name in _LEASE if name in line.lease.row.form.index}
            self._prices(values, line, charged)
        self._history(values, charged, fixes)
        self._change(values, row, values["sum.charged"])
        return values

    def _prices(self, values: dict[str, Any], line: Line, charged: dict[str, Decimal]) -> None:
        """Yearly prices, tenants, sharers with what is paid since each, and the month's amounts."""
        last, terms = line.segments[-1], line.lease.terms
        values["tenants"] = last.tenants
        for part, price, fen in zip(PARTS, self._parts.yearly(line), self._parts.month(line), strict=True):
            if price:
                values[f"priced.{part}"], values[f"part.{part}"] = price, yuan(fen)
        for name, amount in charged.items():
            values[f"item.{name}"] = amount
        for name in _SITE_FEES:
            if yearly := getattr(terms, name):
                values[f"yearly.{name}"] = cents(yearly, SCALE)
        for number, day in enumerate(self._sharers.since(line)[:_SHARERS], 1):
            values[f"joined.{number}"] = day
            values[f"share.base.{number}"] = _share(base_share(terms, last.regime, number + 1))
            values[f"share.site.{number}"] = _share(site_share(terms, last.regime, number + 1))

    def _history(self, values: dict[str, Any], charged: dict[str, Decimal], fixes: Sequence[Adjustment]) -> None:
        """Each item's amount, corrections and sum; a correction belongs wholly to the side of its own sum."""
        amount = sum(charged.values(), _NOTHING)
        values |= {"sum.charged": amount, "sum.both": amount, "sum.due": amount}
        for name, paid in charged.items():
            values[f"charged.{name}"] = values[f"both.{name}"] = paid
        if not fixes:
            return
        for side, chosen in (
            ("more", [fix for fix in fixes if fix.amount >= 0]), ("less", [fix for fix in fixes if fix.amount < 0])
        ):
            for fix in chosen:
                for name, part in fix.items.items():
                    values[f"{side}.{name}"] = values.get(f"{side}.{name}", _NOTHING) + part
            values[f"sum.{side}"] = sum((fix.amount for fix in chosen), _NOTHING)
        for name in self._items:
            if (more := values.get(f"more.{name}")) is not None:
                values[f"both.{name}"] = charged.get(name, _NOTHING) + more
        values["sum.both"] = amount + values["sum.more"]
        values["sum.due"] = values["sum.both"] + values["sum.less"]

    def _change(self, values: dict[str, Any], row: Record, amount: Decimal) -> None:
        if self._before is None:
            return
        change = amount - self._before.get((row.text("operator"), row.text("lease_no")), _NOTHING)
        values["changed"], values["change"] = "是" if change else "否", change


def sources() -> set[str]:
    """Every source a column may name."""
    items = [str(item["name"]) for item in words()["item"]]
    return {
        *COPIED, *_LEASE, "month_code", "city", "site_city", "ownership", "tenants", "changed", "change",
        *(f"{kind}.{part}" for kind in ("priced", "part") for part in PARTS),
        *(f"yearly.{name}" for name in _SITE_FEES),
        *(f"joined.{number}" for number in range(1, _SHARERS + 1)),
        *(f"share.{kind}.{number}" for kind in ("base", "site") for number in range(1, _SHARERS + 1)),
        *(f"sum.{side}" for side in ("charged", "more", "both", "less", "due")),
        *(f"{side}.{name}" for side in ("item", "charged", "more", "both", "less") for name in items),
    }


@cache
def _share(millionths: int) -> Decimal:
    return Decimal(millionths) / SCALE
