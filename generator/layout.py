"""Draw the first template of a document from the ``[[layout]]`` blocks of its definition.

``python -m generator.layout [CODE …] [--force]`` redraws ``templates/*.docx``. A template somebody saved in Word
since is left alone unless ``--force`` is given.

Blocks, in order of appearance: ``page`` (orientation), ``head``, ``official``, ``grid``, ``list``, ``ticks``,
``signatures``, ``letter``, ``articles``, ``receipt``, ``note``, ``figure``, ``text`` (paragraphs), ``gap``, ``break``
(new page).

Grids, ticks and signature boxes that follow one another share a table; a list starts a new one and is alone in it
when it has no total. ``apart`` starts a new table; ``only`` limits a block to some templates of the definition.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from pathlib import Path
from typing import Any

from generator import figures
from generator import layout_blocks as blocks
from generator import layout_tables as tables
from generator.figure_drawing import Drawn, figure
from generator.layout_names import Names
from generator.layout_package import DRAWN_BY, package
from generator.layout_paper import Row, house, kept, paragraph, table
from macros.data import toml

DEFINITIONS = Path(__file__).parent / "documents"
TEMPLATES = Path(__file__).parent.parent / "templates"
CONFIDENTIAL = Path(__file__).parent.parent / "macros" / "rules" / "confidential.toml"
_ROWS = {"grid": tables.grid, "list": tables.listing, "ticks": tables.ticks, "signatures": tables.signatures}
#: Blocks that stay on one page with the end of another before them: no signature and no small print stands alone.
_TIED = {"list": ("grid", "signatures", "ticks"), "signatures": ("note",), "grid": ("note",)}
_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def definitions() -> dict[str, dict[str, Any]]:
    """Every definition by code, as parsed from its file."""
    read = (toml(path) for path in sorted(DEFINITIONS.glob("*.toml")))
    return {definition["code"]: definition for definition in read}


def templates_of(definition: dict[str, Any]) -> list[str]:
    """The template file names of a definition, the standard one first."""
    names = [definition["template"], *(variant["template"] for variant in definition.get("variants", []))]
    return list(dict.fromkeys(names))


def draw(definition: dict[str, Any], template: str) -> bytes:
    """One template as .docx bytes; the same definition always gives the same bytes.

    Raises:
        KeyError: a block names a column or value the definition does not have.
    """
    chosen = [block for block in definition["layout"] if template in block.get("only", [template])]
    orientation = next((block["orientation"] for block in chosen if block["block"] == "page"), "portrait")
    page = house()["page"][orientation]
    width = page["width"] - 2 * page["side"]
    names, body = Names(definition), ""
    shown = {each.name: each for each in figures.parse(definition.get("figures", ()))}
    drawn: list[Drawn] = []
    rows: list[Row] = []
    before: dict[str, Any] = {"block": ""}
    for block, after in zip(chosen, [*chosen[1:], before], strict=True):
        kind = block["block"]
        if kind == "note" and after["block"] == "signatures":
            block = {**block, "keep": True}
        tied = kind == "signatures" or kind in _TIED.get(before["block"], ())
        rows = [*rows[:-1], *map(kept, rows[-1:])] if tied else rows
        # What follows a list without a total has its own table, or the list's headings would be repeated over it.
        listed = kind == "list" or (before["block"] == "list" and "total" not in before)
        if rows and (kind not in _ROWS or listed or block.get("apart")):
            body += table(rows, width) + paragraph("TDGap", keep=tied)
            rows = []
        if kind in _ROWS:
            rows += _ROWS[kind](block, names, width)
        elif kind == "figure":
            runs, more = figure(block, shown, names, width, len(drawn) + 1)
            body += runs
            drawn += more
        else:
            body += _words(kind, block, definition, names, width)
        before = block
    body += table(rows, width) if rows else ""
    # Word wants a paragraph behind the last table.
    body += paragraph("TDGap") if body.endswith("</w:tbl>") else ""
    header = "" if any(block["block"] == "official" for block in chosen) else house()["words"]["header"]
    header += _secrecy(definition["code"])
    return package(body, orientation, definition["name"], header, drawn)


def _secrecy(code: str) -> str:
    """The mark of confidence a paper bears in its header; empty for most."""
    marks = toml(CONFIDENTIAL)
    mark = marks["paper"].get(code, {}).get("mark", "")
    return f"　　{marks['mark'][mark]}" if mark else ""


def _words(kind: str, block: dict[str, Any], definition: dict[str, Any], names: Names, width: float) -> str:
    """A block that is not table rows."""
    match kind:
        case "page":
            return ""
        case "head":
            return blocks.head(block, definition, width)
        case "official":
            return blocks.official(block, definition)
        case "letter":
            return blocks.letter(block)
        case "articles":
            return blocks.articles(block)
        case "receipt":
            return blocks.receipt(block, names, width)
        case "note":
            return blocks.note(block, definition)
        case "text":
            return "".join(paragraph(block.get("style", "TDText"), line) for line in block["lines"])
        case "gap":
            return paragraph("TDGap")
        case "break":
            return _BREAK
    raise KeyError(kind)


def edited(path: Path) -> bool:
    """Whether somebody saved the template in an editor since it was drawn."""
    with zipfile.ZipFile(path) as archive:
        return DRAWN_BY not in archive.read("docProps/core.xml").decode()


def main(arguments: list[str]) -> int:
    """Redraw the templates of the given codes, or of all; the number of templates left alone."""
    parser = argparse.ArgumentParser(description="重画单据模板")
    parser.add_argument("codes", nargs="*", metavar="CODE")
    parser.add_argument("--force", action="store_true", help="连同在Word中改过的模板一并重画")
    chosen = parser.parse_args(arguments)
    known = definitions()
    if unknown := set(chosen.codes) - set(known):
        parser.error(f"没有这种单据：{'、'.join(sorted(unknown))}")
    left = 0
    for code in chosen.codes or known:
        for name in templates_of(known[code]):
            path = TEMPLATES / name
            if path.exists() and edited(path) and not chosen.force:
                print(f"{name} 已在Word中改过，未重画（--force 可覆盖）")
                left += 1
                continue
            draft = path.with_suffix(".tmp")
            draft.write_bytes(draw(known[code], name))
            draft.replace(path)
    return left


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
