"""Who answers for which customer or site: the assignments of a day, and what is wrong among them (R10)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from macros.customers.words import percent, rules
from macros.findings import about

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register

FORM = "assignment"
_DAY = dt.timedelta(days=1)
_NEVER = dt.date.max

#: Customer, county and site; what is blank is not narrowed.
Scope = tuple[str, str, str]


class Held(NamedTuple):
    """One assignment that can be read: who has which share of a scope from which day to which, both counted."""

    row: Record
    scope: Scope
    manager: str
    share: Decimal
    first: dt.date
    last: dt.date

    @property
    def asked(self) -> dt.date:
        """The day this manager was first asked; the first day of the assignment where it is not told."""
        return self.row.date("asked_on") or self.first

    def runs(self, day: dt.date) -> bool:
        """Whether the assignment is in force on a day."""
        return self.first <= day <= self.last


def held(register: Register) -> tuple[list[Held], list[Finding]]:
    """The assignments that name a scope, a manager, a share and days that can be."""
    made: list[Held] = []
    findings: list[Finding] = []
    for row in register.rows(FORM):
        share, first, last = row["share"], row.date("from_on"), row.date("until_on") or _NEVER
        scope = (row.text("customer_name"), row.text("county"), row.text("site_code"))
        if not scope[0] and not scope[2]:
            findings.append(about(row, "customer_name", "CUS030"))
        elif first is None or not isinstance(share, Decimal) or row["manager"] is None:
            continue  # the register's own check names the missing cell
        elif last < first:
            findings.append(about(row, "until_on", "CUS031", first=first))
        else:
            made.append(Held(row, scope, row.text("manager"), share, first, last))
    return made, findings


def owners(rows: Sequence[Held], day: dt.date) -> list[Held]:
    """Who has a scope on a day, the one first asked leading; of shares beyond the whole, later askers have none."""
    running = [each for each in rows if each.runs(day)]
    running.sort(key=lambda each: (each.asked, -each.share, each.row.place.row))
    whole, taken, found = Decimal(rules()["portfolio"]["whole"]), Decimal(0), []
    for each in running:
        if taken + each.share <= whole:
            found.append(each)
            taken += each.share
    return found


def at(rows: Sequence[Held], customer: str, county: str, site: str, day: dt.date) -> list[Held]:
    """Who has a site, county or customer on a day: the narrowest scope that has somebody decides."""
    scopes: list[Scope] = []
    if site:
        scopes += [(customer, county, site), (customer, "", site), ("", "", site)]
    if county:
        scopes.append((customer, county, ""))
    scopes.append((customer, "", ""))
    for scope in scopes:
        found = owners([each for each in rows if each.scope == scope], day)
        if found:
            return found
    return []


def doubts(rows: Sequence[Held], today: dt.date) -> list[Finding]:
    """Overlaps, shares that do not add up, gaps in time, and reassignments nobody approved, up to today."""
    findings: list[Finding] = []
    for scope in dict.fromkeys(each.scope for each in rows):
        mine = [each for each in rows if each.scope == scope]
        findings += _sums(mine, today)
        findings += _approvals(mine)
    return findings


def _stretches(mine: Sequence[Held], today: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The stretches of days from the first assignment to today in which the same rows are in force."""
    ends = {each.first for each in mine} | {each.last + _DAY for each in mine if each.last < today} | {today + _DAY}
    days = sorted(day for day in ends if day <= today + _DAY)
    return [(first, after - _DAY) for first, after in pairwise(days)]


def _sums(mine: Sequence[Held], today: dt.date) -> list[Finding]:
    whole = Decimal(rules()["portfolio"]["whole"])
    findings = []
    for first, last in _stretches(mine, today):
        running = [each for each in mine if each.runs(first)]
        total = sum((each.share for each in running), Decimal(0))
        until = last if last < today else today
        if not running:
            after = next(each for each in mine if each.last < first)
            findings.append(about(after.row, "until_on", "CUS034", first=first, last=until))
        elif total > whole:
            leading = owners(mine, first)
            late = max((each for each in running if each not in leading), key=lambda each: each.asked)
            findings.append(about(
                late.row, "share", "CUS032", first=first, last=until, total=percent(total),
                owner="、".join(each.manager for each in leading) or running[0].manager,
            ))
        elif total < whole:
            findings.append(about(running[0].row, "share", "CUS033", first=first, last=until, total=percent(total)))
    return findings


def _approvals(mine: Sequence[Held]) -> list[Finding]:
    """A manager who takes over from another needs an approval in time and a reason."""
    findings = []
    for each in mine:
        before = [other for other in mine if other.first < each.first]
        if not before or any(other.manager == each.manager and other.last >= each.first - _DAY for other in before):
            continue
        latest = max(before, key=lambda other: other.first)
        approved = each.row.date("approved_on")
        if each.row["approved_by"] is None or approved is None:
            findings.append(about(each.row, "approved_by", "CUS035", before=latest.manager, manager=each.manager))
        elif approved > each.first:
            findings.append(about(each.row, "approved_on", "CUS036", first=each.first))
        if each.row["reason"] is None:
            findings.append(about(each.row, "reason", "CUS037", before=latest.manager, manager=each.manager))
    return findings


def against_files(register: Register, rows: Sequence[Held], today: dt.date) -> list[Finding]:
    """Customers nobody has, and customers whose file names another manager than the assignment; none without any."""
    findings: list[Finding] = []
    for row in register.rows("customer") if rows else ():
        now = at(rows, row.key, "", "", today)
        if not now and not any(each.scope[0] == row.key and each.runs(today) for each in rows):
            findings.append(about(row, "customer_name", "CUS038"))
        elif now and row["manager"] is not None and row["manager"] != now[0].manager:
            findings.append(about(row, "manager", "CUS039", owner=now[0].manager))
    return findings

