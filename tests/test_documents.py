"""Producing documents: which are made, withheld or found again, where they stand, and what is entered."""

import datetime as dt
import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from generator import issuing
from generator.definitions import Definition
from generator.documents import produce, work
from generator.issuing import Issued
from generator.ledger import Ledger
from generator.orders import Withheld
from generator.pdf import convert, find_office
from macros.findings import Finding
from macros.register import Register
from tests.offices import NOW, SETTINGS, TABLES, city, order_form, runs_form
from tests.papers import paper, text

Result = tuple[list[Issued], list[Withheld], list[Finding]]


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    home = tmp_path / "templates"
    home.mkdir()
    (home / "3.4-tower.docx").write_bytes(paper(
        "{{ 表号 }} {{ 表名 }} {{ 单据编号 }} {{ 签发日期 }}", "订单 {{ 订单号 }}，{{ 需求.站点名称 }}，{{ 总费用 }}（{{ 总费用大写 }}）",
        table=[["{%tr for 行 in 候选 %}"], ["{{ 行.序号 }} {{ 行.候选站点名称 }}"], ["{%tr endfor %}"]], header="{{ 公司名称 }}",
    ))
    (home / "3.10.docx").write_bytes(paper(
        "{{ 账单月份 }} {{ 运营商 }} 合计 {{ 合计金额 }} {{ 合计大写 }} {{ 笔数 }}",
        table=[["{%tr for 行 in 明细 %}"], ["{{ 行.运维系统工单号 }} {{ 行.费用 }}"], ["{%tr endfor %}"]],
    ))
    return home


class Desk:
    """One user's folder over several runs."""

    def __init__(self, templates: Path) -> None:
        self.templates, self.out, self.ledger = templates, templates.parent / "out", Ledger()

    def run(
        self, definition: Definition, keys: list[str] | None = None, register: Register | None = None,
        now: dt.datetime = NOW, **more: Any,
    ) -> Result:
        return produce(
            register or city(), definition, keys, out=self.out, now=now, settings=SETTINGS, issued=self.ledger,
            templates=[self.templates], **more,
        )

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.out)) for path in self.out.rglob("*") if path.is_file())


@pytest.fixture
def desk(templates: Path) -> Desk:
    return Desk(templates)


def test_a_document_is_made_written_and_entered(desk: Desk) -> None:
    made, withheld, findings = desk.run(order_form(), ["DD-1"])
    assert (withheld, findings) == ([], [])
    (issued,) = made
    entry = issued.entry
    assert issued.as_json() == {
        "form": "3.4", "key": "DD-1", "number": "TD-3.4-2026-0001", "sha256": entry.sha256,
        "file": "3.4 需求订单确认表/3.4 需求订单确认表 DD-1 TD-3.4-2026-0001.docx",
    }
    data = (desk.out / entry.file).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry.sha256
    assert text(data).split("\n") == [
        "附表3.4 需求订单确认表 TD-3.4-2026-0001 2026年11月20日", "订单 DD-1，澜江东，30,018.50（叁万零壹拾捌元伍角整）",
        "1 澜江东一", "2 澜江东二",
    ]
    assert entry.source_rows == "需求台账.xlsx 订单!2；需求台账.xlsx 需求!2；客户台账.xlsx 客户!2；客户台账.xlsx 联系人!2；需求台账.xlsx 站址筛查!2-3"
    assert entry.template_version == hashlib.sha256((desk.templates / "3.4-tower.docx").read_bytes()).hexdigest()[:8]
    assert (entry.customer_name, entry.issued_at, entry.issued_by) == ("移动澜江县分公司", NOW, "客户经理甲")


def test_an_order_is_asked_for_by_its_demand_too(desk: Desk) -> None:
    made, _, _ = desk.run(order_form(), ["XQ-0007"])
    assert [(issued.key, issued.entry.row_key) for issued in made] == [("XQ-0007", "DD-1")]


def test_a_row_asked_for_by_both_its_numbers_makes_one_document(desk: Desk) -> None:
    made, _, _ = desk.run(order_form(), ["XQ-0007", "DD-1", "DD-1"])
    assert [issued.key for issued in made] == ["XQ-0007"]


def test_a_row_not_ready_is_withheld_with_its_reason_when_asked_for(desk: Desk) -> None:
    made, withheld, _ = desk.run(order_form(), ["DD-2"])
    assert made == []
    (refused,) = withheld
    (why,) = refused.findings
    assert (refused.form, refused.key, why.code, why.cell) == ("3.4", "DD-2", "DOC023", "A3")
    assert "需求收集表尚未签署" in why.message
    assert not desk.out.exists()


def test_all_makes_what_is_ready_and_says_which_cells_are_missing(desk: Desk) -> None:
    made, withheld, _ = desk.run(order_form())
    assert [issued.key for issued in made] == ["DD-1"]
    assert [(each.key, [found.field for found in each.findings]) for each in withheld] == [("DD-3", ["覆盖面积"])]


