"""Definition files: what they say, and that each slip in one is named where it stands."""

from pathlib import Path

import pytest

from generator.definitions import Definition, DefinitionError, definitions, fields, parse, placeholder
from tests.offices import ORDER, RUNS, order_form, runs_form


def test_a_definition_reads_as_written() -> None:
    definition = order_form()
    assert definition.label == "附表3.4《需求订单确认表》"
    assert definition.joins[0].on == (("demand_no", "demand_no"),)
    assert definition.joins[1].customer
    assert [(each.kind, each.source) for each in definition.computed] == [
        ("upper", "total_fee"), ("clock", "K08"), ("count", "候选")
    ]
    assert definition.offered[1].expected == ("新建独享", "新建共享", "存量共享")
    assert definition.variants[0].condition.test == "equals"


def test_fields_are_columns_joins_lists_sums_and_what_every_paper_has() -> None:
    known = fields(order_form())
    assert {"订单号", "客户.办公地址", "需求.站点名称", "候选[]", "候选[].经度", "候选[].序号", "总费用大写", "单据编号"} <= known
    assert "需求" not in known
    assert "候选.经度" not in known


def test_a_group_prints_its_own_columns_only_once_and_its_rows_in_a_list() -> None:
    known = fields(runs_form())
    assert {"账单月份", "运营商", "明细[].费用", "按站址[].明细[].费用", "按站址[].站址编码"} <= known
    assert "费用" not in known


@pytest.mark.parametrize(
    ("path", "written"),
    [("order_no", "订单号"), ("需求.site_name", "需求.站点名称"), ("候选.candidate_name", "候选[].候选站点名称")],
)
def test_a_column_path_becomes_its_placeholder(path: str, written: str) -> None:
    assert placeholder(order_form(), path) == written


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('table = "order"', 'table = "ordr"', "no table 'ordr'; did you mean 'order'?"),
        ("total_fee\", \"需求", "totl_fee\", \"需求", "required: no column 'totl_fee' in order; did you mean 'total_fee'?"),
        ("需求.form_signed_on", "需要.form_signed_on", "offered[0]: no join '需要'; did you mean '需求'?"),
        ("需求.form_signed_on", "需求.signed_on", "offered[0]: no column 'signed_on' in demand"),
        ('count = "候选"', 'count = "侯选"', "no list '侯选'; did you mean '候选'?"),
        ("filled = true, say", "fill = true, say", "offered[0]: unknown key 'fill'; did you mean 'filled'?"),
        (', say = "需求收集表尚未签署"', "", "offered[0]: say is missing"),
        ("filled = true", "filled = true, blank = true", "offered[0]: needs exactly one of"),
        ('clock = "K08"', 'clock = "8"', "'8' is no clock"),
        ('due = "K04"', 'due = "3.4"', "due: '3.4' is no clock"),
        ('name = "候选数"', 'name = "总费用"', "the name 总费用 is already a placeholder"),
        ('name = "客户联系人"', 'name = "客户"', "the name 客户"),
        ('on = {demand_no = "demand_no"}, sort', 'sort', "lists[0]: on is missing"),
        ('sort = ["seq"]', 'sort = ["seqq"]', "lists[0].sort: no column 'seqq' in candidate; did you mean 'seq'?"),
        ("signed = \"需求.order_signed_on\"", "signed = \"order_signed_on\"", "signed: no column"),
        ('template = "3.4-tower.docx"', "", "template is missing"),
        ("required = [\"area_m2\"]", "required = [\"area\"]", "variants[0]: no column 'area' in order"),
    ],
)
def test_a_slip_is_named_with_its_place(old: str, new: str, says: str) -> None:
    assert old in ORDER
    with pytest.raises(DefinitionError) as caught:
        parse(ORDER.replace(old, new, 1), "3.4.toml")
    assert says in str(caught.value)
    assert all(line.startswith("3.4.toml: ") for line in str(caught.value).splitlines())


def test_all_slips_of_a_file_are_told_together() -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(ORDER.replace("order_no\"", "order_nr\"").replace("K04", "K4"), "3.4.toml")
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('required = ["month"', 'required = ["fee"', "differs within the group; say 明细.fee"),
        ('name = "明细", sort', 'name = "明细", table = "lease", sort', "takes no table"),
        ('by = "site_code"', 'by = "code"', "groups.by: no column 'code' in generator"),
    ],
)
def test_a_group_cannot_print_what_its_rows_differ_in(old: str, new: str, says: str) -> None:
    assert old in RUNS
    with pytest.raises(DefinitionError, match=r"3\.10\.toml") as caught:
        parse(RUNS.replace(old, new), "3.10.toml")
    assert says in str(caught.value)


def test_a_file_that_is_no_toml_is_named() -> None:
    with pytest.raises(DefinitionError, match=r"3\.4\.toml: "):
        parse("code = ", "3.4.toml")


def test_a_wrong_shape_is_an_error_and_no_traceback() -> None:
    with pytest.raises(DefinitionError, match="wrong shape"):
        parse(ORDER.replace('joins = [', 'joins = ["客户", '), "3.4.toml")


def test_files_are_loaded_in_annex_order(tmp_path: Path) -> None:
    folder = tmp_path
    (folder / "a.toml").write_text(RUNS, encoding="utf-8")
    (folder / "b.toml").write_text(ORDER, encoding="utf-8")
    (folder / "c.toml").write_text(RUNS.replace('"3.10"', '""').replace('code = ""', 'code = "x"'), encoding="utf-8")
    known = definitions(folder)
    assert list(known) == ["3.4", "3.10", "x"]
    assert isinstance(known["x"], Definition)


def test_every_definition_of_the_house_is_sound() -> None:
    assert all(definition.template for definition in definitions().values())
