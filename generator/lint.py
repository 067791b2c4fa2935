"""Reads one part of a template for all that is wrong in it, each with its paragraph; nothing is filled before that."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from jinja2.exceptions import TemplateSyntaxError
from lxml import etree

from generator import figure_places, places
from generator.blocks import Block, Said, crowded, emptied, misplaced, pair
from generator.package import W, parser
from generator.printed import shown
from generator.sandbox import Walk
from generator.spelling import near
from generator.strays import elsewhere, outside
from generator.tags import CELLS, PATTERN, tags, unclosed, wrong
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from generator.places import Paragraph
    from generator.sandbox import Environment
    from generator.tags import Tag

_REST = re.compile(r"\{\{|\}\}|\{%|%\}|\{\s+[{%]|[%}]\s+\}|\{#|#\}")
_BEGUN, _ENDED = re.compile(r"\{[{%]"), re.compile(r"[}%]\}")
_WIDE = re.compile(r"｛\s*[｛%％{]|[｝%％}]\s*｝")
_ALL = "整个模板"
_SINGLE = re.compile(r"[{｛]\s*([^{}｛｝]{1,40}?)\s*[}｝]")


def heal(root: etree._Element) -> None:
    """Put each tag wholly into the text element it begins in.

    Word splits a word anywhere, also between the braces; text outside of tags stays in its own formatting.
    """
    for paragraph in places.read(root, places.BODY):
        texts, whole = paragraph.texts, paragraph.words
        if len(texts) < 2 or "{" not in whole:
            continue
        owner: list[int] = [number for number, text in enumerate(texts) for _ in text.text or ""]
        for tag in PATTERN.finditer(whole):
            owner[tag.start() : tag.end()] = [owner[tag.start()]] * (tag.end() - tag.start())
        pieces: list[list[str]] = [[] for _ in texts]
        for sign, number in zip(whole, owner, strict=True):
            pieces[number].append(sign)
        for text, piece in zip(texts, pieces, strict=True):
            if (text.text or "") != (made := "".join(piece)):
                text.text = made
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                if not made:
                    _drop_bare(text)


def _drop_bare(text: etree._Element) -> None:
    """Leave out a run whose only words went into the tag before it: a table would repeat it in every row."""
    run = text.getparent()
    if run is not None and run.tag == f"{W}r" and all(each is text or each.tag == f"{W}rPr" for each in run):
        holder = run.getparent()
        if holder is not None:
            holder.remove(run)


def read(
    root: etree._Element, environment: Environment, fields: AbstractSet[str], name: str,
    label: tuple[str, int] = (places.BODY, 0),
) -> tuple[frozenset[str], list[Said]]:
    """The placeholders a part uses, and every reason against it with its paragraph, in the part's order.

    Args:
        root: the part as Word wrote it.
        environment: what reads tags.
        fields: legal placeholders, as `generator.definitions.fields` writes them.
        name: the template's file name.
        label: what people call the part, and its turn among the parts.
    """
    paragraphs = places.read(root, *label)
    said = _torn(paragraphs, name)
    torn = {paragraph for paragraph, _ in said}
    said += outside(root, paragraphs, label, name)
    all_: list[Tag] = []
    unsound: dict[Tag, Finding] = {}
    for paragraph in paragraphs:
        for tag in tags(paragraph):
            problem = wrong(tag, environment, fields, name)
            if problem:
                unsound[tag] = problem
                said.append((paragraph, problem))
            all_.append(tag)
        if paragraph not in torn:
            said += _single(paragraph, fields, name)
    blocks, lonely = pair(all_, name)
    said += lonely
    said += [*crowded([tag for tag in all_ if tag not in unsound], name), *misplaced(blocks, name)]
    said += emptied(paragraphs, blocks, name)
    used, unknown = _meaning(paragraphs, _balanced(all_, blocks, unsound), environment, fields, name)
    rows = {tag.inner.split()[1] for tag in unsound if tag.means == "for" and len(tag.inner.split()) > 1}
    unknown = [each for each in unknown if each[1].value.partition(".")[0] not in rows]  # of a loop told already
    said += unknown
    turn = {paragraph: number for number, paragraph in enumerate(paragraphs)}
    return used, sorted(said, key=lambda each: turn.get(each[0], -1))


def _balanced(
    all_: Sequence[Tag], blocks: Sequence[Block], unsound: Collection[Tag],
) -> list[tuple[Paragraph, str]]:
    """The tags in Jinja's terms with their paragraphs, each block ended: so that one mistake does not hide the next."""
    whole_ = [block for block in blocks if not any(tag in unsound for tag in block.all())]
    paired = {tag for block in whole_ for tag in block.all()}
    cut: dict[Tag | None, list[Block]] = {}
    for block in reversed(whole_):
        if block.end is None:
            cut.setdefault(block.cut, []).append(block)
    made = []
    for tag in all_:
        made += [(tag.paragraph, f"{{% end{block.begin.word} %}}") for block in cut.get(tag, ())]
        if tag not in unsound and (tag.mark == "{" or tag.word in CELLS or tag in paired):
            made.append((tag.paragraph, tag.plain()))
    return made + [(all_[-1].paragraph, f"{{% end{block.begin.word} %}}") for block in cut.get(None, ())]