def test_an_unknown_number_is_withheld(desk: Desk) -> None:
    _, withheld, _ = desk.run(order_form(), ["DD-77"])
    assert [(each.key, each.findings[0].code) for each in withheld] == [("DD-77", "DOC024")]
    assert withheld[0].as_json()["key"] == "DD-77"


def test_a_group_makes_one_document_of_its_rows(desk: Desk) -> None:
    made, withheld, _ = desk.run(runs_form())
    assert withheld == []
    assert [(issued.key, issued.entry.document_no) for issued in made] == [
        ("2026-10/移动", "TD-3.10-2026-0001"), ("2026-10/联通", "TD-3.10-2026-0002")
    ]
    data = (desk.out / made[0].entry.file).read_bytes()
    assert text(data).split("\n") == ["2026年10月 移动 合计 301.00 叁佰零壹元整 3", "YJ-1 200.00", "YJ-5 0.95", "YJ-3 100.05"]
    assert made[0].entry.source_rows == "租约台账.xlsx 油机发电!2-3,6"
    assert made[0].entry.file.endswith("/3.10 油机发电服务费明细表 2026-10／移动 TD-3.10-2026-0001.docx")


@pytest.mark.parametrize(("key", "made_of"), [("移动", ["2026-10/移动"]), ("2026-10", ["2026-10/移动", "2026-10/联通"]), ("YJ-4", ["2026-10/联通"]),
    ("移动 2026-10", ["2026-10/移动"]), ("移动 2026-11", ["2026-10/移动"]), ("移动 XQ-1", []), ("2026-11", [])])
def test_a_group_is_asked_for_by_any_of_its_values_or_rows(desk: Desk, key: str, made_of: list[str]) -> None:
    made, _, _ = desk.run(runs_form(), [key])
    assert [issued.entry.row_key for issued in made] == made_of


def test_unchanged_inputs_give_the_document_that_exists(desk: Desk) -> None:
    first, _, _ = desk.run(order_form(), ["DD-1"])
    again, withheld, findings = desk.run(order_form(), ["DD-1"], now=NOW + dt.timedelta(days=3))
    assert (again[0].state, again[0].entry, withheld) == ("unchanged", first[0].entry, [])
    assert [found.code for found in findings] == ["DOC041"]
    assert len(desk.files()) == 1


def test_a_date_entered_afterwards_that_is_not_printed_changes_nothing(desk: Desk) -> None:
    desk.run(order_form(), ["DD-1"])
    signed = city(TABLES.replace("| 产品类型 |\n| XQ-0007", "| 产品类型 | 订单确认表签署日期 |\n| XQ-0007")
                  .replace("| 2026-11-02 | 铁塔类 |", "| 2026-11-02 | 铁塔类 | 2026-11-19 |"))
    assert signed.rows("demand")[0]["order_signed_on"] == dt.date(2026, 11, 19)
    made, _, _ = desk.run(order_form(), ["DD-1"], signed)
    assert made[0].state == "unchanged"


def test_changed_inputs_give_a_new_number_and_the_older_stays(desk: Desk) -> None:
    first, _, _ = desk.run(order_form(), ["DD-1"])
    kept = (desk.out / first[0].entry.file).read_bytes()
    changed, _, _ = desk.run(order_form(), ["DD-1"], city(TABLES.replace("30018.5", "30018.6")))
    assert (changed[0].state, changed[0].entry.document_no) == ("new", "TD-3.4-2026-0002")
    assert (desk.out / first[0].entry.file).read_bytes() == kept
    assert len(desk.files()) == 2


def test_a_changed_template_gives_a_new_number(desk: Desk) -> None:
    desk.run(order_form(), ["DD-1"])
    path = desk.templates / "3.4-tower.docx"
    path.write_bytes(paper("{{ 订单号 }}{{ 总费用 }}{{ 需求.站点名称 }}", table=[["{%tr for 行 in 候选 %}"], ["{{ 行.候选站点名称 }}"], ["{%tr endfor %}"]]))
    made, _, _ = desk.run(order_form(), ["DD-1"])
    assert made[0].entry.document_no == "TD-3.4-2026-0002"


def test_a_lost_file_comes_back_byte_for_byte_under_its_number(desk: Desk) -> None:
    first, _, _ = desk.run(order_form(), ["DD-1"])
    path = desk.out / first[0].entry.file
    data = path.read_bytes()
    path.unlink()
    again, _, findings = desk.run(order_form(), ["DD-1"], now=NOW + dt.timedelta(days=40))
    assert (again[0].state, findings) == ("restored", [])
    assert path.read_bytes() == data


def test_a_document_changed_by_hand_is_not_overwritten(desk: Desk) -> None:
    first, _, _ = desk.run(order_form(), ["DD-1"])
    path = desk.out / first[0].entry.file
    path.write_bytes(b"signed")
    _, _, findings = desk.run(order_form(), ["DD-1"])
    assert [found.code for found in findings] == ["DOC042"]
    assert path.read_bytes() == b"signed"


