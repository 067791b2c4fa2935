"""The demonstration's first page: a self-contained HTML file with the summary, today's board and thumbnails."""

from __future__ import annotations

import base64
import datetime as dt
import html
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from macros.commands.demo.office import Made

#: Rows of the board the page shows, and the width of a thumbnail in pixels.
ROWS, WIDTH = 25, 260
_STATES = {"late": "逾期", "open": "在办", "waiting": "等待"}
_STYLE = """
body{font:14px/1.6 "Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#222;margin:2em auto;max-width:1100px}
h1{font-size:22px;border-bottom:3px solid #1f5c99;padding-bottom:.3em}h2{font-size:17px;margin-top:1.6em}
table{border-collapse:collapse;width:100%}th{background:#1f5c99;color:#fff;font-weight:normal}
th,td{padding:4px 8px;border:1px solid #ddd;text-align:left;font-size:13px}
.late{color:#b00020;font-weight:bold}.shelf{display:flex;flex-wrap:wrap;gap:16px}
.card{width:262px;text-decoration:none;color:#222}
.card img,.none{width:260px;height:340px;object-fit:contain;object-position:top;border:1px solid #ccc}
.none{display:flex;align-items:center;justify-content:center;color:#999}"""


def write_index(
    folder: Path, city: str, at: dt.datetime, summary: Sequence[str], items: Iterable[dict[str, Any]],
    documents: Sequence[dict[str, Any]], reports: Sequence[Made] = (),
) -> Path:
    """Write ``index.html`` into ``folder``; thumbnails need LibreOffice and pdftoppm, without them cards stay plain.

    Args:
        folder: the demonstration's folder; document files are linked relative to it.
        city: shown in the title.
        at: the moment the board was read.
        summary: lines of the closing words.
        items: the board's items as JSON.
        documents: issued documents as JSON; the first of each form gets a card.
        reports: what the commands beside the forms left; a line and the same cards.
    """
    first = _each_form(documents)
    told = _each_form([row for one in reports for row in one.documents])
    pictures = thumbnails([Path(row["file"]) for row in (*first, *told)])
    running = [item for item in items if item["state"] in _STATES and item["due"]]
    near = sorted(running, key=lambda item: _distance(item, at))
    parts = [
        f"<!doctype html><html lang=zh-CN><meta charset=utf-8><title>塔务台 · {html.escape(city)}</title>",
        f"<style>{_STYLE}</style><h1>塔务台 · {html.escape(city)}（{at:%Y-%m-%d %H:%M}）</h1>",
        *(f"<p>{html.escape(line)}</p>" for line in summary),
        f"<h2>待办（离此刻最近的 {ROWS} 项，全部见 台账/待办.xlsx）</h2>",
        "<table><tr><th>状态<th>到期<th>时限<th>事项<th>单号<th>客户<th>依据<th>表单</tr>",
        *(_line(item) for item in sorted(near[:ROWS], key=_instant)),
        "</table>",
        f"<h2>单据（{len(first)} 种，每种一份样张）</h2><div class=shelf>",
        *(_card(folder, row, pictures.get(Path(row["file"]))) for row in first),
        f"</div><h2>报告和工作簿（{len(reports)} 项）</h2>",
        "<table><tr><th>名称<th>结果<th>工作簿<th>单据</tr>",
        *(_report(folder, one) for one in reports),
        "</table><br><div class=shelf>",
        *(_card(folder, row, pictures.get(Path(row["file"]))) for row in told),
        "</div></html>",
    ]
    page = folder / "index.html"
    page.write_text("\n".join(parts), encoding="utf-8")
    return page


def _each_form(documents: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first document of each form."""
    first: dict[str, dict[str, Any]] = {}
    for row in documents:
        first.setdefault(row["form"], row)
    return list(first.values())


def thumbnails(files: Sequence[Path]) -> dict[Path, bytes]:
    """The first page of each Word file as PNG; empty where LibreOffice or pdftoppm is not installed."""
    if not (files and shutil.which("pdftoppm")):
        return {}
    from generator.pdf import convert

    pictures: dict[Path, bytes] = {}
    with tempfile.TemporaryDirectory() as scratch:
        made, _ = convert(files, Path(scratch))
        for file, pdf in made.items():
            stem = Path(scratch) / "page"
            size = ("-scale-to-x", str(WIDTH * 2), "-scale-to-y", "-1")
            subprocess.run(["pdftoppm", "-png", "-singlefile", *size, pdf, stem], check=False, capture_output=True)
            picture = stem.with_suffix(".png")
            if picture.exists():
                pictures[file] = picture.read_bytes()
                picture.unlink()
    return pictures


def _instant(item: dict[str, Any]) -> dt.datetime:
    """When an item lapses; a day at its end."""
    due = str(item["due"])
    moment = dt.datetime.fromisoformat(due)
    return moment if "T" in due else moment + dt.timedelta(days=1)


def _distance(item: dict[str, Any], at: dt.datetime) -> tuple[dt.timedelta, str]:
    return abs(_instant(item) - at), str(item["key"])


def _line(item: dict[str, Any]) -> str:
    cells = (
        item["due"].replace("T", " ") + ("（暂定）" if item["provisional"] else ""), item["clock"], item["title"],
        item["key"], item["customer"], item["clause"], _named(item["form"]),
    )
    state = item["state"]
    return f"<tr><td class={state}>{_STATES[state]}" + "".join(f"<td>{html.escape(str(text or ''))}" for text in cells)


def _named(form: str) -> str:
    """A paper's code as people say it: numbered ones with their annex number, others by name."""
    from generator.definitions import definitions

    known = definitions().get(form)
    return form if known is None else known.label


def _report(folder: Path, made: Made) -> str:
    books = "、".join(f'<a href="{_link(folder, path)}">{html.escape(path.stem)}</a>' for path in made.books)
    papers = f"{len(made.documents)} 份" if made.documents else ""
    return f"<tr><td>{html.escape(made.title)}<td>{html.escape(made.said)}<td>{books}<td>{papers}"


def _link(folder: Path, path: Path) -> str:
    return html.escape(path.resolve().relative_to(folder.resolve()).as_posix())


def _card(folder: Path, row: dict[str, Any], picture: bytes | None) -> str:
    link = _link(folder, Path(row["file"]))
    shown = (
        f'<img alt="" src="data:image/png;base64,{base64.b64encode(picture).decode()}">' if picture
        else "<div class=none>（未装 LibreOffice，无缩略图）</div>"
    )
    return f'<a class=card href="{link}">{shown}<br>{html.escape(Path(row["file"]).stem)}</a>'
