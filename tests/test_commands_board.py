"""board, explain, preview and workdays on real folders: dates counted by hand, what is written, what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.hosts import Refused
from macros.workdays import CalendarError
from tests.city import City, codes, contents, enter, items, look, put, run

#: Friday 2026-11-20 + 10 WD: 23–27 are 5, 30–4 are 10 → 12-04. + 15 → 12-11. + 30: 14–18 are 20, 21–25 are 25, 28–31
#: are 29, 1-01 is New Year's Day, Monday 2027-01-04 is the 30th, in a year without a notice.
DEMANDS = """
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 场景划分 | 经度 | 纬度 | 详细地址 | 交付时间要求 | 需求提出时间 | 系统数（套） | 天线挂高范围（米） | 天线数（副） | 需求收集表签署日期 | 需求收集表收到日期 | 需求属性 | 订单确认表签署日期 |
| XQ-1 | 移动 | 澜江 | 澜南区 | 花园站 | 县城 | 111.5 | 31.5 | 花园路1号 | 2027-04-30 | 2026-11-18 | 1 | 30-35 | 3 | 2026-11-20 | 2026-11-20 | 新建独享 | |
| XQ-2 | 联通 | 澜江 | 澜北区 | 新村站 | 农村 | 111.6 | 31.6 | 新村2号 | 2027-05-31 | 2026-11-18 | 1 | 30-35 | 3 | 2026-11-20 | 2026-11-20 | 存量共享 | |
| XQ-3 | 联通 | 澜江 | 澜北区 | 山口站 | 农村 | 111.7 | 31.7 | 山口3号 | 2027-05-31 | 2026-11-18 | 1 | 30-35 | 3 | 2026-11-20 | 2026-11-20 | 新建独享 | 2026-12-10 |
"""
#: Invented, in official wording: Monday 4 January is a rest day, so every count across it moves on by one.
NOTICE = """国务院办公厅关于2027年
部分节假日安排的通知
国办发明电〔2026〕9号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至4日（周一）放假调休，共4天。1月9日（周六）上班。
二、春节：2月5日（农历除夕、周五）至11日（农历正月初六、周四）放假调休，共7天。1月30日（周六）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假，共1天。
六、中秋节：9月15日（周三）放假，共1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。

