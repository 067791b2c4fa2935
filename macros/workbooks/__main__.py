"""Rewrites the delivered blank workbooks: ``python -m macros.workbooks workbooks``."""

from __future__ import annotations

import sys
from pathlib import Path

from macros.workbooks import build, files


def main() -> None:
    """Write every blank workbook under its delivered name into the folder given."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for title, name in files().items():
        (folder / name).write_bytes(build(title))


if __name__ == "__main__":
    main()
