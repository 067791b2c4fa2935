"""The rows of two versions of a sheet that differ: found by their bytes where those can be trusted, read where not.

Rows of equal bytes hold equal values as long as shared strings and styles say the same in both versions, which they
do unless a spreadsheet program has saved in between. So a register of 100,000 rows is compared without being read.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.history.settings import settings
from macros.history.texts import packed, weight
from macros.hosts import refuse
from macros.hosts.xlsx_read import each_string, stream
from macros.hosts.xlsx_rows import row_spans, split
from macros.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from macros.hosts.package import Package
    from macros.records import Cell

#: Rows before which a segment may begin; see `zip_write`, which begins to deflate anew at every fifth of them.
_ANCHOR = pattern(rb'<row r="(\d*00)"')


class Difference(NamedTuple):
    """What differs between two versions of one sheet: the first rows, and the others that are not the same in both.

    Rows are packed (`macros.history.texts`). ``total`` is what all new rows weigh, where all of them were read.
    """

    old_head: bytes
    new_head: bytes
    old: dict[int, bytes]
    new: dict[int, bytes]
    total: int | None = None


class Strings(Sequence[str]):
    """A string table in one run of bytes: millions of strings take a sixth of what they take one by one."""

    def __init__(self, strings: Iterable[str]) -> None:
        self._bytes, self._ends = bytearray(), array("Q", [0])
        for each in strings:
            self._bytes += each.encode("utf-8", "surrogatepass")
            self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, at: Any) -> Any:
        """The string at a place."""
        return self._bytes[self._ends[at] : self._ends[at + 1]].decode("utf-8", "surrogatepass")


class Reader:
    """One version of a workbook, its string table read when first wanted."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._strings: Strings | None = None

    @property
    def strings(self) -> Strings:
        """The shared strings."""
        if self._strings is None:
            self._strings = Strings(each_string(self.package))
        return self._strings

    def rows(self, title: str) -> dict[int, list[Cell]]:
        """The rows of a sheet by number."""
        return dict(stream(self.package, title, self.strings, [], []))

    def told(self, title: str, chunks: Iterable[bytes] | None = None) -> Iterator[tuple[int, bytes]]:
        """The packed rows of a sheet with their numbers, all of them or those in ``chunks``."""
        for number, cells in stream(self.package, title, self.strings, [], [], chunks):
            yield number, packed(cells)

    def print_of(self, part: str | None) -> tuple[int, int] | None:
        """Checksum and length of a part."""
        member = self.package.zip.members.get(part or "")
        return (member.crc, member.inflated) if member else None


def difference(old: Reader, new: Reader, title: str) -> Difference | None:
    """What differs in a sheet that both versions have; None where its bytes are the same and mean the same.

    Raises:
        Refused: one of the parts is damaged, or too large to be read whole where it has to be (HIS018).
    """
    parts = old.package.sheets[title].part, new.package.sheets[title].part
    alike = _alike(old, new)
    if alike and old.print_of(parts[0]) == new.print_of(parts[1]):
        return None
    if not alike:
        _check_size(old, parts[0], title)
        _check_size(new, parts[1], title)
        return by_value(old.told(title), new.told(title))
    first, second = _Part(old, parts[0]), _Part(new, parts[1])
    for mine, other in _paired(first.segments(), second.segments()):
        first.hold(mine)
        second.hold(other)
        first.drop_same(second)
    was, becomes = dict(old.told(title, first.reduced())), dict(new.told(title, second.reduced()))
    heads = was.pop(1, b""), becomes.pop(1, b"")
    if heads[0] != heads[1]:
        return by_value(old.told(title), new.told(title))
    return Difference(*heads, was, becomes)


def by_value(old: Iterable[tuple[int, bytes]], new: Iterable[tuple[int, bytes]]) -> Difference:
    """What differs between two versions that are read side by side, holding only what has no like as yet.

    A row that was moved is the same row, unless the first rows differ: then every row may mean something else.
    """
    ones, others = iter(old), iter(new)
    one, other = next(ones, None), next(others, None)
    heads = [row[1] if row and row[0] == 1 else b"" for row in (one, other)]
    one = next(ones, None) if one and one[0] == 1 else one
    other = next(others, None) if other and other[0] == 1 else other
    alike, total = heads[0] == heads[1], weight(1, heads[1])
    gone: dict[bytes, list[int]] = {}
    come: dict[bytes, list[int]] = {}
    while one or other:
        both = one is not None and other is not None and one[0] == other[0]
        first = one if one and (both or not other or one[0] < other[0]) else None
        second = other if other and (both or not first) else None
        if not (alike and first and second and first[1] == second[1]):
            _wait(first, gone, come if alike else {})
            _wait(second, come, gone if alike else {})
        if second:
            total += weight(*second)
        one, other = next(ones, None) if first else one, next(others, None) if second else other
    return Difference(heads[0], heads[1], _by_number(gone), _by_number(come), total)


