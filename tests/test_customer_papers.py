"""客户关系卡片 from register rows to paper, and the marks of confidence on papers with personal data (R1, I4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.definitions import Definition, definitions, fields
from generator.issuing import TEMPLATES
from generator.layout import CONFIDENTIAL
from generator.template import load
from macros.commands import Answer
from macros.data import toml
from macros.forms import forms
from tests.city import codes, copied, enter, look, put, run
from tests.papers import text

NOW = "2026-11-20T09:30"
#: Read line by line by a person beside the rows below, and then approved.
APPROVED = Path(__file__).parent / "answers" / "papers" / "customer-card.txt"

CITY = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 办公地址 | 开票名称 | 纳税人识别号 | 联席会议日 | 客户经理 | 最近核实日期 | 客户概况 | 紧急联系人 | 紧急联系电话 | 违约记录 | 发展潜力 | 毛利率 | 是否重点客户 |
| 移动甲 | 移动 | 甲县 | VIP | 甲路1号 | 移动甲公司 | 91430000MA4L16JG9X | 5 | 客户经理A | 2026-10-01 | 县城与高速沿线 | 值班员C | 0731-1234567 | 2025年逾期验收一次 | 高 | 20% | 是 |
| 联通乙 | 联通 | 乙县 | 标准 | 乙路2号 | | | | 客户经理B | 2026-03-01 | | | | | | | |
| 电信丙 | 电信 | 丙县 | 标准 | | | | | 客户经理B | | | | | | | | |
## 联系人
| 客户名称 | 联系人 | 所属部门 | 职务 | 电话 | 电子邮箱 | 角色 | 影响力 | 态度 | 对应领导 |
| 移动甲 | 客户代表A | 网络部 | 主任 | 13800000000 | a@example.com | 决策 | 高 | 支持 | 领导A |
| 联通乙 | 客户代表B | 建设部 | 专员 | 13900000000 | b@example.com | 技术 | 中 | 中立 | |
## 租约
| 产品业务确认单编号 | 运营商 | 区县 | 站址编码 | 站址名称 | 产品类型 | 服务开始日期 | 服务结束日期 | 年服务费（元每年） |
| QR-1 | 移动 | 甲县 | 429000000000000001 | 东门塔 | 普通地面塔 | 2022-01-01 | 2026-12-31 | 35300.50 |
| QR-2 | 移动 | 甲县 | 429000000000000002 | 旧站 | 普通地面塔 | 2015-01-01 | 2019-12-31 | 30000 |
| QR-3 | 移动 | 甲县 | 429000000000000003 | 西门塔 | 景观塔 | 2024-06-01 | | 41000 |
| QR-4 | 联通 | 乙县 | 429000000000000004 | 南塔 | 景观塔 | 2024-06-01 | | 41000 |
## 账单
| 账期 | 运营商 | 合计不含税（元） | 价税合计（元） | 到账金额（元） | 到账日期 | 备注 |
| 2026-05 | 移动 | 1000 | 1060 | 1060 | 2026-06-24 | |
| 2026-07 | 移动 | 2000 | 2120 | 1000 | | 对账有异议 |
## 故障
| 故障编号 | 客户名称 | 站址名称 | 申告时间 | 故障现象 | 修复时间 | 处理结果 |
| GZ-1 | 移动甲 | 东门塔 | 2026-11-02 09:00 | 退服 | 2026-11-02 11:00 | 更换空开 |
| GZ-2 | 移动甲 | 东门塔 | 2025-11-02 09:00 | 断电 | 2025-11-02 11:00 | 一年以前 |
## 投诉
| 投诉编号 | 客户名称 | 受理时间 | 类别 | 内容 | 办结时间 | 满意度 |
| TS-1 | 移动甲 | 2026-09-01 10:00 | 维护质量 | 响应慢 | 2026-09-03 10:00 | 满意 |
## 单据
| 单据编号 | 表号 | 名称 | 客户 | 台账行 | 文件 | 生成时间 | 送达日期 | 签署日期 |
| LJTD-3.4-2026-0001 | 3.4 | 需求订单确认表 | 移动甲 | DD-1 | x.docx | 2026-11-12 09:00 | 2026-11-13 | 2026-11-16 |
"""


