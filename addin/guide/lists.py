"""The guide's complete lists: every button, every sheet, every deadline and every message, from what defines them."""

from __future__ import annotations

import re
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.ribbon import Menu, tab
from macros.clocks.rules import clocks as all_clocks
from macros.clocks.rules import words as clock_words
from macros.data import toml
from macros.findings import catalogue
from macros.findings_page import AREAS, LEVELS
from macros.forms import forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from addin.ribbon import Group

_HERE = Path(__file__).parent
_RULES = Path(__file__).parents[2] / "macros" / "rules"
_FORMS = Path(__file__).parents[2] / "macros" / "forms" / "workbooks.toml"
#: What a message leaves open.
_GAP = re.compile(r"\{\w+\}")


class Listing(NamedTuple):
    """A table of the guide: the heading over it, empty for none, its columns' titles and its rows."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def _told() -> dict[str, Any]:
    """``results.toml``: how the lists are headed, and what is told in no other place."""
    return toml(_HERE / "results.toml")


def _listing(kind: str, rows: Sequence[tuple[str, ...]], title: str = "") -> Listing:
    return Listing(title, tuple(_told()["columns"][kind]), rows)


def buttons() -> list[Listing]:
    """Every button of the ribbon by group, with the keys that press it in Excel."""
    title = _told()["titles"]["group"]
    return [_listing("buttons", list(_of_group(group)), title.format(group=group.label)) for group in tab().groups]


def _of_group(group: Group) -> Iterator[tuple[str, ...]]:
    keys = f"Alt {tab().keytip}"
    for item in group.items:
        yield (f"**{item.label}**", f"{keys} {item.keytip}", item.supertip)
        if isinstance(item, Menu):
            for button in item.buttons:
                yield (f"　{button.label}", f"{keys} {item.keytip} {button.keytip}", button.supertip)


def registers() -> list[Listing]:
    """Every table of the register by workbook, with what a row is and what it rests on."""
    books: dict[str, list[tuple[str, ...]]] = {}
    for form in forms().values():
        if form.workbook:
            key = "、".join(form.column(name).title for name in form.key)
            books.setdefault(form.workbook, []).append((f"**{form.title}**", form.purpose, key, form.clause))
    order = [entry["title"] for entry in toml(_FORMS)["workbook"]]
    title = _told()["titles"]["book"]
    return [_listing("registers", books[book], title.format(book=book)) for book in order]


def results() -> list[Listing]:
    """Every sheet of every workbook that the program writes, with the buttons that write it."""
    labels, title = {button.id: button.label for button in tab().buttons()}, _told()["titles"]["book"]
    rows = []
    for entry in _told()["result"]:
        book, sheets = _sheets(entry)
        by = "、".join(labels[name] for name in entry["by"])
        for number, (sheet, says) in enumerate(sheets.items()):
            rows.append(("" if number else title.format(book=book), "" if number else by, f"**{sheet}**", says))
    return [_listing("results", rows)]


def _sheets(entry: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """A result's title and its sheets with their purposes, as the rules of its command tell them."""
    if "says" in entry:
        return entry["title"], dict(entry["says"])
    raw = toml(_RULES / f"{entry['rules']}.toml")
    book = reduce(lambda part, step: part[step], entry.get("book", ["workbook"] * ("workbook" in raw)), raw)
    below = book if "sheet" in book else reduce(lambda part, step: part[step], entry.get("sheets", []), raw)
    sheets = below["sheet"].values() if isinstance(below["sheet"], dict) else below["sheet"]
    return entry.get("title") or book["title"], {sheet["title"]: sheet.get("purpose", "") for sheet in sheets}


def deadlines() -> list[Listing]:
    """The clocks with their limits, in the words of the board."""
    said, wording = clock_words(), _told()["limits"]
    rows = []
    for rule in all_clocks().values():
        version = rule.versions[-1]
        limit, vip = (wording[version.unit].format(n=version.limit_at(level)) for level in ("", said["vip"]))
        limit += wording["vip"].format(limit=vip) if vip != limit else ""
        rows.append((rule.id, f"**{rule.title}**", said["kinds"][rule.kind], limit, rule.action, rule.clause))
    return [_listing("deadlines", rows)]


def messages() -> list[Listing]:
    """Every message by area: its code, what failed, and how it is mended."""
    entries = catalogue()
    listed = []
    for area in sorted({code[:3] for code in entries}):
        rows = [
            (f"**{code}**　{LEVELS[entry.severity]}", *map(_open, (
                f"{entry.title}。{entry.rule}", entry.found, entry.cure,
            )))
            for code, entry in sorted(entries.items()) if code.startswith(area)
        ]
        listed.append(_listing("messages", rows, f"{area}　{AREAS.get(area, '')}".rstrip("　")))
    return listed


def _open(words: str) -> str:
    """The words of a message with a gap for what only the moment can tell."""
    return _GAP.sub("…", words)


def markdown(listings: list[Listing]) -> str:
    """Tables as Markdown, each below its heading."""
    parts = []
    for listing in listings:
        lines = [f"#### {listing.title}\n"] if listing.title else []
        lines += [_row(listing.heads), _row("---" for _ in listing.heads), *map(_row, listing.rows)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _row(cells: Any) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