def test_a_file_of_that_name_is_left_alone(desk: Desk) -> None:
    group = desk.out / "3.4 需求订单确认表"
    group.mkdir(parents=True)
    mine = group / "3.4 需求订单确认表 DD-1 td-3.4-2026-0001.docx"
    mine.write_bytes(b"mine")
    made, _, _ = desk.run(order_form(), ["DD-1"])
    assert made[0].entry.file.endswith("TD-3.4-2026-0001-2.docx")
    assert mine.read_bytes() == b"mine"


def test_a_missing_template_withholds_and_names_it(desk: Desk) -> None:
    (desk.templates / "3.4-tower.docx").unlink()
    _, withheld, _ = desk.run(order_form(), ["DD-1"])
    assert [(found.code, found.workbook) for found in withheld[0].findings] == [("DOC001", "3.4-tower.docx")]


def test_a_template_without_a_required_field_withholds(desk: Desk) -> None:
    (desk.templates / "3.4-tower.docx").write_bytes(paper("{{ 订单号 }}{{ 需求.站点名称 }}"))
    _, withheld, _ = desk.run(order_form(), ["DD-1"])
    assert [(found.code, found.field) for found in withheld[0].findings] == [("DOC017", "总费用")]


def test_a_list_the_template_does_not_print_withholds(desk: Desk) -> None:
    (desk.templates / "3.4-tower.docx").write_bytes(paper("{{ 订单号 }}{{ 需求.站点名称 }}{{ 总费用 }}"))
    _, withheld, _ = desk.run(order_form(), ["DD-1"])
    assert [(found.code, found.field) for found in withheld[0].findings] == [("DOC030", "候选.候选站点名称")]


def test_a_folder_that_cannot_be_written_withholds_and_leaves_nothing(desk: Desk) -> None:
    desk.out.parent.mkdir(exist_ok=True)
    desk.out.write_bytes(b"a file where the folder should be")
    made, withheld, _ = desk.run(order_form(), ["DD-1"])
    assert made == []
    assert [found.code for found in withheld[0].findings] == ["DOC040"]
    assert desk.ledger.next_number("3.4", 2026) == "TD-3.4-2026-0001"


def test_one_desk_makes_numbers_go_on_over_its_kinds_and_calls(desk: Desk) -> None:
    table = issuing.Desk(desk.out, NOW, SETTINGS, desk.ledger, [desk.templates])
    for key in ("YJ-1", "YJ-4", "YJ-1"):
        work(city(), [(runs_form(), [key])], table)
    work(city(), [(order_form(), None)], table)
    assert [entry.document_no for entry in desk.ledger.entries] == [
        "TD-3.10-2026-0001", "TD-3.10-2026-0002", "TD-3.4-2026-0001"
    ]


def test_no_temporary_file_is_left(desk: Desk) -> None:
    desk.run(runs_form())
    assert all(name.endswith(".docx") for name in desk.files())


def test_values_that_look_like_markup_stand_in_the_paper(desk: Desk) -> None:
    register = city(TABLES.replace("澜江东一", "A&B <测试> {{ 7*7 }}"))
    made, _, _ = desk.run(order_form(), ["DD-1"], register)
    assert "1 A&B <测试> {{ 7*7 }}" in text((desk.out / made[0].entry.file).read_bytes())


def test_the_users_own_template_goes_before_ours(desk: Desk, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    shutil.copy(desk.templates / "3.10.docx", mine / "3.10.docx")
    (desk.templates / "3.10.docx").write_bytes(b"broken")
    made, _, _ = produce(
        city(), runs_form(), None, out=desk.out, now=NOW, settings=SETTINGS, issued=Ledger(), templates=[mine, desk.templates]
    )
    assert len(made) == 2


def test_a_blank_company_name_is_told_once(desk: Desk) -> None:
    _, _, findings = produce(
        city(), runs_form(), None, out=desk.out, now=NOW, settings={}, issued=Ledger(), templates=[desk.templates]
    )
    assert [found.code for found in findings] == ["DOC026"]


def test_without_libreoffice_a_pdf_is_a_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("generator.pdf.find_office", lambda: None)
    assert [found.code for found in convert([tmp_path / "a.docx"], tmp_path)[1]] == ["DOC050"]


def test_a_row_the_document_is_not_for_is_named_so(desk: Desk) -> None:
    _, withheld, _ = desk.run(runs_form(), ["YJ-2"])
    assert [(each.key, each.findings[0].code) for each in withheld] == [("YJ-2", "DOC023")]
    assert "只列发电成功的工单" in withheld[0].findings[0].message


@pytest.mark.office
@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
def test_papers_become_pdf_in_one_call_and_a_broken_one_is_named(desk: Desk, tmp_path: Path) -> None:
    made, _, _ = desk.run(runs_form())
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04 no")
    papers = [desk.out / each.entry.file for each in made]
    files, findings = convert([*papers, broken], tmp_path / "pdf")
    assert list(files) == papers
    assert [file.read_bytes()[:5] for file in files.values()] == [b"%PDF-", b"%PDF-"]
    assert [(found.code, found.workbook) for found in findings] == [("DOC051", "坏.docx")]
