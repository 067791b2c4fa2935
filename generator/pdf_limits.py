"""What the making of PDF files may take: the section ``pdf`` of ``rules/limits.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from macros.data import toml


@dataclass(frozen=True, slots=True)
class Limits:
    """The caps, as the data file explains them; times in seconds."""

    table_rows: int
    start_seconds: float
    document_seconds: float
    row_seconds: float
    merged_documents: int
    merged_bytes: int
    recycle_documents: int
    worker_documents: int
    workers: int

    def seconds(self, rows: int) -> float:
        """How long a file with so many table rows may take."""
        return self.document_seconds + self.row_seconds * rows


@cache
def limits() -> Limits:
    """The caps of the data file."""
    path = Path(__file__).parents[1] / "macros" / "rules" / "limits.toml"
    return Limits(**toml(path)["pdf"])
