"""Corrupted templates: each makes the same paper as before, or a sound other one, or is refused with codes.

A fourth way of harm besides those done to workbooks: words put into the text that mean to run something. Nothing of a
template may start a program, reach the network or leave a mark, whatever becomes of it.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import traceback
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.proofs.corrupting import container, content, packed, structure
from benchmarks.proofs.herd import drive
from generator.definitions import definitions, fields
from generator.template import open_template, render
from tests import papers_random
from tests.hostile import idle, rows

if TYPE_CHECKING:
    from benchmarks.proofs import Figures, Scale

SECONDS = 30
MEMORY = 1_000_000_000
DAY = dt.date(2026, 11, 20)
#: Papers of one row, of rows, of groups of rows, of choices.
CODES = ("3.1", "3.3", "3.11", "3.7", "3.13")
TEMPLATES = Path(__file__).parents[2] / "templates"
_TEXT = re.compile(rb"(<w:t(?: [^>]*)?>)([^<]*)")
_CODE = re.compile(r"[A-Z]{3}\d{3}")


def measure(scale: Scale) -> Figures:
    """Corrupt, open and fill so many, each with a number of its own from which it can be made again."""
    herd = drive(
        judged, scale.seed, scale.count, scale.processes, seconds=SECONDS, memory=MEMORY,
        is_wrong=lambda answer: answer.startswith(("fault", "silent")),
    )
    answers = herd.answers
    return {
        "templates": scale.count, "same": answers["same"], "another": answers["another"],
        "refused": sum(number for name, number in answers.items() if name.startswith("refused")),
        "codes": {name.split()[1]: answers[name] for name in sorted(answers) if name.startswith("refused")},
        "faults": sum(number for name, number in answers.items() if name.startswith("fault")),
        "silent": answers["silent bytes"],
        "hangs": answers["hang"], "deaths": sum(n for name, n in answers.items() if name.startswith("death")),
        "peak_megabytes": herd.megabytes, "slowest_seconds": round(herd.slowest, 2), "wrong": herd.wrong,
        "held": not herd.wrong and herd.megabytes < 1_000,
    }


@cache
def _base(code: str) -> tuple[bytes, frozenset[str], dict[str, Any], str]:
    """A sound template: its bytes, fields, values for them, and the text of its paper."""
    definition = definitions()[code]
    data = (TEMPLATES / definition.template).read_bytes()
    names = fields(definition)
    template, said = open_template(data, definition.template, names)
    assert template is not None, said
    values = papers_random.filled({path.rstrip("?") for path in template.uses}, 3, random.Random(code))
    made, said = render(template, values, title="样张", day=DAY)
    assert made is not None, said
    return data, names, values, _words(made)


@cache
def _spells() -> list[bytes]:
    """Lines that mean harm, as the text of a paragraph holds them."""
    lines = [row["line"] for row in rows("hostile_templates.csv")]
    lines += ["{{ 需求编号", "{% for", "{%p", "{{", "}}", "{% endfor %}", "{% if 1 %}", "｛｛ 甲 ｝｝", "{# "]
    return [line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode() for line in lines]


def bewitched(data: bytes, dice: random.Random) -> tuple[str, bytes]:
    """Put a line that means harm into a text of the paper."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = [(info.filename, old.read(info)) for info in old.infolist()]
    at = next(number for number, (name, _) in enumerate(parts) if name == "word/document.xml")
    body = parts[at][1]
    where = dice.choice([match.span(2) for match in _TEXT.finditer(body)])
    cut = dice.randrange(where[0], where[1] + 1)
    parts[at] = parts[at][0], body[:cut].decode("utf-8", "ignore").encode() + dice.choice(_spells()) + body[where[1] :]
    return "spell", packed(parts)


def judged(number: int) -> str:
    """What became of the template of that number."""
    dice = random.Random(number)
    code = dice.choice(CODES)
    data, names, values, wanted = _base(code)
    harm = dice.choice((container, content, content, structure, bewitched))
    kind, hurt = harm(data, dice)
    try:
        with idle():
            template, said = open_template(hurt, "样张.docx", names)
            made = None
            if template is not None:
                made, said = render(template, values, title="样张", day=DAY)
        if made is None:
            codes = sorted({one.code for one in said})
            return f"refused {codes[0]}" if codes and all(map(_CODE.fullmatch, codes)) else "fault no code"
        words = _words(made)
    except (Exception, RecursionError):
        return "fault\t" + f"{kind} {code} " + " | ".join(traceback.format_exc().strip().splitlines()[-3:])[:300]
    if words == wanted:
        return "same"
    return f"silent bytes\t{kind} {code}" if harm is container else "another"


def _words(paper: bytes) -> str:
    """The text of a finished paper, every part of which must be sound."""
    from lxml import etree

    found = []
    with zipfile.ZipFile(io.BytesIO(paper)) as made:
        assert made.testzip() is None
        for name in sorted(made.namelist()):
            if name.endswith(".xml") and name.startswith("word/"):
                root = etree.fromstring(made.read(name))
                found += [str(text) for text in root.itertext()]
    return "\n".join(found)
