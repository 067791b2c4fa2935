"""How wide a text is on a screen, in a cell and on paper: in narrow signs, of which a Chinese one takes two."""

from __future__ import annotations

import unicodedata


def signs(text: str) -> int:
    """How many narrow signs a text takes at most.

    Quotation marks, dots, arrows and stars are narrow in some fonts and terminals and wide in Chinese ones: they count
    as two, so that nothing is cut.
    """
    return len(text) if text.isascii() else sum(1 + (unicodedata.east_asian_width(sign) in "WFA") for sign in text)
