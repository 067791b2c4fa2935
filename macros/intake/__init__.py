"""Takes in files other people made: operators' lists, system exports, forms sent back; writes nothing itself."""

from __future__ import annotations

from macros.intake.outcome import Outcome, Pair, Proposal, Taken
from macros.intake.readback import read_form, take_form
from macros.intake.tables import Table, open_table
from macros.intake.taking import known_layouts, mappings_of, take

__all__ = [
    "Outcome", "Pair", "Proposal", "Table", "Taken", "known_layouts", "mappings_of", "open_table", "read_form", "take",
    "take_form",
]
