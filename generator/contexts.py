"""Turns register rows into what a template prints: finished strings only, never None, never an object."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from generator import figures
from generator.definitions import placeholder
from generator.joins import in_order, link, listed
from generator.lists import columns_of, gathered, printed_rows
from generator.printed import clean, unprintable
from generator.wording import rmb_upper, show
from macros.findings import Finding, about, finding
from macros.forms import forms
from macros.values import round_half_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from generator.definitions import Definition
    from generator.figures import Figure
    from generator.joins import Linked
    from generator.printed import Printed
    from generator.states import DueOf
    from generator.subjects import Subject
    from macros.periods import Due, DueMoment
    from macros.records import Record, Value
    from macros.register import Register

_PROVISIONAL = "（暂定）"


@dataclass(frozen=True, slots=True)
class Context:
    """What one document prints, without its number and day.

    ``required`` are the placeholders that must be found in the finished paper; ``sources`` the register rows it
    draws on, its own first.
    """

    values: Mapping[str, Printed]
    template: str
    required: tuple[str, ...]
    customer: str
    sources: tuple[Record, ...]


def build(
    register: Register, definition: Definition, subject: Subject, *, today: dt.date, settings: Mapping[str, str],
    due: DueOf | None = None, uses: Callable[[str], AbstractSet[str] | None] | None = None,
    pictures: Mapping[str, str] | None = None,
) -> tuple[Context | None, list[Finding]]:
    """The context of one document, or what is missing in which cell.

    Args:
        register: all tables.
        definition: the kind of document.
        subject: the row, or the group of rows, it is about.
        today: the day of issue, for computed days.
        settings: the chosen settings, by name (公司名称, 城市, 客户经理 …).
        due: gives a clock's due date for computed ``clock`` values; they stay blank without it.
        uses: the placeholders of a template by its name: columns of lists that it does not print are left out. A
            statement prints a third of them. All are given without it.
        pictures: those handed over, by name, as `generator.figures.picture` gives them.
    """
    return _Builder(register, definition, subject, today, settings, due, uses, pictures or {}).context()


class _Builder:
    """One document's values as they are gathered, with every finding on the way."""

    def __init__(
        self, register: Register, definition: Definition, subject: Subject, today: dt.date,
        settings: Mapping[str, str], due: DueOf | None, uses: Callable[[str], AbstractSet[str] | None] | None,
        pictures: Mapping[str, str],
    ) -> None:
        self.register, self.definition, self.subject, self.settings = register, definition, subject, settings
        self.due, self.today, self.uses, self.pictures = due, today, uses, pictures
        self.record = subject.rows[0]
        self.linked = link(register, definition, self.record, today)
        self.lists: dict[str, list[Record]] = {
            each.name: listed(register, self.linked, each) if each.on or each.customer
            else in_order(list(subject.rows), each.sort)
            for each in definition.lists
        }
        self.findings: list[Finding] = []

    def context(self) -> tuple[Context | None, list[Finding]]:
        definition = self.definition
        template, required = chosen(definition, self.linked)
        computed = {each.name for each in definition.computed}
        for path in required:
            if path not in computed:
                self.require(path)
        for each in definition.lists:
            if len(self.lists[each.name]) < each.at_least:
                self.findings.append(_of_row(
                    self.record, "DOC022", form=definition.label, table=forms()[each.table].title,
                    least=each.at_least, count=len(self.lists[each.name]),
                ))
        customer = self.register.customer_of(self.record) or self.joined_customer()
        printed = tuple(placeholder(definition, path) for path in required)
        uses = self.uses(template) if self.uses else None
        values = self.values(customer, None if uses is None else {*uses, *printed})
        for value in definition.computed:
            if value.name in required and not values[value.name]:
                self.findings.append(_of_row(
                    self.record, "DOC027", form=definition.label, wanted=value.name, source=value.source,
                ))
        if any(found.severity == "error" for found in self.findings):
            return None, self.findings
        joined = [record for record in self.linked.joins.values() if record]
        sources = tuple(dict.fromkeys((*self.subject.rows, *joined, *chain(*self.lists.values()))))
        name = customer.text("customer_name") if customer else self.own("customer_name") or self.own("operator")
        return Context(values, template, printed, clean(name), sources), self.findings

    def own(self, column: str) -> str:
        """The document's row's own column as text, empty when its table has no such column."""
        return self.record.text(column) if column in self.record.form.index else ""

    def joined_customer(self) -> Record | None:
        """The customer of the row's joins, for rows such as projects that do not name one themselves."""
        return next((self.linked.joins[each.name] for each in self.definition.joins if each.customer), None)

    def manager(self, customer: Record | None) -> str:
        """The account manager: of the row, of a row it joins, of its customer, or the setting."""
        rows = [self.record, *self.linked.joins.values(), customer]
        named = (row.text("manager") for row in rows if row and "manager" in row.form.index)
        return next(filter(None, named), "") or self.settings.get("客户经理", "")

    def require(self, path: str) -> None:
        """Say which cell lacks a required value."""
        name, _, column = path.rpartition(".")
        if name in self.lists:
            for record in self.lists[name]:
                if record[column] is None:
                    self.findings.append(about(record, column, "DOC020", form=self.definition.label))
            return
        holder, column = self.linked.holder(path)
        if holder is None:
            form = forms()[self.definition.table_of(name)]
            wanted = form.column(column).title
            said = _of_row(self.record, "DOC021", form=self.definition.label, table=form.title, wanted=wanted)
            if said not in self.findings:
                self.findings.append(said)
        elif holder[column] is None:
            self.findings.append(about(holder, column, "DOC020", form=self.definition.label))

    def values(self, customer: Record | None, uses: AbstractSet[str] | None) -> dict[str, Printed]:
        definition, form = self.definition, self.record.form
        values: dict[str, Printed] = {}
        for name in definition.group or tuple(form.index):
            values[form.column(name).title] = self.show(self.record, name)
        for join in definition.joins:
            joined = self.linked.joins[join.name]
            columns = forms()[join.table].columns
            values[join.name] = {c.title: self.show(joined, c.name) if joined else "" for c in columns}
        for each in definition.lists:
            rows = printed_rows(self.lists[each.name], columns_of(each, uses), self.show)
            values[each.name] = rows
            if each.grouped:
                values[each.grouped] = gathered(rows, each.name, forms()[each.table].column(each.by).title)
        for figure in definition.figures:
            if uses is None or figure.field in uses:
                values[figure.field] = self.figure(figure)
        self.compute(values)
        values |= {
            "表号": f"附表{definition.number}" if definition.number else "",
            "表名": definition.name,
            "公司名称": clean(self.settings.get("公司名称", "")),
            "城市": clean(self.own("city") or self.settings.get("城市", "")),
            "客户经理姓名": clean(self.manager(customer)),
        }
        return values

    def figure(self, figure: Figure) -> str:
        if not figure.list:
            return self.pictures.get(figure.name, "")
        return figures.drawn(figure, forms()[self.definition.table_of(figure.list)], self.lists[figure.list])

    def show(self, record: Record, name: str, wording: Callable[[Value, str], str] = show) -> str:
        column = record.form.column(name)
        text = wording(record[name], column.type)
        if unprintable(text):
            self.findings.append(about(record, name, "DOC025", value=clean(text)))
        return clean(text)

    def compute(self, values: dict[str, Printed]) -> None:
        """Add the computed values, in the definition's order.

        A blank in a sum counts as nothing owed; a sum of blanks alone is blank, since nobody has counted yet.
        """
        sums: dict[str, Decimal | None] = {}
        for each in self.definition.computed:
            if each.kind == "sum":
                name, _, column = each.source.rpartition(".")
                figures = [record[column] for record in self.lists[name]]
                counted = not figures or any(figure is not None for figure in figures)
                total = sum(map(_figure, figures), Decimal(0)) if counted else None
                sums[each.name] = total
                kind = forms()[self.definition.table_of(name)].column(column).type
                values[each.name] = show(total, kind)
            elif each.kind == "count":
                values[each.name] = str(len(self.lists[each.source]))
            elif each.kind == "blank":
                name, _, column = each.source.rpartition(".")
                values[each.name] = str(sum(record[column] is None for record in self.lists[name]))
            elif each.kind == "upper":
                amount = sums[each.source] if each.source in sums else self.linked.value(each.source)
                values[each.name] = "" if amount is None else rmb_upper(round_half_up(_figure(amount)))
            elif each.kind == "clock":
                values[each.name] = _due(self.due(each.source, self.record) if self.due else None)
            elif each.kind == "day":
                values[each.name] = show(self.linked.days[each.name], "date")
            elif each.kind == "month":
                back = 1 if each.source == "last_month" else 0
                month = self.today.replace(day=1) - dt.timedelta(days=back)
                values[each.name] = show(month.strftime("%Y-%m"), "month")
            elif each.kind == "text":
                values[each.name] = clean(self.settings.get(each.source, ""))


def chosen(definition: Definition, linked: Linked) -> tuple[str, tuple[str, ...]]:
    """The template and the required column paths for a row: those of the first variant it meets."""
    for variant in definition.variants:
        if linked.meets(variant.condition):
            return variant.template, (*definition.required, *variant.required)
    return definition.template, definition.required


def _figure(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(value) if isinstance(value, int) else Decimal(0)


def _due(due: Due | DueMoment | dt.date | None) -> str:
    if due is None:
        return ""
    if isinstance(due, dt.date):
        return show(due, "moment" if isinstance(due, dt.datetime) else "date")
    day, provisional = due
    return _due(day) + (_PROVISIONAL if provisional else "")


def _of_row(record: Record, code: str, **details: object) -> Finding:
    """A finding about a row as a whole, shown at its key."""
    return about(record, record.form.key[0], code, **details)


def missing_settings(settings: Mapping[str, str]) -> list[Finding]:
    """What every paper prints and the settings leave blank."""
    return [] if settings.get("公司名称") else [finding("DOC026", field="公司名称")]
