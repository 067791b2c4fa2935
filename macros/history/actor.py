"""Who is at work and on what: for the trail."""

from __future__ import annotations

import os
import sys
from functools import cache

from macros.doing import command
from macros.history.settings import settings, word


def why() -> str:
    """The command under way, in the words of the trail."""
    return str(settings()["why"].get(command(), command())) or word("unknown")


def who() -> str:
    """The user of this machine."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if os.environ.get(name):
            return os.environ[name]
    if sys.platform != "win32":
        import pwd

        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            pass
    return word("unknown")


@cache
def program() -> str:
    """The program's version as installed, empty where it was copied; without loading what reads such things fully."""
    for folder in sys.path:
        try:
            names = os.listdir(folder)  # noqa: PTH208 - half of a thousand names are no paths worth making
        except OSError:
            continue
        for name in names:
            if name.startswith("towerdesk-") and name.endswith(".dist-info"):
                return name.removeprefix("towerdesk-").removesuffix(".dist-info")
    return ""


def calendar() -> str:
    """The version of the published working days."""
    from macros.calendars import base

    return base().version
