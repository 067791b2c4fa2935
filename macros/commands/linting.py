"""lint: what is wrong in the Word templates, before a paper is made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.commands import DONE, FOUND, Answer, lists
from macros.commands.setup import OWN_TEMPLATES, TEMPLATES
from macros.hosts import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from macros.findings import Finding


def lint(templates: Sequence[Path], folder: Path, now: str | None = None) -> Answer:
    """Check Word templates: unknown and broken placeholders, with paragraph and the nearest name.

    Without names, the register's own templates are checked, else those delivered with the program.
    """
    from generator.definitions import definitions, fields
    from generator.template import load

    own = folder / OWN_TEMPLATES
    home = own if own.is_dir() else TEMPLATES
    paths = list(templates) or sorted(home.glob("*.docx"))
    users = {name: d for d in definitions().values() for name in (d.template, *(v.template for v in d.variants))}
    findings: list[Finding] = []
    for path in paths:
        if path.name not in users:
            raise refuse("CMD013", path.name, value=path.name)
        findings += load(path, fields(users[path.name]))[1]
    words = f"检查模板 {len(paths)} 个：{lists.count(findings)}。"
    return Answer(
        {"templates": len(paths), "findings": [said.as_json() for said in findings]},
        "\n".join([words, lists.text(findings)]).strip(), FOUND if lists.failed(findings) else DONE,
    )
