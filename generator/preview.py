"""Fills a template with samples, so that its editor sees what a paper looks like before there is a row for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.columns import placeholders
from generator.definition_checks import SERIAL
from generator.figures import sample
from generator.template import render
from macros.forms import forms

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from generator.definitions import Definition
    from generator.printed import Printed
    from generator.template import Template
    from macros.findings import Finding

#: Rows of every list.
ROWS = 2


def preview(definition: Definition, template: Template, day: dt.date) -> tuple[bytes | None, list[Finding]]:
    """The finished sample, or what keeps it from being one.

    Args:
        definition: the kind of document.
        template: a template of it.
        day: the day its properties show.
    """
    return render(template, samples(definition), title=f"预览 {definition.label}", day=day)


def samples(definition: Definition) -> Mapping[str, Printed]:
    """Every value as its own title in brackets, 〔站址编码〕; lists with two rows."""
    values: dict[str, Printed] = {}
    joins: dict[str, dict[str, str]] = {join.name: {} for join in definition.joins}
    rows: dict[str, list[dict[str, str]]] = {each.name: [{} for _ in range(ROWS)] for each in definition.lists}
    for each in placeholders(definition):
        title = each.path.rpartition(".")[2]
        if each.holder in joins:
            joins[each.holder][title] = f"〔{title}〕"
        elif each.holder in rows:
            for number, row in enumerate(rows[each.holder], 1):
                row[title] = str(number) if title == SERIAL else f"〔{title}{number}〕"
        else:
            values[title] = f"〔{title}〕"
    for listing in definition.lists:
        if listing.grouped:
            by = next(each.column.title for each in placeholders(definition) if each.holder == listing.name
                      and each.column and each.column.name == listing.by)
            values[listing.grouped] = [{SERIAL: "1", by: f"〔{by}〕", listing.name: rows[listing.name]}]
    charts = {each.field: sample(each, forms().get(definition.table_of(each.list))) for each in definition.figures}
    return values | joins | rows | charts
