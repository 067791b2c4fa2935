"""What a template may say: a short list of Jinja constructs over plain strings, and nothing that runs."""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

#: What a loop may be asked.
LOOP = frozenset(("index", "index0", "first", "last", "length"))
FILTERS = frozenset(("length", "trim"))
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.CondExpr, nodes.Const, nodes.Concat,
)
_NAMES = {
    nodes.Include: "include", nodes.Import: "import", nodes.FromImport: "import", nodes.Extends: "extends",
    nodes.Call: "调用", nodes.Getitem: "方括号取值", nodes.Mul: "乘法", nodes.Macro: "macro", nodes.Assign: "set",
    nodes.Test: "is判断",
}


class Environment(ImmutableSandboxedEnvironment):
    """Jinja with no globals, tests or calls; a dot reads a dictionary's key or a loop's counter, never an attribute."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_with_breaks)
        self.globals.clear()
        self.tests.clear()
        self.filters = {name: call for name, call in self.filters.items() if name in FILTERS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A dictionary's value or a loop's counter; anything else is undefined."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """As `getattr`."""
        return self.getattr(obj, str(argument))


def _with_breaks(value: Any) -> Any:
    """A value's line breaks as Word writes them; escaped first, since it then counts as markup."""
    if isinstance(value, str) and "\n" in value:
        return Markup(str(escape(value)).replace("\n", _BREAK))
    return value


class Walk:
    """One reading of a template: the placeholders it uses, and what it must not say.

    ``uses`` holds (path, as written, line), with ``明细[].金额`` for a column of a list's row; ``forbidden`` and
    ``filters`` hold (word, line).
    """

    def __init__(self, tree: nodes.Template) -> None:
        self.uses: list[tuple[str, str, int]] = []
        self.forbidden: list[tuple[str, int]] = []
        self.filters: list[tuple[str, int]] = []
        self._visit(tree, {})

    def _visit(self, node: nodes.Node, scope: dict[str, str]) -> None:
        if isinstance(node, nodes.For):
            self._loop(node, scope)
        elif isinstance(node, nodes.Name | nodes.Getattr):
            self._use(node, scope)
        elif isinstance(node, nodes.Filter):
            if node.name not in FILTERS or node.args or node.kwargs or node.node is None:
                self.filters.append((node.name, node.lineno))
            elif isinstance(node.node, nodes.Name) and node.name == "length":
                self._list(node.node, scope)
            else:
                self._visit(node.node, scope)
        elif isinstance(node, nodes.If | nodes.CondExpr) and isinstance(node.test, nodes.Name):
            self._truth(node.test, scope)
            for child in node.iter_child_nodes(exclude=("test",)):
                self._visit(child, scope)
        elif isinstance(node, _PLAIN) or _is_span(node):
            for child in node.iter_child_nodes():
                self._visit(child, scope)
        else:
            name = next((word for kind, word in _NAMES.items() if isinstance(node, kind)), type(node).__name__)
            self.forbidden.append((name, node.lineno))

    def _loop(self, node: nodes.For, scope: dict[str, str]) -> None:
        if not isinstance(node.target, nodes.Name) or node.recursive or node.test is not None:
            self.forbidden.append(("for的这种写法", node.lineno))
            return
        path = self._list(node.iter, scope)
        rows = [row for row in scope.values() if row.endswith("[]")]
        if rows and not path.startswith(f"{rows[-1]}."):
            # Rows times rows would run for hours without a word; a group's own rows never exceed the list.
            self.forbidden.append(("嵌套的for，只能取外层一行自己的明细", node.lineno))
            return
        inner = scope | {node.target.name: path, "loop": "loop"}
        for child in node.body:
            self._visit(child, inner)
        for child in node.else_:
            self._visit(child, scope)

    def _list(self, node: nodes.Node, scope: dict[str, str]) -> str:
        """Note that a list is read; the path of one of its rows."""
        path = _path(node, scope)
        if path is None:
            self.forbidden.append(("for的这种写法", node.lineno))
            return ""
        self.uses.append((f"{path}[]", _written(node), node.lineno))
        return f"{path}[]"

    def _truth(self, node: nodes.Name, scope: dict[str, str]) -> None:
        """A bare name after ``if``: a value that is not blank, or a list that has rows."""
        path = _path(node, scope)
        self.uses.append((f"{path}?", _written(node), node.lineno))

    def _use(self, node: nodes.Node, scope: dict[str, str]) -> None:
        path = _path(node, scope)
        if path is None:
            self.forbidden.append(("取属性", node.lineno))
        elif path.endswith("[]"):
            self.uses.append((f"{path}.", _written(node), node.lineno))  # a row is no value: only its columns are
        elif not path.startswith("loop.") or path[5:] not in LOOP or "loop" not in scope:
            self.uses.append((path, _written(node), node.lineno))


def _path(node: nodes.Node, scope: dict[str, str]) -> str | None:
    if isinstance(node, nodes.Name):
        return scope.get(node.name, node.name)
    if isinstance(node, nodes.Getattr) and not node.attr.startswith("_"):
        base = _path(node.node, scope)
        return None if base is None else f"{base}.{node.attr}"
    return None


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    return f"{_written(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else "…"


def _is_span(node: nodes.Node) -> bool:
    """The product that a horizontal merge makes of a column count and the loop's length."""
    sides = [node.left, node.right] if isinstance(node, nodes.Mul) else []
    return any(isinstance(side, nodes.Getattr) for side in sides) and all(_small(side) for side in sides)


def _small(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Const):
        return isinstance(node.value, int) and node.value < 64
    return isinstance(node, nodes.Getattr) and _written(node) == "loop.length"
