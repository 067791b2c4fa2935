"""docs/architecture.md tells of every folder and every dependency there is, and of none that is not."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def section(title: str) -> str:
    """The text of one section."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(title: str) -> list[str]:
    """The first cell of each row of a section's table."""
    return [line.split("|")[1].strip() for line in section(title).splitlines() if line.startswith("|")][2:]


def told() -> list[str]:
    """Every path the table of folders names: `a/b/` `c.py` in one cell stand side by side in a folder."""
    named = []
    for cell in first_cells("Folders"):
        folder = ""
        for path in re.findall(r"`([^`]+)`", cell):
            inside = (ROOT / folder / path).exists()
            named.append(f"{folder}{path}" if inside else path)
            folder = folder or f"{Path(path).parent}/"
    return named


@pytest.mark.parametrize("path", told())
def test_a_folder_of_the_table_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("package", sorted(path.parent.name for path in (ROOT / "macros").glob("*/__init__.py")))
def test_a_package_of_macros_is_in_the_table(package: str) -> None:
    assert f"macros/{package}" in {path.rstrip("/") for path in told()}


@pytest.mark.parametrize("module", sorted(path.name for path in (ROOT / "macros").glob("[!_]*.py")))
def test_a_module_of_macros_is_in_the_table(module: str) -> None:
    assert f"macros/{module}" in told()


def distributions(wanted: list[str]) -> set[str]:
    return {re.split(r"[\[<>=]", one)[0].lower() for one in wanted}


def test_every_dependency_earns_its_line() -> None:
    cells = first_cells("Dependencies")
    named = {name.strip().lower() for cell in cells for name in re.sub(r"\*.*?\*", "", cell).split(",")}
    runtime = distributions(PROJECT["project"]["dependencies"])
    development = distributions(PROJECT["dependency-groups"]["dev"]) - runtime
    stubs = {name for name in development if name.startswith("types-") or name.endswith("-stubs")}
    assert runtime - named == set()
    assert development - stubs - {"editables", "pytest-xdist"} - named == set()
    assert named - runtime - development == set()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"(?:macros|addin)/[\w/*.]+", PAGE.split("```")[1]))))
def test_what_the_picture_names_is_there(path: str) -> None:
    assert list(ROOT.glob(path)) or (ROOT / f"{path}.py").is_file()
