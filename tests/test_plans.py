"""Plans: made from frequencies, submitted, returned, approved, ticked by what was done, carried over on the 1st (R3).

``lives/one_month.md`` tells a month of one manager in the words of `tests.test_ten_demands` and some of its own.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.calendars import base
from macros.commands import Answer
from macros.register import Register
from macros.tables import records
from macros.work.planning import carried, made
from macros.work.ticks import ticked
from macros.work.wanted import month_of, wanted
from macros.work.weeks import weeks
from tests.city import codes, contents, copied, enter, look, put, run
from tests.tables import register
from tests.test_ten_demands import CHECKS, Day, days, type_in

STORY = (Path(__file__).parent / "lives" / "one_month.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """The register the story is written in; each day goes on where the one before ended."""
    folder = copied(blank, tmp_path_factory.mktemp("month"))
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    put(folder, "假设", "客户经理", "采用", "客户经理A")
    return folder


@pytest.mark.parametrize("day", days(STORY), ids=lambda day: f"{day.date} {day.told}")
def test_every_day_moves_the_plan_on(life: Path, day: Day) -> None:
    type_in(life, day.typed)
    assert day.lines
    for line in day.lines:
        what, *words = line.split()
        (CHECKS | OWN)[what](life, f"{day.date}T18:00", words, {})


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    """The plan's rows by their number, as the sheet has them."""
    path = folder / "客户台账.xlsx"
    return read(path, path.stat().st_mtime_ns)


@lru_cache(2)  # many lines of the story look at one state of the sheet
def read(path: Path, saved: int) -> dict[str, dict[str, Any]]:
    headings, *found = openpyxl.load_workbook(path)["工作计划"].iter_rows(values_only=True)
    made = (dict(zip(map(str, headings), row, strict=True)) for row in found)
    return {str(row["计划编号"]): row for row in made if row["计划编号"]}


