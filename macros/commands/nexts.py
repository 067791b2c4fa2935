"""What a manager does after a command: the next step, said under its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from macros.commands import DONE, FAILED
from macros.commands.times import RULES
from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.commands import Answer


def with_next(name: str, options: Mapping[str, Any], answer: Answer) -> Answer:
    """The answer with the next step as its last line; as it is where nothing was done or nothing follows.

    Args:
        name: the command's id.
        options: what it was called with; a preview (``dry_run``) has a next step of its own.
        answer: what it said.
    """
    said = toml(RULES)["next"].get(name, {})
    kind = "dry" if options.get("dry_run") else "done" if answer.status == DONE else "found"
    words = said.get(kind, "" if kind == "dry" else said.get("done", ""))
    if not words or answer.status == FAILED:
        return answer
    return replace(answer, text=f"{answer.text}\n{words}")
