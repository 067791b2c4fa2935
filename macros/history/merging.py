"""Three-way merge of one sheet, row by row by key and cell by cell: what one side changed is taken.

Where both sides changed the same thing differently ours is kept and a conflict tells of it, with everything that was
not taken. Without a base nobody can tell who changed what, and every difference is a conflict.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from macros.history.lines import columns, headings, lines
from macros.history.texts import EMPTY, packed
from macros.records import column_letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from macros.forms import Form
    from macros.history.lines import Line
    from macros.records import Cell

    Rows = Mapping[int, Sequence[Cell]]
    #: A row's key and, among rows of equal keys, its first day and which of them it is.
    Key = tuple[str, str, int]


class Conflict(NamedTuple):
    """One thing to decide; ``why`` is a word of ``conflicts.why`` in ``rules/history.toml``."""

    sheet: str
    cell: str
    key: str
    field: str
    base: str
    ours: str
    theirs: str
    why: str


class Merged(NamedTuple):
    """What to do to our sheet: cells to set by (row, column), columns to add by number, rows to append and to empty.

    ``added`` holds cells by column number; ``sources`` tells for each cell of ours that differs where theirs stands.
    """

    cells: dict[tuple[int, int], Cell]
    headings: dict[int, str]
    added: list[dict[int, Cell]]
    emptied: list[int]
    conflicts: list[Conflict]
    sources: dict[tuple[int, int], tuple[int, int]]


class Side:
    """One version of the sheet: its columns by heading, its rows by key."""

    def __init__(self, form: Form | None, rows: Rows, width: int, *, by_first: bool) -> None:
        self.rows = rows
        told = {number: packed(cells) for number, cells in rows.items()}
        head = told.pop(1, b"")
        named = columns(form, head, width)
        self.columns = {heading: at for at, heading in named.items()}
        self.headed = set(headings(form, head).values())
        self.told: list[tuple[str, str, Line]] = []
        since = form.column(form.in_turn.starts).heading if form and form.in_turn else ""
        for line in lines(form, head, told, named):
            key = line.key
            if key.startswith("#") or not (form or by_first):
                key = "\x1f".join(f"{heading}={told.text}" for heading, told in sorted(line.cells.items()))
            self.told.append((key, line.cells.get(since, EMPTY).text if since else "", line))
        self.lines: dict[Key, Line] = {}

    def several(self) -> set[str]:
        """The keys of more than one row."""
        return {key for key, count in Counter(key for key, _, _ in self.told).items() if count > 1}

    def call(self, several: set[str]) -> None:
        """Call the rows: by key, by first day where a key has several that follow each other, and by their order."""
        counted: Counter[tuple[str, str]] = Counter()
        for key, since, line in self.told:
            turn = since if key in several else ""
            counted[key, turn] += 1
            self.lines[key, turn, counted[key, turn]] = line

    def raw(self, line: Line, heading: str) -> Cell:
        """A cell as it stands in the sheet."""
        cells, at = self.rows[line.number], self.columns[heading]
        return cells[at - 1] if at <= len(cells) else None


def keyed_by_first(versions: Sequence[Rows]) -> bool:
    """Whether the first column tells the rows of a user's own sheet apart in every version."""
    for rows in versions:
        firsts = [str(cells[0]) if cells and cells[0] is not None else "" for at, cells in rows.items() if at > 1]
        if not all(firsts) or len(set(firsts)) < len(firsts):
            return False
    return True


def merge(form: Form | None, title: str, base: Rows | None, ours: Rows, theirs: Rows) -> Merged:
    """Merge one sheet; rows by their 1-based number, the first holding the headings."""
    versions = [ours, theirs, *([base] if base is not None else [])]
    by_first = keyed_by_first(versions)
    width = max((len(cells) for rows in versions for cells in rows.values()), default=0)
    sides = [Side(form, rows, width, by_first=by_first) for rows in versions]
    several = set[str]().union(*(side.several() for side in sides))
    for side in sides:
        side.call(several)
    mine, other, *was = sides
    return _Merge(title, was[0] if was else None, mine, other).result()


