"""The days on which papers were handed over and signed, told in 单据登记簿: which cells of the register take them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from generator.definitions import definitions
from generator.joins import link
from macros.clocks.rules import clocks
from macros.findings import about

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from generator.definitions import Definition
    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register

#: Columns of 单据登记簿 that hold a day; a definition's fields of the same name, without ``_on``, say who takes it.
DAYS = ("sent_on", "signed_on")


class Day(NamedTuple):
    """A day told of a paper, and the cell of the register that takes it."""

    paper: Record
    row: Record
    column: str
    on: dt.date

    def said(self, code: str) -> Finding:
        """A finding about the cell that names the paper and the day."""
        return about(self.row, self.column, code, value=self.on, paper=self.paper.text("document_no"))


def coming_back(register: Register, today: dt.date) -> tuple[list[Day], list[Finding]]:
    """The days that blank cells take, and a word on each cell that holds a day from before the paper was made.

    A cell that holds a later day is left alone: the row knows better. What recurs (a weekly report) takes the latest
    day. A paper to another operator says nothing of a row that is this one's. Where the CRM is live the customer
    confirms there: a numbered annex that is signed without the number of that is told, too.

    Args:
        register: all tables.
        today: days after it are not yet known.
    """
    taken: dict[tuple[Record, str], Day] = {}
    findings: list[Finding] = []
    for (form, key, name), paper in _newest(register, today).items():
        definition = definitions().get(form)
        row = register.find(definition.table, key) if definition and not definition.group else None
        if definition is None or row is None:
            continue
        if name == "signed_on" and definition.number and _unproven(register, paper):
            findings.append(about(paper, "online_no", "DOC083", customer=paper.text("customer_name")))
        linked = link(register, definition, row, today)
        for path in _takers(definition, paper, name):
            holder, column = linked.holder(path)
            if holder is not None and not _of_another(row, holder):
                day = Day(paper, holder, column, paper.date(name) or today)
                if (known := taken.get((holder, column))) is None or known.on < day.on:
                    taken[holder, column] = day
    days = [day for day in taken.values() if _free(day)]
    return days, findings + [day.said("DOC082") for day in taken.values() if _earlier(day) and not _free(day)]


def _newest(register: Register, today: dt.date) -> dict[tuple[str, str, str], Record]:
    """The last paper of each kind and row of which a day is told, by (kind, row, column of 单据登记簿)."""
    found: dict[tuple[str, str, str], Record] = {}
    for paper in register.rows("document"):
        for name in DAYS:
            if (on := paper.date(name)) and on <= today:
                found[paper.text("form_no"), paper.text("row_key"), name] = paper
    return found


def _takers(definition: Definition, paper: Record, name: str) -> tuple[str, ...]:
    """The columns that take a day of a paper made from a definition's template or from that of a variant."""
    if name == "sent_on":
        return definition.sent
    own = chain.from_iterable(each.signed for each in definition.variants if each.template == paper.text("template"))
    return tuple(own) or definition.signed


def _unproven(register: Register, paper: Record) -> bool:
    """Whether a paper's customer confirms in the CRM and the number of the confirmation is not told."""
    customer = register.find("customer", paper.text("customer_name"))
    if customer is None or not paper.columns[paper.form.index["online_no"]]:
        return False
    return customer["crm_live"] is True and paper["online_no"] is None


def _of_another(row: Record, holder: Record) -> bool:
    if "operator" not in row.form.index or "operator" not in holder.form.index:
        return False
    return row["operator"] != holder["operator"]


def _free(day: Day) -> bool:
    """Whether the cell takes the day: it is blank, or holds the last time of what recurs."""
    held = day.row.date(day.column)
    return (held is None and day.row[day.column] is None) or bool(held and held < day.on and _recurs(day))


def _recurs(day: Day) -> bool:
    return day.column in set(_lasts(day.row.form.code))


def _lasts(table: str) -> Iterator[str]:
    """The columns of a table that say when something recurring was done last."""
    for clock in clocks().values():
        for path in clock.last:
            other, _, column = path.rpartition(".")
            if (other or clock.table) == table:
                yield column


def _earlier(day: Day) -> bool:
    """Whether the cell holds a day from before the paper was made: of an earlier paper, or a slip."""
    held, made = day.row.date(day.column), day.paper.date("issued_at")
    return bool(held and made and held < made and held != day.on)
