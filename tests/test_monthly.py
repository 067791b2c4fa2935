"""The workbooks of a month: a small month worked out by hand, cell by cell, and read back as an operator's list."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.billing.accounts import accounts
from macros.billing.causes import titles
from macros.billing.leases import leases
from macros.billing.lines import line
from macros.billing.month import bill, days_of, spans_of
from macros.billing.movement import Movement, lease_steps, movement
from macros.billing.records import Issued, adjustments, charges
from macros.billing.segments import Segment
from macros.billing.tables import tables
from macros.commands import Answer
from macros.hosts import open_book
from macros.monthly.books import control_of, list_of, tie
from macros.monthly.checks import papers_due
from macros.monthly.figures import waterfall
from macros.monthly.given import MonthRun
from macros.monthly.parts import Parts
from macros.monthly.wide_rows import WideRows, sources
from macros.monthly.words import columns
from macros.pricing.parameters import shipped, tariff
from macros.reconcile.forward import forward
from macros.reconcile.ledger import read_ledger
from macros.register import Register
from tests.city import codes, contents, enter, put, run
from tests.office_parts import amiss
from tests.tables import register

TARIFF = tariff(shipped())[0]
FIRST, SECOND, THIRD, FOURTH = (f"42980170000000001{n}" for n in range(4))
LEASES = """## 租约
| 产品业务确认单编号 | 运营商 | 区县 | 站址编码 | 站址名称 | 产品类型 | 产品单元数 | 铁塔建造成本（元） | 机房建造成本（元） | 配套建造成本（元） | 维护费（元每年） | 场地费（元每年） | BBU安装在铁塔机房费（元每年） | 是否锚定用户 | 订单签约日期 | 服务开始日期 | 服务结束日期 |
"""
# Under the rules of 2023 a year costs tower 100000 ÷ 10 × 1.02 × 1.1 = 11220, room 60000 ÷ 20 × 1.122 = 3366,
# ancillaries 30000 ÷ 6 × 1.122 = 5610, maintenance 2000 × 1.1 = 2200; all four 22396.
SEPTEMBER = LEASES + f"""
| YD-1 | 移动 | 澜南区 | {FIRST} | 花园 | 普通地面塔 | 1 | 100000 | 60000 | 30000 | 2000 | 12000 | | 是 | 2019-12-01 | 2020-01-01 | |
| DX-1 | 电信 | 澜北区 | {THIRD} | 河口 | 景观塔 | 1 | 100000 | | | | | | 否 | 2019-11-01 | 2020-01-01 | 2026-09-30 |
"""
# 联通 joins 移动 on 16 October; YD-2 is new; YD-3 runs since 16 September but was entered only after that was issued;
# LT-2 lacks its first day.
OCTOBER = LEASES + f"""
| LT-1 | 联通 | 澜南区 | {FIRST} | 花园 | 普通地面塔 | 1 | 100000 | 60000 | 30000 | 2000 | 12000 | | 否 | 2026-09-01 | 2026-10-16 | |
| YD-2 | 移动 | 澜南区 | {SECOND} | 城东 | 景观塔 | 1 | 100000 | | | | | 1200 | 否 | 2026-09-01 | 2026-10-01 | |
| YD-3 | 移动 | 澜南区 | {FOURTH} | 城西 | | 1 | 100000 | | | | | | 否 | 2026-09-01 | 2026-09-16 | |
| LT-2 | 联通 | 澜南区 | {SECOND} | 城东 | 景观塔 | 1 | 100000 | | | | | | 否 | 2026-09-01 | | |
## 油机发电
| 运维系统工单号 | 运营商 | 区县 | 站址编码 | 站址名称 | 开始时间 | 结束时间 | 地形 | 发电结果 |
| YJ-1 | 移动 | 澜南区 | {SECOND} | 城东 | 2026-10-05 08:00 | 2026-10-05 14:30 | 平原 | 成功 |
"""
SITES = f"""## 站址
| 站址编码 | 站址名称 | 地市 | 区县 | 经度 | 纬度 | 产权性质 |
| {FIRST} | 花园 | 澜江 | 澜南区 | 111.5 | 30.5 | 自建 |
| {SECOND} | 城东 | 澜江 | 澜南区 | 111.6 | 30.5 | 自建 |
| {THIRD} | 河口 | 澜江 | 澜北区 | 111.7 | 30.5 | 自建 |
| {FOURTH} | 城西 | 澜江 | 澜南区 | 111.8 | 30.5 | 自建 |
"""
CUSTOMERS = """## 客户
| 客户名称 | 运营商 | 服务等级 | 开票名称 | 纳税人识别号 |
| 移动澜江分公司 | 移动 | VIP | 移动澜江有限公司 | 91420000000000001X |
"""
WIDE = "结算详单/塔类产品服务费结算详单-澜江-{}-202610.xlsx"
CONTROL = "出账控制表 2026-10.xlsx"


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> tuple[Path, Answer]:
    """A register with September and October issued, October previewed first. Only for reading."""
    folder = shutil.copytree(blank, tmp_path_factory.mktemp("month") / "台账")
    put(folder, "假设", "公司名称", "采用", "澜江铁塔有限公司")
    put(folder, "假设", "收款账户", "采用", "示例银行 0000 1111")
    enter(folder, SITES + CUSTOMERS + SEPTEMBER)
    run("bill", "2026-09", folder, now="2026-10-03")
    enter(folder, OCTOBER)
    run("bill", "2026-10", folder, now="2026-11-03", dry_run=True, confirm=True)
    return folder, run("bill", "2026-10", folder, now="2026-11-03", confirm=True)


@pytest.fixture(scope="module")
def month(billed: tuple[Path, Answer]) -> Path:
    return billed[0] / "账单" / "2026-10"


def grid(path: Path, title: str = "") -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    sheet = book[title] if title else book.worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def listed(month: Path, operator: str, key: str) -> dict[str, Any]:
    """A lease's row of the wide list by its headings, which stand in the second row."""
    _, headings, *rows = grid(month / WIDE.format(operator))
    (found,) = [row for row in rows if row[1] == key]
    return dict(zip(headings, found, strict=True))


