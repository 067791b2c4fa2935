"""lint, as somebody who edits templates in Word meets it: every mistake at once, with its place, words and cure."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from generator.advice import examine
from generator.definitions import Definition, definitions, fields
from generator.issuing import TEMPLATES
from generator.preview import preview
from generator.template import load, open_template
from macros.findings import Finding
from macros.hosts import Refused
from tests.city import copied, enter, run
from tests.papers import changed, paper, parts, text

#: 交付验收单: values of its own, a join (需求) and the rows of a list (明细).
KIND = definitions()["3.7"]
LOOP = "{%tr for 行 in 明细 %}"
PIECES = (
    LOOP, "{%tr endfor %}", "{% for 行 in 明细 %}", "{% endfor %}", "{% if 运营商 %}", "{% else %}", "{% elif 需求编号 %}", "{% endif %}",
    "{%p if 运营商 %}", "{%p endif %}", "{%r if 运营商 %}", "{%r endif %}", "{{r 运营商 }}", "{{ 行.结论 }}", "{{ 需求编号 }}", "{{ 明细|length }}", "{% vm %}", "{%tc endif %}", "{#", "#}",
)


@pytest.fixture
def told(tmp_path: Path) -> Any:
    """What lint says of a template file, without the fields that these short samples leave out."""
    def say(data: bytes) -> list[Finding]:
        path = tmp_path / "3.7-acceptance.docx"
        path.write_bytes(data)
        return [said for said in examine(path, KIND) if said.code != "DOC017"]
    return say


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        # placeholders nobody knows, with what was meant
        ("单号：{{ 验收单编码 }}", "DOC010", "没有字段“验收单编码”，是否应为“验收单编号”"),
        ("{{ 验收单 }}", "DOC010", "是否应为“验收单编号”"),
        ("{{ 需求.站点名 }}", "DOC010", "“需求.站点名称”"),
        ("{{ 站点名称 }}", "DOC010", "是否应为“需求.站点名称”"),
        ("{{ 检查项目 }}", "DOC010", "“检查项目”是列表“明细”的列，须写在for与endfor之间"),
        ("{{ 明细 }}", "DOC010", "它是列表，须用{%tr for 行 in 明细 %}逐行印出"),
        ("{% for 行 in 明细 %}{{ 行 }}{% endfor %}", "DOC010", "没有字段“行”；它是列表的一行，须写明列名，如“行."),
        ("{% for 明细 in 明细 %}{{ 明细 }}{% endfor %}", "DOC010", "它是列表的一行"),
        ("{{ qqqqqq }}", "DOC010", "没有字段“qqqqqq”（正文第2段"),
        # words of statements
        ("{% fi 运营商 %}甲{% endif %}", "DOC063", "现为“fi”，是否应为“if”"),
        ("{% if 运营商 %}甲{% end if %}", "DOC063", "现为“end”，是否应为“endif”"),
        ("{% if 运营商 %}甲{% elseif 需求编号 %}乙{% endif %}", "DOC063", "现为“elseif”，是否应为“elif”"),
        ("{% 如果 运营商 %}甲{% endif %}", "DOC063", "现为“如果”，是否应为“if”"),
        ("{% 运营商 %}", "DOC063", "只印一个字段时用双花括号"),
        ("{% if 运营商 %}甲{% else 需求编号 %}乙{% endif %}", "DOC016", "“否则如果”写成elif"),
        # statements without partner
        ("{% if 运营商 %}甲", "DOC016", "“{% if 运营商 %}”没有对应的结尾endif"),
        ("甲{% endif %}", "DOC016", "“{% endif %}”没有对应的开头if"),
        ("甲{% else %}乙", "DOC016", "“{% else %}”没有对应的开头if"),
        ("{%p endfor %}", "DOC016", "“{%p endfor %}”没有对应的开头for"),
        # writing
        ("{% if 运营商 = '移动' %}甲{% endif %}", "DOC016", "须写两个等号“==”"),
        ("{% if 运营商 ＝＝ '移动' %}甲{% endif %}", "DOC016", "全角符号“＝”"),
        ("{% if 运营商 == '移动 %}甲{% endif %}", "DOC016", "引号不成对"),
        ("{% for 行 明细 %}甲{% endfor %}", "DOC016", "须写成“for 行 in 明细”的样子"),
        ("{{ }}", "DOC016", "“{{ }}”中没有字段名"),
        ("{{ 需求 编号 }}", "DOC016", "字段名不能有空格，是否应为“需求编号”"),
        ("{{ 需求编号（移动） }}", "DOC016", "全角符号“（”"),
        ("{% if 运营商 %}甲{% endfi %}", "DOC063", "现为“endfi”，是否应为“endif”"),
        # braces
        ("单号：{{ 需求编号 }", "DOC011", "有标记没有闭合（正文第2段“单号：{{ 需求编号 }”）"),
        ("单号：{{ 需求编号 }}}", "DOC011", "有标记没有闭合"),
        ("（不含｛税）：{{ 需求编号 }}", "DOC011", "有标记没有闭合"),
        ("单号：需求编号 }}", "DOC011", "有标记没有闭合"),
        ("单号：｛｛ 需求编号 ｝｝", "DOC012", "现为全角“｛｛”"),
        ("单号：{ 需求编号 }", "DOC068", "请改为{{ 需求编号 }}"),
        ("单号：{需求.站点名称}", "DOC068", "“{需求.站点名称}”会原样印出"),
        ("{{r 需求编号 }}", "DOC060", "印出后看不见"),
        ("{%r if 运营商 %}甲{%r endif %}", "DOC060", "不可加r"),
        ("{{p 需求编号 }}", "DOC060", "花括号后不加字母"),
        ("{%tr for 行 in 明细 %}", "DOC066", "所在处没有表格行"),
        ("甲{%p if 运营商 %}", "DOC015", "{%p if 运营商 %}"),
        # legal, but not what is meant
        ("{% if 运营商 == '中国移动通信' %}甲{% endif %}", "DOC074", "“中国移动通信”不是，该判断永远不成立"),
    ],
)
def test_a_mistake_is_told_with_its_paragraph_words_and_cure(told: Any, line: str, code: str, says: str) -> None:
    found = {said.code: said.message for said in told(paper("第一段", line))}
    assert code in found
    assert says in found[code]
    assert "第2段" in found[code]


@pytest.mark.parametrize("line", [
    "{% for 行 明细 %}{{ 行.结论 }}{% endfor %}", "{% fi 运营商 %}甲{% else %}乙{% endif %}", "{% if 运营商 = 1 %}甲{% endif %}",
    "{% if 运营商 %}甲{% esle %}乙{% endif %}", "{% if 运营商 %}甲{% elseif 需求编号 %}乙{% endif %}",
])
def test_a_misspelt_statement_is_one_mistake_and_not_three(told: Any, line: str) -> None:
    assert len(told(paper(line))) == 1


@pytest.mark.parametrize("line", ["{{ 需求编号 }}", "{% if 运营商 == “移动” %}甲{% endif %}", "{%p if 运营商 %}", "{ 甲 }", "{#备注#}"])
def test_what_is_right_is_not_told(told: Any, line: str) -> None:
    ends = ["甲", "{%p endif %}"] if line.startswith("{%p") else []
    assert told(paper(line, *ends)) == []


def test_one_mistake_does_not_hide_the_others_and_all_stand_in_reading_order(told: Any) -> None:
    said = told(paper(
        "{{ 需求编码 }}", "{% for 行 in 明细 %}{{ 行.结轮 }}", "{{ 甲 }", "{{ lipsum() }}", "{% qqq %}",
        table=[["好", "{{ 运营尚 }}"], ["{%tr endfor %}", ""]], header="{{ 公司名 }}",
    ))
    places = [re.search(r"(?:正文|页眉)第\d+段(?:（[^）]*）)?", found.message)[0] for found in said]  # type: ignore[index]
    assert [(found.code, place) for found, place in zip(said, places, strict=True)] == [
        ("DOC010", "正文第1段"),  # 需求编码
        ("DOC010", "正文第2段"),  # 行.结轮
        ("DOC011", "正文第3段"),
        ("DOC013", "正文第4段"),
        ("DOC063", "正文第5段"),
        ("DOC010", "正文第7段（第1个表格第1行第2格）"),  # 运营尚
        ("DOC064", "正文第2段"),  # the loop ends in a table's row
        ("DOC010", "页眉第1段"),
    ]


@pytest.mark.parametrize(
    ("table", "code", "says"),
    [
        ([["{{ 需求编号", "}}"]], "DOC067", "前一半在正文第1段（第1个表格第1行第1格）“{{ 需求编号”，后一半在正文第2段（第1个表格第1行第2格）"),
        ([[LOOP, "合计"], ["{{ 行.结论 }}", ""], ["{%tr endfor %}", ""]], "DOC015", "须独占一个表格行"),
        ([["{% for 行 in 明细 %}"], ["{{ 行.结论 }}"], ["{% endfor %}"]], "DOC064", "两者不在同一个单元格或正文"),
        ([[LOOP], ["{{ 行.结论 }}"], ["{% endfor %}"]], "DOC064", "开头的标记是{%tr … %}，这一个是{% … %}"),
        ([["{% if 运营商 %}甲", "乙{% endif %}"]], "DOC064", "两者不在同一个单元格或正文"),
        ([["{%p if 运营商 %}"]], "DOC016", "没有对应的结尾endif"),
        ([["甲"], [LOOP], ["{{ 行.结论 }}"], [""], ["{%tr endfor %}"]], "DOC072", "每条明细后会多出一个空行"),
        ([[LOOP], ["{{ 行.结论 }}"], ["{%tr endfor %}"]], "DOC079", "请加一行表头或合计"),
    ],
)
def test_mistakes_in_tables_name_table_row_and_cell(told: Any, table: list[list[str]], code: str, says: str) -> None:
    found = [said.message for said in told(paper(table=table)) if said.code == code]
    assert found and says in found[0]
    assert "第1个表格" in found[0]


def test_a_loop_from_one_table_into_another_is_told(told: Any) -> None:
    document = docx.Document()
    for rows in ((("项目",), (LOOP,), ("{{ 行.结论 }}",)), (("合计",), ("{%tr endfor %}",))):
        table = document.add_table(len(rows), 1)
        for row, (words,) in zip(table.rows, rows, strict=True):
            row.cells[0].text = words
        document.add_paragraph()
    (said,) = told(saved(document))
    assert said.code == "DOC064"
    assert "不在同一个表格" in said.message
    assert "第1个表格第2行第1格" in said.message and "第2个表格第2行第1格" in said.message


def test_a_tag_in_two_paragraphs_is_one_mistake(told: Any) -> None:
    (said,) = told(paper("甲", "{{ 需求", "编号 }}"))
    assert said.code == "DOC067"
    assert "正文第2段“{{ 需求”" in said.message and "正文第3段“编号 }}”" in said.message


@pytest.mark.parametrize("inside", [["{%p if 运营商 %}", "甲", "{%p endif %}"], ["{%p for 行 in 明细 %}", "{{ 行.结论 }}", "{%p endfor %}"]])
def test_a_cell_that_could_lose_its_last_paragraph_is_told(told: Any, inside: list[str]) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).rows[0].cells[0]
    cell.text = inside[0]
    for words in inside[1:]:
        cell.add_paragraph(words)
    (said,) = told(saved(document))
    assert said.code == "DOC065" and "单元格" in said.message
    cell.add_paragraph("")
    assert told(saved(document)) == []


def test_a_split_tag_is_healed_and_said_once(told: Any) -> None:
    (said,) = told(paper("单号：{|{ 需求|编号 }|}", "{{ 运营|商 }}"))
    assert (said.code, said.severity) == ("DOC071", "info")
    assert "共2段" in said.message and "正文第1段" in said.message


def test_a_statement_alone_in_its_paragraph_leaves_a_blank_line(told: Any) -> None:
    said = told(paper("{% if 运营商 %}", "甲", "{% endif %}"))
    assert [found.code for found in said] == ["DOC073", "DOC073"]
    assert "{%p if 字段 %}" in said[0].message


@pytest.mark.parametrize(
    ("code", "instruction", "says"),
    [("DOC075", ' DATE \\@ "yyyy-MM-dd" ', "域“DATE”"), ("DOC075", " MERGEFIELD 客户 ", "域“MERGEFIELD”"),
     ("DOC069", " HYPERLINK {{ 需求编号 }} ", "域代码中的“HYPERLINK {{ 需求编号 }}”")],
)
def test_a_field_of_words_own_is_told(told: Any, code: str, instruction: str, says: str) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("日期：")
    field(paragraph, instruction, "2026-01-01")
    (said,) = told(saved(document))
    assert said.code == code
    assert says in said.message


def test_a_placeholder_within_a_fields_result_is_told(told: Any) -> None:
    document = docx.Document()
    field(document.add_paragraph(), " REF 书签 ", "{{ 需求编号 }}")
    (said,) = told(saved(document))
    assert said.code == "DOC076" and "{{ 需求编号 }}" in said.message


def test_page_numbers_are_no_mistake(told: Any) -> None:
    document = docx.Document()
    field(document.add_paragraph("第"), " PAGE ", "1")
    assert told(saved(document)) == []


def test_a_tag_in_a_pictures_description_is_told(told: Any) -> None:
    data = paper("{{ 需求编号 }}")
    picture = (
        '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr id="1" name="a" descr="{{ 运营商 }}"/></wp:inline></w:drawing>'
    )
    body = parts(data)["word/document.xml"].decode().replace("<w:t>{{", f"{picture}<w:t>{{{{", 1)
    (said,) = told(changed(data, {"word/document.xml": body.encode()}))
    assert said.code == "DOC069"
    assert "图片的替代文字中的“{{ 运营商 }}”" in said.message and "正文第1段" in said.message


def test_a_tag_in_a_chart_is_told(told: Any) -> None:
    (said,) = told(changed(paper("甲"), {"word/charts/chart1.xml": "<c>{{ 需求编号 }}</c>".encode()}))
    assert said.code == "DOC069" and "word/charts/chart1.xml" in said.message


def test_a_control_bound_to_data_is_told(told: Any) -> None:
    document = docx.Document()
    document.add_paragraph("甲")
    document.element.body.insert(0, parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:dataBinding w:xpath="/a" w:storeItemID="x"/></w:sdtPr><w:sdtContent><w:p><w:r>'
        "<w:t>{{ 需求编号 }}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    ))
    (said,) = told(saved(document))
    assert said.code == "DOC070" and "正文第1段“{{ 需求编号 }}”" in said.message


@pytest.mark.parametrize("kind", ["w:ins", "w:del", "w:moveFrom", "w:moveTo"])
def test_tracked_changes_are_told(told: Any, kind: str) -> None:
    document = docx.Document()
    document.add_paragraph("甲")._p.append(parse_xml(f'<{kind} {nsdecls("w")} w:id="1" w:author="某人"/>'))
    assert [said.code for said in told(saved(document))] == ["DOC008"]


def test_tracked_formats_are_told(told: Any) -> None:
    document = docx.Document()
    run_ = document.add_paragraph().add_run("甲")
    run_.font.size = Pt(12)
    run_._r.get_or_add_rPr().append(parse_xml(f'<w:rPrChange {nsdecls("w")} w:id="1" w:author="某人"><w:rPr/></w:rPrChange>'))
    assert [said.code for said in told(saved(document))] == ["DOC008"]


def test_comments_and_hidden_text_are_told(told: Any) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("内部底价")
    paragraph.runs[0].font.hidden = True
    data = changed(saved(document), {"word/comments.xml": b"<c/>"})
    assert [(said.code, said.severity) for said in told(data)] == [("DOC078", "warning"), ("DOC077", "info")]


def test_what_must_be_printed_and_is_not_is_told(tmp_path: Path) -> None:
    path = tmp_path / KIND.template
    path.write_bytes(paper("{{ 验收单编号 }}"))
    missing = [said.field for said in examine(path, KIND) if said.code == "DOC017"]
    assert "验收单编号" not in missing
    assert "明细.结论" in missing  # a list's column counts too


@pytest.mark.parametrize("definition", definitions().values(), ids=lambda definition: definition.code)
def test_the_delivered_templates_have_nothing_to_tell(definition: Definition) -> None:
    for name in (definition.template, *(variant.template for variant in definition.variants)):
        assert examine(TEMPLATES / name, definition) == []


def test_a_file_that_is_not_there_or_no_word_file_is_told(tmp_path: Path) -> None:
    assert [said.code for said in examine(tmp_path / "无.docx", KIND)] == ["DOC001"]
    (tmp_path / "坏.docx").write_bytes(b"PK")
    assert [said.code for said in examine(tmp_path / "坏.docx", KIND)] == ["DOC002"]
    (tmp_path / "密.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    (said,) = examine(tmp_path / "密.docx", KIND)
    assert said.code == "DOC002" and "打开密码" in said.message


def test_what_word_leaves_beside_an_open_template_is_passed_over(blank: Path, tmp_path: Path) -> None:
    folder = copied(blank, tmp_path)
    (folder / "模板" / "~$3.1-demand.docx").write_bytes(b"Word")
    (folder / "模板" / "3.1-demand - 副本.docx").write_bytes((folder / "模板" / "3.1-demand.docx").read_bytes())
    answer = run("lint", [], folder)
    assert answer.status == 0
    assert [(said["code"], said["workbook"]) for said in answer.data["findings"]] == [("DOC080", "3.1-demand - 副本.docx")]


def test_the_command_lists_mistakes_by_template_in_reading_order(blank: Path, tmp_path: Path) -> None:
    folder = copied(blank, tmp_path)
    for name, line in (("3.1-demand.docx", "{{ 站点名陈 }}"), ("3.2-screening.docx", "{% qqq %}")):
        document = docx.Document(str(folder / "模板" / name))
        document.add_paragraph(line)
        document.save(str(folder / "模板" / name))
    answer = run("lint", [], folder)
    assert answer.status == 1
    assert answer.text.index("3.1-demand.docx　附表3.1") < answer.text.index("站点名陈") < answer.text.index("3.2-screening.docx　附表3.2")
    assert {found["code"] for found in answer.data["findings"]} == {"DOC010", "DOC063"}


def test_the_preview_fills_each_faultless_template_with_the_names_of_its_fields(blank: Path, tmp_path: Path) -> None:
    folder = copied(blank, tmp_path)
    wrong = folder / "模板" / "3.2-screening.docx"
    document = docx.Document(str(wrong))
    document.add_paragraph("{{ 甲乙 }}")
    document.save(str(wrong))
    names = [folder / "模板" / "3.7-acceptance.docx", wrong]
    answer = run("lint", names, folder, preview=True, out=tmp_path / "预览", now="2026-11-20T09:00")
    assert [Path(made).name for made in answer.data["previews"]] == ["预览 3.7-acceptance.docx"]
    shown = docx.Document(answer.data["previews"][0])
    cells = [cell.text for table in shown.tables for row in table.rows for cell in row.cells]
    words = "\n".join([*(paragraph.text for paragraph in shown.paragraphs), *cells])
    assert "〔验收单编号〕" in words and "〔结论1〕" in words and "〔结论2〕" in words
    assert "{{" not in words and "{%" not in words


def test_of_a_folder_all_templates_are_read_and_of_a_register_those_of_its_own(blank: Path, tmp_path: Path) -> None:
    folder, few = copied(blank, tmp_path), tmp_path / "改过的"
    few.mkdir()
    for name in ("3.1-demand.docx", "3.2-screening.docx"):
        (few / name).write_bytes((folder / "模板" / name).read_bytes())
    assert run("lint", [few], folder).data["templates"] == 2
    every = len(list((folder / "模板").glob("*.docx")))
    assert run("lint", [folder], tmp_path).data["templates"] == every
    (tmp_path / "空").mkdir()
    with pytest.raises(Refused) as refused:
        run("lint", [tmp_path / "空"], folder)
    assert (refused.value.finding.code, refused.value.finding.value) == ("CMD028", str(tmp_path / "空"))
    assert "“模板”" in str(refused.value)


@pytest.mark.parametrize("definition", definitions().values(), ids=lambda definition: definition.code)
def test_every_kind_of_paper_can_be_previewed(definition: Definition) -> None:
    for name in (definition.template, *(variant.template for variant in definition.variants)):
        template, _ = load(TEMPLATES / name, fields(definition))
        assert template is not None
        data, said = preview(definition, template, dt.date(2026, 11, 20))
        assert data is not None, [found.message for found in said]


def test_the_fields_of_a_paper_are_listed_to_copy(blank: Path) -> None:
    answer = run("lint", [], blank, fields="3.7")
    assert "＊{{ 验收单编号 }}" in answer.text
    assert "{{ 需求.站点名称 }}" in answer.text
    assert "{%tr for 行 in 明细 %}" in answer.text and "＊{{ 行.结论 }}" in answer.text
    assert "{%tr for 组 in 类别组 %}" in answer.text and "{% vm %}{{ 组.类别 }}" in answer.text
    assert answer.data["form"] == "3.7"
    written = [row["placeholder"] for row in answer.data["fields"]]
    assert "{{ 单据编号 }}" in written


@pytest.mark.parametrize("definition", definitions().values(), ids=lambda definition: definition.code)
def test_every_field_listed_is_one_a_template_may_use(definition: Definition) -> None:
    from generator.columns import placeholders

    listed = {each.path for each in placeholders(definition)}
    grouped = tuple(f"{each.grouped}[]" for each in definition.lists if each.grouped)
    usable = {path for path in fields(definition) if not path.startswith(("图表：", "图片：")) and not path.endswith("[]") and not path.startswith(grouped or ("\0",))}
    assert listed == usable


def saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def field(paragraph: Paragraph, instruction: str, result: str) -> None:
    """A field of Word's, with the result it shows."""
    for kind in ("begin", instruction, "separate", result, "end"):
        run_ = paragraph.add_run()._r
        if kind in ("begin", "separate", "end"):
            node = OxmlElement("w:fldChar")
            node.set(qn("w:fldCharType"), kind)
        else:
            node = OxmlElement("w:instrText" if kind == instruction else "w:t")
            node.text = kind
        run_.append(node)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text("{}%#｛｝ ｛ '\"“”=.|甲trpc", max_size=12) | st.sampled_from(PIECES), max_size=12), st.booleans())