class _Merge:
    def __init__(self, title: str, base: Side | None, ours: Side, theirs: Side) -> None:
        self.title, self.base, self.ours, self.theirs = title, base, ours, theirs
        self.done = Merged({}, {}, [], [], [], {})
        self.at = dict(ours.columns)

    def result(self) -> Merged:
        """Go through the columns, our rows and then the rows that only they have."""
        self._columns()
        for key, line in self.ours.lines.items():
            other = self.theirs.lines.get(key)
            if other:
                self._cells(line, other, self._was(key))
            else:
                self._missing(line, self._was(key))
        for key, line in self.theirs.lines.items():
            if key not in self.ours.lines:
                self._extra(line, self._was(key))
        return self.done

    def _was(self, key: Key) -> Line | None:
        return self.base.lines.get(key) if self.base else None

    def _columns(self) -> None:
        """Columns that only they have are added on the right, unless we took them away."""
        free = max((len(cells) for cells in self.ours.rows.values()), default=0)
        used = self.theirs.headed.union(*(line.cells for line in self.theirs.lines.values()))
        for heading in self.theirs.columns:
            if heading not in used or heading in self.ours.columns or (self.base and heading in self.base.columns):
                continue
            free += 1
            self.at[heading] = free
            self.done.headings[free] = heading
            if self.base is None:
                self._say("only_theirs", f"{column_letter(free)}1", "", heading, "", "", heading)

    def _cells(self, ours: Line, theirs: Line, was: Line | None) -> None:
        mine_by, other_by, old_by = ours.cells, theirs.cells, was.cells if was else {}
        for heading in dict.fromkeys((*self.ours.columns, *self.theirs.columns)):
            mine, other = mine_by.get(heading, EMPTY), other_by.get(heading, EMPTY)
            if mine == other or heading not in self.theirs.columns:
                continue
            old = old_by.get(heading, EMPTY)
            new = heading in self.done.headings.values()
            if was is not None and other == old:
                continue
            if heading in self.at:
                place = ours.number, self.at[heading]
                self.done.sources[place] = theirs.number, self.theirs.columns[heading]
            if new or (was is not None and mine == old and heading in self.at):
                self.done.cells[ours.number, self.at[heading]] = self.theirs.raw(theirs, heading)
                continue
            if mine.text == other.text:
                continue  # a number here and the text of its digits there: ours stays, nobody need decide
            at = self.at.get(heading)
            cell = f"{column_letter(at)}{ours.number}" if at else ""
            why = "no_base" if self.base is None else "added" if was is None else "both"
            self._say(why, cell, ours.key, heading, old.text, mine.text, other.text)

    def _missing(self, ours: Line, was: Line | None) -> None:
        """A row that they do not have."""
        place = f"A{ours.number}"
        if self.base is None:
            self._say("only_ours", place, ours.key, "", "", _told(ours), "")
        elif was is not None and self._same(was, ours, self.ours):
            self.done.emptied.append(ours.number)
        elif was is not None:
            self._say("they_deleted", place, ours.key, "", _told(was), _told(ours), "")

    def _extra(self, theirs: Line, was: Line | None) -> None:
        """A row that we do not have."""
        if was is None:
            row = {at: self.theirs.raw(theirs, name) for name, at in self.at.items() if name in self.theirs.columns}
            self.done.added.append({at: value for at, value in row.items() if value is not None})
            if self.base is None:
                self._say("only_theirs", "", theirs.key, "", "", "", _told(theirs))
        elif not self._same(was, theirs, self.theirs):
            self._say("we_deleted", "", theirs.key, "", _told(was), "", _told(theirs))

    def _same(self, was: Line, line: Line, side: Side) -> bool:
        """Whether a row is as it was, in the columns it has now; a value in a new column is a change."""
        assert self.base is not None
        before, now = was.cells, line.cells
        new = (name for name in side.columns if name not in self.base.columns)
        return all(
            before.get(name) == now.get(name) for name in self.base.columns if name in side.columns
        ) and not any(name in now for name in new)

    def _say(self, why: str, cell: str, key: str, field: str, base: str, ours: str, theirs: str) -> None:
        self.done.conflicts.append(Conflict(self.title, cell, key, field, base, ours, theirs, why))


def _told(line: Line) -> str:
    """A whole row as one text, so that nothing of it is lost."""
    return "；".join(f"{heading}={told.text}" for heading, told in line.cells.items())


def joined_lines(ours: bytes, theirs: bytes) -> bytes:
    """Two files of lines that were only ever added to: ours, then their lines that we do not have."""
    known = Counter(ours.splitlines())
    return ours + b"".join(_new_lines(known, theirs, ours))


def _new_lines(known: Counter[bytes], theirs: bytes, ours: bytes) -> Iterator[bytes]:
    if ours and not ours.endswith(b"\n"):
        yield b"\n"
    for line in theirs.splitlines(keepends=True):
        bare = line.rstrip(b"\r\n")
        if known[bare]:
            known[bare] -= 1
        else:
            yield line if line.endswith(b"\n") else line + b"\n"
