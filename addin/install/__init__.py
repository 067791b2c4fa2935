"""Installs the add-ins for one user without administrator rights, removes them, and examines an installation."""

from __future__ import annotations

from addin.install.command import install, status, uninstall

__all__ = ["install", "status", "uninstall"]
