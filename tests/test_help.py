"""`--help` in Chinese: every command says what it does and shows examples that can be typed as they stand."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from macros.cli import parsed
from macros.commands import COMMANDS

EXAMPLES = tomllib.loads((Path(__file__).parents[1] / "macros" / "rules" / "examples.toml").read_text(encoding="utf-8"))
CALLS = [pytest.param(f"{command} {words}", id=f"{command} {words}") for command, calls in EXAMPLES.items() for words in calls]


def test_every_command_has_an_example() -> None:
    assert {name.replace(" ", ".") for name in EXAMPLES} == COMMANDS.keys()


@pytest.mark.parametrize("call", CALLS)
def test_an_example_can_be_typed_as_it_stands(call: str) -> None:
    name, _ = parsed(shlex.split(call.replace("\\", "/")))
    assert name == call.split()[0] or name == ".".join(call.split()[:2])


@pytest.mark.parametrize("command", EXAMPLES)
def test_the_help_speaks_chinese_and_shows_them(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed([*command.split(), "--help"])
    shown = capsys.readouterr().out
    assert (ended.value.code, shown.startswith(f"用法：towerdesk {command}")) == (0, True)
    assert [line.strip() for line in shown.partition("例：\n")[2].splitlines()] == [
        f"towerdesk {command} {words}".rstrip() for words in EXAMPLES[command]
    ]
    assert not re.search(r"\b(?:usage|options|positional|show this help)\b", shown)
