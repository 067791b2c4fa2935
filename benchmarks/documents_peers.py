"""The engines written in Python, and the process that runs one of them: our own, its peers, and the bare work itself.

Each engine is a function that is given a kind of paper and returns what fills it. As a program it answers each line
of its input, a number of seconds, with one line of JSON about the papers it filled in that time.
"""

from __future__ import annotations

import copy
import io
import json
import re
import statistics
import sys
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.documents_fixtures import conditions, fields, names, template, values, words

if TYPE_CHECKING:
    from collections.abc import Callable

    Fill = Callable[[dict[str, Any]], bytes]

def towerdesk(kind: str, required: tuple[str, ...] = ()) -> Fill:
    """The program's own engine, as a batch uses it: the template opened once."""
    import datetime as dt

    from generator.template import open_template, render

    opened, findings = open_template(template(kind, "jinja"), f"{kind}.docx", fields(kind))
    if opened is None:
        raise SystemExit("\n".join(found.message for found in findings))
    day = dt.date(2026, 11, 21)

    def fill(context: dict[str, Any]) -> bytes:
        data, said = render(opened, context, title="样张", day=day, required=required)
        if data is None:
            raise SystemExit("\n".join(found.message for found in said))
        return data

    return fill


def towerdesk_proved(kind: str) -> Fill:
    """The same with every field outside of conditional clauses looked for in the finished text."""
    spec, hidden, depth = words()[kind], set(), 0
    for line in spec["lines"]:
        depth += {"?": 1, "/": -1}.get(line[0], 0)
        hidden |= {name for name in names(kind) if depth and f"{{{name}}}" in line}
    table = spec.get("table", {"columns": ()})
    columns = tuple(f"{table['name']}[].{name}" for name, _ in table["columns"])
    return towerdesk(kind, tuple(name for name in names(kind) if name not in hidden) + columns)


def docxtpl(kind: str) -> Fill:
    """The peer as its documentation shows it: the template read for each paper."""
    from docxtpl import DocxTemplate

    data = template(kind, "jinja")

    def fill(context: dict[str, Any]) -> bytes:
        paper = DocxTemplate(io.BytesIO(data))
        paper.render(context, autoescape=True)
        return _saved(paper)

    return fill


def docxtpl_reused(kind: str) -> Fill:
    """The same with one object and one Jinja environment for all papers."""
    from docxtpl import DocxTemplate
    from jinja2 import Environment

    paper, environment = DocxTemplate(io.BytesIO(template(kind, "jinja"))), Environment(autoescape=True)

    def fill(context: dict[str, Any]) -> bytes:
        paper.render(context, environment)
        return _saved(paper)

    return fill


def mailmerge(kind: str) -> Fill:
    """docx-mailmerge2; merge fields know no conditions, so both conditional clauses always stand."""
    from importlib import import_module

    merge = import_module("mailmerge").MailMerge
    data, table = template(kind, "merge"), words()[kind].get("table", {}).get("name", "")
    dropped = {table, *conditions(kind)}

    def fill(context: dict[str, Any]) -> bytes:
        with merge(io.BytesIO(data)) as paper:
            if table:
                paper.merge_rows("seq", context[table])
            paper.merge(**{name: value for name, value in context.items() if name not in dropped})
            buffer = io.BytesIO()
            paper.write(buffer)
            return buffer.getvalue()

    return fill


def python_docx(kind: str) -> Fill:
    """python-docx as an expert would write it for just these papers: the row copied, text replaced in place."""
    from docx import Document
    from docx.oxml.ns import qn

    data, table = template(kind, "hand"), words()[kind].get("table", {}).get("name", "")
    field, mark = re.compile(r"\{(\w+)\}"), re.compile(r"\{([#/])(\w+)\}")
    text, row_tag = qn("w:t"), qn("w:tr")

    def put(element: Any, context: dict[str, Any]) -> None:
        for node in element.iter(text):
            if node.text and "{" in node.text:
                node.text = field.sub(lambda found: str(context[found[1]]), node.text)

    def choose(body: Any, context: dict[str, Any]) -> None:
        hidden = False
        for block in list(body):
            node = next(block.iter(text), None)
            found = mark.fullmatch(node.text or "") if node is not None else None
            if found or hidden:
                body.remove(block)
            if found:
                hidden = found[1] == "#" and not context[found[2]]

    def fill(context: dict[str, Any]) -> bytes:
        paper = Document(io.BytesIO(data))
        body = paper.element.body
        if conditions(kind):
            choose(body, context)
        if table:
            row = next(each for each in body.iter(row_tag) if any(node.text == "{seq}" for node in each.iter(text)))
            parent, at, made = row.getparent(), row.getparent().index(row), []
            parent.remove(row)
            for line in context[table]:
                made.append(copy.deepcopy(row))
                put(made[-1], line)
            parent[at:at] = made
        put(body, context)
        put(paper.sections[0].header._element, context)
        return _saved(paper)

    return fill


def bare(kind: str) -> Fill:
    """No engine: Jinja's text of the body, encoded, deflated as everybody does, summed up and written."""
    import tempfile
    import zipfile

    from docxtpl import DocxTemplate
    from jinja2 import Environment

    with zipfile.ZipFile(io.BytesIO(template(kind, "jinja"))) as archive:
        source = DocxTemplate(None).patch_xml(archive.read("word/document.xml").decode())
    compiled = Environment(autoescape=True).from_string(source)
    path = Path(tempfile.mkdtemp()) / "bare"

    def fill(context: dict[str, Any]) -> bytes:
        text = compiled.render(context).encode()
        deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = deflater.compress(text) + deflater.flush()
        zlib.crc32(text)
        path.write_bytes(packed)
        return packed

    return fill


def floor(kind: str) -> Fill:
    """Less than any engine can do: each value looked at once, and a finished file copied and written."""
    import tempfile

    path, made = Path(tempfile.mkdtemp()) / "floor", {}
    table, finish = words()[kind].get("table", {}).get("name", ""), bare(kind)

    def fill(context: dict[str, Any]) -> bytes:
        rows = context.get(table, ())
        if len(rows) not in made:
            made[len(rows)] = finish(context)
        for each in (context, *rows):
            sum(map(len, each.values()))
        data = bytes(bytearray(made[len(rows)]))
        path.write_bytes(data)
        return data

    return fill


ENGINES: dict[str, Callable[[str], Fill]] = {
    each.__name__: each
    for each in (towerdesk, towerdesk_proved, docxtpl, docxtpl_reused, mailmerge, python_docx, bare, floor)
}


def _saved(paper: Any) -> bytes:
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def main(engine: str, kind: str, rows: int, seeds: int, folder: Path) -> None:
    """Fill papers for as long as each line of standard input says; the first ones are kept in ``folder``."""
    fill = ENGINES[engine](kind)
    contexts = [values(kind, rows, seed) for seed in range(seeds)]
    # A paper of thousands of rows is not filled twice: the first, short one loads what there is to load.
    fill(contexts[0] if engine == "floor" else values(kind, min(rows, 20), 0))
    print("{}", flush=True)
    done = 0
    for line in sys.stdin:
        spent: list[float] = []
        until = time.perf_counter() + float(line)
        while not spent or time.perf_counter() < until:
            context = contexts[done % seeds]
            began = time.process_time()
            made = fill(context)
            spent.append(time.process_time() - began)
            if done < min(seeds, 2):
                (folder / f"{engine}-{done}.docx").write_bytes(made)
            done += 1
            del made
        print(json.dumps({"cpu_ms": statistics.median(spent) * 1000, "papers": len(spent)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
