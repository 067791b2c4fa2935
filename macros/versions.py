"""Says which version of the program runs."""

from __future__ import annotations

from importlib import metadata


def program() -> str:
    """The installed version; empty where the program was copied and not installed."""
    try:
        return metadata.version("towerdesk")
    except metadata.PackageNotFoundError:
        return ""