def told(month: Path, title: str) -> list[list[Any]]:
    """The rows of a sheet of the control workbook, without headings."""
    return grid(month / CONTROL, title)[1:]


def test_neither_word_nor_excel_would_have_to_mend_a_months_files(month: Path) -> None:
    files = sorted(path for path in month.rglob("*") if path.suffix in (".xlsx", ".docx"))
    assert {path.name for path in files} >= {CONTROL, Path(WIDE.format("移动")).name}
    assert amiss(files) == []


DAY = dt.datetime
# October has 31 days, 15 of them alone and 16 with 联通.
# YD-1: anchor, signed before 2023: pays 0.976 alone, 1 − 0.374 − 0.024 = 0.602 with another: 15 × 0.976 + 16 × 0.602 = 24.272.
#   base 22396 × 24.272 ÷ 372 = 1461.2788; of it tower 732.0748, room 219.6225, ancillaries 366.0374, maintenance 143.5441:
#   rounded down 732.07 + 219.62 + 366.03 + 143.54 = 1461.26, the two fen left go to ancillaries (…74) and tower (…48).
#   rent 12000 × (15 + 16 × 0.55) ÷ 372 = 767.7419
# LT-1: pays 0.676 of the base for 16 days: 22396 × 10.816 ÷ 372 = 651.1697; rent 12000 × 16 × 0.6 ÷ 372 = 309.6774
CELLS = [
    ("移动", "YD-1", "账期月份(YYYYMM)", "202610"), ("移动", "YD-1", "站址编码", FIRST), ("移动", "YD-1", "业务属性", None),
    ("移动", "YD-1", "服务起始日期", DAY(2020, 1, 1)), ("移动", "YD-1", "产权属性", "自建"), ("移动", "YD-1", "是否为锚定用户", "是"),
    ("移动", "YD-1", "对应铁塔基准价格1", 11220), ("移动", "YD-1", "对应机房基准价格1", 3366), ("移动", "YD-1", "对应配套基准价格1", 5610),
    ("移动", "YD-1", "对应维护费1", 2200), ("移动", "YD-1", "年基准价格", 22396),
    ("移动", "YD-1", "期末铁塔共享用户数", 2), ("移动", "YD-1", "铁塔共享运营商1的起租日期", DAY(2026, 10, 16)),
    ("移动", "YD-1", "铁塔共享运营商1起租后的共享折扣", 0.602), ("移动", "YD-1", "铁塔共享运营商2的起租日期", None),
    ("移动", "YD-1", "场地费共享运营商1起租后的共享折扣", 0.55),
    ("移动", "YD-1", "期末铁塔共享后基准价格1+2+3", 732.08), ("移动", "YD-1", "期末机房共享后基准价格1+2+3", 219.62),
    ("移动", "YD-1", "配套共享后基准价格1+2+3", 366.04), ("移动", "YD-1", "维护费折扣后金额1+2+3", 143.54),
    ("移动", "YD-1", "场地费", 12000), ("移动", "YD-1", "场地费折扣后金额", 767.74), ("移动", "YD-1", "电力引入费折扣后金额", None),
    ("移动", "YD-1", "产品服务费合计(不含税)", 2229.02), ("移动", "YD-1", "应计合计(不含税)", 2229.02),
    ("移动", "YD-1", "与上月相比是否变化", "是"), ("移动", "YD-1", "与上月相比变化量", -592.52), ("移动", "YD-1", "计费天数", 31),
    ("移动", "YD-1", "基准价格出账费用", 1461.28), ("移动", "YD-1", "场地费出账+历史", 767.74),
    ("移动", "YD-2", "BBU安装在铁塔机房费", 100), ("移动", "YD-2", "BBU费出账费用", 100), ("移动", "YD-2", "产品服务费合计(不含税)", 1035),
    ("移动", "YD-3", "产品服务费合计(不含税)", 935), ("移动", "YD-3", "历史调增", 467.5), ("移动", "YD-3", "出账+历史", 1402.5),
    ("移动", "YD-3", "历史待退回", 0), ("移动", "YD-3", "基准价格历史调增", 467.5), ("移动", "YD-3", "应计合计(不含税)", 1402.5),
    ("联通", "LT-1", "期末铁塔共享用户数", 2), ("联通", "LT-1", "铁塔共享运营商1的起租日期", DAY(2020, 1, 1)),
    ("联通", "LT-1", "铁塔共享运营商1起租后的共享折扣", 0.676), ("联通", "LT-1", "产品服务费合计(不含税)", 960.85),
    ("联通", "LT-1", "与上月相比变化量", 960.85), ("联通", "LT-1", "计费天数", 16),
]


