"""The screening task 3.3 as we print it, filled in by the regional manager in Word, comes back as rows of 站址筛查."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from generator.definitions import definitions
from generator.documents import produce
from generator.ledger import Ledger
from macros.forms import forms
from macros.intake import Taken, take_form
from macros.register import Register
from macros.validation import check_row
from tests.tables import register

CITY = """## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 场景划分 | 经度 | 纬度 | 详细地址 | 天线挂高范围 | 需求收集表签署日期 |
| XQ-01 | 移动 | 澜江 | 东区 | 江东一 | 密集市区 | 113.1 | 28.1 | 一路1号 | 30-35 | 2026-03-04 |
## 工单
| 工单编号 | 工单类型 | 需求编号 | 接收人 | 下发日期 | 要求完成日期 | 工单内容 |
| GD-01 | 启动筛查 | XQ-01 | 区域经理A | 2026-03-09 | 2026-03-13 | 请筛查两个候选站点 |
"""
HELD = """## 站址筛查
| 需求编号 | 候选序号 | 候选站点名称 | 经度 | 纬度 | 能否形成订单 | 不能形成订单原因 |
| XQ-01 | 1 | 江东一北 | 113.1003 | 28.1 | 否 | 业主不同意 |
"""
FIRST = ["", "江东一北\n一路2号", "113.1003\n28.1", "29", "普通地面塔\n35", "王某，同意", "可引入", "是", "区域经理A\n2026年3月12日"]
SECOND = ["", "江东一南", "113.1005，28.1", "49", "", "", "", "否\n业主不同意", ""]


def printed(city: Register, out: Path) -> Path:
    """The task as we print it."""
    made, withheld, _ = produce(
        city, definitions()["3.3"], ["GD-01"], out=out, now=dt.datetime(2026, 3, 9, 10), issued=Ledger(),
        settings={"公司名称": "某塔公司", "客户经理": "客户经理甲"},
    )
    assert not withheld
    return out / made[0].entry.file


def returned(path: Path, *rows: list[str], remark: str = "") -> bytes:
    """The task with its blank rows filled in."""
    document = docx.Document(str(path))
    found = document.tables
    (listing,) = [table for table in found if "筛查结果" in table.rows[0].cells[0].text]
    blank = [row for row in listing.rows[2:] if not any(cell.text.strip() for cell in row.cells)]
    for row, values in zip(blank, rows, strict=False):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    for table in found:
        for row in table.rows:
            if row.cells[0].text == "存在问题及建议":
                row.cells[1].text = remark
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def taken(content: bytes, city: Register) -> Taken:
    (made,) = take_form(content, "回.docx", city, check=check_row, today=dt.date(2026, 3, 16)).taken
    return made


def shown(made: Taken, row: int) -> dict[str, object]:
    titles = [column.title for column in forms()["candidate"].columns]
    return {title: value for title, value in zip(titles, made.added[row], strict=False) if value is not None}


@pytest.fixture
def city() -> Register:
    return register(CITY)


def test_two_candidates_come_back_as_two_rows(city: Register, tmp_path: Path) -> None:
    made = taken(returned(printed(city, tmp_path), FIRST, SECOND, remark="两处相距20米"), city)
    assert (made.form, made.added_rows, made.rejected, made.findings) == ("candidate", 2, 0, [])
    assert shown(made, 0) == {
        "需求编号": "XQ-01", "候选序号": 1, "任务书编号": "GD-01", "任务下发日期": dt.date(2026, 3, 9),
        "要求反馈日期": dt.date(2026, 3, 13), "区域经理": "区域经理A", "候选站点名称": "江东一北",
        "经度": Decimal("113.1003"), "纬度": Decimal("28.1"), "详细地址": "一路2号", "偏移距离": 29,
        "能否形成订单": True, "铁塔种类": "普通地面塔", "塔高": Decimal(35), "业主及意向": "王某，同意",
        "外电条件": "可引入", "选址人": "区域经理A", "选址日期": dt.date(2026, 3, 12), "备注": "两处相距20米",
    }
    second = shown(made, 1)
    assert [second[name] for name in ("候选序号", "经度", "纬度", "能否形成订单", "不能形成订单原因")] == [
        2, Decimal("113.1005"), Decimal("28.1"), False, "业主不同意",
    ]
    assert "天线挂高范围" not in second  # that of the demand, printed above the list


def test_a_task_with_a_known_candidate_brings_the_next_one(tmp_path: Path) -> None:
    city = register(CITY + HELD)
    made = taken(returned(printed(city, tmp_path), SECOND), city)
    assert (made.added_rows, made.unchanged + made.updated, made.rejected) == (1, 1, 0)
    assert shown(made, 0)["候选序号"] == 2


def test_a_task_sent_back_blank_says_so(city: Register, tmp_path: Path) -> None:
    made = taken(returned(printed(city, tmp_path)), city)
    assert (made.added_rows, [said.code for said in made.findings]) == (0, ["INT032"])


ODD = {
    # what stands in the cell of 能否形成订单 and 未成功原因 → read as
    "一行": ("否 业主不同意", (False, "业主不同意")),
    "逗号": ("否，业主不同意", (False, "业主不同意")),
    "勾选": ("☐是 ☑否\n租金过高", (False, "租金过高")),
    "只填是": ("是", (True, None)),
}


@pytest.mark.parametrize(("text", "read"), ODD.values(), ids=ODD)
def test_a_cell_of_two_columns_is_read_however_it_was_filled_in(
    city: Register, tmp_path: Path, text: str, read: tuple[bool, str | None],
) -> None:
    made = taken(returned(printed(city, tmp_path), [*SECOND[:7], text, ""]), city)
    assert (shown(made, 0)["能否形成订单"], shown(made, 0).get("不能形成订单原因")) == read


def test_a_candidate_without_a_verdict_is_refused_in_words(city: Register, tmp_path: Path) -> None:
    made = taken(returned(printed(city, tmp_path), [*FIRST[:7], "", ""], SECOND), city)
    assert (made.added_rows, made.rejected) == (1, 1)
    assert any("能否形成订单" in said.message for said in made.findings)