def test_whatever_is_typed_is_told_in_words_or_printed(pieces: list[str], in_cells: bool) -> None:
    data = paper(table=[pieces, pieces]) if in_cells and pieces else paper(*pieces, "".join(pieces))
    template, said = open_template(data, "样张.docx", fields(KIND))
    assert template or all("。" in found.message and found.severity == "error" for found in said)
    assert (template is None) == bool(said)


@pytest.mark.parametrize("seed", range(60))
def test_a_slip_of_the_hand_in_a_delivered_template_is_told_or_prints_no_brace(seed: int) -> None:
    lottery = random.Random(seed)
    definition = lottery.choice(list(definitions().values()))
    data = (TEMPLATES / definition.template).read_bytes()
    root = etree.fromstring(parts(data)["word/document.xml"])
    chosen = lottery.choice([each for each in root.iter(qn("w:t")) if "{" in (each.text or "")])
    words = chosen.text or ""
    place = lottery.randrange(words.index("{"), words.rindex("}") + 1)
    slip = lottery.choice(["", "", "{", "}", "｛", " ", "甲", "”", words[place] * 2])
    chosen.text = words[:place] + slip + words[place + 1 :]
    template, said = open_template(changed(data, {"word/document.xml": etree.tostring(root)}), "样张.docx", fields(definition))
    if template is None:
        assert said
        return
    made, said = preview(definition, template, dt.date(2026, 11, 20))
    assert made is not None, said
    assert not set("{}｛｝") & set(text(made))


