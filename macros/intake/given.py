"""What ``--customer`` says about every row of a file: the operator, and the customer when it names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.findings import finding
from macros.values import Unreadable, read_choice, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.findings import Finding
    from macros.intake.held import Known
    from macros.records import Value


def given_values(
    customer: str | None, register: Known, operators: Mapping[str, str],
) -> tuple[dict[str, Value], Finding | None]:
    """Column values by English name for an operator's or a customer's name, or why it is neither.

    An operator's name gives the operator; the name of a customer in the register also gives the customer and its
    county; another name that begins like one operator's (中国移动某市分公司) gives that operator.
    """
    name = read_text(customer)
    if not name:
        return {}, None
    text = str(name)
    try:
        return {"operator": read_choice(text, operators)}, None
    except Unreadable:
        pass
    known = register.find("customer", text)
    if known:
        values = {"operator": known["operator"], "customer_name": text, "county": known["county"]}
        return {column: value for column, value in values.items() if value is not None}, None
    operator = operator_in(text, operators)
    return ({"operator": operator}, None) if operator else ({}, finding("INT011", value=text))


def operator_in(name: str, operators: Mapping[str, str]) -> str:
    """The one operator whose name a branch's name holds; empty where it holds none, or several."""
    meant = {value for spelling, value in operators.items() if spelling in name}
    return meant.pop() if len(meant) == 1 else ""
