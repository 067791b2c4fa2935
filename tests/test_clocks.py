"""The 42 clocks against hand-counted answers: data, deadlines, states, and the arithmetic they show."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.calendars import base
from macros.clocks.engine import evaluate, judge_all
from macros.clocks.explain import explain
from macros.clocks.item import Item
from macros.clocks.rules import RULES, clocks, parse, words
from macros.forms import forms
from macros.register import Register
from tests.tables import register

ANSWERS = Path(__file__).parent / "answers"


def _rows(name: str) -> list[dict[str, str]]:
    with (ANSWERS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


CASES = _rows("clocks.csv")
LIST = _rows("clock_list.csv")
IDS = [f"{case['clock']}-{number}" for number, case in enumerate(CASES, 2)]


def compact(text: str) -> Register:
    """A register of single rows: ``表|列=值|列=值 ## 表|…``."""
    tables = []
    for row in text.split(" ## "):
        title, *cells = row.split("|")
        headings, values = zip(*(cell.split("=", 1) for cell in cells), strict=True)
        tables.append(f"## {title}\n| {' | '.join(headings)} |\n| {' | '.join(values)} |")
    return register("\n\n".join(tables))


def one(items: list[Item], clock: str, key: str) -> Item:
    (item,) = [item for item in items if (item.clock, item.key) == (clock, key)]
    return item


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_hand_counted_deadline(case: dict[str, str]) -> None:
    item = one(evaluate(compact(case["register"]), base(), at(case["now"])), case["clock"], case["key"]).as_json()
    found = {name: item[name] or "" for name in ("due", "act_by", "state", "closed_on")}
    assert found == {name: case[name] for name in found}
    assert item["provisional"] is (case["provisional"] == "yes")


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_explanation_agrees_and_cites_its_clause(case: dict[str, str]) -> None:
    said = explain(compact(case["register"]), base(), at(case["now"]), case["key"], case["clock"])
    assert (said["due"] or "") == case["due"]
    assert said["clause"] == clocks()[case["clock"]].clause
    assert said["trigger"]["field"]
    assert said["trigger"]["on"]
    assert said["arithmetic"][0]
    assert said["calendar"] == base().version
    if said["counted"]:
        assert said["counted"][-1] == case["due"]


def test_every_clock_has_a_hand_counted_answer() -> None:
    assert {case["clock"] for case in CASES} == set(clocks()) == {f"K{n:02d}" for n in range(1, 43)}


@pytest.mark.parametrize("row", LIST, ids=[row["clock"] for row in LIST])
def test_clock_is_what_the_handbook_says(row: dict[str, str]) -> None:
    clock = clocks()[row["clock"]]
    assert clock.kind == row["kind"]
    assert clock.clause.startswith(row["clause"])
    assert clock.versions[0].text() == row["limit"]
    assert clock.action


@pytest.mark.parametrize("clock", clocks().values(), ids=list(clocks()))
def test_clock_names_only_columns_that_exist(clock: object) -> None:
    rule = clocks()[clock.id]  # type: ignore[attr-defined]
    index = forms()[rule.table].index
    own = [*rule.trigger, *rule.close, *rule.rounds, *(condition.column for condition in rule.when)]
    own += [name for name in (rule.due_column, rule.dated) if name]
    joined = [name for name in (*rule.last, *rule.until, *rule.interval) if "." in name]
    own += [name for name in (*rule.last, *rule.until, *rule.interval) if "." not in name]
    assert set(own) <= index.keys()
    assert all(name.split(".")[1] in forms()[name.split(".")[0]].index for name in joined)


def test_counted_days_are_as_many_as_the_limit_and_skipped_ones_say_why() -> None:
    demands = compact("需求|需求编号=XQ-1|需求收集表签署日期=2026-02-12")
    said = explain(demands, base(), at("2026-03-01T09:00:00"), "XQ-1", "K02")
    assert said["counted"] == [
        "2026-02-13", "2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27", "2026-02-28", "2026-03-02",
        "2026-03-03", "2026-03-04",
    ]
    assert said["skipped"][0] == {"on": "2026-02-15", "why": "春节"}
    assert said["skipped"][-1] == {"on": "2026-03-01", "why": "周日"}
    assert said["limit"] == "10 WD"
    assert said["trigger"] == {"field": "需求收集表签署日期", "on": "2026-02-12"}


