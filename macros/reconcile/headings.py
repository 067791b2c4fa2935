"""Recognises the columns of an operator's list in whatever layout it comes."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from macros.forms import parse as parse_form
from macros.intake import layouts
from macros.intake.headings import Heading, candidates, compact
from macros.intake.matching import match, remembered_mappings
from macros.intake.propose import likely
from macros.intake.units import stated
from macros.reconcile.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.forms import Form
    from macros.hosts import Sheet
    from macros.intake.headings import Block
    from macros.intake.layouts import Layout
    from macros.intake.matching import Match, Remembered

#: A line must have one of these to be told from others.
IDENTITY = ("lease_no", "site_code", "site_name")
#: What a line charges.
TOTAL = "total"


@cache
def line_form() -> Form:
    """The columns of a line."""
    return parse_form((Path(__file__).parent / "line.toml").read_text(encoding="utf-8"))


@cache
def layout() -> Layout:
    """How these columns are called in lists, by themselves and under a group that says no more of them."""
    made = layouts.parse((layouts.HERE / "ledger.toml").read_text(encoding="utf-8"), line_form())
    names = dict(made.names)
    for group in words()["group"]:
        columns = {column.name for column in line_form().columns if column.name.startswith(tuple(group["columns"]))}
        for known, (name, rank) in made.names.items():
            if name in columns:
                names.setdefault(compact(group["as"] + known), (name, rank))
    return replace(made, names=names)


def recall(rows: Mapping[tuple[str, str], str]) -> Remembered:
    """The register's 列映射 as far as it speaks of such lists, by (layout, heading as read here)."""
    named = {compact(word): layout() for word in (layout().id, layout().title)}
    return remembered_mappings({(of, _read(text)): column for (of, text), column in rows.items()}, named)


def _read(text: str) -> str:
    return "_".join(_parts(_flat((text,))))


def recognise(sheet: Sheet, remembered: Remembered) -> Match | None:
    """The best reading of a sheet's headings; None where no two columns are known.

    Whether the columns that matter are among them is for the caller to see.
    """
    known = layouts.vocabulary() | layout().names.keys() | {heading for _, heading in remembered}
    blocks = [_plain(one) for one in candidates(sheet, frozenset(known))]
    found = [match(layout(), one, (), remembered) for one in blocks]
    best = max(found, key=_worth, default=None)
    return best if best and best.matched > 1 else None


def _worth(found: Match) -> tuple[bool, bool, int, int, int]:
    """Best first: what matters, then most columns, then no title rows, then all group rows, then highest up."""
    columns, rows = found.columns[0], found.block
    named = any(name in columns for name in IDENTITY)
    return TOTAL in columns, named, found.matched, rows.bottom - rows.top - 2 * rows.titles, -rows.top


def guessed(found: Match) -> dict[str, tuple[Heading, float]]:
    """Columns for headings nobody knows, by likeness, for columns that matter and are missing."""
    return likely(found)


def _plain(found: Block) -> Block:
    return replace(found, headings=tuple(Heading(one.column, _parts(_flat(one.parts))) for one in found.headings))


def _flat(parts: Sequence[str]) -> tuple[str, ...]:
    """The parts of a heading some system has flattened into one cell: 本月费用(元)_场地费折后."""
    return tuple(part for whole in parts for part in whole.split("_") if part)


def _parts(parts: Sequence[str]) -> tuple[str, ...]:
    """A heading without remarks that change nothing, its group of yearly or monthly amounts under one name."""
    if not parts:  # a blank, or nothing but the sign between parts
        return ()
    plain = re.compile(words()["headings"]["plain"])
    bare = [plain.sub("", part).strip() or part for part in parts]
    if len(bare) == 1:
        group = _group(_remark(bare[0]))
        return (group, re.sub(r"[（(\[【][^()（）]*$", "", bare[0])) if group else tuple(bare)
    groups = [_group(part) or bare_part for part, bare_part in zip(parts[:-1], bare[:-1], strict=True)]
    own = _group(_remark(bare[-1]))
    unit = next((one for part in reversed(parts) for one in stated(part)), "")
    if unit.startswith(words()["headings"]["large"]) and not stated(bare[-1]):
        bare[-1] += f"（{unit}）"
    return (*groups, own, bare[-1]) if own and own not in groups else (*groups, bare[-1])


def _remark(text: str) -> str:
    found = re.search(r"[（(\[【]([^()（）\[\]【】]*)[)）\]】]\s*$", text)
    return found[1] if found else ""


def _group(text: str) -> str:
    """What a group of headings is read as; empty where it is none of yearly or monthly amounts."""
    for group in words()["group"]:
        if any(word in text for word in group["has"]):
            return str(group["as"])
    return ""
