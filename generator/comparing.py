"""Finds comparisons in a template that can never be true: with a word that the column's drop-down list has not."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from generator.tags import tags
from macros.choices import is_open, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.places import Paragraph
    from generator.sandbox import Environment
    from macros.forms import Column

_FLAGS = ("是", "否")
_CLOSE = 0.3


def compared(
    paragraphs: Sequence[Paragraph], environment: Environment, columns: Mapping[str, Column],
) -> Iterator[tuple[Paragraph, str, str, str]]:
    """Each such comparison: its paragraph, the word, the column's title, and what may have been meant.

    Args:
        paragraphs: those of one part.
        environment: what reads tags.
        columns: the column behind each placeholder that has one.
    """
    rows: dict[str, str] = {}
    for paragraph in paragraphs:
        for tag in tags(paragraph):
            if tag.mark == "#" or (tag.mark == "%" and tag.word not in ("if", "elif", "for")):
                continue
            source = tag.plain()
            if tag.mark == "%":
                source = source.replace("elif", "if", 1) + f"{{% end{'for' if tag.word == 'for' else 'if'} %}}"
            try:
                tree = environment.parse(source)
            except (TemplateSyntaxError, RecursionError, ValueError):
                continue
            for loop in tree.find_all(nodes.For):
                if isinstance(loop.target, nodes.Name):
                    rows[loop.target.name] = f"{_path(loop.iter, rows)}[]"
            for comparison in tree.find_all(nodes.Compare):
                for path, word in _pairs(comparison, rows):
                    column = columns.get(path)
                    allowed = _allowed(column) if column else ()
                    if column and allowed and word and word not in allowed:
                        near = get_close_matches(word, allowed, 1, _CLOSE)
                        yield paragraph, word, column.title, near[0] if near else "、".join(allowed[:_SHOWN])


#: Values of a list named where none is like the word.
_SHOWN = 8


def _pairs(comparison: nodes.Compare, rows: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The placeholders of a comparison with the words they are compared with."""
    sides = [comparison.expr, *(operand.expr for operand in comparison.ops)]
    if any(operand.op not in ("eq", "ne") for operand in comparison.ops):
        return
    words = [side.value for side in sides if isinstance(side, nodes.Const) and isinstance(side.value, str)]
    paths = [_path(side, rows) for side in sides if isinstance(side, nodes.Name | nodes.Getattr)]
    yield from ((path, word) for path in paths for word in words)


def _path(node: nodes.Node, rows: Mapping[str, str]) -> str:
    if isinstance(node, nodes.Name):
        return rows.get(node.name, node.name)
    return f"{_path(node.node, rows)}.{node.attr}" if isinstance(node, nodes.Getattr) else ""


def _allowed(column: Column) -> tuple[str, ...]:
    """The words a column may print; empty where any may stand."""
    if column.type == "flag":
        return _FLAGS
    return values_of(column.list) if column.list and not is_open(column.list) else ()
