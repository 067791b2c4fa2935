"""Charts and pictures in papers: they show the numbers of their list, keep what somebody did to them in Word, and are
told of where they are misspelt or gone."""

from __future__ import annotations

import base64
import datetime as dt
import io
import itertools
import re
import subprocess
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl.chart.chartspace import ChartSpace
from pypdf import PdfReader

from generator.advice import examine
from generator.definitions import Definition, DefinitionError, fields, parse
from generator.documents import work
from generator.figure_charts import chart
from generator.figure_drawing import blank, field
from generator.figure_marks import look_of
from generator.figures import CHARTS, picture
from generator.issuing import Desk
from generator.layout import draw
from generator.ledger import Ledger
from generator.pdf import convert, find_office
from generator.preview import preview
from generator.template import open_template, render
from macros.register import Register
from tests.city import run
from tests.offices import NOW, SETTINGS
from tests.papers import changed, parts
from tests.tables import register

FORM = """
code = "runs"
number = ""
name = "发电情况"
table = "generator"
group = ["month", "operator"]
template = "runs.docx"
required = ["month"]
lists = [
  {name = "明细", sort = ["run_no"]},
  {name = "成功的", table = "generator", on = {operator = "operator"}, where = [{column = "result", equals = "成功"}], sort = ["run_no"]},
]
figures = [
  {name = "各站费用", kind = "columns", list = "成功的", label = "site_code", series = [{title = "费用", column = "fee"}, {title = "次数"}], title = "各站费用", unit = "元"},
  {name = "结果", kind = "pie", list = "明细", label = "result", series = [{title = "次数"}], title = "发电结果"},
  {name = "每日", kind = "line", list = "明细", label = "started_at", by = "day", most = 2, series = [{title = "时长", column = "minutes"}], unit = "分钟"},
  {name = "地图", kind = "picture"},
]

[[layout]]
block = "head"

[[layout]]
block = "grid"
fields = ["month", "operator"]

[[layout]]
block = "figure"
name = "各站费用"
height = 6.0

[[layout]]
block = "figure"
name = ["结果", "地图"]

[[layout]]
block = "figure"
name = "每日"
"""

#: Of 移动 three succeeded: site …01 has 200 + 0.95 = 200.95 in two runs, site …02 100.05 in one; 联通 has one that failed.
RUNS = """
## 油机发电
| 运维系统工单号 | 账单月份 | 运营商 | 站址编码 | 开始时间 | 结束时间 | 发电时长 | 发电结果 | 费用 |
| YJ-1 | 2026-10 | 移动 | 429000000000000001 | 2026-10-01 08:00 | 2026-10-01 10:00 | 120 | 成功 | 200 |
| YJ-2 | 2026-10 | 移动 | 429000000000000001 | 2026-10-02 08:00 | 2026-10-02 10:00 |     | 失败 | 999 |
| YJ-3 | 2026-10 | 移动 | 429000000000000002 | 2026-10-02 12:00 | 2026-10-02 14:00 | 110 | 成功 | 100.05 |
| YJ-5 | 2026-10 | 移动 | 429000000000000001 | 2026-10-04 08:00 | 2026-10-04 10:00 | 95  | 成功 | 0.95 |
| YJ-9 | 2026-10 | 联通 | 429000000000000003 | 2026-10-05 08:00 | 2026-10-05 09:00 |     | 失败 |  |
"""

DAY = dt.date(2026, 11, 20)
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
RELATIONS = "word/_rels/document.xml.rels"
printing = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")


def kind() -> Definition:
    return parse(FORM, "runs.toml")


def drawn() -> bytes:
    """The template as the program draws it."""
    return draw(tomllib.loads(FORM), "runs.docx")


def edited(document: list[tuple[str, str]]) -> bytes:
    """The template as somebody saved it in Word, with other words in its text."""
    data = drawn()
    body = parts(data)["word/document.xml"].decode()
    for old, text in document:
        assert old in body
        body = body.replace(old, text)
    return changed(data, {"word/document.xml": body.encode()})


