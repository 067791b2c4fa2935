"""Loads the rules of customers (``rules/customers.toml``) and reads the weights the user chose for grading."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.data import toml
from macros.findings import finding
from macros.values import round_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register

_RULES = Path(__file__).parents[1] / "rules"
_WEIGHT = re.compile(r"\s*([^\d\s%:：]+)\s*[:：]?\s*(\d+(?:\.\d+)?)\s*%\s*")
_PARTS = re.compile(r"[、，,；;]")


class Evidence(NamedTuple):
    """A register row that speaks for something, and what it says."""

    row: Record
    says: str

    @property
    def place(self) -> str:
        """Workbook, sheet and row."""
        where = self.row.place
        return f"{where.workbook} {where.sheet} 第{where.row}行"


@cache
def rules() -> dict[str, Any]:
    """Fields, limits, steps and sentences of customers."""
    return toml(_RULES / "customers.toml")


@cache
def flag_rules() -> list[dict[str, Any]]:
    """The cross rules of ``rules/customer_flags.toml``."""
    found: list[dict[str, Any]] = toml(_RULES / "customer_flags.toml")["flag"]
    return found


def default_manager(register: Register) -> str:
    """Whose a customer is that names nobody, by the settings; empty where they name nobody either."""
    return register.settings.get(rules()["file"]["settings"]["manager"], "")


def says(group: str, name: str, **details: object) -> str:
    """A sentence of ``[words.<group>]`` with its details."""
    return str(rules()["words"][group][name]).format(**details)


def weights(settings: Mapping[str, str]) -> tuple[dict[str, Decimal], list[Finding]]:
    """The weight of each view by its name, as the setting says; none, with the reason, where they do not add up."""
    name = rules()["grading"]["weights"]
    text = settings.get(name, "")
    titles = {view["title"]: key for key, view in rules()["view"].items()}
    found: dict[str, Decimal] = {}
    for part in filter(str.strip, _PARTS.split(text)):
        read = _WEIGHT.fullmatch(part)
        if read is None or read[1] not in titles or titles[read[1]] in found:
            return {}, [finding("CUS020", key=name, value=text, part=part.strip(), known="、".join(titles))]
        found[titles[read[1]]] = Decimal(read[2]) / 100
    total = sum(found.values(), Decimal(0))
    if total != 1:
        return {}, [finding("CUS021", key=name, value=text, total=percent(total))]
    return found, []


def place(record: Record, name: str) -> str:
    """Where a column of a row stands, for people."""
    where, cell = record.place, record.cell(name)
    return f"{where.workbook} {where.sheet} " + (cell or f"第{where.row}行（{rules()['words']['no_column']}）")


def percent(share: Decimal) -> str:
    """A share in percent, without needless zeros: 0.6 → 60%, 0.125 → 12.5%."""
    return f"{round_half_up(share * 100, 4):f}".rstrip("0").rstrip(".") + "%"
