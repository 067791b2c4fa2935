"""File names that Windows and Linux both take, made from a customer's or a document's own words."""

from __future__ import annotations

import hashlib
import re
import unicodedata

#: Bytes of a stem in UTF-8: leaves room for a counter, a suffix and a deep folder in 259 characters.
STEM_BYTES = 150
_FULL_WIDTH = {ord(sign): ord(sign) + 0xFEE0 for sign in '<>:"/\\|?*'}
_DEVICES = re.compile(r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_UNNAMED = "未命名"


def safe_name(text: str) -> str:
    """A legal file stem that still reads as ``text``; the same text always gives the same stem.

    Forbidden signs become their full-width twins: no text can name a folder, a drive or a stream. Control
    characters become a space; characters nobody sees and halves of surrogate pairs go. Dots and spaces go at
    both ends. A leading hyphen or ~$ (an office program's lock file) and device names get an underscore. A
    name cut to fit, or with nothing left, carries a mark of the whole text, so that two of them stay apart.
    """
    kept = []
    for sign in text:
        kind = unicodedata.category(sign)
        if kind in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif kind not in ("Cf", "Cs") and ord(sign) & 0xFFFE != 0xFFFE:
            kept.append(sign)
    stem = unicodedata.normalize("NFC", "".join(kept)).translate(_FULL_WIDTH)
    stem = _bare(stem)
    if not stem:
        return _UNNAMED + _mark(text)
    if stem.startswith("-"):
        stem = "_" + stem[1:]
    elif stem.startswith("~$") or _DEVICES.fullmatch(stem.split(".", 1)[0].rstrip()):
        stem = "_" + stem
    if len(stem.encode()) > STEM_BYTES:
        stem = _cut(stem, STEM_BYTES - len(_mark(text))) + _mark(text)
    return stem


def unique_name(stem: str, suffix: str, taken: set[str]) -> str:
    """The file name ``stem`` + ``suffix``, legal and different from all ``taken`` in any letter case.

    Args:
        stem: any text; made legal first.
        suffix: with its dot, ``.docx``.
        taken: names in use, folded by `key`; the new name is added.
    """
    stem = safe_name(stem)
    number, name = 1, stem + suffix
    while key(name) in taken:
        number += 1
        name = f"{stem}-{number}{suffix}"
    taken.add(key(name))
    return name


def key(name: str) -> str:
    """The name as file systems that ignore letter case compare it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _bare(stem: str) -> str:
    """``stem`` without dots and spaces of any width at its ends."""
    before = None
    while before != stem:
        before, stem = stem, stem.strip().strip(".")
    return stem


def _cut(stem: str, size: int) -> str:
    return stem.encode()[:size].decode(errors="ignore")


def _mark(text: str) -> str:
    return "~" + hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]
