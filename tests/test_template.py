"""Templates: what is refused and why, what is printed literally, and the same input giving the same bytes."""

import datetime as dt
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined

from generator.printed import clean
from generator.template import Template, open_template, render
from macros.findings import Finding
from tests.papers import changed, paper, parts, text

FIELDS = frozenset({
    "需求编号", "站点名称", "经度", "公司名称", "customer.amount", "name",
    "客户.办公地址", "明细[]", "明细[].序号", "明细[].费用项目", "明细[].金额", "rows[]",
    "按站址[]", "按站址[].站址编码", "按站址[].明细[]", "按站址[].明细[].金额",
})
DAY = dt.date(2026, 11, 20)


def opened(*lines: str, name: str = "样张.docx", **more: Any) -> Template:
    template, findings = open_template(paper(*lines, **more), name, FIELDS)
    assert template is not None, [found.message for found in findings]
    return template


PLAIN = opened("始{{ 站点名称 }}{{ 需求编号 }}终")


def refusal(data: bytes, name: str = "样张.docx") -> Finding:
    template, findings = open_template(data, name, FIELDS)
    assert template is None
    (found,) = findings
    return found


def filled(template: Template, context: Mapping[str, Any], required: tuple[str, ...] = ()) -> bytes:
    data, findings = render(template, context, title="样张", day=DAY, required=required)
    assert data is not None, [found.message for found in findings]
    return data


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("{{ lipsum.__globals__['os'].environ }}", "DOC013", "不能运算或调用"),  # T03
        ("{{ cycler.__init__ }}", "DOC013", "取属性"),  # T03
        ("{{ rows.clear() }}", "DOC013", "调用"),  # T06
        ("{{ 'A'*50000000 }}", "DOC013", "乘法"),  # T09
        ("{{ customer.amonut }} 元", "DOC010", "没有字段“customer.amonut”，是否应为“customer.amount”"),  # T12
        ("{% include '/etc/passwd' %}", "DOC013", "include"),  # T15
        ("租金 {{ name 未闭合", "DOC011", "正文第2段“租金 {{ name 未闭合”"),  # T18
        ("{{ name|nosuch }}", "DOC014", "nosuch"),  # T21
    ],
)
def test_a_template_that_says_too_much_is_refused_with_one_code(line: str, code: str, says: str) -> None:
    found = refusal(_one_run(line))
    assert (found.code, found.severity) == (code, "error")
    assert says in found.message


def _one_run(line: str) -> bytes:
    """A paper of one paragraph in one run, whatever signs it holds."""
    data = paper("甲", "位置")
    body = parts(data)["word/document.xml"].decode()
    return changed(data, {"word/document.xml": body.replace("位置", line).encode()})


def test_an_entity_in_the_document_is_refused_unread() -> None:  # T24
    data = paper("甲")
    body = parts(data)["word/document.xml"].decode()
    head, rest = body.split("?>", 1)
    entity = '?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    found = refusal(changed(data, {"word/document.xml": (head + entity + rest.replace("甲", "甲&x;")).encode()}))
    assert found.code == "DOC005"


def test_an_entity_hidden_by_another_encoding_is_refused_too() -> None:
    data = paper("甲")
    body = parts(data)["word/document.xml"].decode().split("?>", 1)[1]
    sly = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY x "y">]>' + body
    assert refusal(changed(data, {"word/document.xml": sly.encode("utf-16")})).code == "DOC005"


def test_two_thousand_nested_tables_are_refused() -> None:  # T27
    data = paper("位置")
    body = parts(data)["word/document.xml"].decode()
    nested = "<w:tbl><w:tr><w:tc>" * 2000 + "</w:tc></w:tr></w:tbl>" * 2000
    found = refusal(changed(data, {"word/document.xml": body.replace("<w:body>", f"<w:body>{nested}").encode()}))
    assert found.code == "DOC006"
    assert "嵌套过深" in found.message


