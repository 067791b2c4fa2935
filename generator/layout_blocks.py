"""Blocks of a layout that are paragraphs: head, letter, articles, receipt, note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.layout_paper import house, paragraph, table, twips
from generator.layout_tables import grid

if TYPE_CHECKING:
    from generator.layout_names import Names
    from generator.layout_tables import Block

_DIGITS = "零一二三四五六七八九"
#: Styles of a letter's salutation, words and signature.
_LETTERS = {
    "common": ("TDSalute", "TDText", "TDSign"),
    "official": ("TDOfficialTo", "TDOfficial", "TDOfficialSign"),
}


def head(block: Block, definition: dict[str, Any], width: float) -> str:
    """Annex number left, document number right, the title under them, and a line of particulars.

    Keys: ``title`` (the definition's name when left out), ``left`` and ``right`` of the line below the title.
    """
    words = house()["words"]
    number = words["number"].format(number=definition["number"]) if definition.get("number") else ""
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{twips(width)}"/></w:tabs>'
    lines = paragraph("TDMeta", f"{number}\t{words['document']}", extra=tab)
    lines += paragraph("TDTitle", block.get("title", definition["name"]))
    if block.get("left") or block.get("right"):
        lines += paragraph("TDMeta", f"{block.get('left', '')}\t{block.get('right', '')}", extra=tab)
    return lines


def official(block: Block, definition: dict[str, Any]) -> str:
    """The head of an official letter: who issues it in red, its number over a red line, and what it is about.

    Keys: ``organ`` (the company when left out), ``serial`` (the paper's own number when left out), ``title``.
    """
    red = '<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="4" w:color="C00000"/></w:pBdr>'
    return (
        paragraph("TDOrgan", block.get("organ", "{{ 公司名称 }}"))
        + paragraph("TDSerial", block.get("serial", "{{ 单据编号 }}"), extra=red)
        + paragraph("TDHeadline", block.get("title", definition["name"]))
    )


def letter(block: Block) -> str:
    """A letter's words.

    Keys: ``to`` salutation, ``body`` paragraphs, ``close`` (特此通知。), ``sign`` lines at the right (company with
    seal and issue date when left out; an empty list for none), ``copy`` (抄送), ``styles`` for salutation, words and
    signature where they are not a common letter's (``official`` for those of an official one).
    """
    salute, words_style, signed = _LETTERS[block.get("styles", "common")]
    to = block.get("to", "")
    text = paragraph(salute, f"{to}：") if to else ""
    sign = block.get("sign", ["{{ 公司名称 }}（盖章）", "{{ 签发日期 }}"])
    words = [*block.get("body", []), *([block["close"]] if block.get("close") else [])]
    for position, line in enumerate(words):
        text += paragraph(words_style, line, keep=bool(sign) and position >= len(words) - 2)
    for position, line in enumerate(sign):
        last = position == len(sign) - 1 and not block.get("copy")
        above = f'<w:spacing w:before="{house()["letter"][signed] * 20}"/>' if position == 0 else ""
        text += paragraph(signed, line, extra=('<w:keepNext w:val="0"/>' if last else "") + above)
    if not block.get("copy"):
        return text
    if signed == "TDSign":
        return text + paragraph("TDNote", f"抄送：{block['copy']}")
    line = '<w:{} w:val="single" w:sz="6" w:space="3" w:color="auto"/>'
    between = f"<w:pBdr>{line.format('top')}{line.format('bottom')}</w:pBdr>"
    between += f'<w:spacing w:before="{house()["letter"]["TDCopy"] * 20}"/>'
    return text + paragraph("TDCopy", f"抄送：{block['copy']}", extra=between)


def articles(block: Block) -> str:
    """Numbered articles of an agreement. Keys: ``items`` as [title, paragraph, …]."""
    text = ""
    for number, (title, *paragraphs) in enumerate(block["items"], block.get("first", 1)):
        text += paragraph("TDArticle", f"第{_chinese(number)}条　{title}")
        text += "".join(paragraph("TDText", line) for line in paragraphs)
    return text


def _chinese(number: int) -> str:
    """1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")


def receipt(block: Block, names: Names, width: float) -> str:
    """A slip to tear off along a dashed line and send back.

    Keys: ``to`` whom it returns to, ``body`` paragraphs, ``fields`` and ``columns`` of a grid below.
    """
    dashes = '<w:pBdr><w:top w:val="dashed" w:sz="8" w:space="4" w:color="auto"/></w:pBdr>'
    dashes += f'<w:spacing w:before="{house()["letter"]["TDReceipt"] * 20}"/>'
    text = paragraph("TDReceipt", block.get("title", house()["words"]["receipt"]), extra=dashes)
    text += paragraph("TDSalute", f"{block.get('to', '{{ 公司名称 }}')}：")
    text += "".join(paragraph("TDText", line, keep=True) for line in block.get("body", []))
    return text + table(grid({**block, "keep": True, "title": ""}, names, width), width)


def note(block: Block, definition: dict[str, Any]) -> str:
    """Small print: what the paper rests on and how to fill it in. Keys: ``lines``, ``keep`` it with what follows."""
    lines = list(block.get("lines", []))
    if definition.get("clause"):
        lines.insert(0, house()["words"]["basis"].format(clause=definition["clause"]))
    if len(lines) > 2:
        lines = [lines[0], *(f"{number}. {line}" for number, line in enumerate(lines[1:], 1))]
    last = len(lines) if block.get("keep") else len(lines) - 1
    return "".join(paragraph("TDNote", line, keep=position < last) for position, line in enumerate(lines))
