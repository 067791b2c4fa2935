"""The document register: numbers that go on, sources in words, and papers found again."""

import datetime as dt

import pytest

from generator.ledger import Entry, Ledger, inputs_sha256, source_rows
from macros.forms import forms
from macros.records import Place, Record
from tests.tables import register

NOW = dt.datetime(2026, 11, 20, 9, 30)


def entry(number: str, key: str = "DD-1", inputs: str = "a", version: str = "v") -> Entry:
    return Entry(number, "3.4", "需求订单确认表", "移动", key, "", f"{number}.docx", "t.docx", version, "", inputs, NOW)


def test_numbers_go_on_per_form_and_year() -> None:
    ledger = Ledger([entry("TD-3.4-2026-0007"), entry("TD-3.4-2026-0003"), entry("TD-3.4-2025-0099"), entry("TD-3.14-2026-0040")])
    assert ledger.next_number("3.4", 2026) == "TD-3.4-2026-0008"
    assert ledger.next_number("3.4", 2027) == "TD-3.4-2027-0001"
    assert ledger.next_number("3.1", 2026) == "TD-3.1-2026-0001"


def test_numbers_go_on_after_what_the_batch_added() -> None:
    ledger = Ledger()
    ledger.add(entry(ledger.next_number("3.4", 2026, "澜")))
    assert ledger.next_number("3.4", 2026, "澜") == "澜TD-3.4-2026-0002"


def test_the_ten_thousandth_number_grows() -> None:
    assert Ledger([entry("TD-3.4-2026-9999")]).next_number("3.4", 2026) == "TD-3.4-2026-10000"
    assert Ledger([entry("TD-3.4-2026-10000")]).next_number("3.4", 2026) == "TD-3.4-2026-10001"


def test_a_number_the_user_changed_does_not_disturb_the_count() -> None:
    assert Ledger([entry("作废")]).next_number("3.4", 2026) == "TD-3.4-2026-0001"


def test_the_register_is_read_back() -> None:
    ledger = Ledger.of(register("""## 单据
    | 单据编号 | 表号 | 名称 | 台账行 | 文件 | 模板版本 | 数据校验值 | 生成时间 |
    | TD-3.4-2026-0012 | 3.4 | 需求订单确认表 | DD-1 | 甲.docx | 0a1b2c3d | ff00 | 2026-11-20 09:30 |
    """))
    assert ledger.next_number("3.4", 2026) == "TD-3.4-2026-0013"
    found = ledger.find("3.4", "DD-1", "0a1b2c3d", "ff00")
    assert found is not None
    assert (found.document_no, found.issued_at, found.file) == ("TD-3.4-2026-0012", NOW, "甲.docx")


@pytest.mark.parametrize("other", [("3.5", "DD-1", "v", "a"), ("3.4", "DD-2", "v", "a"), ("3.4", "DD-1", "w", "a"), ("3.4", "DD-1", "v", "b")])
def test_another_form_row_template_or_input_is_another_paper(other: tuple[str, str, str, str]) -> None:
    ledger = Ledger([entry("TD-3.4-2026-0001")])
    assert ledger.find("3.4", "DD-1", "v", "a") is not None
    assert ledger.find(*other) is None


def test_an_entry_is_a_row_of_the_document_form() -> None:
    values = entry("TD-3.4-2026-0001").values()
    assert set(values) <= set(forms()["document"].index)
    assert values["issued_at"] == NOW
    assert values["issued_by"] is None


def test_inputs_hash_knows_no_order_of_names_but_every_sign() -> None:
    assert inputs_sha256({"甲": "1", "乙": "2"}, ["甲", "乙"]) == inputs_sha256({"乙": "2", "甲": "1"}, ["乙", "甲"])
    assert inputs_sha256({"甲": "1"}, ["甲"]) != inputs_sha256({"甲": "1 "}, ["甲"])


def test_inputs_hash_knows_the_order_and_number_of_rows() -> None:
    rows, uses = [{"a": "1"}, {"a": "2"}], ["甲[]", "甲[].a"]
    assert inputs_sha256({"甲": rows}, uses) != inputs_sha256({"甲": rows[::-1]}, uses)
    assert inputs_sha256({"甲": rows}, ["甲[]"]) != inputs_sha256({"甲": rows[:1]}, ["甲[]"])


def test_inputs_hash_leaves_out_what_is_not_printed() -> None:
    assert inputs_sha256({"甲": "1", "签署日期": ""}, ["甲"]) == inputs_sha256({"甲": "1", "签署日期": "2026"}, ["甲"])


def test_sources_read_as_words_with_neighbours_drawn_together() -> None:
    form = forms()["lease"]
    rows = [Record(form, (), Place("租约台账.xlsx", "租约", row), ()) for row in (5, 6, 7, 9, 12, 11)]
    demand = Record(forms()["demand"], (), Place("需求台账.xlsx", "需求", 5), ())
    assert source_rows([demand, *rows]) == "需求台账.xlsx 需求!5；租约台账.xlsx 租约!5-7,9,11-12"