@pytest.mark.parametrize("name", ["模板.docm", "模板.dotm", "模板.DOTM"])
def test_a_macro_template_is_refused_by_its_name(name: str) -> None:  # T30
    assert refusal(paper("甲"), name).code == "DOC003"


def test_macros_in_a_renamed_template_are_found() -> None:
    assert refusal(changed(paper("甲"), {"word/vbaProject.bin": b"x"})).code == "DOC003"


def test_a_reference_to_another_file_is_refused() -> None:
    data = paper("甲")
    relations = parts(data)["word/_rels/document.xml.rels"].decode()
    outside = (
        '<Relationship Id="rId99" TargetMode="External" Target="file:///etc/passwd" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
    )
    sly = relations.replace("</Relationships>", outside)
    assert refusal(changed(data, {"word/_rels/document.xml.rels": sly.encode()})).code == "DOC004"


def test_a_field_that_reads_files_is_refused() -> None:
    data = _one_run("位</w:t><w:instrText> INCLUDETEXT c:/secret.docx </w:instrText><w:t>置")
    assert refusal(data).code == "DOC004"


@pytest.mark.parametrize("data", [b"", b"<html></html>", paper("甲")[:2000]])
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    assert refusal(data).code == "DOC002"


def test_a_template_under_revision_is_refused() -> None:
    data = _one_run('甲</w:t></w:r><w:ins w:id="1" w:author="某人"><w:r><w:t>乙</w:t></w:r></w:ins><w:r><w:t>丙')
    assert refusal(data).code == "DOC008"


def test_a_package_that_unpacks_to_more_than_any_template_is_refused() -> None:
    assert refusal(changed(paper("甲"), {"word/media/a.bin": bytes(65 * 1024 * 1024)})).code == "DOC007"


def test_full_width_braces_are_named_with_their_paragraph() -> None:
    found = refusal(paper("站点：｛｛ 站点名称 ｝｝"))
    assert found.code == "DOC012"
    assert "站点：｛｛ 站点名称 ｝｝" in found.message


@pytest.mark.parametrize("line", ["{{ 需求编号 }", "需求编号 }}", "{ { 需求编号 }}", "{{ 需求编号 {{ 站点名称 }}", "{% if 经度 "])
def test_a_broken_tag_is_named(line: str) -> None:
    assert refusal(paper(line)).code == "DOC011"


def test_a_loop_without_its_end_is_named() -> None:
    found = refusal(paper("{%p for 行 in 明细 %}", "{{ 行.金额 }}"))
    assert found.code == "DOC016"
    assert "endfor" in found.message


def test_a_loop_tag_beside_other_content_would_swallow_it() -> None:
    found = refusal(paper(table=[["{%tr for 行 in 明细 %}", "合计"], ["{{ 行.金额 }}", ""], ["{%tr endfor %}", ""]]))
    assert found.code == "DOC015"
    assert "表格行" in found.message


def test_an_unknown_column_of_a_list_is_named_as_written() -> None:
    template, findings = open_template(
        paper(table=[["{%tr for 行 in 明细 %}"], ["{{ 行.金 }}"], ["{%tr endfor %}"]]), "样张.docx", FIELDS
    )
    assert template is None
    assert [found.value for found in findings] == ["行.金"]
    assert "是否应为“金额”" in findings[0].message


def test_every_mistake_of_a_template_is_told_at_once() -> None:
    _, findings = open_template(paper("{{ 需求编码 }}", "{{ 站点 }}", "{{ 甲() }}"), "样张.docx", FIELDS)
    assert sorted(found.code for found in findings) == ["DOC010", "DOC010", "DOC013"]


def test_a_list_cannot_be_printed_as_a_value() -> None:
    assert refusal(paper("{{ 明细 }}")).code == "DOC010"


