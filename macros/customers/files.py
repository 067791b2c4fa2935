"""Judges customer files: how complete, how accurate, how fresh, and which cells say so (§3.1, R1)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.choices import choices
from macros.customers.words import rules
from macros.findings import about

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register

#: Shorter spellings of an operator stand in too many names by chance.
_TELLING = 2


class Problem(NamedTuple):
    """One cell of a file: what is the matter with it (缺少, 有误, 过期) and what it weighs."""

    what: str
    row: Record
    column: str
    weight: int
    finding: Finding


class File(NamedTuple):
    """One customer's file: the customer's row, its contacts, and how it stands.

    ``filled`` of ``whole`` weights are there; ``wrong`` of ``checked`` values have another form than they must;
    ``until`` is the last day it is current, None where it was never verified.
    """

    row: Record
    contacts: tuple[Record, ...]
    kind: str
    filled: int
    whole: int
    wrong: int
    checked: int
    until: dt.date | None
    problems: tuple[Problem, ...]

    @property
    def complete(self) -> Decimal:
        """Weights filled ÷ weights wanted, unrounded."""
        return Decimal(self.filled) / Decimal(self.whole)

    @property
    def accurate(self) -> Decimal | None:
        """Values of the right form ÷ values checked; None where there was none to check."""
        return Decimal(self.checked - self.wrong) / Decimal(self.checked) if self.checked else None

    def current(self, today: dt.date) -> bool:
        """Whether what the file says was verified lately enough to be relied on."""
        return self.until is not None and self.until >= today

    def having(self, what: str) -> list[Problem]:
        """The problems of one sort, by its name in ``[words]``."""
        return [each for each in self.problems if each.what == rules()["words"][what]]


def files(register: Register, today: dt.date) -> tuple[list[File], list[Finding]]:
    """Every customer's file in the order of the sheet, and what is wrong with contacts of nobody.

    Args:
        register: its findings tell which cells could not be read: these are wrong, not missing.
        today: the day freshness is judged for.
    """
    unread = {(said.sheet, said.cell) for said in register.findings if said.cell and said.code.startswith("VAL")}
    contacts = register.groups("contact", ("customer_name",))
    given = {column for column, name in rules()["file"]["settings"].items() if register.settings.get(name)}
    made = [
        _file(row, tuple(contacts.get((row["customer_name"],), ())), today, unread, given)
        for row in register.rows("customer") if row.key
    ]
    nobody = [
        about(row, "customer_name", "CUS003") for row in register.rows("contact")
        if row["customer_name"] is not None and register.find("customer", row.text("customer_name")) is None
    ]
    return made, nobody


def _file(
    row: Record, contacts: tuple[Record, ...], today: dt.date, unread: set[tuple[str, str]], given: set[str],
) -> File:
    kind = row.text("kind") or rules()["file"]["kind"]
    filled = whole = wrong = checked = 0
    problems: list[Problem] = []
    for holder, column, weight in _wanted(row, contacts, kind):
        whole += weight
        if holder[column] is not None or column in given:
            filled += weight
        elif (holder.place.sheet, holder.cell(column)) in unread:
            filled, wrong, checked = filled + weight, wrong + 1, checked + 1
            problems.append(Problem(_word("wrong"), holder, column, weight, about(holder, column, "CUS007")))
        else:
            problems.append(Problem(_word("missing"), holder, column, weight, about(holder, column, "CUS001")))
    if not contacts:
        weight = rules()["file"]["contacts"]["weight"]
        whole += weight
        said = about(row, "customer_name", "CUS008")
        problems.append(Problem(_word("no_contact"), row, "customer_name", weight, said))
    for holder, column, wrongly in _forms(row, contacts):
        checked += 1
        if wrongly:
            wrong += 1
            problems.append(Problem(_word("wrong"), holder, column, 0, wrongly))
    until = _until(row, row, today)
    problems += _stale(row, contacts, today)
    return File(row, contacts, kind, filled, whole, wrong, checked, until, tuple(problems))


def _wanted(row: Record, contacts: tuple[Record, ...], kind: str) -> Iterator[tuple[Record, str, int]]:
    """Every cell the file of a customer of this kind must fill, with its weight."""
    for group in rules()["field"]:
        if kind in group["kinds"]:
            for holder in (row,) if group["table"] == "customer" else contacts:
                for column, weight in group["columns"].items():
                    yield holder, column, weight


def _forms(row: Record, contacts: tuple[Record, ...]) -> Iterator[tuple[Record, str, Finding | None]]:
    """Every value whose form can be checked, and what is wrong with it."""
    for rule in rules()["form"]:
        for holder in (row,) if rule["table"] == "customer" else contacts:
            value = holder.text(rule["column"])
            if value:
                said = about(holder, rule["column"], "CUS002", form=rule["say"])
                yield holder, rule["column"], None if re.fullmatch(rule["pattern"], value) else said
    named = _operator_in(row.text("customer_name"))
    if named and row["operator"] is not None:
        fits = named == row["operator"]
        yield row, "operator", None if fits else about(row, "operator", "CUS004", named=named)


def _operator_in(name: str) -> str:
    """The operator a customer's name speaks of; empty where it names none or several."""
    spellings = choices()["operator"].items()
    spelled = {value for spelling, value in spellings if len(spelling) >= _TELLING and spelling in name}
    return spelled.pop() if len(spelled) == 1 else ""


def _until(row: Record, customer: Record, today: dt.date) -> dt.date | None:
    """The last day a row is current; a contact without a day of its own was verified with its customer's file.

    A day still to come has verified nothing.
    """
    limits = rules()["file"]["current"]
    verified = row.date("verified_on") or customer.date("verified_on")
    if verified is None or verified > today:
        return None
    days = limits["key"] if customer["key_account"] is True else limits[row.form.code]
    return verified + dt.timedelta(days=days)


def _stale(row: Record, contacts: tuple[Record, ...], today: dt.date) -> Iterator[Problem]:
    for holder in (row, *contacts):
        verified = holder.date("verified_on")
        if holder is not row and verified is None:
            continue  # stands and falls with its customer
        until = _until(holder, row, today)
        if verified and verified > today:
            yield Problem(_word("wrong"), holder, "verified_on", 0, about(holder, "verified_on", "CUS006"))
        elif until is None:
            continue  # missing: said already
        elif until < today:
            said = about(holder, "verified_on", "CUS005", until=until, days=(today - until).days)
            yield Problem(_word("stale"), holder, "verified_on", 0, said)


def stale_rows(file: File, today: dt.date) -> list[tuple[Record, dt.date | None]]:
    """The rows of a file that may not be relied on, each with the last day it could be."""
    found = [(row, _until(row, file.row, today)) for row in (file.row, *file.contacts)]
    return [(row, until) for row, until in found if until is None or until < today]


def _word(name: str) -> str:
    return str(rules()["words"][name])
