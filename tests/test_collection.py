"""What is billed, received and owed: partial payments, ageing from the 25th, the first ten days, worked by hand."""

from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.billing.collection import Milestone, Standing, ageing, bucket, entries, standings
from macros.findings import Finding
from tests.city import codes, enter, items, look, run
from tests.tables import register

TODAY = dt.date(2026, 12, 28)
STATEMENTS = "| 账期 | 运营商 | 价税合计 | 到账金额 | 到账日期 |"
PAYMENTS = "| 收款编号 | 账期 | 运营商 | 收款日期 | 收款金额 |"


def stand(statements: str, payments: str = "", today: dt.date = TODAY) -> tuple[list[Standing], list[Finding]]:
    made = register(f"## 账单\n{STATEMENTS}\n{statements}\n## 收款\n{PAYMENTS}\n{payments}")
    stones = {
        (clock, row.text("month"), row.text("operator")): Milestone(_due(row.text("month"), day), "open", None)
        for row in made.rows("statement") for clock, day in (("K21", 10), ("K22", 25))
    }
    return standings(made.rows("statement"), made.rows("payment"), stones, today)


def _due(month: str, day: int) -> dt.date:
    """The day in the month after the one billed; these tests bill no December."""
    year, number = map(int, month.split("-"))
    return dt.date(year, number + 1, day)


def short(each: Standing) -> tuple[str, str, str, int, str]:
    return each.operator, str(each.received.amount), str(each.open), each.days, each.bucket


# Billed 1000 in October, to be paid by 25 November; on 28 December that is 33 days ago.
ONE = "| 2026-10 | 移动 | 1000.00 | | |"


def test_nothing_came_in() -> None:
    ((each,), findings) = stand(ONE)
    assert (short(each), findings) == (("移动", "0.00", "1000.00", 33, "31—60天"), [])


def test_payments_add_up_and_the_rest_ages() -> None:
    payments = "| SK-2 | 2026-10 | 移动 | 2026-12-01 | 250.00 |\n| SK-1 | 2026-10 | 移动 | 2026-11-20 | 400.00 |"
    ((each,), findings) = stand(ONE, payments)
    assert (short(each), findings) == (("移动", "650.00", "350.00", 33, "31—60天"), [])
    assert (each.received.last_on, each.received.complete_on, each.received.payments) == (dt.date(2026, 12, 1), None, 2)
    assert [values for _, values in entries([each])] == [{"paid": Decimal("650.00")}]


def test_the_day_the_last_part_came_is_the_day_of_payment() -> None:
    payments = "| SK-1 | 2026-10 | 移动 | 2026-11-20 | 400.00 |\n| SK-2 | 2026-10 | 移动 | 2026-11-24 | 600.00 |"
    ((each,), findings) = stand(ONE, payments)
    assert (short(each), findings) == (("移动", "1000.00", "0.00", 0, "已收齐"), [])
    assert [values for _, values in entries([each])] == [{"paid": Decimal("1000.00"), "paid_on": dt.date(2026, 11, 24)}]


def test_what_is_paid_back_opens_the_statement_again() -> None:
    payments = "| SK-1 | 2026-10 | 移动 | 2026-11-20 | 1000.00 |\n| SK-2 | 2026-10 | 移动 | 2026-11-28 | -100.00 |"
    ((each,), _) = stand(ONE, payments)
    assert (each.open, each.received.complete_on) == (Decimal("100.00"), None)


def test_a_payment_dated_later_is_not_known_yet() -> None:
    ((each,), _) = stand(ONE, "| SK-1 | 2026-10 | 移动 | 2026-12-29 | 1000.00 |")
    assert each.open == Decimal("1000.00")


def test_the_statements_own_cells_count_where_there_is_no_payment() -> None:
    ((each,), findings) = stand("| 2026-10 | 移动 | 1000.00 | 1000.00 | 2026-11-26 |")
    assert (each.open, each.received.complete_on, findings, entries([each])) == (Decimal("0.00"), dt.date(2026, 11, 26), [], [])


# A month, how long after the 25th, the age.
AGES = [
    ("2026-11", 0, "未到期"), ("2026-11", 1, "1—30天"), ("2026-11", 30, "1—30天"), ("2026-11", 31, "31—60天"), ("2026-11", 60, "31—60天"),
    ("2026-11", 61, "61—90天"), ("2026-11", 90, "61—90天"), ("2026-11", 91, "90天以上"), ("2026-11", 400, "90天以上"),
]


@pytest.mark.parametrize(("month", "days", "age"), AGES)
def test_the_25th_itself_is_in_time_and_ages_begin_the_day_after(month: str, days: int, age: str) -> None:
    ((each,), _) = stand(f"| {month} | 移动 | 1000.00 | | |", today=dt.date(2026, 12, 25) + dt.timedelta(days=days))
    assert (each.days, each.bucket) == (days, age)


def test_before_the_25th_nothing_is_late() -> None:
    ((each,), _) = stand(ONE, today=dt.date(2026, 11, 3))
    assert (each.days, each.bucket) == (0, "未到期")


