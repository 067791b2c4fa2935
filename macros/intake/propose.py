"""Chooses the layout of a sheet, and proposes columns for headings nobody has seen before."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from macros.intake.headings import candidates, spellings, words
from macros.intake.layouts import layouts, vocabulary
from macros.intake.matching import match
from macros.intake.outcome import Pair, Proposal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from macros.hosts import Sheet
    from macros.intake.headings import Heading
    from macros.intake.layouts import Layout
    from macros.intake.matching import Match, Remembered


def fits(
    sheet: Sheet, choice: Iterable[Layout], given: Collection[str], remembered: Remembered,
) -> list[Match]:
    """The best reading of the sheet under each layout that explains at least two headings, best layout first."""
    known = vocabulary() | {heading for _, heading in remembered}
    blocks = list(candidates(sheet, known))
    best = []
    for layout in choice:
        found = max((match(layout, one, given, remembered) for one in blocks), key=_worth, default=None)
        if found and (found.matched > 1 or found.confidence > 0):
            best.append(found)
    return sorted(best, key=_rank, reverse=True)


def _worth(found: Match) -> tuple[int, float, int, int, int]:
    """Among blocks of one sheet: most columns, then no title rows, then all group rows, then highest up."""
    rows = found.block
    return -len(found.missing), found.confidence, found.matched, rows.bottom - rows.top - 2 * rows.titles, -rows.top


def _rank(found: Match) -> tuple[int, int, float, bool, int]:
    """Among layouts: the surest; of those sure by their columns only, the one that explains most; the likeliest.

    Then the register's own layout, and again the one that explains most.
    """
    own = found.layout.form is not None and found.layout.id == found.layout.form.code
    level = _level(found)
    return level, found.matched if level == 1 else 0, found.confidence, own, found.matched


def sure(found: Match) -> bool:
    """Whether a sheet may be taken under this layout without asking."""
    return _level(found) > 0


def _level(found: Match) -> int:
    """How sure a layout is: 2 by its telltales or all its headings, 1 by many of the columns that matter, 0 not.

    Columns that the user named for the whole file tell nothing about the sheet.
    """
    settings = words()["headings"]
    if found.missing:
        return 0
    if found.confidence >= settings["sure"]:
        return 2
    weighty = {*found.layout.needs, *found.layout.takes} & found.columns[0].keys()
    return int(len(weighty) >= settings["many_needs"] and found.confidence >= settings["sure_with_needs"])


def likely(found: Match) -> dict[str, tuple[Heading, float]]:
    """A column for unknown headings, by likeness: English column name → (heading, likeness). Each stands once."""
    layout = found.layout
    if layout.form is None:
        return {}
    free = {name for name in layout.form.index if name not in found.columns[0]}
    least = words()["headings"]["alike"]
    scored = []
    for heading in found.unmatched:
        for word in {*spellings(heading.text), *spellings(heading.parts[-1])}:
            for known, (name, _) in layout.names.items():
                if name in free:
                    likeness = _likeness(word, known)
                    if likeness >= least:
                        scored.append((likeness, heading, name))
    chosen: dict[str, tuple[Heading, float]] = {}
    for likeness, heading, name in sorted(scored, key=lambda one: (-one[0], one[1].column, one[2])):
        if name not in chosen and all(heading is not other for other, _ in chosen.values()):
            chosen[name] = (heading, likeness)
    return chosen


def _likeness(word: str, known: str) -> float:
    """Between 0 and 1: shared letters in their order; one word inside the other counts for more."""
    if len(word) < 3 or len(known) < 3:
        return 0.0
    matcher = SequenceMatcher(None, word, known, autojunk=False)
    if matcher.real_quick_ratio() < 0.5 or matcher.quick_ratio() < 0.5:
        return 0.0
    ratio = matcher.ratio()
    if word in known or known in word:
        ratio = max(ratio, 0.4 + 0.55 * min(len(word), len(known)) / max(len(word), len(known)))
    return min(ratio, 0.99)


def proposals(found: Iterable[Match]) -> list[Proposal]:
    """The most likely layouts as proposals, each heading with its column."""
    told = []
    for one in list(found)[: words()["headings"]["proposals"]]:
        if one.layout.form is None or one.confidence < words()["headings"]["worth_naming"]:
            continue
        title = {column.name: column.title for column in one.layout.form.columns}
        pairs = [Pair(h.text, title[name], 1.0) for name, h in one.columns[0].items()]
        guessed = likely(one)
        pairs += [Pair(h.text, title[name], likeness) for name, (h, likeness) in guessed.items()]
        rest = tuple(h.text for h in one.unmatched if all(h is not other for other, _ in guessed.values()))
        missing = tuple(title[name] for name in one.missing if name not in guessed)
        told.append(Proposal(one.layout.title, one.confidence, tuple(pairs), rest, missing))
    return told


def every_layout() -> list[Layout]:
    """All known layouts."""
    return list(layouts().values())