def test_uses_are_the_placeholders_of_body_and_header() -> None:
    template = opened(
        "{% if 明细 %}{{ 客户.办公地址 }}{% endif %}", header="{{ 公司名称 }}",
        table=[["{%tr for 行 in 明细 %}"], ["{{ 行.序号 }} {{ 行.金额 }} {{ loop.index }}"], ["{%tr endfor %}"]],
    )
    assert template.uses == {"客户.办公地址", "公司名称", "明细[]", "明细[].序号", "明细[].金额"}


@pytest.mark.parametrize("value", ["A&B 公司", "<测试>", "{{ 7*7 }}", "{% for x in y %}", '"引号"', "]]>", "{#", "a < b > c"])
def test_a_value_is_printed_as_it_stands(value: str) -> None:  # V39, V42
    data = filled(opened("名称：{{ 站点名称 }}。"), {"站点名称": value}, ("站点名称",))
    assert f"名称：{value}。" in text(data)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_cell_text_is_read_back_as_cleaned(value: str) -> None:
    cleaned = clean(value)
    assert text(filled(PLAIN, {"站点名称": cleaned, "需求编号": ""}, ("站点名称",))) == f"始{cleaned}终"


def test_a_finished_paper_used_as_a_template_runs_nothing() -> None:  # V42
    data = filled(opened("{{ 站点名称 }}"), {"站点名称": "{{ 7*7 }}"})
    assert refusal(data).code == "DOC013"


def test_line_breaks_of_a_value_are_line_breaks_in_word() -> None:
    data = filled(opened("{{ 站点名称 }}"), {"站点名称": "甲<乙\n丙"})
    assert text(data) == "甲<乙\n丙"
    assert b"<w:br/>" in parts(data)["word/document.xml"]


def test_a_tag_split_over_runs_is_whole_again() -> None:
    assert text(filled(opened("站点：{|{ 站点|名称 }|}。"), {"站点名称": "澜江东"})) == "站点：澜江东。"


def test_rows_repeat_and_header_is_filled() -> None:
    template = opened(
        "单", header="{{ 公司名称 }}",
        table=[["项目", "金额"], ["{%tr for 行 in 明细 %}"], ["{{ 行.费用项目 }}", "{{ 行.金额 }}"], ["{%tr endfor %}"]],
    )
    rows = [{"费用项目": "塔租", "金额": "1.00"}, {"费用项目": "电费", "金额": "2.50"}]
    data = filled(template, {"明细": rows, "公司名称": "某塔公司"})
    assert text(data).split("\n") == ["单", "项目", "金额", "塔租", "1.00", "电费", "2.50"]
    assert text(data, "word/header1.xml") == "某塔公司"


def test_gathered_rows_merge_their_shared_cell() -> None:
    template = opened(table=[
        ["{%tr for 组 in 按站址 %}"], ["{%tr for 行 in 组.明细 %}"], ["{% vm %}{{ 组.站址编码 }}", "{{ 行.金额 }}"],
        ["{%tr endfor %}"], ["{%tr endfor %}"],
    ])
    groups = [{"站址编码": "甲", "明细": [{"金额": "1"}, {"金额": "2"}]}, {"站址编码": "乙", "明细": [{"金额": "3"}]}]
    data = filled(template, {"按站址": groups})
    body = parts(data)["word/document.xml"].decode()
    assert text(data).split() == ["甲", "1", "2", "乙", "3"]
    assert (body.count('w:val="restart"'), body.count('w:val="continue"')) == (2, 1)


