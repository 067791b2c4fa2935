"""Splits a line's difference by cause: our line with one thing after the other as the operator sees it (rule 9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

from macros.reconcile.choices import OURS, options, shared
from macros.reconcile.lines import PENALTY, RUN
from macros.reconcile.prices import Repriced, enough, implied, stated
from macros.reconcile.views import Amounts, View, reckon, rounded_early, with_terms
from macros.reconcile.words import detail, limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from macros.billing.leases import Lease
    from macros.reconcile.choices import Option
    from macros.reconcile.lines import LedgerLine
    from macros.reconcile.views import Month

#: In how many things a view nobody stated may depart from the stated one: more would explain any amount.
_MOST = 2
#: Items a line holds that no lease line of ours does.
_FOREIGN = (RUN, PENALTY)


class Part(NamedTuple):
    """One cause's part of a difference, ours − theirs."""

    cause: str
    amount: Decimal
    detail: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """A way to see a line to its end: the options taken, the prices, and how far its items are from theirs."""

    taken: tuple[Option, ...]
    priced: Repriced
    view: View
    amounts: Amounts
    away: Decimal
    residual: Decimal
    guesses: int


def explain(lease: Lease, theirs: LedgerLine, month: Month) -> list[Part]:
    """The parts of one lease's difference from one line; they add up to it exactly, parts of nothing left out."""
    foreign = _foreign(theirs)
    wanted = theirs.total - sum((theirs.items[name] for name in _FOREIGN if name in theirs.items), Decimal(0))
    view = View(lease)
    ours = reckon(view, month).total
    seen = None if ours == wanted else _best(view, theirs, month, wanted)
    parts: list[Part] = []
    amount = ours
    if seen:
        parts, amount = _steps(view, seen, month)
    return [*parts, *_rest(amount - wanted, seen, wanted, month), *foreign]


def _foreign(theirs: LedgerLine) -> list[Part]:
    parts = []
    for name, cause, words in ((RUN, "generator", "generator"), (PENALTY, "other", "penalty")):
        fee = theirs.items.get(name, Decimal(0))
        if fee:
            parts.append(Part(cause, -fee, detail(words, amount=fee)))
    return parts


def _best(view: View, theirs: LedgerLine, month: Month, wanted: Decimal) -> _Seen:
    """What the list states where that explains the line, else the nearest view that gives the amount, else it again."""
    aspects = options(view, theirs, month)
    priced = stated(view.lease.terms, theirs, month)
    plain = _see(view, tuple(one[0] for one in aspects), theirs, month, wanted, priced)
    if _explains(plain, month, wanted):
        return plain
    told = _implied(plain, theirs, month, wanted, certain=False)
    if told:
        return told
    prices = [priced, Repriced({})] if priced.details else [priced]
    found = [_see(view, taken, theirs, month, wanted, one) for taken in _guesses(aspects) for one in prices]
    fitting = [one for one in found if enough(one.residual) or _rounds(one, month, wanted)]
    if fitting:
        # Our own prices instead of stated ones are one thing more that nobody stated.
        return min(fitting, key=lambda one: (one.guesses + (one.priced is not priced), one.away, abs(one.residual)))
    return _implied(plain, theirs, month, wanted, certain=True) or plain


def _guesses(aspects: Sequence[Sequence[Option]]) -> Iterator[tuple[Option, ...]]:
    """Every way to see a line that departs from what is stated, or from ours, in at most two things."""
    first = [one[0] for one in aspects]
    others = [[option for option in dict.fromkeys(one) if option is not one[0]] for one in aspects]
    for count in range(_MOST + 1):
        for places in combinations(range(len(aspects)), count):
            free = ([one for one in others[place] if count == 1 or not one.alone] for place in places)
            for chosen in product(*free):
                taken = list(first)
                for place, option in zip(places, chosen, strict=True):
                    taken[place] = option
                yield tuple(taken)


def _see(
    view: View, taken: tuple[Option, ...], theirs: LedgerLine, month: Month, wanted: Decimal, priced: Repriced,
) -> _Seen:
    for option in taken:
        view = option.sees(view, month)
    if priced.terms:
        view = with_terms(view, **priced.terms)
    amounts = reckon(view, month)
    guesses = sum(not option.stated for option in taken)
    return _Seen(taken, priced, view, amounts, _away(amounts, theirs), amounts.total - wanted, guesses)


def _away(amounts: Amounts, theirs: LedgerLine) -> Decimal:
    """How far the items are from theirs; nought where theirs are not told."""
    names = {name for name in theirs.items if name not in _FOREIGN}
    nought = Decimal(0)
    return sum((abs(amounts.items.get(name, nought) - theirs.items[name]) for name in names), nought)


def _explains(seen: _Seen, month: Month, wanted: Decimal) -> bool:
    """Whether no more than rounding is left."""
    return abs(seen.residual) <= limit("rounding") or _rounds(seen, month, wanted)


