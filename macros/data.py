"""Reads the program's own TOML files: rules, forms, definitions and words.

Parsing them takes longer than most commands, so what a file says is kept beside it (`macros.kept`) with the very text
it was read from: a file that says anything else now is parsed anew.
"""

from __future__ import annotations

import marshal
import os
import sys
from pathlib import Path
from typing import Any

from macros import kept

#: Nothing is kept beside any other file: what is kept is trusted like code.
_PROGRAM = tuple(f"{Path(__file__).parents[1] / package}{os.sep}" for package in ("macros", "generator", "addin"))
_LENGTH = 8
_PLAIN, _DATED = b"m", b"p"


def toml(path: Path) -> dict[str, Any]:
    """What a TOML file says; every call gives data of its own.

    Raises:
        OSError: there is no such file.
        tomllib.TOMLDecodeError: it is not TOML.
    """
    source = path.read_bytes()
    if not str(path).startswith(_PROGRAM):
        return _parsed(source)
    place = path.parent / kept.FOLDER / f"{path.name}.{sys.implementation.cache_tag}.parsed"
    head = len(source).to_bytes(_LENGTH, "big") + source
    content = kept.read(place)
    if content is not None and content.startswith(head):
        return _unpacked(memoryview(content)[len(head) :])
    said = _parsed(source)
    kept.write(place, head + _packed(said))
    return said


def _parsed(source: bytes) -> dict[str, Any]:
    import tomllib  # not needed where everything is kept

    return tomllib.loads(source.decode())


def _packed(said: dict[str, Any]) -> bytes:
    try:
        return _PLAIN + marshal.dumps(said)
    except ValueError:  # days are no plain data
        import pickle

        return _DATED + pickle.dumps(said, protocol=5)


def _unpacked(content: memoryview) -> dict[str, Any]:
    if content[:1] == _PLAIN:
        plain: dict[str, Any] = marshal.loads(content[1:])
        return plain
    import pickle

    dated: dict[str, Any] = pickle.loads(content[1:])
    return dated
