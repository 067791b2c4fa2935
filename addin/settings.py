"""What the program remembers for one user, in settings.json of the per-user folder."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from addin.places import home

_FILE = "settings.json"


def load() -> dict[str, Any]:
    """Everything remembered; nothing when the file is missing or damaged."""
    try:
        found = json.loads((home() / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def change(**values: Any) -> None:
    """Remember values, replacing the file at once; None forgets one."""
    kept = {name: value for name, value in (load() | values).items() if value is not None}
    handle, name = tempfile.mkstemp(prefix=".~", dir=home())
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(kept, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(home() / _FILE)


def last_register() -> Path | None:
    """The register folder last worked in, where it still is one's folder."""
    said = load().get("register")
    return Path(said) if isinstance(said, str) and Path(said).is_dir() else None


def remember_register(folder: Path) -> None:
    """Note the register folder a click worked in."""
    if str(folder) != load().get("register"):
        change(register=str(folder))
