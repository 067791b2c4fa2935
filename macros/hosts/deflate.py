"""Which library inflates and deflates: the standard one where little is to do, a faster one where its loading pays."""

from __future__ import annotations

from typing import Any

from macros.hosts.limits import limit


def engine(size: int) -> Any:
    """The library for about ``size`` bytes, inflated; both have the standard one's functions and ``error``."""
    if size < limit("package", "fast_from"):
        import zlib

        return zlib
    from isal import isal_zlib

    return isal_zlib
