"""The guide's text: Markdown with the complete lists in it, and with the messages for those who read no Markdown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from addin.guide import lists

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.token import Token

DOCS = Path(__file__).parents[2] / "docs"
SOURCE = DOCS / "用户手册.md"
#: What stands between the marks of the text, by their name. The messages are a page of their own beside the Markdown.
LISTS: dict[str, Callable[[], list[lists.Listing]]] = {
    "按钮": lists.buttons, "台账": lists.registers, "结果": lists.results, "时限": lists.deadlines,
}
MESSAGES = "提示"
_MARK = re.compile(r"^<!-- /?\S+ -->\n", re.MULTILINE)


def current() -> str:
    """The Markdown with its lists as the program has them now."""
    text = SOURCE.read_text(encoding="utf-8")
    for name, made in LISTS.items():
        text = _between(text, name, lists.markdown(made()))
    return text


def whole() -> str:
    """The text as pages and papers show it: every message in it, and no marks."""
    return _MARK.sub("", _between(current(), MESSAGES, lists.markdown(lists.messages())))


def _between(text: str, name: str, content: str) -> str:
    """The text with something else between the marks of a name.

    Raises:
        ValueError: the marks do not stand in it.
    """
    opening, closing = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    before, found, rest = text.partition(opening)
    _, ended, after = rest.partition(closing)
    if not (found and ended):
        raise ValueError(f"no place for {name}")
    return f"{before}{opening}\n{content}\n\n{closing}{after}"


def tokens(text: str) -> list[Token]:
    """The text's parts as Markdown has them."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
