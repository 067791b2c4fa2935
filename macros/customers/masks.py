"""How a personal value is shown in a masked copy, and which values a register holds (§3.3, I4)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.choices import choices
from macros.customers.names import names
from macros.data import toml
from macros.forms import forms
from macros.values import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DIGITS = re.compile(r"\D+")
_PHONE = re.compile(r"[\d\s()（）+＋转\-－—]+")


@cache
def rules() -> dict[str, Any]:
    """``rules/masking.toml``."""
    return toml(Path(__file__).parents[1] / "rules" / "masking.toml")


def mask(value: str) -> str:
    """One personal value as a masked copy shows it: e-mail address, telephone number, else a name or other words."""
    text = value.strip()
    if "@" in text:
        who, _, where = text.partition("@")
        rule = rules()["email"]
        return f"{who[: rule['keep']]}{rule['stars']}@{where}"
    digits = _DIGITS.sub("", text)
    rule = rules()["phone"]
    if _PHONE.fullmatch(text) and len(digits) >= rule["digits"]:
        kept = rule["long"] if len(digits) >= rule["long"]["from"] else rule["short"]
        return f"{digits[: kept['head']]}{rule['stars']}{digits[-kept['tail'] :]}"
    rule = rules()["name"]
    return (text[: rule["keep"]] if len(text) > rule["keep"] else "") + str(rule["stars"])


def masked_cell(value: str) -> str:
    """A personal cell, each of its names masked by itself: 客户代表A（网络部）、客户代表B → 客**、客**."""
    held = names(value)
    return "、".join(map(mask, held)) if held else mask(value)


class Secrets:
    """The personal values of a register with their masks, and how they are found in a text.

    ``shared`` are those that are words of the register itself: they are masked in their own columns only.
    """

    def __init__(self, values: Iterable[str]) -> None:
        self.masks: dict[str, str] = {}
        self.shared: list[str] = []
        held = "\n".join(vocabulary())
        for value in dict.fromkeys(_spellings(values)):
            if len(value) < rules()["shortest"]:
                continue
            if value in held:
                self.shared.append(value)
            elif masked_cell(value) != value:
                self.masks[value] = masked_cell(value)
        #: lengths of the values that begin with two signs, the longest first
        self._lengths: dict[str, list[int]] = {}
        for value in sorted(self.masks, key=len, reverse=True):
            known = self._lengths.setdefault(value[:2], [])
            if len(value) not in known:
                known.append(len(value))
        firsts = "".join(map(re.escape, sorted({value[0] for value in self.masks})))
        self._start = re.compile(f"[{firsts}]") if firsts else None

    def sub(self, text: str) -> str:
        """The text with every known value masked, the longest first."""
        parts, done = [], 0
        for start, end in self._spans(text):
            parts += [text[done:start], self.masks[text[start:end]]]
            done = end
        return "".join([*parts, text[done:]]) if parts else text

    def found(self, text: str) -> list[str]:
        """The known values that stand in a text."""
        return [text[start:end] for start, end in self._spans(text)]

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where known values stand: looked up by length, for a pattern of forty thousand would try them in turn."""
        done = 0
        for found in self._start.finditer(text) if self._start else ():
            start = found.start()
            for length in self._lengths.get(text[start : start + 2], ()) if start >= done else ():
                if text[start : start + length] in self.masks and _whole(text, start, start + length):
                    yield start, start + length
                    done = start + length
                    break


def _spellings(values: Iterable[str]) -> Iterable[str]:
    """Every way a value may be written: as it stands, cleaned, and each of its names."""
    for value in values:
        clean = clean_text(value)
        yield from (value.strip(), clean, *names(clean))


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a value stands by itself: one of letters and digits alone is no part of a longer word or number."""
    value = text[start:end]
    if not (value.isascii() and value.isalnum()):
        return True
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    return not any(sign.isascii() and sign.isalnum() for sign in beside)


def discovered(text: str) -> list[str]:
    """Mobile numbers and e-mail addresses in free text, whichever column it stands in."""
    return [found[0] for pattern in rules()["found"].values() for found in re.finditer(pattern, text)]


@cache
def vocabulary() -> tuple[str, ...]:
    """Every word the register itself is made of: titles of workbooks, tables and columns, and the lists' words."""
    known: list[str] = []
    for form in forms().values():
        known += [form.title, form.workbook]
        known += [word for column in form.columns for word in (column.title, column.heading, *column.aliases)]
    known += [word for words in choices().values() for word in words]
    return tuple(dict.fromkeys(filter(None, known)))
