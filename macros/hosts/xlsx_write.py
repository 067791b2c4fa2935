"""Patch one worksheet part as a stream: only rows that carry an edit are made anew."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from macros.hosts import refuse
from macros.hosts.areas import a1, area, column_number, ref
from macros.hosts.xlsx_rows import RowSpan, Tags, attribute, cell_spans, last_row, row_spans, split
from macros.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from macros.hosts.areas import Area
    from macros.hosts.xlsx_cells import CellWriter
    from macros.records import Cell

DIMENSION = pattern(rb"""(<(?:[\w.-]+:)?dimension\s+ref\s*=\s*["'])([^"']*)""")
_COLUMN_LOOKS = pattern(rb"<(?:[\w.-]+:)?col\s([^>]*)>")
_KEPT = tuple(
    pattern(rb"\s(?:[\w.-]+:)?" + name + rb"""\s*=\s*["'][^"']*["']""")
    for name in (b"s", b"customFormat", b"ht", b"customHeight")
)
_LETTERS = pattern(b"[A-Z]+")
_FEW = 8  # cells looked at from the right before all are read
_SPANS = pattern(rb"""\sspans\s*=\s*["'][^"']*["']""")


class Template(NamedTuple):
    """The looks new rows take: style by column and the row's own height and style, as attribute bytes."""

    styles: Mapping[int, int] = MappingProxyType({})
    looks: bytes = b""


def row_looks(attributes: bytes) -> bytes:
    """The attributes of a row that are its looks, not its content."""
    return b"".join(match[0] for pattern in _KEPT if (match := pattern.search(attributes)))


def template_of(block: bytes, span: RowSpan, found: Tags) -> Template:
    """The looks of an existing row."""
    cells = cell_spans(block[span.body : span.stop], found)
    return Template({cell.column: cell.style for cell in cells if cell.style}, row_looks(span.attributes))


def _untouched(body: bytes, first: int, found: Tags) -> int:
    """How many bytes of a row's cells stand before column ``first``, looking from the right, where hints stand."""
    opening = b"<" + found.named(b'c r="')
    stop = len(body)
    for _ in range(_FEW):
        at = body.rfind(opening, 0, stop)
        if at < 0:
            break
        match = _LETTERS.match(body, at + len(opening))
        if match and column_number(match[0].decode()) < first:
            return stop
        stop = at
    return 0


class Patch:
    """Edits of one sheet on their way through its stream; ``overwrote_formula`` tells once it is through."""

    def __init__(
        self, writer: CellWriter, edits: Mapping[int, Mapping[int, Cell]], template: Template, new_from: int
    ) -> None:
        self.writer, self.edits, self.template, self.new_from = writer, edits, template, new_from
        self.overwrote_formula = False
        self.columns: list[tuple[int, int, int]] = []
        self.locked: list[Area] = []
        #: columns whose blank cells in new rows must be written to keep their looks
        self.blanks: frozenset[int] = frozenset()
        #: blocks of rows without an edit that went through as they were: where each begins and ends in the new part
        self.kept: list[tuple[int, int]] = []

    def stream(self, chunks: Iterable[bytes], finish: Callable[[bytes], bytes]) -> Iterator[bytes]:
        """The part with the edits; ``finish`` adapts its tail.

        Raises:
            Refused: an edit cannot be made safely (WBK043–WBK046) or the part is damaged (WBK007).
        """
        at = 0
        for data, whole in self._pieces(chunks, finish):
            if whole:
                self.kept.append((at, at + len(data)))
            at += len(data)
            yield data

    def _pieces(self, chunks: Iterable[bytes], finish: Callable[[bytes], bytes]) -> Iterator[tuple[bytes, bool]]:
        """The part's pieces with the edits, each with whether it is a block of rows as it was."""
        waiting = sorted(self.edits)
        previous = 0
        for piece, data, found in split(chunks, self.writer.workbook):
            if piece == "head":
                self._read_columns(data)
                yield self._measured(data), False
            elif piece == "tail":
                yield "".join(self._new_row(number) for number in waiting).encode(), False
                yield finish(data), False
            elif not waiting:
                yield data, True
            elif previous < (last := last_row(data, found) or 0) < waiting[0]:
                previous = last
                self._note_arrays(data, found)
                yield data, True
            else:
                spans = row_spans(data, found, previous, self.writer.workbook)
                previous = spans[-1].number if spans else previous
                self._note_arrays(data, found)
                before = waiting[0] > previous
                yield (data if before else self._block(data, spans, found, waiting)), before

    def _block(self, block: bytes, spans: list[RowSpan], found: Tags, waiting: list[int]) -> bytes:
        """A block with the edits of its rows; takes those from ``waiting``."""
        out = []
        at = taken = 0
        for span in spans:
            while taken < len(waiting) and waiting[taken] < span.number:
                out += [block[at : span.start], self._new_row(waiting[taken]).encode()]
                at, taken = span.start, taken + 1
            if taken == len(waiting):
                break
            if waiting[taken] == span.number:
                out += [block[at : span.start], self._row(block, span, found)]
                at, taken = span.stop, taken + 1
        out.append(block[at:])
        del waiting[:taken]
        return b"".join(out)

    def _row(self, block: bytes, span: RowSpan, found: Tags) -> bytes:
        edits = self.edits[span.number]
        tag, body = block[span.start : span.body], block[span.body : span.stop]
        closing = b"</" + found.named(b"row") + b">"
        if tag.endswith(b"/>"):
            tag, body, rest = tag[:-2].rstrip() + b">", b"", closing
        else:
            cut = body.rindex(b"</")
            body, rest = body[:cut], body[cut:]
        pieces = self._known(body, span.number, edits, found)
        if pieces is None:
            tag = _SPANS.sub(b"", tag)
            pieces = self._merged(body, span, edits, found)
        return b"".join([tag, *pieces, rest])

    def _known(
        self, body: bytes, row: int, edits: Mapping[int, Cell], found: Tags
    ) -> list[bytes] | None:
        """The row's body where every edited cell is there already, found by address; None where one is not."""
        opening, ending = b"<" + found.named(b"c"), b"</" + found.named(b"c")
        out, at = [], 0
        for column in sorted(edits):
            address = body.find(b' r="' + a1(row, column).encode() + b'"')
            start = body.rfind(opening, 0, address) if address >= 0 else -1
            if start < at:
                return None
            tag_end = body.index(b">", address)
            inner = b""
            stop = tag_end + 1
            if body[tag_end - 1 : tag_end] != b"/":
                close = body.index(ending, tag_end)
                inner, stop = body[tag_end + 1 : close], body.index(b">", close) + 1
            style = attribute(body[start:tag_end], b"s") or b"0"
            self._check(row, column, inner, found)
            made = self.writer.cell(row, column, edits[column], int(style) if style.isdigit() else 0)
            out += [body[at:start], made.encode()]
            at = stop
        return [*out, body[at:]]

    def _merged(self, body: bytes, span: RowSpan, edits: Mapping[int, Cell], found: Tags) -> list[bytes]:
        """The row's body with edited cells replaced and missing ones put in their place."""
        row = span.number
        row_style = attribute(span.attributes, b"s") if attribute(span.attributes, b"customFormat") else None
        waiting = sorted(edits)
        kept = _untouched(body, waiting[0], found)
        out, at, body = [body[:kept]], 0, body[kept:]
        for cell in cell_spans(body, found):
            while waiting and waiting[0] < cell.column:
                out += [body[at : cell.start], self._new_cell(row, waiting.pop(0), row_style)]
                at = cell.start
            if waiting and waiting[0] == cell.column:
                self._check(row, cell.column, cell.inner, found)
                made = self.writer.cell(row, cell.column, edits[waiting.pop(0)], cell.style)
                out += [body[at : cell.start], made.encode()]
                at = cell.stop
        return [*out, body[at:], *(self._new_cell(row, column, row_style) for column in waiting)]

    def _new_cell(self, row: int, column: int, row_style: bytes | None) -> bytes:
        style = self.template.styles.get(column, 0) if row >= self.new_from else 0
        if not style and row_style is not None and row_style.isdigit():
            style = int(row_style)
        value = self.edits[row][column]
        return self.writer.cell(row, column, value, style or self._column_style(column)).encode()

    def _new_row(self, row: int) -> str:
        appended = row >= self.new_from
        styles = self.template.styles if appended else {}
        blanks = self.blanks if appended else frozenset()
        edits = self.edits[row]
        p = self.writer.prefix
        cells = [
            self.writer.cell(row, column, edits.get(column), styles.get(column) or self._column_style(column))
            for column in sorted({*edits, *blanks})
        ]
        looks = self.template.looks.decode() if appended else ""
        return f'<{p}row r="{row}"{looks}>{"".join(cells)}</{p}row>'

    def _check(self, row: int, column: int, inner: bytes, found: Tags) -> None:
        """Refuse to break up an array formula, or a shared one others still lean on."""
        for where in self.locked:
            if where[0] <= row <= where[2] and where[1] <= column <= where[3]:
                raise self._refused(row, column, where)
        match = found.formula.search(inner) if inner else None
        if match is None:
            return
        self.overwrote_formula = True
        shared = area((attribute(match[1], b"ref") or b"").decode())
        if attribute(match[1], b"t") == b"shared" and shared is not None:
            rows, columns = range(shared[0], shared[2] + 1), range(shared[1], shared[3] + 1)
            if not all(one in self.edits.get(line, {}) for line in rows for one in columns):
                raise self._refused(row, column, shared)

    def _refused(self, row: int, column: int, where: Area) -> Exception:
        return refuse(
            "WBK043", self.writer.workbook, sheet=self.writer.sheet, cell=a1(row, column), area=ref(where)
        )

    def _note_arrays(self, block: bytes, found: Tags) -> None:
        # One byte is looked for many times faster than a word, and without formulas there is hardly an f.
        if b"f" not in block or (b"array" not in block and b"dataTable" not in block):
            return
        for match in found.formula.finditer(block):
            where = area((attribute(match[1], b"ref") or b"").decode())
            several = where is not None and where[:2] != where[2:]
            if where is not None and several and attribute(match[1], b"t") in (b"array", b"dataTable"):
                self.locked.append(where)

    def _read_columns(self, head: bytes) -> None:
        for match in _COLUMN_LOOKS.finditer(head):
            values = [attribute(b" " + match[1], name) for name in (b"min", b"max", b"style")]
            numbers = [int(value) for value in values if value is not None and value.isdigit()]
            if len(numbers) == 3:
                self.columns.append((numbers[0], numbers[1], numbers[2]))
        rows_own = b"customFormat" in self.template.looks
        self.blanks = frozenset(
            column for column, style in self.template.styles.items() if rows_own or style != self._column_style(column)
        )

    def _column_style(self, column: int) -> int:
        return next((style for first, last, style in self.columns if first <= column <= last), 0)

    def _measured(self, head: bytes) -> bytes:
        """The head with a dimension that takes in the edits."""
        match = DIMENSION.search(head)
        old = area(match[2].decode()) if match else None
        if match is None or old is None or not self.edits:
            return head
        columns = [column for cells in self.edits.values() for column in cells]
        grown = (
            min(old[0], min(self.edits)), min(old[1], min(columns, default=old[1])),
            max(old[2], max(self.edits)), max(old[3], max(columns, default=old[3])),
        )
        return head[: match.start(2)] + ref(grown).encode() + head[match.end(2) :]
