"""Small XML parts as trees of local names, and the one way any part may be parsed: no document types."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from macros.hosts import refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


_ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1")  # those the parser knows by itself


@dataclass(slots=True)
class Node:
    """An element: name and attribute names without prefix, its children, its text."""

    name: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def get(self, name: str, default: str = "") -> str:
        """An attribute's value."""
        return self.attributes.get(name, default)

    def walk(self, name: str) -> Iterator[Node]:
        """Every element of that name in and below this one, in document order."""
        if self.name == name:
            yield self
        for child in self.children:
            yield from child.walk(name)


def local(name: str) -> str:
    """An element or attribute name without its prefix."""
    return name.rpartition(":")[2]


def whole(text: str) -> int | None:
    """A short whole number as parts write counts and indexes; None for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def parser(workbook: str, part: str) -> expat.XMLParserType:
    """An expat parser that refuses any DTD (WBK013): entities hide attacks and silently lost text."""

    def doctype(*_: object) -> None:
        raise refuse("WBK013", workbook, part=part)

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise refuse("WBK007", workbook, reason=f"部件 {part} 的编码 {encoding} 不支持")

    made = expat.ParserCreate()
    made.StartDoctypeDeclHandler = doctype
    made.XmlDeclHandler = declared
    made.buffer_text = True
    return made


def feed(made: expat.XMLParserType, chunks: Iterable[bytes], workbook: str, part: str) -> Iterator[None]:
    """Parse ``chunks``, pausing after each so that the caller can hand on what its handlers gathered.

    Raises:
        Refused: the part is not well-formed (WBK007).
    """
    try:
        for chunk in chunks:
            made.Parse(chunk, False)
            yield
        made.Parse(b"", True)
    except expat.ExpatError as error:
        raise refuse("WBK007", workbook, reason=f"部件 {part} 第 {error.lineno} 行不是合格的 XML") from error
    yield


def outline(chunks: Iterable[bytes], workbook: str, part: str, wanted: Collection[str]) -> Node:
    """Parse a part whole and keep its root and the elements named, each below the nearest one kept, without texts."""
    root = Node("", {})
    open_nodes, depths, depth = [root], [0], 0
    known: dict[str, bool] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        keep = known.get(name)
        if keep is None:
            keep = known[name] = local(name) in wanted
        if keep or depth == 1:
            node = Node(local(name), {local(key): value for key, value in attributes.items()})
            open_nodes[-1].children.append(node)
            open_nodes.append(node)
            depths.append(depth)
        _check_depth(depth, workbook, part)

    def end(_: str) -> None:
        nonlocal depth
        if depths[-1] == depth:
            open_nodes.pop()
            depths.pop()
        depth -= 1

    made = parser(workbook, part)
    made.StartElementHandler, made.EndElementHandler = start, end
    for _ in feed(made, chunks, workbook, part):
        pass
    return root.children[0]


def _check_depth(depth: int, workbook: str, part: str) -> None:
    if depth >= 200:  # no real part nests so deep; walking it would exhaust the stack
        raise refuse("WBK007", workbook, reason=f"部件 {part} 嵌套过深")


def tree(chunks: Iterable[bytes], workbook: str, part: str) -> Node:
    """Parse a small part whole."""
    root = Node("", {})
    open_nodes = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        node = Node(local(name), {local(key): value for key, value in attributes.items()})
        open_nodes[-1].children.append(node)
        open_nodes.append(node)
        _check_depth(len(open_nodes) - 1, workbook, part)

    def end(_: str) -> None:
        open_nodes.pop()

    def text(data: str) -> None:
        open_nodes[-1].text += data

    made = parser(workbook, part)
    made.StartElementHandler = start
    made.EndElementHandler = end
    made.CharacterDataHandler = text
    for _ in feed(made, chunks, workbook, part):
        pass
    return root.children[0]
