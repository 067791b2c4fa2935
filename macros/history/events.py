"""What a line of the trail says of a file that changed: its cells, masked, and who the file says changed it."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from macros.history.compare import Change, changes
from macros.history.lines import form_of
from macros.history.settings import is_book, settings
from macros.hosts import Refused
from macros.hosts.package import open_package
from macros.hosts.xml_parts import tree

if TYPE_CHECKING:
    from macros.history.heads import Head
    from macros.history.privacy import Mask
    from macros.history.store import Store

_CHINA = dt.timezone(dt.timedelta(hours=8))


def saved(store: Store, name: str, head: Head, data: bytes, mask: Mask) -> dict[str, Any]:
    """What this program's own saving changed."""
    if not is_book(name):
        return {}
    try:
        most = settings()["trail"]["cells"]
        found = changes(name, store.content(head.version), data, head.tables, most=most)
    except Refused as refused:
        return {"unread": refused.finding.code}
    told: dict[str, Any] = {"cells": [shown(each, mask) for each in found.cells], "prints": found.tables}
    if found.more:
        told["more"] = found.more
    return told


def outside(store: Store, name: str, head: Head, data: bytes, mask: Mask) -> dict[str, Any]:
    """What was changed between two runs of this program, and by whom as the file tells."""
    return {**by(name, data), **saved(store, name, head, data, mask)}


def shown(change: Change, mask: Mask) -> list[str]:
    """A change as the trail holds it: sheet, key, cell, column, old, new, kind."""
    form = form_of(change.sheet)
    old, new = (mask.value(form, change.field, value) for value in (change.old, change.new))
    if not change.key:  # a heading is no value
        old, new = change.old, change.new
    return [change.sheet, mask.key(form, change.key), change.cell, change.field, old, new, change.kind]


def by(name: str, data: bytes) -> dict[str, str]:
    """Who saved a workbook last and when, as its properties tell; empty where they do not."""
    if not is_book(name):
        return {}
    try:
        package = open_package(io.BytesIO(data), name)
        part = package.zip.find("docProps/core.xml")
        root = tree(package.zip.chunks(part), name, part) if part else None
    except Refused:
        return {}
    if root is None:
        return {}
    who = next((node.text.strip() for node in root.walk("lastModifiedBy")), "")
    when = next((node.text.strip() for node in root.walk("modified")), "")
    return {"by": who, "modified": _local(when)}


def _local(text: str) -> str:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return at.astimezone(_CHINA).replace(tzinfo=None).isoformat(" ") if at.tzinfo else text
