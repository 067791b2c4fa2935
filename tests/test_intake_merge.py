"""Foreign rows against the register: added, updated, unchanged or refused, whole rows only."""

from __future__ import annotations

import datetime as dt

import pytest

from macros.forms import forms
from tests.intake_files import codes, counts, message, said, sheet, take_all, take_one
from tests.tables import register

SITES = register("""
## 站址
| 站址编码 | 站址名称 | 区县 | 经度 | 纬度 | 产权性质 | 使用单位 | 站址类型 |
| 429800908000000001 | 一号站 | 甲县 | 111.5 | 31.5 | 自建 | 移动 | 室外站 |
""")
HEAD = "|站址编码|站址名称|区县|经度|纬度|产权性质|使用单位|站址类型|"
SAME = "|429800908000000001|一号站|甲县|111.5|31.5|自建|移动|室外站|"


def sites(rows: str) -> str:
    return f"{HEAD}\n{rows}"


def test_a_row_the_register_holds_already_is_unchanged() -> None:
    taken = take_one(sites(SAME), known=SITES)
    assert counts(taken) == (1, 0, 0, 1, 0)
    assert not taken.findings


def test_a_changed_cell_updates_the_row_and_says_old_and_new() -> None:
    taken = take_one(sites(SAME.replace("移动", "移动、联通")), known=SITES)
    assert counts(taken) == (1, 0, 1, 0, 0)
    ((record, changed),) = taken.updates
    assert (record.key, changed) == ("429800908000000001", {"tenants": "移动、联通"})
    assert "使用单位由“移动”改为“移动、联通”" in message(taken, "INT023")


def test_a_blank_cell_erases_nothing() -> None:
    taken = take_one(sites("|429800908000000001|一号站||111.5|31.5||移动||"), known=SITES)
    assert counts(taken) == (1, 0, 0, 1, 0)


@pytest.mark.parametrize("code", [" 429800908000000001", "429800908000000001␣", "４２９８００９０８０００００００01", "4298009080 00000001"])
def test_a_key_is_read_free_of_stray_spaces_and_wide_digits(code: str) -> None:
    assert counts(take_one(sites(SAME.replace("429800908000000001", code)), known=SITES)) == (1, 0, 0, 1, 0)


@pytest.mark.parametrize("code", ["<4.298009080000001e17>", "4.29801E+17"])
def test_a_damaged_code_is_refused_and_never_restored(code: str) -> None:
    taken = take_one(sites(SAME.replace("429800908000000001", code)), known=SITES)
    assert (counts(taken), said(taken)) == ((1, 0, 0, 0, 1), [("VAL003", "A2", "站址编码")])


def test_a_row_with_any_error_is_refused_whole_with_every_error_named() -> None:
    taken = take_one(sites("|429800908000000002||乙县|111.5x|31.5|租赁|移动|室外站|"), known=SITES)
    assert (counts(taken), taken.added, taken.updates) == ((1, 0, 0, 0, 1), [], [])
    assert {one[1:] for one in said(taken)} == {("B2", "站址名称"), ("D2", "经度"), ("F2", "产权性质")}


def test_a_repeated_key_keeps_the_first_row_and_names_it() -> None:
    new = SAME.replace("000001", "000002")
    taken = take_one(sites(f"{new}\n{new}\n{new.replace('一号站', '二号站')}"))
    assert counts(taken) == (3, 1, 0, 0, 2)
    repeated = [one.message for one in taken.findings if one.code == "INT022"]
    assert "在第2行已出现过，两行内容完全相同" in repeated[0]
    assert "在第2行已出现过，两行内容不同" in repeated[1]


def test_a_key_repeated_on_another_sheet_of_the_file_names_that_sheet() -> None:
    new = sites(SAME.replace("000001", "000002"))
    _, second = take_all([sheet(new, "甲县"), sheet(new, "乙县")]).taken
    assert counts(second) == (1, 0, 0, 0, 1)
    assert "在“甲县”第2行已出现过" in message(second, "INT022")


