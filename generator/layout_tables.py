"""Blocks of a layout that are table rows: grids of fields, lists, item-by-item ticks, signature boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.layout_names import ROW, Item, Names
from generator.layout_paper import Cell, Row, house, paragraph
from macros.widths import signs

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Signs after a column's weight that overrule its alignment.
_SIDES = {"<": "left", "^": "center", ">": "right"}
#: A block as its definition spells it.
Block = dict[str, Any]


def section(title: str, width: float, *, repeat: bool = False) -> list[Row]:
    """A shaded row over the full width that names what follows; nothing for an empty title."""
    if not title:
        return []
    cell = Cell(paragraph("TDSection", title, keep=True), width, house()["table"]["section"])
    return [Row((cell,), house()["table"]["row"], repeat)]


def grid(block: Block, names: Names, width: float) -> list[Row]:
    """Label and value side by side.

    Keys: ``fields`` (see `Names.item`; ``*`` takes the whole row, more stars make it taller), ``columns`` pairs
    to a row (2), ``title`` of a section row, ``keep`` the rows with what follows, ``bare`` labels without units.
    """
    pairs, look, keep = block.get("columns", 2), house()["table"], block.get("keep", False)
    unit = width / pairs
    label = (unit if pairs > 1 else width) * look["label_share"][str(pairs)]
    rows = section(block.get("title", ""), width)
    for line in _lines([names.item(spec) for spec in block["fields"]], pairs):
        cells = []
        for position, item in enumerate(line):
            taken = unit * (pairs - position) if position == len(line) - 1 else unit
            text = _folded(item.column.title if block.get("bare") and item.column else item.label, label)
            cells.append(Cell(paragraph("TDLabel", text, align="center", keep=keep), label, look["label"]))
            cells.append(Cell(paragraph("TDValue", item.text, keep=keep), taken - label))
        rows.append(Row(tuple(cells), look["tall"][line[0].stars] or look["row"]))
    return rows


def _folded(label: str, width: float) -> str:
    """A label too long for its cell, its unit in a line of its own: （平方米） is not torn in two."""
    before, unit, rest = label.partition("（")
    wide, alone = (signs(text) / 2 * house()["table"]["letter"] for text in (label, before))
    return f"{before}\n{unit}{rest}" if unit and alone <= width < wide and "\n" not in label else label


def _lines(items: list[Item], pairs: int) -> Iterator[list[Item]]:
    """The fields row by row: a starred one alone, the others ``pairs`` to a row."""
    line: list[Item] = []
    for item in items:
        if line and (item.stars or len(line) == pairs):
            yield line
            line = []
        if item.stars:
            yield [item]
        else:
            line.append(item)
    if line:
        yield line


def listing(block: Block, names: Names, width: float) -> list[Row]:
    """One row per entry of a list under heading rows that repeat on every page.

    Keys: ``list``; ``columns`` as ``标签=path@weight``, the weight with ``<``, ``^`` or
    ``>`` behind it to overrule the alignment (``组.`` before the path of a
    grouping name merges its cells vertically); ``heads`` as [[title, number of columns], …] for a second
    heading row above; ``title``; ``blank`` empty rows for handwriting; ``nothing`` what a list without entries says
    where there are none of these (无); ``row`` the least height of an entry's row in cm; ``total`` as
    [[text, columns], …].
    """
    look, keep = house()["table"], block.get("keep", False)
    specs = [spec.rpartition("@") for spec in block["columns"]]
    weights = [float(weight.rstrip("".join(_SIDES))) for _, _, weight in specs]
    widths = [width * weight / sum(weights) for weight in weights]
    grouped = names.groups.get(block["list"])
    items = [_column(spec, names, grouped[0] if grouped else block["list"]) for spec, _, _ in specs]
    rows = section(block.get("title", ""), width, repeat=True)
    rows += _headings(items, widths, block.get("heads", []))
    opening = [f"{{%tr for {ROW} in {block['list']} %}}"]
    if grouped:
        opening = [f"{{%tr for 组 in {block['list']} %}}", f"{{%tr for {ROW} in 组.{grouped[0]} %}}"]
    rows += [_tag(tag, width) for tag in opening]
    cells = (
        Cell(paragraph("TDSmall", item.text, align=_SIDES.get(weight[-1], item.align), keep=keep), cut)
        for item, cut, (_, _, weight) in zip(items, widths, specs, strict=True)
    )
    rows.append(Row(tuple(cells), block.get("row", look["list_row"])))
    closing = [_tag("{%tr endfor %}", width) for _ in opening]
    if not block.get("blank"):  # blank rows say that somebody writes here
        words = block.get("nothing", house()["words"]["nothing"])
        said = Row((Cell(paragraph("TDSmall", words, align="center", keep=keep), width),), look["list_row"])
        closing[-1:] = [_tag("{%tr else %}", width), said, closing[-1]]
    rows += closing
    empty = Row(tuple(Cell(paragraph("TDSmall", keep=keep), cut) for cut in widths), look["list_row"])
    rows += [empty] * block.get("blank", 0)
    return rows + _total(block.get("total", []), names, widths)


def _tag(tag: str, width: float) -> Row:
    """A row that holds a statement and is not printed."""
    return Row((Cell(paragraph("TDSmall", tag), width),))


def _column(spec: str, names: Names, rows_of: str) -> Item:
    label, _, path = spec.rpartition("=")
    if path.startswith("组."):
        title = names.lists[rows_of].column(path.removeprefix("组.")).title
        return Item(label or title, f"{{% vm %}}{{{{ 组.{title} }}}}", None)
    return names.item(spec, rows_of)


def _headings(items: list[Item], widths: list[float], heads: list[list[Any]]) -> list[Row]:
    """One heading row, or two where columns are grouped; a column under an empty group name spans both."""
    shade, height = house()["table"]["label"], house()["table"]["list_row"]

    def cell(text: str, cut: float, merge: str = "") -> Cell:
        return Cell(paragraph("TDSmallLabel", text, align="center", keep=True), cut, shade, merge)

    over: list[Cell] = []
    under: list[Cell] = []
    start = 0
    for title, count in heads:
        if title:
            over.append(cell(title, sum(widths[start : start + count])))
        for position in range(start, start + count):
            if not title:
                over.append(cell(items[position].label, widths[position], "restart"))
            label, merge = (items[position].label, "") if title else ("", "continue")
            under.append(cell(label, widths[position], merge))
        start += count
    if heads:
        return [Row(tuple(over), height, repeat=True), Row(tuple(under), height, repeat=True)]
    return [Row(tuple(cell(item.label, cut) for item, cut in zip(items, widths, strict=True)), height, repeat=True)]


def _total(total: list[list[Any]], names: Names, widths: list[float]) -> list[Row]:
    """The closing row of a list: texts or paths of names, each over a number of columns."""
    if not total:
        return []
    cells, start = [], 0
    for text, count in total:
        item = names.item(text) if text in names.computed or text in names.form.index else Item("", text, None)
        number = item.text.startswith(("{{", "{%"))
        content = paragraph("TDSmallLabel", item.text, align="right" if number else "center")
        shade = "" if number or not text else house()["table"]["label"]
        cells.append(Cell(content, sum(widths[start : start + count]), shade))
        start += count
    return [Row(tuple(cells), house()["table"]["list_row"])]


def ticks(block: Block, names: Names, width: float) -> list[Row]:
    """Matters confirmed one by one: what, its content, our tick, and room for the customer's.

    Keys: ``items`` as [matter, text with placeholders, path of the flag that ticks it]; ``title``;
    ``heads`` the four headings; ``reply`` what the customer ticks by hand.
    """
    look = house()["table"]
    cuts = [width * share for share in (0.06, 0.2, 0.42, 0.12, 0.2)]
    rows = section(block.get("title", ""), width)
    labels = (paragraph("TDLabel", head, align="center", keep=True) for head in ["序号", *block["heads"]])
    heads = tuple(Cell(label, cut, look["label"]) for label, cut in zip(labels, cuts, strict=True))
    rows.append(Row(heads, look["row"]))
    for number, (matter, text, flag) in enumerate(block["items"], 1):
        done = f'{{% if {names.title(flag)} == "是" %}}☑{{% else %}}□{{% endif %}}'
        contents = [
            paragraph("TDValue", str(number), align="center"), paragraph("TDValue", matter),
            paragraph("TDValue", text), paragraph("TDValue", done, align="center"),
            paragraph("TDValue", block["reply"], align="center"),
        ]
        rows.append(Row(tuple(Cell(c, cut) for c, cut in zip(contents, cuts, strict=True)), look["row"]))
    return rows


def signatures(block: Block, names: Names, width: float) -> list[Row]:
    """A box per party for seal, signature and date; never split.

    Keys: ``parties`` (text with placeholders), ``lines`` under each (representative's signature and date when
    left out), ``title``.
    """
    del names
    lines = block.get("lines", ["授权代表签字："])
    cut = width / len(block["parties"])
    cells = []
    for party in block["parties"]:
        content = paragraph("TDValue", party, keep=True)
        content += "".join(paragraph("TDSignLine", line, keep=True) for line in lines)
        content += paragraph("TDSignLine", house()["words"]["date_line"], align="right")
        cells.append(Cell(content, cut, valign="bottom"))
    return [*section(block.get("title", ""), width), Row(tuple(cells), block.get("height", house()["table"]["sign"]))]
