"""Takes in files other people made: operators' lists, system exports, forms sent back; writes nothing itself."""

from __future__ import annotations

from macros.intake.outcome import Outcome, Pair, Proposal, Taken
from macros.intake.readback import read_form, take_form
from macros.intake.taking import mappings_of, take

__all__ = ["Outcome", "Pair", "Proposal", "Taken", "mappings_of", "read_form", "take", "take_form"]