STAGES = "|需求编号|站点名称|期望交付时间|需求收集表签署日期|需求收集表收到日期|筛查初步方案确认表签署日期|需求订单确认表送达客户日期|需求订单确认表签署日期|立项批复日期|交付验收单发送日期|"
DEMANDS = """
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 场景划分 | 经度 | 纬度 | 详细地址 | 交付时间要求 | 需求提出时间 | 系统数 | 天线挂高范围 | 天线数 | 需求收集表签署日期 |
| XQ-1 | 移动 | 澜江 | 甲县 | 一号 | 农村 | 111.5 | 31.5 | 一号旁 | 2027-01-01 | 2026-09-01 | 1 | 30 | 3 | 2026-09-02 |
"""


def test_a_stage_export_writes_milestones_and_only_compares_the_rest() -> None:
    taken = take_one(f"{STAGES}\n|XQ-1|一号（新名）|2027-05-01|2026-09-02|2026.9.3|||||||", known=register(DEMANDS))
    assert (taken.layout, counts(taken)) == ("阶段时间", (1, 0, 1, 0, 0))
    assert [changed for _, changed in taken.updates] == [{"form_received_on": dt.date(2026, 9, 3)}]
    assert said(taken) == [("INT035", "B2", "站点名称"), ("INT035", "C2", "期望交付时间")]


def test_a_compared_cell_that_cannot_be_read_does_not_keep_the_milestones_out() -> None:
    taken = take_one(f"{STAGES}\n|XQ-1|一号|待定|2026-09-02|2026.9.3|||||||", known=register(DEMANDS))
    assert (counts(taken), said(taken)) == ((1, 0, 1, 0, 0), [])


def test_a_stage_of_an_unknown_demand_is_refused_by_its_number() -> None:
    taken = take_one(f"{STAGES}\n|XQ-7|七号|||2026-09-03|||||||", known=register(DEMANDS))
    assert (counts(taken), said(taken)) == ((1, 0, 0, 0, 1), [("INT021", "A2", "需求编号")])


def test_a_stage_before_the_one_the_register_holds_is_refused() -> None:
    taken = take_one(f"{STAGES}\n|XQ-1|一号|||2026-09-01|||||||", known=register(DEMANDS))
    assert counts(taken) == (1, 0, 0, 0, 1)
    assert [field for _, _, field in said(taken)] == ["需求收集表收到日期"]


def test_stages_may_follow_their_demands_in_one_file() -> None:
    demands = """
        |需求编号|运营商|地市|区县|站点名称|场景划分|经度|纬度|详细地址|交付时间要求|需求提出时间|系统数|天线挂高范围|天线数|
        |XQ-1|移动|澜江|甲县|一号|农村|111.5|31.5|一号旁|2027-01-01|2026-09-01|1|30|3|
    """
    stages, added = take_all([
        sheet(f"{STAGES}\n|XQ-1|一号||2026-09-02|2026-09-03|||||||", "阶段"), sheet(demands, "需求"),
    ]).taken
    assert (counts(stages), counts(added)) == ((1, 0, 1, 0, 0), (1, 1, 0, 0, 0))
    assert added.added[0][forms()["demand"].index["form_received_on"]] == dt.date(2026, 9, 3)


def test_an_end_date_without_end_is_blank_with_a_warning() -> None:
    taken = take_one("""
        |产品业务确认单编号|运营商|站址编码|站址名称|产品类型|产品单元数|铁塔建造成本(元)|服务开始日期|服务结束日期|共享信息|维护费|
        |QR1|移动|429800908000000001|一号站|景观塔|1|100000|2026-01-01|长期|新建首家|600|
    """)
    assert counts(taken) == (1, 1, 0, 0, 0)
    assert said(taken) == [("REG004", "I2", "服务结束日期")]


def test_a_required_column_the_file_lacks_is_warned_of_once_and_left_blank() -> None:
    rows = "".join(f"|XQ-{n}|移动|澜江|站{n}|111.5|31.5|站旁|2027-01-01|2026-09-01|1|30|3|\n" for n in range(3))
    taken = take_one(f"|需求编号|运营商|地市|站点名称|经度|纬度|详细地址|交付时间要求|需求提出时间|系统数|天线挂高|天线数|\n{rows}")
    assert counts(taken) == (3, 3, 0, 0, 0)
    assert [one[0] for one in said(taken)] == ["INT017"]
    assert "区县、场景划分" in message(taken, "INT017")


