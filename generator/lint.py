"""Reads a template's tags paragraph by paragraph: broken ones, unknown placeholders and what must not be said."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from jinja2.exceptions import TemplateSyntaxError

from generator.package import W
from generator.printed import shown
from generator.sandbox import Walk
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from jinja2 import nodes
    from lxml import etree

    from generator.sandbox import Environment

_TAG = re.compile(r"\{\{(?:(?!\{\{|\{%).)*?\}\}|\{%(?:(?!\{\{|\{%).)*?%\}|\{#(?:(?!\{#).)*?#\}", re.DOTALL)
_REST = re.compile(r"\{\{|\}\}|\{%|%\}|\{\s+[{%]|[%}]\s+\}")
_WIDE = re.compile(r"｛\s*[｛%％{]|[｝%％}]\s*｝")
_OWN_LINE = re.compile(r"\{[{%](tr|tc|p)\s")
_RUN_TAG = re.compile(r"\{\{(?:r|p|tr|tc)\s|\{%r\s")
_HOLDERS = {"tr": f"{W}tr", "tc": f"{W}tc", "p": f"{W}p"}
_HOLDER_NAMES = {"tr": "表格行", "tc": "单元格", "p": "段落"}
_XML_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\{%[-+]?\s*(if|for|elif|else|endif|endfor)\b")
#: Signs of a tag, levels of if and for in one another, and branches of one if: beyond what anybody writes by hand,
#: and within what Jinja and Python can read.
_LONGEST, _DEEPEST, _BRANCHES = 300, 15, 100


def paragraphs(root: etree._Element) -> dict[etree._Element, list[etree._Element]]:
    """The text elements of each paragraph; a text box's paragraphs count for themselves."""
    found: dict[etree._Element, list[etree._Element]] = {}
    for text in root.iter(f"{W}t"):
        holder = next(text.iterancestors(f"{W}p"), None)
        if holder is not None:
            found.setdefault(holder, []).append(text)
    return found


def heal(root: etree._Element) -> None:
    """Put each tag wholly into the text element it begins in.

    Word splits a word anywhere, also between the braces; text outside of tags stays in its own formatting.
    """
    for texts in paragraphs(root).values():
        if len(texts) < 2:
            continue
        whole = "".join(text.text or "" for text in texts)
        if "{" not in whole:
            continue
        owner: list[int] = [number for number, text in enumerate(texts) for _ in text.text or ""]
        for tag in _TAG.finditer(whole):
            owner[tag.start() : tag.end()] = [owner[tag.start()]] * (tag.end() - tag.start())
        pieces: list[list[str]] = [[] for _ in texts]
        for sign, number in zip(whole, owner, strict=True):
            pieces[number].append(sign)
        for text, piece in zip(texts, pieces, strict=True):
            if (text.text or "") != (made := "".join(piece)):
                text.text = made
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def broken(root: etree._Element, name: str) -> list[Finding]:
    """Tags that are not closed, in full-width braces, or share the row they would swallow."""
    findings = []
    for holder, texts in paragraphs(root).items():
        whole = "".join(text.text or "" for text in texts)
        if "{" not in whole and "}" not in whole and "｛" not in whole and "｝" not in whole:
            continue
        rest = _TAG.sub("", whole)
        wide = _WIDE.search(rest)
        if wide:
            findings.append(finding("DOC012", workbook=name, value=wide[0], paragraph=shown(whole)))
        elif _REST.search(rest):
            findings.append(finding("DOC011", workbook=name, paragraph=shown(whole)))
        elif long := next((tag for tag in _TAG.findall(whole) if len(tag) > _LONGEST), ""):
            findings.append(finding("DOC061", workbook=name, limit=_LONGEST, paragraph=shown(long)))
        elif found := _RUN_TAG.search(whole):
            # docxtpl would put the value where the run was: outside of any text, where nobody can read it.
            findings.append(finding("DOC060", workbook=name, value=found[0].strip(), paragraph=shown(whole)))
        else:
            findings += _crowded(holder, whole, name)
    return findings