DEMANDS = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 办公地址 |
| 移动澜南区分公司 | 移动 | 澜南区 | VIP | 澜南路1号 |
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 场景划分 | 经度 | 纬度 | 详细地址 | 交付时间要求 | 需求提出时间 | 系统数（套） | 天线挂高范围（米） | 天线数（副） |
| XQ-1 | 移动 | 澜江 | 澜南区 | 花园站 | 县城 | 111.5 | 31.5 | 花园路1号 | 2027-04-30 | 2026-11-18 | 1 | 30-35 | 3 |
| XQ-2 | 移动 | 澜江 | 澜南区 | 新村站 | 农村 | 111.6 | 31.6 | 新村2号 | 2027-05-31 | 2026-11-18 | 1 | 30-35 | 3 |
## 投诉
| 投诉编号 | 客户名称 | 投诉人 | 渠道 | 类别 | 内容 | 受理时间 |
| TS-7 | 移动澜南区分公司 | 客户代表A | 电话 | 维护质量 | 空调异响 | 2026-11-22 09:30 |
"""


@pytest.mark.parametrize(
    ("line", "code"),
    [("{{ 站点名陈 }}", "DOC010"), ("{%p if 运营商 %}", "DOC016"), ("{ 站点名称 }", "DOC068"), ("{{r 站点名称 }}", "DOC060")],
)
def test_a_faulty_template_makes_no_paper_and_the_other_kinds_go_on(folder: Path, line: str, code: str) -> None:
    enter(folder, DEMANDS)
    template = folder / "模板" / "3.1-demand.docx"
    document = docx.Document(str(template))
    document.add_paragraph(line)
    document.save(str(template))
    answer = run("form", "", [], folder, due=True, now="2026-11-23T09:00:00")
    withheld = [row for row in answer.data["withheld"] if row["form"] == "3.1"]
    assert {row["key"] for row in withheld} == {"XQ-1", "XQ-2"}
    assert all(code in {said["code"] for said in row["findings"]} for row in withheld)
    assert answer.status == 1
    made = {row["form"] for row in answer.data["documents"]}
    assert made == {"3.16"}
    assert not list((folder / "单据").glob("3.1 *"))
