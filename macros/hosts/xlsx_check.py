"""Look a written workbook over before it takes the old one's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.hosts.package import open_package
from macros.hosts.xml_parts import feed, parser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    #: Stretches of a part's bytes in their order, each from its first byte to before its last.
    Stretches = list[tuple[int, int]]


def check_parts(made: Path, parts: Mapping[str, Stretches]) -> None:
    """Re-open a written file and read the parts written anew: checksums of all, well-formedness of what was touched.

    Blocks of rows that went through as they were are whole, so the rest is as well-formed with them as without.

    Raises:
        Refused: something is wrong with it.
    """
    with made.open("rb") as file:
        package = open_package(file, made.name)
        for part, kept in parts.items():
            touched = without(package.zip.chunks(part), kept)
            for _ in feed(parser(made.name, part), touched, made.name, part):
                pass


def without(chunks: Iterable[bytes], left_out: Stretches) -> Iterator[bytes]:
    """The bytes of a part but for some of its stretches, given in their order."""
    at, stretches = 0, left_out[::-1]
    for chunk in chunks:
        start, end = at, at + len(chunk)
        while stretches and stretches[-1][0] < end:
            first, last = stretches[-1]
            yield chunk[start - at : max(first, start) - at]
            start = min(last, end)
            if last > end:
                break
            stretches.pop()
        yield chunk[start - at :]
        at = end
