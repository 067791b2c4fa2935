"""Remembers confirmed matches in the register's 列映射 and recalls them.

列映射 already keeps what a user confirmed about other people's spelling, stands in every register and is read by all
imports, which pass over layouts they do not know; a table of its own would be missing in every register made before.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from macros.reconcile.lines import mark
from macros.reconcile.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.reconcile.run import Compared, Reconciliation

#: How a match was found that the user need not confirm.
_SURE = ("number", "remembered", "none")


def title_of(operator: str) -> str:
    """The 版式 under which an operator's matches stand."""
    named: str = words()["remembered"]["title"]
    return named.format(operator=operator)


def recall(mappings: Mapping[tuple[str, str], str], operator: str) -> dict[str, list[str]]:
    """The confirmed matches of an operator: its mark of a line → our lease numbers.

    Args:
        mappings: the register's 列映射, (layout, heading) → column.
        operator: whose.
    """
    between = words()["remembered"]["between"]
    return {
        heading: [key for key in column.split(between) if key]
        for (layout, heading), column in mappings.items() if layout == title_of(operator)
    }


def doubtful(made: Reconciliation) -> list[Compared]:
    """The matches that needed more than the lease number and were never confirmed."""
    return [
        line for line in made.lines
        if line.match.ours and line.match.theirs and (line.match.by not in _SURE or _joined(line))
    ]


def _joined(line: Compared) -> bool:
    """Whether a line of theirs stands for several of ours though it names only some."""
    return line.match.by == "number" and len(line.match.ours) > len(line.match.theirs[0].numbers)


def confirmed(made: Reconciliation, known: Mapping[str, Sequence[str]]) -> list[tuple[str, str, str]]:
    """The rows of 列映射 that remember the doubtful matches: layout, the line's mark, our lease numbers.

    A mark that several lines of the list bear can remember none of them.
    """
    marks = Counter(mark(other) for line in made.lines for other in line.match.theirs)
    rows = []
    for line in doubtful(made):
        for other in line.match.theirs:
            keys = [one.lease.key for one in line.match.ours]
            named = mark(other)
            if named and marks[named] == 1 and list(known.get(named, ())) != keys:
                rows.append((title_of(made.operator), named, words()["remembered"]["between"].join(keys)))
    return rows
