"""Compiled templates: which are, that they print what Jinja prints, and what is kept of them on disk."""

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generator import stored, unproven
from generator.archive import bundle, finished
from generator.definitions import definitions, fields
from generator.issuing import TEMPLATES
from generator.template import MAX_CHARACTERS, Template, load, open_template, render
from tests import papers_random
from tests.papers import changed, paper, parts, text

FIELDS = frozenset({
    "编号", "站名", "备注", "客户.名称", "明细[]", "明细[].金额", "明细[].项目",
    "按站[]", "按站[].站名", "按站[].明细[]", "按站[].明细[].金额",
})
DAY = dt.date(2026, 11, 20)
SHIPPED = sorted({
    (name, definition.code) for definition in definitions().values()
    for name in (definition.template, *(variant.template for variant in definition.variants))
})


def opened(*lines: str, table: list[list[str]] | None = None, header: str = "") -> Template:
    """A template; a ``¦`` in it stands for the ``|`` of a filter."""
    data = paper(*lines, table=table or [], header=header)
    body = parts(data)["word/document.xml"].decode().replace("¦", "|").encode()
    template, findings = open_template(changed(data, {"word/document.xml": body}), "样张.docx", FIELDS)
    assert template is not None, [found.message for found in findings]
    return template


def pressed(template: Template, context: dict[str, Any], part: str = "word/document.xml") -> str:
    assert template.programs is not None
    data, findings = render(template, context, title="", day=DAY)
    assert data is not None, [found.message for found in findings]
    return text(data, part)


@pytest.mark.parametrize(("name", "code"), SHIPPED)
def test_every_template_delivered_is_compiled(name: str, code: str) -> None:
    template, _ = open_template((TEMPLATES / name).read_bytes(), name, fields(definitions()[code]))
    assert template is not None
    assert template.programs


ROWS = [["{%tr for 行 in 明细 %}", ""], ["{{ 行.项目 }}", "{{ 行.金额 }}"], ["{%tr endfor %}", ""]]


@pytest.mark.parametrize(
    ("line", "values", "printed"),
    [
        ("{{ 编号 }}号", {"编号": "A&B <c> \"d\" 'e'"}, "A&B <c> \"d\" 'e'号"),
        ("{{ 编号 }}{{ 站名 }}", {"编号": "甲\n乙", "站名": ""}, "甲\n乙"),
        ("{% if 编号 %}有{% elif 站名 == '丙' %}丙{% else %}无{% endif %}", {"编号": "", "站名": "丙"}, "丙"),
        ("{% if 编号 and not 站名 or 备注 != '' %}是{% endif %}", {"编号": "1", "站名": "", "备注": ""}, "是"),
        ("{% if '甲' in 编号 %}含{% endif %}{% if 编号 not in '丙丁' %}外{% endif %}", {"编号": "甲乙"}, "含外"),
        ("{{ 编号 if 编号 else '缺' }}{{ 站名¦trim }}。", {"编号": "", "站名": " 丁 "}, "缺丁。"),
        ("{{ 编号 if 明细 else '无明细' }}", {"编号": "1", "明细": []}, "无明细"),
        ("{{ 编号 ~ '-' ~ 站名 }}", {"编号": "1<", "站名": "2"}, "1<-2"),
        ("{{ 客户.名称 }}{# 不印 #}", {"客户": {"名称": "某分公司"}}, "某分公司"),
        ("{% for 行 in 明细 %}{{ loop.index }}/{{ loop.length }}{{ 行.金额 }}{% if not loop.last %}，{% endif %}{% endfor %}",
         {"明细": [{"金额": "1.00"}, {"金额": "2.00"}]}, "1/21.00，2/22.00"),
        ("{% for 行 in 明细 %}{{ 行.金额 }}{% else %}无明细{% endfor %}{{ 明细¦length }}条", {"明细": []}, "无明细0条"),
        ("{% for 站 in 按站 %}{{ loop.index0 }}{{ 站.站名 }}:{% for 行 in 站.明细 %}{{ loop.index }}{{ 行.金额 }};{% endfor %}{% endfor %}",
         {"按站": [{"站名": "甲", "明细": [{"金额": "5"}, {"金额": "6"}]}, {"站名": "乙", "明细": []}]}, "0甲:15;26;1乙:"),
        ("{{ 编号 }}", {"编号": "{% x %}｛｛y｝｝"}, "{% x %}｛｛y｝｝"),
    ],
)
def test_tags_print_what_they_say(line: str, values: dict[str, Any], printed: str) -> None:
    source = opened(line)
    data, findings = render(source, values, title="", day=DAY)
    assert data is not None, findings
    assert text(data) == printed


@pytest.mark.parametrize("count", [0, 1, 2, 2047, 2048, 2049, 5000])
def test_a_table_of_any_length_has_its_rows_in_order(count: int) -> None:
    template = opened("共{{ 明细¦length }}条", table=[["项目", "金额"], *ROWS], header="{{ 编号 }}")
    lines = [{"项目": f"第{number}项", "金额": f"{number}.00"} for number in range(count)]
    printed = pressed(template, {"明细": lines, "编号": "1"})
    wanted = [f"共{count}条", "项目", "金额"]
    for number in range(count):
        wanted += [f"第{number}项", f"{number}.00"]
    assert [line for line in printed.split("\n") if line] == wanted


