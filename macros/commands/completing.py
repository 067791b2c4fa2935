"""completion: the script by which a shell completes commands and options."""

from __future__ import annotations

from macros.commands import Answer


def completion(shell: str) -> Answer:
    """The script for ``shell``: bash, zsh or tcsh; the user's start file evaluates it."""
    import shtab

    from macros.options import parser

    script = shtab.complete(parser(""), shell)
    return Answer({"shell": shell, "script": script}, script)