def _crowded(holder: etree._Element, whole: str, name: str) -> list[Finding]:
    """A row, cell or paragraph that a loop tag would replace together with other content."""
    found = _OWN_LINE.search(whole)
    if not found:
        return []
    element = next((each for each in (holder, *holder.iterancestors()) if each.tag == _HOLDERS[found[1]]), None)
    if element is None:
        return [finding("DOC011", workbook=name, paragraph=shown(whole))]
    content = "".join(text.text or "" for text in element.iter(f"{W}t"))
    tags = _TAG.findall(content)
    if _TAG.sub("", content).strip() or len(tags) > 1:
        kind = _HOLDER_NAMES[found[1]]
        return [finding("DOC015", workbook=name, kind=kind, paragraph=shown(content))]
    return []


def parsed(environment: Environment, source: str, name: str) -> tuple[nodes.Template | None, list[Finding]]:
    """The tree of a part's tags, or the one thing that is wrong with their grammar.

    ``source`` begins a line at each paragraph, which is how a finding knows the paragraph.
    """
    deep = _too_deep(source)
    if deep is not None:
        line = line_text(source, source.count("\n", 0, deep) + 1)
        return None, [finding("DOC062", workbook=name, levels=_DEEPEST, branches=_BRANCHES, paragraph=line)]
    try:
        return environment.parse(source), []
    except (RecursionError, ValueError):
        return None, [finding("DOC016", workbook=name, paragraph="", why=_plain(""))]
    except TemplateSyntaxError as error:
        line = line_text(source, error.lineno)
        return None, [finding("DOC016", workbook=name, paragraph=line, why=_plain(error.message or ""))]


def _too_deep(source: str) -> int | None:
    """Where the choices and loops of a part are too many in one another, or the branches of one of them."""
    branches: list[int] = []
    for found in _WORD.finditer(source):
        if found[1] in ("if", "for"):
            branches.append(0)
        elif found[1].startswith("end"):
            del branches[-1:]
        elif branches:
            branches[-1] += 1
        if len(branches) > _DEEPEST or (branches and branches[-1] > _BRANCHES):
            return found.start()
    return None


def _plain(message: str) -> str:
    """What Jinja's commonest complaints mean."""
    word = re.search(r"'([^']*)'", message)
    if message.startswith("Encountered unknown tag") and word:
        return f"没有“{word[1]}”这种标记，或它没有对应的开头"
    if message.startswith("Unexpected end of template") or "Jinja was looking for" in message:
        return "有for或if没有对应的endfor或endif"
    return "标记内的写法无法识别"


def judged(
    tree: nodes.Template, source: str, fields: AbstractSet[str], name: str,
) -> tuple[frozenset[str], list[Finding]]:
    """The placeholders a part uses, and a finding for each thing it may not say or nobody knows.

    Args:
        tree: the part's tags.
        source: what it was parsed from.
        fields: legal placeholders, as `generator.definitions.fields` writes them.
        name: the template's file name.
    """
    walk = Walk(tree)
    findings = [
        finding("DOC013", workbook=name, value=shown(word), paragraph=line_text(source, line))
        for word, line in walk.forbidden
    ]
    findings += [
        finding("DOC014", workbook=name, value=shown(word), paragraph=line_text(source, line))
        for word, line in walk.filters
    ]
    used = set()
    unknown: set[str] = set()
    for path, written, line in walk.uses:
        known = path.rstrip("?")
        if path.endswith("?") and f"{known}[]" in fields:
            known += "[]"
        if known in fields:
            used.add(known)
        elif known not in unknown and not any(known.startswith(f"{each}.") for each in unknown):
            unknown.add(known)
            where = line_text(source, line)
            findings.append(
                finding("DOC010", workbook=name, value=shown(written), near=_near(path, fields), paragraph=where)
            )
    return frozenset(used), findings


def _near(path: str, fields: AbstractSet[str]) -> str:
    """A suggestion as the last part of a message; empty when nothing is like it."""
    close = get_close_matches(path, sorted(fields), 1, 0.5)
    if not close:
        return ""
    row, dot, column = close[0].rpartition("[].")
    return f"，是否应为“{column if dot and path.startswith(row) else close[0].replace('[]', '')}”"


def line_text(source: str, line: int | None) -> str:
    """The words of one paragraph of a part, for a finding; empty where the tag's place is not known."""
    lines = source.split("\n")
    return shown(_XML_TAG.sub("", lines[line - 1])) if line and 0 < line <= len(lines) else ""