@pytest.mark.parametrize(
    ("what", "lines", "table"),
    [
        ("a value among attributes", ["甲"], [["{% cellbg 编号 %}乙"]]),
        ("cells that come and go", ["甲"], [["{%tc for 行 in 明细 %}", "{{ 行.金额 }}", "{%tc endfor %}"]]),
        ("rows that may all be gone", ["甲"], [["{%tr if 编号 %}"], ["乙"], ["{%tr endif %}"]]),
    ],
)
def test_what_cannot_be_proven_is_rendered_and_looked_at(what: str, lines: list[str], table: list[list[str]]) -> None:
    template = opened(*lines, table=table)
    context: dict[str, Any] = {"编号": "FFFFFF", "明细": [{"金额": "1"}]}
    assert template.programs is None
    data, findings = render(template, context, title="", day=DAY)
    assert (data is not None, findings) == (True, [])


@pytest.mark.parametrize(("name", "code"), SHIPPED)
def test_compiled_and_looked_at_papers_are_the_same(name: str, code: str) -> None:
    known = fields(definitions()[code])
    template, _ = open_template((TEMPLATES / name).read_bytes(), name, known)
    assert template is not None
    context = _filled(known)
    mine, said = render(template, context, title="", day=DAY)
    assert mine is not None, said
    looked_at, said = unproven.render(template.sources, context, (), name, MAX_CHARACTERS)
    assert not said
    theirs = finished(bundle(looked_at))
    assert {part: text(mine, part) for part in looked_at} == {part: text(theirs, part) for part in looked_at}


def _filled(known: frozenset[str]) -> dict[str, Any]:
    """A value at every placeholder, three rows in every list."""
    made: dict[str, Any] = {}
    for path in sorted(known, key=len):
        places = [made]
        *holders, last = path.split(".")
        for holder in holders:
            if holder.endswith("[]"):
                places = [row for place in places for row in place.setdefault(holder[:-2], [{}, {}, {}])]
            else:
                places = [place.setdefault(holder, {}) for place in places]
        for number, place in enumerate(places):
            if path.startswith(("图表：", "图片：")):
                place[last] = papers_random.figure(path)
            place.setdefault(last.removesuffix("[]"), [{}, {}, {}] if last.endswith("[]") else f"{last}&{number}<")
    return made


@pytest.mark.parametrize("value", ["甲\0乙", "甲\x07", "\ud800", "\ufffe"])
def test_a_sign_that_no_word_file_can_hold_stops_the_paper(value: str) -> None:
    data, findings = render(opened("{{ 编号 }}"), {"编号": value}, title="", day=DAY)
    assert (data, [found.code for found in findings]) == (None, ["DOC034"])


def test_a_template_kept_on_disk_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, again, _ = _kept_twice(tmp_path, monkeypatch)
    context: dict[str, Any] = {"编号": "1", "明细": [{"项目": "a", "金额": "2"}]}
    assert again.sources == {}
    assert render(first, context, title="t", day=DAY) == render(again, context, title="t", day=DAY)


def test_a_damaged_file_of_what_was_kept_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, kept = _kept_twice(tmp_path, monkeypatch)
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + b"?")
    template, _ = load(tmp_path / "样张.docx", FIELDS)
    assert template is not None
    assert template.sources
    assert kept.read_bytes() == whole


def test_an_edited_template_is_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _kept_twice(tmp_path, monkeypatch)
    (tmp_path / "样张.docx").write_bytes(paper("改了{{ 编号 }}"))
    template, _ = load(tmp_path / "样张.docx", FIELDS)
    assert template is not None
    assert pressed(template, {"编号": "7"}) == "改了7"


def test_a_template_that_was_good_for_one_paper_is_still_refused_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    _kept_twice(tmp_path, monkeypatch)
    template, findings = load(tmp_path / "样张.docx", frozenset({"编号"}))
    assert template is None
    assert "DOC010" in {found.code for found in findings}


def _kept_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Template, Template, Path]:
    """A template read twice, the second time from what was kept, and the file that was kept."""
    home = tmp_path / "kept"
    monkeypatch.setattr(stored, "HOME", home)
    (tmp_path / "样张.docx").write_bytes(paper("{{ 编号 }}", table=[["项目", "金额"], *ROWS]))
    first, _ = load(tmp_path / "样张.docx", FIELDS)
    again, _ = load(tmp_path / "样张.docx", FIELDS)
    assert first is not None
    assert again is not None
    (kept,) = home.iterdir()
    return first, again, kept


def test_a_program_folder_that_cannot_be_written_to_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(stored, "HOME", tmp_path / "file" / "within")
    shutil.copy(TEMPLATES / "3.1-demand.docx", tmp_path)
    template, _ = load(tmp_path / "3.1-demand.docx", fields(definitions()["3.1"]))
    assert template is not None


def test_a_kept_template_is_filled_without_reading_word_or_xml(tmp_path: Path) -> None:
    code = (
        "import sys, datetime as dt; from pathlib import Path; from generator.template import load, render\n"
        f"t, _ = load(Path({str(tmp_path / '样张.docx')!r}), frozenset(['编号']))\n"
        "assert render(t, {'编号': '1'}, title='', day=dt.date(2026, 1, 1))[0]\n"
        "print(sorted({'lxml', 'jinja2', 'docx', 'docxtpl'} & set(sys.modules)))"
    )
    (tmp_path / "样张.docx").write_bytes(paper("{{ 编号 }}"))
    for wanted in (None, "[]\n"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert wanted is None or done.stdout == wanted
