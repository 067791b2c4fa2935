"""Keeps compiled templates on disk, so that a single paper is made without reading Word, XML or Jinja again.

They lie beside the templates delivered with the program, as Python keeps its own compiled files: whoever may write
there may change the program anyway. A register's own templates are kept there too, never beside themselves: a register
may come from somebody else, and what is kept is code. Anything amiss only means that a template is compiled again.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros import kept

if TYPE_CHECKING:
    from collections.abc import Iterable

HOME = Path(__file__).parent.parent / "templates" / kept.FOLDER
#: Templates kept at most; each is some 20 to 200 kB.
ROOM = 300
_SUFFIX = ".compiled"
#: The modules that decide what a template may say and what becomes of it.
_MAKERS = (
    "archive", "blocks", "compiling", "figure_places", "figures", "lint", "opening", "outline", "package", "places",
    "pressing", "proof", "sandbox", "stored", "strays", "tags",
)


def place(data: bytes, name: str, fields: Iterable[str]) -> Path:
    """Where a template is kept: by its bytes, what it may print, and the program that compiles it.

    A file is refused by its suffix too, so the suffix counts.
    """
    named = hashlib.sha256(_program())
    named.update("\n".join((Path(name).suffix, *sorted(fields))).encode())
    named.update(data)
    return HOME / f"{named.hexdigest()}{_SUFFIX}"


@cache
def _program() -> bytes:
    made = hashlib.sha256(f"{sys.implementation.cache_tag} {sys.version}".encode())
    for name in _MAKERS:
        made.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return made.digest()


def load(place: Path) -> Any:
    """What was kept at a place; None when there is nothing whole."""
    content = kept.read(place)
    return None if content is None else marshal.loads(content)


def keep(place: Path, value: Any) -> None:
    """Keep plain values and code; where the folder cannot be written to, nothing is kept."""
    if not kept.write(place, marshal.dumps(value)):
        return
    with contextlib.suppress(OSError):  # somebody else may be clearing up too
        known = sorted(place.parent.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime)
        for path in known[:-ROOM]:
            path.unlink(missing_ok=True)
