"""A made-up register whose every row is ready for one page of annex 3.13, any size, the same in every run."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.commands.setup import init
from macros.commands.shelf import Shelf
from macros.forms import forms

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-11-21T09:00"
_OPERATORS = ("移动", "联通", "电信")


def build(folder: Path, count: int) -> None:
    """Write a register of ``count`` leases with a notice each, and one customer for each operator."""
    init(folder, "澜江")
    shelf = Shelf(folder)
    register = shelf.register()
    wanted = {"公司名称": "澜江铁塔公司", "城市": "澜江", "城市简称": "澜", "客户经理": "客户经理A"}
    shelf.update((row, {"chosen": wanted[row.key]}) for row in register.rows("assumption") if row.key in wanted)
    _append(shelf, "customer", [
        {"customer_name": f"{operator}澜江分公司", "operator": operator, "level": "标准"} for operator in _OPERATORS
    ])
    _append(shelf, "lease", [
        {
            "lease_no": f"ZL-{number:05d}", "operator": _OPERATORS[number % 3], "county": f"第{number % 9}县",
            "site_code": f"{510000000000000000 + number}", "site_name": f"第{number % 9}县第{number}站",
            "product": "普通地面塔", "units": Decimal(1), "tower_cost": Decimal(158902), "anchor": True,
            "starts_on": dt.date(2022, 1, 1), "ends_on": dt.date(2027, 12, 31),
        } for number in range(1, count + 1)
    ])
    _append(shelf, "notice", [
        {
            "notice_no": f"TZ-{number:05d}", "kind": "变更", "lease_no": f"ZL-{number:05d}", "item": "共享折扣",
            "before": "独享，无折扣", "after": "两户共享，折扣70%", "effective_on": dt.date(2026, 11, 1),
            "reason": "其他运营商入驻", "fee_before": Decimal(31000 + number), "fee_after": Decimal(22000 + number),
        } for number in range(1, count + 1)
    ])
    shelf.save()


def _append(shelf: Shelf, code: str, rows: list[dict[str, Any]]) -> None:
    columns = [column.name for column in forms()[code].columns]
    shelf.append(forms()[code], [[row.get(name) for name in columns] for row in rows])
