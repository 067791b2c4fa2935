"""The guide as one page that every browser opens, its contents beside it."""

from __future__ import annotations

import html

from addin.guide.source import SOURCE, tokens, whole

PAGE = SOURCE.with_suffix(".html")

_HEAD = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>塔务台用户手册</title>
<style>
body {font: 16px/1.75 "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif; color: #24303f;
  max-width: 56em; margin: 2em auto; padding: 0 1.2em}
h1, h2, h3, h4 {color: #2f5d8a} h2 {border-bottom: 1px solid #d6dce4; padding-bottom: .2em; margin-top: 2em}
nav {columns: 2; background: #f7f9fb; padding: .8em 1.2em} nav a {display: block; color: inherit; text-decoration: none}
nav a:hover {text-decoration: underline}
table {border-collapse: collapse; margin: 1em 0}
td, th {border: 1px solid #d6dce4; padding: .3em .8em; text-align: left; vertical-align: top}
td:first-child {white-space: nowrap}
th {background: #eef3f8} code {background: #f2f4f7; padding: .1em .35em; border-radius: 3px; font-size: .92em}
pre {background: #f2f4f7; padding: .8em 1em; overflow-x: auto} pre code {padding: 0}
img {display: block; max-width: 100%; margin: 1em auto; border: 1px solid #d6dce4}
@media print {nav {display: none} h2 {break-before: page} tr, img {break-inside: avoid}}
</style>
<body>
"""


def page() -> str:
    """The guide as one page; its pictures stay beside it."""
    from markdown_it import MarkdownIt

    parts = tokens(whole())
    chapters = []
    for at, token in enumerate(parts):
        if token.type == "heading_open" and token.tag == "h2":
            chapters.append(parts[at + 1].content)
            token.attrSet("id", f"c{len(chapters)}")
    links = "".join(f'<a href="#c{number}">{html.escape(name)}</a>\n' for number, name in enumerate(chapters, 1))
    body: str = MarkdownIt("commonmark", {"html": False}).renderer.render(parts, MarkdownIt().options, {})
    title, closed, rest = body.partition("</h1>\n")
    return f"{_HEAD}{title}{closed}<nav>\n{links}</nav>\n{rest}</body>\n</html>\n"
