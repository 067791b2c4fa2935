"""The pages at the root and in docs: what they link to and name is there, and both READMEs tell the same."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from benchmarks.proofs import PROOFS
from macros.commands import COMMANDS
from macros.findings import catalogue
from macros.forms import forms

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "addin").rglob("*.md")])
LINKS = [
    pytest.param(page, target, id=f"{page.name}:{target}") for page in PAGES
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")) if "://" not in target
]
#: Files and folders named as code; NAME stands for the reader's own, caches come with use.
FOLDERS = "addin|benchmarks|docs|generator|macros|templates|tests|workbooks"
PATHS = [
    pytest.param(path, id=f"{page.name}:{path}") for page in PAGES
    for path in dict.fromkeys(re.findall(rf"`((?:{FOLDERS})/[^`\s]*)`", page.read_text(encoding="utf-8"))) if not re.search("NAME|__pycache__", path)
]
GLOSSARY = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")
][1:]
ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_a_link_leads_somewhere(page: Path, target: str) -> None:
    path, _, part = target.partition("#")
    assert not path or (page.parent / unquote(path)).exists()
    if part and path.endswith((".md", "")):
        headings = re.findall(r"^#+ (.*)$", (page.parent / path if path else page).read_text(encoding="utf-8"), re.MULTILINE)
        assert unquote(part) in {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_named_is_there(path: str) -> None:
    assert list(ROOT.glob(path))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_codes_and_measurements_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"\b[A-Z]{3}\d{3}\b", text)) - set(catalogue()) == set()
    measured = {f"benchmarks/{name}.py" for name in re.findall(r"`(?:\./)?run bench (\w+)", text)}
    measured |= {f"benchmarks/proofs/{name}.py" for name in re.findall(r"`(?:\./run bench )?proof (\w+)", text)}
    assert [name for name in sorted(measured) if not re.search(r"\b(NAME|X)\.py", name) and not (ROOT / name).exists()] == []


def test_the_glossary_has_each_term_once() -> None:
    terms = [term for row in GLOSSARY for term in row[0].split("、")]
    assert sorted(terms) == sorted(set(terms))


@pytest.mark.parametrize("place", [place for row in GLOSSARY for place in re.findall(r"`([^`]+)`", row[2])])
def test_a_place_of_the_glossary_is_there(place: str) -> None:
    table, _, column = place.partition(".")
    column_of = table in forms() and column in forms()[table].index
    assert column_of or any((ROOT / folder / place).exists() for folder in ("", "macros"))


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
    measured = ["".join(page.split("\n## ")[-3:-1]) for page in (ENGLISH, CHINESE)]
    first, second = (sorted(re.findall(r"\d[\d,.]*\d|\d", text)) for text in measured)
    assert first == second


def test_every_proof_told_is_there_and_its_figures_stand_in_the_full_account() -> None:
    told = re.findall(r"^\| ((?:`\w+`(?:, )?)+): (.*?) \| (.*?) \|$", ENGLISH, re.MULTILINE)
    assert len(told) == 4
    assert {name for names, _, _ in told for name in re.findall(r"\w+", names)} <= PROOFS.keys()
    account = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    figures = re.findall(r"\d[\d,]*\d(?: kept)?", " ".join(text for line in told for text in line[1:]))
    assert [figure for figure in figures if figure not in account] == []


def test_every_command_stands_in_the_readme() -> None:
    named = set(re.findall(r"[a-z]+", " ".join(facts(ENGLISH)["code"])))
    assert {word for name in COMMANDS for word in name.split(".")} - {"demo", "guide"} <= named