def test_the_ageing_sums_open_amounts_by_age_and_customer() -> None:
    found, _ = stand("""
        | 2026-08 | 移动 | 500.00 | | |
        | 2026-09 | 联通 | 300.00 | 100.00 | |
        | 2026-10 | 移动 | 1000.00 | | |
        | 2026-10 | 联通 | 800.00 | 800.00 | 2026-11-20 |
        | 2026-11 | 移动 | 70.00 | | |
        | 2026-11 | 联通 | 60.00 | | |
    """)
    # 28 December is 94 days after 25 September, 64 after 25 October, 33 after 25 November, 3 after 25 December.
    assert {title: {who: str(open_) for who, open_ in each.items()} for title, each in ageing(found).items()} == {
        "未到期": {"移动": "0.00", "联通": "0.00"}, "1—30天": {"移动": "70.00", "联通": "60.00"},
        "31—60天": {"移动": "1000.00", "联通": "0.00"}, "61—90天": {"移动": "0.00", "联通": "200.00"},
        "90天以上": {"移动": "500.00", "联通": "0.00"},
    }


DOUBTS = [
    ("| 2026-10 | 移动 | 1000.00 | 400.00 | 2026-11-20 |", "", ["COL003"], "600.00"),
    ("| 2026-10 | 移动 | 1000.00 | | 2026-11-20 |", "", ["COL004"], "0.00"),
    ("| 2026-10 | 移动 | 1000.00 | 1100.00 | 2026-11-20 |", "", ["COL006"], "-100.00"),
    ("| 2026-10 | 移动 | 1000.00 | 700.00 | |", "| SK-1 | 2026-10 | 移动 | 2026-11-20 | 400.00 |", ["COL002"], "300.00"),
    ("| 2026-10 | 移动 | 1000.00 | 400.00 | |", "| SK-1 | 2026-10 | 移动 | 2026-11-20 | 1200.00 |", ["COL006"], "-200.00"),
    (ONE, "| SK-1 | 2026-10 | 联通 | 2026-11-20 | 400.00 |", ["COL001"], "1000.00"),
    (f"{ONE}\n{ONE}", "", ["COL007"], "1000.00"),
]


@pytest.mark.parametrize(("statements", "payments", "said", "left"), DOUBTS)
def test_what_does_not_fit_is_said(statements: str, payments: str, said: list[str], left: str) -> None:
    ((each,), findings) = stand(statements, payments)
    assert ([one.code for one in findings], str(each.open)) == (said, left)


def test_a_statement_without_total_is_left_out_and_said() -> None:
    found, findings = stand("| 2026-10 | 移动 | | | |")
    assert (found, [one.code for one in findings]) == ([], ["COL005"])


def test_an_amount_above_its_payments_is_left_alone() -> None:
    found, _ = stand("| 2026-10 | 移动 | 1000.00 | 700.00 | |", "| SK-1 | 2026-10 | 移动 | 2026-11-20 | 400.00 |")
    assert entries(found) == []


def test_settled_amounts_have_no_age() -> None:
    assert bucket(Decimal("0.00"), 0) == bucket(Decimal("-1.00"), 0) == "已收齐"


# The command on a folder.
CITY = """
## 账单
| 账期 | 运营商 | 明细表提交日期 | 对账单确认日期 | 价税合计（元） | 到账金额（元） | 到账日期 |
| 2026-10 | 移动 | 2026-11-03 | 2026-11-09 | 1000 | | |
| 2026-10 | 联通 | 2026-11-03 | 2026-11-12 | 800 | | |
| 2026-10 | 电信 | 2026-11-03 | | 600 | 600 | 2026-11-26 |
## 收款
| 收款编号 | 账期 | 运营商 | 收款日期 | 收款金额（元） |
| SK-1 | 2026-10 | 移动 | 2026-11-18 | 400 |
| SK-2 | 2026-10 | 移动 | 2026-11-24 | 600 |
| SK-3 | 2026-10 | 联通 | 2026-11-24 | 300 |
"""
NOW = "2026-11-30T09:00:00"


@pytest.fixture
def city_(folder: Path) -> Path:
    enter(folder, CITY)
    return folder


def test_the_list_shows_days_ages_and_the_first_ten_days(city_: Path) -> None:
    answer = run("collection", city_, now=NOW)
    rows = {row["customer"]: row for row in answer.data["rows"]}
    assert {who: (row["open"], row["state"], row["days_overdue"], row["bucket"], row["due"]) for who, row in rows.items()} == {
        "移动": ("0.00", "按时办结", 0, "已收齐", "2026-11-25"),
        "联通": ("500.00", "逾期5天", 5, "1—30天", "2026-11-25"),
        "电信": ("0.00", "逾期办结", 0, "已收齐", "2026-11-25"),
    }
    assert {who: (row["milestones"]["K21"]["due"], row["milestones"]["K21"]["state"]) for who, row in rows.items()} == {
        "移动": ("2026-11-10", "met"), "联通": ("2026-11-10", "met-late"), "电信": ("2026-11-10", "late"),
    }
    assert answer.data["total"] == {"billed": "2400.00", "received": "1900.00", "open": "500.00"}
    assert (answer.status, codes(answer)) == (0, [])
    assert "欠款 500.00" in answer.text