@pytest.mark.parametrize(("operator", "key", "heading", "value"), CELLS)
def test_a_cell_of_the_wide_list_is_what_the_hand_calculation_says(month: Path, operator: str, key: str, heading: str, value: Any) -> None:
    assert listed(month, operator, key)[heading] == value


def test_an_adjustment_says_why(month: Path) -> None:
    assert listed(month, "移动", "YD-3")["调整说明"] == "2026-09 467.50：补计：出账时尚未登记"


POSITIONS = list(csv.DictReader((Path(__file__).parent / "answers" / "wide_positions.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", POSITIONS, ids=lambda row: row["position"])
def test_a_column_stands_where_operators_look_for_it(row: dict[str, str]) -> None:
    assert columns()[int(row["position"])].title == row["title"]


def test_every_column_has_a_source_that_exists() -> None:
    assert {column.source for column in columns() if column.source} - sources() == set()


def test_a_list_is_named_as_operators_know_it_and_ends_in_three_rows_that_are_no_data(month: Path) -> None:
    book = openpyxl.load_workbook(month / WIDE.format("移动"))
    assert book.sheetnames == ["202610塔类详单3", "202610油机发电服务费明细1"]
    rows = grid(month / WIDE.format("移动"))
    assert [row[1] for row in rows[2:]] == ["YD-1", "YD-2", "YD-3", None, None, None]
    # 2229.02 + 1035 + 935; 467.50 of September
    assert (rows[5][0], rows[5][84], rows[5][85], rows[5][88]) == ("合计", 4199.02, 467.5, 4666.52)
    assert rows[5][22] is None  # yearly prices are not added up
    assert [row[0][:3] for row in rows[6:]] == ["说明：", "制表："]


def test_the_runs_stand_on_a_sheet_of_their_own(month: Path) -> None:
    # 6 whole hours: 220 + 20 × (6 − 5) = 240; with 6 % tax 254.40
    rows = grid(month / WIDE.format("移动"), "202610油机发电服务费明细1")
    found = dict(zip(rows[1], rows[2], strict=True))
    assert (found["运维系统工单号"], found["计费时长（小时）"]) == ("YJ-1", 6)
    assert (found["发电费（不含税）"], found["发电费（含税）"]) == (240, 254.4)


def test_what_looks_like_a_formula_or_a_number_stays_text(month: Path) -> None:
    sheet = openpyxl.load_workbook(month / WIDE.format("移动")).worksheets[0]
    assert {cell.data_type for cell in sheet["H"][2:5]} == {"s"}


@pytest.mark.parametrize(("operator", "lines", "sum_"), [("移动", 3, "4199.02"), ("联通", 1, "960.85")])
def test_our_own_reconciliation_reads_a_list_back_and_finds_no_difference(
    billed: tuple[Path, Answer], month: Path, tmp_path: Path, operator: str, lines: int, sum_: str,
) -> None:
    path = month / WIDE.format(operator)
    sheets = open_book(path)[0]
    ledger = read_ledger(sheets, path.name, "2026-10", {})
    assert len(ledger.lines) == lines
    assert all(one.items and one.items["base"] for one in ledger.lines)  # the parts of the base price are read too
    folder = shutil.copytree(billed[0], tmp_path / "台账")
    found = run("reconcile", "2026-10", path, folder, out=tmp_path / "对账", now="2026-11-04", customer=operator).data
    assert (found["ours"], found["theirs"], found["difference"], found["causes"]) == (sum_, sum_, "0.00", [])


def test_the_overview_puts_this_month_beside_the_last(month: Path) -> None:
    # 移动 2229.02 + 1035 + 935 = 4199.02, runs 240, September's 467.50: 4906.52, tax 294.39; September 2821.54 + 169.29.
    rows = told(month, "总览")
    assert rows[0] == ["移动", 3, 3, 1, 4199.02, 240, 467.5, 4906.52, 294.39, 5200.91, 2990.83, 2210.08, 0.739]
    assert rows[1] == ["联通", 1, 1, 0, 960.85, 0, 0, 960.85, 57.65, 1018.5, None, None, None]
    assert rows[2][:4] == ["合计", 4, 4, 1]
    assert rows[2][7:10] == [5867.37, 352.04, 6219.41]


def test_every_check_holds(month: Path) -> None:
    rows = told(month, "控制表")
    assert {row[0] for row in rows} == {"✓"} and {row[5] for row in rows} == {0}
    # Six leases in: four lines; DX-1 has ended and LT-2 is in doubt.
    assert rows[0][1:5] == ["租约台账的行数 ＝ 出账行 ＋ 未出账 ＋ 重复登记的行", None, 6, 6]
    # 3.9 and 3.11 for two operators, 3.10 for one.
    assert rows[2][1:5] == ["应出单据 ＝ 已出单据 ＋ 扣发单据", None, 5, 5]


def test_what_is_left_out_leads_to_its_row(month: Path) -> None:
    doubted, ended = told(month, "未出账")
    assert doubted[:4] == ["待核实", "租约", "LT-2", "联通"] and "服务开始日期" in doubted[6]
    assert doubted[7] == "=HYPERLINK(\"../../租约台账.xlsx#'租约'!A7\",\"租约 第7行\")"
    assert ended[:4] == ["不计费", "租约", "DX-1", "电信"] and ended[6] == "本月不在服务期内"


def test_corrections_are_listed_with_month_and_reason(month: Path) -> None:
    # YD-3 ran 15 of September's 30 days: 935 ÷ 2 = 467.50
    assert told(month, "调整") == [
        ["2026-09", "移动", "YD-3", FOURTH, "历史调增", 467.5, "基准价格 467.50", "补计：出账时尚未登记"],
    ]


def test_an_invoice_is_asked_for_with_the_payers_name_and_the_amount_in_capitals(month: Path) -> None:
    mobile, unicom = told(month, "开票申请")
    assert mobile == [
        1, "2026-10", "移动", "移动澜江有限公司", "91420000000000001X", None, 0.06, 4906.52, 294.39, 5200.91,
        "伍仟贰佰元零玖角壹分", "示例银行 0000 1111",
    ]
    assert unicom[2:] == ["联通", None, None, None, 0.06, 960.85, 57.65, 1018.5, "壹仟零壹拾捌元伍角整", "示例银行 0000 1111"]


def test_revenue_is_told_by_product_and_by_item(month: Path) -> None:
    # 普通地面塔 2229.02 + 960.85; 4199.02 + 960.85 + 240 + 467.50 = 5867.37
    assert told(month, "收入构成") == [
        ["普通地面塔", 2229.02, 960.85, 3189.87, 0.5437], ["景观塔", 1035, 0, 1035, 0.1764], ["未写产品类型", 935, 0, 935, 0.1594],
        ["油机发电（按次）", 240, 0, 240, 0.0409], ["历史调整", 467.5, 0, 467.5, 0.0797], ["合计", 4906.52, 960.85, 5867.37, 1],
    ]
    # base 1461.28 + 935 + 935, 651.17; rent 767.74, 309.68
    assert [row[:4] for row in told(month, "费用项目")] == [
        ["基准价格", 3331.28, 651.17, 3982.45], ["场地费", 767.74, 309.68, 1077.42], ["BBU安装在铁塔机房费", 100, 0, 100],
        ["油机发电服务费（按次）", 240, 0, 240], ["历史调整", 467.5, 0, 467.5], ["合计", 4906.52, 960.85, 5867.37],
    ]


def test_the_waterfall_goes_from_last_month_to_this(month: Path) -> None:
    # 移动 2821.54 + 1970.00 (YD-2, YD-3) − 592.52 (联通 joined) + 240 + 467.50 = 4906.52
    shown = {row[0]: row[1:5] for row in told(month, "变动") if any(row[1:5])}
    assert shown == {
        "上月 2026-09": [912.56, 2821.54, 0, 3734.1], "新增起租": [0, 1970, 960.85, 2930.85], "停租、到期": [-912.56, 0, 0, -912.56],
        "共享情况变化": [0, -592.52, 0, -592.52], "油机按次": [0, 240, 0, 240], "历史调整": [0, 467.5, 0, 467.5],
        "本月 2026-10": [0, 4906.52, 960.85, 5867.37],
    }
    chart = {row[0]: row[5:] for row in told(month, "变动")}
    assert chart["新增起租"] == [3734.1, None, 2930.85, None] and chart["停租、到期"] == [5752.39, None, None, 912.56]
    assert chart["本月 2026-10"] == [None, 5867.37, None, None]


def test_every_step_of_the_waterfall_names_its_lease(month: Path) -> None:
    assert told(month, "变动明细") == [
        ["新增起租", "移动", "YD-2", 1035], ["新增起租", "联通", "LT-1", 960.85], ["新增起租", "移动", "YD-3", 935],
        ["停租、到期", "电信", "DX-1", -912.56], ["共享情况变化", "移动", "YD-1", -592.52], ["油机按次", "移动", None, 240],
        ["历史调整", "移动", None, 467.5],
    ]


def test_the_control_workbook_has_native_charts(month: Path) -> None:
    with zipfile.ZipFile(month / CONTROL) as package:
        assert len([name for name in package.namelist() if name.startswith("xl/charts/chart")]) == 5


def test_the_answer_names_the_workbooks_and_the_statement_stays_the_paper(billed: tuple[Path, Answer], month: Path) -> None:
    data = billed[1].data
    assert data["workbooks"] == [str(month / WIDE.format("移动")), str(month / WIDE.format("联通")), str(month / CONTROL)]
    assert {Path(one["file"]).suffix for one in data["statements"]} == {".docx"}


def test_a_preview_is_the_issue_byte_for_byte(month: Path) -> None:
    assert contents(month.with_name("2026-10（预览）")) == contents(month)


def test_a_first_month_has_no_waterfall(month: Path) -> None:
    book = openpyxl.load_workbook(month.with_name("2026-09") / "出账控制表 2026-09.xlsx")
    assert book.sheetnames == ["总览", "控制表", "未出账", "调整", "开票申请", "收入构成", "费用项目"]


def test_a_second_run_leaves_issued_files_and_brings_back_a_missing_one(billed: tuple[Path, Answer], tmp_path: Path) -> None:
    folder = shutil.copytree(billed[0], tmp_path / "台账")
    month = folder / "账单" / "2026-10"
    before = contents(month)
    (month / CONTROL).unlink()
    times = {path: path.stat().st_mtime_ns for path in month.rglob("*.xlsx")}
    answer = run("bill", "2026-10", folder, now="2026-11-04", confirm=True)
    assert contents(month) == before and "MON002" not in codes(answer)
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_an_issued_list_is_kept_when_the_register_says_otherwise_now(billed: tuple[Path, Answer], tmp_path: Path) -> None:
    folder = shutil.copytree(billed[0], tmp_path / "台账")
    month = folder / "账单" / "2026-10"
    before = contents(month)
    put(folder, "站址", FIRST, "产权性质", "社会")
    answer = run("bill", "2026-10", folder, now="2026-11-04", confirm=True)
    assert codes(answer).count("MON002") == 2  # 移动 and 联通 both have a lease there
    assert {name: data for name, data in contents(month).items() if name.endswith(".xlsx")} == {
        name: data for name, data in before.items() if name.endswith(".xlsx")
    }


def month_run(text: str, month: str, before: Issued | None = None) -> MonthRun:
    """A month worked out from readable tables, its papers all made."""
    held = register(text)
    made = bill(month, held.rows("lease"), held.rows("generator"), TARIFF, {})
    fixes = adjustments([before] if before else [], lambda name: bill(name, held.rows("lease"), held.rows("generator"), TARIFF, {}))
    own = accounts(made, fixes, TARIFF)
    rows = tables(made, own, TARIFF, {}, ())
    return MonthRun(made, own, before, rows, held, TARIFF, papers_due(rows))


def issued(text: str, month: str) -> Issued:
    made = month_run(text, month)
    return Issued(month, "", charges(made.bill), (), {one.operator: one.total for one in made.accounts})


def moved(before: str, after: str, month: str = "2026-10") -> Movement:
    """The way from September as ``before`` tells it to a month as ``after`` does, corrections left aside."""
    made = month_run(after, month)
    return movement(issued(before, "2026-09"), made.bill, made.accounts, TARIFF)


def alone(ends: str = "", starts: str = "2024-01-01", cost: int = 100000, anchor: str = "否") -> str:
    return LEASES + f"| A | 移动 | 澜南区 | {FIRST} | 花园 | 普通地面塔 | 1 | {cost} | | | | | | {anchor} | 2024-01-01 | {starts} | {ends} |\n"


OTHER = f"| B | 联通 | 澜南区 | {FIRST} | 花园 | 普通地面塔 | 1 | 100000 | | | | | | 否 | 2024-01-01 | 2026-10-01 | |\n"
# A whole month alone is 11220 ÷ 12 = 935; a tower of 200000 costs twice that; 16 of October's 31 days are 482.58, 15 of
# September's 30 are 467.50. With another: 935 × 0.676 = 632.06.
SPLITS = [
    (alone(), alone(), {}),
    (alone(), alone(cost=200000), {"price": "935.00"}),
    (alone(), alone(ends="2026-10-16"), {"days": "-452.42"}),
    (alone(starts="2026-09-16"), alone(starts="2026-09-16"), {"days": "467.50"}),
    (alone(), alone() + OTHER, {"sharing": "-302.94"}),
    # first the price, 935; then days, 1870 − 965.16 = 904.84
    (alone(), alone(cost=200000, ends="2026-10-16"), {"price": "935.00", "days": "-904.84"}),
    # 16 of 31 days: 482.58; shared, 935 × 0.676 × 16 ÷ 31 = 326.22
    (alone(), alone(ends="2026-10-16") + OTHER, {"days": "-452.42", "sharing": "-156.36"}),
    # who becomes the anchor pays 0.626 where it would pay 0.676: the joining alone, 585.31 − 935
    (alone(), alone(anchor="是") + OTHER, {"sharing": "-349.69"}),
]


@pytest.mark.parametrize(("before", "after", "parts"), SPLITS)
def test_a_leases_change_is_split_by_cause(before: str, after: str, parts: dict[str, str]) -> None:
    steps = moved(before, after).steps
    assert {one.cause: str(one.amount) for one in steps if one.key == "A"} == parts


@pytest.mark.parametrize(("before", "after"), [*((one, other) for one, other, _ in SPLITS), (alone(), alone(ends="2023-01-01")), (alone(), LEASES)])
def test_a_change_is_called_the_same_in_the_control_workbook_and_in_the_roll_forward(before: str, after: str) -> None:
    made, was = month_run(after, "2026-10"), issued(before, "2026-09")
    move = movement(was, made.bill, made.accounts, TARIFF)
    shown = {row[0]: row[len(move.operators) + 1] for row in waterfall(move, move.operators)[1:-1]}
    sums = [sum((one.amount for one in held), Decimal(0)) for held in (was.charges, charges(made.bill))]
    rolled = forward(
        "2026-10", lease_steps("2026-09", was.charges, made.bill, TARIFF), was.charges, charges(made.bill),
        ("2026-09", len(was.charges), sums[0]), (len(charges(made.bill)), sums[1]),
    )
    assert rolled.ties
    assert {step.title: step.amount for step in rolled.steps if step.amount} == {title: amount for title, amount in shown.items() if amount}


def test_new_price_rules_are_a_cause_of_their_own() -> None:
    # December 2022 under the rules of 2018 with two tenants: 935 × 0.7 = 654.50; January under those of 2023 with the
    # further points of an early order: 935 × (1 − 0.324 − 0.024) = 609.62
    text = alone(starts="2020-01-01").replace("2024-01-01", "2019-01-01") + OTHER.replace("2026-10-01", "2020-01-01")
    made = month_run(text, "2023-01")
    steps = movement(issued(text, "2022-12"), made.bill, made.accounts, TARIFF).steps
    assert {one.cause: str(one.amount) for one in steps if one.key == "A"} == {"rules": "-44.88"}


def test_a_lease_in_doubt_is_held_back_and_not_ended() -> None:
    steps = moved(alone(), alone(ends="2023-01-01")).steps  # ends before it starts
    assert [(one.cause, str(one.amount)) for one in steps] == [("held", "-935.00")]


def books(run: MonthRun, findings: list[Any]) -> list[tuple[str, bytes]]:
    """Each workbook of a run with its place, and the checks that do not hold."""
    rows = WideRows(run)
    lists = {account.operator: list_of(run, account, rows) for account in run.accounts}
    name, content, said = control_of(run, tie(run, {operator: made for operator, (_, made) in lists.items()}))
    findings += said
    return [*((place, made.content) for place, made in lists.values()), (name, content)]


def test_a_check_that_does_not_hold_is_told_and_marked() -> None:
    made = month_run(SEPTEMBER, "2026-09")
    findings: list[Any] = []
    *_, (_, content) = books(replace(made, papers=made.papers - 1), findings)
    assert [said.code for said in findings] == ["MON001"]
    assert "左边 4，右边 3，相差 1" in findings[0].message and content


def test_a_month_nobody_pays_for_has_a_control_workbook_too(tmp_path: Path) -> None:
    findings: list[Any] = []
    ((name, content),) = books(month_run(SEPTEMBER, "2019-09"), findings)
    (tmp_path / "book.xlsx").write_bytes(content)
    assert (name, findings) == ("出账控制表 2019-09.xlsx", [])
    assert {row[0] for row in grid(tmp_path / "book.xlsx", "控制表")[1:]} == {"✓"}
    assert grid(tmp_path / "book.xlsx", "收入构成")[-1] == ["合计", 0, None]


def test_a_lease_whose_data_change_in_the_month_ties_in_every_workbook() -> None:
    """A tower of 100000 until 10 October, one of 200000 from the 11th: 11220 × 10 ÷ 372 + 22440 × 21 ÷ 372 = 1568.39."""
    text = alone(ends="2026-10-10") + alone(starts="2026-10-11", cost=200000).replace(LEASES, "")
    made = month_run(text, "2026-10", issued(alone(), "2026-09"))
    findings: list[Any] = []
    (_, _), (_, content) = books(made, findings)
    assert (findings, [str(one.amount) for one in made.bill.lines]) == ([], ["1568.39"])
    assert Parts().month(made.bill.lines[0]) == [156839, 0, 0, 0]
    (row,) = made.tables["charge"]
    assert (row["starts_on"], row["days"], row["working"]) == (dt.date(2024, 1, 1), 31, "基价 11220.00÷12×10/31＋22440.00÷12×21/31")
    assert content


def test_data_changed_back_into_an_issued_month_become_one_correction() -> None:
    """September was issued at 935.00; the tower of 200000 ran from its 16th: 935 × 15 ÷ 30 + 1870 × 15 ÷ 30 = 1402.50."""
    text = alone(ends="2026-09-15") + alone(starts="2026-09-16", cost=200000).replace(LEASES, "")
    made = month_run(text, "2026-10", issued(alone(), "2026-09"))
    (fix,) = made.accounts[0].adjustments
    assert (fix.month, fix.key, str(fix.amount), fix.reason) == ("2026-09", "A", "467.50", "价格、费用变更")


def test_the_same_run_gives_the_same_bytes() -> None:
    september = issued(SEPTEMBER, "2026-09")
    one, other = (
        books(month_run(SEPTEMBER + OCTOBER.replace(LEASES, ""), "2026-10", september), []) for _ in range(2)
    )
    assert one == other


def test_leases_of_other_classes_stand_on_sheets_of_their_own(tmp_path: Path) -> None:
    text = SEPTEMBER.replace("| 产品类型 |", "| 产品类型 | 产品类别 |").replace("| 普通地面塔 |", "| 普通地面塔 | 室分类 |").replace("| 景观塔 |", "| 景观塔 | |")
    (_, mobile), = [one for one in books(month_run(text, "2026-09"), []) if "移动" in one[0]]
    (tmp_path / "list.xlsx").write_bytes(mobile)
    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    assert book.sheetnames == ["202609塔类详单0", "202609室分类详单1"]
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=3)] == [None, "合计", *(row[0].value for row in book.worksheets[0].iter_rows(min_row=5))]
    assert len(read_ledger(open_book(tmp_path / "list.xlsx")[0], "list.xlsx", "2026-09", {}).lines) == 1


