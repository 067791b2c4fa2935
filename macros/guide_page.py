"""Writes docs/用户手册.html from 用户手册.md, so that any browser opens it: ``python -m macros.guide_page``."""

from __future__ import annotations

from pathlib import Path

SOURCE = Path(__file__).parents[1] / "docs" / "用户手册.md"
PAGE = SOURCE.with_suffix(".html")

_HEAD = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>塔务台用户手册</title>
<style>
body {font: 16px/1.75 "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif; color: #24303f;
  max-width: 52em; margin: 2em auto; padding: 0 1.2em}
h1, h2 {color: #2f5d8a} h2 {border-bottom: 1px solid #d6dce4; padding-bottom: .2em; margin-top: 2em}
table {border-collapse: collapse; margin: 1em 0}
td, th {border: 1px solid #d6dce4; padding: .3em .8em; text-align: left}
th {background: #eef3f8} code {background: #f2f4f7; padding: .1em .35em; border-radius: 3px; font-size: .92em}
pre {background: #f2f4f7; padding: .8em 1em; overflow-x: auto} pre code {padding: 0}
img {max-width: 100%; border: 1px solid #d6dce4}
</style>
<body>
"""


def page() -> str:
    """The guide as one page; its pictures stay beside it."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    return f"{_HEAD}{reader.render(SOURCE.read_text(encoding='utf-8'))}</body>\n</html>\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
