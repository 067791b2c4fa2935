"""Finds a template's tags in its paragraphs, and says of a single tag what is wrong with its writing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from jinja2.exceptions import TemplateSyntaxError

from generator.printed import shown
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.places import Paragraph
    from generator.sandbox import Environment

PATTERN = re.compile(r"\{\{(?:(?!\{\{|\{%).)*?\}\}|\{%(?:(?!\{\{|\{%).)*?%\}|\{#(?:(?!\{#).)*?#\}", re.DOTALL)
_PARTS = re.compile(r"\{([{%#])(?:(r|p|tr|tc)\s)?[-+]?(.*?)[-+]?[}%#]\}", re.DOTALL)
_WORD = re.compile(r"\w+")
#: Word's own quotes, which docxtpl makes plain inside of tags.
_QUOTES = str.maketrans("“”‘’", "\"\"''")
#: Full-width signs that a Chinese keyboard gives; in a tag they must be plain.
_WIDE = re.compile("[，。；：！？（）［］＝＜＞｜＋－＊／．＂＇、【】《》]")
#: docxtpl's own words for table cells.
CELLS = ("vm", "hm", "colspan", "cellbg")
_BLOCKS = ("for", "endfor", "if", "elif", "else", "endif")
#: Statements of Jinja that no template may use; they are told as such rather than as misspelt.
_OTHERS = (
    "set", "endset", "include", "import", "from", "extends", "block", "endblock", "macro", "endmacro", "call",
    "endcall", "filter", "endfilter", "with", "endwith", "autoescape", "endautoescape", "raw", "endraw", "do",
    "break", "continue", "trans", "endtrans", "print",
)
_MEANT = {
    "如果": "if", "假如": "if", "否则": "else", "不然": "else", "循环": "for", "每": "for", "foreach": "for",
    "fi": "if", "elseif": "elif", "elsif": "elif", "结束": "endif或endfor", "end": "endif或endfor",
    "then": "if", "next": "endfor",
}
#: Signs of a tag: beyond what anybody writes by hand, and within what Jinja and Python can read.
LONGEST = 300


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """A tag as ``written``: its ``mark`` is ``{``, ``%`` or ``#``, its ``level`` tr, tc, p or r or nothing.

    ``inner`` is what stands between the marks, ``word`` the first word of it; ``start`` counts the paragraph's signs.
    """

    written: str
    mark: str
    level: str
    inner: str
    start: int
    paragraph: Paragraph

    @property
    def word(self) -> str:
        """The statement's name, or the beginning of the field's."""
        found = _WORD.match(self.inner)
        return found[0] if found else ""

    @property
    def means(self) -> str:
        """The statement it is, or the one it was probably meant to be."""
        return (self.word if self.word in _BLOCKS else _meant(self)) if self.mark == "%" else ""

    def path(self) -> list[str]:
        """The names of the elements from its text up to its paragraph."""
        place = self.start
        for text in self.paragraph.texts:
            place -= len(text.text or "")
            if place < 0:
                above = text.iterancestors()
                return [str(each.tag) for each in takewhile(lambda each: each is not self.paragraph.element, above)]
        return []

    def plain(self) -> str:
        """The tag in Jinja's own terms, in one line; docxtpl's words for cells say nothing but the field they name."""
        if self.mark == "#" or (self.mark == "%" and self.word in ("vm", "hm")):
            return ""
        if self.mark == "%" and self.word in CELLS:
            return f"{{{{ {self.inner.removeprefix(self.word)} }}}}"
        return f"{{{{ {self.inner} }}}}" if self.mark == "{" else f"{{% {self.inner} %}}"


def tags(paragraph: Paragraph) -> list[Tag]:
    """The whole tags of a paragraph, however Word split it into runs."""
    if "{" not in paragraph.words:
        return []
    found = []
    for match in PATTERN.finditer(paragraph.words):
        parts = _PARTS.fullmatch(match[0])
        mark, level, inner = parts.groups() if parts else (match[0][1], "", match[0][2:-2])
        inner = " ".join(inner.translate(_QUOTES).split())
        found.append(Tag(match[0], mark, level or "", inner, match.start(), paragraph))
    return found


def wrong(tag: Tag, environment: Environment, names: Iterable[str], template: str) -> Finding | None:
    """What is wrong with a tag by itself; None when it can be read.

    Args:
        tag: the tag.
        environment: what reads it.
        names: words it may have meant.
        template: the template's file name.
    """
    found = _judged(tag, environment, names)
    if found is None:
        return None
    code, details = found
    return finding(code, workbook=template, paragraph=tag.paragraph.quoted(), **details)


def _judged(tag: Tag, environment: Environment, names: Iterable[str]) -> tuple[str, dict[str, str]] | None:
    """A finding's code and details."""
    if len(tag.written) > LONGEST:
        return "DOC061", {"limit": str(LONGEST)}
    if tag.mark == "#":
        return None
    if tag.level == "r" or (tag.level and tag.mark == "{"):
        # docxtpl would put the value where the run was: outside of any text, where nobody can read it.
        return "DOC060", {"value": shown(tag.written)}
    if tag.mark == "%" and tag.word in _OTHERS:
        return "DOC013", {"value": tag.word}
    if tag.mark == "%" and tag.word not in (*_BLOCKS, *CELLS):
        meant = _meant(tag)
        return "DOC063", {
            "value": tag.word or shown(tag.written), "near": f"，是否应为“{meant}”" if meant else "",
        }
    why = _unreadable(tag, environment)
    if not why:
        return None
    near = get_close_matches(tag.inner, list(names), 1, 0.5) if tag.mark == "{" else []
    why = f"“{shown(tag.written)}”{why}" + (f"，是否应为“{near[0]}”" if near else "")
    return "DOC016", {"value": shown(tag.written), "why": why}


def _meant(tag: Tag) -> str:
    """The statement that an unknown one stands for."""
    joined = tag.inner.replace(" ", "").lower()
    if joined in (*_BLOCKS, *CELLS):
        return joined
    known = _MEANT.get(tag.word.lower())
    close = get_close_matches(tag.word.lower(), (*_BLOCKS, *CELLS), 1, 0.6)
    return known or (close[0] if close else next((each for each in _BLOCKS if tag.word.startswith(each)), ""))


def _unreadable(tag: Tag, environment: Environment) -> str:
    """Why a tag cannot be read, in Chinese; empty when it can."""
    if not tag.inner:
        return "中没有字段名"
    if tag.mark == "%" and tag.word in ("else", "endif", "endfor", "vm", "hm") and tag.inner != tag.word:
        other = "；“否则如果”写成elif" if tag.word == "else" else ""
        return f"中“{tag.word}”之后不能再有文字{other}"
    try:
        return "" if _parses(environment, _alone(tag)) else _why(tag)
    except (RecursionError, ValueError):
        return "过于复杂"


@lru_cache(4096)
def _parses(environment: Environment, source: str) -> bool:
    try:
        environment.parse(source)
    except TemplateSyntaxError:
        return False
    return True


def _alone(tag: Tag) -> str:
    """The tag made a template of its own."""
    plain = tag.plain()
    if tag.mark == "%" and tag.word in ("if", "elif"):
        return plain.replace("elif", "if", 1) + "{% endif %}"
    if tag.mark == "%" and tag.word == "for":
        return plain + "{% endfor %}"
    return "" if tag.mark == "%" and tag.word in ("else", "endif", "endfor") else plain


def _why(tag: Tag) -> str:
    wide = _WIDE.search(re.sub("\"[^\"]*\"|'[^']*'", "", tag.inner))
    if wide:
        return f"中有全角符号“{wide[0]}”，须用半角"
    if tag.inner.count('"') % 2 or tag.inner.count("'") % 2:
        return "中的引号不成对"
    if tag.word == "for" and tag.mark == "%":
        return "须写成“for 行 in 明细”的样子"
    if re.search(r"(?<![=!<>])=(?!=)", tag.inner):
        return "中判断相等须写两个等号“==”"
    if re.search(r"\w\s+\w", tag.inner) and tag.mark == "{":
        return "中字段名不能有空格"
    return "的写法无法识别"


def unclosed(paragraph: Paragraph, found: Sequence[Tag]) -> str:
    """What is left of a paragraph's words without its whole tags, each leaving NULs behind."""
    signs = list(paragraph.words)
    for tag in found:
        signs[tag.start : tag.start + len(tag.written)] = ["\0"] * len(tag.written)
    return "".join(signs)