def test_an_unknown_word_of_another_systems_dictionary_is_left_out_with_a_warning() -> None:
    taken = take_one("""
        |订单状态|订单号|运营商|铁塔站址名称|需求编号|产品配置|产品单元数|维护服务等级|交付时间要求|总费用|建设方式|铁塔参数_铁塔种类|机房参数_机房类型|铁塔产品单元1_系统名称|
        |在途|DD1|移动|一号|XQ-1|景观塔|1|标准|2027-01-01|30000|改造|单管塔|一体化机柜|L1800|
    """)
    assert counts(taken) == (1, 1, 0, 0, 0)
    assert [(code, field) for code, _, field in said(taken)] == [("INT024", "建设方式"), ("INT024", "铁塔参数_铁塔种类")]


def test_hidden_characters_are_cleaned_and_said() -> None:
    taken = take_one(sites(SAME.replace("一号站", "一号\u200b站").replace("000001", "000002")))
    assert counts(taken) == (1, 1, 0, 0, 0)
    assert codes(taken) == {"VAL005"}
    assert taken.added[0][forms()["site"].index["site_name"]] == "一号站"


def test_a_required_column_the_register_lacks_is_filled_from_a_compared_one() -> None:
    known = register(DEMANDS.replace("| 2026-09-01 |", "|  |"))
    taken = take_one(STAGES.replace("站点名称", "需求提出时间") + "\n|XQ-1|2026-09-01||2026-09-02|||||||", known=known)
    assert [changed for _, changed in taken.updates] == [{"raised_on": dt.date(2026, 9, 1)}]


@pytest.mark.parametrize("headings", ["需求编号|立项批复日期|交付验收单发送日期", "序号|需求单号|站点名称|附表3.7发送日期", "demand_no|site_name|Acceptance Sent Date"])
def test_an_export_of_few_stages_is_known_by_its_columns(headings: str) -> None:
    row = {"立项批复日期": "2026-10-01", "序号": "1", "站点名称": "一号", "site_name": "一号"}
    cells = "|".join(row.get(word, "XQ-1" if word in ("需求编号", "需求单号", "demand_no") else "2026-11-02") for word in headings.split("|"))
    taken = take_one(f"|{headings}|\n|{cells}|", known=register(DEMANDS))
    assert (taken.layout, counts(taken)) == ("阶段时间", (1, 0, 1, 0, 0))
    assert taken.updates[0][1]["acceptance_sent_on"] == dt.date(2026, 11, 2)


FAULTS = "|故障编号|客户名称|申告时间|首次反馈时间|故障发生时间|故障现象|修复时间|"


def faults(day: str, count: int, first: int = 1) -> str:
    return "\n".join(f"|GZ{n}|甲分公司|{day} 10:00|||停电||" for n in range(first, first + count))


def test_many_rows_dated_after_today_make_the_clock_doubted_and_not_the_rows() -> None:
    taken = take_one(f"{FAULTS}\n{faults('2027-03-01', 5)}\n{faults('2026-10-01', 5, 6)}")
    assert (counts(taken), codes(taken)) == ((10, 10, 0, 0, 0), {"INT042"})
    assert "却有5行晚于它" in message(taken, "INT042")


def test_a_few_rows_dated_after_today_are_wrong() -> None:
    taken = take_one(f"{FAULTS}\n{faults('2027-03-01', 4)}\n{faults('2026-10-01', 5, 6)}")
    assert counts(taken) == (9, 5, 0, 0, 4)
    assert [field for _, _, field in said(taken)] == ["申告时间"] * 4


def test_a_register_dated_after_today_makes_the_clock_doubted_too() -> None:
    known = register("## 故障\n| 故障编号 | 客户名称 | 申告时间 |\n" + "\n".join(
        f"| GZ{n} | 甲分公司 | 2027-03-01 10:00 |" for n in range(5)
    ))
    taken = take_one(f"{FAULTS}\n{faults('2027-03-02', 1, 9)}", known=known)
    assert counts(taken) == (1, 1, 0, 0, 0)
