"""Templates that mean harm: each is refused with a finding in Chinese, at once, and nothing of it runs.

`tests/answers/hostile_templates.csv` has what can be written in a paragraph; the rest is built here as Word files.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from generator.template import Template, open_template, render
from macros.findings import Finding
from tests.hostile import idle, rows
from tests.papers import changed, paper, parts, text

DAY = dt.date(2026, 11, 20)
FIELDS = frozenset({"站点名称", "公司名称", "客户.办公地址", "明细[]", "明细[].金额"})
CONTEXT: dict[str, Any] = {"站点名称": "甲站", "公司名称": "某塔公司", "客户": {"办公地址": "乙路"}, "明细": [{"金额": "1.00"}, {"金额": "2.00"}]}
#: CPU seconds to say no.
PATIENCE = 10
LINES = [pytest.param(row["line"], row["code"], id=row["name"]) for row in rows("hostile_templates.csv")]
DOCUMENT, RELATIONS, TYPES = "word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def judged(data: bytes, name: str = "样张.docx") -> tuple[Template | None, list[Finding]]:
    """What the program makes of a template, watched while it does."""
    began = time.process_time()
    with idle():
        template, findings = open_template(data, name, FIELDS)
    assert time.process_time() - began < PATIENCE
    for found in findings:
        assert re.search("[\u4e00-\u9fff]", found.message) and len(found.message) < 600
    return template, findings


def refused(data: bytes, name: str = "样张.docx") -> set[str]:
    """The codes a template is refused with."""
    template, findings = judged(data, name)
    assert template is None
    return {found.code for found in findings}


def one_run(line: str) -> bytes:
    document = docx.Document()
    document.add_paragraph().add_run(line)
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def edited(old: str, new: str, part: str = DOCUMENT) -> bytes:
    """A harmless template of one field with one part changed."""
    data = one_run("站点：{{ 站点名称 }}。")
    content = parts(data)[part].decode()
    assert old in content
    return changed(data, {part: content.replace(old, new, 1).encode()})


def related(kind: str, target: str, mode: str = "") -> bytes:
    """The harmless template with one more relationship."""
    outside = f' TargetMode="{mode}"' if mode else ""
    added = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}"{outside}/></Relationships>'
    return edited("</Relationships>", added, RELATIONS)


def with_field(*codes: str) -> bytes:
    """A complex field whose instruction is spread over runs, as Word writes it."""
    document = docx.Document()
    paragraph = document.add_paragraph("站点：{{ 站点名称 }}")
    for kind in ("begin", *codes, "end"):
        run = paragraph.add_run()._r
        node = OxmlElement("w:fldChar" if kind in ("begin", "end") else "w:instrText")
        if kind in ("begin", "end"):
            node.set(qn("w:fldCharType"), kind)
        else:
            node.text = kind
        run.append(node)
    return saved(document)


@pytest.mark.parametrize(("line", "code"), LINES)
def test_a_tag_that_reaches_for_more_than_fields_is_refused(line: str, code: str) -> None:
    assert code in refused(one_run(line))


@pytest.mark.parametrize(("line", "code"), LINES)
def test_it_is_refused_in_a_cell_a_header_and_split_over_runs_too(line: str, code: str) -> None:
    assert code in refused(paper(table=[[line]]))
    assert code in refused(paper(header=line))
    middle = len(line) // 2
    if "|" not in line:
        assert code in refused(paper(f"{line[:1]}|{line[1:middle]}|{line[middle:]}"))


EXHAUSTING = {
    "brackets within brackets": "{{ " + "(" * 5000 + "站点名称" + ")" * 5000 + " }}",
    "a chain of negations": "{{ " + "not " * 5000 + "站点名称 }}",
    "a chain of attributes": "{{ 站点名称" + ".甲" * 5000 + " }}",
    "a chain of joins": "{{ 站点名称" + " ~ 站点名称" * 5000 + " }}",
    "conditions in one another": "{% if 站点名称 %}" * 200 + "甲" + "{% endif %}" * 200,
    "loops in one another": "{% for 行 in 明细 %}" * 200 + "甲" + "{% endfor %}" * 200,
    "branches": "{% if 站点名称 %}甲" + "{% elif 站点名称 %}乙" * 3000 + "{% endif %}",
    "a number of 5,000 digits": "{{ " + "9" * 5000 + " }}",
    "fields": "{{ 站点名称 }}" * 4_000,
    "unknown fields": "".join(f"{{{{ 站点{number} }}}}" for number in range(200)),
    "remarks that never end": "{#" * 50_000,
    "fields that never end": "{{" * 50_000,
    "statements that never end": "{%" * 50_000,
    "ends without begin": "}}%}" * 25_000,
    "braces": "{" * 100_000,
    "full-width braces": "｛ " * 50_000,
    "braces apart": "{ " * 50_000,
    "a field of spaces": "{{ 站点名称" + " " * 100_000 + "}}",
    "a text that never ends": "{{ '" + "甲" * 100_000 + " }}",
    "a name of 100,000 letters": "{{ 站" + "点" * 100_000 + " }}",
}


@pytest.mark.parametrize("name", EXHAUSTING)
def test_what_would_exhaust_the_program_is_refused_or_printed_at_once(name: str) -> None:
    template, findings = judged(one_run(EXHAUSTING[name]))
    assert template or findings
    if template:
        began = time.process_time()
        data, said = render(template, CONTEXT, title="样张", day=DAY)
        assert time.process_time() - began < PATIENCE
        assert data or said


PACKAGES: list[tuple[str, Callable[[], bytes], str]] = [
    ("another template attached", lambda: related("attachedTemplate", "file:///c:/x.dotm", "External"), "DOC004"),
    ("another template within", lambda: related("attachedTemplate", "x.dotm"), "DOC004"),
    ("a picture from elsewhere", lambda: related("image", "http://x.example/1.png", "External"), "DOC004"),
    ("a link to a share", lambda: related("hyperlink", "file://server/share/x", "External"), "DOC004"),
    ("a frame from elsewhere", lambda: related("frame", "http://x.example/", "External"), "DOC004"),
    ("a part of another document", lambda: related("subDocument", "x.docx"), "DOC004"),
    ("a web page within", lambda: related("aFChunk", "x.html"), "DOC004"),
    ("an object", lambda: related("oleObject", "embeddings/x.bin"), "DOC004"),
    ("a workbook behind a chart", lambda: related("package", "embeddings/x.xlsx"), "DOC004"),
    ("a control", lambda: related("control", "activeX/x.xml"), "DOC004"),
    ("text from a file", lambda: with_field(' INCLUDETEXT "c:\\\\secret.docx" '), "DOC004"),
    ("text from a file, spelled over runs", lambda: with_field(" INCL", "UDET", "EXT x "), "DOC004"),
    ("a field that starts a program", lambda: with_field(' DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc" '), "DOC004"),
    ("a field in small letters", lambda: with_field(" ddeauto cmd x "), "DOC004"),
    ("a simple field", lambda: edited("<w:r>", '<w:fldSimple w:instr=" DDE cmd x "/><w:r>'), "DOC004"),
    ("a button that runs a macro", lambda: with_field(" MACROBUTTON Run 按此 "), "DOC004"),
    ("macros", lambda: changed(one_run("甲"), {"word/vbaProject.bin": b"x"}), "DOC003"),
    ("macros under another name", lambda: edited(
        "</Types>", '<Override PartName="/word/a.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>', TYPES,
    ), "DOC003"),
    ("a control of ActiveX", lambda: changed(one_run("甲"), {"word/activeX/activeX1.xml": b"<x/>"}), "DOC003"),
    ("an entity from a file", lambda: edited(
        "<w:document ", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document ',
    ), "DOC005"),
    ("a thousand million laughs", lambda: edited("<w:document ", laughs() + "<w:document "), "DOC005"),
    ("an entity in the relationships", lambda: edited(
        "<Relationships ", '<!DOCTYPE x SYSTEM "http://x.example/x.dtd"><Relationships ', RELATIONS,
    ), "DOC005"),
    ("a part of 65 MB", lambda: changed(one_run("甲"), {"word/media/a.bin": bytes(65 << 20)}), "DOC007"),
    ("parts of 65 MB together", lambda: changed(
        one_run("甲"), {f"word/media/{number}.bin": bytes(5 << 20) for number in range(13)},
    ), "DOC007"),
    ("a part larger than it says", lambda: understated(), "DOC002"),
    ("two thousand and one parts", lambda: changed(
        one_run("甲"), {f"word/media/{number}.png": b"" for number in range(2001)},
    ), "DOC007"),
    ("a part above the folder", lambda: changed(one_run("甲"), {"../../etc/cron.d/x": b"x"}), "DOC002"),
    ("a part at the root", lambda: changed(one_run("甲"), {"/etc/cron.d/x": b"x"}), "DOC002"),
    ("a part on a drive", lambda: changed(one_run("甲"), {"word\\..\\..\\x.bat": b"x"}), "DOC002"),
    ("one part twice in two cases", lambda: changed(one_run("甲"), {"WORD/document.xml": b"<x/>"}), "DOC002"),
    ("ten thousand elements in one another", lambda: edited("<w:body>", "<w:body>" + "<w:sdt>" * 10000), "DOC006"),
    ("no end of the document", lambda: edited("</w:document>", ""), "DOC006"),
    ("revisions", lambda: edited("<w:r>", '<w:del w:id="1" w:author="某"><w:r><w:delText>x</w:delText></w:r></w:del><w:r>'),
     "DOC008"),
]


def laughs() -> str:
    """Nine entities, each ten times the one before."""
    lines = [f'<!ENTITY l{number} "{f"&l{number - 1};" * 10 if number else "笑"}">' for number in range(10)]
    return f"<!DOCTYPE x [{''.join(lines)}]>"


def understated() -> bytes:
    """A zip file whose directory says that a part of 100 MB has 10 bytes."""
    data = changed(one_run("甲"), {"word/media/a.bin": bytes(100 << 20)})
    return data.replace(struct.pack("<I", 100 << 20), struct.pack("<I", 10))


@pytest.mark.parametrize(
    ("make", "code"), [pytest.param(make, code, id=name) for name, make, code in PACKAGES],
)
def test_a_file_that_brings_more_than_text_is_refused(make: Callable[[], bytes], code: str) -> None:
    assert refused(make()) == {code}


@pytest.mark.parametrize("name", ["样张.docm", "样张.dotm", "样张.DOCM", "样张.docx.docm"])
def test_a_file_with_room_for_macros_is_refused_by_its_name(name: str) -> None:
    assert refused(one_run("甲"), name) == {"DOC003"}


@pytest.mark.parametrize("name", ["样张.doc", "样张.rtf", "样张.docx.exe", "样张", "../../样张.dotx", "样张.docx\0.exe"])
def test_a_file_of_another_kind_is_refused_by_its_name(name: str) -> None:
    assert refused(one_run("甲"), name) == {"DOC002"}


@pytest.mark.parametrize("kept", [0, 1, 10, 100, 1000, 5000])
def test_a_file_cut_short_is_refused(kept: int) -> None:
    assert refused(one_run("甲")[:kept]) == {"DOC002"}


@pytest.mark.parametrize("place", range(30, 3000, 99))
def test_a_file_with_a_damaged_byte_is_refused_or_unharmed(place: int) -> None:
    data = bytearray(one_run("站点：{{ 站点名称 }}。"))
    data[place] ^= 0xFF
    template, findings = judged(bytes(data))
    assert template or findings
    if template:
        made, said = render(template, CONTEXT, title="样张", day=DAY)
        assert said or (made and text(made) == "站点：甲站。")


def renamed(old: str, new: str) -> bytes:
    """The harmless template with one part under another name, every checksum right."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts(one_run("站点：{{ 站点名称 }}。")).items():
            archive.writestr(zipfile.ZipInfo(new if name == old else name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


@pytest.mark.parametrize("name", ["", "word/../document.xml", "./document.xml", "word//document.xml", "word\\document.xml", "word/文.xml"])
def test_a_document_under_a_name_that_nobody_asks_for_is_refused(name: str) -> None:
    assert refused(renamed(DOCUMENT, name)) == {"DOC002"}


def test_a_directory_that_ends_before_its_count_is_refused() -> None:
    data = bytearray(one_run("站点：{{ 站点名称 }}。"))
    # The third record claims a comment that swallows all records behind it: readers that trust sizes see three parts.
    third = [found.start() for found in re.finditer(b"PK\1\2", bytes(data))][2]
    end = data.rfind(b"PK\5\6")
    name, extra = struct.unpack_from("<HH", data, third + 28)
    struct.pack_into("<H", data, third + 32, end - third - 46 - name - extra)
    assert len(zipfile.ZipFile(io.BytesIO(bytes(data))).namelist()) == 3
    assert refused(bytes(data)) == {"DOC002"}


def test_what_is_bound_to_data_outside_of_the_text_does_not_replace_the_text() -> None:
    bound = (
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a" w:storeItemID="{X}"/></w:sdtPr><w:sdtContent>'
        "<w:p><w:r><w:t>{{ 站点名称 }}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    data = changed(edited("<w:body>", f"<w:body>{bound}"), {"customXml/item1.xml": "<a>伪造</a>".encode()})
    template, findings = judged(data)
    if template is None:
        assert findings
        return
    made, _ = render(template, CONTEXT, title="样张", day=DAY)
    assert made is not None
    assert not [name for name in parts(made) if name.startswith("customXml")]
    assert "伪造".encode() not in b"".join(parts(made).values())


def test_nothing_that_no_page_shows_leaves_the_house() -> None:
    document = docx.Document()
    document.add_paragraph("{{ 站点名称 }}")
    about = document.core_properties
    for name in ("author", "category", "comments", "identifier", "keywords", "last_modified_by", "subject", "title", "version"):
        setattr(about, name, f"内部{name}")
    data = saved(document)
    old = {name: content.decode() for name, content in parts(data).items() if name.endswith(".xml")}
    merged = '<w:mailMerge><w:query w:val="内部"/></w:mailMerge><w:docVars><w:docVar w:name="a" w:val="内部"/></w:docVars>'
    hidden = (
        "docProps/custom.xml", "docProps/thumbnail.jpeg", "customXml/item1.xml", "docMetadata/LabelInfo.xml",
        "userCustomization/customUI.xml", "word/comments.xml", "word/commentsExtended.xml", "word/people.xml",
        "word/glossary/document.xml", "word/webextensions/taskpanes.xml",
    )
    data = changed(data, {
        "word/settings.xml": old["word/settings.xml"].replace("<w:zoom", f"{merged}<w:zoom", 1).encode(),
        "docProps/app.xml": old["docProps/app.xml"].replace("</Properties>", "<Manager>内部</Manager></Properties>").encode(),
        **{name: "<a>内部</a>".encode() for name in hidden},
    })
    assert "内部".encode() in parts(data)["word/settings.xml"]
    template, findings = judged(data)
    assert template is not None, findings
    made, _ = render(template, CONTEXT, title="验收单", day=DAY)
    assert made is not None
    assert [name for name, content in parts(made).items() if "内部".encode() in content] == []
    kept = docx.Document(io.BytesIO(made)).core_properties
    assert (kept.title, kept.author, kept.last_modified_by) == ("验收单", "某塔公司", "某塔公司")


def test_comments_and_instructions_of_the_xml_do_no_harm_and_stay_in_the_house() -> None:
    said = "<!--内部--><?内部 内部?>".encode()
    data = paper("{{ 站点|名称 }}", header="{{ 公司名称 }}")
    first = re.compile(rb"<(?![?!])[^>]*[^/]>")  # behind the tag that opens a part
    told = {
        name: first.sub(lambda tag: tag[0] + said, content, count=1)
        for name, content in parts(data).items() if name.endswith((".xml", ".rels"))
    }
    template, findings = judged(changed(data, told))
    assert template is not None, findings
    made, _ = render(template, CONTEXT, title="验收单", day=DAY)
    assert made is not None and text(made).startswith("甲站")
    assert [name for name, content in parts(made).items() if "内部".encode() in content] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for one process")
def test_a_paper_without_end_never_takes_a_gigabyte() -> None:
    limited = (
        "import datetime, resource; from generator.template import open_template, render; from tests.papers import paper\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "template, _ = open_template(paper('{% for 行 in 明细 %}{{ 行.金额 }}{% endfor %}'), 'a.docx', {'明细[]', '明细[].金额'})\n"
        "rows = [{'金额': '甲' * 32767}] * 3000\n"
        "data, said = render(template, {'明细': rows}, title='', day=datetime.date(2026, 11, 20))\n"
        "print(data, [found.code for found in said])"
    )
    root = Path(__file__).parents[1]
    told = subprocess.run([sys.executable, "-c", limited], cwd=root, capture_output=True, text=True, check=False)
    assert told.stdout.strip() == "None ['DOC032']", told.stderr


def test_rows_of_long_values_are_stopped_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.template.MAX_CHARACTERS", 20_000_000)
    template, _ = judged(paper("{% for 行 in 明细 %}{{ 行.金额 }}{% endfor %}"))
    assert template is not None
    # 700 cells as long as a spreadsheet allows: 23 million characters.
    rows = [{"金额": "甲" * 32_767}] * 700
    data, findings = render(template, {"明细": rows}, title="样张", day=DAY)
    assert data is None
    assert [found.code for found in findings] == ["DOC032"]


def test_a_zip_within_a_zip_is_never_opened() -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(10 << 20))
    template, findings = judged(changed(one_run("甲{{ 站点名称 }}"), {"word/media/a.zip": inner.getvalue()}))
    assert template or findings
