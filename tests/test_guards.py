"""The guards of a template and of a finished paper, each asked alone: what may be said, read, left over, left out."""

from __future__ import annotations

import jinja2
import pytest
from lxml import etree

from generator.package import W
from generator.printed import Printed
from generator.proof import left_over, unprinted, words
from generator.sandbox import Environment, Walk

ENVIRONMENT = Environment()


def printed(source: str, **values: object) -> str:
    return ENVIRONMENT.from_string(source).render(values)


def walked(source: str) -> Walk:
    return Walk(ENVIRONMENT.parse(source))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ 甲.乙 }}", "1"),
        ("{{ 甲['乙'] }}", "1"),
        ("{% for 行 in 明细 %}{{ loop.index }}/{{ loop.length }} {% endfor %}", "1/2 2/2 "),
        ("{% for 行 in 明细 %}{{ loop.index0 }}{% if loop.first %}始{% endif %}{% if loop.last %}末{% endif %} {% endfor %}", "0始 1末 "),
        ("{{ 字 | trim }}", "A&amp;B"),
        ("{{ 两行 }}", '一</w:t><w:br/><w:t xml:space="preserve">&lt;二&gt;'),
    ],
)
def test_a_template_prints_values_rows_counters_and_line_breaks(source: str, text: str) -> None:
    assert printed(source, 甲={"乙": "1"}, 明细=[{}, {}], 字=" A&B ", 两行="一\n<二>") == text


@pytest.mark.parametrize(
    "source",
    [
        "{{ 字.upper }}", "{{ 字.__class__ }}", "{{ 字['format'] }}", "{{ 甲.丙 }}", "{{ 甲.keys }}", "{{ 没有 }}", "{{ range }}",
        "{% for 行 in 明细 %}{{ loop.cycle }}{% endfor %}",
    ],
)
def test_nothing_of_the_program_is_within_reach(source: str) -> None:
    with pytest.raises(jinja2.UndefinedError):
        printed(source, 甲={"乙": "1"}, 明细=[{}], 字="abc")


@pytest.mark.parametrize("word", ["odd", "defined", "callable"])
def test_no_test_is_there(word: str) -> None:
    with pytest.raises(jinja2.TemplateAssertionError):
        printed(f"{{{{ 字 is {word} }}}}", 字="1")


@pytest.mark.parametrize("word", ["upper", "safe", "map", "attr"])
def test_other_filters_are_not_there(word: str) -> None:
    with pytest.raises(jinja2.TemplateAssertionError):
        printed(f"{{{{ 字 | {word} }}}}", 字="abc")


@pytest.mark.parametrize(
    ("source", "uses"),
    [
        ("{{ 甲.乙 }}", ["甲.乙"]),
        ("{{ 甲 | trim }}", ["甲"]),
        ("{{ 明细 | length }}", ["明细[]"]),
        ("{% if 甲 %}{{ 乙 }}{% else %}{{ 丙 }}{% endif %}", ["甲?", "乙", "丙"]),
        ("{{ 乙 if 甲 else 丙 }}", ["甲?", "乙", "丙"]),
        ("{% if 甲 == '是' and not 乙 %}有{% endif %}", ["甲", "乙"]),
        ("{% for 行 in 明细 %}{{ loop.index }}{{ 行.金额 }}{% else %}{{ 说明 }}{% endfor %}", ["明细[]", "明细[].金额", "说明"]),
        ("{% for 组 in 各组 %}{% for 行 in 组.明细 %}{{ 行.量 }}{% endfor %}{% endfor %}", ["各组[]", "各组[].明细[]", "各组[].明细[].量"]),
        ("{% for 行 in 明细 %}{{ 行 }}{% endfor %}", ["明细[]", "明细[]."]),
        ("{% for 行 in 明细 %}{{ 3 * loop.length }}{{ loop.length * 2 }}{% endfor %}", ["明细[]"]),
        ("{{ loop.index }}", ["loop.index"]),
        ("{% for 行 in 明细 %}{{ loop.cycle }}{% endfor %}", ["明细[]", "loop.cycle"]),
    ],
)
def test_what_a_template_reads_is_known_by_its_path(source: str, uses: list[str]) -> None:
    walk = walked(source)
    assert ([path for path, _, _ in walk.uses], walk.forbidden, walk.filters) == (uses, [], [])