def test_twenty_fifth_on_a_sunday_shows_all_three_days() -> None:
    leases = compact("租约|产品业务确认单编号=QR1|运营商=移动|服务开始日期=2024-01-01")
    said = explain(leases, base(), at("2026-10-20T09:00:00"), "移动 2026-09", "K22")
    assert (said["due"], said["act_by"], said["forward"]) == ("2026-10-25", "2026-10-23", "2026-10-26")
    assert "民法典第203条" in said["note"]


def test_one_receipt_starts_several_clocks_and_never_both_limits() -> None:
    demands = compact("需求|需求编号=XQ-1|需求属性=存量共享|需求收集表签署日期=2026-11-18|需求收集表收到日期=2026-11-19")
    found = {item.clock for item in evaluate(demands, base(), at("2026-11-21T09:00:00")) if item.key == "XQ-1"}
    assert found == {"K02", "K03", "K05", "K06"}


@pytest.mark.parametrize(("cells", "clock", "why"), [
    ("需求属性=新建独享|需求收集表收到日期=2026-11-19", "K05", "需求属性为“新建独享”，不适用"),
    ("变更责任方=客户|变更原因知悉日期=2026-11-19", "K11", "变更责任方为“客户”，不适用"),
    ("产品类型=室分类|订单确认表签署日期=2026-11-19", "K13", "产品类型为“室分类”，不适用"),
    ("产品类型=铁塔类|订单确认表签署日期=2026-11-19", "K14", "产品类型为“铁塔类”，不适用"),
    ("交付验收单发送日期=2026-11-02", "K19", "K18未逾期，不适用"),
    ("需求收集表收到日期=2026-11-02|订单确认表签署日期=2026-11-09", "K06", "订单确认表签署日期已填，已结束"),
    ("需求提出时间=2026-12-01", "K01", "需求提出时间为2026-12-01，晚于2026-11-21 09:00:00，尚不知晓"),
    ("运营商=移动", "K18", "交付验收单签署日期未填，尚未起算"),
    ("运营商=移动", "K27", "K27不适用于需求"),
])
def test_clock_that_does_not_run_says_why(cells: str, clock: str, why: str) -> None:
    demands = compact(f"需求|需求编号=XQ-1|{cells}")
    now = at("2026-11-21T09:00:00")
    assert (clock, "XQ-1") not in {(item.clock, item.key) for item in evaluate(demands, base(), now)}
    said = explain(demands, base(), now, "XQ-1", clock)
    assert said["due"] is None
    assert said["note"] == why
    assert said["clause"] == clocks()[clock].clause


def test_default_lease_start_is_not_proposed_before_the_agreement_is_overdue_or_once_it_is_signed() -> None:
    sent = "需求|需求编号=XQ-1|交付验收单发送日期=2026-10-28|交付验收单签署日期=2026-11-02"
    last_day = evaluate(compact(sent), base(), at("2026-11-16T23:00:00"))
    signed = evaluate(compact(f"{sent}|单项服务协议签署日期=2026-11-20"), base(), at("2026-11-21T09:00:00"))
    assert "K19" not in {item.clock for item in last_day + signed}


def test_default_lease_start_warns_and_waits_for_a_named_approver() -> None:
    demand = "需求|需求编号=XQ-1|交付验收单发送日期=2026-10-28|交付验收单签署日期=2026-11-02"
    judged = judge_all(compact(demand), base(), at("2026-11-17T09:00:00"))
    item = one(judged.items, "K19", "XQ-1")
    assert "谨慎使用" in item.note
    assert [finding.code for finding in judged.findings] == ["CLK008"]
    approved = compact(
        f"{demand} ## 时限调整|单号=XQ-1|时限=K19|原期限=2026-12-02|调整为=2026-12-02|批准人=分管领导A|批准日期=2026-11-17|理由=客户书面同意"
    )
    decided = one(evaluate(approved, base(), at("2026-11-17T09:00:00")), "K19", "XQ-1")
    assert (decided.state, decided.closed_on) == ("met", dt.date(2026, 11, 17))
    assert "分管领导A" in decided.note


@pytest.mark.parametrize(("level", "fault", "complaint"), [
    ("VIP", "2026-11-20T10:30:00", "2026-11-20T11:00:00"),
    ("标准", "2026-11-20T11:00:00", "2026-11-20T12:00:00"),
])
def test_level_of_the_customer_decides_the_limit_where_the_row_has_none(level: str, fault: str, complaint: str) -> None:
    service = compact(
        f"客户|客户名称=甲|运营商=移动|服务等级={level} ## 故障|故障编号=GZ1|客户名称=甲|申告时间=2026-11-20 10:00"
        " ## 投诉|投诉编号=TS1|客户名称=甲|受理时间=2026-11-20 10:00"
    )
    items = evaluate(service, base(), at("2026-11-20T10:05:00"))
    assert one(items, "K27", "GZ1").due == at(fault)
    assert one(items, "K32", "TS1").due == at(complaint)