def _wait(row: tuple[int, bytes] | None, mine: dict[bytes, list[int]], other: dict[bytes, list[int]]) -> None:
    """Pair a row with one of the other side that waits for its like, or let it wait."""
    if row is None:
        return
    if found := other.get(row[1]):
        found.pop(0)
        if not found:
            del other[row[1]]
    else:
        mine.setdefault(row[1], []).append(row[0])


def _by_number(waiting: dict[bytes, list[int]]) -> dict[int, bytes]:
    return {number: row for row, numbers in waiting.items() for number in numbers}


def _check_size(reader: Reader, part: str, title: str) -> None:
    inflated = reader.package.zip.members[part].inflated
    most = settings()["trail"]["read_bytes"]
    if inflated > most:
        raise refuse("HIS018", reader.package.name, sheet=title, value=inflated, most=most)


def _alike(old: Reader, new: Reader) -> bool:
    """Whether shared strings and formats of cells mean the same in both versions; new formats may have been added."""
    a, b = old.package, new.package
    known = len(a.kinds)
    return (
        old.print_of(a.strings) == new.print_of(b.strings) and a.epoch_1904 == b.epoch_1904
        and a.kinds == b.kinds[:known]
    )


class _Part:
    """A worksheet part on its way to its differing rows."""

    def __init__(self, reader: Reader, part: str) -> None:
        self.reader, self.part = reader, part
        self.frame: dict[str, bytes] = {"head": b"", "tail": b""}
        self.held: dict[int, bytes] = {}
        self.kept: dict[int, bytes] = {}

    def segments(self) -> Iterator[tuple[int, bytes]]:
        """Blocks of whole rows, each with the number of the anchor it begins at (0 before the first)."""
        anchor, waiting = 0, b""
        for piece, data, found in split(self.reader.package.zip.chunks(self.part), self.reader.package.name):
            if piece != "rows":
                self.frame[piece] = data
                self.tags = found
                continue
            at = 0
            for match in _ANCHOR.finditer(data):
                yield anchor, waiting + data[at : match.start()]
                anchor, at, waiting = int(match[1]), match.start(), b""
            waiting += data[at:]
        yield anchor, waiting

    def hold(self, block: bytes | None) -> None:
        """Take the rows of a block that differs."""
        self.held = {}
        if block:
            for span in row_spans(block, self.tags, 0, self.reader.package.name):
                self.held[span.number] = block[span.start : span.stop]

    def drop_same(self, other: _Part) -> None:
        """Keep of the rows held those the other version does not hold in the same bytes; the first row always."""
        rows, others = self.held, other.held
        for number, row in rows.items():
            if number == 1 or others.get(number) != row:
                self.kept[number] = row
        for number, row in others.items():
            if number == 1 or rows.get(number) != row:
                other.kept[number] = row

    def reduced(self) -> Iterator[bytes]:
        """The part with its kept rows only."""
        yield self.frame["head"]
        yield b"".join(self.kept[number] for number in sorted(self.kept))
        yield self.frame["tail"]


def _paired(
    first: Iterable[tuple[int, bytes]], second: Iterable[tuple[int, bytes]]
) -> Iterator[tuple[bytes | None, bytes | None]]:
    """Segments of equal anchors together, without those of equal bytes; the first, with the headings, always."""
    ones, others = iter(first), iter(second)
    one, other = next(ones, None), next(others, None)
    while one or other:
        if one and other and one[0] == other[0]:
            if one[1] != other[1] or not one[0]:
                yield one[1], other[1]
            one, other = next(ones, None), next(others, None)
        elif other is None or (one and one[0] < other[0]):
            yield (one or (0, b""))[1], None
            one = next(ones, None)
        else:
            yield None, other[1]
            other = next(others, None)