def test_every_cause_has_its_words_in_the_order_people_read_them() -> None:
    assert list(titles()) == ["new", "ended", "held", "sharing", "price", "rules", "days", "generator", "corrections"]


COST = st.integers(0, 3_000_000).map(lambda fen: Decimal(fen) / 10)


@given(
    costs=st.tuples(COST, COST, COST, COST), wind=st.sampled_from(["1", "1.08", "0.95"]), units=st.sampled_from(["1", "1.3", "0.1"]),
    cut=st.integers(1, 30), tenants=st.tuples(st.integers(1, 3), st.integers(1, 3)), month=st.sampled_from(["2026-10", "2022-12", "2018-01"]),
)
def test_the_parts_of_the_base_price_always_add_up(
    costs: tuple[Decimal, ...], wind: str, units: str, cut: int, tenants: tuple[int, int], month: str,
) -> None:
    known, _, _ = leases(_row(costs, wind, units).rows("lease"), TARIFF, {})
    first, last = days_of(month)
    middle = first + dt.timedelta(days=min(cut, (last - first).days))
    # Two sets of rules in one month, as when prices change on its sixteenth.
    regimes = [spans_of(TARIFF, *days_of(name))[0][0].regime for name in (month, "2023-01")]
    segments = [
        Segment(first, middle - dt.timedelta(days=1), tenants[0], regimes[0]), Segment(middle, last, tenants[1], regimes[1]),
    ]
    made = line(known[0], segments)
    parts = Parts().month(made)
    assert sum(parts) == made.fen[0]
    assert all(part == 0 for part, cost in zip(parts, costs, strict=True) if not cost)


def _row(costs: tuple[Decimal, ...], wind: str, units: str) -> Register:
    return register(f"""## 租约
| 产品业务确认单编号 | 运营商 | 站址编码 | 产品单元数 | 铁塔建造成本 | 机房建造成本 | 配套建造成本 | 维护费 | 风压系数 | 服务开始日期 |
| A | 移动 | {FIRST} | {units} | {' | '.join(map(str, costs))} | {wind} | 2016-08-01 |""")
