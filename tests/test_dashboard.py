"""The workbench on a small register counted by hand: its numbers, its words, its links, its charts, its one page."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from generator.pdf import find_office
from macros.calendars import base
from macros.commands import Answer
from macros.commands.dashboard.words import _day
from tests.city import City, contents, copied, enter, put, run

#: Wednesday; the week runs from 16 to 22 November 2026 and holds no holiday.
NOW = "2026-11-18T09:00:00"
ROWS = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 客户经理 |
| 移动澜江县分公司 | 移动 | 澜江县 | 标准 | 客户经理乙 |
| 联通河口县分公司 | 联通 | 河口县 | 标准 | 客户经理乙 |
## 需求
| 需求编号 | 运营商 | 客户名称 | 区县 | 需求提出时间 | 需求收集表签署日期 |
| XQ-1 | 移动 | 移动澜江县分公司 | 澜江县 | 2026-11-16 | |
| XQ-2 | 移动 | 移动澜江县分公司 | 澜江县 | 2026-11-17 | |
| XQ-3 | 联通 | 联通河口县分公司 | 河口县 | 2026-11-09 | |
| XQ-4 | 联通 | 联通河口县分公司 | 河口县 | 2026-11-02 | 2026-11-04 |
## 投诉
| 投诉编号 | 客户名称 | 受理时间 | 首次反馈时间 |
| TS-1 | 移动澜江县分公司 | 2026-11-10 09:00 | 2026-11-10 09:10 |
## 账单
| 账期 | 运营商 | 价税合计（元） | 到账金额（元） | 到账日期 |
| 2026-09 | 移动 | 1000.00 | 1000.00 | 2026-10-20 |
| 2026-10 | 移动 | 2000.00 | 500.00 | |
| 2026-09 | 联通 | 300.00 | | |
## 拜访
| 拜访编号 | 客户名称 | 拜访方式 | 拜访日期 |
| BF-1 | 移动澜江县分公司 | 上门 | 2026-11-17 |
| BF-2 | 联通河口县分公司 | 上门 | 2026-11-05 |
"""


@pytest.fixture(scope="module")
def small(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """The small register after the command. Only for reading."""
    folder = copied(blank, tmp_path_factory.mktemp("dashboard"))
    enter(folder, ROWS)
    put(folder, "假设", "客户经理", "采用", "客户经理乙")
    return folder, run("dashboard", folder, now=NOW)


def page(folder: Path) -> Worksheet:
    return openpyxl.load_workbook(folder / "工作台.xlsx")["工作台"]


def lines(folder: Path) -> list[str]:
    """The page as it reads, a text per row."""
    rows = page(folder).iter_rows(values_only=True)
    return ["　".join(str(value) for value in row if value is not None) for row in rows]


def test_what_falls_due_today_and_this_week(small: tuple[Path, Answer]) -> None:
    """Today: XQ-1 (2 working days after the 16th) and the plan of XQ-4 (10 after the 4th). Until Sunday also XQ-2, on
    the 19th, and this week's visit to 联通. Sunday's visit is to be made by Friday, not today."""
    data = small[1].data
    assert [(each["key"], each["clock"]) for each in data["today"]] == [("XQ-1", "K01"), ("XQ-4", "K02")]
    assert data["counts"]["week"] == 4
    assert [(each["day"][-2:], each["due"], each["late"]) for each in data["week"]] == [
        ("16", 0, 0), ("17", 0, 1), ("18", 2, 0), ("19", 1, 0), ("20", 0, 0), ("21", 0, 0), ("22", 1, 0),
    ]
    assert [each["workday"] for each in data["week"]] == [True] * 5 + [False] * 2


def test_what_is_late_soft_limits_aside(small: tuple[Path, Answer]) -> None:
    """XQ-3; two months' lists (K20) and two months' statements (K21) of two operators, 8; 联通's payment of September;
    TS-1 under supervision; 联通's visit of last week; minutes of both visits (K41); two plans of November: 16 in all,
    of which XQ-3 and the payment are hard."""
    counts = small[1].data["counts"]
    assert (counts["late"], counts["hard_late"], counts["supervised"]) == (16, 2, 1)


def test_the_red_list_has_a_line_a_matter_the_gravest_first(small: tuple[Path, Answer]) -> None:
    red = [(each["key"], each["clock"], each["deadlines"]) for each in small[1].data["red"]]
    assert red[:3] == [("TS-1", "K34", 1), ("联通 2026-09", "K22", 3), ("XQ-3", "K01", 1)]
    assert len(red) == 10


def test_money_by_month_and_what_of_it_is_overdue(small: tuple[Path, Answer]) -> None:
    money = small[1].data["money"]
    assert money["months"] == {
        "2026-09": ["1300.00", "1000.00", "300.00", "300.00"], "2026-10": ["2000.00", "500.00", "1500.00", "0.00"],
    }
    assert (money["billed"], money["received"], money["owed"], money["overdue"]) == ("3300.00", "1500.00", "1800.00", "300.00")
    assert money["pay_by"] == "2026-11-25"


def test_customers_with_most_to_do_about_them_come_first(small: tuple[Path, Answer]) -> None:
    """联通: XQ-3, last week's visit and the minutes of the one before are late; 移动: the complaint and the minutes."""
    rows = [tuple(each.values()) for each in small[1].data["customers"]]
    assert rows == [
        ("联通河口县分公司", "late", "2026-11-05", 3, 2, 0), ("移动澜江县分公司", "visited", "2026-11-17", 2, 2, 1),
    ]


def test_the_rate_counts_hard_limits_by_the_month_of_their_verdict(small: tuple[Path, Answer]) -> None:
    """November: XQ-4 and the first reply to TS-1 in time, XQ-3 not. October: 移动 paid on the 20th, 联通 never did."""
    rates = small[1].data["rates"]
    assert list(rates) == ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]
    assert rates["2026-11"] == {"met": 2, "late": 1, "rate": "0.6667"}
    assert rates["2026-10"] == {"met": 1, "late": 1, "rate": "0.5000"}
    assert rates["2026-09"]["rate"] is None


