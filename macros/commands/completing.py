"""completion: the script by which a shell completes commands and options."""

from __future__ import annotations

from argparse import SUPPRESS
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.commands import Answer

if TYPE_CHECKING:
    from argparse import ArgumentParser

POWERSHELL = "powershell"
_FRAME = Path(__file__).with_suffix(".ps1")


def completion(shell: str) -> Answer:
    """The script for ``shell``: bash, zsh, tcsh or powershell; the user's start file evaluates it."""
    from macros.options import parser

    if shell == POWERSHELL:
        script = powershell(words(parser("")))
    else:
        import shtab

        script = shtab.complete(parser(""), shell)
    return Answer({"shell": shell, "script": script}, script)


def words(parser: ArgumentParser, path: str = "") -> dict[str, dict[str, str]]:
    """What may follow each command, and each option that takes one of a few words: the words, with what they mean."""
    here: dict[str, str] = {}
    after: dict[str, str] = {}
    found = {path: here}
    for action in parser._actions:
        options: Any = action.choices or ()
        if isinstance(options, dict):  # the commands below
            told: Any = getattr(action, "_choices_actions", ())
            here |= {one.dest: one.help or "" for one in told}
            for name, below in options.items():
                found |= words(below, f"{path} {name}".strip())
        elif action.help != SUPPRESS:
            after |= {name: action.help or "" for name in action.option_strings if name.startswith("--")}
            meant = {str(option): action.help or "" for option in options}
            if action.option_strings:
                found |= {f"{path} {name}": meant for name in action.option_strings if meant}
            else:
                here |= meant
    here |= after
    return found


def powershell(known: dict[str, dict[str, str]]) -> str:
    """The script for PowerShell; what words mean is written in escapes, as other code pages would spoil it."""
    lines = []
    for path, meant in known.items():
        rows = "`n".join(f"{word} {_escaped(told or word)}" for word, told in meant.items())
        lines.append(f"        '{path}' = \"{rows}\"")
    return _FRAME.read_text(encoding="utf-8").replace("@KNOWN@", "\n".join(lines))


def _escaped(text: str) -> str:
    """Text for [regex]::Unescape between double quotes: all but ASCII letters, digits and spaces as codes."""
    plain = text.replace("%%", "%").replace("\n", " ")
    units = plain.encode("utf-16-be")
    codes = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
    return "".join(
        chr(code) if code < 128 and (chr(code).isalnum() or code == 32) else f"\\u{code:04x}" for code in codes
    )
