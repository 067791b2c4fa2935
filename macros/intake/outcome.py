"""What taking in a file came to: per sheet the rows added, changed, unchanged and refused, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from macros.findings import Finding
    from macros.records import Record, Value


@dataclass(frozen=True, slots=True)
class Pair:
    """A heading of the file and the column it is proposed for, with a likeness between 0 and 1."""

    heading: str
    column: str
    likeness: float

    def as_json(self) -> dict[str, object]:
        """The pair as the commands print it."""
        return {"heading": self.heading, "column": self.column, "likeness": round(self.likeness, 2)}


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a sheet could be read that was not recognised for sure.

    ``layout`` is the layout's Chinese title, as ``--as`` takes it; ``unmatched`` are headings without any
    column, ``missing`` columns the layout cannot do without.
    """

    layout: str
    confidence: float
    pairs: tuple[Pair, ...]
    unmatched: tuple[str, ...]
    missing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The proposal as the commands print it."""
        return {
            "layout": self.layout, "confidence": round(self.confidence, 2),
            "pairs": [pair.as_json() for pair in self.pairs], "unmatched": list(self.unmatched),
            "missing": list(self.missing),
        }


@dataclass(slots=True)
class Taken:
    """What one sheet gave. ``rows`` are its data rows: added + updated + unchanged + rejected.

    ``added`` holds whole rows in the form's column order; ``updates`` existing register rows with the columns that
    change, by English name; ``learned`` the mappings to remember as (layout title, heading, column title).
    """

    file: str
    sheet: str
    layout: str = ""
    form: str = ""
    rows: int = 0
    added: list[tuple[Value, ...]] = field(default_factory=list)
    updates: list[tuple[Record, dict[str, Value]]] = field(default_factory=list)
    added_rows: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    findings: list[Finding] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    learned: list[tuple[str, str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The sheet as ``towerdesk import --json`` prints it."""
        return {
            "file": self.file, "sheet": self.sheet, "layout": self.layout, "rows": self.rows,
            "added": self.added_rows, "updated": self.updated, "unchanged": self.unchanged,
            "rejected": self.rejected, "findings": [finding.as_json() for finding in self.findings],
        } | ({"proposals": [proposal.as_json() for proposal in self.proposals]} if self.proposals else {})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one file gave, sheet by sheet."""

    taken: tuple[Taken, ...]

    @property
    def findings(self) -> list[Finding]:
        """Everything said about the file."""
        return [finding for taken in self.taken for finding in taken.findings]

    def as_json(self) -> dict[str, Any]:
        """The answer of ``towerdesk import --json`` for this file."""
        return {"files": [taken.as_json() for taken in self.taken]}