def test_the_page_says_the_numbers(small: tuple[Path, Answer]) -> None:
    text = lines(small[0])
    assert text[0] == "澜江　客户经理乙　工作台　2026年11月18日　星期三　工作日"
    assert text[1:4] == [
        "今日应办　本周到期　逾期　重点督办　欠款（元）　本月及时率", "2　4　16　1　1800　" + str(2 / 3),
        "另有逾期16项　到11月22日，含今日　硬性时限2项，涉及10件　超过3个工作日未解决的投诉　其中逾期300.00　硬性时限3项，按时2项",
    ]
    assert any(line.startswith("今日　XQ-1　移动澜江县分公司　需求收集：填写附表3.1") and line.endswith("K01 §2.1.1.3") for line in text)
    assert any(line.startswith("逾期4天　TS-1　移动澜江县分公司　投诉重点督办") for line in text)
    assert "另有4件，见《待办》" in text
    assert any("款项（距应到账日11月25日还有7天）" in line and "客户" in line for line in text)
    assert any(line.startswith("合计　3300　1500　1800") for line in text)
    assert any("联通河口县分公司　上周未访 11/5　3　2　0" in line for line in text)


def test_days_to_come_fill_the_list_below_today(small: tuple[Path, Answer]) -> None:
    text = lines(small[0])
    begin = next(number for number, line in enumerate(text) if line.startswith("今日　XQ-4"))
    assert text[begin + 1].startswith("11月19日　XQ-2")
    assert text[begin + 2].startswith("11月22日　2026-W47　联通河口县分公司　每周上门拜访")


def link(sheet: Worksheet, text: str) -> str:
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    hyperlink: Any = cell.hyperlink
    assert hyperlink is not None
    return str(hyperlink.target or f"{hyperlink.location}")


def test_a_number_leads_to_its_cell_in_the_register(small: tuple[Path, Answer]) -> None:
    book = openpyxl.load_workbook(small[0] / "需求台账.xlsx")["需求"]
    (column,) = [cell.column_letter for cell in book[1] if cell.value == "需求提出时间"]
    assert link(page(small[0]), "XQ-1") == f"需求台账.xlsx#'需求'!{column}2"


def test_elsewhere_the_numbers_lead_back_to_the_register(small: tuple[Path, Answer], tmp_path: Path) -> None:
    folder = copied(small[0], tmp_path)
    run("dashboard", folder, out=tmp_path / "早会", now=NOW)
    assert link(page(tmp_path / "早会"), "XQ-1").startswith("../台账/需求台账.xlsx#'需求'!")


