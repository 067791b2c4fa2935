"""What a template may print: strings, dictionaries of them and lists of such, free of what Word cannot hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

Printed = str | Mapping[str, "Printed"] | Sequence[Mapping[str, "Printed"]]

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SHOWN = 60
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def unprintable(text: str) -> bool:
    """Whether a text holds signs that no Word file can, which the user should know (DOC025)."""
    return _UNPRINTABLE.search(text) is not None


def clean(text: str) -> str:
    """``text`` as a Word file can hold it: no control characters or halves of surrogate pairs, NFC, no tabs."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", _BREAK.sub("\n", text).replace("\t", " ")))


def at(values: Mapping[str, Printed], path: str) -> Iterable[str]:
    """The strings at a placeholder: one, or one per row of a list; for a list itself, ``明细[]``, its length."""
    name, _, rest = path.partition(".")
    value = values.get(name.removesuffix("[]"), "")
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from at(value, rest)
    elif not rest:
        yield str(len(value))
    else:
        for row in value:
            yield from at(row, rest)


def shown(text: str) -> str:
    """A text, cut to what is needed to find it."""
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
