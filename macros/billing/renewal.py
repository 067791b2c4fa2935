"""What a lease costs when it is signed again at the current catalogue, beside what it costs today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from macros.billing.expiry import words
from macros.billing.leases import leases as billable
from macros.billing.segments import by_site
from macros.billing.years import Rules, tenants_on, yearly
from macros.pricing.fees import base_share
from macros.pricing.parameters import words as pricing_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable
    from decimal import Decimal

    from macros.billing.leases import Lease
    from macros.findings import Finding
    from macros.pricing.parameters import Tariff
    from macros.pricing.regimes import Regime
    from macros.records import Record


@dataclass(frozen=True, slots=True)
class Price:
    """A lease's yearly fee today and when signed again today, in yuan before tax, and what the latter rests on."""

    now: Decimal
    renewal: Decimal
    basis: str


def prices(
    leases: Iterable[Lease], wanted: Collection[str], tariff: Tariff, today: dt.date,
) -> tuple[dict[str, Price], list[Finding]]:
    """The prices of some leases that run today, by lease number, with today's tenants under today's rules.

    Args:
        leases: all that can be billed, since they are each other's tenants.
        wanted: numbers of the leases to price.
        tariff: prices and discounts.
        today: the day of the proposal.

    Returns:
        Prices, none for leases of a site with more tenants than the tables speak of, and the parameters the day lacks.
    """
    rules = Rules(tariff)
    regime = rules.on(today)
    if regime is None:
        return {}, rules.missing(today)
    found: dict[str, Price] = {}
    for site in by_site(leases, today, today).values():
        tenants = len(tenants_on(site, today))
        if tenants <= pricing_words()["site"]["tenants"]:
            found |= {
                lease.key: _price(lease, regime, tenants, tariff, today) for lease in site if lease.key in wanted
            }
    return found, []


def _price(lease: Lease, rules: Regime, tenants: int, tariff: Tariff, today: dt.date) -> Price:
    terms, said, how = lease.terms, [], words()["words"]
    catalogue = _at_catalogue(lease.row, tariff, today) if words()["renewal"]["catalogue_cost"] else None
    if catalogue is not None and catalogue.terms.tower:
        terms = replace(terms, tower=catalogue.terms.tower)
        said.append(how["catalogue"].format(cost=f"{catalogue.terms.tower / 10**6:,.2f}"))
    else:
        said.append(how["own" if terms.yearly is None else "yearly"])
    if words()["renewal"]["signed_anew"]:
        anew = replace(terms, signed=today)
        if base_share(anew, rules, tenants) != base_share(terms, rules, tenants):
            said.append(how["points"])
        terms = anew
    return Price(
        yearly(lease.terms, rules, tenants), yearly(terms, rules, tenants), str(how["joined"]).join(map(str, said))
    )


def _at_catalogue(row: Record, tariff: Tariff, today: dt.date) -> Lease | None:
    """The lease as it would be with no cost of its own on a new lease of today; None where the table lacks it.

    A product without a tower has none then either.
    """
    values = list(row.values)
    for name, value in (("tower_cost", None), ("starts_on", today), ("ends_on", None)):
        values[row.form.index[name]] = value
    found, _, _ = billable([replace(row, values=tuple(values))], tariff, {})
    return found[0] if found else None
