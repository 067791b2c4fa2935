"""Changes a loaded module in place, so that whoever has taken its functions and classes has the changed ones."""

# ruff: noqa: E501 - three fields move together
from __future__ import annotations

import types
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ast


def swap(module: types.ModuleType, tree: ast.Module) -> None:
    """Give the module's functions, classes and constants the code and values of a changed program.

    Constants that others have taken by name stay what they were: a change that is not noticed so is tried anew.
    """
    fresh = types.ModuleType(module.__name__)
    fresh.__dict__.update({key: value for key, value in module.__dict__.items() if key.startswith("__")})
    exec(compile(tree, str(module.__file__), "exec"), fresh.__dict__)
    for name, new in list(fresh.__dict__.items()):
        old = module.__dict__.get(name)
        if name.startswith("__") or old is None:
            continue
        if isinstance(old, type) and old.__module__ == module.__name__:
            _class(old, new)
        elif not _function(old, new, module.__name__):
            module.__dict__[name] = new


def _function(old: Any, new: Any, module: str) -> bool:
    """Swap the code of a function, also below a cache; whether it is one of the module's own."""
    if clear := getattr(old, "cache_clear", None):
        clear()
    old, new = getattr(old, "__wrapped__", old), getattr(new, "__wrapped__", new)
    if not isinstance(old, types.FunctionType) or not isinstance(new, types.FunctionType) or old.__module__ != module:
        return False
    old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
    return True


def _class(old: type, new: Any) -> None:
    for name, mine in list(vars(old).items()):
        other = vars(new).get(name)
        mine, other = (_inner(mine), _inner(other))
        if isinstance(mine, types.FunctionType) and isinstance(other, types.FunctionType):
            if mine.__code__.co_freevars == other.__code__.co_freevars:
                mine.__code__, mine.__defaults__, mine.__kwdefaults__ = other.__code__, other.__defaults__, other.__kwdefaults__
        elif not name.startswith("__") and not isinstance(mine, types.MemberDescriptorType) and other is not None:
            setattr(old, name, other)


def _inner(held: Any) -> Any:
    """The function below a property, a cached one, a class or static method."""
    if isinstance(held, property):
        return held.fget
    if isinstance(held, cached_property):
        return held.func
    return getattr(held, "__func__", held)
