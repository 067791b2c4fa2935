"""Made-up registers of a province's cities, each of 2,000 rows, the same in every run."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.commands.setup import init
from macros.commands.shelf import Shelf
from macros.forms import forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from macros.records import Value

NOW = dt.datetime(2026, 11, 21, 9, 0)
#: Rows of each table; 2,000 together.
ROWS = {
    "customer": 12, "contact": 24, "demand": 500, "site": 300, "lease": 450, "statement": 36, "payment": 33,
    "fault": 250, "complaint": 75, "visit": 160, "plan": 70, "meeting": 30, "followup": 60,
}
OPERATORS = ("移动", "联通", "电信")
COUNTIES = ("东县", "西县", "南县", "北县")
MANAGERS = ("客户代表A", "客户代表B", "客户代表C")
STAGES = (
    "raised_on", "form_signed_on", "form_received_on", "plan_signed_on", "order_sent_on", "order_signed_on",
    "approved_on", "acceptance_sent_on", "acceptance_signed_on", "agreement_signed_on",
)
FIRST, LAST = dt.date(2025, 12, 1), NOW.date()
Told = dict[str, "Value"]


class Town(NamedTuple):
    """What the rows of one city are drawn from; ``haste`` is how fast its managers are."""

    name: str
    lottery: random.Random
    haste: float

    def day(self) -> dt.date:
        """A day of the last twelve months."""
        return FIRST + dt.timedelta(days=self.lottery.randrange((LAST - FIRST).days))

    def moment(self) -> dt.datetime:
        """A moment of the last twelve months."""
        return dt.datetime.combine(self.day(), dt.time(self.lottery.randrange(24), self.lottery.randrange(60)))

    def after(self, moment: dt.datetime, minutes: int) -> dt.datetime | None:
        """A moment some time after another, nearly always within ``minutes``; None where it is still to come."""
        found = moment + dt.timedelta(minutes=self.lottery.randrange(1, round(minutes * self.haste)))
        return found if found < NOW else None


def customers() -> list[Told]:
    """A branch of each operator in each county."""
    return [
        {
            "customer_name": f"{operator}{county}分公司", "operator": operator, "county": county,
            "level": "VIP" if number % 4 == 0 else "标准", "manager": MANAGERS[number % len(MANAGERS)],
            "crm_live": True, "address": f"{county}{number}号", "verified_on": dt.date(2026, 6, 1),
        } for number, (operator, county) in enumerate((o, c) for o in OPERATORS for c in COUNTIES)
    ]


def demands(town: Town, many: int) -> Iterator[Told]:
    """Demands anywhere between the first request and the signed agreement."""
    for number in range(many):
        day = town.day()
        told: Told = {
            "demand_no": f"XQ-{number:05d}", "operator": town.lottery.choice(OPERATORS), "city": town.name,
            "county": town.lottery.choice(COUNTIES), "site_name": f"站点{number}", "scene": "乡镇",
            "address": f"{number}号", "longitude": Decimal(111_000_000 + town.lottery.randrange(900_000)) / 1_000_000,
            "latitude": Decimal(31_000_000 + town.lottery.randrange(900_000)) / 1_000_000, "offset_m": 200,
            "deliver_by": day + dt.timedelta(days=200), "systems": 2, "antenna_height": "30-35", "antennas": 3,
            "product_class": town.lottery.choice(("铁塔类", "铁塔类", "室分类")),
            "solution": town.lottery.choice(("新建独享", "新建共享", "存量共享")),
        }
        for stage in STAGES[: town.lottery.randrange(1, len(STAGES) + 1)]:
            if day > LAST:
                break
            told[stage] = day
            day += dt.timedelta(days=town.lottery.randrange(1, round(16 * town.haste)))
        yield told


def sites(many: int) -> Iterator[Told]:
    """Towers."""
    for number in range(many):
        yield {
            "site_code": f"{430_000_000_000_000_000 + number}", "site_name": f"站址{number}",
            "county": COUNTIES[number % len(COUNTIES)], "longitude": Decimal(111_000_000 + 2_900 * number) / 1_000_000,
            "latitude": Decimal(31_000_000 + 1_900 * number) / 1_000_000,
        }


def leases(town: Town, many: int) -> Iterator[Told]:
    """Leases begun within ten years; each fifth has an end."""
    for number in range(many):
        starts = LAST - dt.timedelta(days=town.lottery.randrange(1, 3600))
        yield {
            "lease_no": f"ZY-{number:05d}", "operator": OPERATORS[number % 3], "county": town.lottery.choice(COUNTIES),
            "site_code": f"{430_000_000_000_000_000 + number * 2 // 3}", "site_name": f"站址{number * 2 // 3}",
            "product_class": "铁塔类", "product": "普通地面塔", "units": Decimal(1), "tower_cost": Decimal(183_433),
            "starts_on": starts, "anchor": number % 3 == 0,
            "ends_on": LAST + dt.timedelta(days=town.lottery.randrange(400)) if number % 5 == 0 else None,
        }


def money(town: Town, statements: int) -> tuple[list[Told], list[Told]]:
    """Twelve months' statements of three operators, and what was paid of them."""
    billed: list[Told] = []
    paid: list[Told] = []
    for number in range(statements):
        month, operator = number // 3, OPERATORS[number % 3]
        first = dt.date(2025 + (11 + month) // 12, (11 + month) % 12 + 1, 1)
        net = Decimal(town.lottery.randrange(200_000, 900_000))
        total = net + (net * 6 / 100).quantize(Decimal("0.01"))
        billed.append({
            "month": f"{first:%Y-%m}", "operator": operator, "total_ex_tax": net, "tax_rate": Decimal("0.06"),
            "tax": total - net, "total": total, "sites": 150, "orders": 150,
        })
        day = first + dt.timedelta(days=town.lottery.randrange(40, round(60 * town.haste)))
        if day <= LAST:
            share = Decimal(1) if town.lottery.random() < 0.9 else Decimal("0.5")
            billed[-1] |= {"paid_on": day} if share == 1 else {}
            paid.append({
                "payment_no": f"SK-{number:04d}", "month": f"{first:%Y-%m}", "operator": operator,
                "received_on": day, "amount": (total * share).quantize(Decimal("0.01")),
            })
    return billed, paid


def faults(town: Town, many: int, names: list[str]) -> Iterator[Told]:
    """Faults, nearly all repaired."""
    for number in range(many):
        at = town.moment()
        yield {
            "fault_no": f"GZ-{number:05d}", "customer_name": town.lottery.choice(names), "site_name": f"站址{number}",
            "happened_at": at, "reported_at": at, "symptom": "市电中断", "channel": "电话",
            "told_maintainer_at": town.after(at, 10), "first_reply_at": town.after(at, 60),
            "restore_by": at + dt.timedelta(hours=8), "restored_at": town.after(at, 480), "cause": "停电",
            "told_customer_at": town.after(at, 500), "result": "已恢复", "minutes": 120,
        }


def complaints(town: Town, many: int, names: list[str]) -> Iterator[Told]:
    """Complaints, nearly all answered."""
    for number in range(many):
        at = town.moment()
        yield {
            "complaint_no": f"TS-{number:05d}", "customer_name": town.lottery.choice(names), "channel": "电话",
            "kind": "维护质量", "content": "停电频繁", "accepted_at": at, "hotline_at": town.after(at, 30),
            "first_reply_at": town.after(at, 100), "solved_at": town.after(at, 5_000),
            "closed_at": (closed := town.after(at, 6_000)),
            "visited_on": (closed + dt.timedelta(days=town.lottery.randrange(5))).date() if closed else None,
        }


def visits(town: Town, many: int, names: list[str]) -> Iterator[Told]:
    """Visits with their logs."""
    for number in range(many):
        day = town.day()
        yield {
            "visit_no": f"BF-{number:05d}", "customer_name": names[number % len(names)], "kind": "例行",
            "manner": "上门", "visited_on": day, "purpose": "例行走访", "before_on": day, "after_on": day,
            "minutes_on": day, "topics": "停电", "outcome": "已答复",
        }


def rows(town: Town, many: dict[str, int]) -> dict[str, list[Told]]:
    """Every table's rows by their columns' names."""
    held = customers()
    names = [str(one["customer_name"]) for one in held]
    billed, paid = money(town, many["statement"])
    spread = [FIRST + dt.timedelta(days=30 * number) for number in range(12)]
    return {
        "customer": held, "demand": list(demands(town, many["demand"])), "site": list(sites(many["site"])),
        "lease": list(leases(town, many["lease"])), "statement": billed, "payment": paid,
        "fault": list(faults(town, many["fault"], names)),
        "complaint": list(complaints(town, many["complaint"], names)),
        "visit": list(visits(town, many["visit"], names)),
        "contact": [
            {"customer_name": names[number % len(names)], "person": f"联系人{number}", "post": "主任"}
            for number in range(many["contact"] + many["payment"] - len(paid))  # what is unpaid makes room
        ],
        "plan": [plan(number, spread[number % 12], names) for number in range(many["plan"])],
        "meeting": [meeting(number, spread[number % 12], names) for number in range(many["meeting"])],
        "followup": [
            {
                "followup_no": f"GJ-{number:04d}", "source_no": f"BF-{number:05d}", "matter": "督促整改",
                "customer_name": names[number % len(names)], "owner": MANAGERS[number % 3], "due_on": town.day(),
            } for number in range(many["followup"])
        ],
    }


def plan(number: int, first: dt.date, names: list[str]) -> Told:
    """One line of a month's plan, three of four done."""
    planned = first + dt.timedelta(days=9)
    return {
        "month": f"{first:%Y-%m}", "plan_no": f"JH-{number:04d}", "kind": "客户拜访", "content": "例行走访",
        "customer_name": names[number % len(names)], "owner": MANAGERS[number % 3], "made_on": first,
        "planned_on": planned, "done_on": planned if number % 4 and planned <= LAST else None,
        "state": "已完成" if number % 4 and planned <= LAST else "已审批",
    }


def meeting(number: int, first: dt.date, names: list[str]) -> Told:
    """A month's service meeting with one customer."""
    held = first + dt.timedelta(days=19)
    return {
        "meeting_no": f"HY-{number:04d}", "customer_name": names[number % len(names)], "month": f"{first:%Y-%m}",
        "planned_at": dt.datetime.combine(held, dt.time(9)), "location": "会议室", "agenda": "当月服务",
        "invited_on": first + dt.timedelta(days=9), "host": MANAGERS[number % 3],
    }


def enter(folder: Path, city: str, tables: dict[str, list[Told]]) -> int:
    """Type rows into a blank register; how many there are."""
    shelf = Shelf(folder)
    shelf.update(
        (row, {"chosen": city}) for row in shelf.on_demand().rows("assumption") if row.key == "城市"
    )
    for code, told in tables.items():
        form = forms()[code]
        shelf.append(form, ([one.get(column.name) for column in form.columns] for one in told))
    if said := shelf.save():
        raise SystemExit(said[0].message)
    return sum(map(len, tables.values()))


def blank(folder: Path) -> Path:
    """A blank register to copy, without templates."""
    init(folder, "样板")
    shutil.rmtree(folder / "模板")
    return folder


def make(blank_: Path, home: Path, numbers: Iterable[int], many: dict[str, int] | None = None) -> int:
    """Registers of the numbered cities below ``home``; how many rows they hold together."""
    total = 0
    for number in numbers:
        name = f"第{number:03d}市"
        folder = home / name
        shutil.copytree(blank_, folder)
        lottery = random.Random(20261121 + number)
        total += enter(folder, name, rows(Town(name, lottery, 1 + lottery.random() / 4), many or ROWS))
    return total

