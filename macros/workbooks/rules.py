"""Puts drop-downs and input limits on the columns of a sheet, down to its last row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from macros.choices import is_open, values_of
from macros.workbooks.notes import bounds, digits, fitting
from macros.workbooks.words import guide, style

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from macros.forms import Column
    from macros.workbooks.plan import Plan

_Kind = Literal["whole", "decimal", "date", "textLength"]
_Operator = Literal["greaterThan", "greaterThanOrEqual", "equal"]
_NUMBERS = ("integer", "decimal", "money")


def wanted(plan: Plan) -> set[tuple[str, ...]]:
    """The values of every drop-down on the sheet."""
    lists = {values_of(column.list) for column in plan.columns if column.list}
    if any(column.type == "flag" for column in plan.columns):
        lists.add(tuple(guide()["flags"]))
    return lists | set(plan.choices.values())


def drop_downs(sheet: Worksheet, plan: Plan, lists: dict[tuple[str, ...], str]) -> None:
    """Add the sheet's validations; ``lists`` gives the defined name of each drop-down's values."""
    for number, column in enumerate(plan.columns, 1):
        rule = _rule(column, lists)
        if rule is not None:
            letter = get_column_letter(number)
            rule.add(f"{letter}2:{letter}{style()['sheet']['last_row']}")
            sheet.add_data_validation(rule)
    for (row, position), values in plan.choices.items():
        rule = _list(plan.columns[position].title, values, lists, strict=True)
        rule.add(f"{get_column_letter(position + 1)}{row + 2}")
        sheet.add_data_validation(rule)


def _rule(column: Column, lists: dict[tuple[str, ...], str]) -> DataValidation | None:
    if column.ours:
        return None
    if column.list:
        return _list(column.title, values_of(column.list), lists, strict=not is_open(column.list))
    if column.type == "flag":
        return _list(column.title, tuple(guide()["flags"]), lists, strict=True)
    words = guide()
    if column.type in ("date", "moment"):
        # Text dates are read too, so another way of writing is asked about, not forbidden.
        rule = _limit("date", "greaterThan", "1")
        return _telling(rule, words["date_error"].format(title=column.title), strict=False)
    if column.type in _NUMBERS and column.minimum is not None:
        kind: _Kind = "whole" if column.type == "integer" else "decimal"
        rule = _limit(kind, "greaterThanOrEqual", str(column.minimum))
        if column.maximum is not None:
            rule.operator, rule.formula2 = "between", str(column.maximum)
        message = words["number_error"].format(title=column.title, bounds=bounds(column))
        return _telling(rule, message, strict=True)
    if digits(column):
        message = words["length_error"].format(title=column.title, length=digits(column))
        return _telling(_limit("textLength", "equal", str(digits(column))), message, strict=False)
    return None


def _list(title: str, values: tuple[str, ...], lists: dict[tuple[str, ...], str], *, strict: bool) -> DataValidation:
    """A drop-down that either allows its values only or asks before another is taken."""
    words = guide()["list_error" if strict else "list_suggest"].format(title=title, values="、".join(values))
    return _telling(DataValidation(type="list", formula1=lists[values]), words, strict=strict)


def _limit(kind: _Kind, operator: _Operator, bound: str) -> DataValidation:
    return DataValidation(type=kind, operator=operator, formula1=bound)


def _telling(rule: DataValidation, message: str, *, strict: bool) -> DataValidation:
    """The rule with its message: a strict one refuses other input, else it asks."""
    rule.allow_blank = rule.showErrorMessage = True
    rule.errorStyle = "stop" if strict else "warning"
    rule.errorTitle = guide()["suggest_title" if rule.type == "list" and not strict else "invalid_title"]
    rule.error = fitting(message)
    return rule