@pytest.fixture(scope="module")
def carded(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """The city with its cards printed. Only for reading."""
    folder = copied(blank, tmp_path_factory.mktemp("carded"))
    enter(folder, CITY)
    put(folder, "假设", "公司名称", "采用", "某塔公司")
    return folder, run("customers", folder, now=NOW, printed=[])


def card(answer: Answer, key: str) -> str:
    (file,) = [row["file"] for row in answer.data["documents"] if row["key"] == key]
    return text(Path(file).read_bytes())


def test_the_card_reads_as_approved(carded: tuple[Path, Answer]) -> None:
    lines = [line for line in card(carded[1], "移动甲").splitlines() if line.strip()]
    assert lines == APPROVED.read_text(encoding="utf-8").splitlines()


def test_a_card_of_a_file_out_of_date_says_so(carded: tuple[Path, Answer]) -> None:
    # 1 March and 180 days is 28 August.
    printed = card(carded[1], "联通乙")
    assert "状态：【已过期，须核实】" in printed
    assert "最近核实：2026年3月1日　　有效期至：2026年8月28日" in printed


def test_a_file_never_verified_has_no_card(carded: tuple[Path, Answer]) -> None:
    folder, answer = carded
    (withheld,) = answer.data["withheld"]
    (said,) = withheld["findings"]
    assert (withheld["key"], said["code"], said["sheet"], said["cell"], answer.status) == ("电信丙", "CUS009", "客户", "M4", 1)
    assert [row["台账行"] for row in look(folder, "单据") if row["名称"] == "客户关系卡片"] == ["移动甲", "联通乙"]


def test_a_card_holds_nothing_of_another_customer(carded: tuple[Path, Answer]) -> None:
    printed = card(carded[1], "移动甲")
    assert not [word for word in ("客户代表B", "南塔", "QR-4", "旧站", "一年以前") if word in printed]


def test_a_card_is_made_anew_only_when_something_changed(carded: tuple[Path, Answer], tmp_path: Path) -> None:
    folder = copied(carded[0], tmp_path)
    home = tmp_path / "出件"
    first = run("customers", folder, home, now=NOW, printed=["移动甲"])
    again = run("customers", folder, home, now="2026-11-21T09:30", printed=["移动甲"])
    put(folder, "客户", "移动甲", "办公地址", "丙路3号")
    moved = run("customers", folder, home, now="2026-11-21T09:30", printed=["移动甲"])
    numbers = [answer.data["documents"][0]["number"] for answer in (first, again, moved)]
    assert numbers[0] == numbers[1] != numbers[2]
    assert "丙路3号" in card(moved, "移动甲")


def test_cards_are_printed_only_when_asked_for(folder: Path) -> None:
    enter(folder, CITY)
    assert run("customers", folder, now=NOW).data["documents"] == []
    answer = run("customers", folder, now=NOW, printed=["联通乙", "没有的客户"])
    assert ([row["key"] for row in answer.data["documents"]], "CUS025" in codes(answer)) == (["联通乙"], True)


def personal(definition: Definition) -> set[str]:
    """The personal columns that a paper's template prints, by placeholder."""
    tables: dict[str, Any] = {"": forms()[definition.table]}
    tables |= {f"{join.name}.": forms()[join.table] for join in definition.joins}
    tables |= {f"{each.name}[].": forms()[each.table] for each in definition.lists}
    template, _ = load(TEMPLATES / definition.template, fields(definition))
    assert template is not None
    return {start + column.title for start, form in tables.items() for column in form.columns if column.personal} & set(template.uses)


@pytest.mark.parametrize("code", list(definitions()))
def test_a_paper_with_personal_data_says_whether_it_is_confidential_and_bears_its_mark(code: str) -> None:
    rules = toml(CONFIDENTIAL)
    entry = rules["paper"].get(code)
    assert bool(entry) == bool(personal(definitions()[code]))
    header = text((TEMPLATES / definitions()[code].template).read_bytes(), "word/header1.xml")
    wanted = rules["mark"][entry["mark"]] if entry and entry["mark"] else ""
    assert (wanted in header) if wanted else not any(mark in header for mark in rules["mark"].values())
    assert not entry or entry["why"]
