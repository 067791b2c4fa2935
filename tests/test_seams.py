"""Names that several files must agree on: commands, finding codes, columns in rules, documentation."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from string import Formatter

import pytest

from generator.definitions import definitions
from macros import findings_page
from macros.clocks.rules import Clock, clocks
from macros.commands import COMMANDS, command
from macros.data import toml
from macros.findings import catalogue
from macros.forms import forms
from macros.options import parser

ROOT = Path(__file__).parents[1]
RULES = ROOT / "macros" / "rules"
SOURCES = sorted(path for home in ("macros", "generator", "addin") for path in (ROOT / home).rglob("*.py"))
DATA = sorted(path for home in ("macros", "generator", "addin") for path in (ROOT / home).rglob("*.toml") if path.parent.name != "findings")
CODE = re.compile(r"[A-Z]{3}\d{3}")


def subcommands(known: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Every command a parser knows, ``workdays.add`` for one below another."""
    for action in known._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                deeper = list(subcommands(below, f"{before}{name}."))
                yield from deeper or [f"{before}{name}"]


def subparsers(known: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of the commands of the first level."""
    (found,) = [action.choices for action in known._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found)


@pytest.mark.parametrize("name", sorted({name.partition(".")[0] for name in COMMANDS}))
def test_a_command_alone_is_parsed_as_among_all(name: str) -> None:
    alone = subparsers(parser(name))
    assert list(alone) == [name]
    assert alone[name].format_help() == subparsers(parser())[name].format_help()


def literals(path: Path) -> Iterator[tuple[str, int]]:
    """Every text constant of a source file that is no docstring, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value) for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value, node.lineno


def used_codes() -> dict[str, str]:
    """Every finding code in code or rules, with one place that uses it."""
    used = {text: f"{path.relative_to(ROOT)}:{line}" for path in SOURCES for text, line in literals(path) if CODE.fullmatch(text)}
    for path in DATA:
        used |= {code: str(path.relative_to(ROOT)) for code in re.findall(r'"([A-Z]{3}\d{3})"', path.read_text(encoding="utf-8"))}
    return used


def test_every_command_has_a_line_in_the_parser_and_the_other_way_round() -> None:
    assert set(subcommands(parser())) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_leads_to_a_function(name: str) -> None:
    assert callable(command(name))


def test_every_code_that_is_used_is_in_the_catalogue() -> None:
    assert {code: place for code, place in used_codes().items() if code not in catalogue()} == {}


def test_every_code_of_the_catalogue_is_used() -> None:
    assert catalogue().keys() - used_codes().keys() == set()


@pytest.mark.parametrize("code", catalogue())
def test_a_message_is_complete_and_its_placeholders_are_plain_names(code: str) -> None:
    entry = catalogue()[code]
    assert entry.title and entry.rule and (entry.cure or entry.severity != "error")
    names = [name for text in (entry.rule, entry.found, entry.cure) for _, name, _, _ in Formatter().parse(text) if name is not None]
    assert all(name.isidentifier() for name in names)
    assert not any(text.endswith(("。", "；", ".")) for text in (entry.rule, entry.found, entry.cure))


def calls() -> Iterator[tuple[str, set[str], str]]:
    """Calls that name a finding code outright: code, names of the details given, place. Those passing ``**`` are left out."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in ("finding", "refuse", "about"):
                continue
            first = 2 if node.func.id == "about" else 0
            code = node.args[first] if len(node.args) > first else None
            if isinstance(code, ast.Constant) and isinstance(code.value, str) and all(word.arg for word in node.keywords):
                given = {str(word.arg) for word in node.keywords} | {"workbook", "sheet", "cell", "key", "field", "value"}
                if node.func.id == "refuse" and {"key", "field"} & {str(word.arg) for word in node.keywords}:
                    given.add("key and field cannot be given to refuse")
                yield code.value, given, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_placeholder_is_supplied_where_a_code_is_said() -> None:
    lacking = []
    for code, given, place in calls():
        entry = catalogue()[code]
        asked = {name for text in (entry.rule, entry.found, entry.cure) for _, name, _, _ in Formatter().parse(text) if name}
        lacking += [(code, name, place) for name in asked - given]
        lacking += [(code, name, place) for name in given if " " in name]
    assert lacking == []


def read_by(clock: Clock) -> list[str]:
    """Every column of its own table that a clock's rule names."""
    named = (*clock.trigger, *clock.close, *clock.rounds, *clock.last, *clock.until, *clock.interval, clock.due_column, clock.dated)
    return [name for name in (*named, *(condition.column for condition in clock.when)) if name]


@pytest.mark.parametrize("clock", clocks().values(), ids=list(clocks()))
def test_every_column_a_clock_reads_exists_and_so_does_its_form(clock: Clock) -> None:
    if clock.table:
        paths = [name.rpartition(".") for name in read_by(clock)]
        assert [path for path in paths if path[2] not in forms()[path[0] or clock.table].index] == []
    assert clock.form == "" or clock.form in definitions()


@pytest.mark.parametrize("path", [*sorted(RULES.glob("*.toml")), *sorted((ROOT / "macros" / "intake" / "layouts").glob("*.toml"))], ids=lambda path: path.name)
def test_every_table_and_column_named_in_rules_exists(path: Path) -> None:
    named = [name.split(".") for name in re.findall(r'(?<!name = )"([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8"))]
    assert [".".join(name) for name in named if name[0] in forms() and name[1] not in forms()[name[0]].index] == []


def test_every_workbook_a_command_makes_anew_is_none_the_register_remembers() -> None:
    told = [re.findall(r'^file = "(.*\.xlsx)"$', path.read_text(encoding="utf-8"), re.MULTILINE) for path in RULES.glob("*.toml")]
    made = {re.sub(r"\{.*?\}", "x", name) for names in told for name in names if not name.isascii()}
    derived = toml(RULES / "history.toml")["kept"]["derived"]
    assert [name for name in sorted(made) if not any(fnmatch(name, pattern) for pattern in derived)] == []


def test_every_definition_reads_and_has_its_templates() -> None:
    known = definitions()
    wanted = {d.template for d in known.values()} | {v.template for d in known.values() for v in d.variants}
    there = {path.name for path in (ROOT / "templates").glob("*.docx")}
    assert wanted == there


def test_commands_named_in_the_guide_exist() -> None:
    spans = re.findall(r"towerdesk ([^`]+)`", (ROOT / "docs" / "用户手册.md").read_text(encoding="utf-8"))
    assert spans
    assert {span.split()[0] for span in spans} <= {name.split(".")[0] for name in COMMANDS}


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if not re.search(rf"\b{name.split('.')[-1]}\b", text)] == []


def test_the_page_of_findings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "findings.md").read_text(encoding="utf-8") == findings_page.page()