def test_a_use_tells_how_it_is_written_and_where() -> None:
    assert walked("\n{% for 行 in 明细 %}\n{{ 行.金额 }}{% endfor %}").uses == [("明细[]", "明细", 2), ("明细[].金额", "行.金额", 3)]


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("{{ 甲() }}", "调用"), ("{{ 甲['乙'] }}", "方括号取值"), ("{{ 2 * 3 }}", "乘法"), ("{{ 甲 * 2 }}", "乘法"), ("{{ 甲._乙 }}", "取属性"),
        ("{% set 甲 = 1 %}", "set"), ("{% macro 甲() %}{% endmacro %}", "macro"), ("{% include '甲' %}", "include"), ("{% import '甲' as 乙 %}", "import"),
        ("{% from '甲' import 乙 %}", "import"), ("{% extends '甲' %}", "extends"), ("{{ 甲 is defined }}", "is判断"),
        ("{% for 一, 二 in 明细 %}{% endfor %}", "for的这种写法"), ("{% for 行 in 明细 if 行.量 %}{% endfor %}", "for的这种写法"),
        ("{% for 行 in 明细 recursive %}{% endfor %}", "for的这种写法"), ("{% for 行 in 甲() %}{{ 行 }}{% endfor %}", "for的这种写法"),
        ("{% for 行 in 明细 %}{% for 另 in 别的 %}{% endfor %}{% endfor %}", "嵌套的for，只能取外层一行自己的明细"),
        ("{% for 行 in 明细 %}{{ 64 * loop.length }}{% endfor %}", "乘法"), ("{% for 行 in 明细 %}{{ '甲' * loop.length }}{% endfor %}", "乘法"),
        ("{% for 行 in 明细 %}{{ loop.length * loop.index }}{% endfor %}", "乘法"),
    ],
)
def test_what_a_template_must_not_say_is_named(source: str, word: str) -> None:
    assert walked(f"\n\n{source}").forbidden == [(word, 3)]


@pytest.mark.parametrize(("source", "name"), [("{{ 甲 | trim('x') }}", "trim"), ("{{ 甲 | length(a=1) }}", "length")])
def test_a_filter_takes_nothing_but_its_value(source: str, name: str) -> None:
    assert walked(source).filters == [(name, 1)]


def test_a_tag_in_the_finished_text_is_told_unless_it_is_data() -> None:
    data: dict[str, Printed] = {"备注": "写作{{ 甲 }}\n第二行", "明细": [{"名": "{%"}], "空": ""}
    assert left_over("甲站\n写作{{ 甲 }}\n第二行\n{%", data, "单据.docx") == []
    assert left_over("甲站", data, "单据.docx") == []
    (found,) = left_over("甲站\n写作{{ 甲 }}\n余下{{ 乙 }}在此\n下一行", data, "单据.docx")
    assert (found.code, found.workbook) == ("DOC031", "单据.docx")
    assert "{{ 乙 }}在此" in found.message and "下一行" not in found.message


def test_a_required_value_that_is_not_printed_is_told_once_with_its_field() -> None:
    data: dict[str, Printed] = {"站点名称": "甲站", "地址": "乙路\n1号", "明细": [{"金额": "1.00"}, {"金额": "2.00"}, {"金额": "3.00"}]}
    text = "站点：甲站\n乙路\n1号\n1.00"
    assert unprinted(text, data, ["站点名称", "地址"], "单据.docx") == []
    (found,) = unprinted(text, data, ["站点名称", "明细[].金额"], "单据.docx")
    assert (found.code, found.field, found.value, found.workbook) == ("DOC030", "明细.金额", "2.00", "单据.docx")
    assert [one.field for one in unprinted("别的\n乙路", data, ["站点名称", "地址"], "单据.docx")] == ["站点名称", "地址"]


@pytest.mark.parametrize("mark", ["{{", "{%", "{#", "｛｛", "｛%"])
def test_the_beginning_of_any_tag_is_told(mark: str) -> None:
    assert [one.code for one in left_over(f"余下{mark}", {}, "单据.docx")] == ["DOC031"]
    assert [one.code for one in left_over("{{ {% {# ｛｛ ｛%", {}, "单据.docx")] == ["DOC031"]


def test_of_a_tag_left_over_forty_signs_are_told() -> None:
    (found,) = left_over("甲站{{ 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七天地", {}, "单据.docx")
    assert "{{ 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七" in found.message  # 3 + 3 × 10 + 7
    assert "天" not in found.message


@pytest.mark.parametrize(
    ("printed_", "data"), [("{{ 一 {%", {"短": "{{", "长": "{{ 一 {%"}), ("{{ {甲{", {"写": "{{", "字": "甲"})], ids=["one in another", "between braces"],
)
def test_data_that_look_like_tags_are_taken_out_whole_and_nothing_else(printed_: str, data: dict[str, Printed]) -> None:
    assert left_over(printed_, data, "单据.docx") == []


def test_the_lines_of_a_value_may_stand_apart() -> None:
    assert unprinted("乙路\n甲\n1号", {"地址": "乙路\n1号"}, ["地址"], "单据.docx") == []


def test_a_paper_reads_as_its_texts_with_a_break_for_each_tab_and_line() -> None:
    root = etree.fromstring(f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>甲</w:t><w:tab/><w:t/><w:br/><w:t>乙</w:t></w:r></w:p>')
    assert "".join(words(root)) == "\n甲\n\n乙"
