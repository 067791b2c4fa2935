"""Small changes to a module's code, one at a time: each makes a program that its tests should notice."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}
_RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult, ast.Mod: ast.Mult,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Pow: ast.Mult,
}
_CHANGED_THEMSELVES = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Constant)
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Mutant(NamedTuple):
    """One changed program: where and what, and its syntax tree."""

    line: int
    what: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Every change of a module, in the order of its lines."""
    tree = ast.parse(source)
    found = sorted(_spots(tree), key=lambda spot: (spot[0].lineno, spot[0].col_offset, spot[1]))
    for node, what, number in found:
        changed = copy.deepcopy(tree)
        twin = next(
            other for mine, other in zip(ast.walk(tree), ast.walk(changed), strict=True) if mine is node
        )
        _change(changed, twin, number)
        told = f"{what} in `{ast.get_source_segment(source, node) or what}`"
        yield Mutant(node.lineno, told[:160], ast.fix_missing_locations(changed))


def _spots(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, str, int]]:
    """Nodes that can be changed, with the change's name and number."""
    left_alone = {id(inner) for node in _untested(tree) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in left_alone:
            continue
        match node:
            case ast.Compare():
                for at, sign in enumerate(node.ops):
                    if type(sign) in _COMPARED:
                        yield node, f"{type(sign).__name__} → {_COMPARED[type(sign)].__name__}", at
            case ast.BinOp() | ast.AugAssign() if type(node.op) in _RECKONED:
                yield node, f"{type(node.op).__name__} → {_RECKONED[type(node.op)].__name__}", 0
            case ast.BoolOp():
                yield node, "and ↔ or", 0
            case ast.UnaryOp(op=ast.Not() | ast.USub()):
                yield node, f"without {type(node.op).__name__}", 0
            case ast.Constant(value=bool()):
                yield node, "True ↔ False", 0
            case ast.Constant(value=int()):
                yield node, "plus one", 0
            case ast.Constant(value=str() | bytes()) if node.value:
                yield node, "another text", 0
            case ast.Call(func=ast.Name(id=name)) if name in _CALLED:
                yield node, f"{name} → {_CALLED[name]}", 0
            case ast.If() | ast.IfExp() | ast.While() if not isinstance(node.test, _CHANGED_THEMSELVES):
                yield node, "not the condition", 0
            case ast.Return(value=ast.expr()) if not _is_none(node.value):
                yield node, "return None", 0
            case ast.Break() | ast.Continue():
                yield node, "break ↔ continue", 0
            case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
                yield node, "left out", 0


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _untested(tree: ast.Module) -> Iterator[ast.AST]:
    """What says nothing that runs: annotations, docstrings, words of errors and of messages, imports for types."""
    for node in ast.walk(tree):
        match node:
            case ast.Raise() | ast.JoinedStr() | ast.Assign(targets=[ast.Name(id="__all__")]):
                yield node
            case ast.AnnAssign(annotation=ast.expr() as given) | ast.arg(annotation=ast.expr() as given):
                yield given
            case ast.Subscript(value=ast.Name(id="Literal")):
                yield node
            case ast.FunctionDef(returns=ast.expr() as given):
                yield given
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield node
            case ast.Expr(value=ast.Constant()):
                yield node
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from node.decorator_list
        if isinstance(node, ast.keyword) and node.arg in ("reason", "why"):
            yield node


def _change(tree: ast.Module, node: ast.AST, number: int) -> None:
    match node:
        case ast.Compare():
            node.ops[number] = _COMPARED[type(node.ops[number])]()
        case ast.BinOp() | ast.AugAssign():
            node.op = _RECKONED[type(node.op)]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            _replace(tree, node, node.operand)
        case ast.Constant(value=bool() as flag):
            node.value = not flag
        case ast.Constant(value=int() as figure):
            node.value = figure + 1
        case ast.Constant(value=str() as text):
            node.value = text + "X"
        case ast.Constant(value=bytes() as data):
            node.value = data + b"X"
        case ast.Call(func=ast.Name() as name):
            name.id = _CALLED[name.id]
        case ast.If() | ast.IfExp() | ast.While():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.Return():
            node.value = ast.Constant(None)
        case ast.Break():
            _replace(tree, node, ast.Continue())
        case ast.Continue():
            _replace(tree, node, ast.Break())
        case ast.Expr():
            node.value = ast.Constant(None)


def _replace(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    """Put one node where another is."""
    for parent in ast.walk(tree):
        for name, held in ast.iter_fields(parent):
            if held is old:
                setattr(parent, name, new)
                return
            if isinstance(held, list) and any(each is old for each in held):
                held[:] = [new if each is old else each for each in held]
                return
