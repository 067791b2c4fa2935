"""The month's bill as it is usually written: with pandas, day by day over all leases, and as a loop of Decimals.

Both follow the billing rules and know nothing of the program: prices of 2023 to 2027 stand here as constants.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.records import Record

MARKUP, DAMAGE = Decimal("0.10"), Decimal("0.02")
LIVES = {"tower_cost": 10, "room_cost": 20, "support_cost": 6}
#: Discounts by tenants and anchor.
CASES = ((1, False), (1, True), (2, False), (2, True), (3, False), (3, True))
BASE_OFF = dict(zip(CASES, ("0", "0", "0.324", "0.374", "0.424", "0.474"), strict=True))
SITE_OFF = dict(zip(CASES, ("0", "0", "0.4", "0.45", "0.5", "0.55"), strict=True))
SHARE, EARLY, EARLY_BEFORE = Decimal("0.276"), Decimal("0.024"), dt.date(2023, 1, 1)
EXTRAS = ("bbu_fee", "high_level_fee", "battery_fee", "wlan_fee", "microwave_fee", "other_fee")
COLUMNS = (
    "lease_no", "operator", "site_code", "units", "tower_cost", "room_cost", "support_cost", "maintenance_fee",
    "site_rent", "power_fee", *EXTRAS, "starts_on", "ends_on", "anchor", "sharing", "order_signed_on", "region_factor",
    "wind_factor", "generator_mode", "generator_fee",
)
FEN = Decimal("0.01")
DAY = dt.timedelta(days=1)


def _table(rows: Sequence[Record]) -> list[dict[str, Any]]:
    places = [(name, rows[0].form.index[name]) for name in COLUMNS]
    return [{name: row.values[place] for name, place in places} for row in rows]


def by_decimals(rows: Sequence[Record], month: str) -> dict[str, Decimal]:
    """Each lease's amount: a loop over sites, cut days and leases, every step a Decimal of forty digits."""
    year, number = map(int, month.split("-"))
    length = monthrange(year, number)[1]
    first, last = dt.date(year, number, 1), dt.date(year, number, length)
    sites: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _table(rows):
        if row["starts_on"] <= last and (row["ends_on"] is None or row["ends_on"] >= first):
            sites[row["site_code"]].append(row)
    amounts: dict[str, Decimal] = {}
    with localcontext() as context:
        context.prec = 40
        for held in sites.values():
            cuts = {first, last + DAY}
            for row in held:
                cuts.add(max(row["starts_on"], first))
                if row["ends_on"] is not None:
                    cuts.add(min(row["ends_on"], last) + DAY)
            days = sorted(cuts)
            sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
            for start, end in pairwise(days):
                running = [
                    row for row in held
                    if row["starts_on"] <= start and (row["ends_on"] is None or start <= row["ends_on"])
                ]
                tenants = len({row["operator"] for row in running})
                for row in running:
                    for name, yearly in _yearly(row, tenants).items():
                        sums[row["lease_no"]][name] += yearly * (end - start).days
            for key, items in sums.items():
                amounts[key] = sum(
                    (_half_up(total / 12 / length) for total in items.values()), Decimal(0)
                )
    return amounts


def _half_up(amount: Decimal) -> Decimal:
    # The last digits of a quotient are no longer exact: a half must not be missed by them.
    return amount.quantize(Decimal("1e-20")).quantize(FEN, ROUND_HALF_UP)


def _yearly(row: dict[str, Any], tenants: int) -> dict[str, Decimal]:
    """The discounted amounts of a year."""
    worth = Decimal(0)
    for name, life in LIVES.items():
        cost = row[name] or Decimal(0)
        worth += cost * (row["wind_factor"] if name == "tower_cost" else 1) / life
    base = (worth * row["region_factor"] * (1 + DAMAGE) + (row["maintenance_fee"] or 0)) * (1 + MARKUP) * row["units"]
    who = tenants, bool(row["anchor"])
    if row["sharing"] == "存量既有共享":
        share = SHARE
    else:
        share = 1 - Decimal(BASE_OFF[who])
        if row["order_signed_on"] is not None and row["order_signed_on"] < EARLY_BEFORE:
            share -= EARLY
    found = {"base": base * share}
    for name in ("site_rent", "power_fee"):
        found[name] = (row[name] or 0) * (1 - Decimal(SITE_OFF[who]))
    for name in EXTRAS:
        if row[name]:
            found[name] = row[name]
    if row["generator_mode"] == "包干" and row["generator_fee"]:
        found["generator_fee"] = row["generator_fee"]
    return found


def by_pandas(rows: Sequence[Record], month: str) -> dict[str, Decimal]:
    """Each lease's amount: columns of floats, tenants counted for each day of the month, items rounded at the end."""
    import numpy as np
    import pandas as pd

    places = {name: rows[0].form.index[name] for name in COLUMNS}
    frame = pd.DataFrame({name: [row.values[place] for row in rows] for name, place in places.items()})
    for name in COLUMNS:
        if name == "units" or name.endswith(("_cost", "_fee", "_rent", "_factor")):
            frame[name] = frame[name].astype(float).fillna(0.0)
    for name in ("starts_on", "ends_on", "order_signed_on"):
        frame[name] = pd.to_datetime(frame[name])
    frame["ends_on"] = frame["ends_on"].fillna(pd.Timestamp.max)
    frame["anchor"] = frame["anchor"].fillna(False).astype(bool)
    days = pd.date_range(f"{month}-01", periods=pd.Period(month).days_in_month)
    worth = (
        frame["tower_cost"] * frame["wind_factor"] / 10 + frame["room_cost"] / 20 + frame["support_cost"] / 6
    ) * frame["region_factor"]
    base = (worth * 1.02 + frame["maintenance_fee"]) * 1.10 * frame["units"]
    existing = frame["sharing"] == "存量既有共享"
    early = np.where(frame["order_signed_on"] < pd.Timestamp(EARLY_BEFORE), float(EARLY), 0.0)
    paid, site, ran = (pd.Series(0.0, index=frame.index) for _ in range(3))
    for day in days:
        running = (frame["starts_on"] <= day) & (frame["ends_on"] >= day)
        now = frame[running]
        tenants = now["site_code"].map(now.groupby("site_code")["operator"].nunique())
        who = pd.MultiIndex.from_arrays([tenants, now["anchor"]])
        off, site_off = (
            pd.Series({key: float(value) for key, value in steps.items()}).reindex(who).to_numpy()
            for steps in (BASE_OFF, SITE_OFF)
        )
        paid[running] += np.where(existing[running], float(SHARE), 1 - off - early[running])
        site[running] += 1 - site_off
        ran[running] += 1
    total = pd.Series(0.0, index=frame.index)
    lump = np.where(frame["generator_mode"] == "包干", frame["generator_fee"], 0.0)
    yearly = [base * paid, frame["site_rent"] * site, frame["power_fee"] * site, lump * ran]
    for item in [*yearly, *(frame[name] * ran for name in EXTRAS)]:
        total += np.floor(item / 12 / len(days) * 100 + 0.5) / 100
    billed = ran > 0
    return {
        key: Decimal(f"{amount:.2f}") for key, amount in zip(frame["lease_no"][billed], total[billed], strict=True)
    }
