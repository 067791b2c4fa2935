"""Write one worksheet part with wholly new rows in the looks of the old ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.hosts.areas import letters, ref
from macros.hosts.xlsx_rows import row_spans, split
from macros.hosts.xlsx_write import DIMENSION, Template, template_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from macros.hosts.xlsx_cells import CellWriter
    from macros.records import Cell

_ROWS = 256  # rows written at a time


def replaced(
    chunks: Iterable[bytes], writer: CellWriter, rows: Sequence[Sequence[Cell]], heading: int,
    finish: Callable[[bytes], bytes],
) -> Iterator[bytes]:
    """The part with ``rows`` as its whole content, in the looks of the old heading rows and first data row."""
    old: dict[int, Template] = {}
    kept: dict[int, bytes] = {}
    previous = 0
    for piece, data, found in split(chunks, writer.workbook):
        if piece == "head":
            width = max((len(row) for row in rows), default=1)
            size = ref((1, 1, max(len(rows), 1), max(width, 1))).encode()
            yield DIMENSION.sub(lambda match, size=size: match[1] + size, data)  # type: ignore[misc]
        elif piece == "rows" and previous <= heading:
            for span in row_spans(data, found, previous, writer.workbook):
                previous = span.number
                if previous > heading + 1:
                    break
                old[previous] = template_of(data, span, found)
                kept[previous] = data[span.start : span.stop]
        elif piece == "tail":
            plain = old.get(heading + 1, Template())
            looks = [old.get(number, Template()) for number in range(1, heading + 1)]
            for first in range(0, len(rows), _ROWS):
                numbered = enumerate(rows[first : first + _ROWS], first + 1)
                made = [_row(writer, at, row, looks[at - 1] if at <= heading else plain) for at, row in numbered]
                yield "".join(made).encode()
            yield b"".join(kept[number] for number in sorted(kept) if len(rows) < number <= heading)
            yield finish(data)


def _row(writer: CellWriter, number: int, row: Sequence[Cell], template: Template) -> str:
    p, known, styles = writer.prefix, writer.memo, template.styles
    end = f'{number}"'
    cells = [f'<{p}row r="{number}"{template.looks.decode()}>']
    for column, value in enumerate(row, 1):
        style = styles.get(column, 0)
        if value is not None or style:
            rest = known.get((value.__class__, value, style)) or writer.rest(number, column, value, style)
            cells += (f'<{p}c r="', letters(column), end, rest)
    cells.append(f"</{p}row>")
    return "".join(cells)