def test_the_same_input_gives_the_same_bytes_and_the_company_as_author() -> None:
    template = opened("{{ 站点名称 }}")
    context = {"站点名称": "甲", "公司名称": "某塔公司"}
    first = filled(template, context)
    assert filled(opened("{{ 站点名称 }}"), context) == first
    properties = parts(first)["docProps/core.xml"].decode()
    assert "<dc:creator>某塔公司</dc:creator>" in properties
    assert "某人" not in properties
    assert "内部底价" not in properties
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_review_comments_and_custom_properties_do_not_leave_the_house() -> None:
    data = _one_run('甲</w:t></w:r><w:r><w:commentReference w:id="0"/></w:r><w:r><w:t>乙{{ 站点名称 }}')
    types = parts(data)["[Content_Types].xml"].decode().replace(
        "</Types>", '<Override PartName="/word/comments.xml" ContentType="x+xml"/></Types>'
    )
    relations = parts(data)["word/_rels/document.xml.rels"].decode().replace(
        "</Relationships>", '<Relationship Id="rId98" Target="comments.xml" Type="x/comments"/></Relationships>'
    )
    data = changed(data, {
        "word/comments.xml": b"<c>secret</c>", "docProps/custom.xml": b"<p>secret</p>",
        "[Content_Types].xml": types.encode(), "word/_rels/document.xml.rels": relations.encode(),
    })
    template, findings = open_template(data, "样张.docx", FIELDS)
    assert template is not None, findings
    made = parts(filled(template, {"站点名称": "丙"}))
    assert not any(b"secret" in content or b"omments.xml" in content for content in made.values())
    assert b"commentReference" not in made["word/document.xml"]


def test_a_missing_value_stops_the_paper() -> None:
    data, findings = render(opened("{{ 站点名称 }}"), {}, title="", day=DAY)
    assert data is None
    assert [found.code for found in findings] == ["DOC033"]
    assert "没有“站点名称”" in findings[0].message


def test_a_required_value_hidden_by_a_condition_stops_the_paper() -> None:
    template = opened('{% if 站点名称 == "乙" %}{{ 经度 }}{% endif %}')
    data, findings = render(
        template, {"站点名称": "甲", "经度": "111.5"}, title="", day=DAY, required=("经度",)
    )
    assert data is None
    assert [(found.code, found.field, found.value) for found in findings] == [("DOC030", "经度", "111.5")]


def test_a_condition_over_the_border_of_a_cell_would_break_the_document() -> None:
    found = refusal(paper('{% if 经度 == "" %}甲', table=[["乙{% endif %}"]]))
    assert found.code == "DOC064"
    assert "第1个表格第1行第1格" in found.message


def test_rows_times_rows_are_refused_since_they_could_run_for_hours() -> None:
    found = refusal(paper("{% for a in 明细 %}{% for b in 明细 %}{% endfor %}{% endfor %}"))
    assert found.code == "DOC013"
    assert "嵌套的for" in found.message


def test_a_paper_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.template.MAX_CHARACTERS", 50_000)
    template = opened("{% for 行 in 明细 %}{{ 行.金额 }}{% endfor %}")
    rows = [{"金额": "12345678"}] * 10_000
    data, findings = render(template, {"明细": rows}, title="", day=DAY)
    assert data is None
    assert [found.code for found in findings] == ["DOC032"]


def test_the_text_equals_that_of_docxtpl() -> None:
    source = paper(
        "编号 {{ 需求编号 }}，{% if 经度 %}经度 {{ 经度 }}{% else %}无{% endif %}。", "{%p if 站点名称 %}", "{{ 站点|名称 }}", "{%p endif %}",
        table=[["a", "b"], ["{%tr for 行 in 明细 %}"], ["{{ 行.费用项目 }}", "{{ 行.金额 }}"], ["{%tr endfor %}"]],
    )
    rows = [{"费用项目": "塔<租>", "金额": "1,000.00"}, {"费用项目": "A&B", "金额": "2.00"}]
    context = {"需求编号": "XQ-0007", "经度": "111.5", "站点名称": "甲\n乙", "明细": rows}
    template, _ = open_template(source, "样张.docx", FIELDS)
    assert template is not None
    oracle = DocxTemplate(BytesIO(source))
    oracle.render(context, Environment(undefined=StrictUndefined), autoescape=True)
    buffer = BytesIO()
    oracle.save(buffer)
    assert text(filled(template, context)) == text(buffer.getvalue())
