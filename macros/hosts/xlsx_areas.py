"""Let the areas that follow a table follow it: its own reference, filters, conditional formats, validations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.escaping import escape
from macros.hosts.areas import area, ref
from macros.hosts.xlsx_rows import attribute
from macros.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.hosts.areas import Area

_P = rb"(?:[\w.-]+:)?"
_LISTED = pattern(
    rb"(<" + _P + rb"(?:conditionalFormatting|dataValidation|autoFilter|ignoredError)(?=\s)[^>]*?\s(?:sqref|ref)=[\"'])"
    rb"([^\"']*)([\"'])"
)
_INNER = pattern(rb"(<" + _P + rb"sqref>)([^<]*)(</)")
_TABLE = pattern(rb"<" + _P + rb"table(?=\s)[^>]*>")
_FILTER = pattern(rb"<" + _P + rb"autoFilter(?=[\s/>])[^>]*>")
_CRITERIA = pattern(rb"(<" + _P + rb"autoFilter\s[^>]*?)(?<!/)>.*?</" + _P + rb"autoFilter\s*>", re.DOTALL)
_SORTED = pattern(rb"<(" + _P + rb"sortState)(?=[\s/>]).*?(?:</\1\s*>|/>)", re.DOTALL)
_COLUMNS = pattern(rb"<(" + _P + rb")tableColumns(?=[\s>]).*?</" + _P + rb"tableColumns\s*>", re.DOTALL)
_COLUMN = pattern(rb"<" + _P + rb"tableColumn(?=[\s/>])([^>]*)>")
_REF = pattern(rb"""(\sref\s*=\s*["'])[^"']*""")
_HYPERLINK = pattern(rb"<" + _P + rb"hyperlink\s([^>]*?)(?:/>|>\s*</" + _P + rb"hyperlink\s*>)", re.DOTALL)
_MERGED = pattern(rb"<" + _P + rb"mergeCell\s([^>]*?)(?:/>|>\s*</" + _P + rb"mergeCell\s*>)", re.DOTALL)
_EMPTIED = pattern(rb"<(" + _P + rb"(?:hyperlinks|mergeCells))(?:\s[^>]*)?>\s*</\1\s*>")
_MERGE_COUNT = pattern(rb"(<" + _P + rb"mergeCells)(?:\s[^>]*)?>")


def follow(tail: bytes, data: Area, last_row: int) -> bytes:
    """A sheet's tail in which areas that end on the last row of ``data`` now end on ``last_row``.

    Areas must lie in the table's columns and start in its data or on its heading, else they are someone else's.
    """
    first, left, last, right = data
    if last == last_row:
        return tail

    def one(token: str) -> str:
        found = area(token)
        if found is None or found[2] != last or found[0] < first - 1 or found[1] < left or found[3] > right:
            return token
        return ref((found[0], found[1], max(last_row, found[0]), found[3]))

    def listed(match: re.Match[bytes]) -> bytes:
        return match[1] + " ".join(one(token) for token in match[2].decode().split(" ")).encode() + match[3]

    return _INNER.sub(listed, _LISTED.sub(listed, tail))


def table_ref(table: bytes, where: Area) -> bytes:
    """A table part whose area, and filter where it has one, is now ``where``."""
    new = ref(where).encode()

    def put(match: re.Match[bytes]) -> bytes:
        return _REF.sub(lambda found: found[1] + new, match[0], count=1)

    return _FILTER.sub(put, _TABLE.sub(put, table, count=1))


def table_names(table: bytes) -> list[bytes]:
    """Column names of a table part, as written in it."""
    return [attribute(match[1], b"name") or b"" for match in _COLUMN.finditer(table)]


def table_heading(table: bytes, heading: Sequence[str]) -> bytes:
    """A table part whose columns bear the heading's names; columns stay as they are where nothing changed."""
    names = [escape(name).replace('"', "&quot;").replace("\n", "_x000a_").encode() for name in heading]
    if names == table_names(table):
        return table

    def put(match: re.Match[bytes]) -> bytes:
        p = match[1]
        inner = b"".join(b'<%stableColumn id="%d" name="%s"/>' % (p, n, name) for n, name in enumerate(names, 1))
        return b'<%stableColumns count="%d">%s</%stableColumns>' % (p, len(names), inner, p)

    return _COLUMNS.sub(put, table, count=1)


def unfiltered(xml: bytes) -> bytes:
    """A table part or sheet tail without filter criteria and sorting: new rows are all shown, in given order."""
    return _SORTED.sub(b"", _CRITERIA.sub(rb"\1/>", xml))


def merged(tail: bytes) -> list[Area]:
    """The merged cells of a sheet's tail."""
    found = (attribute(b" " + match[1], b"ref") or b"" for match in _MERGED.finditer(tail))
    return [where for one in found if (where := area(one.decode()))]


def forget_below(tail: bytes, heading: int) -> bytes:
    """A sheet's tail without the links and merged cells of the rows below the heading."""

    def keep(match: re.Match[bytes]) -> bytes:
        found = area((attribute(b" " + match[1], b"ref") or b"").decode())
        return b"" if found is not None and found[2] > heading else match[0]

    kept = _MERGED.sub(keep, _HYPERLINK.sub(keep, tail))
    count = len(_MERGED.findall(kept))
    return _EMPTIED.sub(b"", _MERGE_COUNT.sub(rb'\1 count="%d">' % count, kept))
