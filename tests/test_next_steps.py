"""What a manager is told to do next: under every step of the sheet 开始, from the files that came to the bill."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from addin.click import _joined
from macros import cli
from macros.commands import COMMANDS, Answer
from macros.commands.nexts import with_next
from macros.commands.times import RULES
from macros.data import toml
from macros.workbooks.words import guide

NOW = "2026-11-21T09:00"


def last(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """The last line that a call prints."""
    cli.main([str(word) for word in words])
    return capsys.readouterr().out.rstrip("\n").rpartition("\n")[2]


def test_each_step_names_the_next(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = ("--register", folder, "--now", NOW)
    arrived = tmp_path / "来文.csv"
    arrived.write_text("客户名称,运营商,区县\n甲分公司,移动,澜南区\n", encoding="utf-8")
    assert "towerdesk import" in last(capsys, "init", tmp_path / "新")
    assert last(capsys, "check", *there) == "下一步：“今日待办”（towerdesk board）。"
    assert last(capsys, "import", arrived, *there, "--dry-run").startswith("这是预览，台账没有改动")
    assert "（towerdesk check）" in last(capsys, "import", arrived, *there)
    assert "（towerdesk form --due）" in last(capsys, "board", *there)


def test_what_could_not_be_done_has_no_next_step(tmp_path: Path) -> None:
    refused = Answer({}, "“甲”里没有任何一本台账。", 2)
    assert with_next("check", {}, refused) is refused


def test_what_is_found_is_mended_first() -> None:
    assert with_next("check", {}, Answer({}, "有错误。", 1)).text.startswith("有错误。\n下一步：改好变色的单元格")
    # Where nothing else follows from what was found, the step after is the same.
    assert "towerdesk form --due" in with_next("board", {}, Answer({}, "有提醒。", 1)).text


def test_a_preview_of_what_has_none_says_nothing_more() -> None:
    assert with_next("notices", {"dry_run": True}, Answer({}, "看过。")).text == "看过。"


def test_what_comes_next_is_said_once_for_several_papers() -> None:
    answers = [Answer({}, f"第{number}份\n下一步：打印。") for number in (1, 2)]
    assert _joined(answers).text == "第1份\n第2份\n下一步：打印。"


@pytest.mark.parametrize("name", toml(RULES)["next"])
def test_a_next_step_belongs_to_a_command_and_names_commands_there_are(name: str) -> None:
    assert name in COMMANDS
    for words in toml(RULES)["next"][name].values():
        assert set(re.findall("towerdesk ([a-z]+)", words)) <= set(COMMANDS)


def test_every_step_of_the_welcome_sheet_that_is_a_command_has_a_next_step() -> None:
    ways = [step["way"].partition("towerdesk ")[2].split(" ")[0] for step in guide()["start"]["step"]]
    # Filling in the settings is no command.
    assert [way for way in ways if way] == ["import", "check", "board", "form", "bill"]
    assert {"import", "check", "board", "form", "bill"} <= set(toml(RULES)["next"])