def test_closing_before_the_trigger_is_an_error_and_never_on_time() -> None:
    demands = compact("需求|需求编号=XQ-1|需求提出时间=2026-11-16|需求收集表签署日期=2026-11-13")
    judged = judge_all(demands, base(), at("2026-11-21T09:00:00"))
    item = one(judged.items, "K01", "XQ-1")
    assert (item.state, item.closed_on) == ("waiting", None)
    (finding,) = [finding for finding in judged.findings if finding.code == "CLK001"]
    assert (finding.severity, finding.cell, finding.field) == ("error", "C2", "需求收集表签署日期")


def test_fact_dated_after_now_is_not_yet_known() -> None:
    demands = compact("需求|需求编号=XQ-1|需求提出时间=2026-11-16|需求收集表签署日期=2026-11-18")
    item = one(evaluate(demands, base(), at("2026-11-17T09:00:00")), "K01", "XQ-1")
    assert (item.state, item.closed_on) == ("open", None)
    assert not [i for i in evaluate(demands, base(), at("2026-11-17T09:00:00")) if i.clock == "K02"]


def test_ended_lease_is_not_asked_for() -> None:
    leases = compact("租约|产品业务确认单编号=QR1|运营商=移动|服务结束日期=2026-11-20")
    now = at("2026-11-21T09:00:00")
    assert not [item for item in evaluate(leases, base(), now) if item.clock == "K24"]
    assert [item for item in evaluate(leases, base(), at("2026-11-20T09:00:00")) if item.clock == "K24"]


def test_a_row_of_a_lease_that_a_later_row_continues_is_not_asked_for() -> None:
    """QR1's data change on 1 December, so only its second row ends; three months before 30 June 2027 is 30 March."""
    leases = register("""## 租约
        | 产品业务确认单编号 | 运营商 | 服务开始日期 | 服务结束日期 |
        | QR1 | 移动 | 2024-01-01 | 2026-11-30 |
        | QR1 | 移动 | 2026-12-01 | 2027-06-30 |""")
    (item,) = [item for item in evaluate(leases, base(), at("2026-11-20T09:00:00")) if item.clock == "K24"]
    assert str(item.due)[:10] == "2027-03-30"


def test_day_the_calendar_does_not_hold_gives_a_finding_not_an_exception() -> None:
    demands = compact("需求|需求编号=XQ-1|需求提出时间=2002-05-06")
    judged = judge_all(demands, base(), at("2026-11-21T09:00:00"))
    item = one(judged.items, "K01", "XQ-1")
    assert (item.due, item.state) == (None, "waiting")
    assert [finding.code for finding in judged.findings] == ["CLK002"]


def test_paused_row_says_since_when_by_whom_and_why() -> None:
    demands = compact(
        "需求|需求编号=XQ-1|需求收集表签署日期=2026-11-09|暂停起始日期=2026-11-12|暂停责任方=客户|暂停原因=业主待定"
    )
    item = one(evaluate(demands, base(), at("2026-11-21T09:00:00")), "K02", "XQ-1")
    assert item.state == "open"
    assert item.note == "2026-11-12起暂停（客户）：业主待定"


@pytest.mark.parametrize(("chosen", "cells", "clock", "due"), [
    ("A01|采用=当日计入", "需求收集表签署日期=2026-11-09", "K02", "2026-11-20"),
    ("C1|采用=视为下一个工作日收到", "需求提出时间=2026-11-21", "K01", "2026-11-25"),
    ("A17|采用=按30个工作日", "需求收集表收到日期=2026-11-19", "K04", "2026-12-31"),
])
def test_switched_assumption_changes_the_count(chosen: str, cells: str, clock: str, due: str) -> None:
    demands = compact(f"需求|需求编号=XQ-1|{cells} ## 假设|编号={chosen}|事项=甲")
    assert one(evaluate(demands, base(), at("2026-11-21T12:00:00")), clock, "XQ-1").as_json()["due"] == due


def test_last_day_may_end_at_close_of_business() -> None:
    cells = "需求|需求编号=XQ-1|需求提出时间=2026-11-18"
    late = compact(f"{cells} ## 假设|编号=A02|事项=甲|采用=下班时")
    now = at("2026-11-20T17:45:00")
    assert one(evaluate(compact(cells), base(), now), "K01", "XQ-1").state == "open"
    assert one(evaluate(late, base(), now), "K01", "XQ-1").state == "late"