def printed(home: Path, data: bytes, held: Register | None = None, **more: Any) -> tuple[list[bytes], list[str]]:
    """The papers of the register, and the codes of what was said."""
    templates, out = home / "templates", home / "out"
    templates.mkdir(exist_ok=True)
    (templates / "runs.docx").write_bytes(data)
    desk = Desk(out, NOW, SETTINGS, Ledger(), [templates], **more)
    batch = work(held or register(RUNS), [(kind(), None)], desk)
    said = [each.code for row in batch.withheld for each in row.findings] + [each.code for each in batch.findings]
    return [(out / row.entry.file).read_bytes() for row in sorted(batch.made, key=lambda row: row.key)], said


def of_mobile(home: Path, data: bytes, **more: Any) -> dict[str, bytes]:
    """The parts of 移动's paper."""
    papers, said = printed(home, data, **more)
    assert not said
    (paper,) = [each for each in map(parts, papers) if "移动".encode() in each["word/document.xml"]]
    return paper


def behind(paper: dict[str, bytes], name: str) -> str:
    """The part behind a figure, found as Word finds it: by drawing and relation."""
    root = etree.fromstring(paper["word/document.xml"])
    (about,) = [each for each in root.iter(f"{WP}docPr") if each.get("descr") == name]
    holder = about.getparent()
    assert holder is not None
    attributes = [str(value) for each in holder.iter() for key, value in each.attrib.items() if str(key).endswith(("}id", "}embed"))]
    relations = {each.get("Id"): each.get("Target", "") for each in etree.fromstring(paper[RELATIONS])}
    return f"word/{relations[attributes[-1]]}"


def numbers(part: bytes) -> dict[str, dict[str, float]]:
    """What a chart shows: label and number by the name of the series."""
    root = etree.fromstring(part)

    def cached(of: etree._Element) -> dict[str, str]:
        return {point.get("idx", ""): point.findtext(f"{C}v", "") for point in of.iter(f"{C}pt")}

    found = {}
    for one in root.iter(f"{C}ser"):
        (title,) = cached(one.find(f"{C}tx")).values()  # type: ignore[arg-type]
        labels, values = cached(one.find(f"{C}cat")), cached(one.find(f"{C}val"))  # type: ignore[arg-type]
        found[title] = {labels[at]: float(values[at]) for at in labels if at in values}
    return found


def title(part: bytes) -> str:
    (found,) = etree.fromstring(part).iterfind(f"{C}chart/{C}title")
    return "".join(map(str, found.itertext()))


def test_a_chart_shows_the_sums_of_its_lists_rows(tmp_path: Path) -> None:
    paper = of_mobile(tmp_path, drawn())
    chart = paper[behind(paper, "图：各站费用")]
    assert numbers(chart) == {
        "费用": {"429000000000000001": 200.95, "429000000000000002": 100.05},
        "次数": {"429000000000000001": 2, "429000000000000002": 1},
    }
    assert title(chart) == "各站费用（元）"


def test_a_pie_counts_the_rows_of_each_label(tmp_path: Path) -> None:
    paper = of_mobile(tmp_path, drawn())
    assert numbers(paper[behind(paper, "图：结果")]) == {"次数": {"成功": 3, "失败": 1}}


def test_days_are_shortened_and_added_up_and_only_the_first_are_shown(tmp_path: Path) -> None:
    """Two runs on 2 October: one without its minutes counts as nothing; 4 October is one label too many."""
    paper = of_mobile(tmp_path, drawn())
    assert numbers(paper[behind(paper, "图：每日")]) == {"时长": {"10-01": 120, "10-02": 110}}


