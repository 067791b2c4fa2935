"""Writes the guide's lists, its page and its Word file anew from ``docs/用户手册.md``: ``python -m addin.guide``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from addin.guide.page import PAGE, page
from addin.guide.printing import pages
from addin.guide.source import SOURCE, current
from addin.guide.word import BOOK, book, pages_of
from generator.pdf import find_office
from macros.hosts.saving import replace_bytes


def main() -> int:
    """Write all three; the page numbers of the contents are those LibreOffice prints, or those of before without it."""
    replace_bytes(SOURCE, current().encode())
    replace_bytes(PAGE, page().encode())
    known = pages_of(BOOK.read_bytes()) if BOOK.is_file() else {}
    with tempfile.TemporaryDirectory() as place:
        while find_office():  # numbers take their room: once more until they stay
            draft = Path(place) / BOOK.name
            draft.write_bytes(book(known))
            found = pages(draft)
            if found == known:
                break
            known = found
    replace_bytes(BOOK, book(known))
    print(f"{SOURCE.name} {PAGE.name} {BOOK.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
