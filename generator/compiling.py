"""Turns a part's tags into one Python function, so that a paper is made without reading the template again.

Every expression a template may hold (`generator.sandbox`) has its Python twin here; what has none raises `Unknown`,
and the part is left to Jinja. A dot reads a dictionary's key and nothing else, as in the sandbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

from generator.pressing import BATCH, Program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_COMPARED = {
    "eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in", "notin": "not in",
}
#: A loop's counters in terms of its number, counted from nought, and its rows.
_COUNTERS = {
    "index": "({n} + 1)", "index0": "{n}", "first": "({n} == 0)", "last": "({n} == len({rows}) - 1)",
    "length": "len({rows})",
}


class Unknown(Exception):
    """The tags say something that only Jinja can render."""


def program(tree: nodes.Template, head: str) -> tuple[Program, frozenset[str]]:
    """The program of a part, and the paths of the values that it prints in every paper, whole and as they are.

    Args:
        tree: the part's tags as the sandbox parsed them.
        head: fixed text before the part's own.

    Raises:
        Unknown: a construct without a Python twin.
    """
    writer = _Writer()
    writer.fixed_text(head)
    writer.block(tree.body, {}, {"": ""}, certain=True)
    writer.end_pair()
    body = writer.lines or ["    pass"]
    source = "\n".join(("def fill(c):", "    out = []; E = out.extend", *body, "    yield out"))
    code = compile(source, "<template>", "exec", dont_inherit=True)
    return Program(code, tuple(writer.fixed)), frozenset(writer.always)


class _Writer:
    """The function's lines as they are written. A pair is a fixed piece and the value after it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.fixed: list[bytes] = []
        self.always: set[str] = set()
        self._known: dict[bytes, int] = {}
        self._pairs: list[str] = []
        self._text = ""
        self._depth = 1
        self._loops = 0

    def line(self, text: str) -> None:
        self.lines.append("    " * self._depth + text)

    def fixed_text(self, text: str) -> None:
        self._text += text

    def value(self, python: str) -> None:
        self._pairs += [self._piece(), python]

    def _piece(self) -> str:
        """The name of the fixed piece before a value; equal pieces are kept once."""
        data, self._text = self._text.encode(), ""
        number = self._known.setdefault(data, len(self.fixed))
        if number == len(self.fixed):
            self.fixed.append(data)
        return f"S{number}"

    def end_pair(self) -> None:
        """Hand over what was gathered, before the flow of control turns."""
        if self._text:
            self.value("''")
        if self._pairs:
            self.line(f"E(({', '.join(self._pairs)},))")
            self._pairs = []

    def block(
        self, body: Sequence[nodes.Node], scope: Mapping[str, str], paths: Mapping[str, str], *, certain: bool,
    ) -> None:
        """Write statements. ``scope`` gives a loop's names in Python, ``paths`` their placeholders' paths."""
        for node in body:
            if isinstance(node, nodes.Output):
                for each in node.nodes:
                    self._output(each, scope, paths, certain=certain)
            elif isinstance(node, nodes.If):
                self._choice(node, scope, paths)
            elif isinstance(node, nodes.For):
                self._loop(node, scope, paths, certain=certain)
            else:
                raise Unknown(type(node).__name__)

    def _output(
        self, node: nodes.Expr, scope: Mapping[str, str], paths: Mapping[str, str], *, certain: bool,
    ) -> None:
        if isinstance(node, nodes.TemplateData):
            self.fixed_text(node.data)
            return
        python = expression(node, scope)
        self.value(f"str({python})" if _is_number(node) else python)
        if certain and isinstance(node, nodes.Name | nodes.Getattr):
            self.always.add(_path(node, paths))

    def _choice(self, node: nodes.If, scope: Mapping[str, str], paths: Mapping[str, str]) -> None:
        self.end_pair()
        for word, (test, body) in zip(
            ("if", *("elif" for _ in node.elif_)),
            ((node.test, node.body), *((each.test, each.body) for each in node.elif_)), strict=True,
        ):
            self.line(f"{word} {expression(test, scope)}:")
            self._inner(body, scope, paths, certain=False)
        if node.else_:
            self.line("else:")
            self._inner(node.else_, scope, paths, certain=False)

    def _loop(self, node: nodes.For, scope: Mapping[str, str], paths: Mapping[str, str], *, certain: bool) -> None:
        if not isinstance(node.target, nodes.Name) or node.recursive or node.test is not None:
            raise Unknown("for")
        self.end_pair()
        self._loops += 1
        rows, row, number = (f"{letter}{self._loops}" for letter in "qrn")
        self.line(f"{rows} = {expression(node.iter, scope)}")
        self.line(f"for {number}, {row} in enumerate({rows}):")
        inner = {**scope, node.target.name: row, "loop": f"{number} {rows}"}
        within = {**paths, node.target.name: f"{_path(node.iter, paths)}[]"}
        self._inner(node.body, inner, within, certain=certain)
        self._depth += 1
        self.line(f"if len(out) > {BATCH}: yield out; out = []; E = out.extend")
        self._depth -= 1
        if node.else_:
            self.line(f"if not {rows}:")
            self._inner(node.else_, scope, paths, certain=False)

    def _inner(
        self, body: Sequence[nodes.Node], scope: Mapping[str, str], paths: Mapping[str, str], *, certain: bool,
    ) -> None:
        self._depth += 1
        self.block(body, scope, paths, certain=certain)
        self.end_pair()
        self.line("pass")
        self._depth -= 1