def test_week_with_a_visit_is_met_and_a_missed_week_stays_visible() -> None:
    visits = register("""
        ## 客户
        | 客户名称 | 运营商 | 服务等级 |
        | 甲      | 移动   | 标准    |

        ## 拜访
        | 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期   |
        | BF1     | 甲      | 例行    | 上门    | 2026-11-03 |
        | BF2     | 甲      | 例行    | 电话    | 2026-11-11 |
        | BF3     | 甲      | 例行    | 上门    | 2026-11-17 |
    """)
    items = [item for item in evaluate(visits, base(), at("2026-11-18T09:00:00")) if item.clock == "K39"]
    assert [(item.key, item.state) for item in items] == [
        ("甲 2026-W45", "met"), ("甲 2026-W46", "late"), ("甲 2026-W47", "met"),
    ]


def test_new_version_of_a_rule_counts_only_from_its_day() -> None:
    text = """
        terms = []
        [[clock]]
        id = "K01"
        title = "甲"
        kind = "hard"
        clause = "§1"
        shape = "row"
        table = "demand"
        trigger = ["raised_on"]
        close = ["form_signed_on"]
        form = ""
        action = "办"
        versions = [
          {effective = 2027-01-01, limit = 3, unit = "WD"}, {effective = 2015-04-01, limit = 2, unit = "WD"},
        ]
    """
    clock = parse(text)[0]["K01"]
    assert clock.version_on(dt.date(2026, 12, 31)).limit == 2
    assert clock.version_on(dt.date(2027, 1, 1)).limit == 3
    assert clock.version_on(dt.date(2010, 1, 1)).limit == 2


def test_visits_may_be_owed_per_manager() -> None:
    visits = register("""
        ## 假设
        | 编号 | 事项 | 采用       |
        | A11 | 甲   | 每位客户经理 |

        ## 客户
        | 客户名称 | 运营商 | 服务等级 | 客户经理  |
        | 甲      | 移动   | 标准    | 客户经理A |
        | 乙      | 联通   | 标准    | 客户经理A |

        ## 拜访
        | 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期   |
        | BF1     | 乙      | 例行    | 上门    | 2026-11-17 |
    """)
    items = [item for item in evaluate(visits, base(), at("2026-11-18T09:00:00")) if item.clock == "K39"]
    assert [(item.key, item.state) for item in items] == [("客户经理A 2026-W47", "met")]


def test_every_choice_the_clocks_know_is_one_the_user_can_make() -> None:
    assumptions = tomllib.loads((RULES / "assumptions.toml").read_text(encoding="utf-8"))["assumption"]
    offered = {entry["id"]: set(entry["options"]) for entry in assumptions}
    told = words()
    known = [(switch["setting"], choice) for switch in told["switches"].values() for choice in switch["choices"]]
    known += [pair for name in ("office", "receipt", "lapse") for pair in told["hours"][name].items()]
    known += list(told["options"]["trigger_counts"].items())
    known += [(told["options"]["payday"]["setting"], choice) for choice in told["options"]["payday"]["choices"]]
    known += [(option["setting"], option["choice"]) for option in (told["options"]["per_manager"], told["options"]["score_complaints"])]
    known += [condition.blank_counts for clock in clocks().values() for condition in clock.when if condition.blank_counts]
    assert [(setting, choice) for setting, choice in known if choice not in offered[setting]] == []


@given(st.dates(dt.date(2014, 1, 1), dt.date(2026, 10, 1)), st.sampled_from(["K01", "K02", "K04", "K16"]))
@settings(max_examples=60, deadline=None)
def test_between_trigger_and_deadline_lie_as_many_working_days_as_the_limit(day: dt.date, clock: str) -> None:
    cells = {"K01": "需求提出时间", "K02": "需求收集表签署日期", "K04": "需求收集表收到日期", "K16": "交付验收单发送日期"}
    demands = compact(f"需求|需求编号=XQ-1|需求属性=新建独享|{cells[clock]}={day}")
    item = one(evaluate(demands, base(), at("2026-11-21T09:00:00")), clock, "XQ-1")
    assert item.due is not None
    passed = [day + dt.timedelta(days=n) for n in range(1, (item.due - day).days + 1)]
    assert sum(map(base().is_workday, passed)) == clocks()[clock].versions[0].limit
    assert base().is_workday(item.due)