def _torn(paragraphs: Sequence[Paragraph], name: str) -> list[Said]:
    """Tags that are not closed in their paragraph, or in full-width braces."""
    said: list[Said] = []
    begun: Paragraph | None = None
    for paragraph in paragraphs:
        if not any(sign in paragraph.words for sign in "{}｛｝"):
            begun = begun if not paragraph.words.strip() else None
            continue
        rest = unclosed(paragraph, tags(paragraph))
        wide = _WIDE.search(rest)
        where = {"workbook": name, "paragraph": paragraph.quoted()}
        if wide:
            said.append((paragraph, finding("DOC012", **where, value=wide[0])))
        elif begun and _ENDED.search(rest) and not _BEGUN.search(rest):
            said[-1] = (begun, finding("DOC067", **where, first=begun.quoted()))
        elif _REST.search(rest) or ("\0" in rest and _odd(rest)):
            said.append((paragraph, finding("DOC011", **where)))
        begun = paragraph if _BEGUN.search(rest) else None
    filled = [paragraph for paragraph in paragraphs if paragraph.words]
    for before, after in pairwise(filled):
        ends, begins = before.words[-1], after.words[0]
        # docxtpl would take such signs for one mark, and with it the end of the paragraph between them.
        if (ends == "{" and begins in "{%#") or (ends in "%}#" and begins == "}"):
            halves = {"paragraph": after.quoted(), "first": before.quoted()}
            said.append((after, finding("DOC067", workbook=name, **halves)))
    return said


def _odd(rest: str) -> bool:
    """Whether a brace is left over beside tags: printed as it stands, and never meant."""
    return rest.count("{") != rest.count("}") or rest.count("｛") != rest.count("｝")


def _single(paragraph: Paragraph, fields: AbstractSet[str], name: str) -> Iterator[Said]:
    """Fields in one brace instead of two, which would be printed as they stand."""
    for match in _SINGLE.finditer(unclosed(paragraph, tags(paragraph))):
        if match[1] in fields:
            where = {"workbook": name, "paragraph": paragraph.quoted()}
            yield paragraph, finding("DOC068", **where, value=match[0], meant=match[1])


def whole(
    parts: Mapping[str, bytes], text_parts: Sequence[str], environment: Environment, fields: AbstractSet[str],
    name: str,
) -> tuple[frozenset[str], list[Said]]:
    """As `read`, of all parts of a template that hold text, in the order somebody reads them."""
    used: frozenset[str] = frozenset()
    said: list[Said] = []
    for part, label, turn in places.labels(parts, text_parts):
        root = etree.fromstring(parts[part], parser())
        more, found = read(root, environment, fields, name, (label, turn))
        shown_, wrong_ = figure_places.read(root, part, parts, (label, turn), fields, name)
        used |= more | shown_
        said += sorted((*found, *wrong_), key=lambda each: each[0].place)
    return used, said + list(elsewhere(parts, text_parts, name))


def _meaning(
    paragraphs: Sequence[Paragraph], balanced: Sequence[tuple[Paragraph, str]], environment: Environment,
    fields: AbstractSet[str], name: str,
) -> tuple[frozenset[str], list[Said]]:
    """The placeholders that sound tags use, and a finding for each thing they may not say or nobody knows."""
    by_paragraph: dict[Paragraph, list[str]] = {}
    for paragraph, plain in balanced:
        by_paragraph.setdefault(paragraph, []).append(plain)
    source = "\n".join("".join(by_paragraph.get(paragraph, ())) for paragraph in paragraphs)
    try:
        walk = Walk(environment.parse(source))
    except (TemplateSyntaxError, RecursionError, ValueError):
        return frozenset(), []  # only after other findings: each tag by itself could be read
    said: list[Said] = []
    for words, code in ((walk.forbidden, "DOC013"), (walk.filters, "DOC014")):
        for word, line in words:
            paragraph = paragraphs[line - 1]
            where = {"workbook": name, "paragraph": paragraph.quoted()}
            said.append((paragraph, finding(code, **where, value=shown(word))))
    used, unknown = judged(walk, fields)
    for path, written, line in unknown:
        paragraph = paragraphs[line - 1]
        where = {"workbook": name, "paragraph": paragraph.quoted()}
        said.append((paragraph, finding("DOC010", **where, value=shown(written), near=near(path, written, fields))))
    return used, said


def judged(walk: Walk, fields: AbstractSet[str]) -> tuple[frozenset[str], list[tuple[str, str, int]]]:
    """The placeholders a template uses, and each unknown one once with its place in the source."""
    used = set()
    unknown: dict[str, tuple[str, str, int]] = {}
    for path, written, line in walk.uses:
        known = path.rstrip("?")
        if path.endswith("?") and f"{known}[]" in fields:
            known += "[]"
        if known in fields:
            used.add(known)
        elif not any(known.startswith(f"{each}.") for each in unknown):
            unknown.setdefault(known, (path, written, line))
    return frozenset(used), list(unknown.values())


def proven(environment: Environment, source: str, fields: AbstractSet[str], name: str) -> list[Finding]:
    """What is wrong with a part as it will be filled, by docxtpl's rules: a second look that trusts nothing above."""
    try:
        walk = Walk(environment.parse(source))
    except (TemplateSyntaxError, RecursionError, ValueError):
        return [finding("DOC016", workbook=name, paragraph=_ALL, why="标记的位置使文档无法填写")]
    said = [finding("DOC013", workbook=name, value=shown(word), paragraph=_ALL) for word, _ in walk.forbidden]
    said += [finding("DOC014", workbook=name, value=shown(word), paragraph=_ALL) for word, _ in walk.filters]
    _, unknown = judged(walk, fields)
    return said + [
        finding("DOC010", workbook=name, value=shown(written), near="", paragraph=_ALL) for _, written, _ in unknown
    ]