def test_the_charts_figures_stand_in_a_sheet_of_their_own(small: tuple[Path, Answer]) -> None:
    book = openpyxl.load_workbook(small[0] / "工作台.xlsx")
    assert book.sheetnames == ["工作台", "图表数据"]
    rows = list(book["图表数据"].iter_rows(values_only=True))
    assert rows[0] == ("日期", "到期", None, "账期", "应收", "已收", None, "月份", "及时率")
    assert [row[:2] for row in rows[1:]] == [
        ("11/18", 2), ("11/19", 1), ("11/20", 0), ("11/21", 0), ("11/22", 1), ("11/23", 0), ("11/24", 0), ("11/25", 2),
        ("11/26", 0), ("11/27", 0), ("11/28", 0), ("11/29", 0), ("11/30", 2), ("12/1", 0),
    ]
    assert [row[3:6] for row in rows[1:3]] == [("2026-09", 0.13, 0.1), ("2026-10", 0.2, 0.05)]
    assert [str(value)[:7] for value in rows[6][7:9]] == ["2026-11", "0.66666"]


def test_three_native_charts_stand_beside(small: tuple[Path, Answer]) -> None:
    charts = page(small[0])._charts  # type: ignore[attr-defined]
    assert [chart.tagname for chart in charts] == ["barChart", "barChart", "lineChart"]
    assert [chart.series[0].val.numRef.f for chart in charts] == ["'图表数据'!$B$2:$B$15", "'图表数据'!$E$2:$E$3", "'图表数据'!$I$2:$I$7"]


def test_the_page_is_one_landscape_a4_sheet(small: tuple[Path, Answer]) -> None:
    sheet = page(small[0])
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.freeze_panes == "A6"


def test_the_same_register_gives_the_same_bytes_and_stays_as_it_is(small: tuple[Path, Answer]) -> None:
    before = contents(small[0])
    run("dashboard", small[0], now=NOW)
    assert contents(small[0]) == before


@pytest.mark.parametrize(
    ("column", "value", "supervised"),
    [("重点督办报告日期", "2026-11-16", 1), ("解决时间", "2026-11-17 10:00", 0)],
    ids=["reported", "solved"],
)
def test_only_its_solution_takes_a_complaint_off_the_list(
    small: tuple[Path, Answer], tmp_path: Path, column: str, value: str, supervised: int,
) -> None:
    folder = copied(small[0], tmp_path)
    put(folder, "投诉", "TS-1", column, dt.datetime.fromisoformat(value))
    assert run("dashboard", folder, now=NOW).data["counts"]["supervised"] == supervised


def test_a_new_register_says_that_there_is_nothing(folder: Path) -> None:
    """Only the two plans of the month are late, which every manager owes from its first working day on."""
    answer = run("dashboard", folder, now=NOW)
    text = lines(folder)
    assert answer.status == 0
    assert text[2] == "0　0　2　0　0　—"
    assert "今天没有到期事项" in text
    assert any("还没有账单" in line and "还没有客户" in line for line in text)
    assert [row[3:6] for row in openpyxl.load_workbook(folder / "工作台.xlsx")["图表数据"].iter_rows(min_row=2, max_row=2, values_only=True)] == [(None, None, None)]


def test_a_duty_of_every_customer_is_one_line(city: City, tmp_path: Path) -> None:
    """On Saturday the week's visits to all 18 customers are still to be made; Sunday ends the week."""
    run("dashboard", city.folder, out=tmp_path, now="2026-11-21T09:00")
    (line,) = [line for line in lines(tmp_path) if "每周上门拜访" in line]
    assert line.startswith("11月22日到期　2026-W47　18家客户")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2026, 11, 18), "2026年11月18日　星期三　工作日"),
        (dt.date(2026, 11, 21), "2026年11月21日　星期六　休息日，下一个工作日11月23日"),
        (dt.date(2026, 10, 10), "2026年10月10日　星期六　工作日（国庆节调休补班）"),
        (dt.date(2026, 10, 1), "2026年10月1日　星期四　休息日（国庆节），下一个工作日10月8日"),
        (dt.date(2150, 1, 1), "2150年1月1日　星期四　日历未公布到这一天"),
    ],
)
def test_the_day_tells_whether_it_is_worked(day: dt.date, said: str) -> None:
    assert _day(day, base()) == said


@pytest.mark.office
@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
def test_libreoffice_prints_it_on_one_page_with_its_charts(small: tuple[Path, Answer], tmp_path: Path) -> None:
    office = find_office()
    assert office is not None
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    subprocess.run(
        [office, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, small[0] / "工作台.xlsx"],
        check=True, capture_output=True, timeout=180,
    )
    pages = PdfReader(tmp_path / "工作台.pdf").pages
    first = pages[0].extract_text()
    assert float(pages[0].mediabox.width) > float(pages[0].mediabox.height)
    assert "联通河口县分公司" in first
    assert "两周内每日到期" in first
    assert "硬性时限及时率" in first
    assert "今日应办" not in "".join(page.extract_text() for page in pages[1:])
