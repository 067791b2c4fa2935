"""Where a user's own program files lie: no administrator rights, nothing outside the profile."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def home() -> Path:
    """The per-user folder of the program; made when missing. ``TOWERDESK_HOME`` names another one."""
    named = os.environ.get("TOWERDESK_HOME")
    if named:
        found = Path(named)
    elif sys.platform == "win32":
        found = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "TowerDesk"
    elif sys.platform == "darwin":
        found = Path.home() / "Library" / "Application Support" / "TowerDesk"
    else:
        found = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "towerdesk"
    found.mkdir(parents=True, exist_ok=True)
    return found
