"""Blocks of a layout that are paragraphs: head, letter, articles, receipt, note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.layout_paper import house, paragraph, table, twips
from generator.layout_tables import grid

if TYPE_CHECKING:
    from generator.layout_names import Names
    from generator.layout_tables import Block

_DIGITS = "零一二三四五六七八九"


def head(block: Block, definition: dict[str, Any], width: float) -> str:
    """Annex number left, document number right, the title under them, and a line of particulars.

    Keys: ``title`` (the definition's name when left out), ``left`` and ``right`` of the line below the title.
    """
    words = house()["words"]
    number = words["number"].format(number=definition["number"]) if definition["number"] else ""
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{twips(width)}"/></w:tabs>'
    lines = paragraph("TDMeta", f"{number}\t{words['document']}", extra=tab)
    lines += paragraph("TDTitle", block.get("title", definition["name"]))
    if block.get("left") or block.get("right"):
        lines += paragraph("TDMeta", f"{block.get('left', '')}\t{block.get('right', '')}", extra=tab)
    return lines


def letter(block: Block) -> str:
    """A letter's words.

    Keys: ``to`` salutation, ``body`` paragraphs, ``close`` (特此通知。), ``sign`` lines at the right (company with
    seal and issue date when left out; an empty list for none), ``copy`` (抄送).
    """
    to = block.get("to", "")
    text = paragraph("TDSalute", f"{to}：") if to else ""
    sign = block.get("sign", ["{{ 公司名称 }}（盖章）", "{{ 签发日期 }}"])
    words = [*block.get("body", []), *([block["close"]] if block.get("close") else [])]
    for position, line in enumerate(words):
        text += paragraph("TDText", line, keep=bool(sign) and position >= len(words) - 2)
    if sign:
        text += paragraph("TDGap", keep=True)
    for position, line in enumerate(sign):
        last = position == len(sign) - 1 and not block.get("copy")
        text += paragraph("TDSign", line, extra='<w:keepNext w:val="0"/>' if last else "")
    return text + (paragraph("TDNote", f"抄送：{block['copy']}") if block.get("copy") else "")


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
    dashes = '<w:pBdr><w:bottom w:val="dashed" w:sz="8" w:space="1" w:color="auto"/></w:pBdr>'
    text = paragraph("TDGap", keep=True) + paragraph("TDGap", keep=True, extra=dashes)
    text += paragraph("TDReceipt", block.get("title", house()["words"]["receipt"]))
    text += paragraph("TDSalute", f"{block.get('to', '{{ 公司名称 }}')}：")
    text += "".join(paragraph("TDText", line, keep=True) for line in block.get("body", []))
    return text + table(grid({**block, "keep": True, "title": ""}, names, width), width)


def note(block: Block, definition: dict[str, Any]) -> str:
    """Small print: what the paper rests on and how to fill it in. Keys: ``lines``."""
    lines = list(block.get("lines", []))
    if definition.get("clause"):
        lines.insert(0, house()["words"]["basis"].format(clause=definition["clause"]))
    if len(lines) > 2:
        lines = [lines[0], *(f"{number}. {line}" for number, line in enumerate(lines[1:], 1))]
    return "".join(paragraph("TDNote", line, keep=position < len(lines) - 1) for position, line in enumerate(lines))
