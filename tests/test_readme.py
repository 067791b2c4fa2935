"""The pages at the root and in docs: every link and picture is there, and both READMEs tell the same."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from macros.commands import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "addin").rglob("*.md")])
LINKS = [
    pytest.param(page, target, id=f"{page.name}:{target}") for page in PAGES
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")) if "://" not in target
]
ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_a_link_leads_somewhere(page: Path, target: str) -> None:
    path, _, part = target.partition("#")
    assert not path or (page.parent / unquote(path)).exists()
    if part and path.endswith((".md", "")):
        headings = re.findall(r"^#+ (.*)$", (page.parent / path if path else page).read_text(encoding="utf-8"), re.MULTILINE)
        assert unquote(part) in {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def facts(page: str) -> dict[str, list[str]]:
    """Pictures, links but the one to the other language, and words in code of a README."""
    return {
        "pictures": re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page),
        "links": [link for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+)\)", page) if not link.startswith("README")],
        "code": re.findall(r"`[^`\n]+`", page.replace("```", "")),
    }


@pytest.mark.parametrize("kind", ["pictures", "links", "code"])
def test_both_languages_tell_the_same(kind: str) -> None:
    assert facts(ENGLISH)[kind] == facts(CHINESE)[kind]


def test_both_languages_tell_the_same_figures() -> None:
    speed = [page.split("\n## ")[-2] for page in (ENGLISH, CHINESE)]
    first, second = (sorted(re.findall(r"\d[\d,.]*\d|\d", text)) for text in speed)
    assert first == second


def test_every_command_stands_in_the_readme() -> None:
    named = set(re.findall(r"[a-z]+", " ".join(facts(ENGLISH)["code"])))
    assert {word for name in COMMANDS for word in name.split(".")} - {"demo", "guide"} <= named
