"""Reads the program's own TOML files: rules, forms, definitions and words.

Parsing them takes longer than most commands, so what a file says is kept beside it (`macros.kept`) with the very text
it was read from: a file that says anything else now is parsed anew.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

from macros import kept

#: Nothing is kept beside any other file: what is kept is trusted like code.
_PROGRAM = tuple(f"{Path(__file__).parents[1] / package}{os.sep}" for package in ("macros", "generator", "addin"))
_LENGTH = 8


def toml(path: Path) -> dict[str, Any]:
    """What a TOML file says; every call gives data of its own.

    Raises:
        OSError: there is no such file.
        tomllib.TOMLDecodeError: it is not TOML.
    """
    source = path.read_bytes()
    if not str(path).startswith(_PROGRAM):
        return _parsed(source)
    place = path.parent / kept.FOLDER / f"{path.name}.parsed"
    head = len(source).to_bytes(_LENGTH, "big") + source
    content = kept.read(place)
    if content is not None and content.startswith(head):
        found: dict[str, Any] = pickle.loads(memoryview(content)[len(head) :])
        return found
    said = _parsed(source)
    kept.write(place, head + pickle.dumps(said, protocol=5))
    return said


def _parsed(source: bytes) -> dict[str, Any]:
    import tomllib  # not needed where everything is kept

    return tomllib.loads(source.decode())
