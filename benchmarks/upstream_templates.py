"""What becomes of docxtpl's own test templates: printed as docxtpl prints them, refused, or different.

Run by hand with ``run bench upstream_templates FOLDER [--json]``, where FOLDER holds .docx files, such as
tests/templates of docxtpl's source. Each template's placeholders are read from its tags and given hostile values in
several contexts. Pictures in the text, filters, macros and rich text are refused by design.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))

from docxtpl import DocxTemplate
from jinja2 import TemplateError

from generator.sandbox import Environment, Walk
from generator.template import open_template, render
from tests import papers_random
from tests.papers import changed, parts
from tests.papers_oracle import Verdict, oracle, verdict

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

ROWS = (0, 1, 2, 17)


def placeholders(data: bytes) -> frozenset[str]:
    """Every path a template's tags read, as far as they are within what ours may say."""
    found: set[str] = set()
    for name, content in parts(data).items():
        if name.startswith("word/") and name.endswith(".xml") and name.count("/") == 1:
            text = DocxTemplate(None).patch_xml(content.decode())
            try:
                found |= {path.rstrip("?") for path, _, _ in Walk(Environment().parse(text)).uses}
            except TemplateError:
                continue
    lists = {path for path in found if path.endswith("[]")}
    return frozenset(
        path for path in found
        if path in lists or not (f"{path}[]" in lists or any(other.startswith(f"{path}.") for other in found))
    )


def unescaped(data: bytes) -> bytes:
    """A template without docxtpl's ``{_{``, which ours prints as it stands: in brackets that mean nothing to either."""
    made = {}
    for name, content in parts(data).items():
        if name.startswith("word/") and name.endswith(".xml"):
            for escape, shown in ((b"{_", "〔"), (b"_}", "〕")):
                content = content.replace(escape, shown.encode())
            made[name] = content
    return changed(data, made)


def judged(path: Path) -> Verdict:
    """The worst that happens to a template over its contexts."""
    data = unescaped(path.read_bytes())
    fields = placeholders(data)
    worst = Verdict("", "equal")
    for rows in ROWS:
        context = papers_random.filled(fields, rows, random.Random(f"{path.name} {rows}"))
        try:
            found = verdict(data, fields, context, torn="beyond")
        except Exception as error:
            found = Verdict("docxtpl fails", f"{type(error).__name__}: {str(error)[:80]}")
        if found.outcome.startswith("DOC"):
            found = Verdict(found.way, f"{found.outcome} {_said(data, fields, context)}")
        if found.outcome != "equal":
            return found
        worst = found
    return worst


def _said(data: bytes, fields: AbstractSet[str], context: dict[str, object]) -> str:
    """Our reason, and whether docxtpl itself prints this template with these values."""
    import datetime as dt

    opened, findings = open_template(data, "样张.docx", fields)
    if opened is not None:
        _, findings = render(opened, context, title="", day=dt.date(2026, 11, 20))  # type: ignore[arg-type]
    try:
        oracle(data, context)
        theirs = ""
    except Exception as error:
        theirs = f"（docxtpl: {type(error).__name__}）"
    return "；".join(dict.fromkeys(found.message for found in findings))[:160] + theirs


def main() -> int:
    """Compare and print; fails when any template differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = {path.name: judged(path) for path in sorted(chosen.folder.rglob("*.docx"))}
    counted = Counter(
        "equal" if each.outcome == "equal" else "refused" if each.outcome.startswith("DOC")
        else "docxtpl fails" if each.way == "docxtpl fails" else "different" for each in found.values()
    )
    if chosen.json:
        templates = {name: [each.way, each.outcome] for name, each in found.items()}
        print(json.dumps({"counted": counted, "templates": templates}, ensure_ascii=False))
    else:
        for name, each in found.items():
            print(f"{name:<44}{each.way:<14}{each.outcome}")
        print(dict(counted))
    return 1 if counted["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
