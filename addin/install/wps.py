"""The list of WPS's add-ins (publish.xml): enter ours, take it out again, leave every other byte as it was."""

from __future__ import annotations

import re
from xml.etree import ElementTree

_EMPTY = '<?xml version="1.0" encoding="UTF-8"?>\n<jsplugins>\n</jsplugins>\n'
_ROOT = "jsplugins"
_ATTRIBUTES = r"""(?:[^>"'/]|"[^"]*"|'[^']*'|/(?!>))*"""


class Unreadable(Exception):
    """A publish.xml that is not a list of add-ins; it is left alone."""


def entered(text: str, name: str, element: str) -> str:
    """The list with our element, in place of an older one of that name; ``text`` is empty without a list.

    Raises:
        Unreadable: the text is no such list.
    """
    rest = without(text, name) if text.strip() else _EMPTY
    closed = re.sub(rf"<{_ROOT}({_ATTRIBUTES})/>", rf"<{_ROOT}\1></{_ROOT}>", rest)
    at = closed.rfind(f"</{_ROOT}>")
    line = f"  {element}\n" if closed[:at].endswith("\n") else element
    made = closed[:at] + line + closed[at:]
    _check(made, [*_others(rest, name), ElementTree.fromstring(element).attrib])
    return made


def without(text: str, name: str) -> str:
    """The list without the elements of that name.

    Raises:
        Unreadable: the text is no such list.
    """
    others = _others(text, name)
    named = rf"""(?=<[^>]*\bname\s*=\s*["']{re.escape(name)}["'])"""
    made = re.sub(rf"[ \t]*{named}<(\w+){_ATTRIBUTES}(?:/>|>[^<]*</\1>)[ \t]*(?:\r?\n)?", "", text)
    _check(made, others)
    return made


def names(text: str) -> dict[str, str]:
    """Names of the add-ins in the list, each with its ``enable``.

    Raises:
        Unreadable: the text is no such list.
    """
    return {one.get("name", ""): one.get("enable", "") for one in _elements(text)}


def _others(text: str, name: str) -> list[dict[str, str]]:
    return [one.attrib for one in _elements(text) if one.get("name") != name]


def _elements(text: str) -> list[ElementTree.Element]:
    try:
        root = ElementTree.fromstring(text.lstrip("\ufeff").strip())
    except ElementTree.ParseError as error:
        raise Unreadable(str(error)) from error
    if root.tag != _ROOT:
        raise Unreadable(root.tag)
    return list(root)


def _check(made: str, expected: list[dict[str, str]]) -> None:
    """Text was cut by pattern: make sure that the others' elements are all there, and nothing else is."""
    if [one.attrib for one in _elements(made)] != expected:
        raise Unreadable("其他加载项的写法无法识别")