def test_a_chart_without_rows_says_so_in_its_title(tmp_path: Path) -> None:
    papers, said = printed(tmp_path, drawn())
    (paper,) = [each for each in map(parts, papers) if "联通".encode() in each["word/document.xml"]]
    assert not said
    assert title(paper[behind(paper, "图：各站费用")]) == "各站费用（元）　无数据"
    assert numbers(paper[behind(paper, "图：各站费用")]) == {"费用": {}, "次数": {}}


def test_a_picture_handed_over_stands_in_the_paper(tmp_path: Path) -> None:
    paper = of_mobile(tmp_path, drawn(), pictures={"地图": picture(DOT)})
    assert paper[behind(paper, "图：地图")] == DOT


def test_a_picture_that_nobody_hands_over_is_blank(tmp_path: Path) -> None:
    paper = of_mobile(tmp_path, drawn())
    assert paper[behind(paper, "图：地图")] == blank()


def test_nothing_of_the_templates_own_numbers_is_left_in_the_paper(tmp_path: Path) -> None:
    template, paper = parts(drawn()), of_mobile(tmp_path, drawn())
    made_up = [name for name in template if name.startswith(("word/charts/", "word/media/"))]
    assert len(made_up) == 4
    assert not any(name in paper for name in made_up)
    assert not any("〔二〕".encode() in content for content in paper.values())


def test_every_part_has_a_type_and_every_relation_a_part(tmp_path: Path) -> None:
    paper = of_mobile(tmp_path, drawn())
    types = etree.fromstring(paper["[Content_Types].xml"])
    named = [each.get("PartName", "").lstrip("/") for each in types if "PartName" in each.attrib]
    suffixes = {each.get("Extension") for each in types if "Extension" in each.attrib}
    assert len(named) == len(set(named))
    assert set(named) <= set(paper)
    assert all(name in named or name.rpartition(".")[2] in suffixes for name in paper)
    relations = etree.fromstring(paper[RELATIONS])
    assert {f"word/{each.get('Target')}" for each in relations} <= set(paper)
    identities = [each.get("Id") for each in relations]
    assert len(identities) == len(set(identities))
    drawings = [each.get("id") for each in etree.fromstring(paper["word/document.xml"]).iter(f"{WP}docPr")]
    assert drawings == ["1", "2", "3", "4"]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert printed(tmp_path / "a", drawn()) == printed(tmp_path / "b", drawn())


def test_a_size_chosen_in_word_stays(tmp_path: Path) -> None:
    size = re.search(r'<wp:extent (cx="\d+" cy="\d+")/>', parts(drawn())["word/document.xml"].decode())
    assert size is not None
    paper = of_mobile(tmp_path, edited([(size[0], '<wp:extent cx="1800000" cy="900000"/>')]))
    assert '<wp:extent cx="1800000" cy="900000"/>' in paper["word/document.xml"].decode()
    assert numbers(paper[behind(paper, "图：各站费用")])["费用"]["429000000000000002"] == 100.05


def without(name: str) -> bytes:
    """The template after somebody deleted a figure."""
    body = parts(drawn())["word/document.xml"].decode()
    (run,) = [run for run in re.findall(r"<w:r><w:drawing>.*?</w:drawing></w:r>", body) if f'descr="图：{name}"' in run]
    return edited([(run, "")])


def test_a_paper_prints_without_a_figure_that_was_deleted_in_word(tmp_path: Path) -> None:
    paper = of_mobile(tmp_path, without("结果"))
    descriptions = [each.get("descr") for each in etree.fromstring(paper["word/document.xml"]).iter(f"{WP}docPr")]
    assert descriptions == ["图：各站费用", "图：地图", "图：每日"]


def test_lint_tells_of_a_figure_that_was_deleted(tmp_path: Path) -> None:
    path = tmp_path / "runs.docx"
    path.write_bytes(without("结果"))
    (said,) = [each for each in examine(path, kind()) if each.code.startswith("FIG")]
    assert (said.code, said.severity, said.value) == ("FIG003", "info", "结果")