def makes(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """编制 MONTH COUNT: so many rows are added, and those that were there are as they were."""
    month, count = words
    before = rows(life)
    assert len(run("plan", "make", month, life, now=now).data["made"]) == int(count)
    assert {key: rows(life)[key] for key in before} == before


def stands(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """排在 NUMBER DAY CUSTOMER ACTION: what a row plans and when; — for no customer."""
    number, day, customer, action = words
    row = rows(life)[number]
    assert (f"{row['计划日期']:%Y-%m-%d}", row["客户名称"] or "—", row["服务动作"]) == (day, customer, action)


def submits(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """提交 MONTH STAGE COUNT."""
    month, stage, count = words
    moved(run("plan", "submit", month, life, now=now), stage, count)


def returns(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """退回 MONTH BY REASON COUNT."""
    month, by, reason, count = words
    answer = run("plan", "return", month, life, by=by, reason=reason, now=now)
    moved(answer, answer.data["stage"], count)
    assert reason in {row["退回原因"] for row in rows(life).values()}


def approves(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """审批 MONTH BY STAGE COUNT."""
    month, by, stage, count = words
    moved(run("plan", "approve", month, life, by=by, now=now), stage, count)


def moved(answer: Answer, stage: str, count: str) -> None:
    assert (answer.data["stage"], len(answer.data["moved"])) == (stage, int(count)), answer.text


def in_state(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """状态 MONTH STATE COUNT: so many rows of the month are in a state."""
    month, state, count = words
    assert Counter(row["状态"] for row in rows(life).values() if row["月份"] == month)[state] == int(count)


def marked(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """标记 MARK NUMBER…: just these rows of the month bear the mark."""
    mark, *numbers = words
    assert {key for key, row in rows(life).items() if row["标记"] == mark} >= set(numbers)
    if mark != "☆":
        assert {key for key, row in rows(life).items() if row["标记"] == mark} == set(numbers)


def overdue(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """逾期 NUMBER…: what the day's list calls overdue; the visit command ticks first."""
    assert [key.partition("/")[2] for key in run("visits", life, now=now).data["overdue"]] == words


def idle(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """空周 CUSTOMER WEEK: the week stands red in the weekly list."""
    customer, week = words
    found = {(row["customer"], row["week"]): row["state"] for row in run("visits", life, now=now).data["weeks"]}
    assert found[customer, week] == "逾期（本周无上门）"


def says(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """写着 NUMBER COLUMN TEXT."""
    number, column, text = words
    assert str(rows(life)[number][column]) == text


def carries(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """结转 MONTH OLD→NEW…: by itself, when the day's list is asked for."""
    month, *pairs = words
    told = run("visits", life, now=now).data["carried"]
    assert [f"{row['from'].partition('/')[2]}→{row['to'].partition('/')[2]}" for row in told] == pairs
    assert all(row["to"].startswith(month) for row in told)


def carry_count(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """结转数 MONTH COUNT."""
    month, count = words
    assert len(run("plan", "carry", month, life, now=now).data["carried"]) == int(count)


def prints(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """印出 FORM KEY TEXT…: the paper is made and says these words."""
    form, key, *texts = words
    answer = run("form", form, [key], life, now=now).data
    (document,) = answer["documents"]
    paper = docx.Document(document["file"])
    told = "\n".join([line.text for line in paper.paragraphs] + [
        cell.text for table in paper.tables for row in table.rows for cell in row.cells
    ])
    assert [text for text in texts if text not in told] == []


OWN: dict[str, Callable[[Path, str, list[str], dict[str, Any]], None]] = {
    "编制": makes, "排在": stands, "提交": submits, "退回": returns, "审批": approves, "状态": in_state, "标记": marked,
    "逾期": overdue, "空周": idle, "写着": says, "结转": carries, "结转数": carry_count, "印出": prints,
}


# What cannot be done is told, and nothing is written.

@pytest.mark.parametrize(("action", "month", "options", "status", "code"), [
    ("make", "2026年11月", {}, 2, "WRK001"),
    ("make", "2026-13", {}, 2, "WRK001"),
    ("make", "2026-10", {}, 1, "WRK007"),
    ("make", "2099-12", {}, 2, "WRK013"),
    ("carry", "2026-12", {}, 1, "WRK006"),
    ("approve", "2026-11", {}, 2, "WRK002"),
    ("return", "2026-11", {"by": "部门经理A"}, 2, "WRK003"),
    ("return", "2026-11", {"by": "部门经理A", "reason": "缺"}, 0, "WRK005"),
    ("approve", "2026-11", {"by": "部门经理A"}, 0, "WRK005"),
    ("submit", "2026-11", {}, 0, "WRK005"),
])
def test_what_cannot_be_done_is_told(
    folder: Path, action: str, month: str, options: dict[str, str], status: int, code: str,
) -> None:
    before = contents(folder)
    answer = run("plan", action, month, folder, now="2026-11-02T09:00", **options)
    assert (answer.status, codes(answer)) == (status, [code])
    assert contents(folder) == before


def test_one_managers_rows_move_without_the_others(folder: Path) -> None:
    enter(folder, """
    ## 工作计划
    | 月份 | 计划编号 | 计划类型 | 工作内容 | 责任人 | 状态 |
    | 2026-11 | JH-1 | 重点工作 | 核对档案 | 客户经理A | 计划 |
    | 2026-11 | JH-2 | 重点工作 | 核对档案 | 客户经理B | 计划 |
    """)
    mine = {"manager": "客户经理A", "now": "2026-11-02T09:00"}
    assert run("plan", "submit", "2026-11", folder, **mine).data["moved"] == ["2026-11/JH-1"]
    assert run("plan", "approve", "2026-11", folder, by="部门经理A", **mine).data["states"] == {"已审批": 1, "计划": 1}
    submitted = {row["计划编号"]: row["提交人"] for row in look(folder, "工作计划")}
    assert submitted == {"JH-1": "客户经理A", "JH-2": None}
    other = run("plan", "approve", "2026-11", folder, by="部门经理A", manager="客户经理B", now="2026-11-02T09:00")
    assert (other.status, codes(other)) == (0, ["WRK005"])
    assert "2026-11没有客户经理B这样的行" in other.text


def test_who_submits_and_approves_alike_is_told(folder: Path) -> None:
    enter(folder, "## 客户\n| 客户名称 | 运营商 | 服务等级 | 客户经理 |\n| 移动分公司 | 移动 | 标准 | 客户经理A |")
    put(folder, "假设", "客户经理", "采用", "客户经理A")
    run("plan", "make", "2026-11", folder, now="2026-11-02T09:00")
    run("plan", "submit", "2026-11", folder, now="2026-11-02T09:00")
    assert codes(run("plan", "approve", "2026-11", folder, by="客户经理A", now="2026-11-02T10:00")) == ["WRK004"]


def test_results_wait_for_the_months_last_working_day(folder: Path) -> None:
    enter(folder, "## 客户\n| 客户名称 | 运营商 | 服务等级 | 客户经理 |\n| 移动分公司 | 移动 | 标准 | 客户经理A |")
    put(folder, "假设", "客户经理", "采用", "客户经理A")
    run("plan", "make", "2026-10", folder, now="2026-09-28T09:00")
    run("plan", "submit", "2026-10", folder, now="2026-09-28T09:00")
    run("plan", "approve", "2026-10", folder, by="部门经理A", now="2026-09-28T10:00")
    assert codes(run("plan", "submit", "2026-10", folder, now="2026-10-29T09:00")) == ["WRK005"]
    assert run("plan", "submit", "2026-10", folder, now="2026-10-30T09:00").data["stage"] == "结果"  # the 31st is a Saturday


def test_a_plan_without_an_owner_is_told(folder: Path) -> None:
    enter(folder, "## 客户\n| 客户名称 | 运营商 | 服务等级 |\n| 移动分公司 | 移动 | 标准 |")
    assert codes(run("plan", "make", "2026-11", folder, now="2026-11-02T09:00")) == ["WRK012"]


# The pure parts: frequencies, weeks, ticks.

HEAD = "## 客户\n| 客户名称 | 运营商 | 服务等级 | 联席会议日 | 最近核实日期 | 客户经理 |\n"


def plan_of(text: str, month: str, today: dt.date) -> list[dict[str, Any]]:
    """The rows a register of readable tables lacks in a month."""
    known = register(text)
    whole = month_of(known, base(), month, (), today)
    return list(made(known, whole, wanted(known, base(), whole), today))


@pytest.mark.parametrize(("month", "expected"), [
    ("2026-10", ["2026-W41", "2026-W42", "2026-W43", "2026-W44"]),  # week 40 has its working days in September
    ("2026-11", ["2026-W45", "2026-W46", "2026-W47", "2026-W48"]),  # 30 November begins December's first week
    ("2026-12", ["2026-W49", "2026-W50", "2026-W51", "2026-W52", "2026-W53"]),  # four of week 53's days lie in December
    ("2026-02", ["2026-W06", "2026-W07", "2026-W09"]),  # week 8 is Spring Festival whole
])
def test_a_week_belongs_to_the_month_of_most_of_its_working_days(month: str, expected: list[str]) -> None:
    assert [week.name for week in weeks(base(), month)[0]] == expected


def test_a_week_of_holidays_is_told_as_idle() -> None:
    assert weeks(base(), "2026-02")[1] == ["2026-W08"]


@pytest.mark.parametrize(("cycle", "last", "planned"), [
    ("", "2026-10", False),  # VIP: once a quarter, and October is in it
    ("", "2026-09", True),
    ("1", "2026-10", True),  # every month
    ("2", "2026-10", False),
    ("2", "2026-09", True),
    ("4", "2026-08", False),  # August to November
])
def test_high_level_visits_follow_the_cycle_set_with_the_customers_people(cycle: str, last: str, planned: bool) -> None:
    text = HEAD + "| 移动分公司 | 移动 | VIP | | | 客户经理A |\n" + f"""
    ## 联系人
    | 客户名称 | 联系人 | 高层拜访周期（月） |
    | 移动分公司 | 客户代表A | {cycle} |
    | 移动分公司 | 客户代表B | |
    ## 工作计划
    | 月份 | 计划编号 | 计划类型 | 客户名称 | 工作内容 | 服务动作 | 计划日期 |
    | {last} | JH-1 | 客户拜访 | 移动分公司 | 高层 | 高层拜访 | {last}-12 |
    """
    made_rows = plan_of(text, "2026-11", dt.date(2026, 11, 2))
    assert ("高层拜访" in {row["action"] for row in made_rows}) is planned


def test_a_follow_up_due_in_the_month_is_planned_once_before_its_day() -> None:
    text = HEAD + "| 移动分公司 | 移动 | 标准 | | 2026-08-01 | 客户经理A |\n" + """
    ## 跟进事项
    | 事项编号 | 来源编号 | 客户名称 | 事项 | 责任人 | 期限 | 完成日期 |
    | GJ-1 | BF-1 | 移动分公司 | 名单反馈 | 建设维护部 | 2026-11-29 | |
    | GJ-2 | BF-1 | 移动分公司 | 已办的 | 建设维护部 | 2026-11-26 | 2026-10-20 |
    | GJ-3 | BF-1 | 移动分公司 | 下月的 | 建设维护部 | 2026-12-02 | |
    """
    found = [row for row in plan_of(text, "2026-11", dt.date(2026, 11, 2)) if row["action"] == "跟进事项"]
    # 29 November is a Sunday
    assert [(row["related"], row["planned_on"], row["owner"]) for row in found] == [("GJ-1", dt.date(2026, 11, 27), "建设维护部")]


def test_the_days_that_passed_are_planned_no_more() -> None:
    text = HEAD + "| 移动分公司 | 移动 | 标准 | | 2026-08-01 | 客户经理A |\n"
    visits = [row["planned_on"] for row in plan_of(text, "2026-11", dt.date(2026, 11, 18)) if row["action"] == "上门拜访"]
    assert len(visits) == 2  # weeks 47 and 48
    assert min(visits) >= dt.date(2026, 11, 18)


def test_forty_customers_are_spread_evenly_over_the_days() -> None:
    rows = "".join(f"| 客户{n:02} | 移动 | 标准 | | | 客户经理A |\n" for n in range(40))
    found = plan_of(HEAD + rows, "2026-11", dt.date(2026, 10, 28))
    # 40 customers × (4 visits + 1 high-level visit + 1 meeting + 1 file to verify), 3 duties of the register
    assert len(found) == 40 * 7 + 3
    loads = Counter(row["planned_on"] for row in found)
    assert len(loads) == 21  # every working day of November
    # 283 ÷ 21 = 13.5; no customer has two on one day, which puts a day one off the even share
    assert {13, 14, 15} >= set(loads.values())
    assert max(Counter((row["customer_name"], row["planned_on"]) for row in found if row["customer_name"]).values()) == 1


TICKS = {
    # visits of November → which rows they tick: planned 001 on the 3rd (week 45), 002 on the 10th (week 46)
    "same week, another day": (["| BF-1 | 移动分公司 | 例行 | 上门 | 2026-11-06 |"], {"JH-001": "BF-1"}, 0),
    "a week late": (["| BF-1 | 移动分公司 | 例行 | 上门 | 2026-11-17 |"], {"JH-001": "BF-1"}, 0),
    "twice in a week": (["| BF-1 | 移动分公司 | 例行 | 上门 | 2026-11-03 |", "| BF-2 | 移动分公司 | 例行 | 上门 | 2026-11-04 |"], {"JH-001": "BF-1"}, 1),
    "another kind": (["| BF-1 | 移动分公司 | 亲情关怀 | 上门 | 2026-11-03 |"], {}, 1),
    "another customer": (["| BF-1 | 联通分公司 | 例行 | 上门 | 2026-11-03 |"], {}, 1),
    "another month": (["| BF-1 | 移动分公司 | 例行 | 上门 | 2026-10-30 |"], {}, 0),
    "not yet": (["| BF-1 | 移动分公司 | 例行 | 上门 | 2026-11-24 |"], {}, 0),
}


@pytest.mark.parametrize(("visits", "expected", "unplanned"), TICKS.values(), ids=TICKS)
def test_a_visit_ticks_the_row_of_its_week_else_one_left_before(visits: list[str], expected: dict[str, str], unplanned: int) -> None:
    known = register(HEAD + """| 移动分公司 | 移动 | 标准 | | | 客户经理A |
    | 联通分公司 | 联通 | 标准 | | | 客户经理A |
    ## 工作计划
    | 月份 | 计划编号 | 计划类型 | 客户名称 | 工作内容 | 计划日期 | 状态 | 服务动作 |
    | 2026-11 | JH-001 | 客户拜访 | 移动分公司 | 上门 | 2026-11-03 | 已审批 | 上门拜访 |
    | 2026-11 | JH-002 | 客户拜访 | 移动分公司 | 上门 | 2026-11-10 | 已审批 | 上门拜访 |
    ## 拜访
    | 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期 |
    """ + "\n".join(visits))
    found = ticked(known, {"2026-11"}, dt.date(2026, 11, 20))
    assert {row.text("plan_no"): said["related"] for row, said in found.updates if "related" in said} == expected
    assert len(found.added) == unplanned


def test_a_follow_up_closed_ticks_the_row_that_names_it() -> None:
    known = register("""
    ## 工作计划
    | 月份 | 计划编号 | 计划类型 | 工作内容 | 计划日期 | 状态 | 服务动作 | 关联单号 |
    | 2026-11 | JH-001 | 重点工作 | 名单反馈 | 2026-11-24 | 已审批 | 跟进事项 | GJ-1 |
    ## 跟进事项
    | 事项编号 | 来源编号 | 事项 | 责任人 | 期限 | 完成日期 | 结果 |
    | GJ-1 | BF-1 | 名单反馈 | 建设维护部 | 2026-11-24 | 2026-11-23 | 已送达 |
    """)
    ((_, said),) = ticked(known, {"2026-11"}, dt.date(2026, 11, 24)).updates
    assert (said["mark"], said["done_on"], said["state"], said["result"]) == ("★", dt.date(2026, 11, 23), "已完成", "已送达")


def test_a_row_carried_but_not_marked_is_only_marked() -> None:
    """A run broken off between the two workbooks' rows is finished by the next one."""
    known = register("""
    ## 工作计划
    | 月份 | 计划编号 | 计划类型 | 工作内容 | 计划日期 | 状态 | 结转自 |
    | 2026-10 | JH-001 | 重点工作 | 档案核实 | 2026-10-14 | 已审批 | |
    | 2026-11 | JH-002 | 重点工作 | 档案核实 | 2026-11-02 | 计划 | 2026-10/JH-001 |
    """)
    old, new = carried(known, base(), "2026-11", dt.date(2026, 11, 1))
    assert new == []
    assert [(row.key, said) for row, said in old] == [("2026-10/JH-001", {"state": "结转"})]


LEVELS = st.sampled_from(["VIP", "标准"])
MONTHS = st.sampled_from([f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)])


@settings(max_examples=40, deadline=None)
@given(
    customers=st.lists(st.tuples(LEVELS, st.one_of(st.none(), st.integers(1, 31))), max_size=6), month=MONTHS,
    late=st.integers(0, 27),
)
def test_made_twice_adds_nothing_and_no_row_stands_on_a_rest_day(customers: list[tuple[str, int | None]], month: str, late: int) -> None:
    calendar, today = base(), dt.date.fromisoformat(f"{month}-01") + dt.timedelta(days=late)
    rows = "".join(f"| 客户{n} | 移动 | {level} | {day or ''} | | 客户经理A |\n" for n, (level, day) in enumerate(customers))
    known = register(HEAD + rows) if customers else register("## 客户\n| 客户名称 |\n")
    whole = month_of(known, calendar, month, (), today)
    first = made(known, whole, wanted(known, calendar, whole), today)
    planned = [row["planned_on"] for row in first]
    assert all(isinstance(day, dt.date) and calendar.is_workday(day) for day in planned)
    assert all(f"{day:%Y-%m}" == month and day >= today for day in planned if isinstance(day, dt.date))
    then = known.having({"plan": records("plan", first)})
    again = month_of(then, calendar, month, (), today)
    assert wanted(Register(then.tables), calendar, again) == []
    assert len({row["plan_no"] for row in first}) == len(first)


def made_before(folder: Path, *columns: str) -> None:
    """Take the plan's newer columns from a register, as one made before them has it."""
    book = openpyxl.load_workbook(folder / "客户台账.xlsx")
    sheet = book["工作计划"]
    table = next(iter(sheet.tables.values()))
    for cell in sheet[1]:
        if cell.value in columns:
            table.tableColumns[cell.column - 1].name = cell.value = f"自己的列{cell.column}"
    book.save(folder / "客户台账.xlsx")


NEWER = ("标记", "服务动作", "关联单号", "结转自", "结转次数")


def test_a_register_made_before_these_columns_is_told_which_it_lacks(folder: Path) -> None:
    enter(folder, "## 客户\n| 客户名称 | 运营商 | 服务等级 | 客户经理 |\n| 移动分公司 | 移动 | 标准 | 客户经理A |")
    made_before(folder, *NEWER)
    before = contents(folder)
    answer = run("plan", "make", "2026-11", folder, now="2026-11-02T09:00")
    assert codes(answer) == ["CMD004"]
    assert "标记" in answer.text
    assert contents(folder) == before


def test_such_a_register_works_on_with_the_columns_it_has(folder: Path) -> None:
    enter(folder, """
    ## 客户
    | 客户名称 | 运营商 | 服务等级 | 客户经理 |
    | 移动分公司 | 移动 | 标准 | 客户经理A |
    ## 工作计划
    | 月份 | 计划编号 | 计划类型 | 客户名称 | 工作内容 | 责任人 | 计划日期 | 状态 |
    | 2026-11 | JH-1 | 客户拜访 | 移动分公司 | 例行拜访 | 客户经理A | 2026-11-03 | 已审批 |
    ## 拜访
    | 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期 |
    | BF-1 | 移动分公司 | 例行 | 上门 | 2026-11-03 |
    """)
    made_before(folder, *NEWER)
    answer = run("visits", folder, now="2026-11-04T09:00")
    assert answer.status == 0
    assert "WRK014" in codes(answer)
    (row,) = rows(folder).values()
    assert (f"{row['完成日期']:%Y-%m-%d}", row["状态"]) == ("2026-11-03", "已完成")


def test_rows_that_could_not_be_written_are_not_told_as_made(folder: Path) -> None:
    enter(folder, "## 客户\n| 客户名称 | 运营商 | 服务等级 | 客户经理 |\n| 移动分公司 | 移动 | 标准 | 客户经理A |")
    (folder / ".~lock.客户台账.xlsx#").write_text(",用户,本机,;")
    answer = run("plan", "make", "2026-11", folder, now="2026-11-02T09:00")
    assert (answer.status, codes(answer)[-1]) == (1, "WBK032")
    assert "made" not in answer.data
    assert "新编" not in answer.text
