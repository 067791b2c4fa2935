"""Masks the parts of a workbook's package that no cell shows: shared strings, comments, properties, names, links."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from macros.customers.masks import discovered, rules

if TYPE_CHECKING:
    from macros.customers.masks import Secrets

_TAG = re.compile(r"(<[^>]*>)")
_VALUE = re.compile(r"""(=\s*)("[^"]*"|'[^']*')""")
#: Texts that formatting may have cut into runs: shared strings, cells, comments, paragraphs of drawings.
_RUNS = re.compile(r"<((?:\w+:)?(?:si|is|text|p))(?:\s[^>]*)?>.*?</\1>", re.DOTALL)
_T = re.compile(r"(<(?:\w+:)?t(?:\s[^>]*)?>)([^<]*)(</(?:\w+:)?t>)")
_AUTHORS = re.compile(
    r"(<(?:\w+:)?(?:author|creator|lastModifiedBy|manager|Manager)(?:\s[^>]*)?>)([^<]*)(</)|(\sdisplayName=\")([^\"]*)(\")"
)
#: Where on its author's disk a workbook was saved, with his user name in it.
_PATH = re.compile(r"(<(?:\w+:)?absPath\s[^>]*?url=\")[^\"]*(\")")
_COMMENT = re.compile(r"comments?\d*\.xml$|threadedComment", re.IGNORECASE)
_NUMBER = re.compile(r"[\d.eE+-]+")
#: Names that formulas call upon, in which a mask's stars may not stand: a workbook with a value there is not written.
_NAMED = re.compile(r"<(?:\w+:)?(?:sheet|definedName)\s")


def is_text(part: str) -> bool:
    """Whether a part is XML that can be looked into."""
    return part.endswith((".xml", ".rels", ".vml")) or part == "[Content_Types].xml"


def decode(content: bytes) -> str | None:
    """A part's text; None where its encoding is not what it says."""
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        return None


def spoken(part: str, content: str) -> list[str]:
    """Personal values that a part itself tells: its authors, and numbers and addresses in comments."""
    found = []
    if part.startswith("docProps/") or _COMMENT.search(part) or "/persons/" in part:
        # A table has a displayName too; only persons' are people.
        people = "/persons/" in part
        for match in _AUTHORS.finditer(content):
            author = unescape(match[2] if match[2] is not None else match[5] if people else "").strip()
            if author and author not in rules()["authors"]["ours"]:
                found.append(author)
    if _COMMENT.search(part):
        found += discovered(unescape(_TAG.sub("", content)))
    return found


def masked(content: str, secrets: Secrets) -> str:
    """A part with every known value masked, in its texts and in its attributes."""
    content = _PATH.sub(r"\1\2", content)
    content = _RUNS.sub(lambda found: _joined(found[0], secrets), content)
    pieces = _TAG.split(content)
    for number, piece in enumerate(pieces):
        if number % 2 and not _NAMED.match(piece):
            pieces[number] = _VALUE.sub(lambda found: _attribute(found, secrets), piece)
        elif number % 2 == 0 and piece and not _NUMBER.fullmatch(piece):
            plain = unescape(piece)
            changed = secrets.sub(plain)
            pieces[number] = escape(changed) if changed != plain else piece
    return "".join(pieces)


def short_number(text: str) -> bool:
    """Whether a text is a figure shorter than a mobile number: an amount may equal somebody's office phone."""
    return bool(_NUMBER.fullmatch(text)) and len(text) < rules()["phone"]["long"]["from"]


def _joined(element: str, secrets: Secrets) -> str:
    """A text whose runs together hold a value: its first run takes the masked whole, the others are emptied."""
    texts = [unescape(found[2]) for found in _T.finditer(element)]
    whole = "".join(texts)
    if "".join(map(secrets.sub, texts)) == secrets.sub(whole):
        return element
    left = iter([secrets.sub(whole), *[""] * (len(texts) - 1)])
    return _T.sub(lambda found: f"{found[1]}{escape(next(left))}{found[3]}", element)


def _attribute(found: re.Match[str], secrets: Secrets) -> str:
    plain = unescape(found[2][1:-1])
    # Short words and figures in attributes are the format's own: ids, sizes, positions.
    changed = plain if plain.isascii() and "@" not in plain else secrets.sub(plain)
    if changed == plain:
        return found[0]
    return f"{found[1]}{found[2][0]}{escape(changed, {chr(34): '&quot;', chr(39): '&apos;'})}{found[2][-1]}"


def left(part: str, content: bytes, secrets: Secrets) -> list[str]:
    """The known values that still stand in a part: in its texts, in runs taken together, in attributes, in bytes."""
    if not is_text(part):
        return [
            value for value in secrets.masks
            if any(value.encode(coding, "ignore") in content for coding in ("utf-8", "utf-16-le", "gb18030"))
        ]
    text = decode(content)
    if text is None:
        return [part]
    runs = ["".join(unescape(found[2]) for found in _T.finditer(run[0])) for run in _RUNS.finditer(text)]
    texts = [unescape(piece) for piece in _TAG.split(text)[::2] if not short_number(piece)]
    values = [unescape(found[2][1:-1]) for tag in _TAG.split(text)[1::2] for found in _VALUE.finditer(tag)]
    told = [value for value in values if not value.isascii() or "@" in value]
    return [value for piece in (*runs, *texts, *told) for value in secrets.found(piece)]