def test_a_misspelt_figure_is_told_with_the_nearest_name_and_stops_the_paper(tmp_path: Path) -> None:
    data = edited([('descr="图：各站费用"', 'descr="图：各站費用"')])
    (tmp_path / "runs.docx").write_bytes(data)
    (said,) = [each for each in examine(tmp_path / "runs.docx", kind()) if each.code == "FIG001"]
    assert "“图：各站費用”，是否应为“图：各站费用”" in said.message
    papers, codes = printed(tmp_path, data)
    assert papers == []
    assert codes == ["FIG001", "FIG001"]


def test_a_picture_in_the_place_of_a_chart_is_told(tmp_path: Path) -> None:
    names = [('descr="图：结果"', 'descr="图：各站"'), ('descr="图：地图"', 'descr="图：结果"'), ('descr="图：各站"', 'descr="图：每日"')]
    (tmp_path / "runs.docx").write_bytes(edited(names))
    (said,) = [each for each in examine(tmp_path / "runs.docx", kind()) if each.code == "FIG002"]
    assert "“图：结果”应是图表，现为图片" in said.message


def test_a_figure_is_known_by_its_name_where_word_has_no_alternative_text(tmp_path: Path) -> None:
    paper = of_mobile(tmp_path, edited([('name="图：结果" descr="图：结果"', 'name="图:结果" title="饼图"')]))
    assert numbers(paper["word/charts/figure2.xml"]) == {"次数": {"成功": 3, "失败": 1}}


def test_pictures_called_as_somebody_likes_stay_in_papers_without_figures() -> None:
    plain = re.sub(r"figures = \[.*?\n\]\n|\[\[layout\]\]\nblock = \"figure\"\nname.*\n(height.*\n)?", "", FORM, flags=re.DOTALL)
    figure = re.search(r"<w:r><w:drawing>(?:(?!</w:r>).)*图：地图.*?</w:r>", parts(drawn())["word/document.xml"].decode())
    assert figure is not None
    assert parse(plain, "runs.toml").figures == ()
    template, said = open_template(
        edited([(each, "") for each in re.findall(r"<w:r><w:drawing>.*?</w:r>", parts(drawn())["word/document.xml"].decode()) if "图：地图" not in each]),
        "runs.docx", fields(parse(plain, "runs.toml")),
    )
    assert not said
    assert template is not None
    assert not template.figures


def test_a_picture_that_word_keeps_once_for_two_drawings_changes_only_where_it_is_the_figure(tmp_path: Path) -> None:
    """Somebody copied the map's grey field as a logo: Word lets both refer to the same part."""
    body = parts(drawn())["word/document.xml"].decode()
    (run,) = [run for run in re.findall(r"<w:r><w:drawing>.*?</w:r>", body) if "图：地图" in run]
    logo = run.replace("图：地图", "标志")
    paper = of_mobile(tmp_path, edited([(run, run + logo)]), pictures={"地图": picture(DOT)})
    assert paper[behind(paper, "图：地图")] == DOT
    assert paper[behind(paper, "标志")] == field()


def test_a_photo_pasted_over_the_field_gives_way_to_the_picture(tmp_path: Path) -> None:
    """Word keeps a pasted photo as JPEG; the picture printed is a PNG file and is called one."""
    data = drawn()
    relations = parts(data)[RELATIONS].replace(b"media/image3.png", b"media/image3.jpeg")
    types = parts(data)["[Content_Types].xml"].replace(b'Extension="png" ContentType="image/png"', b'Extension="jpeg" ContentType="image/jpeg"')
    pasted = changed(data, {RELATIONS: relations, "[Content_Types].xml": types, "word/media/image3.jpeg": b"\xff\xd8photo"})
    paper = of_mobile(tmp_path, pasted, pictures={"地图": picture(DOT)})
    assert behind(paper, "图：地图") == "word/media/figure3.png"
    assert paper["word/media/figure3.png"] == DOT
    assert b'Extension="png"' in paper["[Content_Types].xml"]
    assert not any(name.endswith(".jpeg") for name in paper)


