"""Files the program keeps of its own work beside its sources, as Python keeps compiled modules.

They lie in ``__pycache__`` folders of the program: whoever may write there may change the program anyway. Nothing
depends on them; one that is missing, damaged or cannot be written only means that the work is done again.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from typing import TYPE_CHECKING

from macros.beside import beside

if TYPE_CHECKING:
    from pathlib import Path

#: Name of the folder beside the sources.
FOLDER = "__pycache__"
_CHECKSUM = 4


def read(place: Path) -> bytes | None:
    """What was kept at a place; None where there is nothing whole."""
    try:
        with open(place, "rb") as file:  # noqa: PTH123 - many small files are read before any command begins
            kept = file.read()
    except OSError:
        return None
    content = kept[_CHECKSUM:]
    return content if kept[:_CHECKSUM] == _checksum(content) else None


def write(place: Path, content: bytes) -> bool:
    """Keep ``content``, whole or not at all; whether the folder let us."""
    with contextlib.suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        descriptor, made = beside(place.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_checksum(content) + content)
            made.replace(place)
        except OSError:
            made.unlink(missing_ok=True)
            return False
        return True
    return False


def _checksum(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(_CHECKSUM, "big")