国务院办公厅
2026年12月1日
"""
NOW = "2026-11-23T09:00:00"
LATER = "2026-12-28T09:00:00"


@pytest.fixture
def three(folder: Path) -> Path:
    enter(folder, DEMANDS)
    return folder


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "2027年放假通知.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def due(folder: Path, clock: str, key: str, now: str = NOW) -> tuple[str, str, bool]:
    item = dict(items(run("board", folder, now=now)))[clock, key]
    return item["due"], item["state"], item["provisional"]


def test_one_signature_starts_several_clocks_each_with_its_own_limit(three: Path) -> None:
    board = dict(items(run("board", three, now=NOW)))
    assert {clock: board[clock, key]["due"] for clock, key in board if key == "XQ-1" and clock in ("K02", "K04")} == {
        "K02": "2026-12-04", "K04": "2027-01-04",
    }
    assert board["K05", "XQ-2"]["due"] == "2026-12-11"
    assert ("K05", "XQ-1") not in board and ("K04", "XQ-2") not in board


def test_a_count_into_a_year_without_notice_is_provisional(three: Path) -> None:
    assert due(three, "K04", "XQ-1") == ("2027-01-04", "open", True)
    assert due(three, "K02", "XQ-1") == ("2026-12-04", "open", False)


def test_the_board_stands_in_the_workbook_sorted_by_the_instant(three: Path) -> None:
    answer = run("board", three, now=NOW)
    rows = look(three, "待办")
    shown = {(row["时限"], row["单号"]): str(row["到期时刻"])[:10] for row in rows}
    assert shown["K02", "XQ-1"] == "2026-12-04"
    running = [str(row["到期时刻"]) for row in rows if row["到期时刻"] is not None]
    assert running == sorted(running)
    assert len(rows) == len([i for i in answer.data["items"] if i["state"] in ("open", "late", "waiting") and i["kind"] != "soft"])


def test_the_most_urgent_clock_stands_beside_the_row(three: Path) -> None:
    run("board", three, now=NOW)
    hints = {row["需求编号"]: row["时限提示"] for row in look(three, "需求")}
    assert "K02 2026-12-04" in hints["XQ-1"] and "K05 2026-12-11" in hints["XQ-2"]


def test_the_calendar_file_holds_the_open_deadlines(three: Path) -> None:
    run("board", three, now=NOW)
    lines = (three / "待办.ics").read_text(encoding="utf-8")
    assert "DTSTART;VALUE=DATE:20261204" in lines and lines.startswith("BEGIN:VCALENDAR")
    assert max(len(line.encode()) for line in lines.splitlines()) <= 75


def test_closed_deadlines_are_kept_with_the_day_they_were_judged_by(three: Path) -> None:
    run("board", three, now=LATER)
    kept = (three / "时限存档.csv").read_text(encoding="utf-8-sig")
    (line,) = [line for line in kept.splitlines() if "XQ-3" in line and "K04" in line]
    assert "2027-01-04" in line and "2026-12-10" in line


def test_a_torn_line_of_the_archive_is_said_and_judged_anew(three: Path) -> None:
    run("board", three, now=LATER)
    path = three / "时限存档.csv"
    path.write_text(path.read_text(encoding="utf-8-sig")[:-30], encoding="utf-8-sig")
    torn = len(path.read_text(encoding="utf-8-sig").splitlines())
    answer = run("board", three, now=LATER)
    assert [said["message"] for said in answer.data["findings"] if said["code"] == "CLK009" and f"第{torn}行" in said["message"]]
    assert dict(items(answer))["K04", "XQ-3"]["state"] == "met"


def test_a_board_read_twice_writes_the_same(three: Path) -> None:
    first = run("board", three, now=NOW)
    assert "\n全部见《待办.xlsx》；日历见 待办.ics。" in first.text
    before = contents(three)
    assert run("board", three, now=NOW).data == first.data
    assert contents(three) == before


def test_the_board_answers_in_full_when_its_workbook_is_open_elsewhere(three: Path) -> None:
    (three / "~$待办.xlsx").write_bytes(b"Excel")
    (three / "~$需求台账.xlsx").write_bytes(b"Excel")
    before = contents(three)
    answer = run("board", three, now=NOW)
    after = contents(three)
    assert {clock for (clock, key), _ in items(answer) if key == "XQ-1"} >= {"K02", "K04"}
    assert codes(answer).count("WBK032") == 2
    assert "全部见" not in answer.text and "\n日历见 待办.ics。" in answer.text
    assert {name for name in after if after[name] != before.get(name)} <= {"待办.ics", "时限存档.csv"}


@pytest.mark.parametrize(
    ("clock", "key", "day", "counted", "skipped"),
    [
        ("K02", "XQ-1", "2026-12-04", 10, ["2026-11-21", "2026-11-22", "2026-11-28", "2026-11-29"]),
        ("K05", "XQ-2", "2026-12-11", 15, ["2026-11-21", "2026-11-22", "2026-11-28", "2026-11-29", "2026-12-05", "2026-12-06"]),
    ],
)
def test_a_deadline_is_told_day_by_day(three: Path, clock: str, key: str, day: str, counted: int, skipped: list[str]) -> None:
    answer = run("explain", key, clock, three, now=NOW)
    data = answer.data
    assert (data["due"], len(data["counted"]), data["counted"][-1]) == (day, counted, day)
    assert [skip["on"] for skip in data["skipped"]] == skipped
    assert data["trigger"]["on"] == "2026-11-20"
    assert data["clause"] in answer.text and "周六" in answer.text


@pytest.mark.parametrize(
    ("clock", "key", "says"),
    [
        ("K04", "XQ-DX-0001", "期限：30个工作日"), ("K24", "", "个月"), ("K27", "", "分钟"), ("K35", "", "工作日"), ("K13", "", "工作日"),
    ],
)
def test_clocks_of_every_unit_show_their_arithmetic(city: City, clock: str, key: str, says: str) -> None:
    found = key or next(k for (c, k), item in items(city.boards[0]) if c == clock and item["due"])
    answer = run("explain", found, clock, city.folder, now="2026-11-21T15:30:00")
    assert says in answer.text and answer.data["clause"].startswith("§")


def test_a_clock_that_does_not_apply_says_why(three: Path) -> None:
    answer = run("explain", "XQ-1", "K05", three, now=NOW)
    assert answer.data["due"] is None
    assert "不适用" in answer.text


@pytest.mark.parametrize(("key", "clock", "code"), [("XQ-1", "K99", "CMD009"), ("XQ-77", "K02", "CMD006"), ("XQ-1", "", "CMD009")])
def test_an_unknown_clock_or_row_is_refused(three: Path, key: str, clock: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        run("explain", key, clock, three, now=NOW)
    assert refused.value.finding.code == code


def test_a_changed_trigger_is_previewed_with_all_its_dependants_and_nothing_written(three: Path) -> None:
    before = contents(three)
    answer = run("preview", "XQ-1", "需求收集表签署日期", "2026-11-23", three, now="2026-11-24T09:00:00")
    moved = {change["clock"]: (change["old"], change["new"]) for change in answer.data["changes"]}
    assert moved["K02"] == ("2026-12-04", "2026-12-07")
    assert moved["K03"] == ("2026-11-20", "2026-11-23")
    assert contents(three) == before


def test_a_date_still_to_come_is_tried_as_on_its_day(three: Path) -> None:
    answer = run("preview", "XQ-1", "需求收集表签署日期", "2026-11-23", three, now="2026-11-21T09:00:00")
    assert ("K02", "2026-12-07") in [(change["clock"], change["new"]) for change in answer.data["changes"]]
    assert "截至 2026-11-23" in answer.text


@pytest.mark.parametrize(("field", "value"), [("需求属性", "存量共享"), ("需求收集表收到日期", ""), ("solution", "存量共享")])
def test_any_column_can_be_tried(three: Path, field: str, value: str) -> None:
    assert "K04" in {change["clock"] for change in run("preview", "XQ-1", field, value, three, now=NOW).data["changes"]}


@pytest.mark.parametrize(
    ("key", "field", "value", "code"),
    [
        ("XQ-77", "需求收集表签署日期", "2026-11-23", "CMD006"), ("XQ-1", "没有这列", "2026-11-23", "CMD011"),
        ("XQ-1", "需求收集表签署日期", "2026-13-05", "VAL011"), ("XQ-1", "需求属性", "随便", "VAL041"),
    ],
)
def test_what_cannot_be_tried_is_refused(three: Path, key: str, field: str, value: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        run("preview", key, field, value, three, now=NOW)
    assert refused.value.finding.code == code


def test_a_notice_firms_provisional_dates_and_lists_old_and_new(three: Path, notice: Path) -> None:
    assert due(three, "K04", "XQ-1", LATER) == ("2027-01-04", "open", True)
    answer = run("workdays.import", notice, three, now=LATER)
    assert [(c["old"], c["new"]) for c in answer.data["moved"] if (c["clock"], c["key"]) == ("K04", "XQ-1")] == [("2027-01-04", "2027-01-05")]
    assert "K04 XQ-1：2027-01-04 → 2027-01-05" in answer.text
    assert due(three, "K04", "XQ-1", LATER) == ("2027-01-05", "open", False)


def test_the_notice_is_entered_with_its_number_and_read_once_only(three: Path, notice: Path) -> None:
    first = run("workdays.import", notice, three, now=LATER)
    rows = look(three, "节假日")
    assert {row["通知文号"] for row in rows} == {"国办发明电〔2026〕9号"}
    assert (len(rows), first.data["added"]) == (first.data["days"], first.data["days"])
    (fourth,) = [row for row in rows if str(row["日期"]).startswith("2027-01-04")]
    assert (fourth["类型"], fourth["节日"]) == ("休", "元旦")
    again = run("workdays.import", notice, three, now=LATER)
    assert (again.data["added"], again.data["moved"], len(look(three, "节假日"))) == (0, [], len(rows))


def test_a_closed_deadline_keeps_the_day_it_was_judged_by(three: Path, notice: Path) -> None:
    run("board", three, now=LATER)
    answer = run("workdays.import", notice, three, now=LATER)
    assert ("K04", "XQ-3") not in [(change["clock"], change["key"]) for change in answer.data["moved"]]
    board = dict(items(run("board", three, now=LATER)))
    assert (board["K04", "XQ-3"]["due"], board["K04", "XQ-3"]["state"]) == ("2027-01-04", "met")
    assert board["K04", "XQ-1"]["due"] == "2027-01-05"


def test_one_edited_holiday_moves_open_rows_only(three: Path) -> None:
    run("board", three, now=LATER)
    enter(three, "## 节假日\n| 日期 | 类型 | 节日 | 通知文号 |\n| 2026-12-30 | 休 | 临时 | 市政府令1号 |\n")
    board = dict(items(run("board", three, now=LATER)))
    assert board["K04", "XQ-3"]["due"] == "2027-01-04"
    assert board["K04", "XQ-1"]["due"] == "2027-01-05"


@pytest.mark.parametrize(
    ("text", "added"), [("", 0), ("今天天气很好", 0), ("国务院办公厅关于放假的通知\n一、元旦：1月1日放假。", 0)],
)
def test_a_text_that_is_no_notice_is_refused_in_words(three: Path, tmp_path: Path, text: str, added: int) -> None:
    path = tmp_path / "通知.txt"
    path.write_text(text, encoding="utf-8")
    answer = run("workdays.import", path, three, now=LATER)
    assert (answer.status, answer.data["added"], look(three, "节假日")) == (1, added, [])


def test_a_notice_is_not_reported_as_entered_when_the_table_is_open_elsewhere(three: Path, notice: Path) -> None:
    (three / "~$参数.xlsx").write_bytes(b"Excel")
    answer = run("workdays.import", notice, three, now=LATER)
    assert (answer.status, answer.data["added"], answer.data["moved"], codes(answer)) == (1, 0, [], ["WBK032"])


def test_working_days_need_no_register() -> None:
    assert run("workdays.add", "2026-11-20", 30).data == {"due": "2027-01-04", "provisional": True}
    assert run("workdays.between", "2026-11-20", "2026-12-04").data == {"days": 10, "provisional": False}
    assert run("workdays.add", "2026-12-04", -10).data["due"] == "2026-11-20"


def test_working_days_use_the_registers_own_notices(three: Path, notice: Path) -> None:
    run("workdays.import", notice, three, now=LATER)
    assert run("workdays.add", "2026-11-20", 30, three).data == {"due": "2027-01-05", "provisional": False}


def test_a_year_is_shown_with_its_make_up_days() -> None:
    answer = run("workdays.show", 2026)
    assert answer.data["workdays"] == 248
    worked = [day["on"] for day in answer.data["days"] if day["work"]]
    assert worked == ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("workdays.show", (1600,)), ("workdays.show", (99999,)), ("workdays.add", ("昨天", 3)), ("workdays.add", ("2026-02-30", 3)),
        ("workdays.add", ("2026-11-20", 10**9)), ("workdays.between", ("1999-01-01", "2026-01-01")), ("workdays.import", (Path("没有.txt"), Path("没有"))),
    ],
)
def test_what_the_calendar_does_not_know_is_refused(name: str, words: tuple[Any, ...]) -> None:
    with pytest.raises((Refused, CalendarError)) as refused:
        run(name, *words)
    assert any("一" <= letter <= "龥" for letter in str(refused.value))


def test_a_changed_deadline_keeps_the_original_with_who_and_why(three: Path) -> None:
    enter(three, """
    ## 时限调整
    | 单号 | 时限 | 原期限 | 调整为 | 批准人 | 批准日期 | 理由 |
    | XQ-1 | K02 | 2026-12-04 | 2026-12-18 | 部门经理A | 2026-11-23 | 客户要求复勘 |
    """)
    item = dict(items(run("board", three, now=NOW)))["K02", "XQ-1"]
    assert item["due"] == "2026-12-18"
    (row,) = [row for row in look(three, "待办") if (row["时限"], row["单号"]) == ("K02", "XQ-1")]
    told = "；".join(str(value) for value in row.values())
    assert "2026-12-04" in told and "部门经理A" in told and "客户要求复勘" in told
    assert "2026-12-04" in run("explain", "XQ-1", "K02", three, now=NOW).text


def test_a_change_without_a_name_is_not_taken(three: Path) -> None:
    enter(three, """
    ## 时限调整
    | 单号 | 时限 | 原期限 | 调整为 | 批准人 | 批准日期 | 理由 |
    | XQ-1 | K02 | 2026-12-04 | 2026-12-18 | | 2026-11-23 | 客户要求复勘 |
    """)
    answer = run("board", three, now=NOW)
    assert dict(items(answer))["K02", "XQ-1"]["due"] == "2026-12-04"
    assert "CLK003" in codes(answer)


def test_the_deemed_start_of_a_lease_is_a_proposal_until_somebody_approves(three: Path) -> None:
    # 3.7 sent Thursday 2026-11-05: 25 WD later is 2026-12-10 (6,9–13,16–20,23–27,30–4: 21; 7–10: 25). Signed on 11-10,
    # so the agreement's 10 WD end on 11-24 and are over.
    for column, day in (("交付验收单发送日期", "2026-11-05"), ("交付验收单签署日期", "2026-11-10"), ("订单确认表签署日期", "2026-10-08")):
        put(three, "需求", "XQ-1", column, day)
    board = dict(items(run("board", three, now="2026-12-08T09:00:00")))
    item = board["K19", "XQ-1"]
    assert (item["due"], item["state"]) == ("2026-12-10", "open")
    shown = [row for sheet in ("待办", "软时限") for row in look(three, sheet) if (row["时限"], row["单号"]) == ("K19", "XQ-1")]
    assert any("谨慎" in str(value) for row in shown for value in row.values())
    assert look(three, "租约") == []
    enter(three, """
    ## 时限调整
    | 单号 | 时限 | 原期限 | 调整为 | 批准人 | 批准日期 | 理由 |
    | XQ-1 | K19 | 2026-12-10 | 2026-12-10 | 部门经理A | 2026-12-08 | 多次催签无回复 |
    """)
    decided = dict(items(run("board", three, now="2026-12-08T09:00:00")))["K19", "XQ-1"]
    assert decided["state"] == "met"


def test_an_assumption_switched_changes_the_dates(three: Path) -> None:
    # A01: with the trigger day counted the tenth working day is one earlier, Thursday 2026-12-03.
    put(three, "假设", "A01", "采用", "当日计入")
    assert due(three, "K02", "XQ-1") == ("2026-12-03", "open", False)


def test_a_word_that_is_no_option_of_an_assumption_is_said(three: Path) -> None:
    put(three, "假设", "A01", "采用", "随便")
    answer = run("board", three, now=NOW)
    assert dict(items(answer))["K02", "XQ-1"]["due"] == "2026-12-04"
    assert [said["field"] for said in run("check", three, now=NOW).data["findings"] if said["key"] == "A01"] == ["采用"]


def test_a_customers_level_decides_the_minutes(folder: Path) -> None:
    enter(folder, """
    ## 客户
    | 客户名称 | 运营商 | 服务等级 |
    | 甲公司 | 移动 | 标准 |
    ## 故障
    | 故障编号 | 客户名称 | 申告时间 |
    | GZ-1 | 甲公司 | 2026-11-20 10:00 |
    """)
    assert due(folder, "K27", "GZ-1", "2026-11-20T10:10:00")[0] == "2026-11-20T11:00:00"
    put(folder, "客户", "甲公司", "服务等级", "VIP")
    assert due(folder, "K27", "GZ-1", "2026-11-20T10:10:00")[0] == "2026-11-20T10:30:00"


def test_all_units_stand_on_one_board(city: City) -> None:
    rows = look(city.folder, "待办")
    assert {"K27", "K02", "K20"} & {row["时限"] for row in rows}
    book = openpyxl.load_workbook(city.folder / "待办.xlsx")
    assert {"待办", "软时限", "分客户", "分客户经理"} <= set(book.sheetnames)


def test_soft_limits_never_enter_the_rate(city: City) -> None:
    counted = [i for i in city.boards[1].data["items"] if i["kind"] == "hard" and i["state"] in ("met", "met-late", "late")]
    rows = look(city.folder, "分客户")
    met = sum(int(row["按时"] or 0) for row in rows if row["客户"] not in ("合计", "全部"))
    assert 0 < met <= sum(item["state"] == "met" for item in counted)