def test_a_template_that_is_not_compiled_prints_the_same_figures(tmp_path: Path) -> None:
    """A table that chooses its columns cannot be proven sound; docxtpl fills it."""
    table = (
        '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="900"/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>{%tc if 运营商 %}</w:t></w:r></w:p></w:tc>'
        "<w:tc><w:p><w:r><w:t>{{ 运营商 }}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{%tc endif %}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    slow = edited([("<w:sectPr>", f"{table}<w:p/><w:sectPr>")])
    opened, _ = open_template(slow, "runs.docx", fields(kind()))
    assert opened is not None
    assert opened.programs is None
    compiled = of_mobile(tmp_path, drawn(), pictures={"地图": picture(DOT)})
    rendered = of_mobile(tmp_path, slow, pictures={"地图": picture(DOT)})
    for name in ("图：各站费用", "图：结果", "图：每日", "图：地图"):
        assert rendered[behind(rendered, name)] == compiled[behind(compiled, name)]


def test_a_preview_shows_made_up_numbers_and_the_grey_field() -> None:
    template, _ = open_template(drawn(), "runs.docx", fields(kind()))
    assert template is not None
    data, said = preview(kind(), template, DAY)
    assert data is not None, said
    sample = parts(data)
    assert list(numbers(sample[behind(sample, "图：结果")])["次数"]) == ["〔三〕", "〔二〕", "〔图：结果〕"]
    assert sample[behind(sample, "图：地图")] == field()


def test_a_paper_is_refused_where_a_figures_value_is_missing() -> None:
    template, _ = open_template(drawn(), "runs.docx", fields(kind()))
    assert template is not None
    values = {"账单月份": "2026年10月", "运营商": "移动", "公司名称": "", "单据编号": "1"}
    data, said = render(template, values, title="", day=DAY)
    assert data is None
    assert [each.code for each in said] == ["DOC033"]


def dropped(data: bytes, *names: str) -> bytes:
    """A file that lost some of its parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts(data).items():
            if name not in names:
                archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("lost", ["word/charts/chart1.xml", "word/media/image3.png", RELATIONS])
def test_a_template_that_lost_a_figures_part_prints_it_all_the_same(tmp_path: Path, lost: str) -> None:
    paper = of_mobile(tmp_path, dropped(drawn(), lost))
    assert numbers(paper[behind(paper, "图：结果")]) == {"次数": {"成功": 3, "失败": 1}}
    assert behind(paper, "图：地图") in paper


def test_a_figure_shown_twice_is_one_part(tmp_path: Path) -> None:
    body = parts(drawn())["word/document.xml"].decode()
    (run_,) = [run for run in re.findall(r"<w:r><w:drawing>.*?</w:drawing></w:r>", body) if "图：结果" in run]
    paper = of_mobile(tmp_path, edited([(run_, run_ + run_)]))
    drawings = [each for each in etree.fromstring(paper["word/document.xml"]).iter(f"{WP}docPr") if each.get("descr") == "图：结果"]
    assert [each.get("id") for each in drawings] == ["2", "3"]
    assert sorted(name for name in paper if "/charts/" in name) == ["word/charts/figure1.xml", "word/charts/figure2.xml", "word/charts/figure4.xml"]


def test_a_figure_in_a_header_is_printed_too(tmp_path: Path) -> None:
    """Headers have relations of their own."""
    held = parts(drawn())
    (run_,) = [run for run in re.findall(r"<w:r><w:drawing>.*?</w:drawing></w:r>", held["word/document.xml"].decode()) if "图：结果" in run]
    header = held["word/header1.xml"].replace(b"</w:p>", run_.encode() + b"</w:p>", 1)
    data = changed(drawn(), {"word/header1.xml": header, "word/_rels/header1.xml.rels": held[RELATIONS]})
    paper = of_mobile(tmp_path, data)
    links = etree.fromstring(paper["word/_rels/header1.xml.rels"])
    assert "charts/figure2.xml" in [each.get("Target") for each in links]


@pytest.mark.parametrize("value", ["", "{", "[]", '{"kind": "columns"}', "不是JSON"])
def test_numbers_that_make_no_chart_stop_the_paper_with_a_finding(value: str) -> None:
    template, _ = open_template(drawn(), "runs.docx", fields(kind()))
    assert template is not None
    values = {"账单月份": "2026年10月", "运营商": "移动", "公司名称": "", "单据编号": "1", "图表：各站费用": value}
    data, said = render(template, values, title="", day=DAY)
    assert (data, [each.code for each in said]) == (None, ["DOC033"])


def test_a_figure_that_a_variant_never_had_is_not_missed(tmp_path: Path) -> None:
    """The layout draws the pie into another template only."""
    only = FORM.replace('name = ["结果", "地图"]', 'name = ["结果", "地图"]\nonly = ["other.docx"]')
    (tmp_path / "runs.docx").write_bytes(draw(tomllib.loads(only), "runs.docx"))
    assert [each.code for each in examine(tmp_path / "runs.docx", parse(only, "runs.toml"))] == []


def test_the_figures_of_a_paper_are_listed_with_its_fields(tmp_path: Path) -> None:
    answer = run("lint", [], tmp_path, fields="consolidation-plan")
    assert answer.data["figures"] == [{"name": "图：需求地图", "kind": "picture", "list": ""}]
    assert "图：需求地图" in answer.text


@pytest.mark.parametrize("form", CHARTS)
def test_a_charts_elements_stand_in_the_order_the_format_prescribes(form: str) -> None:
    """openpyxl reads each element into what the format calls it and writes all in the prescribed order."""
    data = {"kind": form, "title": "标题 & <甲>", "unit": "件", "labels": ["甲", "乙"], "series": [
        {"title": "一", "type": "integer", "values": ["3", None]}, {"title": "二", "type": "rate", "values": ["0.5", "1"]},
    ][: 1 if form == "pie" else 2]}
    root: Any = etree.fromstring(chart(data))
    read: Any = ChartSpace.from_tree(root)
    again = read.to_tree()

    def order(node: Any) -> list[str]:
        """The elements' names, those of letters and shapes left out, and what one of them leaves unsaid."""
        unsaid = {"date1904", "lang", "autoTitleDeleted", "layout", "c", "varyColors", "smooth", "overlap", "auto", "numFmt", "separator"}
        found: list[str] = []
        for each in node:
            name = each.tag.rpartition("}")[2]
            found += [name] if name not in unsaid else []
            found += order(each) if name not in ("rich", "txPr", "spPr") else []
        return found

    assert order(root) == order(again)


def test_a_pie_gathers_what_has_no_colour_of_its_own() -> None:
    """Seven labels, six colours: the two smallest, 2 and 1, make 其他."""
    data = {"kind": "pie", "title": "原因", "unit": "", "labels": list("甲乙丙丁戊己庚"), "series": [
        {"title": "件", "type": "integer", "values": ["3", "9", "1", "8", "7", "2", "4"]},
    ]}
    assert numbers(chart(data)) == {"件": {"乙": 9, "丁": 8, "戊": 7, "庚": 4, "甲": 3, "其他": 3}}


def test_the_colours_differ_in_grey() -> None:
    """Neighbours of the palette differ by a sixth of the way from black to white at least."""
    shades = [0.299 * int(c[:2], 16) + 0.587 * int(c[2:4], 16) + 0.114 * int(c[4:], 16) for c in look_of()["palette"]]
    assert all(abs(a - b) > 255 / 6 for a, b in itertools.pairwise(shades))
    assert len({round(shade / 10) for shade in shades}) == len(shades)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kind = "columns"', 'kind = "colums"', "figures[0]: no kind 'colums'; did you mean 'columns'?"),
        ('list = "成功的", label', 'list = "成功", label', "figures[0]: no list '成功'; did you mean '成功的'?"),
        ('label = "site_code"', 'label = "sitecode"', "figures[0]: no column 'sitecode' in generator; did you mean 'site_code'?"),
        ('column = "fee"', 'column = "cause"', "figures[0]: no column of numbers 'cause' in generator"),
        ('by = "day"', 'by = "week"', "figures[2]: by can only be one of month, day"),
        ('series = [{title = "次数"}], title', 'series = [], title', "figures[1]: needs series, a pie just one"),
        ('{name = "结果"', '{name = "各站费用"', "figures[1]: the name '各站费用' is no identifier, or there are two"),
        ('name = "每日"\n', 'name = "每天"\n', "layout[4]: no figure '每天'; did you mean '每日'?"),
        ("most = 2", "atmost = 2", "figures[2]: unknown key 'atmost'; did you mean 'most'?"),
    ],
)
def test_a_slip_in_a_figure_is_named_with_its_place(old: str, new: str, says: str) -> None:
    assert old in FORM
    with pytest.raises(DefinitionError) as caught:
        parse(FORM.replace(old, new, 1), "runs.toml")
    assert says in str(caught.value)