def test_payments_fill_the_statement_and_close_its_clock(city_: Path) -> None:
    run("collection", city_, now=NOW)
    filled = {row["运营商"]: (row["到账金额（元）"], row["到账日期"]) for row in look(city_, "账单")}
    assert filled == {"移动": (1000, dt.datetime(2026, 11, 24)), "联通": (300, None), "电信": (600, dt.datetime(2026, 11, 26))}
    board = dict(items(run("board", city_, now=NOW)))
    assert {who: board["K22", f"{who} 2026-10"]["state"] for who in ("移动", "联通", "电信")} == {"移动": "met", "联通": "late", "电信": "met-late"}


def sheet(path: Path, title: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path)[title].iter_rows(values_only=True))


def test_the_workbook_has_the_ageing_as_a_chart_that_excel_draws(city_: Path, tmp_path: Path) -> None:
    answer = run("collection", city_, out=tmp_path / "出件", now=NOW)
    path = tmp_path / "出件" / "收款情况.xlsx"
    assert answer.data["file"] == str(path)
    assert sheet(path, "账龄") == [
        ("账龄", "电信", "移动", "联通"), ("未到期", 0, 0, 0), ("1—30天", 0, 0, 500), ("31—60天", 0, 0, 0), ("61—90天", 0, 0, 0),
        ("90天以上", 0, 0, 0),
    ]
    assert [row[:6] for row in sheet(path, "收款")[1:]] == [
        ("逾期办结", "2026-10", "电信", 600, 600, 0), ("按时办结", "2026-10", "移动", 1000, 1000, 0), ("逾期5天", "2026-10", "联通", 800, 300, 500),
    ]
    with zipfile.ZipFile(path) as package:
        chart = package.read("xl/charts/chart1.xml").decode()
    assert "'账龄'!$B$2:$B$6" in chart and "'账龄'!$A$2:$A$6" in chart
    assert 'grouping val="stacked"' in chart and 'delete val="1"' not in chart


def test_the_same_figures_give_the_same_bytes(city_: Path) -> None:
    first = Path(run("collection", city_, now=NOW).data["file"]).read_bytes()
    assert Path(run("collection", city_, now=NOW).data["file"]).read_bytes() == first


def test_a_register_from_before_the_payments_table_works_and_is_told(folder: Path) -> None:
    path = folder / "租约台账.xlsx"
    enter(folder, CITY.partition("## 收款")[0])
    book = openpyxl.load_workbook(path)
    del book["收款"]
    book.save(path)
    answer = run("collection", folder, now=NOW)
    assert (answer.status, codes(answer)) == (0, ["CMD019"])
    assert answer.data["total"]["received"] == "600.00"


def test_a_register_without_statements_has_an_empty_list(folder: Path) -> None:
    answer = run("collection", folder, now=NOW)
    assert (answer.data["rows"], answer.data["total"]["open"], answer.status) == ([], "0.00", 0)


def test_a_text_that_begins_like_a_formula_stays_text(folder: Path) -> None:
    from macros.workbooks.reports import report

    spec = {"title": "表", "purpose": "", "colour": "", "columns": [{"name": "a", "title": "甲", "type": "text"}]}
    path = folder / "甲.xlsx"
    path.write_bytes(report("甲", [(spec, [["=1+1"]])]))
    assert openpyxl.load_workbook(path)["表"]["A2"].data_type == "s"


def test_a_workbook_that_cannot_be_written_is_a_finding(city_: Path) -> None:
    (city_ / "收款情况.xlsx").mkdir()
    answer = run("collection", city_, now=NOW)
    assert answer.status == 1
    assert answer.data["total"]["open"] == "500.00"


def test_a_new_payment_moves_the_sum(city_: Path) -> None:
    run("collection", city_, now=NOW)
    enter(city_, "## 收款\n| 收款编号 | 账期 | 运营商 | 收款日期 | 收款金额（元） |\n| SK-4 | 2026-10 | 联通 | 2026-11-29 | 500 |")
    answer = run("collection", city_, now=NOW)
    assert (answer.data["total"]["open"], codes(answer)) == ("0.00", [])
    assert {row["运营商"]: row["到账日期"] for row in look(city_, "账单")}["联通"] == dt.datetime(2026, 11, 29)


def test_check_finds_a_slip_number_entered_twice(city_: Path) -> None:
    enter(city_, "## 收款\n| 收款编号 | 账期 | 运营商 | 收款日期 | 收款金额（元） |\n| SK-3 | 2026-10 | 电信 | 2026-11-29 | 1 |")
    found = [said for said in run("check", city_, now=NOW).data["findings"] if said["sheet"] == "收款" and said["severity"] == "error"]
    assert {said["key"] for said in found} == {"SK-3"}
