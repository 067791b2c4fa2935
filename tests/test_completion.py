"""A shell that has read the script completes commands and options.

No PowerShell is at hand: of its script the words are read as it would read them, not the few lines that look them up.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.city import run

ASKED = {
    "commands": ("towerdesk rec", 1, ["reconcile"]),
    "options": ("towerdesk board --j", 2, ["--json"]),
    "words below": ("towerdesk workdays be", 2, ["between"]),
    "choices": ("towerdesk report mee", 2, ["meeting"]),
}


@pytest.mark.parametrize(("line", "at", "expected"), ASKED.values(), ids=ASKED)
def test_bash_completes(tmp_path: Path, line: str, at: int, expected: list[str]) -> None:
    script = tmp_path / "towerdesk.bash"
    script.write_text(run("completion", "bash").text, encoding="utf-8")
    asked = (
        f'source "{script}"; COMP_WORDS=({line}); COMP_CWORD={at}; COMP_LINE="{line}"; COMP_POINT=${{#COMP_LINE}}; '
        '$(complete -p towerdesk | sed "s/.*-F \\([^ ]*\\).*/\\1/"); printf "%s\\n" "${COMPREPLY[@]}"'
    )
    told = subprocess.run(["bash", "-c", asked], capture_output=True, encoding="utf-8", check=True)
    assert told.stdout.split() == expected


def offered() -> dict[str, dict[str, str]]:
    """What PowerShell offers after each command, with the words beside it."""
    script = run("completion", "powershell").text
    assert script.isascii()  # Windows PowerShell reads a program's output in the code page of the machine
    rows = {path: row.split("`n") for path, row in re.findall(r"^ +'(.*)' = \"(.*)\"$", script, re.MULTILINE)}
    return {
        path: {word: told.encode("ascii").decode("unicode_escape") for word, _, told in (one.partition(" ") for one in row)}
        for path, row in rows.items()
    }


@pytest.mark.parametrize(
    ("path", "word", "told"),
    [
        ("", "reconcile", "与运营商自己的详单对账：逐行说明差异，出工作簿、差异函和确认书"), ("board", "--json", "输出一个 JSON 对象"),
        ("workdays", "between", "两日之间的工作日数（不含首日，含末日）"), ("addin install", "--autostart", "登录时启动助手"),
        ("addin install --for", "wps", "只对这个程序（可重复）"), ("completion", "powershell", "powershell"),
    ],
)
def test_powershell_offers_the_words_with_what_they_mean(path: str, word: str, told: str) -> None:
    assert offered()[path][word] == told


def test_powershell_is_offered_what_bash_is() -> None:
    script = run("completion", "bash").text
    (named,) = re.findall(r"^_shtab_towerdesk_subparsers=\((.*)\)$", script, re.MULTILINE)
    assert [word for word in offered()[""] if not word.startswith("-")] == named.split()
    assert all(told for meant in offered().values() for told in meant.values())  # PowerShell refuses an empty one
