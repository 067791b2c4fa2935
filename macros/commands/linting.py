"""lint: what is wrong in the Word templates before a paper is made, what they may print, and how they look filled."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from macros.commands import DONE, FOUND, Answer, lists
from macros.commands.setup import OWN_TEMPLATES, TEMPLATES
from macros.commands.times import moment
from macros.findings import finding
from macros.hosts import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from generator.columns import Placeholder
    from generator.definitions import Definition
    from macros.findings import Finding

#: The folder of the filled samples.
OUT = "模板预览"


def lint(
    templates: Sequence[Path], folder: Path, now: str | None = None, fields: str = "", preview: bool = False,
    out: Path | None = None,
) -> Answer:
    """Check Word templates: every mistake with its place, words and cure.

    Without names, the register's own templates are checked, else those delivered with the program; of a folder, all
    in it. ``fields`` names a kind of paper whose placeholders are listed instead; with ``preview`` each template
    without mistakes is filled with samples, in ``out``.

    Raises:
        Refused: a file that is no paper's template, a folder without any, no such kind of paper, or a sample that
            cannot be written.
    """
    if fields:
        return _fields(fields)
    own = folder / OWN_TEMPLATES
    home = own if own.is_dir() else TEMPLATES
    users = _users()
    paths: list[Path] = []
    for path in templates or [home]:
        inside = os.path.isdir(path)  # noqa: PTH112 - whatever name a call gives
        if not inside and path.name not in users:
            raise refuse("CMD013", path.name, value=path.name)
        paths += _inside(path) if inside else [path]
    findings = [finding("DOC080", workbook=path.name) for path in paths if path.name not in users]
    pairs = [(path, users[path.name]) for path in paths if path.name in users]
    previews: list[str] = []
    for path, definition in pairs:
        from generator.advice import examine

        said = examine(path, definition)
        findings += said
        if preview and not lists.failed(said):
            made, more = _preview(path, definition, out or folder / OUT, now)
            findings += more
            previews += made
    where = "" if templates or home == own else "程序自带的"
    words = [f"检查{where}模板 {len(pairs)} 个：{lists.count(findings)}。", *_by_template(pairs, findings)]
    words += [lists.text(others)] if (others := [said for said in findings if said.workbook not in users]) else []
    if preview:
        words.append(f"预览 {len(previews)} 份，存于“{out or folder / OUT}”。")
    data = {"templates": len(pairs), "findings": [said.as_json() for said in findings], "previews": previews}
    return Answer(data, "\n".join(words), FOUND if lists.failed(findings) else DONE)


def _inside(folder: Path) -> list[Path]:
    """The Word files of a folder, or of the templates' folder of a register.

    Raises:
        Refused: there are none.
    """
    for home in (folder, folder / OWN_TEMPLATES):
        # Word keeps a file of its own, ~$…, beside each template it has open.
        found = [path for path in sorted(home.glob("*.docx")) if not path.name.startswith(("~$", "."))]
        if found:
            return found
    raise refuse("CMD028", value=str(folder))


def _users() -> Mapping[str, Definition]:
    """The kind of paper that each template file is for."""
    from generator.definitions import definitions

    return {name: d for d in definitions().values() for name in (d.template, *(v.template for v in d.variants))}


def _by_template(pairs: Sequence[tuple[Path, Definition]], findings: Sequence[Finding]) -> list[str]:
    """The findings under the name of their template, in the order in which somebody reads it."""
    lines = []
    for path, definition in pairs:
        own = [said for said in findings if said.workbook == path.name]
        if own:
            lines.append(f"{path.name}　{definition.label}")
            lines += lists.some([f"  [{lists.LEVELS[said.severity]} {said.code}] {said.message}" for said in own])
    return lines


def _preview(
    path: Path, definition: Definition, out: Path, now: str | None,
) -> tuple[list[str], list[Finding]]:
    """Fill one template with samples; the file written, or what keeps it from being made."""
    from generator.definitions import fields
    from generator.preview import preview
    from generator.template import load
    from macros.hosts.saving import replace_bytes

    template, said = load(path, fields(definition))
    if template is None:
        return [], said
    data, said = preview(definition, template, moment(now).date())
    if data is None:
        return [], said
    place = out / f"预览 {path.name}"

    replace_bytes(place, data)
    return [str(place)], []


def _fields(word: str) -> Answer:
    """Every placeholder that a kind of paper may print, ready to copy."""
    from generator.columns import placeholders
    from macros.commands.forming import definition_of

    definition = definition_of(word)
    all_ = placeholders(definition)
    data: dict[str, Any] = {"form": definition.code, "fields": [
        {"placeholder": each.written, "list": each.holder if "[]" in each.path else "", "required": each.required,
         "column": each.column.title if each.column else "", "note": each.column.note if each.column else ""}
        for each in all_
    ]}
    lines = [f"{definition.label}的模板可用的字段（＊为必须印出的）："]
    lines += _lines([each for each in all_ if not each.holder])
    for join in definition.joins:
        lines += ["", f"{join.name}：", *_lines([each for each in all_ if each.holder == join.name])]
    for listing in definition.lists:
        lines += [
            "", f"列表“{listing.name}”，逐行印出；两个标记各占表格的一行：", f"  {{%tr for 行 in {listing.name} %}}",
            *_lines([each for each in all_ if each.holder == listing.name]), "  {%tr endfor %}",
        ]
        if listing.grouped:
            by = next(each.column.title for each in all_ if each.holder == listing.name and each.column
                      and each.column.name == listing.by)
            lines += [
                f"  按“{by}”归组并合并单元格时，两对标记各占一行：", f"  {{%tr for 组 in {listing.grouped} %}}",
                f"  {{%tr for 行 in 组.{listing.name} %}}", f"  {{% vm %}}{{{{ 组.{by} }}}}",
                "  {%tr endfor %}", "  {%tr endfor %}",
            ]
    if definition.figures:
        data["figures"] = [
            {"name": f"图：{each.name}", "kind": each.kind, "list": each.list} for each in definition.figures
        ]
        lines += ["", "图（在Word中按替代文字识别，可移动、改大小；请从默认模板复制）："]
        lines += [f"  图：{each.name}　{each.title}" for each in definition.figures]
    return Answer(data, "\n".join(lines))


def _lines(some: Sequence[Placeholder]) -> list[str]:
    notes = [each.column.note if each.column else "" for each in some]
    return [
        f"{'＊' if each.required else '  '}{each.written}　{note}".rstrip()
        for each, note in zip(some, notes, strict=True)
    ]
