"""Proves of a part, before anything is printed, that every paper made of it is sound.

The part's XML is read once with its tags in place, keeping the stack of open elements. If every branch and every round
of a loop leaves that stack as it found it, each filling is well-formed XML. If values stand in text elements only,
each of them can be read in the paper and none can become markup. If tables gain and lose whole rows of a known width
only, their columns need no mending. What cannot be proven so is not wrong: it is rendered and then looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"(?P<tag>\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})"
    r"|<(?P<close>/?)(?P<name>[\w:.-]+)(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/?)>"
    r"|(?P<other><[!?])",
    re.DOTALL,
)
_WORD = re.compile(r"\{%[-+]?\s*(\w+)")
_SPAN = re.compile(r'w:val="(\d+)"')
_TEXT, _TABLE, _GRID, _ROW, _CELL = "w:t", "w:tbl", "w:gridCol", "w:tr", "w:tc"


class Unproven(Exception):
    """Why a part cannot be proven sound, in English: it is for those who maintain the program."""


@dataclass(slots=True)
class _Block:
    """An open ``if`` or ``for``: the elements open where it began and where its first branch ended."""

    word: str
    begin: tuple[str, ...]
    end: tuple[str, ...] | None = None
    otherwise: bool = False


@dataclass(slots=True)
class _Table:
    """An open table: its grid, its widest row, whether a row as wide as the grid is always there."""

    blocks: int
    columns: int = 0
    cells: int = 0
    width: int = 0
    full: bool = False
    widths: list[tuple[int, int, bool]] = field(default_factory=list)


def prove(source: str) -> None:
    """Read a part's patched source.

    Raises:
        Unproven: something in it depends on the data in a way that only the finished paper shows.
    """
    _Reading().read(source)


class _Reading:
    def __init__(self) -> None:
        self.open: list[str] = []
        self.blocks: list[_Block] = []
        self.tables: list[_Table] = []

    def read(self, source: str) -> None:
        for found in _TOKEN.finditer(source):
            if found["other"]:
                raise Unproven("a comment, section or instruction among the elements")
            if found["tag"]:
                self.tag(found["tag"])
            else:
                self.element(found)
        if self.open or self.blocks:
            raise Unproven("something is left open")

    def tag(self, tag: str) -> None:
        if tag.startswith("{#"):
            return
        if tag.startswith("{{"):
            if not self.open or self.open[-1] != _TEXT:
                raise Unproven(f"{tag} stands outside of a text element")
            return
        found = _WORD.match(tag)
        word = found[1] if found else ""
        if self.open and self.open[-1] == _ROW:
            raise Unproven(f"{tag} chooses cells of a row")
        if word in ("if", "for"):
            self.blocks.append(_Block(word, tuple(self.open)))
        elif word in ("elif", "else", "endif", "endfor") and self.blocks:
            self.branch(word, tag)
        else:
            raise Unproven(f"{tag} is no choice and no loop")

    def branch(self, word: str, tag: str) -> None:
        """The end of a branch: all branches of a choice end alike, rounds of a loop as they began."""
        block, here = self.blocks[-1], tuple(self.open)
        wanted = block.begin if block.word == "for" else block.end
        if wanted is not None and here != wanted:
            raise Unproven(f"the branch before {tag} leaves other elements open")
        block.end = here
        if word in ("elif", "else"):
            block.otherwise = word == "else"
            self.open = [*block.begin]
            return
        if not block.otherwise and here != block.begin:
            raise Unproven(f"without its branch {tag} leaves other elements open")
        self.blocks.pop()

    def element(self, found: re.Match[str]) -> None:
        name, attributes = found["name"], found["attributes"]
        if "{{" in attributes or ("{%" in attributes and name != "w:vMerge"):
            raise Unproven(f"a tag among the attributes of {name}")
        if name == "wp:docPr" and any(block.word == "for" for block in self.blocks):
            raise Unproven("a drawing in a loop")
        if found["close"]:
            if not self.open or self.open.pop() != name:
                raise Unproven(f"{name} closes another element")
            self.closed(name)
            return
        self.opened(name, attributes)
        if not found["empty"]:
            self.open.append(name)
        elif name in (_TABLE, _ROW, _CELL):
            raise Unproven(f"an empty {name}")

    def opened(self, name: str, attributes: str) -> None:
        if name == _TABLE:
            self.tables.append(_Table(len(self.blocks)))
        elif self.tables:
            table = self.tables[-1]
            if name == _GRID:
                table.columns += 1
            elif name == _ROW:
                table.cells = table.width = 0
            elif name == _CELL:
                table.cells += 1
                table.width += 1
            elif name == "w:gridSpan" and self.open[-2:] == [_CELL, "w:tcPr"]:
                span = _SPAN.search(attributes)
                table.width += int(span[1]) - 1 if span else 0

    def closed(self, name: str) -> None:
        if name == _ROW and self.tables:
            table = self.tables[-1]
            table.widths.append((table.cells, table.width, len(self.blocks) == table.blocks))
        elif name == _TABLE:
            self.table_closed(self.tables.pop())

    def table_closed(self, table: _Table) -> None:
        """What the mending of columns would leave as it is: no row wider than the grid, one always as wide."""
        fits = all(cells <= table.columns and width <= table.columns for cells, width, _ in table.widths)
        if not fits or not any(width == table.columns and always for _, width, always in table.widths):
            raise Unproven("a table's rows do not tell its columns")
        if self.tables:
            outer = self.tables[-1]
            outer.widths += [(cells, width, False) for cells, width, _ in table.widths]
