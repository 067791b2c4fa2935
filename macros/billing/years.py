"""What a lease costs in a year on one day: all its items under that day's price rules, rounded once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from macros.billing.lines import cents
from macros.billing.segments import by_site
from macros.pricing.fees import base, base_share, site_share
from macros.pricing.parameters import words
from macros.pricing.regimes import SCALE, regime

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from macros.billing.leases import Lease
    from macros.findings import Finding
    from macros.pricing.fees import Terms
    from macros.pricing.parameters import Tariff
    from macros.pricing.regimes import Regime


class Rules:
    """The price rules of a tariff by day, looked up once a day."""

    def __init__(self, tariff: Tariff) -> None:
        self.tariff = tariff
        self._known: dict[dt.date, tuple[Regime | None, list[Finding]]] = {}

    def on(self, day: dt.date) -> Regime | None:
        """The rules in force on a day; None where they are not complete."""
        return self._of(day)[0]

    def missing(self, day: dt.date) -> list[Finding]:
        """Which parameters a day lacks."""
        return self._of(day)[1]

    def _of(self, day: dt.date) -> tuple[Regime | None, list[Finding]]:
        if day not in self._known:
            self._known[day] = regime(self.tariff, day)
        return self._known[day]


def yearly(terms: Terms, rules: Regime, tenants: int) -> Decimal:
    """The year's fee before tax: base, site rent, power connection and extras, rounded half up to the cent once."""
    whole, below = base(terms, rules)
    exact = Fraction(whole * base_share(terms, rules, tenants), below * SCALE)
    exact += Fraction((terms.site_rent + terms.power_fee) * site_share(terms, rules, tenants), SCALE**2)
    exact += Fraction(sum(fee for _, fee in terms.extras), SCALE)
    return cents(exact.numerator, exact.denominator)


def discount(terms: Terms, rules: Regime, tenants: int) -> Decimal:
    """The part of the base price that is not paid, 0 to 1."""
    return Decimal(SCALE - base_share(terms, rules, tenants)).scaleb(-6)


def tenants_on(site: Iterable[Lease], day: dt.date) -> frozenset[str]:
    """The operators with a running lease among the leases of a site; first and last day count."""
    return frozenset(lease.operator for lease in site if lease.starts <= day <= lease.ends)


def fees_on(leases: Iterable[Lease], rules: Regime, day: dt.date) -> dict[str, Decimal]:
    """The yearly fee of every lease that runs on a day, by lease number, under the day's rules.

    Leases of a site with more tenants than the tables speak of have none.
    """
    most = words()["site"]["tenants"]
    found: dict[str, Decimal] = {}
    for site in by_site(leases, day, day).values():
        tenants = len(tenants_on(site, day))
        if tenants <= most:
            found |= {lease.key: yearly(lease.terms, rules, tenants) for lease in site}
    return found