@pytest.mark.office
@printing
def test_libreoffice_shows_the_papers_numbers_and_not_the_templates(tmp_path: Path) -> None:
    papers, _ = printed(tmp_path, drawn(), pictures={"地图": picture(DOT)})
    file = tmp_path / "移动.docx"
    (file_data,) = [each for each in papers if "移动".encode() in parts(each)["word/document.xml"]]
    file.write_bytes(file_data)
    made, said = convert([file], tmp_path / "pdf")
    assert not said
    (page,) = PdfReader(made[file]).pages
    words = page.extract_text()
    assert "各站费用（元）" in words
    assert "200.95" in words
    assert "75%" in words  # three of four runs succeeded
    assert "〔" not in words


def test_charts_that_libreoffice_saved_without_their_names_are_known_by_their_made_up_numbers(tmp_path: Path) -> None:
    nameless = [(f'name="图：{name}" descr="图：{name}"', f'name="Object{turn}"') for turn, name in enumerate(("各站费用", "结果", "每日"))]
    paper = of_mobile(tmp_path, edited(nameless))
    assert numbers(paper["word/charts/figure2.xml"]) == {"次数": {"成功": 3, "失败": 1}}
    assert sorted(name for name in paper if "/charts/" in name) == ["word/charts/figure1.xml", "word/charts/figure2.xml", "word/charts/figure4.xml"]