def _rounds(seen: _Seen, month: Month, wanted: Decimal) -> bool:
    """Whether rounding every step gives their amount; it moves a line by a thousandth at most."""
    near = abs(seen.residual) <= limit("rounding") + abs(wanted) / 1000
    return near and rounded_early(seen.view, month) == wanted


def _implied(seen: _Seen, theirs: LedgerLine, month: Month, wanted: Decimal, *, certain: bool) -> _Seen | None:
    """The view with fees that the line's items imply, where all else agrees.

    Base price and days must agree to the cent; or, as the last resort (``certain``), the list must state tenants and
    days, so that nothing but a price is left.
    """
    base = seen.amounts.items.get("base", Decimal(0))
    agrees = "base" in theirs.items and enough(theirs.items["base"] - base)
    told = {"tenants", "anchor"} <= theirs.stated and bool({"days", "starts_on"} & theirs.stated)
    if not theirs.items or not (agrees or (certain and told)):
        return None
    told_yearly = {name for name in ("site_rent", "power_fee") if theirs.number(name) is not None}
    if agrees or "maintenance_price" in theirs.stated:
        told_yearly.add("base")
    names = frozenset(name for name in theirs.items if name not in (*_FOREIGN, *told_yearly))
    view, details = implied(seen.view, theirs, month, names)
    amounts = reckon(view, month)
    priced = replace(seen.priced, details=(*seen.priced.details, *details), least={}, most={})
    made = replace(
        seen, priced=priced, view=view, amounts=amounts, away=_away(amounts, theirs), residual=amounts.total - wanted,
    )
    return made if _explains(made, month, wanted) else None


def _steps(view: View, seen: _Seen, month: Month) -> tuple[list[Part], Decimal]:
    """The parts of the options taken, each the change of the rounded amount, and the amount reached."""
    parts: list[Part] = []
    amount = reckon(view, month).total
    for option in seen.taken:
        if option is OURS:
            continue
        following = option.sees(view, month)
        reached = reckon(following, month).total
        if reached != amount:
            words = option.says(view, month) + ("" if option.stated else detail("inferred"))
            parts.append(Part(option.cause, amount - reached, words))
        view, amount = following, reached
    reached = seen.amounts.total
    if seen.priced.details:
        wanted = reached - seen.residual
        # Prices are shown to the fen: what this can move a line by belongs to the price.
        ends = [reckon(with_terms(seen.view, **one), month).total for one in (seen.priced.least, seen.priced.most)]
        if ends[0] <= wanted <= ends[1]:
            reached = wanted
        if reached != amount:
            parts.append(Part("price", amount - reached, "；".join(seen.priced.details)))
            amount = reached
    return _joined(parts), amount


def _joined(parts: Sequence[Part]) -> list[Part]:
    """One part per cause, in the order the causes first stand."""
    found: dict[str, Part] = {}
    for part in parts:
        held = found.get(part.cause)
        found[part.cause] = part if held is None else Part(
            part.cause, held.amount + part.amount, f"{held.detail}；{part.detail}"
        )
    return [part for part in found.values() if part.amount]


def _rest(left: Decimal, seen: _Seen | None, wanted: Decimal, month: Month) -> list[Part]:
    if not left:
        return []
    if seen and _rounds(seen, month, wanted):
        return [Part("rounding", left, detail("rounding-places", places=int(limit("places"))))]
    if abs(left) <= limit("rounding"):
        return [Part("rounding", left, detail("rounding"))]
    return [Part("other", left, detail("other"))]


def explain_several(leases: Sequence[Lease], theirs: LedgerLine, month: Month, ours: Decimal) -> list[Part]:
    """The parts of several leases' difference from one line: tenants and discount for all, then what is left.

    ``ours`` is what they come to in our lines: rows of one lease are rounded there together, here each alone.
    """
    foreign = _foreign(theirs)
    wanted = theirs.total - sum((theirs.items[name] for name in _FOREIGN if name in theirs.items), Decimal(0))
    views = [View(lease) for lease in leases]
    amount = ours
    together = ours - sum((reckon(view, month).total for view in views), Decimal(0))
    aspects = [shared(view, theirs, month) for view in views]
    parts: list[Part] = []
    if abs(amount - wanted) > limit("rounding"):
        for index in range(2):
            for number, view in enumerate(views):
                option = aspects[number][index][0]
                following = option.sees(view, month)
                change = reckon(view, month).total - reckon(following, month).total
                if option is not OURS and option.stated and change:
                    parts.append(Part(option.cause, change, f"{view.lease.key}：{option.says(view, month)}"))
                    views[number] = following
        amount = sum((reckon(view, month).total for view in views), together)
    return [*_joined(parts), *_rest(amount - wanted, None, wanted, month), *foreign]