def expression(node: nodes.Node, scope: Mapping[str, str]) -> str:
    """An expression in Python, over the context ``c`` and the loops' rows."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str | int | bool):
        return repr(node.value)
    if isinstance(node, nodes.Name):
        if node.name == "loop" and "loop" in scope:
            raise Unknown("loop")
        return scope.get(node.name) or f"c[{node.name!r}]"
    if isinstance(node, nodes.Getattr):
        return _member(node, scope)
    if isinstance(node, nodes.Not):
        return f"(not {expression(node.node, scope)})"
    if isinstance(node, nodes.And | nodes.Or):
        word = "and" if isinstance(node, nodes.And) else "or"
        return f"({expression(node.left, scope)} {word} {expression(node.right, scope)})"
    if isinstance(node, nodes.Compare):
        rest = "".join(f" {_COMPARED[each.op]} {expression(each.expr, scope)}" for each in node.ops)
        return f"({expression(node.expr, scope)}{rest})"
    if isinstance(node, nodes.CondExpr) and node.expr2 is not None:
        yes, no = expression(node.expr1, scope), expression(node.expr2, scope)
        return f"({yes} if {expression(node.test, scope)} else {no})"
    if isinstance(node, nodes.Concat):
        return "''.join((" + "".join(f"str({expression(each, scope)})," for each in node.nodes) + "))"
    if isinstance(node, nodes.Filter) and node.node is not None and not (node.args or node.kwargs):
        inner = expression(node.node, scope)
        return {"length": f"len({inner})", "trim": f"{inner}.strip()"}[node.name]
    raise Unknown(type(node).__name__)


def _member(node: nodes.Getattr, scope: Mapping[str, str]) -> str:
    if isinstance(node.node, nodes.Name) and node.node.name == "loop" and "loop" in scope:
        if node.attr not in _COUNTERS:
            raise Unknown(node.attr)
        number, rows = scope["loop"].split()
        return _COUNTERS[node.attr].format(n=number, rows=rows)
    return f"{expression(node.node, scope)}[{node.attr!r}]"


def _is_number(node: nodes.Expr) -> bool:
    """Whether an expression gives a count or a constant rather than a text of the context."""
    if isinstance(node, nodes.Getattr):
        return isinstance(node.node, nodes.Name) and node.node.name == "loop" and node.attr in _COUNTERS
    return not isinstance(node, nodes.Name | nodes.Concat)


def _path(node: nodes.Node, paths: Mapping[str, str]) -> str:
    """A placeholder's path as the template's uses name it."""
    if isinstance(node, nodes.Name):
        return paths.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node, paths)}.{node.attr}"
    raise Unknown(type(node).__name__)
