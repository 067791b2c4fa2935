"""Random templates as people write them, and hostile values; ``python -m tests.papers_random 17`` writes 17.docx."""

from __future__ import annotations

import io
import json
import random
import sys
import zipfile
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from generator.printed import clean

FIELDS = frozenset({
    "甲", "乙", "丙", "客户.名称", "客户.地址", "明细[]", "明细[].一", "明细[].二", "空[]", "空[].一",
    "组[]", "组[].名", "组[].明细[]", "组[].明细[].一",
})
_SIGNS = (
    "甲", "乙方", "a", "Z9", "&", "<", ">", '"', "'", "\n", "\n\n", " ", "  ", "\u3000", "😀", "é", "\ufffd", "{{", "}}", "{%", "%}",
    "{", "}", "%", "{#", "#}", "&amp;", "&#10;", "</w:t>", "<w:p>", "<w:p ", "]]>", "<!--", "<?x?>", "-", "=1+1", "\u202e", "\u200b",
    "{{ 7*7 }}", "{% for x in y %}", "｛｛", "\\n", "\x01", "\t", "\r\n", "\ufffe", "𠮷",
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORDS = ("文字", "站点：", " 尾 ", "A&B", "<甲>", "合计", "“引号”", "it's", "100%", "（元）", "")
_LOOKS = ("", "<w:rPr><w:b/></w:rPr>", '<w:rPr><w:rFonts w:eastAsia="仿宋"/><w:sz w:val="24"/></w:rPr>')
_DRAWING = (
    '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="7" name="图"/></wp:inline></w:drawing></w:r>'
)


def value(lottery: random.Random) -> str:
    """A text as the register might hold it, cleaned as every value is before it is printed."""
    if lottery.random() < 0.25:
        return lottery.choice(("甲", "乙", "", "1,000.00"))
    return clean("".join(lottery.choice(_SIGNS) for _ in range(lottery.randint(0, 7))))


def context(lottery: random.Random) -> dict[str, Any]:
    """Values for every field of `FIELDS`."""
    def rows(names: str) -> list[dict[str, Any]]:
        return [{name: value(lottery) for name in names} for _ in range(lottery.choice((0, 1, 2, 3, 17)))]

    found: dict[str, Any] = {name: value(lottery) for name in "甲乙丙"}
    found |= {"客户": {"名称": value(lottery), "地址": value(lottery)}, "明细": rows("一二"), "空": [], "组": rows("名")[:4]}
    for group in found["组"]:
        group["明细"] = rows("一")
    return found


def figure(path: str) -> str:
    """A value for a figure: a chart of one column, or a blank picture."""
    data = {"kind": "columns", "title": "图", "unit": "", "labels": ["甲"], "series": [{"title": "乙", "type": "integer", "values": ["1"]}]}
    return json.dumps(data) if path.startswith("图表：") else ""


def filled(paths: AbstractSet[str], rows: int, lottery: random.Random, usual: Sequence[str] = ()) -> dict[str, Any]:
    """A hostile value for each placeholder, or one its template asks about; each list has so many rows."""
    found: dict[str, Any] = {}
    for path in sorted(paths):
        places = [found]
        *steps, last = path.split(".")
        for step in steps:
            fresh: list[dict[str, Any]] = []
            for place in places:
                if step.endswith("[]"):
                    fresh += place.setdefault(step[:-2], [{} for _ in range(rows)])
                else:
                    fresh.append(place.setdefault(step, {}))
            places = fresh
        for place in places:
            if path.startswith(("图表：", "图片：")):
                place[last] = figure(path)
            elif last.endswith("[]"):
                place.setdefault(last[:-2], [{} for _ in range(rows)])
            else:
                place[last] = lottery.choice(usual) if usual and lottery.random() < 0.4 else value(lottery)
    return found


class _Writer:
    """One template's blocks; ``torn`` is "inside" once a tag was torn over runs, "beyond" where one holds more than it."""

    def __init__(self, lottery: random.Random) -> None:
        self.lottery, self.torn, self.tears = lottery, "", lottery.random() < 0.35

    def chance(self, share: float) -> bool:
        return self.lottery.random() < share

    def name(self, scope: tuple[str, ...]) -> str:
        names: tuple[str, ...] = ("甲", "乙", "丙", "客户.名称", "客户.地址", *scope, *scope)
        return self.lottery.choice(names)

    def test(self, scope: tuple[str, ...]) -> str:
        a, b = self.name(scope), self.name(scope)
        tests: tuple[str, ...] = (
            a, f"not {a}", f"{a} == '甲'", f"{a} != {b}", f"{a} and {b}", f"{a} or not {b}", f"'甲' in {a}", f"{a} not in ('甲')",
            f"{a} == “甲”", *(("loop.first", "loop.index > 2", "not loop.last") if scope else ()),
        )
        return self.lottery.choice(tests)

    def condition(self, scope: tuple[str, ...]) -> str:
        """What stands after ``if``: a test, or a list that has rows or none."""
        return self.lottery.choice(("明细", "空")) if self.chance(0.15) else self.test(scope)

    def expression(self, scope: tuple[str, ...]) -> str:
        a, b = self.name(scope), self.name(scope)
        written: tuple[str, ...] = (
            f"{{{{ {a} }}}}", f"{{{{ {a} }}}}", f"{{{{ {a} }}}}", f"{{{{{a}}}}}", f"{{{{ {a}|trim }}}}", f"{{{{ {a} ~ '元' ~ {b} }}}}",
            f"{{{{ {a} if {self.test(scope)} else '无' }}}}", "{{ 明细|length }}", f"{{{{ '<' ~ {a} }}}}", f"{{# {a} #}}",
            f"{{{{ {a} == {b} }}}}", *(("{{ loop.index }}", "{{ loop.index0 }}/{{ loop.length }}") if scope else ()),
        )
        return self.lottery.choice(written)

    def run(self, text: str) -> str:
        space = ' xml:space="preserve"' if self.chance(0.6) else ""
        return f"<w:r>{self.lottery.choice(_LOOKS)}<w:t{space}>{escape(text)}</w:t></w:r>"

    def tag(self, text: str) -> str:
        """A tag in its run; in some templates one of four is torn over two or three."""
        if not self.tears or "{% vm" in text or not self.chance(0.25):
            return self.run(text)
        alone = text.endswith("}") and text.count("{{") + text.count("{%") == 1
        self.torn = "inside" if alone and self.torn != "beyond" else "beyond"
        cuts = sorted(self.lottery.sample(range(1, len(text)), min(len(text) - 1, self.lottery.randint(1, 2))))
        ends = [0, *cuts, len(text)]
        between = self.lottery.choice(("", '<w:proofErr w:type="spellStart"/>', '<w:bookmarkEnd w:id="3"/>'))
        return between.join(self.run(text[a:b]) for a, b in pairwise(ends))

    def paragraph(self, *texts: str) -> str:
        """A paragraph of texts; what begins with a brace is a tag."""
        look = self.lottery.choice(("", '<w:pPr><w:jc w:val="center"/></w:pPr>', '<w:pPr><w:rPr><w:b/></w:rPr></w:pPr>'))
        begin = self.lottery.choice(("<w:p>", '<w:p w:rsidR="00112233">'))
        made = "".join(self.tag(text) if text.startswith("{") else self.run(text) for text in texts if text)
        return f"{begin}{look}{made}</w:p>"

    def line(self, scope: tuple[str, ...]) -> str:
        """A paragraph of words and values, in one run or in several."""
        texts = [self.lottery.choice(_WORDS), self.expression(scope), self.lottery.choice(_WORDS)]
        if self.chance(0.3):
            texts += [f"{{% if {self.condition(scope)} %}}", "中", self.expression(scope), "{% endif %}", "尾"]
        if self.chance(0.12) and not scope:
            texts += ["{% for 行 in 明细 %}", "{{ 行.一 }}、", "{% endfor %}"]
        made = self.paragraph("".join(texts)) if self.chance(0.4) else self.paragraph(*texts)
        extra = _DRAWING if self.chance(0.03) else "<w:r><w:tab/><w:br/></w:r>" if self.chance(0.1) else ""
        return made.replace("</w:p>", f"{extra}</w:p>")

    def blocks(self, depth: int, scope: tuple[str, ...]) -> str:
        return "".join(self.block(depth, scope) for _ in range(self.lottery.randint(1, 2)))

    def block(self, depth: int, scope: tuple[str, ...]) -> str:
        kind = self.lottery.random()
        if kind < 0.4 or depth > 2:
            return self.line(scope)
        if kind < 0.6:
            made = self.paragraph(f"{{%p if {self.condition(scope)} %}}") + self.blocks(depth + 1, scope)
            if self.chance(0.3):
                made += self.paragraph(f"{{%p elif {self.test(scope)} %}}") + self.blocks(depth + 1, scope)
            if self.chance(0.5):
                made += self.paragraph("{%p else %}") + self.blocks(depth + 1, scope)
            return made + self.paragraph("{%p endif %}")
        if kind < 0.72 and not scope:
            lists = (("明细", "行", ("行.一", "行.二")), ("空", "行", ("行.一",)), ("组", "组员", ("组员.名",)))
            rows, row, names = self.lottery.choice(lists)
            inner = self.blocks(depth + 1, names)
            if rows == "组" and self.chance(0.6):
                inner += self.paragraph("{%p for 项 in 组员.明细 %}") + self.line(("项.一",)) + self.paragraph("{%p endfor %}")
            return self.paragraph(f"{{%p for {row} in {rows} %}}") + inner + self.paragraph("{%p endfor %}")
        return self.table(scope)

    def cell(self, content: str, properties: str = "") -> str:
        return f'<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'

    def row(self, *cells: str) -> str:
        return f"<w:tr>{''.join(self.cell(each) for each in cells)}</w:tr>"

    def marked(self, tag: str) -> str:
        """A row that only holds a tag, in its first cell."""
        return self.row(self.paragraph(tag), *("<w:p/>" for _ in range(self.lottery.choice((0, 2)))))

    def table(self, scope: tuple[str, ...]) -> str:
        rows = [self.row(*(self.paragraph(word) for word in ("序", "一", "二")))] if self.chance(0.93) else []
        look = self.lottery.random()
        if scope or look < 0.25:
            rows.append(self.row(*(self.line(scope) for _ in range(3))))
            rows += [self.marked(f"{{%tr if {self.condition(scope)} %}}"), self.row(*(self.line(scope) for _ in range(3))), self.marked("{%tr endif %}")]
        elif look < 0.65:
            within = [self.paragraph(self.expression(("行.一", "行.二"))) for _ in range(2)]
            first = self.paragraph(self.lottery.choice(("{{ loop.index }}", "{% vm %}{{ 甲 }}", "{{ 行.一 }}")))
            rows += [self.marked("{%tr for 行 in 明细 %}"), self.row(first, *within)]
            rows += [self.marked("{%tr else %}"), self.row(*(self.paragraph("无") for _ in range(3)))] if self.chance(0.15) else []
            rows.append(self.marked("{%tr endfor %}"))
        elif look < 0.94:
            rows += [self.marked("{%tr for 组员 in 组 %}"), self.marked("{%tr for 项 in 组员.明细 %}")]
            rows.append(self.row(self.paragraph("{% vm %}{{ 组员.名 }}"), self.paragraph("{{ 项.一 }}"), self.line(("项.一",))))
            rows += [self.marked("{%tr endfor %}"), self.marked("{%tr endfor %}")]
        else:
            heads = self.lottery.choice(("{% hm %}共 {{ 乙 }}", "{{ 行.一 }}"))
            rows = [self.row(self.paragraph("{%tc for 行 in 明细 %}"), self.paragraph(heads), self.paragraph("{%tc endfor %}"), self.paragraph("末"))]
        if self.chance(0.3):
            wide = self.cell(self.line(scope), '<w:gridSpan w:val="2"/>')
            rows.append(f"<w:tr>{wide}{self.cell(self.line(scope))}</w:tr>")
        grid = "".join('<w:gridCol w:w="3000"/>' for _ in range(self.lottery.choice((3,) * 14 + (4,))))
        return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl><w:p/>'


def _part(name: str, inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:{name} xmlns:w="{_W}" xmlns:r="{_R}">{inside}</w:{name}>'


def _package(others: Mapping[str, str], body: str) -> bytes:
    """A Word file of a body and other parts; ``header1`` is a header."""
    kinds = {name: name.rstrip("1") for name in others}
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    types = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{main}{kind}+xml"/>' for name, kind in kinds.items())
    package = "http://schemas.openxmlformats.org/package/2006"
    relations = "".join(f'<Relationship Id="{name}" Type="{_R}/{kind}" Target="{name}.xml"/>' for name, kind in kinds.items())
    pages = "".join(f'<w:{kind}Reference w:type="default" r:id="{kind}1"/>' for kind in ("header", "footer") if f"{kind}1" in others)
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}document.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        "word/document.xml": _part("document", f"<w:body>{body}<w:sectPr>{pages}</w:sectPr></w:body>"),
        **{f"word/{name}.xml": content for name, content in others.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def template(seed: int) -> tuple[bytes, str]:
    """The template of a number, and whether tags of it are torn over runs, as `tests.papers_oracle.compared` takes it."""
    lottery = random.Random(seed)
    writer = _Writer(lottery)
    body = "".join(writer.block(0, ()) for _ in range(lottery.randint(1, 5)))
    others = {"settings": _part("settings", "")}
    if writer.chance(0.3):
        others["header1"] = _part("hdr", writer.line(()))
    if writer.chance(0.3):
        others["footer1"] = _part("ftr", writer.block(2, ()) + "<w:p/>")
    if writer.chance(0.15):
        note = writer.line(()) if writer.chance(0.7) else writer.paragraph("注")
        others["footnotes"] = _part("footnotes", f'<w:footnote w:id="1">{note}</w:footnote>')
    return _package(others, body), writer.torn


if __name__ == "__main__":
    Path(f"{sys.argv[1]}.docx").write_bytes(template(int(sys.argv[1]))[0])