def test_made_up_numbers_of_another_papers_chart_are_never_printed(tmp_path: Path) -> None:
    """Somebody copied a chart from another template, in LibreOffice."""
    other = parts(drawn())["word/charts/chart2.xml"].replace("〔图：结果〕".encode(), "〔图：结论〕".encode())
    data = changed(edited([('name="图：结果" descr="图：结果"', 'name="Object1"')]), {"word/charts/chart2.xml": other})
    papers, said = printed(tmp_path, data)
    assert (papers, said) == ([], ["FIG001", "FIG001"])


@pytest.mark.office
@printing
def test_a_template_saved_by_libreoffice_prints_its_figures(tmp_path: Path) -> None:
    office = find_office()
    assert office is not None
    source = tmp_path / "runs.docx"
    source.write_bytes(drawn())
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    words: list[str | Path] = [office, home, "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", tmp_path / "saved", source]
    subprocess.run(words, check=True, capture_output=True, timeout=180)
    paper = of_mobile(tmp_path, (tmp_path / "saved" / "runs.docx").read_bytes(), pictures={"地图": picture(DOT)})
    shown = [numbers(content) for name, content in paper.items() if "/charts/" in name]
    assert {"次数": {"成功": 3, "失败": 1}} in shown
    assert {"时长": {"10-01": 120, "10-02": 110}} in shown
    assert DOT in paper.values()
    assert not any("〔二〕".encode() in content for content in paper.values())
